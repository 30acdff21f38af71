"""Let a case stand still (挂起) and go on (恢复): its clocks stop only where the law lets them."""

from __future__ import annotations

import sqlalchemy as sa

from engine.desk import Desk, Fact, Right
from engine.desk.conflicts import bar_conflicts
from engine.desk.handing import SUSPENDED, hold, let_go
from engine.desk.happenings import set_status
from engine.desk.holders import people_in_role
from engine.desk.notices import tell
from engine.desk.rounds import keep, loaded
from engine.errors import NotAllowed, NotFound, Refusal
from engine.model.cases import CaseStatus
from engine.model.deadlines import DeadlineState
from engine.model.identifiers import PersonId
from engine.store.deadlines import running
from engine.store.tables import CaseRow, Suspension, WorkItemRow

APPROVER = "supervisory_board"
SOURCE = "procedures §9"
OPEN = ("pending", "granted")


class NotSuspendable(Refusal):
    """The case stands still already, is over, or no clock of it may be stopped."""


def request_suspension(desk: Desk, case_id: str, *, reasons: str) -> Suspension:
    """Ask that a case stand still while it waits for somebody else's conclusion.

    Raises:
        NotFound, Recused, NotAllowed: As `Desk.case` says.
        NotSuspendable: It is over, stands still, was asked for, or no deadline that runs may be
            stopped by the procedure.
        Refusal: The reasons are missing.

    Source: procedures §9 (clock_suspended: 等待司法/主管机关结论,须有批准).
    """
    case = desk.case(case_id, may=Right.EXTEND)
    if not reasons.strip():
        raise Refusal("reasons.missing", rule=SOURCE)
    if case.closed_at is not None or _newest(desk, case) is not None:
        raise NotSuspendable("suspension.not_now", rule=SOURCE, case=case.number)
    if not stoppable(desk, case):
        raise NotSuspendable("suspension.no_clock", rule=SOURCE, case=case.number)
    row = Suspension(
        authority_id=case.authority_id,
        case_id=case.id,
        reasons=reasons.strip(),
        requested_by=desk.actor.person_id,
        requested_at=desk.now(),
    )
    desk.session.add(row)
    desk.session.flush()
    desk.record(case, Fact.SUSPENSION_REQUESTED, suspension=row.id, reasons=reasons.strip())
    people = {one for role in approvers_of(desk, case) for one in people_in_role(desk, case, role)}
    tell(desk, case, people - {desk.actor.person_id}, "suspension.asked")
    return row


def decide_suspension(desk: Desk, suspension_id: str, *, granted: bool, reasons: str) -> Suspension:
    """Decide on the request: granted, the clocks that may stop stop today; all others run on.

    The work under a stopped clock waits until the case goes on.

    Raises:
        NotFound: There is none, or the actor may not know of the case.
        Recused, NotAllowed: A conflict bars the actor, the role does not decide, or the actor
            asked for it.
        NotSuspendable: It has been decided, or the case is over.
        Refusal: The reasons are missing.
    """
    row = desk.session.get(Suspension, suspension_id)
    if row is None:
        raise NotFound(suspension_id)
    case = desk.case(row.case_id, may=Right.MOVE)
    desk.session.refresh(row, with_for_update=True)
    if row.state != "pending" or case.closed_at is not None:
        raise NotSuspendable("suspension.decided", rule=SOURCE, case=case.number)
    if row.requested_by == desk.actor.person_id:
        raise NotAllowed("suspension.own", rule=SOURCE)
    _must_approve(desk, case)
    if not reasons.strip():
        raise Refusal("reasons.missing", rule=SOURCE)
    row.decided_by, row.decided_at = desk.actor.person_id, desk.now()
    row.decision_reasons = reasons.strip()
    row.state = "granted" if granted else "rejected"
    if granted:
        row.keys = _stop(desk, case, reasons.strip())
        row.status_before = case.status
        set_status(desk, case, CaseStatus.CLOCK_SUSPENDED.value)
    desk.record(
        case,
        Fact.SUSPENSION_DECIDED,
        suspension=row.id,
        granted=granted,
        reasons=reasons.strip(),
        deadlines=row.keys,
    )
    tell(desk, case, [row.requested_by], f"suspension.{row.state}")
    return row


def resume_case(desk: Desk, case_id: str, *, reasons: str) -> Suspension:
    """Let a case go on: what was left of its stopped deadlines counts from tomorrow.

    Raises:
        NotFound, Recused, NotAllowed: As `Desk.case` says, or the role does not decide.
        NotSuspendable: It does not stand still.
        Refusal: The reasons are missing.

    Source: procedures §9; C14; proposed.
    """
    case = desk.case(case_id, may=Right.MOVE)
    _must_approve(desk, case)
    row = _newest(desk, case)
    if row is None or row.state != "granted":
        raise NotSuspendable("suspension.none", rule=SOURCE, case=case.number)
    if not reasons.strip():
        raise Refusal("reasons.missing", rule=SOURCE)
    row.state, row.ended_by, row.ended_at = "ended", desk.actor.person_id, desk.now()
    calendar = desk.calendar(case.authority_id)
    for deadline in running(desk.session, case.id):
        if deadline.state == DeadlineState.SUSPENDED and deadline.key in row.keys:
            again = loaded(desk, case, deadline).resumed(now=desk.now(), calendar=calendar)
            keep(desk, case, deadline, again, kind="resume")
    for item in _waiting(desk, case):
        let_go(item, SUSPENDED)
    if case.status == CaseStatus.CLOCK_SUSPENDED:
        set_status(desk, case, row.status_before)
    desk.record(
        case, Fact.CASE_RESUMED, suspension=row.id, reasons=reasons.strip(), deadlines=row.keys
    )
    holders = {item.claimed_by for item in _waiting(desk, case) if item.claimed_by}
    tell(desk, case, holders | {row.requested_by}, "case.resumed")
    return row


def approvers_of(desk: Desk, case: CaseRow) -> frozenset[str]:
    """Return the roles that let a case stand still: the parameter `suspension.approvers`."""
    given = desk.version(case).parameters.get("suspension", {})
    named = given.get("approvers", APPROVER) if isinstance(given, dict) else APPROVER
    return frozenset(part.strip() for part in str(named).split(";") if part.strip())


def stoppable(desk: Desk, case: CaseRow) -> dict[str, str]:
    """Return the running deadlines whose clock the procedure lets stop: source by key."""
    rules = desk.version(case).rules.deadlines
    stops = {str(key): rule.stops for key, rule in rules.items() if rule.stops}
    return {
        row.key: stops[row.key]
        for row in running(desk.session, case.id)
        if row.key in stops
        and row.state == DeadlineState.RUNNING
        and not loaded(desk, case, row).is_over(desk.now())
    }


def suspension_of(desk: Desk, case: CaseRow) -> Suspension | None:
    """Return the suspension of a case that is asked for or lasts; a query."""
    return _newest(desk, case)


def _must_approve(desk: Desk, case: CaseRow) -> None:
    if desk.standing(case).roles.isdisjoint(approvers_of(desk, case)):
        raise NotAllowed("suspension.not_approver", rule=SOURCE)
    bar_conflicts(desk, case, desk.actor.person_id)


def _stop(desk: Desk, case: CaseRow, reasons: str) -> list[str]:
    """Stop the clocks that may stop, and hold the work under them."""
    calendar = desk.calendar(case.authority_id)
    keys = stoppable(desk, case)
    for row in running(desk.session, case.id):
        if row.key in keys and row.state == DeadlineState.RUNNING:
            held = loaded(desk, case, row).suspended(
                approved_by=PersonId(desk.actor.person_id),
                reasons=reasons,
                now=desk.now(),
                calendar=calendar,
            )
            keep(desk, case, row, held, kind="hold")
    for item in _waiting(desk, case):
        if item.deadline_key in keys:
            hold(item, SUSPENDED)
    return sorted(keys)


def _newest(desk: Desk, case: CaseRow) -> Suspension | None:
    return desk.session.scalar(
        sa.select(Suspension)
        .where(Suspension.case_id == case.id, Suspension.state.in_(OPEN))
        .order_by(Suspension.requested_at.desc())
        .limit(1)
    )


def _waiting(desk: Desk, case: CaseRow) -> list[WorkItemRow]:
    return list(
        desk.session.scalars(
            sa.select(WorkItemRow).where(
                WorkItemRow.case_id == case.id, WorkItemRow.state.in_(("open", "claimed"))
            )
        )
    )
