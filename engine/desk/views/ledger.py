"""The ledger of cases (台账): filtered, in pages, with columns that name no reporter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from engine.desk.desk import Desk
from engine.desk.holders import names_of
from engine.desk.rights import Relation
from engine.desk.views.case_list import CaseLine, case_line, versions_in_use, visible_cases
from engine.desk.views.traces import TRACES, showing
from engine.model.texts import Text
from engine.store.queries.conditions import holds, on_days
from engine.store.queries.keyset import cursor_of, paged
from engine.store.tables import CaseRow, DeadlineRow, Participant, WorkItemRow

COLUMNS = (
    "number",
    "title",
    "procedure",
    "subject",
    "status",
    "stage",
    "handler",
    "last_day",
    "outcome",
    "channel",
    "secrecy",
    "opened",
    "closed",
)
"""Every column that a ledger can have; none of them tells who reported."""

USUAL = ("number", "title", "procedure", "subject", "status", "handler", "last_day", "opened")
NEWEST, OLDEST, BY_NUMBER = "newest", "oldest", "number"
SORTS = (NEWEST, OLDEST, BY_NUMBER)
STATES: Mapping[str, bool | None] = {"": None, "open": False, "closed": True}
LARGEST_PAGE = 200


@dataclass(frozen=True, slots=True)
class LedgerChoice:
    """What a ledger shows.

    Attributes:
        search: In number and title.
        state: ``open``, ``closed`` or "" for both.
        since, until: Civil days of registration, both included; None for no bound.
        closed_since, closed_until: Civil days of closing, likewise.
        trace: What its record has to show, one of `TRACES`; "" for nothing.
        of: Which one of that: a deadline's key, a measure, an outcome; "" for any.
        sort: ``newest``, ``oldest`` or ``number``.
        columns: In their order.
    """

    search: str = ""
    procedure: str = ""
    status: str = ""
    state: str = ""
    since: date | None = None
    until: date | None = None
    closed_since: date | None = None
    closed_until: date | None = None
    trace: str = ""
    of: str = ""
    sort: str = NEWEST
    columns: tuple[str, ...] = USUAL


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """A case as a line of the ledger.

    Attributes:
        subjects: The names of those whom it is about.
        handlers: The names of those in whose hands its open steps are.
        last_day: The earliest last day of a deadline that runs; None without one.
    """

    case: CaseLine
    channel: str
    secrecy: str
    subjects: tuple[str, ...]
    handlers: tuple[str, ...]
    last_day: date | None


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """A page of the ledger; `after` opens the next one, "" on the last."""

    lines: tuple[LedgerLine, ...]
    after: str


def read_choice(given: Mapping[str, str]) -> LedgerChoice:
    """Return what an address or a saved view asks for; unknown columns are left out.

    Raises:
        ValueError: A day, the sort or the state is none.
    """
    sort = given.get("sort") or NEWEST
    state = given.get("state", "")
    trace = given.get("trace", "")
    if sort not in SORTS or state not in STATES or (trace and trace not in TRACES):
        raise ValueError("this is no ledger")
    asked = given.get("columns", "").split(",")
    columns = tuple(one for one in COLUMNS if one in asked)
    return LedgerChoice(
        search=given.get("q", ""),
        procedure=given.get("procedure", ""),
        status=given.get("status", ""),
        state=state,
        since=_day(given.get("since", "")),
        until=_day(given.get("until", "")),
        closed_since=_day(given.get("closed_since", "")),
        closed_until=_day(given.get("closed_until", "")),
        trace=trace,
        of=given.get("of", "") if trace else "",
        sort=sort,
        columns=columns or USUAL,
    )


def written_choice(choice: LedgerChoice) -> dict[str, str]:
    """Return a choice as the parts of an address; what is usual is left out."""
    parts = {
        "q": choice.search,
        "procedure": choice.procedure,
        "status": choice.status,
        "state": choice.state,
        "since": choice.since.isoformat() if choice.since else "",
        "until": choice.until.isoformat() if choice.until else "",
        "closed_since": choice.closed_since.isoformat() if choice.closed_since else "",
        "closed_until": choice.closed_until.isoformat() if choice.closed_until else "",
        "trace": choice.trace,
        "of": choice.of,
        "sort": "" if choice.sort == NEWEST else choice.sort,
        "columns": "" if choice.columns == USUAL else ",".join(choice.columns),
    }
    return {name: value for name, value in parts.items() if value}


def ledger(desk: Desk, choice: LedgerChoice, *, after: str = "", limit: int = 20) -> LedgerPage:
    """Return a page of the cases that the actor finds in lists.

    Args:
        desk: Of a query.
        choice: Filters, sort and columns.
        after: The `after` of the page before.
        limit: Lines on a page, 1 to 200.

    Raises:
        ValueError: `after` is no cursor of this sort.

    Source: operations (台账); SUP-014; proposed.
    """
    by_number = choice.sort == BY_NUMBER
    keys: tuple[Any, Any] = (CaseRow.number if by_number else CaseRow.opened_at, CaseRow.id)
    query = paged(
        sa.select(CaseRow).where(*_chosen(desk, choice)),
        keys,
        sort=choice.sort,
        after=after,
        limit=limit,
        newest_first=choice.sort == NEWEST,
    )
    rows = list(desk.session.scalars(query))
    more = len(rows) > limit
    rows = rows[:limit]
    lines = _lines(desk, rows)
    if not more:
        return LedgerPage(lines, "")
    last = rows[-1]
    return LedgerPage(
        lines, cursor_of(choice.sort, last.number if by_number else last.opened_at, last.id)
    )


def ledger_total(desk: Desk, choice: LedgerChoice) -> int:
    """Return how many cases a ledger has."""
    query = sa.select(sa.func.count()).select_from(CaseRow).where(*_chosen(desk, choice))
    return desk.session.scalar(query) or 0


def ledger_procedures(desk: Desk) -> dict[str, Text]:
    """Return the titles of the procedures under which the authority has cases, by id."""
    titles: dict[str, Text] = {}
    for version_id in versions_in_use(desk):
        rules = desk.office.versions.get(desk.session, version_id).rules
        titles.setdefault(str(rules.key), rules.title)
    return titles


def _chosen(desk: Desk, choice: LedgerChoice) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = [
        CaseRow.authority_id == desk.actor.authority_id,
        visible_cases(desk),
    ]
    if choice.search.strip():
        found.append(holds(choice.search, CaseRow.number, CaseRow.title))
    if choice.procedure:
        found.append(CaseRow.procedure == choice.procedure)
    if choice.status:
        found.append(CaseRow.status == choice.status)
    closed = STATES[choice.state]
    if closed is not None:
        found.append(CaseRow.closed_at.is_not(None) if closed else CaseRow.closed_at.is_(None))
    calendar = desk.calendar()
    found += on_days(CaseRow.opened_at, choice.since, choice.until, calendar)
    found += on_days(CaseRow.closed_at, choice.closed_since, choice.closed_until, calendar)
    if choice.trace:
        found.append(showing(choice.trace, choice.of))
    return found


def _lines(desk: Desk, rows: Sequence[CaseRow]) -> tuple[LedgerLine, ...]:
    ids = [row.id for row in rows]
    parts = desk.session.execute(
        sa.select(Participant.case_id, Participant.person_id, Participant.role)
        .where(Participant.case_id.in_(ids), Participant.role.in_(("subject", "reporter")))
        .order_by(Participant.since_at, Participant.id)
    ).all()
    subjects = [(part.case_id, part.person_id) for part in parts if part.role == Relation.SUBJECT]
    reporters = {(part.case_id, part.person_id) for part in parts if part.role != Relation.SUBJECT}
    held = desk.session.execute(
        sa.select(WorkItemRow.case_id, WorkItemRow.claimed_by)
        .where(WorkItemRow.case_id.in_(ids), WorkItemRow.state == "claimed")
        .order_by(WorkItemRow.opened_at)
    ).all()
    handlers = [
        (one.case_id, one.claimed_by)
        for one in held
        if one.claimed_by and (one.case_id, one.claimed_by) not in reporters
    ]
    running = desk.session.execute(
        sa.select(DeadlineRow.case_id, sa.func.min(DeadlineRow.last_day))
        .where(DeadlineRow.case_id.in_(ids), DeadlineRow.state == "running")
        .group_by(DeadlineRow.case_id)
    )
    last_days: dict[str, date] = {row[0]: row[1] for row in running}
    names = names_of(desk, {person for _, person in (*subjects, *handlers)})

    def of(pairs: Sequence[tuple[str, str]], row: CaseRow) -> tuple[str, ...]:
        people = dict.fromkeys(person for case_id, person in pairs if case_id == row.id)
        return tuple(names[one] for one in people if one in names)

    return tuple(
        LedgerLine(
            case=case_line(row),
            channel=row.channel,
            secrecy=row.secrecy,
            subjects=of(subjects, row),
            handlers=of(handlers, row),
            last_day=last_days.get(row.id),
        )
        for row in rows
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
