"""Incidents: what stopped a case and waits for an administrator."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import sqlalchemy as sa

import bpmn
from engine.desk.desk import Desk
from engine.desk.facts import Fact
from engine.store.tables import CaseRow, DueRow, Incident

NOBODY = "nobody"
"""The kind of an incident in which nobody holds the role of a step."""
STEP = "step"
"""The kind of an incident in which the diagram failed."""
RETRY = "retry"
"""The kind of a due row by which the platform tries an incident again."""
FIRST_WAIT = timedelta(minutes=1)
MOST_RETRIES = 3


def raise_incident(
    desk: Desk, case: CaseRow, element: str, kind: str, *, zh: str, en: str, **more: object
) -> Incident:
    """Put an incident before the administrators; the case waits.

    Args:
        desk: Of the command.
        case: Locked.
        element: The element concerned; empty where it is none in particular.
        kind: `NOBODY` or `STEP`.
        zh: What, where and why, in Chinese.
        en: The same in English.
        more: What a retry needs, kept with the reason.
    """
    reason: dict[str, object] = {"zh": zh, "en": en, **more}
    incident = Incident(
        authority_id=case.authority_id,
        case_id=case.id,
        element=element,
        kind=kind,
        reason=reason,
        happened_at=desk.now(),
    )
    desk.session.add(incident)
    desk.record(case, Fact.INCIDENT_RAISED, element=element, kind=kind, reason=reason)
    return incident


def keep_failure(desk: Desk, case: CaseRow, failed: bpmn.Incident) -> None:
    """Put what the diagram holds before the administrators, and try again by itself later.

    One that failed again stays the incident that it was, with one retry less. The platform
    tries after 1, 2 and 4 minutes; then it is left to a person.

    Args:
        desk: Of the command.
        case: Locked; its state holds the failure.
        failed: As the step told it.
    """
    known = _held_by(desk, case, failed.id)
    more: dict[str, object] = {"token": failed.id, "retries": failed.retries}
    if known is None:
        raise_incident(desk, case, failed.element, STEP, zh=failed.zh, en=failed.en, **more)
    else:
        known.reason = {"zh": failed.zh, "en": failed.en, **more}
        desk.record(
            case, Fact.INCIDENT_RAISED, element=failed.element, kind=STEP, reason=known.reason
        )
    if failed.retries:
        desk.session.add(
            DueRow(
                authority_id=case.authority_id,
                case_id=case.id,
                kind=RETRY,
                ref=failed.id,
                due_at=desk.now() + FIRST_WAIT * 2 ** (MOST_RETRIES - failed.retries),
            )
        )


def settle_failures(desk: Desk, case: CaseRow, tokens: Iterable[str]) -> None:
    """Take incidents off the list whose token went on or was withdrawn."""
    for token in tokens:
        known = _held_by(desk, case, token)
        if known is not None:
            known.resolved_at = desk.now()
            desk.record(
                case,
                Fact.INCIDENT_RESOLVED,
                incident=known.id,
                element=known.element,
                kind=known.kind,
            )
        for due in desk.session.scalars(
            sa.select(DueRow).where(
                DueRow.case_id == case.id,
                DueRow.kind == RETRY,
                DueRow.ref == token,
                DueRow.state == "armed",
            )
        ):
            due.state = "withdrawn"


def _held_by(desk: Desk, case: CaseRow, token: str) -> Incident | None:
    desk.session.flush()
    rows = desk.session.scalars(
        sa.select(Incident).where(
            Incident.case_id == case.id, Incident.kind == STEP, Incident.resolved_at.is_(None)
        )
    )
    return next((row for row in rows if row.reason.get("token") == token), None)
