"""How the cases of a version run: steps with counts, time and lateness; no content of cases."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from engine.desk.desk import Desk
from engine.desk.facts import Fact
from engine.desk.holders import names_of
from engine.desk.views.case_list import versions_in_use
from engine.errors import NotFound
from engine.model.texts import Text
from engine.store.tables import (
    AuditEntry,
    CaseRow,
    DeadlineRow,
    DueRow,
    OutboxJob,
    Suspension,
    VersionRow,
    WorkItemRow,
)

MOST = 5_000
"""How many done steps are looked at, the newest first."""
HOUR = 3_600
OPEN = ("open", "claimed")
Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class RunningVersion:
    """A version under which there are cases."""

    id: str
    title: Text
    number: int
    running: int


@dataclass(frozen=True, slots=True)
class StepLoad:
    """A step of a version.

    Attributes:
        waiting: How many of it wait now.
        overdue: How many of those are past their last day.
        done: How many were done, of the newest 5,000 of the version.
        hours: The mean time from opening to completion, in hours; 0 where none was done.
        late: How many of those done were done after their last day.
    """

    process: str
    element: str
    name: str
    waiting: int
    overdue: int
    done: int
    hours: float
    late: int


@dataclass(frozen=True, slots=True)
class Load:
    """A version's steps, those first at which most wait.

    Attributes:
        processes: Of the version, with their titles; its own first.
        suspended: How many of its cases stand still (挂起).
    """

    version: RunningVersion
    processes: tuple[tuple[str, str], ...]
    steps: tuple[StepLoad, ...]
    suspended: int


@dataclass(frozen=True, slots=True)
class QueueLine:
    """Jobs of one kind in one state.

    Attributes:
        oldest: Since when the oldest of them may run.
    """

    kind: str
    state: str
    count: int
    oldest: datetime


@dataclass(frozen=True, slots=True)
class SuspendedCase:
    """A case that stands still."""

    case_number: str
    reasons: str
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Health:
    """What the platform does by itself.

    Attributes:
        queue: Jobs by kind and state; those done are not kept.
        overdue: How many timers and reminders are due and not yet fired.
        suspended: Cases of the authority that stand still.
    """

    queue: tuple[QueueLine, ...]
    overdue: int
    suspended: tuple[SuspendedCase, ...]


@dataclass(frozen=True, slots=True)
class ProposedMigration:
    """A migration that waits for another administrator.

    Attributes:
        is_own: The reader proposed it and cannot decide it.
    """

    case_id: str
    case_number: str
    by: str
    is_own: bool
    from_number: int
    to_number: int
    reasons: str


def running_versions(desk: Desk) -> tuple[RunningVersion, ...]:
    """Return the authority's versions under which there are cases, the newest first.

    Raises:
        NotAllowed: The actor is no administrator.
    """
    desk.require_admin()
    return tuple(_version(desk, one) for one in versions_in_use(desk))


def load_of(desk: Desk, version_id: str) -> Load:
    """Return how many wait at each step of a version, and how long the steps take.

    Raises:
        NotAllowed: The actor is no administrator.
        NotFound: The authority has no such version.

    Source: issue 7 (cases by step with counts on the diagram, heat map); proposed.
    """
    desk.require_admin()
    line = _version(desk, version_id)
    loaded = desk.office.versions.get(desk.session, version_id)
    rows = list(
        desk.session.scalars(
            sa.select(WorkItemRow)
            .join(CaseRow, CaseRow.id == WorkItemRow.case_id)
            .where(CaseRow.version_id == version_id, WorkItemRow.state.in_((*OPEN, "done")))
            .order_by(WorkItemRow.state.desc(), WorkItemRow.id.desc())
            .limit(MOST)
        )
    )
    expiries = _expiries(desk, version_id)
    places: dict[Place, list[WorkItemRow]] = {}
    for row in rows:
        places.setdefault((row.process, row.element), []).append(row)
    steps = [_load(place, items, expiries, desk.now()) for place, items in places.items()]
    suspended = desk.session.scalar(
        sa.select(sa.func.count())
        .select_from(Suspension)
        .join(CaseRow, CaseRow.id == Suspension.case_id)
        .where(CaseRow.version_id == version_id, Suspension.state == "granted")
        .where(Suspension.ended_at.is_(None))
    )
    own = loaded.definition.process_id
    keys = [own, *(one for one in loaded.definition.diagrams if one != own)]
    return Load(
        version=line,
        processes=tuple(
            (key, str(loaded.by_process[key].title) if key in loaded.by_process else key)
            for key in keys
        ),
        steps=tuple(sorted(steps, key=lambda one: (-one.waiting, -one.done, one.element))),
        suspended=suspended or 0,
    )


def drawing(desk: Desk, version_id: str, process: str) -> bytes:
    """Return a diagram of a version as it was drawn.

    Raises:
        NotAllowed: The actor is no administrator.
        NotFound: There is no such version or process.
    """
    desk.require_admin()
    _version(desk, version_id)
    diagrams = desk.office.versions.get(desk.session, version_id).definition.diagrams
    if process not in diagrams:
        raise NotFound(process)
    return diagrams[process].content


def migrations_proposed(desk: Desk) -> tuple[ProposedMigration, ...]:
    """Return the migrations that were proposed and not decided yet, the oldest first.

    Raises:
        NotAllowed: The actor is no administrator.
    """
    desk.require_admin()
    asked = (Fact.MIGRATION_PROPOSED.value, Fact.MIGRATION_DECIDED.value)
    newest = (
        sa.select(AuditEntry.stream, sa.func.max(AuditEntry.sequence).label("last"))
        .where(AuditEntry.authority_id == desk.actor.authority_id, AuditEntry.fact.in_(asked))
        .group_by(AuditEntry.stream)
        .subquery()
    )
    rows = desk.session.execute(
        sa.select(AuditEntry, CaseRow.number, VersionRow.number)
        .join(
            newest,
            sa.and_(AuditEntry.stream == newest.c.stream, AuditEntry.sequence == newest.c.last),
        )
        .join(CaseRow, CaseRow.id == AuditEntry.case_id)
        .join(VersionRow, VersionRow.id == CaseRow.version_id)
        .where(AuditEntry.fact == Fact.MIGRATION_PROPOSED.value)
        .order_by(AuditEntry.recorded_at)
    ).all()
    names = names_of(desk, {entry.actor for entry, _case, _version in rows})
    return tuple(
        ProposedMigration(
            case_id=str(entry.case_id),
            case_number=number,
            by=names.get(entry.actor, ""),
            is_own=entry.actor == desk.actor.person_id,
            from_number=version,
            to_number=int(str(entry.details["number"])),
            reasons=str(entry.details.get("reasons", "")),
        )
        for entry, number, version in rows
    )


def health(desk: Desk) -> Health:
    """Return the job queue, what is due and not done, and the cases that stand still.

    Raises:
        NotAllowed: The actor is no administrator.
    """
    desk.require_admin()
    queue = desk.session.execute(
        sa.select(
            OutboxJob.kind, OutboxJob.state, sa.func.count(), sa.func.min(OutboxJob.not_before)
        )
        .group_by(OutboxJob.kind, OutboxJob.state)
        .order_by(OutboxJob.state, OutboxJob.kind)
    )
    overdue = desk.session.scalar(
        sa.select(sa.func.count())
        .select_from(DueRow)
        .where(
            DueRow.authority_id == desk.actor.authority_id,
            DueRow.state == "armed",
            DueRow.due_at <= desk.now(),
        )
    )
    stopped = desk.session.execute(
        sa.select(CaseRow.number, Suspension.reasons, Suspension.decided_at)
        .join(CaseRow, CaseRow.id == Suspension.case_id)
        .where(
            Suspension.authority_id == desk.actor.authority_id,
            Suspension.state == "granted",
            Suspension.ended_at.is_(None),
        )
        .order_by(Suspension.decided_at)
    )
    return Health(
        queue=tuple(QueueLine(*row) for row in queue),
        overdue=overdue or 0,
        suspended=tuple(SuspendedCase(*row) for row in stopped),
    )


def _version(desk: Desk, version_id: str) -> RunningVersion:
    row = desk.session.get(VersionRow, version_id)
    if row is None or row.authority_id != desk.actor.authority_id:
        raise NotFound(version_id)
    running = desk.session.scalar(
        sa.select(sa.func.count())
        .select_from(CaseRow)
        .where(CaseRow.version_id == row.id, CaseRow.closed_at.is_(None))
    )
    title = desk.office.versions.get(desk.session, row.id).rules.title
    return RunningVersion(row.id, title, row.number, running or 0)


def _expiries(desk: Desk, version_id: str) -> dict[tuple[str, str], list[DeadlineRow]]:
    """Return the rounds of each deadline of the version's cases, the newest last."""
    found: dict[tuple[str, str], list[DeadlineRow]] = {}
    rows = desk.session.scalars(
        sa.select(DeadlineRow)
        .join(CaseRow, CaseRow.id == DeadlineRow.case_id)
        .where(CaseRow.version_id == version_id)
        .order_by(DeadlineRow.round)
    )
    for row in rows:
        found.setdefault((row.case_id, row.key), []).append(row)
    return found


def _load(
    place: Place,
    items: Iterable[WorkItemRow],
    expiries: dict[tuple[str, str], list[DeadlineRow]],
    now: datetime,
) -> StepLoad:
    waiting: list[WorkItemRow] = []
    done: list[WorkItemRow] = []
    name = ""
    for item in items:
        name = item.name
        (done if item.state == "done" else waiting).append(item)
    spent = [
        (one.completed_at - one.opened_at).total_seconds() / HOUR
        for one in done
        if one.completed_at is not None
    ]
    return StepLoad(
        process=place[0],
        element=place[1],
        name=name,
        waiting=len(waiting),
        overdue=sum(_is_late(one, expiries, now) for one in waiting),
        done=len(done),
        hours=sum(spent) / len(spent) if spent else 0.0,
        late=sum(_is_late(one, expiries, one.completed_at or now) for one in done),
    )


def _is_late(
    item: WorkItemRow, expiries: dict[tuple[str, str], list[DeadlineRow]], at: datetime
) -> bool:
    """Return whether a step's deadline, in the round that ran then, was over at an instant."""
    rounds = expiries.get((item.case_id, item.deadline_key), [])
    begun = [one for one in rounds if one.event_at <= at]
    return bool(begun) and begun[-1].expires_at <= at
