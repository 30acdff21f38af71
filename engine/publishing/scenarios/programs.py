"""Steps of a scenario that a program takes: external tasks done, failed, ended by an error."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.commands.external_tasks import (
    complete_external_task,
    fail_external_task,
    lock_external_task,
    raise_external_error,
    set_external_retries,
)
from engine.commands.fetch_external_tasks import may_fetch
from engine.desk.external import FileValue
from engine.desk.handing import STOPPED
from engine.desk.rights import Relation
from engine.publishing.scenarios.answering import sent
from engine.publishing.scenarios.attaching import upload
from engine.publishing.scenarios.results import StepFailed
from engine.publishing.scenarios.telling import failed
from engine.store.tables import CaseRow, ExternalTask, WorkItemRow

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.desk import Desk
    from engine.publishing.scenarios.playing import Run
    from engine.publishing.scenarios.steps import Operate

LEASE = timedelta(minutes=5)
"""How long a program of a scenario keeps its task; it gives its answer at the same instant."""


def work(run: Run, step: Operate) -> None:
    """Do what the step says of the external task that waits in an element, or under a topic."""
    give, actor = run.stage.office.give, run.stage.actor(step.by)
    tasks = _waiting(run, step)
    if step.given["tries"] is not None:
        give(actor, set_external_retries, tasks[0], step.given["tries"])
        return
    task_id = _free(run, step, tasks)
    give(actor, lock_external_task, task_id, step.by, LEASE)
    if step.given["error"]:
        text = step.given["message"]
        values = _variables(run, step)
        code = step.given["error"]
        give(actor, raise_external_error, task_id, step.by, code, message=text, variables=values)
    elif step.given["fails"]:
        left = step.given["retries"] or 0
        text = step.given["fails"]
        give(actor, fail_external_task, task_id, step.by, message=text, retries=left)
    else:
        give(actor, complete_external_task, task_id, step.by, _variables(run, step))


PROGRAMS: Mapping[str, Callable[[Run, Operate], None]] = {"program": work}
"""What each verb does."""


def _variables(run: Run, step: Operate) -> dict[str, Any]:
    """Return what the program found: people by their ids, files with something of their kind."""
    stage = run.stage
    found = sent(step.given["variables"], None, stage.people, stage.today)
    for name, file in step.given["files"].items():
        one = upload(str(file))
        found[name] = FileValue(one.name, one.content)
    return found


def _waiting(run: Run, step: Operate) -> list[str]:
    """Return the tasks that the step may mean, the oldest first.

    Raises:
        StepFailed: There is none; it says what waits for programs.
    """
    rows = run.stage.office.ask(run.stage.platform, _tasks, run.case_id(step))
    found = [task for task, *names in rows if step.on in names]
    if found:
        return found
    known = [f"{element} ({topic})" for _, element, topic in rows]
    raise StepFailed(
        failed(
            step,
            f"{step.on} 没有待程序完成的外部任务；现有：{'、'.join(known) or '无'}",
            f"{step.on} has no external task that waits; there are: {', '.join(known) or 'none'}",
        )
    )


def _free(run: Run, step: Operate, tasks: list[str]) -> str:
    """Return the first task that the program would be given, or has.

    To who holds no post of a program the first is given, for the command to refuse.

    Raises:
        StepFailed: A program would be given none of them now; it says why.
    """
    found, why = run.stage.office.ask(run.stage.actor(step.by), _fetched, tasks, step.by)
    if found:
        return str(found)
    zh, en = _WHY[why]
    raise StepFailed(
        failed(step, f"{step.on}：程序现在领取不到，{zh}", f"{step.on}: not fetched now: {en}")
    )


_WHY = {
    "stopped": ("该分支已被中止", "its branch is stopped"),
    "spent": (
        "不再重试；先写一步 tries: 1",
        "it is not tried again; a step with `tries: 1` comes first",
    ),
    "locked": ("正由别的程序办理", "another program has it"),
    "held": ("案件已挂起", "the case is suspended"),
}


def _tasks(desk: Desk, case_id: str) -> list[tuple[str, str, str]]:
    """Return what waits for programs in a case: id, element, topic; the oldest first."""
    query = (
        sa.select(WorkItemRow.id, WorkItemRow.element, ExternalTask.topic)
        .join(ExternalTask, ExternalTask.work_item_id == WorkItemRow.id)
        .where(ExternalTask.case_id == case_id, ~ExternalTask.is_over, WorkItemRow.state == "open")
        .order_by(WorkItemRow.opened_at, WorkItemRow.id)
    )
    return [(task, element, topic) for task, element, topic in desk.session.execute(query)]


def _fetched(desk: Desk, tasks: list[str], worker: str) -> tuple[str, str]:
    """Return the first of these that a worker may have now; or "" and why it gets none."""
    if Relation.WORKER.value not in desk.roles_held():
        return tasks[0], ""
    why = ""
    for task_id in tasks:
        item = desk.session.get_one(WorkItemRow, task_id)
        task = desk.session.get_one(ExternalTask, task_id)
        is_locked = task.locked_until is not None and task.locked_until > desk.now()
        if STOPPED in item.holds:
            why = why or "stopped"
        elif (is_locked and task.worker == worker) or _is_given(desk, task_id):
            return task_id, ""
        elif is_locked:
            why = why or "locked"
        else:
            why = why or ("spent" if task.retries == 0 else "held")
    return "", why


def _is_given(desk: Desk, task_id: str) -> bool:
    """Return whether a program that asks now is given the task."""
    query = (
        sa.select(ExternalTask.work_item_id)
        .join(WorkItemRow, WorkItemRow.id == ExternalTask.work_item_id)
        .join(CaseRow, CaseRow.id == ExternalTask.case_id)
        .where(may_fetch(desk), ExternalTask.work_item_id == task_id)
    )
    return desk.session.scalar(query) is not None
