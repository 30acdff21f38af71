"""The steps of a scenario, as they are written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step.

    Attributes:
        file: Where it is written.
        place: Its number there, such as ``3``, after the part that it came by.
        words: The step as its author names it, such as ``do: ut_report``.
        by: Who acts; a name of the cast.
        refused: Part of the message id with which it must be refused; empty for no.
        case: Which case, where a scenario has several.
    """

    file: str
    place: str
    words: str
    by: str = ""
    refused: str = ""
    case: str = "case"


@dataclass(frozen=True, slots=True, kw_only=True)
class Move(Step):
    """Moves the clock.

    Attributes:
        to: Civil time of the authority, without a zone.
    """

    to: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Open(Step):
    """Registers a case; `procedure` is empty for the folder's own."""

    procedure: str
    answers: Mapping[str, Any]
    channel: str
    title: str
    subject: str
    reporter: str
    secrecy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Do(Step):
    """Completes the open work item of an element."""

    element: str
    answers: Mapping[str, Any]
    proof: str
    signed: bool


@dataclass(frozen=True, slots=True)
class Voice:
    """What one member says on a motion."""

    person: str
    vote: str
    reasons: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ballot(Step):
    """Puts a motion, gives opinions, notes absences and decides.

    Attributes:
        absent: Member to reason.
        decides: Whether the decision is made as well.
    """

    element: str
    answers: Mapping[str, Any]
    opinions: tuple[Voice, ...]
    absent: Mapping[str, str]
    decides: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Meet(Step):
    """Calls the meeting of a body.

    Attributes:
        held_at: Civil time of the authority, without a zone; None (written `now`) is at once.
        room: Where it is held (`place` in the file).
        chair: A name of the cast; empty for who calls it.
        recorder: Likewise.
    """

    element: str
    held_at: datetime | None
    room: str
    agenda: str
    chair: str
    recorder: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dissent(Step):
    """Keeps a member's dissent on the newest motion for the minutes."""

    element: str
    reasons: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Minutes(Step):
    """Closes the ballot on the newest motion; then each of `signed_by` signs the minutes."""

    element: str
    signed_by: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decide(Step):
    """Forms the decision on the newest motion."""

    element: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask(Step):
    """Asks the register of persons for an award (`post` is empty) or an appointment.

    Attributes:
        expected: `granted` or `blocked`; empty for either.
    """

    person: str
    year: int
    post: str
    equal: bool
    on: date | None
    expected: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing(Step):
    """Files something, for oneself or on paper for `filed_for`."""

    key: str
    answers: Mapping[str, Any]
    on: date | None
    filed_for: str
    proof: str


@dataclass(frozen=True, slots=True)
class Ruling:
    """How a request is decided, and by whom; nobody leaves it pending."""

    by: str
    granted: bool
    reasons: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Extend(Step):
    """Asks for an extension of a deadline."""

    key: str
    reasons: str
    ruling: Ruling


@dataclass(frozen=True, slots=True, kw_only=True)
class Recuse(Step):
    """Asks for somebody's recusal, or declares one's own interest."""

    person: str
    reasons: str
    ruling: Ruling


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim(Step):
    """Takes the open work item of an element into one's hands."""

    element: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Release(Step):
    """Gives a claimed work item back."""

    element: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dun(Step):
    """Sends a reminder notice for the open work item of an element."""

    element: str
    reasons: str
    signed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Operate(Step):
    """Moves work or a case by hand; see `engine.publishing.scenarios.verbs`.

    Attributes:
        verb: Such as ``transfer``.
        on: What stands under it: an element, a person, reasons; "" for several people.
        given: Its further values by name, and what stands under it by "".
    """

    verb: str
    on: str
    given: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Then(Step):
    """What must be so now; `expected` by the name of the expectation."""

    expected: Mapping[str, Any] = field(default_factory=dict)


AnyStep: TypeAlias = (
    Move
    | Open
    | Do
    | Ballot
    | Meet
    | Dissent
    | Minutes
    | Decide
    | Ask
    | Filing
    | Extend
    | Recuse
    | Claim
    | Release
    | Dun
    | Operate
    | Then
)
