"""Reminder notices (催办通知书) for work that is overdue: who may send one, when, how many.

Source: S2 L80: 政府督查部门两次发出催办通知书，仍不能完成的移送监察机关; SUP-011.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from engine.desk.cards import holders_of
from engine.desk.deadlines import state_fact
from engine.desk.desk import Desk
from engine.desk.facts import Fact
from engine.desk.holders import people_behind
from engine.desk.notices import tell
from engine.desk.rounds import deadline_now
from engine.errors import NotAllowed, Refusal
from engine.model.deadlines import DeadlineState
from engine.model.periods import last_day
from engine.model.procedure_rules import ProcedureRules
from engine.store.tables import CaseRow, Dunning, WorkItemRow

SOURCE = "S2 L80"
DUNNED, EXHAUSTED = "dunned", "dunning_exhausted"
"""The facts that notices state, besides ``dunned_1``, ``dunned_2`` …; and the message."""
INTERVAL = "dunning.interval"
_WAITING = frozenset({"open", "claimed"})


def may_dun(desk: Desk, case: CaseRow) -> None:
    """Check that the procedure lets the actor send reminder notices.

    Raises:
        Refusal: Nobody may in this procedure.
        NotAllowed: Others may.
    """
    rule = desk.version(case).rules.dunning
    if rule is None:
        raise Refusal("dunning.none", rule=SOURCE, case=case.number)
    if desk.standing(case).roles.isdisjoint(rule.by):
        raise NotAllowed("dunning.not_yours", rule=rule.source, case=case.number)


def sent_for(desk: Desk, item: WorkItemRow) -> list[Dunning]:
    """Return the notices sent for a work item, the first one first."""
    query = sa.select(Dunning).where(Dunning.work_item_id == item.id)
    return list(desk.session.scalars(query.order_by(Dunning.number)))


def next_notice(
    desk: Desk, case: CaseRow, item: WorkItemRow, reasons: str
) -> tuple[int, Mapping[str, Any]]:
    """Return number and contents of the notice that may be sent for an item now.

    Raises:
        Refusal: The work is done, is not late, has time from the notice before, or has
            got all its notices: then it is to be transferred (SUP-011).
    """
    rules = desk.version(case).rules
    if item.state not in _WAITING:
        raise Refusal("dunning.item_over", rule=SOURCE, item=item.name)
    if not reasons.strip():
        raise Refusal("reasons.missing", rule=SOURCE)
    sent, most = sent_for(desk, item), rules.most_dunnings
    if len(sent) >= most:
        raise Refusal("dunning.exhausted", rule=SOURCE, item=item.name, most=most)
    deadline = deadline_now(desk, case, item.deadline_key) if item.deadline_key else None
    runs = deadline is not None and deadline.state is DeadlineState.RUNNING
    if deadline is None or not runs or not deadline.is_over(desk.now()):
        raise Refusal(
            "dunning.not_due",
            rule=SOURCE,
            item=item.name,
            last_day=deadline.last_day.isoformat() if deadline is not None else "—",
        )
    calendar = desk.calendar(case.authority_id)
    today = calendar.day_of(desk.now())
    before = sent[-1].last_day if sent else None
    if before is not None and today <= before:
        raise Refusal("dunning.too_soon", rule=SOURCE, item=item.name, last_day=before.isoformat())
    number = len(sent) + 1
    ends = _interval(rules)
    return number, {
        "element": item.element,
        "name": item.name,
        "count": number,
        "most": most,
        "sent_on": today,
        "last_day": last_day(ends, today, calendar).last_day if ends is not None else None,
        "reasons": reasons.strip(),
    }


def dun(
    desk: Desk, case: CaseRow, item: WorkItemRow, reasons: str, *, document_id: str | None = None
) -> dict[str, Any]:
    """Send the next notice for an item: counted, told, on the record; return its contents.

    The caller gives them to the diagram.

    Args:
        desk: Of the command.
        case: Locked.
        item: The work that is late.
        reasons: What is to be done.
        document_id: The notice as a paper, where there is one.

    Raises:
        Refusal: As `next_notice` says.
    """
    number, notice = next_notice(desk, case, item, reasons)
    desk.session.add(
        Dunning(
            authority_id=case.authority_id,
            case_id=case.id,
            work_item_id=item.id,
            number=number,
            reasons=notice["reasons"],
            last_day=notice["last_day"],
            document_id=document_id,
            sent_on=notice["sent_on"],
            sent_by=desk.actor.person_id,
            sent_at=desk.now(),
        )
    )
    behind = [item.claimed_by] if item.claimed_by else people_behind(desk, case, item.candidates)
    told = tell(
        desk,
        case,
        {*behind, *holders_of(desk, case, item.deadline_key)},
        "dunning.sent",
        title=item.name,
        number=number,
    )
    desk.record(
        case,
        Fact.DUNNED,
        item=item.id,
        element=item.element,
        name=item.name,
        number=number,
        last_day=notice["last_day"].isoformat() if notice["last_day"] else None,
        document=document_id,
        told=told,
        reasons=notice["reasons"],
    )
    facts = [DUNNED, f"{DUNNED}_{number}", *([EXHAUSTED] if number == notice["most"] else [])]
    for name in facts:
        state_fact(desk, case, name, happened_on=notice["sent_on"], work_item_id=item.id)
    return dict(notice)


def _interval(rules: ProcedureRules) -> Any:
    parameter = rules.parameters.get(INTERVAL)
    return parameter.period if parameter is not None else None
