"""A step's hands and a body's sitting, as programs read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from engine.desk import Desk
from engine.desk.assembly import Assembly, Member
from engine.desk.views.handing import SignatureLine, handing_view
from engine.desk.views.linked import dunnable
from engine.desk.views.meeting import MeetingView, meeting_view
from engine.model.collective import Condition, Voting
from engine.store.tables import HandOver, Meeting, Motion, WorkItemRow


@dataclass(frozen=True, slots=True)
class NamedPerson:
    """Somebody, by id and name."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Handed:
    """A hand-over with the names of giver and receiver."""

    row: HandOver
    giver: str
    receiver: str


@dataclass(frozen=True, slots=True)
class Hands:
    """Who has had a step, who signs it, and to whom the reader may give it.

    Attributes:
        signatures: Asked for, in their order.
        added: Signers whom the reader added to a joint signing: id of the step and name.
        receivers: Who may receive it; empty where the reader does not hold it.
        signers: Who may be asked to sign it, likewise.
    """

    item: WorkItemRow
    signatures: tuple[SignatureLine, ...]
    history: tuple[Handed, ...]
    is_held: bool
    is_delegated: bool
    is_delegated_by_me: bool
    added: tuple[NamedPerson, ...]
    receivers: tuple[NamedPerson, ...]
    signers: tuple[NamedPerson, ...]


@dataclass(frozen=True, slots=True)
class Seat:
    """A member of a body.

    Attributes:
        recused: Why the member is out; empty where nothing stands against it.
        has_spoken: A vote was given, or an absence noted.
        vote: ``secret`` in a secret ballot; empty before, and for an absence.
    """

    person_id: str
    name: str
    title: str
    recused: str
    has_spoken: bool
    is_present: bool
    vote: str
    reasons: str
    dissent: str


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature under the minutes."""

    name: str
    part: str
    signed_at: datetime


@dataclass(frozen=True, slots=True)
class Sitting:
    """A body at its step.

    Attributes:
        in_favour: So far; null in a secret ballot until it is complete.
        conditions: What a decision needs, each with its evidence.
        minutes_id: The document of the minutes; empty before they are drafted.
    """

    item: WorkItemRow
    organ: str
    voting: Voting
    meeting: Meeting | None
    chair: str
    recorder: str
    motion: Motion | None
    members: tuple[Seat, ...]
    entitled: int
    in_favour: int | None
    conditions: tuple[Condition, ...]
    signatures: tuple[Signed, ...]
    signatures_needed: int
    minutes_id: str


@dataclass(frozen=True, slots=True)
class Dunnable:
    """A step for which a reminder notice may be sent on `day`.

    Attributes:
        is_signed: The notice is a document: it is prepared first and signed as it is sent.
    """

    item: WorkItemRow
    is_signed: bool
    day: date


def hands(desk: Desk, work_item_id: str) -> Hands:
    """Return who has had a step, who signs it, and to whom the reader may give it.

    Raises:
        NotFound, Recused, NotAllowed: As `handing_view` says.
    """
    view = handing_view(desk, work_item_id, with_people=True)
    return Hands(
        item=view.item,
        signatures=view.signatures,
        history=tuple(Handed(*one) for one in view.history),
        is_held=view.is_held,
        is_delegated=view.is_delegated,
        is_delegated_by_me=view.is_delegated_by_me,
        added=_named(view.added),
        receivers=_named(view.receivers),
        signers=_named(view.signers),
    )


def sitting(desk: Desk, work_item_id: str, *, language: str = "zh") -> Sitting:
    """Return a body at its step; what was voted is for those who sit in it.

    Raises:
        NotFound, NotAllowed, Recused: As `meeting_view` says.
    """
    view = meeting_view(desk, work_item_id, language=language)
    body = view.assembly
    called = body.meeting
    return Sitting(
        item=view.task.item,
        organ=view.organ,
        voting=body.voting,
        meeting=called,
        chair=view.names.get(called.chair, "") if called is not None else "",
        recorder=view.names.get(called.recorder, "") if called is not None else "",
        motion=body.motion,
        members=tuple(_seat(view, one) for one in body.members),
        entitled=body.tally.entitled,
        in_favour=None if _is_hidden(body) else body.tally.in_favour,
        conditions=() if _is_hidden(body) else body.conditions,
        signatures=tuple(
            Signed(view.names.get(one.person_id, ""), one.part, one.signed_at)
            for one in body.signatures
        ),
        signatures_needed=body.signatures_needed,
        minutes_id=view.minutes_id,
    )


def dunning_form(desk: Desk, work_item_id: str) -> Dunnable:
    """Return a step for which a reminder notice may be sent now.

    Raises:
        NotFound, Recused, NotAllowed, Refusal: As `dunnable` says.
    """
    return Dunnable(*dunnable(desk, work_item_id))


def _is_hidden(body: Assembly) -> bool:
    return body.voting is Voting.SECRET and not body.tally.is_complete


def _seat(view: MeetingView, member: Member) -> Seat:
    said = member.opinion
    return Seat(
        person_id=member.person_id,
        name=member.name,
        title=view.titles.get(member.person_id, ""),
        recused=member.recused,
        has_spoken=said is not None,
        is_present=said is not None and said.present,
        vote=said.vote if said is not None else "",
        reasons=said.reasons if said is not None else "",
        dissent=said.dissent if said is not None else "",
    )


def _named(pairs: tuple[tuple[str, str], ...]) -> tuple[NamedPerson, ...]:
    return tuple(NamedPerson(*one) for one in pairs)
