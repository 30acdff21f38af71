"""The parts of a node: event definitions, loops, mappings, extensions, texts."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from bpmn.reading.diagram import CallMapping, EventDefinition, Loop, Parameter
from bpmn.reading.markup import BPMN, CAMUNDA, Element, line_of, local_name

_TRUE = ("true", "1")
_REF_ATTRIBUTES = ("messageRef", "signalRef", "errorRef", "escalationRef", "activityRef")
_KNOWN_EXTENSIONS = frozenset({"properties", "in", "out", "inputOutput"})


def event_definition(element: Element) -> EventDefinition:
    """Return what the `…EventDefinition` element says."""
    kind = local_name(element).removesuffix("EventDefinition")
    timer, text = "", ""
    for child in children(element):
        tag = local_name(child)
        if tag in ("timeDate", "timeDuration", "timeCycle"):
            timer, text = tag, text_of(child)
        elif tag == "condition":
            text = text_of(child)
    return EventDefinition(
        kind=kind,
        id=element.get("id", ""),
        ref=next((local_ref(element.get(a, "")) for a in _REF_ATTRIBUTES if element.get(a)), ""),
        name=element.get("name", ""),
        timer=timer,
        text=text,
        camunda=camunda_attributes(element),
        line=line_of(element),
        element=element,
    )


def loop(element: Element) -> Loop | None:
    """Return how often the activity runs, or None where it runs once."""
    standard = first(element, "standardLoopCharacteristics")
    several = first(element, "multiInstanceLoopCharacteristics")
    found = standard if several is None else several
    if found is None:
        return None
    maximum = found.get("loopMaximum")
    input_item = first(found, "inputDataItem")
    if several is None:
        kind = "standard"
    else:
        kind = "sequential" if found.get("isSequential") in _TRUE else "parallel"
    return Loop(
        kind=kind,
        cardinality=child_text(found, "loopCardinality"),
        collection=found.get(f"{{{CAMUNDA}}}collection")
        or local_ref(child_text(found, "loopDataInputRef")),
        element_variable=found.get(f"{{{CAMUNDA}}}elementVariable", "")
        or ("" if input_item is None else input_item.get("name", "") or input_item.get("id", "")),
        completion=child_text(found, "completionCondition"),
        condition=child_text(found, "loopCondition"),
        test_before=found.get("testBefore") in _TRUE,
        maximum=int(maximum) if maximum else None,
        line=line_of(found),
        element=found,
    )


def call_mappings(element: Element) -> tuple[tuple[CallMapping, ...], tuple[CallMapping, ...]]:
    """Return the `camunda:in` and the `camunda:out` of an element."""
    found: dict[str, list[CallMapping]] = {"in": [], "out": []}
    for child in _extension_elements(element):
        tag = local_name(child)
        if tag in found:
            found[tag].append(
                CallMapping(
                    source=child.get("source", ""),
                    expression=child.get("sourceExpression", ""),
                    target=child.get("target", ""),
                    variables=child.get("variables", ""),
                    business_key=child.get("businessKey", ""),
                    local=child.get("local") in _TRUE,
                    line=line_of(child),
                )
            )
    return tuple(found["in"]), tuple(found["out"])


def parameters(element: Element, tag: str) -> tuple[Parameter, ...]:
    """Return the `camunda:inputOutput` parameters of one kind."""
    return tuple(
        _parameter(child)
        for holder in _extension_elements(element)
        if local_name(holder) == "inputOutput"
        for child in holder.iterchildren(f"{{{CAMUNDA}}}{tag}")
    )


def _parameter(element: Element) -> Parameter:
    shaped = next(element.iterchildren(f"{{{CAMUNDA}}}*"), None)
    return Parameter(
        name=element.get("name", ""),
        kind="text" if shaped is None else local_name(shaped),
        text=text_of(element) if shaped is None else "",
        children=() if shaped is None else tuple(_entries(shaped)),
        line=line_of(element),
    )


def _entries(shaped: Element) -> Iterator[tuple[str, str]]:
    """Yield the keys and texts of a list or a map."""
    for child in shaped.iterchildren(f"{{{CAMUNDA}}}*"):
        yield child.get("key", ""), text_of(child)


def camunda_attributes(element: Element) -> Mapping[str, str]:
    """Return the extension attributes by local name."""
    prefix = f"{{{CAMUNDA}}}"
    return MappingProxyType(
        {
            str(key).removeprefix(prefix): str(value)
            for key, value in element.attrib.items()
            if str(key).startswith(prefix)
        }
    )


def properties(element: Element) -> Mapping[str, str]:
    """Return the values of `camunda:property` by name."""
    return MappingProxyType(
        {
            child.get("name", ""): child.get("value", "")
            for holder in _extension_elements(element)
            if local_name(holder) == "properties"
            for child in holder.iterchildren(f"{{{CAMUNDA}}}property")
        }
    )


def extensions(element: Element) -> tuple[str, ...]:
    """Return the local names of the extension elements that nothing else here reads."""
    return tuple(
        local_name(child)
        for child in _extension_elements(element)
        if local_name(child) not in _KNOWN_EXTENSIONS
    )


def _extension_elements(element: Element) -> Iterator[Element]:
    holder = first(element, "extensionElements")
    if holder is not None:
        yield from holder.iterchildren(f"{{{CAMUNDA}}}*")


def documentation(element: Element) -> str:
    """Return the documentation as text, one paragraph a line."""
    return "\n".join(text_of(child) for child in each(element, "documentation"))


def child_text(element: Element, tag: str) -> str:
    """Return the text of the first child element of BPMN with this name, or ""."""
    child = first(element, tag)
    return "" if child is None else text_of(child)


def text_of(element: Element) -> str:
    """Return the text of an element, comments left out, stripped."""
    return "".join(str(part) for part in element.itertext()).strip()


def local_ref(name: str) -> str:
    """Return a reference without the prefix of its namespace: ids are unique in a file."""
    return name.strip().rpartition(":")[2]


def children(element: Element) -> Iterator[Element]:
    """Yield the child elements that BPMN defines; comments and foreign ones are passed over."""
    return element.iterchildren(f"{{{BPMN}}}*")


def each(element: Element, tag: str) -> Iterator[Element]:
    """Yield the child elements of BPMN with this name."""
    return element.iterchildren(f"{{{BPMN}}}{tag}")


def first(element: Element, tag: str) -> Element | None:
    """Return the first child element of BPMN with this name, or None."""
    return next(each(element, tag), None)
