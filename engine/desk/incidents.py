"""Incidents: what stopped a case and waits for an administrator."""

from __future__ import annotations

from engine.desk.desk import Desk
from engine.desk.facts import Fact
from engine.store.tables import CaseRow, Incident

NOBODY = "nobody"
"""The kind of an incident in which nobody holds the role of a step."""
STEP = "step"
"""The kind of an incident in which the diagram failed."""


def raise_incident(
    desk: Desk, case: CaseRow, element: str, kind: str, *, zh: str, en: str
) -> Incident:
    """Put an incident before the administrators; the case waits.

    Args:
        desk: Of the command.
        case: Locked.
        element: The element concerned; empty where it is none in particular.
        kind: `NOBODY` or `STEP`.
        zh: What, where and why, in Chinese.
        en: The same in English.
    """
    reason: dict[str, object] = {"zh": zh, "en": en}
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
