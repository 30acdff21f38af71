"""External tasks: what waits for a worker outside, and the lease that a worker has of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

import sqlalchemy as sa

from engine.desk.file_types import media_type_of
from engine.desk.incidents import raise_incident
from engine.errors import NotFound, Refusal
from engine.store.tables import Attachment, ExternalTask, Incident, WorkItemRow
from engine.vault import is_reference

if TYPE_CHECKING:
    from collections.abc import Mapping

    import bpmn
    from engine.desk.desk import Desk
    from engine.store.tables import CaseRow

EXTERNAL = "external"
"""The kind of an incident in which a worker gave up."""
ATTACHED = "$attachment"
"""The key of a variable that stands for a file: the id of an attachment of the same case."""
NAME_LENGTH = 200


class NotTheWorkers(Refusal):
    """The task is not, or no longer, in this worker's hands."""


@dataclass(frozen=True, slots=True)
class FileValue:
    """A file that a program gives as a variable; hostile.

    Attributes:
        name: As the program calls it.
        content: Its bytes.
    """

    name: str
    content: bytes = field(repr=False)


Given: TypeAlias = "Mapping[str, Any]"
"""Variables by name; a value may be a `FileValue`."""


def open_external(desk: Desk, row: WorkItemRow, item: bpmn.Item) -> None:
    """Let an item of kind ``external`` be fetched by workers of its topic."""
    try:
        priority = int(item.priority or 0)
    except ValueError:
        priority = 0
    desk.session.add(
        ExternalTask(
            work_item_id=row.id,
            authority_id=row.authority_id,
            case_id=row.case_id,
            topic=row.topic,
            priority=max(-(2**31), min(priority, 2**31 - 1)),
        )
    )


def close_external(desk: Desk, case: CaseRow, items: list[str]) -> None:
    """Let nobody fetch what waits no longer; the incident of one that failed is over."""
    for task in desk.session.scalars(
        sa.select(ExternalTask).where(
            ExternalTask.case_id == case.id, ExternalTask.work_item_id.in_(items)
        )
    ):
        task.is_over = True
        settle_external(desk, task)


def settle_external(desk: Desk, task: ExternalTask) -> None:
    """Take the incident of a task off the list, where it has one."""
    incident = desk.session.get(Incident, task.incident_id) if task.incident_id else None
    if incident is not None and incident.resolved_at is None:
        incident.resolved_at = desk.now()
    task.incident_id = None


def give_up(desk: Desk, case: CaseRow, item: WorkItemRow, task: ExternalTask) -> None:
    """Put a task that is not tried again before the administrators, once.

    What the worker said stays with the task: it may hold what is not for the record.
    """
    if task.incident_id is not None:
        return
    incident = raise_incident(
        desk,
        case,
        item.element,
        EXTERNAL,
        zh=f"外部任务“{item.name}”（主题 {item.topic}）失败，不再重试。",
        en=f"The external task {item.name!r} (topic {item.topic}) failed and is not tried again.",
        item=item.id,
    )
    desk.session.flush()
    task.incident_id = incident.id


def try_again(desk: Desk, incident: Incident) -> None:
    """Give the task of an incident one more try."""
    task = desk.session.get(ExternalTask, str(incident.reason.get("item", "")))
    if task is not None and not task.is_over:
        task.retries = 1
        task.locked_until = None
        task.incident_id = None


def external_task(desk: Desk, task_id: str) -> tuple[WorkItemRow, ExternalTask]:
    """Return a task of the actor's authority that still waits.

    Raises:
        NotFound: There is none, or it is over.
    """
    task = desk.session.get(ExternalTask, task_id, populate_existing=True)
    item = desk.session.get(WorkItemRow, task_id, populate_existing=True)
    if task is None or item is None or task.authority_id != desk.actor.authority_id:
        raise NotFound(task_id)
    if task.is_over or item.state != "open":
        raise NotFound(task_id)
    return item, task


def must_hold(task: ExternalTask, worker: str) -> None:
    """Check that a worker has the task: nobody else fetched it since.

    A lock that has run out and that nobody else took is still the worker's, as with Camunda.

    Raises:
        NotTheWorkers: Somebody else has it, or nobody.
    """
    if not worker or task.worker != worker:
        raise NotTheWorkers("external.not_locked_by", worker=worker, holder=task.worker)


def kept(
    desk: Desk, case: CaseRow, variables: Given, *, work_item_id: str | None = None
) -> dict[str, Any]:
    """Return variables as the diagram gets them: files become attachments of the case.

    Raises:
        Refusal: A file is empty, too large or of no allowed type, or a value pretends to be
            a file or a confidential field.
    """
    found: dict[str, Any] = {}
    for name, value in variables.items():
        if isinstance(value, FileValue):
            found[name] = _attached(desk, case, value, work_item_id)
        else:
            _must_be_plain(name, value)
            found[name] = value
    return found


def without_secrets(variables: Mapping[str, Any]) -> dict[str, Any]:
    """Return variables without what stands for confidential values, however deep it lies."""
    return {name: _cleared(value) for name, value in variables.items() if not is_reference(value)}


def _cleared(value: Any) -> Any:
    if isinstance(value, dict):
        return without_secrets(value)
    if isinstance(value, list | tuple):
        return [_cleared(one) for one in value if not is_reference(one)]
    return value


def _must_be_plain(name: str, value: Any) -> None:
    if isinstance(value, dict):
        if is_reference(value) or ATTACHED in value:
            raise Refusal("external.reserved", name=name)
        for one in value.values():
            _must_be_plain(name, one)
    elif isinstance(value, list | tuple):
        for one in value:
            _must_be_plain(name, one)


def _attached(
    desk: Desk, case: CaseRow, file: FileValue, work_item_id: str | None
) -> dict[str, object]:
    name = file.name.replace("\\", "/").rpartition("/")[2].strip()[-NAME_LENGTH:] or "file"
    media_type = media_type_of(name, file.content)
    row = Attachment(
        authority_id=case.authority_id,
        case_id=case.id,
        work_item_id=work_item_id,
        name=name,
        media_type=media_type,
        size=len(file.content),
        digest=desk.office.files.put(file.content),
        added_by=desk.actor.person_id,
        added_at=desk.now(),
    )
    desk.session.add(row)
    desk.session.flush()
    return {ATTACHED: row.id, "name": name, "type": media_type, "size": row.size}
