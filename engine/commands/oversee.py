"""What a supervision officer does with deviations (偏差): settle, confirm, lift."""

from __future__ import annotations

import sqlalchemy as sa

from engine.desk import Desk, Fact
from engine.desk.branches import follows_from
from engine.desk.deviations import (
    ACKNOWLEDGED,
    CONFIRMED,
    DISMISSED,
    EFFECTIVE,
    LIFTED,
    OPEN,
    SOURCE,
    officers_of,
)
from engine.desk.handing import STOPPED, hold, let_go
from engine.desk.holders import people_behind
from engine.desk.notices import tell
from engine.desk.opening import list_work
from engine.desk.rights import Relation, Right
from engine.desk.working import list_in_hands
from engine.errors import NotAllowed, Refusal
from engine.model.cases import CaseStatus
from engine.store import inboxes
from engine.store.tables import AuthorityRow, CaseRow, Deviation, WorkItemRow


def settle_deviation(desk: Desk, deviation_id: str, *, dismissed: bool, reasons: str) -> Deviation:
    """Acknowledge a finding, or dismiss it, with reasons.

    Raises:
        NotFound: The authority has none.
        NotAllowed: The actor is no supervision officer.
        Refusal: It is one's own act, it is settled, or reasons are missing.

    Source: SUP-002, SUP-006; proposed.
    """
    _must_oversee(desk)
    _must_have(reasons)
    row = _loaded(desk, deviation_id)
    case = desk.session.get(CaseRow, row.case_id) if row.case_id else None
    _settle(desk, row, DISMISSED if dismissed else ACKNOWLEDGED, reasons)
    desk.record(
        case,
        Fact.DEVIATION_SETTLED,
        deviation=row.id,
        dismissed=dismissed,
        reasons=reasons[:400],
    )
    return row


def report_overreach(desk: Desk, work_item_id: str, *, reasons: str) -> Deviation:
    """Report that a step that is done was done outside somebody's rights.

    Nothing is stopped by the report: only its confirmation does that.

    Raises:
        NotFound: There is none, or the actor may not know of it.
        NotAllowed: The actor does not supervise the case's authority.
        Refusal: The step is not done, is reported already, or reasons are missing.

    Source: SUP-002 (已生效的越权行为); proposed.
    """
    _must_oversee(desk)
    _must_have(reasons)
    case = desk.case_of_item(work_item_id, may=Right.WATCH)
    item = desk.session.get_one(WorkItemRow, work_item_id, populate_existing=True)
    if item.state != "done" or item.completed_by is None:
        raise Refusal("deviation.not_done", item=item.name)
    if desk.session.scalar(
        sa.select(Deviation.id).where(
            Deviation.work_item_id == item.id, Deviation.state.in_((OPEN, CONFIRMED))
        )
    ):
        raise Refusal("deviation.reported", item=item.name)
    row = Deviation(
        authority_id=case.authority_id,
        case_id=case.id,
        work_item_id=item.id,
        person_id=item.completed_by,
        kind=EFFECTIVE,
        command="complete_work",
        message="deviation.effective",
        params={"item": item.name},
        rule=SOURCE,
        reasons=reasons.strip(),
        first_at=desk.now(),
        last_at=desk.now(),
    )
    desk.session.add(row)
    desk.session.flush()
    desk.record(
        case,
        Fact.DEVIATION_RAISED,
        deviation=row.id,
        kind=EFFECTIVE,
        item=item.id,
        element=item.element,
        reasons=reasons[:400],
    )
    return row


def confirm_overreach(desk: Desk, deviation_id: str, *, reasons: str) -> Deviation:
    """Confirm that an act that took effect was outside rights: what follows from it stops.

    The waiting steps behind the act are held (`aborted_by_watch`) and leave the inboxes;
    parallel branches go on. It is reported to the supervision of the authority above.

    Raises:
        NotFound: The authority has none.
        NotAllowed: The actor is no supervision officer.
        Refusal: The act did not take effect, is one's own, or is settled; reasons are missing.

    Source: SUP-002 (中止该分支, 并上报).
    """
    _must_oversee(desk)
    _must_have(reasons)
    row = _loaded(desk, deviation_id)
    if row.kind != EFFECTIVE or row.case_id is None or row.work_item_id is None:
        raise Refusal("deviation.not_effective", rule=SOURCE)
    case = desk.case(row.case_id, may=Right.WATCH)
    act = desk.session.get_one(WorkItemRow, row.work_item_id)
    _settle(desk, row, CONFIRMED, reasons)
    definition = desk.version(case).definition
    told: set[str] = set()
    held: list[str] = []
    for item in _waiting(desk, case):
        if follows_from(definition, act, item):
            hold(item, STOPPED)
            held.append(item.id)
            told |= {item.claimed_by} if item.claimed_by else _people(desk, case, item)
    desk.session.flush()
    inboxes.take_out(desk.session, held)
    row.held = held
    above = desk.session.get_one(AuthorityRow, case.authority_id).parent_id
    upwards = officers_of(desk, above) if above is not None else []
    desk.record(
        case,
        Fact.BRANCH_STOPPED,
        deviation=row.id,
        status=CaseStatus.ABORTED_BY_WATCH.value,
        item=act.id,
        element=act.element,
        held=held,
        reported_to=upwards,
        reasons=reasons[:400],
    )
    tell(desk, case, {*told, *upwards, *officers_of(desk, case.authority_id)}, "branch.stopped")
    return row


def lift_stop(desk: Desk, deviation_id: str, *, reasons: str) -> Deviation:
    """Let a stopped branch go on, after what was wrong has been put right.

    Raises:
        NotFound: The authority has none.
        NotAllowed: The actor is no supervision officer.
        Refusal: Nothing is stopped by it, it is one's own act, or reasons are missing.

    Source: SUP-002; proposed.
    """
    _must_oversee(desk)
    _must_have(reasons)
    row = _loaded(desk, deviation_id)
    if row.state != CONFIRMED or row.case_id is None:
        raise Refusal("deviation.not_stopped", rule=SOURCE)
    _must_not_be_own(desk, row)
    case = desk.case(row.case_id, may=Right.WATCH)
    row.state = LIFTED
    told: set[str] = set()
    for item in _waiting(desk, case):
        if item.id in row.held and not _is_stopped_otherwise(desk, row, item):
            let_go(item, STOPPED)
            if item.claimed_by:
                list_in_hands(desk, case, item)
                told.add(item.claimed_by)
            else:
                list_work(desk, case, item, item.candidates)
                told |= _people(desk, case, item)
    desk.record(case, Fact.BRANCH_RELEASED, deviation=row.id, reasons=reasons[:400])
    tell(desk, case, told, "branch.released")
    return row


def _must_oversee(desk: Desk) -> None:
    if Relation.SUPERVISION.value not in desk.roles_held():
        raise NotAllowed("deviation.not_supervision", rule=SOURCE)


def _must_have(reasons: str) -> None:
    if not reasons.strip():
        raise Refusal("reasons.missing", rule=SOURCE)


def _must_not_be_own(desk: Desk, row: Deviation) -> None:
    if row.person_id == desk.actor.person_id:
        raise Refusal("deviation.own", rule=SOURCE)


def _loaded(desk: Desk, deviation_id: str) -> Deviation:
    row = desk.own(Deviation, deviation_id, lock=True)
    if row.case_id is not None:  # who is its subject, or recused from it, does not settle it
        desk.authorise(desk.session.get_one(CaseRow, row.case_id), Right.WATCH)
    return row


def _settle(desk: Desk, row: Deviation, state: str, reasons: str) -> None:
    _must_not_be_own(desk, row)
    if row.state != OPEN:
        raise Refusal("deviation.settled", rule=SOURCE)
    row.state = state
    row.settled_by, row.settled_at = desk.actor.person_id, desk.now()
    row.settled_reasons = reasons.strip()


def _waiting(desk: Desk, case: CaseRow) -> list[WorkItemRow]:
    return list(
        desk.session.scalars(
            sa.select(WorkItemRow).where(
                WorkItemRow.case_id == case.id, WorkItemRow.state.in_(("open", "claimed"))
            )
        )
    )


def _people(desk: Desk, case: CaseRow, item: WorkItemRow) -> set[str]:
    return set(people_behind(desk, case, item.candidates))


def _is_stopped_otherwise(desk: Desk, row: Deviation, item: WorkItemRow) -> bool:
    others = desk.session.scalars(
        sa.select(Deviation).where(
            Deviation.case_id == row.case_id, Deviation.state == CONFIRMED, Deviation.id != row.id
        )
    )
    return any(item.id in one.held for one in others)
