"""One's own inbox as its page shows it: each line with its clock and what it belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from engine.desk.assembly import COLLECTIVE
from engine.desk.desk import Desk
from engine.desk.holders import names_of
from engine.desk.rounds import loaded
from engine.desk.standing import principals_on
from engine.desk.views.inbox import barred_cases, inbox
from engine.model.deadlines import Deadline, Remaining
from engine.model.lamps import Lamp
from engine.model.texts import Text
from engine.store.queries.inbox import InboxLine, lamps_under
from engine.store.queries.waiting import waiting_by_procedure
from engine.store.tables import CaseRow, DeadlineRow, WorkItemRow
from engine.store.versions import newest_versions

LARGEST_PAGE = 200


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """A work item in the inbox.

    Attributes:
        procedure: What the procedure is called.
        stage: Of the step, or else of its case; None where the procedure names none.
        role: To whom it is offered, by the role's title; empty where by name.
        deadline: The one shown with it, while it runs; else None.
        remaining: What is left of it now.
        is_collective: Done together by a body: nobody takes it alone.
    """

    line: InboxLine
    procedure: Text
    stage: Text | None
    role: Text | None
    deadline: Deadline | None
    remaining: Remaining | None
    holder: str
    is_collective: bool


@dataclass(frozen=True, slots=True)
class WaitingPage:
    """A page of the inbox; `after` opens the next one, "" on the last.

    Attributes:
        procedures: The procedures in which something waits: title and count by id; no count
            where the inbox is too long to be counted.
    """

    lines: tuple[WaitingLine, ...]
    after: str
    procedures: dict[str, tuple[Text, int | None]]


def waiting_work(desk: Desk, /, **filters: Any) -> WaitingPage:
    """Return a page of what waits for the actor; `filters` as `inbox` takes them.

    Raises:
        ValueError: `sort` is unknown or `after` is no cursor of this sort.
    """
    page = inbox(desk, **filters)
    items = _by_id(desk, WorkItemRow, [line.work_item_id for line in page.lines])
    cases = _by_id(desk, CaseRow, [line.case_id for line in page.lines])
    running = _running(desk, list(cases))
    names = names_of(desk, [one.claimed_by for one in page.lines if one.claimed_by])
    lines = tuple(
        _line(
            desk,
            line,
            items[line.work_item_id],
            cases[line.case_id],
            running.get((line.case_id, line.deadline_key)),
            names.get(line.claimed_by or "", ""),
        )
        for line in page.lines
    )
    return WaitingPage(lines, page.after, _procedures(desk))


def lamps_among(desk: Desk, /, **filters: Any) -> dict[Lamp, int]:
    """Return how many items of each lamp the actor's inbox has under `filters`, without paging.

    The whole inbox is counted faster by `inbox_numbers`.
    """
    principals, _ = principals_on(desk.session, desk.actor.person_id, desk.today())
    return lamps_under(
        desk.session, principals, desk.now(), barred_cases=barred_cases(desk), **filters
    )


def waiting_line(desk: Desk, work_item_id: str) -> WaitingLine | None:
    """Return one line of the actor's inbox, or None where it is not in it any more."""
    number = desk.session.scalar(
        sa.select(CaseRow.number)
        .join(WorkItemRow, WorkItemRow.case_id == CaseRow.id)
        .where(WorkItemRow.id == work_item_id)
    )
    if number is None:
        return None
    page = waiting_work(desk, search=number, limit=LARGEST_PAGE)
    return next((one for one in page.lines if one.line.work_item_id == work_item_id), None)


def _line(  # noqa: PLR0917 -- the rows that belong to one line
    desk: Desk,
    line: InboxLine,
    item: WorkItemRow,
    case: CaseRow,
    row: DeadlineRow | None,
    holder: str,
) -> WaitingLine:
    rules = desk.version(case).rules
    stages = {stage.id: stage.title for stage in rules.stages}
    titles = {str(role.key): role.title for role in rules.roles.values()}
    deadline = loaded(desk, case, row) if row is not None else None
    calendar = desk.calendar(case.authority_id)
    return WaitingLine(
        line=line,
        procedure=rules.title,
        stage=stages.get(str(item.properties.get("stage") or case.stage)),
        role=titles.get(item.role),
        deadline=deadline,
        remaining=deadline.remaining(desk.now(), calendar) if deadline is not None else None,
        holder=holder,
        is_collective=item.properties.get("act") == COLLECTIVE,
    )


def _running(desk: Desk, cases: Sequence[str]) -> dict[tuple[str, str], DeadlineRow]:
    rows = desk.session.scalars(
        sa.select(DeadlineRow)
        .where(DeadlineRow.case_id.in_(cases), DeadlineRow.state.in_(("running", "suspended")))
        .order_by(DeadlineRow.round)
    )
    return {(row.case_id, row.key): row for row in rows}


def _procedures(desk: Desk) -> dict[str, tuple[Text, int | None]]:
    """Return the title of each procedure in which something waits, by its newest version.

    Of an inbox that is too long to be counted it is every procedure of the authority, uncounted.
    """
    principals, _ = principals_on(desk.session, desk.actor.person_id, desk.today())
    counts = waiting_by_procedure(desk.session, principals, barred_cases=barred_cases(desk))
    authority = desk.actor.authority_id
    versions = newest_versions(desk.session, authority, tried=counts or ())
    return {
        procedure: (
            desk.office.versions.get(desk.session, version_id).rules.title,
            None if counts is None else counts[procedure],
        )
        for procedure, version_id in versions.items()
        if counts is None or procedure in counts
    }


def _by_id(desk: Desk, table: Any, ids: Sequence[str]) -> dict[str, Any]:
    rows = desk.session.scalars(sa.select(table).where(table.id.in_(set(ids))))
    return {row.id: row for row in rows}
