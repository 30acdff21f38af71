"""Where what one process of a file sends goes in another: along the message flows as drawn."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bpmn.reading import Diagram, Node

_SENDING = ("intermediateThrowEvent", "endEvent", "sendTask")


@dataclass(frozen=True, slots=True)
class Letter:
    """A message on its way to a process.

    Attributes:
        message: The name by which the receiver waits for it.
        process: The process that it goes to, or "" for whichever waits for it.
        payload: What it carries, as pairs.
    """

    message: str
    process: str
    payload: tuple[tuple[str, object], ...] = ()


class Post:
    """The message flows of some diagrams.

    An arrow from a node to a node carries the message under the name that the receiver knows it by.
    An arrow from a task that throws nothing by itself carries it when the task is completed. What
    no arrow leaves goes by its name.
    """

    def __init__(self, diagrams: Iterable[Diagram]) -> None:
        self.sent: set[str] = set()
        self._routes: dict[str, list[Letter]] = {}
        self._quiet: set[str] = set()
        for diagram in diagrams:
            nodes = {str(node.id): node for node in diagram.nodes()}
            self.sent.update(
                name
                for process in diagram.processes.values()
                if process.is_executable is not False
                for node in process.nodes.values()
                if node.type in _SENDING
                for name in message_names(diagram, node)
            )
            flows = diagram.collaboration.message_flows if diagram.collaboration else ()
            for flow in flows:
                source, target = nodes.get(flow.source), nodes.get(flow.target)
                if source is None or target is None:
                    continue
                letters = [Letter(name, target.process) for name in message_names(diagram, target)]
                self._routes.setdefault(source.id, []).extend(letters)
                if source.type not in _SENDING:
                    self._quiet.add(source.id)
                if diagram.processes[source.process].is_executable is not False:
                    self.sent.update(letter.message for letter in letters)

    def thrown(self, element: str, message: str) -> Iterator[Letter]:
        """Yield where a message goes that `element` threw."""
        yield from self._routes.get(element) or [Letter(message, "")]

    def completed(self, element: str) -> Iterator[Letter]:
        """Yield what leaves an element that throws nothing by itself, once it is completed."""
        if element in self._quiet:
            yield from self._routes[element]


def message_names(diagram: Diagram, node: Node) -> list[str]:
    """Return the names of the messages that a node sends or waits for."""
    refs = [d.ref for d in node.event_definitions if d.kind == "message"]
    if node.type in ("sendTask", "receiveTask"):
        refs.append(node.attributes.get("messageRef", "").rpartition(":")[2])
    return [diagram.messages[ref].name for ref in refs if ref in diagram.messages]
