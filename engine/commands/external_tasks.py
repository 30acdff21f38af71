"""What workers do with external tasks: fetch, keep, give back, complete, fail."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from engine.commands.fetch_external_tasks import (
    LONGEST_LOCK,
    LONGEST_TEXT,
    must_be_named,
    must_last,
)
from engine.desk import Desk, Fact, Right
from engine.desk.advance import complete_item, fail_item, set_variables
from engine.desk.answers import keep_answers
from engine.desk.external import (
    NotTheWorkers,
    external_task,
    give_up,
    kept,
    must_hold,
    settle_external,
)
from engine.desk.handing import STOPPED, must_not_be_held
from engine.desk.happenings import Occasion
from engine.errors import NotFound, Refusal
from engine.store.tables import CaseRow, ExternalTask, WorkItemRow

if TYPE_CHECKING:
    from engine.desk.external import Given

ERROR_CODE = 100


def lock_external_task(desk: Desk, task_id: str, worker: str, lock_for: timedelta) -> datetime:
    """Lock one task for a worker; return until when.

    Raises:
        NotFound: There is none that waits, or the actor may not know of it.
        NotTheWorkers: Another worker has it.
        Refusal: The worker has no name, or the duration does not do.
    """
    must_be_named(worker)
    must_last(lock_for)
    task = _served(desk, task_id)
    is_locked = task.locked_until is not None and task.locked_until > desk.now()
    if is_locked and task.worker != worker:
        raise NotTheWorkers("external.locked_by", holder=task.worker)
    task.worker = worker
    task.locked_until = desk.now() + lock_for
    return task.locked_until


def extend_external_lock(desk: Desk, task_id: str, worker: str, lock_for: timedelta) -> datetime:
    """Let a worker keep its task for `lock_for` from now on; return until when.

    Raises:
        NotFound: There is none that waits, or the actor may not know of it.
        NotTheWorkers: It is not this worker's, or its lock has run out.
        Refusal: The duration does not do.
    """
    must_last(lock_for)
    task = _served(desk, task_id)
    must_hold(task, worker)
    if task.locked_until is None or task.locked_until <= desk.now():
        raise NotTheWorkers("external.lock_over", worker=worker)
    task.locked_until = desk.now() + lock_for
    return task.locked_until


def unlock_external_task(desk: Desk, task_id: str) -> None:
    """Give a task back: whoever asks next gets it.

    Raises:
        NotFound: There is none that waits, or the actor may not know of it.
    """
    task = _served(desk, task_id)
    task.worker = ""
    task.locked_until = None


def complete_external_task(desk: Desk, task_id: str, worker: str, variables: Given) -> None:
    """Complete a task with what the worker found, and let the procedure go on.

    Args:
        desk: Of a program.
        task_id: The task.
        worker: Who fetched it.
        variables: What the diagram gets; files become attachments of the case.

    Raises:
        NotFound: There is none that waits, or the actor may not know of it.
        NotTheWorkers: Another worker fetched it since: a stale worker changes nothing.
        Refusal: A variable cannot be taken, or the branch stands still.
        StepFault: The diagram failed; the task stays with the worker.
    """
    case, item = _held(desk, task_id, worker)
    given = kept(desk, case, variables, work_item_id=item.id)
    row, digest = keep_answers(
        desk, case, given, form="", happened_on=desk.today(), work_item_id=item.id
    )
    desk.record(
        case,
        Fact.EXTERNAL_DONE,
        item=item.id,
        element=item.element,
        name=item.name,
        worker=worker,
        answers_id=row.id,
        answers=digest,
    )
    complete_item(desk, case, item, given, Occasion(item.item, item.id, given))


def fail_external_task(
    desk: Desk,
    task_id: str,
    worker: str,
    *,
    message: str,
    details: str = "",
    retries: int = 0,
    retry_after: timedelta = timedelta(0),
) -> None:
    """Note that a worker failed: tried again later, or put before the administrators.

    Args:
        desk: Of a program.
        task_id: The task.
        worker: Who fetched it.
        message, details: What went wrong; kept with the task, never on the record.
        retries: How often it may still be tried; at 0 it becomes an incident.
        retry_after: When it may be fetched again.

    Raises:
        NotFound, NotTheWorkers: As `complete_external_task` says.
        Refusal: The number or the duration does not do.
    """
    if retries < 0:
        raise Refusal("external.retries")
    if not timedelta(0) <= retry_after <= LONGEST_LOCK * 366:
        raise Refusal("external.duration")
    case, item = _held(desk, task_id, worker)
    task = _row(desk, task_id)
    task.error_message = message[:LONGEST_TEXT]
    task.error_details = details[:LONGEST_TEXT]
    task.locked_until = desk.now() + retry_after
    desk.record(
        case,
        Fact.EXTERNAL_FAILED,
        item=item.id,
        element=item.element,
        name=item.name,
        worker=worker,
        retries=retries,
    )
    _set_retries(desk, case, item, task, retries)


def raise_external_error(
    desk: Desk, task_id: str, worker: str, code: str, *, message: str = "", variables: Given
) -> None:
    """End a task with a BPMN error, which the diagram catches.

    Raises:
        NotFound, NotTheWorkers, StepFault: As `complete_external_task` says; the diagram
            fails too where nothing catches the error.
        Refusal: There is no code, or a variable cannot be taken.
    """
    if not 1 <= len(code) <= ERROR_CODE:
        raise Refusal("external.error_code", longest=ERROR_CODE)
    case, item = _held(desk, task_id, worker)
    given = kept(desk, case, variables, work_item_id=item.id)
    desk.record(
        case,
        Fact.EXTERNAL_ERROR,
        item=item.id,
        element=item.element,
        name=item.name,
        worker=worker,
        code=code,
        **({"variables": sorted(given)} if given else {}),
    )
    if given:
        set_variables(desk, case, given)
    fail_item(desk, case, item, code, message[:LONGEST_TEXT])


def set_external_retries(desk: Desk, task_id: str, retries: int) -> None:
    """Say how often a task may still be tried; what gave up begins anew above 0.

    Raises:
        NotFound: There is none that waits, or the actor may not know of it.
        Refusal: The number is below 0.
    """
    if retries < 0:
        raise Refusal("external.retries")
    case = desk.case_of_item(task_id, may=Right.SERVE)
    item, task = external_task(desk, task_id)
    if task.retries != retries:
        desk.record(
            case,
            Fact.EXTERNAL_RETRIES,
            item=item.id,
            element=item.element,
            name=item.name,
            retries=retries,
        )
    _set_retries(desk, case, item, task, retries)


def _set_retries(
    desk: Desk, case: CaseRow, item: WorkItemRow, task: ExternalTask, retries: int
) -> None:
    task.retries = retries
    if retries == 0:
        give_up(desk, case, item, task)
    else:
        settle_external(desk, task)


def _held(desk: Desk, task_id: str, worker: str) -> tuple[CaseRow, WorkItemRow]:
    """Lock the case of a task that a worker has.

    Raises:
        NotFound, NotTheWorkers, Refusal: As `complete_external_task` says.
    """
    case = desk.case_of_item(task_id, may=Right.SERVE)
    item, task = external_task(desk, task_id)
    must_hold(task, worker)
    must_not_be_held(desk, item, STOPPED)
    return case, item


def _row(desk: Desk, task_id: str) -> ExternalTask:
    return desk.session.get_one(ExternalTask, task_id)


def _served(desk: Desk, task_id: str) -> ExternalTask:
    """Return a task, its row locked, that the actor may serve."""
    query = sa.select(ExternalTask).where(ExternalTask.work_item_id == task_id)
    task = desk.session.scalar(query.with_for_update().execution_options(populate_existing=True))
    if task is None:
        raise NotFound(task_id)
    case = desk.session.get_one(CaseRow, task.case_id)
    desk.authorise(case, Right.SERVE)
    external_task(desk, task_id)
    return task
