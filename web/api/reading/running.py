"""What administrators look after besides the register, as their programs read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.commands.anchor_record import ALL, note_check
from engine.commands.change_calendar import SpecialDay, national_days
from engine.commands.move_clock import move_clock
from engine.commands.organise import open_account
from engine.commands.set_seal import MEDIA_TYPE, own_seal, set_seal
from engine.desk import Actor, Desk, Office
from engine.desk.views.handing import DepartureLine, departure_view
from engine.desk.views.notifying import template
from engine.desk.views.operating import drawing
from engine.desk.views.records import Verified, heads, verify_records
from engine.errors import NotFound
from engine.store.tables import Account, NoticeTemplate
from scheduler import sweep
from web.api.reading.case_besides import XML
from web.sentences import sentence


@dataclass(frozen=True, slots=True)
class DepartureStep:
    """One step of a hand-over of all work; `said` is why it was not handed over."""

    work_item_id: str
    name: str
    case_number: str
    result: str
    said: str


@dataclass(frozen=True, slots=True)
class WholeDeparture:
    """A hand-over of all work with its steps."""

    line: DepartureLine
    items: tuple[DepartureStep, ...]


@dataclass(frozen=True, slots=True)
class NoticeWords:
    """What goes out for a kind of event, by language, and the authority's versions of it.

    Attributes:
        changed_by: Names, by the number of the version.
    """

    event: str
    subject: Mapping[str, str]
    body: Mapping[str, str]
    is_own: bool
    versions: tuple[NoticeTemplate, ...]
    changed_by: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Head:
    """The newest entry of a chain of the record: how many there are, and its digest."""

    count: int
    digest: str


@dataclass(frozen=True, slots=True)
class ClockMoved:
    """A rehearsal's clock after it was moved; `fired` is what fell due on the way."""

    now: datetime
    fired: int


def whole_departure(desk: Desk, departure_id: str, *, language: str = "zh") -> WholeDeparture:
    """Return a hand-over of all work with the result of each step.

    Raises:
        NotAllowed, NotFound: As `departure_view` says.
    """
    line, items = departure_view(desk, departure_id)
    return WholeDeparture(
        line,
        tuple(
            DepartureStep(
                one.work_item_id,
                name,
                number,
                one.result,
                sentence(one.message, one.params, language) if one.message else "",
            )
            for one, name, number in items
        ),
    )


def notice_words(desk: Desk, event: str) -> NoticeWords:
    """Return the words for a kind of event, with the authority's versions of them.

    Raises:
        NotAllowed, NotFound: As `template` says.
    """
    line, history = template(desk, event)
    return NoticeWords(
        event=line.event,
        subject=line.words.subject,
        body=line.words.body,
        is_own=line.is_own,
        versions=tuple(row for row, _name in history),
        changed_by={str(row.number): name for row, name in history},
    )


def record_heads(desk: Desk) -> dict[str, Head]:
    """Return every chain's head, to be kept where the platform cannot write.

    Raises:
        NotAllowed: As `heads` says.
    """
    return {stream: Head(*head) for stream, head in heads(desk).items()}


def check_records(office: Office, actor: Actor) -> Verified:
    """Verify every chain of the record, and note on it that this was done.

    Raises:
        NotAllowed: The caller is no administrator.
    """
    found = office.ask(actor, verify_records)
    office.give(actor, note_check, scope=ALL, streams=found.streams, breaches=len(found.breaches))
    return found


def national_year(desk: Desk, year: int) -> tuple[SpecialDay, ...]:
    """Return the national arrangement of a year, as far as it is known here.

    Raises:
        NotAllowed: The caller is no administrator.
        CalendarWrong: It is not known yet.
    """
    desk.require_admin()
    return national_days(year)


def open_log_in(
    desk: Desk, person_id: str, name: str, *, is_admin: bool = False, reasons: str = ""
) -> Account:
    """Give a person a log-in without a password: for a program, or for one that logs in elsewhere.

    Raises:
        NotAllowed, NotFound, AlreadyThere, Refusal: As `open_account` says.
    """
    return open_account(desk, person_id, name, is_admin=is_admin, reasons=reasons)


def set_clock(office: Office, actor: Actor, to: datetime) -> ClockMoved:
    """Move a rehearsal's clock forward; what falls due on the way happens at once.

    Raises:
        NotAllowed, NotMovable: As `move_clock` says.
    """
    office.give(actor, move_clock, to)
    return ClockMoved(now=office.clock.now(), fired=sweep(office))


def read_clock(desk: Desk) -> datetime:
    """Return what time it is at the platform; a rehearsal's may be moved.

    Raises:
        NotAllowed: The caller is no administrator.
    """
    desk.require_admin()
    return desk.now()


def seal_picture(desk: Desk) -> tuple[str, bytes]:
    """Return the picture of the authority's seal.

    Raises:
        NotAllowed: The caller is no administrator.
        NotFound: There is none.
    """
    content = own_seal(desk)
    if content is None:
        raise NotFound("seal")
    return MEDIA_TYPE, content


def put_seal(desk: Desk, content: bytes, *, reasons: str = "") -> None:
    """Let documents that are prepared from now on show this picture as the seal.

    Raises:
        NotAllowed, Refusal: As `set_seal` says.
    """
    set_seal(desk, content, reasons=reasons)


def running_diagram(desk: Desk, version_id: str, process: str) -> tuple[str, bytes]:
    """Return a diagram of a version under which cases run.

    Raises:
        NotAllowed, NotFound: As `drawing` says.
    """
    return XML, drawing(desk, version_id, process)
