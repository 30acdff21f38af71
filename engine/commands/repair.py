"""Put right what stopped: try an incident, a due row or a dead job again."""

from __future__ import annotations

import sqlalchemy as sa

from engine.desk import Desk, Fact, Right
from engine.desk.advance import retry_step
from engine.desk.external import EXTERNAL, try_again
from engine.desk.holders import people_behind
from engine.desk.jobs_of import belongs_elsewhere
from engine.desk.working import reoffer
from engine.errors import NotFound, Refusal
from engine.store.tables import DueRow, Incident, OutboxJob, WorkItemRow

NOBODY = "nobody"


class StillStopped(Refusal):
    """What stopped the case has not been put right yet."""


def retry_incident(desk: Desk, incident_id: str) -> Incident:
    """Take an incident off the list once its cause is gone, and let its case go on.

    Where nobody could take the work it is offered anew, and there must be somebody now.
    A task on which a worker gave up is given out once more.
    Where the diagram holds what failed, that is tried again now. Where a whole step failed, what
    fell due is tried again at the next sweep; whoever acts in
    the case simply acts again. If it fails again, it comes back as a new incident.

    Args:
        desk: Of an administrator of the case's authority.
        incident_id: Which.

    Raises:
        NotFound: There is none for the actor.
        NotAllowed: The actor does not repair cases.
        StillStopped: Still nobody holds the role.
        StepFault: The diagram failed again; the incident stays.
    """
    incident = desk.own(Incident, incident_id)
    case = desk.case(incident.case_id, may=Right.REPAIR)
    if incident.resolved_at is not None:
        return incident
    if incident.kind == EXTERNAL:
        try_again(desk, incident)
    if incident.kind == NOBODY:
        reoffer(desk, case)
        waiting = desk.session.scalars(
            sa.select(WorkItemRow).where(
                WorkItemRow.case_id == case.id,
                WorkItemRow.element == incident.element,
                WorkItemRow.state == "open",
            )
        )
        if any(not people_behind(desk, case, item.candidates) for item in waiting):
            raise StillStopped("incident.still_nobody", element=incident.element)
    token = incident.reason.get("token")
    if isinstance(token, str) and retry_step(desk, case, token):
        return incident
    for due in desk.session.scalars(
        sa.select(DueRow).where(
            DueRow.case_id == case.id, DueRow.state == "armed", DueRow.failures > 0
        )
    ):
        due.not_before = None
    incident.resolved_at = desk.now()
    desk.record(
        case,
        Fact.INCIDENT_RESOLVED,
        incident=incident.id,
        element=incident.element,
        kind=incident.kind,
    )
    return incident


def retry_due(desk: Desk, due_id: str) -> None:
    """Have something that fell due and failed tried at the next sweep.

    Raises:
        NotFound: There is none of the actor's authority that failed.
        NotAllowed: The actor does not repair cases.
    """
    due = desk.session.get(DueRow, due_id)
    if due is None or due.case_id is None or due.state != "armed" or not due.failures:
        raise NotFound(due_id)
    desk.case(due.case_id, may=Right.REPAIR)
    due.not_before = None


def retry_job(desk: Desk, job_id: str) -> None:
    """Have a dead job done again; what its key has done already is not done twice.

    Raises:
        NotFound: The authority has no such dead job.
        NotAllowed: The actor is no administrator.
    """
    desk.require_admin()
    job = desk.session.get(OutboxJob, job_id, with_for_update=True)
    if job is None or job.state != "dead" or belongs_elsewhere(desk, job.payload):
        raise NotFound(job_id)
    job.state, job.attempts, job.not_before = "todo", 0, desk.now()
