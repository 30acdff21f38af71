"""Extend a running deadline: asked for with reasons, decided by whom its rule names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from engine.desk import Desk, Fact, Right
from engine.desk.holders import people_in_role
from engine.desk.notices import tell
from engine.desk.rounds import keep, loaded
from engine.errors import NotAllowed, NotFound, Refusal
from engine.model.deadline_changes import Extension
from engine.model.identifiers import PersonId
from engine.store.deadlines import newest
from engine.store.tables import CaseRow, DeadlineRow, ExtensionRequest

if TYPE_CHECKING:
    from engine.model.deadlines import Deadline


class ExtensionSettled(Refusal):
    """There is a request already, or it has been decided."""


def request_extension(desk: Desk, case_id: str, key: str, *, reasons: str) -> ExtensionRequest:
    """Ask that a running deadline be extended as its rule allows.

    Args:
        desk: Of somebody who handles the case.
        case_id: The case.
        key: The deadline's key, such as ``DL-CA-3``.
        reasons: Why the time does not suffice.

    Raises:
        NotFound: No such case or deadline in it.
        PeriodExpired: The period is over.
        Refusal: It may not be extended, or not again; the reasons are missing.
        ExtensionSettled: A request is pending.

    Source: the deadline's own rule, such as S0篇1§8.
    """
    case = desk.case(case_id, may=Right.EXTEND)
    row, deadline = _deadline(desk, case, key)
    _extended(desk, deadline, desk.actor.person_id, reasons)
    pending = desk.session.scalar(
        sa.select(ExtensionRequest.id).where(
            ExtensionRequest.deadline_id == row.id, ExtensionRequest.state == "pending"
        )
    )
    if pending is not None:
        raise ExtensionSettled("extension.asked", rule=deadline.rule.source, key=key)
    request = ExtensionRequest(
        authority_id=case.authority_id,
        case_id=case.id,
        deadline_id=row.id,
        reasons=reasons,
        requested_by=desk.actor.person_id,
        requested_at=desk.now(),
    )
    desk.session.add(request)
    desk.session.flush()
    desk.record(case, Fact.EXTENSION_REQUESTED, key=key, request=request.id, reasons=reasons)
    title = deadline.rule.title.zh
    tell(desk, case, _approvers(desk, case, deadline), "extension.asked", title=title)
    return request


def decide_extension(
    desk: Desk, request_id: str, *, granted: bool, reasons: str
) -> ExtensionRequest:
    """Grant or reject a request; granted, the last day moves and everybody is told.

    An extension keeps a period from ending, it does not bring one back: a request that
    is not decided in time comes too late.

    Raises:
        NotFound: There is none, or the actor may not know of the case.
        NotAllowed: The actor does not hold the role that the rule names, or asked for it.
        PeriodExpired: The period is over by now.
        ExtensionSettled: It has been decided.
        Refusal: It may not be extended again; the reasons are missing.

    Source: the deadline's own rule, such as S0篇1§8; the approver there is proposed.
    """
    request = desk.session.get(ExtensionRequest, request_id)
    if request is None:
        raise NotFound(request_id)
    case = desk.case(request.case_id, may=Right.DECIDE)
    desk.session.refresh(request, with_for_update=True)
    if request.state != "pending":
        raise ExtensionSettled("extension.decided", state=request.state)
    row = desk.session.get_one(DeadlineRow, request.deadline_id)
    deadline = loaded(desk, case, row)
    source = deadline.rule.source
    if desk.actor.person_id == request.requested_by:
        raise NotAllowed("extension.own", rule=source)
    if desk.actor.person_id not in _approvers(desk, case, deadline):
        raise NotAllowed("extension.not_approver", rule=source, key=row.key)
    if not reasons.strip():
        raise Refusal("reasons.missing", rule=source)
    request.state = "granted" if granted else "rejected"
    request.decided_by = desk.actor.person_id
    request.decided_at = desk.now()
    request.decision_reasons = reasons
    if granted:
        changed = _extended(desk, deadline, desk.actor.person_id, request.reasons)
        keep(desk, case, row, changed, kind="extension")
    desk.record(
        case,
        Fact.EXTENSION_DECIDED,
        key=row.key,
        request=request.id,
        granted=granted,
        last_day=row.last_day.isoformat(),
        reasons=reasons,
    )
    told = "extension.granted" if granted else "extension.rejected"
    title = deadline.rule.title.zh
    tell(
        desk,
        case,
        [request.requested_by],
        told,
        title=title,
        last_day=row.last_day.isoformat(),
    )
    return request


def _deadline(desk: Desk, case: CaseRow, key: str) -> tuple[DeadlineRow, Deadline]:
    row = newest(desk.session, case.id, (key,)).get(key)
    if row is None:
        raise NotFound(key)
    return row, loaded(desk, case, row)


def _extended(desk: Desk, deadline: Deadline, by: str, reasons: str) -> Deadline:
    """Return the deadline as it would be; this refuses what its rule does not allow."""
    if not reasons.strip():
        raise Refusal("reasons.missing", rule=deadline.rule.source)
    if deadline.rule.extension is None:
        raise Refusal(
            "deadline.not_extendable",
            rule=deadline.rule.source,
            deadline=str(deadline.rule.key),
        )
    extension = Extension(deadline.rule.extension.by, PersonId(by), reasons, desk.now())
    return deadline.extended(extension, desk.calendar())


def _approvers(desk: Desk, case: CaseRow, deadline: Deadline) -> set[str]:
    policy = deadline.rule.extension
    return set() if policy is None else set(people_in_role(desk, case, str(policy.approver)))
