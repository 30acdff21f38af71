"""From the behaviour that a multi-instance was drawn with to the one that runs."""

from collections.abc import Iterator

from bpmn.reading import Loop, Node, loop_events
from bpmn.running.behaviour import Behaviour
from bpmn.running.events import Throw
from bpmn.running.formulas import Place
from bpmn.running.parts import Parts

_THROWABLE = frozenset({"message", "signal", "escalation"})


def behaviours(parts: Parts, node: Node, loop: Loop, place: Place) -> Iterator[Behaviour]:
    """Yield what the multi-instance `node` throws as its instances are completed.

    What refers to nothing that can be thrown is refused in the findings of `parts`.
    """
    for event in loop_events(loop):
        definition = event.definition
        if definition is None or definition.kind not in _THROWABLE:
            parts.refuse(
                node,
                "not-executable",
                "多实例的行为事件须引用消息、信号或升级事件定义。请补上或改正引用。",
                "The behaviour event of a multi-instance must refer to the definition of a "
                "message, a signal or an escalation. Add it or mend the reference.",
            )
            continue
        condition = None
        if event.when == "Complex":
            condition = parts.formula(event.condition, place, loop.line)
        throw = Throw(definition.kind, parts.event_name(node, definition))
        yield Behaviour(throw, event.when == "One", condition)
