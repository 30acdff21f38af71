"""Small parts that other components are made of: links, tags, lamps, notes, facts."""

from dataclasses import dataclass
from enum import StrEnum


class Lamp(StrEnum):
    """How a deadline stands. OK and NEAR are computed; YELLOW and RED are acts on the record."""

    OK = "ok"
    NEAR = "near"
    YELLOW = "yellow"
    RED = "red"
    HELD = "held"
    DONE = "done"
    NONE = "none"


class Tone(StrEnum):
    """The tint of a tag or a note. OPEN is dashed: not final."""

    PLAIN = ""
    ACCENT = "accent"
    OK = "ok"
    NEAR = "near"
    BAD = "bad"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class LinkView:
    """A link. `count` is shown behind it when it is not None."""

    label: str
    url: str
    count: int | None = None
    current: bool = False
    title: str = ""


@dataclass(frozen=True, slots=True)
class TagView:
    """A small mark with a word; `icon` is a name of the icon sheet."""

    text: str
    tone: Tone = Tone.PLAIN
    icon: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class NoteView:
    """One remark in a box. BAD says first what is refused, then what to do."""

    text: str
    tone: Tone = Tone.PLAIN
    heading: str = ""
    link: LinkView | None = None


@dataclass(frozen=True, slots=True)
class LampView:
    """A lamp; `text` replaces the usual word (可以申诉), never the colour's meaning."""

    lamp: Lamp
    text: str = ""


@dataclass(frozen=True, slots=True)
class LampFilter:
    """One lamp above a list, with how many rows have it. Those with 0 are not drawn."""

    lamp: Lamp
    count: int
    url: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class PersonView:
    """Somebody in the case. Who is recused stays listed: the record needs them."""

    name: str
    role: str = ""
    recused: bool = False
    me: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class MaskView:
    """A confidential field. The value is in the page only once a reason was given.

    Attributes:
        key: Unique on the page; letters, digits and hyphens.
        label: What is masked (举报人姓名).
        reveal_url: Takes the POST with `reason`; empty where this reader may not look at all.
        value: The value, once it may be shown.
        seen: When, why and for how long (`14:40 因“核对录音原件”查看，4:12 后遮盖`).
        seconds: After how many seconds the browser takes the value out of the page; 0 for never.
    """

    key: str
    label: str
    reveal_url: str = ""
    value: str = ""
    seen: str = ""
    seconds: int = 0


@dataclass(frozen=True, slots=True)
class FactView:
    """A label and its value. A `mask` takes the place of the value."""

    label: str
    value: str = ""
    url: str = ""
    mask: MaskView | None = None
    tag: TagView | None = None
    person: PersonView | None = None
