"""The pulse of an installation: what waits, how long, and whether the record was checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from engine.store.migrations import current_revision
from engine.store.tables import (
    AuthorityRow,
    CalendarYear,
    CaseRow,
    DeadlineRow,
    DueRow,
    Incident,
    OutboxJob,
    RecordAnchor,
    RecordCheck,
)

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from engine.store.database import Database


class Unreachable(Exception):
    """The database does not answer."""


@dataclass(frozen=True, slots=True)
class Pulse:
    """Numbers about the platform as a whole; nothing about a case or a person.

    Attributes:
        due: Rows that fell due and have not fired.
        due_lag: Seconds since the oldest of them fell due; 0 where there is none.
        jobs: Side effects that may run and have not.
        jobs_lag: Seconds since the oldest of them might have run.
        jobs_dead: Side effects that were given up.
        incidents: Open incidents.
        cases: Open cases.
        late: Running deadlines near their end (``yellow``) and past it (``red``).
        check_age: Seconds since chains of the record were last verified; None for never.
        breaches: How many places did not hold then.
        anchor_age: Seconds since the last anchor; None for none.
        years_missing: Authorities without this civil year's holidays.
    """

    due: int
    due_lag: float
    jobs: int
    jobs_lag: float
    jobs_dead: int
    incidents: int
    cases: int
    yellow: int
    red: int
    check_age: float | None
    breaches: int
    anchor_age: float | None
    years_missing: int


def pulse_of(session: Session, now: datetime) -> Pulse:
    """Feel the pulse: some ten counts over indexes, none over closed cases.

    Args:
        session: Reads only.
        now: Aware.
    """
    due, oldest_due = session.execute(
        sa.select(sa.func.count(), sa.func.min(DueRow.due_at)).where(
            DueRow.state == "armed", DueRow.due_at <= now
        )
    ).one()
    jobs, oldest_job = session.execute(
        sa.select(sa.func.count(), sa.func.min(OutboxJob.not_before)).where(
            OutboxJob.state == "todo", OutboxJob.not_before <= now
        )
    ).one()
    check = session.scalar(sa.select(RecordCheck).order_by(RecordCheck.checked_at.desc()).limit(1))
    anchored = session.scalar(
        sa.select(RecordAnchor.made_at).order_by(RecordAnchor.number.desc()).limit(1)
    )
    running = sa.and_(DeadlineRow.state == "running", DeadlineRow.warn_at <= now)
    return Pulse(
        due=due,
        due_lag=_since(oldest_due, now) or 0.0,
        jobs=jobs,
        jobs_lag=_since(oldest_job, now) or 0.0,
        jobs_dead=_count(session, OutboxJob, OutboxJob.state == "dead"),
        incidents=_count(session, Incident, Incident.resolved_at.is_(None)),
        cases=_count(session, CaseRow, CaseRow.closed_at.is_(None)),
        yellow=_count(session, DeadlineRow, sa.and_(running, DeadlineRow.expires_at > now)),
        red=_count(session, DeadlineRow, sa.and_(running, DeadlineRow.expires_at <= now)),
        check_age=None if check is None else _since(check.checked_at, now),
        breaches=0 if check is None else check.breaches,
        anchor_age=_since(anchored, now),
        years_missing=_years_missing(session, now.year),
    )


def feel(database: Database, now: datetime) -> tuple[Pulse, str | None]:
    """Return the pulse and the revision that the schema is at.

    Raises:
        Unreachable: The database does not answer.
    """
    try:
        with database.reading() as session:
            return pulse_of(session, now), current_revision(database)
    except DBAPIError as error:
        raise Unreachable(type(error).__name__) from error


def _since(instant: datetime | None, now: datetime) -> float | None:
    return None if instant is None else max((now - instant).total_seconds(), 0.0)


def _count(session: Session, table: type, holds: sa.ColumnElement[bool]) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(table).where(holds)) or 0


def _years_missing(session: Session, year: int) -> int:
    has = sa.exists().where(CalendarYear.authority_id == AuthorityRow.id, CalendarYear.year == year)
    return _count(session, AuthorityRow, ~has)
