"""What a case page shows: provisions, acts, stages, the diagram, documents."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from web.toolkit.marks import LinkView, TagView


@dataclass(frozen=True, slots=True)
class LawView:
    """A provision in its own words; `note` is ours and says what the system does because of it."""

    article: str
    words: str
    title: str = ""
    url: str = ""
    note: str = ""


class ActKind(StrEnum):
    """What kind of act stands in a timeline; it decides icon and ring."""

    STEP = "step"
    DOCUMENT = "document"
    DEADLINE = "deadline"
    CARD = "card"
    RED_CARD = "red-card"
    REFUSED = "refused"
    HAND = "hand"
    RECUSAL = "recusal"
    MEETING = "meeting"
    LOOK = "look"


@dataclass(frozen=True, slots=True)
class ActView:
    """Something that happened, and when it came on the record.

    Attributes:
        kind: Decides icon and ring.
        actor: Who did it; empty for the system.
        text: What was done, after the actor's name.
        happened_day: The day it happened.
        happened_time: Its time as `HH:MM`; empty where only the day is proved.
        recorded: When and by whom it was recorded (`登记 10月8日 09:12，周某补录`); empty if it
            was recorded as it happened.
        body: Reasons or details.
        rule: For REFUSED: the provision relied on.
        url: Where to read on; `url_label` its words.
    """

    kind: ActKind
    actor: str
    text: str
    happened_day: date
    happened_time: str = ""
    recorded: str = ""
    body: str = ""
    rule: str = ""
    url: str = ""
    url_label: str = ""


class StageState(StrEnum):
    """Where a stage stands."""

    DONE = "done"
    NOW = "now"
    TODO = "todo"
    POSSIBLE = "possible"


@dataclass(frozen=True, slots=True)
class StageView:
    """One stage of a procedure, at most nine a case; `note` is its date or what is left."""

    title: str
    state: StageState
    note: str = ""


@dataclass(frozen=True, slots=True)
class DiagramView:
    """A diagram and where its case stands.

    Attributes:
        key: Unique on the page; letters, digits and hyphens.
        label: One sentence for those who cannot see it: where the case stands.
        source: URL that answers with the BPMN XML.
        done: Ids of elements and flows passed.
        now: Ids of the elements that wait; the viewer opens on them.
        possible: Ids of elements that may be passed.
        badges: Notes on elements: id, text, and ``ok``, ``near`` or ``bad``.
        svg: Stored, cleaned and coloured SVG, shown until the viewer is there and without scripts.
    """

    key: str
    label: str
    source: str
    done: tuple[str, ...] = ()
    now: tuple[str, ...] = ()
    possible: tuple[str, ...] = ()
    svg: str = ""
    badges: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document of a case. No number before issue; `links` lead to what may be done with it."""

    title: str
    url: str
    state: TagView
    number: str = ""
    digest: str = ""
    state_note: str = ""
    served_to: str = ""
    receipt: TagView | None = None
    receipt_note: str = ""
    downloads: tuple[LinkView, ...] = ()
    links: tuple[LinkView, ...] = ()
