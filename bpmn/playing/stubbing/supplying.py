"""A copy of a diagram into which is put what it lacks."""

from dataclasses import dataclass, field

from bpmn import feel
from bpmn.reading import BPMN, CAMUNDA, Diagram, Element
from bpmn.running.formulas import Formula, Place

_FIRST = ("documentation", "extensionElements")
_ARTIFACTS = ("association", "group", "textAnnotation")


@dataclass(frozen=True, slots=True)
class Supplied:
    """One thing that a drawing lacked.

    Attributes:
        file: The name of the diagram.
        element: The id of the element that lacked it.
        what: The part: 'isExecutable', 'condition', 'timer', 'topic' …
        value: What was put there.
    """

    file: str
    element: str
    what: str
    value: str


@dataclass(slots=True)
class Supply:
    """The copy, the diagram that it is of, and what was told so far.

    Attributes:
        diagram: As it was read.
        root: The copy, which is changed.
        inputs: The variables that somebody gives.
        told: What was supplied, of all files.
    """

    diagram: Diagram
    root: Element
    inputs: frozenset[str]
    told: list[Supplied]
    _by_id: dict[str, Element] = field(init=False)

    def __post_init__(self) -> None:
        self._by_id = {str(e.get("id")): e for e in self.root.iter(tag("*")) if e.get("id")}

    def element(self, key: str) -> Element:
        """Return the element of the copy that has this id."""
        return self._by_id[key]

    def give(self, element: str, what: str, value: str) -> None:
        """Note what is supplied."""
        self.told.append(Supplied(self.diagram.name, element, what, value))

    def external(self, element: str) -> None:
        """Let a task be done as external work."""
        found = self.element(element)
        topic = f"stub:{element}"
        for name in ("class", "expression", "delegateExpression", "decisionRef"):
            found.attrib.pop(f"{{{CAMUNDA}}}{name}", "")
        found.set(f"{{{CAMUNDA}}}type", "external")
        found.set(f"{{{CAMUNDA}}}topic", topic)
        self.give(element, "topic", topic)

    def is_usable(self, text: str) -> bool:
        """The text is FEEL that reads only what somebody gives."""
        names = _names(text)
        return names is not None and names <= self.inputs | feel.BUILT_IN_NAMES | {"loopCounter"}

    def parses(self, text: str) -> bool:
        """The text is FEEL, whatever it reads."""
        return _names(text) is not None


def _names(text: str) -> frozenset[str] | None:
    """Return the variables that an expression reads; None where it is none."""
    source = text.strip().removeprefix("=").strip()
    try:
        if feel.is_camunda(source):
            source = feel.translate_camunda(source)
        return Formula.compiled(text, source, Place("", "")).names
    except feel.FeelError:
        return None


def tag(name: str) -> str:
    """Return the tag of an element of BPMN."""
    return f"{{{BPMN}}}{name}"


def put_first(parent: Element, child: Element) -> None:
    """Put a child where the schema has the first of an element's own parts."""
    place = sum(1 for each in parent if each.tag in {tag(name) for name in _FIRST})
    parent.insert(place, child)


def put_node(parent: Element, child: Element) -> None:
    """Put a node at the end of those of a scope; the schema has artifacts after them."""
    after = {tag(name) for name in _ARTIFACTS}
    place = next((n for n, each in enumerate(parent) if each.tag in after), len(parent))
    parent.insert(place, child)
