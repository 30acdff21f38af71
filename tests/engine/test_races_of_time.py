"""到期与办理同时，两个节点同时清扫：恰有一个结果（issue 8，PostgreSQL）。"""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
import sqlalchemy as sa

from engine.commands.claim_work import claim_work
from engine.commands.complete_work import complete_work
from engine.commands.fire_due import fire_due
from engine.commands.fire_reminders import fire_reminders
from engine.errors import EngineError, Refusal
from engine.store.tables import DueRow, WorkItemRow
from scheduler import sweep
from tests.engine.boardroom import INQUIRY, MONDAY, Boardroom
from tests.engine.interleaving import meet
from tests.engine.races import BOTH_ORDERS, in_turn, published, shared, sound

__all__ = ["shared"]

pytestmark = pytest.mark.postgres

TIMED = (
    (
        '<sequenceFlow id="f2"',
        (
            '<boundaryEvent id="ev_two_days" attachedToRef="ut_inquire">'
            '<timerEventDefinition id="t1">'
            '<timeDuration xsi:type="tFormalExpression">P2D</timeDuration></timerEventDefinition>'
            '</boundaryEvent><sequenceFlow id="g1" sourceRef="ev_two_days" targetRef="ut_taken"/>'
            '<userTask id="ut_taken" name="提级办理" camunda:candidateGroups="supervisory_chair"/>'
            '<sequenceFlow id="g2" sourceRef="ut_taken" targetRef="st_count"/><sequenceFlow id="f2"'
        ),
    ),
)


class TestCompletionAgainstTimer:
    """办结与到期同时：先者有效，后者落空。"""

    @BOTH_ORDERS
    def test_one_of_them_leads_on(self, shared: Boardroom, turned: bool) -> None:  # noqa: FBT001
        published(shared, *TIMED)
        case = shared.open()
        item = shared.item(case, "ut_inquire")
        timer = shared.one(sa.select(DueRow).where(DueRow.kind == "timer"))
        shared.clock.move_to(MONDAY + timedelta(days=2))
        met = in_turn(
            shared,
            turned,
            partial(shared.give, "承办甲", complete_work, item.id, dict(INQUIRY)),
            partial(shared.give, "system", fire_due, timer.id),
        )
        assert met.second_waited
        if turned:
            assert met.second is True
            assert isinstance(met.first, Refusal)
            assert met.first.message_id == "item.withdrawn"
            assert shared.waits_for(case) == ["ut_taken"]
        else:
            assert isinstance(met.first, WorkItemRow)
            assert met.second is False
            assert shared.waits_for(case) == ["ut_decide"]
        sound(shared, case)


class TestReminderAgainstCompletion:
    """催办与办结同时：先办结的，不再提醒。"""

    @BOTH_ORDERS
    def test_nobody_is_reminded_of_what_is_done(self, shared: Boardroom, turned: bool) -> None:  # noqa: FBT001
        case = shared.open()
        item = shared.claim("承办甲", case, "ut_inquire")
        due = shared.one(sa.select(DueRow).where(DueRow.kind == "remind").order_by(DueRow.due_at))
        shared.clock.move_to(due.due_at)
        before = len(shared.told("承办甲"))
        met = in_turn(
            shared,
            turned,
            partial(shared.give, "承办甲", complete_work, item.id, dict(INQUIRY)),
            partial(shared.give, "system", fire_due, due.id),
        )
        assert isinstance(met.first, WorkItemRow), met
        assert met.second_waited
        assert met.second is turned
        assert len(shared.told("承办甲")) - before == int(turned)
        sound(shared, case)


class TestSweepsOfTwoNodes:
    """两个节点同时清扫：一件提醒只发一次，谁也不等谁。"""

    def test_the_second_passes_over_what_the_first_holds(self, shared: Boardroom) -> None:
        shared.open()
        due = shared.one(sa.select(DueRow).where(DueRow.kind == "remind").order_by(DueRow.due_at))
        shared.clock.move_to(due.due_at)
        fires = partial(shared.give, "system", fire_reminders, [due.id])
        met = meet(shared.office, fires, fires)
        assert (met.first, met.second) == (1, 0)
        assert not met.second_waited

    def test_of_a_case_in_use_it_stays_armed_and_of_the_other_it_fires(
        self, shared: Boardroom
    ) -> None:
        held, free = shared.open(), shared.open()
        item = shared.item(held, "ut_inquire")
        rows = {
            row.case_id: row
            for row in shared.all(
                sa.select(DueRow).where(DueRow.kind == "remind").order_by(DueRow.due_at.desc())
            )
        }
        shared.clock.move_to(max(row.due_at for row in rows.values()))
        ids = [row.id for row in rows.values()]
        met = meet(
            shared.office,
            partial(shared.give, "承办甲", claim_work, item.id),
            partial(shared.give, "system", fire_reminders, ids),
        )
        assert not isinstance(met.first, EngineError), met
        assert (met.second, met.second_waited) == (1, False)
        states = {row.case_id: row.state for row in shared.all(sa.select(DueRow)) if row.id in ids}
        assert states == {held.id: "armed", free.id: "fired"}
        assert sweep(shared.office) >= 1
        assert shared.one(sa.select(DueRow).where(DueRow.id == rows[held.id].id)).state == "fired"
