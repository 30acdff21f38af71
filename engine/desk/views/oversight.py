"""What runs late and what stopped, for administrators and supervision; no content of cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from engine.desk.cards import holders_of
from engine.desk.desk import Desk
from engine.desk.holders import names_of
from engine.desk.jobs_of import belongs_elsewhere
from engine.desk.rights import Relation
from engine.desk.rounds import loaded
from engine.desk.views.inbox import barred_cases
from engine.errors import NotAllowed
from engine.model.deadlines import Deadline, Remaining
from engine.model.lamps import Lamp
from engine.model.texts import Text
from engine.store.queries.keyset import beyond, instant_of
from engine.store.tables import (
    CalendarYear,
    CaseRow,
    DeadlineRow,
    DueRow,
    Incident,
    OutboxJob,
)

NOVEMBER = 11
"""From this month on the next year's holidays should be entered: the notice is out."""

MOST = 200


@dataclass(frozen=True, slots=True)
class LateLine:
    """A deadline of somebody's work that is near or over.

    Attributes:
        holders: The names of those who have the work, or could take it.
    """

    case_id: str
    case_number: str
    procedure: Text
    deadline: Deadline
    lamp: Lamp
    remaining: Remaining
    holders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LatePage:
    """A page of the list, those due first first; `after` opens the next one, "" on the last."""

    lines: tuple[LateLine, ...]
    after: str


@dataclass(frozen=True, slots=True)
class StoppedCase:
    """An incident that waits for an administrator."""

    id: str
    case_id: str
    case_number: str
    element: str
    kind: str
    reason: dict[str, object]
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class FailedDue:
    """Something that fell due and could not happen yet; it is tried again later."""

    id: str
    case_number: str
    kind: str
    due_at: datetime
    not_before: datetime | None
    failures: int


@dataclass(frozen=True, slots=True)
class DeadJob:
    """A side effect that was given up. Of the error only its kind: a text may hold names."""

    id: str
    kind: str
    error: str
    attempts: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Troubles:
    """What needs an administrator's hand.

    Attributes:
        missing_year: A year whose holidays should be entered by now, or None.
    """

    incidents: tuple[StoppedCase, ...]
    failed: tuple[FailedDue, ...]
    dead: tuple[DeadJob, ...]
    missing_year: int | None


def late_work(desk: Desk, *, after: str = "", limit: int = 50) -> LatePage:
    """Return the deadlines of work that are near or over, the earliest first.

    Of a case about oneself, or from which one is recused, there is nothing (SUP-013, SUP-017).
    A right's period and a window that merely runs out are nobody's work and not listed.

    Args:
        desk: Of an administrator or a supervision officer.
        after: The `after` of the page before: instant and id of its last line.
        limit: Rows looked at for a page, 1 to 200.

    Raises:
        NotAllowed: It is somebody else.
        ValueError: `after` is no cursor of this list.

    Source: SUP-003; supervision, matrix of rights (痕迹与期限; 技术指标).
    """
    must_oversee(desk)
    limit = min(max(limit, 1), MOST)
    query = (
        sa.select(DeadlineRow, CaseRow)
        .join(CaseRow, CaseRow.id == DeadlineRow.case_id)
        .where(
            DeadlineRow.authority_id == desk.actor.authority_id,
            DeadlineRow.state == "running",
            DeadlineRow.case_id.not_in(barred_cases(desk)),
            DeadlineRow.warn_at <= desk.now(),
        )
        .order_by(DeadlineRow.expires_at, DeadlineRow.id)
    )
    if after:
        text, _, row_id = after.partition("|")
        keys = (DeadlineRow.expires_at, DeadlineRow.id)
        query = query.where(beyond(keys, (instant_of(text), row_id), newest_first=False))
    found = desk.session.execute(query.limit(limit + 1)).all()
    lines = [_late(desk, row[0], row[1]) for row in found[:limit]]
    last = found[limit - 1][0] if len(found) > limit else None
    return LatePage(
        tuple(line for line in lines if line is not None),
        f"{last.expires_at.isoformat()}|{last.id}" if last is not None else "",
    )


def troubles(desk: Desk) -> Troubles:
    """Return what needs an administrator's hand, the oldest first.

    Raises:
        NotAllowed: The actor is no administrator.
    """
    desk.require_admin()
    return Troubles(_incidents(desk), _failed(desk), _dead(desk), missing_year(desk))


def missing_year(desk: Desk) -> int | None:
    """Return this year, or from November on the next, if its holidays are not entered yet.

    Source: procedures §0.3 `cal.year_data`; the month is proposed.
    """
    today = desk.today()
    known = set(
        desk.session.scalars(
            sa.select(CalendarYear.year).where(CalendarYear.authority_id == desk.actor.authority_id)
        )
    )
    wanted = [today.year] + ([today.year + 1] if today.month >= NOVEMBER else [])
    return next((year for year in wanted if year not in known), None)


def must_oversee(desk: Desk) -> None:
    """Check that the actor watches over the authority's work.

    Raises:
        NotAllowed: It is somebody else.
    """
    if Relation.SUPERVISION.value not in desk.roles_held() and not desk.actor.is_admin:
        raise NotAllowed("platform.not_admin")


def _late(desk: Desk, row: DeadlineRow, case: CaseRow) -> LateLine | None:
    deadline = loaded(desk, case, row)
    if deadline.rule.ends is None or deadline.rule.right_of is not None:
        return None
    calendar = desk.calendar(case.authority_id)
    holders = holders_of(desk, case, row.key)
    names = names_of(desk, holders)
    return LateLine(
        case_id=case.id,
        case_number=case.number,
        procedure=desk.version(case).rules.title,
        deadline=deadline,
        lamp=deadline.lamp(desk.now(), calendar),
        remaining=deadline.remaining(desk.now(), calendar),
        holders=tuple(names[one] for one in holders if one in names),
    )


def _incidents(desk: Desk) -> tuple[StoppedCase, ...]:
    rows = desk.session.execute(
        sa.select(Incident, CaseRow.number)
        .join(CaseRow, CaseRow.id == Incident.case_id)
        .where(Incident.authority_id == desk.actor.authority_id, Incident.resolved_at.is_(None))
        .order_by(Incident.happened_at)
        .limit(MOST)
    )
    return tuple(
        StoppedCase(
            one.id, one.case_id, number, one.element, one.kind, dict(one.reason), one.happened_at
        )
        for one, number in rows
    )


def _failed(desk: Desk) -> tuple[FailedDue, ...]:
    rows = desk.session.execute(
        sa.select(DueRow, sa.func.coalesce(CaseRow.number, DueRow.ref))
        .outerjoin(CaseRow, CaseRow.id == DueRow.case_id)  # a case of the calendar is not open yet
        .where(
            DueRow.authority_id == desk.actor.authority_id,
            DueRow.state == "armed",
            DueRow.failures > 0,
        )
        .order_by(DueRow.due_at)
        .limit(MOST)
    )
    return tuple(
        FailedDue(row.id, number, row.kind, row.due_at, row.not_before, row.failures)
        for row, number in rows
    )


def _dead(desk: Desk) -> tuple[DeadJob, ...]:
    rows: Sequence[OutboxJob] = desk.session.scalars(
        sa.select(OutboxJob)
        .where(OutboxJob.state == "dead")
        .order_by(OutboxJob.not_before)
        .limit(MOST)
    ).all()
    return tuple(
        DeadJob(row.id, row.kind, row.last_error.partition(":")[0], row.attempts, row.not_before)
        for row in rows
        if not belongs_elsewhere(desk, row.payload)
    )
