"""What workers may fetch of external tasks: by topic, of which cases, for how long."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from engine.desk import Desk, Relation
from engine.desk.advance import visible
from engine.desk.external import without_secrets
from engine.desk.handing import STOPPED
from engine.errors import Refusal
from engine.store.tables import CaseRow, ExternalTask, WorkItemRow

MOST_TASKS = 100
"""How many tasks one call may fetch."""
LONGEST_LOCK = timedelta(days=1)
LONGEST_TEXT = 4_000


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a worker asks for of one topic.

    Attributes:
        topic: The value of `camunda:topic`.
        lock_for: How long nobody else gets the task; above 0, at most a day.
        variables: The names of those wanted; None for all.
        procedures: Only of these; None for all.
        versions: Only of these; None for all.
        business_key: Only of cases with this one; None for all.
        where: Only of cases whose variables have these values.
    """

    topic: str
    lock_for: timedelta
    variables: frozenset[str] | None = None
    procedures: frozenset[str] | None = None
    versions: frozenset[str] | None = None
    business_key: str | None = None
    where: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fetched:
    """A task in a worker's hands.

    Attributes:
        variables: What the task sees, without confidential values.
    """

    item: WorkItemRow
    task: ExternalTask
    case: CaseRow
    variables: Mapping[str, Any]


def fetch_external_tasks(
    desk: Desk,
    worker: str,
    subscriptions: Sequence[Subscription],
    *,
    most: int,
    by_priority: bool = False,
) -> tuple[Fetched, ...]:
    """Give a worker tasks that nobody has, and lock them; of two who ask, one gets each.

    Args:
        desk: Of a program that holds the post ``external_worker``, or who began a rehearsal.
        worker: What the worker calls itself.
        subscriptions: For which topics; the first that fits counts.
        most: 1 to `MOST_TASKS`.
        by_priority: The highest priority first; else, and among equals, the oldest.

    Raises:
        Refusal: The worker has no name, or a number or duration does not do.
    """
    must_be_named(worker)
    if not 1 <= most <= MOST_TASKS:
        raise Refusal("external.most", most=MOST_TASKS)
    for one in subscriptions:
        must_last(one.lock_for)
    if not subscriptions:
        return ()
    order: list[Any] = [ExternalTask.priority.desc()] if by_priority else []
    query = (
        sa.select(ExternalTask, WorkItemRow, CaseRow)
        .join(WorkItemRow, WorkItemRow.id == ExternalTask.work_item_id)
        .join(CaseRow, CaseRow.id == ExternalTask.case_id)
        .where(may_fetch(desk), sa.or_(*(_fits(one) for one in subscriptions)))
        .order_by(*order, WorkItemRow.opened_at, WorkItemRow.id)
        .with_for_update(of=ExternalTask, skip_locked=True)
    )
    found: list[Fetched] = []
    for task, item, case in desk.session.execute(query):
        wish = next((one for one in subscriptions if _is_wanted(one, item, case)), None)
        if wish is None or STOPPED in item.holds:
            continue
        task.worker = worker
        task.locked_until = desk.now() + wish.lock_for
        seen = without_secrets(visible(desk, case, item))
        if wish.variables is not None:
            seen = {name: value for name, value in seen.items() if name in wish.variables}
        found.append(Fetched(item, task, case, seen))
        if len(found) == most:
            break
    return tuple(found)


def may_fetch(desk: Desk) -> sa.ColumnElement[bool]:
    """Return the condition on tasks that the actor may have now."""
    now = desk.now()
    own = sa.and_(CaseRow.is_trial, CaseRow.opened_by == desk.actor.person_id)
    reach = own
    if Relation.WORKER.value in desk.roles_held():
        reach = sa.or_(own, ~CaseRow.is_trial)
    return sa.and_(
        ExternalTask.authority_id == desk.actor.authority_id,
        ~ExternalTask.is_over,
        WorkItemRow.state == "open",
        CaseRow.closed_at.is_(None),
        CaseRow.status != "clock_suspended",
        sa.or_(ExternalTask.locked_until.is_(None), ExternalTask.locked_until <= now),
        sa.or_(ExternalTask.retries.is_(None), ExternalTask.retries > 0),
        reach,
    )


def has_external_tasks(desk: Desk, topics: Sequence[str]) -> bool:
    """Return whether a worker that asks for these topics may get something now."""
    query = (
        sa.select(ExternalTask.work_item_id)
        .join(WorkItemRow, WorkItemRow.id == ExternalTask.work_item_id)
        .join(CaseRow, CaseRow.id == ExternalTask.case_id)
        .where(may_fetch(desk), ExternalTask.topic.in_(topics))
        .limit(1)
    )
    return desk.session.scalar(query) is not None


def must_be_named(worker: str) -> None:
    """Refuse a worker without a name, or with one above 400 characters.

    Raises:
        Refusal: It is so.
    """
    if not 1 <= len(worker) <= LONGEST_TEXT // 10:
        raise Refusal("external.worker")


def must_last(duration: timedelta) -> None:
    """Refuse a lock that does not last, or lasts above `LONGEST_LOCK`.

    Raises:
        Refusal: It is so.
    """
    if not timedelta(0) < duration <= LONGEST_LOCK:
        raise Refusal("external.duration")


def _fits(wish: Subscription) -> sa.ColumnElement[bool]:
    parts: list[sa.ColumnElement[bool]] = [ExternalTask.topic == wish.topic]
    if wish.procedures is not None:
        parts.append(CaseRow.procedure.in_(wish.procedures))
    if wish.versions is not None:
        parts.append(CaseRow.version_id.in_(wish.versions))
    if wish.business_key is not None:
        parts.append(CaseRow.business_key == wish.business_key)
    return sa.and_(*parts)


def _is_wanted(wish: Subscription, item: WorkItemRow, case: CaseRow) -> bool:
    return (
        item.topic == wish.topic
        and (wish.procedures is None or case.procedure in wish.procedures)
        and (wish.versions is None or case.version_id in wish.versions)
        and (wish.business_key is None or case.business_key == wish.business_key)
        and all(
            name in case.variables and case.variables[name] == value
            for name, value in wish.where.items()
        )
    )
