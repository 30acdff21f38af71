"""Remind whoever has a work item (提醒); free, and not to be confused with 催办."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from engine.desk import Desk, Fact
from engine.desk.holders import people_behind
from engine.desk.notices import tell
from engine.desk.settings import setting
from engine.desk.working import item_and_case
from engine.errors import Refusal
from engine.model.settings import SettingKey
from engine.store.tables import ReminderRow, WorkItemRow

SOURCE = "operations, 催办"


def remind_work(desk: Desk, work_item_id: str) -> ReminderRow:
    """Tell whoever has a waiting item, or those who may take it, that it is waited for.

    It counts for nothing: a notice of dunning (催办通知书) is another thing.

    Raises:
        NotFound, Recused, NotAllowed: The actor may not see the case.
        Refusal: It waits no longer, the actor reminded of it a short time ago, or there is
            nobody else to remind.

    Source: operations, 催办 (nudge the holder, rate-limited); proposed.
    """
    case, item = item_and_case(desk, work_item_id)
    if item.state not in {"open", "claimed"}:
        raise Refusal("item.withdrawn", item=item.name)
    _must_not_be_too_soon(desk, item)
    people = [item.claimed_by] if item.claimed_by else people_behind(desk, case, item.candidates)
    others = {one for one in people if one and one != desk.actor.person_id}
    if not others:
        raise Refusal("remind.nobody", item=item.name)
    told = tell(desk, case, others, "work.reminded", title=item.name)
    row = ReminderRow(
        authority_id=case.authority_id,
        case_id=case.id,
        work_item_id=item.id,
        sent_by=desk.actor.person_id,
        sent_at=desk.now(),
        told=told,
    )
    desk.session.add(row)
    desk.record(
        case, Fact.ITEM_REMINDED, item=item.id, element=item.element, name=item.name, told=told
    )
    return row


def _must_not_be_too_soon(desk: Desk, item: WorkItemRow) -> None:
    last = desk.session.scalar(
        sa.select(sa.func.max(ReminderRow.sent_at)).where(
            ReminderRow.work_item_id == item.id, ReminderRow.sent_by == desk.actor.person_id
        )
    )
    every = timedelta(hours=setting(desk, SettingKey.REMINDER_HOURS))
    if last is not None and desk.now() < last + every:
        zone = desk.calendar(item.authority_id).zone
        again = (last + every).astimezone(zone).strftime("%Y-%m-%d %H:%M")
        raise Refusal("remind.too_soon", rule=SOURCE, item=item.name, again=again)
