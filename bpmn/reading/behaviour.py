"""What a multi-instance activity throws as its instances are completed.

Source: OMG BPMN 2.0.2, 10.2.8.2, table 10.29 (behavior and its event references).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from bpmn.reading.diagram import EventDefinition, Loop
from bpmn.reading.markup import BPMN, Element
from bpmn.reading.parts import event_definition, text_of


@dataclass(frozen=True, slots=True)
class LoopEvent:
    """An event that a multi-instance throws.

    Attributes:
        when: 'None' (sic): at each instance; 'One': at the first; 'Complex': while `condition`
            holds.
        condition: The text of the condition, or "".
        definition: What is thrown; None where the reference leads nowhere.
    """

    when: str
    condition: str
    definition: EventDefinition | None


def loop_events(loop: Loop) -> Iterator[LoopEvent]:
    """Yield what a multi-instance throws; nothing where its behavior is All, as by default."""
    element = loop.element
    when = element.get("behavior", "All")
    if when == "Complex":
        parts = element.findall(f"{{{BPMN}}}complexBehaviorDefinition")
        for part in parts:
            yield from _complex(part)
        if not parts:
            yield LoopEvent(when, "", None)
    elif when != "All":
        reference = element.get(f"{when.lower()}BehaviorEventRef", "").rpartition(":")[2]
        yield LoopEvent(when, "", _declared(element, reference))


def _complex(part: Element) -> Iterator[LoopEvent]:
    condition = part.find(f"{{{BPMN}}}condition")
    text = "" if condition is None else text_of(condition)
    event = part.find(f"{{{BPMN}}}event")
    drawn = [] if event is None else list(event.iterchildren(f"{{{BPMN}}}*"))
    found = [event_definition(each) for each in drawn if str(each.tag).endswith("EventDefinition")]
    for definition in found:
        yield LoopEvent("Complex", text, definition)
    if not found:
        yield LoopEvent("Complex", text, None)


def _declared(element: Element, reference: str) -> EventDefinition | None:
    """Return the event definition that the file declares at its root."""
    for each in element.getroottree().getroot().iterchildren(f"{{{BPMN}}}*"):
        if each.get("id") == reference and str(each.tag).endswith("EventDefinition"):
            return event_definition(each)
    return None
