"""Steps of people and of workers, as programs that speak Camunda's interface see them."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from engine.desk.desk import Desk
from engine.desk.rights import Relation
from engine.desk.views.definitions import MOST, definitions_of
from engine.desk.views.instances import cases_for_programs, serves
from engine.store.tables import CaseRow, ExternalTask, WorkItemRow


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A step of a case for a person or a worker.

    Attributes:
        external: What a worker has of it; None for a person's.
    """

    item: WorkItemRow
    case: CaseRow
    key: str
    number: int
    external: ExternalTask | None = None


def open_external(
    desk: Desk, *, task_id: str = "", topic: str = "", worker: str = "", case_id: str = ""
) -> tuple[TaskLine, ...]:
    """Return the external tasks that wait in cases that the actor serves, the oldest first."""
    query = (
        sa.select(WorkItemRow, CaseRow, ExternalTask)
        .join(ExternalTask, ExternalTask.work_item_id == WorkItemRow.id)
        .join(CaseRow, CaseRow.id == WorkItemRow.case_id)
        .where(serves(desk), WorkItemRow.state == "open", ~ExternalTask.is_over)
        .order_by(WorkItemRow.opened_at, WorkItemRow.id)
        .limit(MOST)
    )
    for column, value in (
        (ExternalTask.work_item_id, task_id),
        (ExternalTask.topic, topic),
        (ExternalTask.worker, worker),
        (ExternalTask.case_id, case_id),
    ):
        if value:
            query = query.where(column == value)
    rows = desk.session.execute(query).all()
    names = definitions_of(desk, {case.version_id for _, case, _ in rows})
    return tuple(TaskLine(item, case, *names[case.version_id], task) for item, case, task in rows)


def open_tasks(desk: Desk, *, case_id: str = "", task_id: str = "") -> tuple[TaskLine, ...]:
    """Return the steps that the actor holds or could take, the oldest first."""
    found = []
    query = (
        sa.select(WorkItemRow, CaseRow)
        .join(CaseRow, CaseRow.id == WorkItemRow.case_id)
        .where(
            WorkItemRow.authority_id == desk.actor.authority_id,
            WorkItemRow.state.in_(("open", "claimed")),
            WorkItemRow.kind != "external",
        )
        .order_by(WorkItemRow.opened_at, WorkItemRow.id)
    )
    if case_id:
        query = query.where(WorkItemRow.case_id == case_id)
    if task_id:
        query = query.where(WorkItemRow.id == task_id)
    own = {f"p:{desk.actor.person_id}"} | {
        f"r:{desk.actor.authority_id}:{role}" for role in desk.roles_held()
    }
    for item, case in desk.session.execute(query.limit(MOST)):
        is_offered = item.state == "open" and not own.isdisjoint(item.candidates)
        if is_offered or item.claimed_by == desk.actor.person_id:
            standing = desk.standing(case)
            if not standing.recusal and Relation.CANDIDATE in standing.relations:
                found.append((item, case))
    names = definitions_of(desk, {case.version_id for _, case in found})
    return tuple(TaskLine(item, case, *names[case.version_id]) for item, case in found)


def past_steps(
    desk: Desk, *, case_id: str = "", is_over: bool | None = None, people_only: bool = False
) -> tuple[TaskLine, ...]:
    """Return steps of cases that the actor serves or sees, the oldest first."""
    query = (
        sa.select(WorkItemRow, CaseRow)
        .join(CaseRow, CaseRow.id == WorkItemRow.case_id)
        .where(CaseRow.id.in_(cases_for_programs(desk).with_only_columns(CaseRow.id)))
        .order_by(WorkItemRow.opened_at, WorkItemRow.id)
        .limit(MOST)
    )
    waits = WorkItemRow.state.in_(("open", "claimed"))
    if case_id:
        query = query.where(CaseRow.id == case_id)
    if is_over is not None:
        query = query.where(~waits if is_over else waits)
    if people_only:
        query = query.where(WorkItemRow.kind != "external")
    rows = desk.session.execute(query).all()
    names = definitions_of(desk, {case.version_id for _, case in rows})
    return tuple(TaskLine(item, case, *names[case.version_id]) for item, case in rows)
