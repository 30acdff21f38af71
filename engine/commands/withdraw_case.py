"""Withdraw a case (撤案): proposed with reasons, approved by another, before a finding."""

from __future__ import annotations

import sqlalchemy as sa

from engine.desk import Desk, Fact, Right
from engine.desk.conflicts import bar_conflicts
from engine.desk.ending import end_early
from engine.desk.holders import people_in_role
from engine.desk.notices import tell
from engine.desk.rights import OUTSIDERS
from engine.errors import NotAllowed, Refusal
from engine.model.cases import CaseStatus
from engine.store.tables import AuditEntry, CaseRow, DecisionRow, FactRow

APPROVER = "supervisory_board"
FINDING = "report_submitted"
"""The fact that something was found: from then on the case is decided, not withdrawn."""

SOURCE = "procedures §9"
OUTCOME = "withdrawn"


class NotWithdrawable(Refusal):
    """The case has been decided, is over, or nobody has proposed its withdrawal."""


def propose_withdrawal(desk: Desk, case_id: str, *, reasons: str) -> None:
    """Propose that a case be withdrawn; somebody else decides.

    Raises:
        NotFound, Recused, NotAllowed: As `Desk.case` says.
        NotWithdrawable: It is over, has a decision, or something was found by then.
        Refusal: The reasons are missing.

    Source: procedures §9 (撤案,须理由); proposed.
    """
    case = desk.case(case_id, may=Right.WITHDRAW)
    _must_be_inside(desk, case)
    _must_be_open(desk, case)
    if not reasons.strip():
        raise Refusal("reasons.missing", rule=SOURCE)
    desk.record(case, Fact.WITHDRAWAL_PROPOSED, reasons=reasons)
    people = {one for role in approvers_of(desk, case) for one in people_in_role(desk, case, role)}
    tell(desk, case, people - {desk.actor.person_id}, "withdrawal.asked")


def decide_withdrawal(desk: Desk, case_id: str, *, granted: bool, reasons: str) -> CaseRow:
    """Decide on the proposal; granted, everything open ends and the case is closed.

    Raises:
        NotFound, Recused: As `Desk.case` says.
        NotAllowed: The actor's role does not decide, or the actor proposed it.
        NotWithdrawable: It is over, decided, or no proposal is open.
        Refusal: The reasons are missing.
    """
    case = desk.case(case_id, may=Right.WITHDRAW)
    _must_be_inside(desk, case)
    _must_be_open(desk, case)
    proposer = _proposer(desk, case)
    if not proposer:
        raise NotWithdrawable("withdrawal.none", rule=SOURCE, case=case.number)
    if proposer == desk.actor.person_id:
        raise NotAllowed("withdrawal.own", rule=SOURCE)
    if desk.standing(case).roles.isdisjoint(approvers_of(desk, case)):
        raise NotAllowed("withdrawal.not_approver", rule=SOURCE)
    if not reasons.strip():
        raise Refusal("reasons.missing", rule=SOURCE)
    desk.record(case, Fact.WITHDRAWAL_DECIDED, granted=granted, reasons=reasons)
    if granted:
        end_early(desk, case, OUTCOME, CaseStatus.WITHDRAWN)
    return case


def approvers_of(desk: Desk, case: CaseRow) -> frozenset[str]:
    """Return the roles that approve a withdrawal: the parameter `withdrawal.approvers`."""
    given = desk.version(case).parameters.get("withdrawal", {})
    named = given.get("approvers", APPROVER) if isinstance(given, dict) else APPROVER
    return frozenset(part.strip() for part in str(named).split(";") if part.strip())


def findings_of(desk: Desk, case: CaseRow) -> frozenset[str]:
    """Return the facts after which nothing is withdrawn: the parameter `withdrawal.before`."""
    given = desk.version(case).parameters.get("withdrawal", {})
    named = given.get("before", FINDING) if isinstance(given, dict) else FINDING
    return frozenset(part.strip() for part in str(named).split(";") if part.strip())


def is_found_on(desk: Desk, case: CaseRow) -> bool:
    """Return whether something was found or decided in a case."""
    decided = desk.session.scalar(
        sa.select(DecisionRow.id).where(DecisionRow.case_id == case.id).limit(1)
    )
    found = desk.session.scalar(
        sa.select(FactRow.id)
        .where(FactRow.case_id == case.id, FactRow.name.in_(findings_of(desk, case)))
        .limit(1)
    )
    return decided is not None or found is not None


def _must_be_open(desk: Desk, case: CaseRow) -> None:
    if case.closed_at is not None or is_found_on(desk, case):
        raise NotWithdrawable("withdrawal.too_late", rule=SOURCE, case=case.number)


def _must_be_inside(desk: Desk, case: CaseRow) -> None:
    """Refuse a reporter or subject who holds a post as well, and whoever has a conflict.

    Source: operations, 撤销 (by the authority that opened the case, never by a reporter).
    """
    if desk.standing(case).relations & OUTSIDERS:
        raise NotAllowed("withdrawal.outsider", rule=SOURCE, case=case.number)
    bar_conflicts(desk, case, desk.actor.person_id)


def _proposer(desk: Desk, case: CaseRow) -> str:
    """Return who made the proposal that is still open, or ""."""
    newest = desk.session.scalar(
        sa.select(AuditEntry)
        .where(
            AuditEntry.case_id == case.id,
            AuditEntry.fact.in_((Fact.WITHDRAWAL_PROPOSED, Fact.WITHDRAWAL_DECIDED)),
        )
        .order_by(AuditEntry.sequence.desc())
        .limit(1)
    )
    if newest is None or newest.fact != Fact.WITHDRAWAL_PROPOSED:
        return ""
    return newest.actor
