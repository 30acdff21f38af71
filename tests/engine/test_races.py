"""二人同时：恰有一个结果，另一人被明白告知（issue 8，PostgreSQL）。"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from engine.commands.claim_work import claim_work
from engine.commands.complete_work import complete_work
from engine.commands.decide import decide
from engine.commands.deliver_message import route_message
from engine.commands.file import file
from engine.commands.fire_due import fire_due
from engine.commands.fire_reminders import fire_reminders
from engine.commands.hand_over import transfer_work
from engine.commands.migrate_case import decide_migration, propose_migration
from engine.commands.open_case import open_case
from engine.commands.organise import open_account
from engine.commands.publish_version import approve_version
from engine.commands.withdraw_case import NotWithdrawable, decide_withdrawal, propose_withdrawal
from engine.errors import AlreadyTaken, EngineError, NotAllowed, Refusal
from engine.store.outbox import claim_jobs
from engine.store.tables import (
    Answers,
    CaseRow,
    DueRow,
    InboxRow,
    MessageRow,
    Motion,
    VersionRow,
    WorkItemRow,
)
from scheduler import sweep
from tests.engine.boardroom import (
    INQUIRY,
    MONDAY,
    Boardroom,
    draft_of,
)
from tests.engine.commands.conftest import Town, town_on_postgresql
from tests.engine.interleaving import Met, meet
from tests.engine.on_postgresql import boardroom_on_postgresql

__all__ = ["town_on_postgresql"]

pytestmark = pytest.mark.postgres

BOTH_ORDERS = pytest.mark.parametrize("turned", [False, True], ids=["as_named", "turned"])

FORKED = (
    (
        '<sequenceFlow id="f1" sourceRef="start_clue" targetRef="ut_inquire"/>',
        (
            '<sequenceFlow id="f1" sourceRef="start_clue" targetRef="gw_fork"/>'
            '<parallelGateway id="gw_fork"/><parallelGateway id="gw_join"/>'
            '<sequenceFlow id="g1" sourceRef="gw_fork" targetRef="ut_inquire"/>'
            '<sequenceFlow id="g2" sourceRef="gw_fork" targetRef="ut_audit"/>'
            '<userTask id="ut_audit" name="审计" camunda:candidateGroups="supervisory_chair"/>'
            '<sequenceFlow id="g3" sourceRef="ut_audit" targetRef="gw_join"/>'
            '<sequenceFlow id="g4" sourceRef="gw_join" targetRef="st_count"/>'
        ),
    ),
    ('sourceRef="ut_inquire" targetRef="st_count"', 'sourceRef="ut_inquire" targetRef="gw_join"'),
)
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
RENAMED = (
    ("ut_inquire", "ut_look_into"),
    ('name="调查" ', 'name="核查" camunda:candidateGroups="supervisory_chair" '),
)


@pytest.fixture
def shared(tmp_path: Path) -> Iterator[Boardroom]:
    """The boardroom on PostgreSQL, on Monday 9 February 2026."""
    with boardroom_on_postgresql(tmp_path) as found:
        yield found


def in_turn(room: Boardroom, turned: bool, one: Any, other: Any) -> Met:  # noqa: FBT001 -- of the parameter
    """Let two meet, the other first where `turned`; what is told stays in the order named."""
    if not turned:
        return meet(room.office, one, other)
    met = meet(room.office, other, one)
    return Met(met.second, met.first, met.second_waited)


def published(room: Boardroom, *changes: tuple[str, str]) -> VersionRow:
    version = drafted(room, *changes)
    row: VersionRow = room.give(
        "管理员", approve_version, version.id, effective_on=date(2026, 1, 1)
    )
    return row


def drafted(room: Boardroom, *changes: tuple[str, str]) -> VersionRow:
    def edit(path: str, text: str) -> str:
        if path.endswith(".bpmn"):
            for old, new in changes:
                assert old in text
                text = text.replace(old, new)
        return text

    return draft_of(room.office, room.actor("设计员"), edit)


def sound(room: Boardroom, case: CaseRow) -> None:
    """Hold that the record is whole, and that nothing was completed twice."""
    assert room.breaches() == []
    done = room.all(
        sa.select(WorkItemRow.id).where(WorkItemRow.case_id == case.id, WorkItemRow.state == "done")
    )
    assert room.facts(case).count("work_completed") == len(done)


def givers(room: Boardroom, command: Any, *args: Any, **kwargs: Any) -> Callable[[str], Any]:
    return lambda name: partial(room.give, name, command, *args, **kwargs)


class TestTwoCompletions:
    """两人同时办结一项任务：先者办结，后者被告知由谁、于何时办结。"""

    def test_the_second_is_told_who_and_when(self, shared: Boardroom) -> None:
        case = shared.open()
        by = givers(shared, complete_work, shared.item(case, "ut_inquire").id, dict(INQUIRY))
        met = meet(shared.office, by("承办甲"), by("承办乙"))
        assert isinstance(met.first, WorkItemRow)
        assert isinstance(met.second, AlreadyTaken)
        assert (met.second.params["by"], met.second.params["at"]) == ("承办甲", "2026-02-09 09:00")
        assert met.second_waited
        assert shared.waits_for(case) == ["ut_decide"]
        sound(shared, case)


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


class TestCancelAgainstComplete:
    """撤案与办理同时：案件撤销后不再办理；已作决定的不再撤销。"""

    @pytest.fixture
    def case(self, shared: Boardroom) -> CaseRow:
        case = shared.inquired()
        shared.give("承办甲", propose_withdrawal, case.id, reasons="重复登记。")
        return case

    @BOTH_ORDERS
    def test_a_decision_and_a_withdrawal_exclude_each_other(
        self,
        shared: Boardroom,
        case: CaseRow,
        turned: bool,  # noqa: FBT001
    ) -> None:
        motion: Motion = shared.move(case)
        shared.vote(motion, 主席="agree", 监事甲="agree", 监事乙="agree")
        met = in_turn(
            shared,
            turned,
            partial(shared.give, "主席", decide, motion.id),
            partial(
                shared.give, "监事甲", decide_withdrawal, case.id, granted=True, reasons="同意。"
            ),
        )
        assert met.second_waited
        if turned:
            assert isinstance(met.first, Refusal)
            assert isinstance(met.second, CaseRow)
            assert (shared.case(case).outcome, shared.waits_for(case)) == ("withdrawn", [])
        else:
            assert isinstance(met.second, NotWithdrawable)
            assert met.second.message_id == "withdrawal.too_late"
            assert shared.waits_for(case) == ["ut_draft"]
        sound(shared, case)


class TestJoinAgainstJoin:
    """并行的最后两项同时办结：汇合一次，只走一步。"""

    @BOTH_ORDERS
    def test_what_follows_the_join_comes_once(self, shared: Boardroom, turned: bool) -> None:  # noqa: FBT001
        published(shared, *FORKED)
        case = shared.open()
        met = in_turn(
            shared,
            turned,
            partial(
                shared.give,
                "承办甲",
                complete_work,
                shared.item(case, "ut_inquire").id,
                dict(INQUIRY),
            ),
            partial(shared.give, "主席", complete_work, shared.item(case, "ut_audit").id, {}),
        )
        assert isinstance(met.first, WorkItemRow), met
        assert isinstance(met.second, WorkItemRow), met
        assert met.second_waited
        assert shared.waits_for(case) == ["ut_decide"]
        elements = Counter(
            shared.all(sa.select(WorkItemRow.element).where(WorkItemRow.case_id == case.id))
        )
        assert elements == {"ut_inquire": 1, "ut_audit": 1, "ut_decide": 1}
        sound(shared, case)


class TestClaimAgainstTransfer:
    """领取与转办同时：任务只在一人手里，其他人被告知在谁手里。"""

    def ends_with_the_receiver(self, room: Boardroom, case: CaseRow) -> None:
        item = room.item(case, "ut_inquire")
        receiver = room.people["承办乙"]
        assert item.claimed_by == receiver
        lines = room.all(sa.select(InboxRow.principal).where(InboxRow.work_item_id == item.id))
        assert len(lines) == 1
        assert receiver in lines[0]
        sound(room, case)

    def test_what_is_claimed_while_it_is_handed_over_is_the_receivers(
        self, shared: Boardroom
    ) -> None:
        case = shared.open()
        item = shared.claim("承办甲", case, "ut_inquire")
        met = meet(
            shared.office,
            handing(shared, item),
            partial(shared.give, "承办乙", claim_work, item.id),
        )
        assert isinstance(met.first, WorkItemRow), met
        assert isinstance(met.second, WorkItemRow), met
        assert met.second_waited
        self.ends_with_the_receiver(shared, case)

    def test_what_is_handed_over_while_it_is_claimed_is_claimed_first(
        self, shared: Boardroom
    ) -> None:
        case = shared.open()
        item = shared.item(case, "ut_inquire")
        met = meet(
            shared.office,
            partial(shared.give, "承办甲", claim_work, item.id),
            handing(shared, item),
        )
        assert isinstance(met.first, WorkItemRow), met
        assert isinstance(met.second, WorkItemRow), met
        assert met.second_waited
        self.ends_with_the_receiver(shared, case)

    def test_who_comes_too_late_to_hand_it_over_is_told(self, shared: Boardroom) -> None:
        case = shared.open()
        item = shared.item(case, "ut_inquire")
        met = meet(
            shared.office,
            partial(shared.give, "承办乙", claim_work, item.id),
            handing(shared, item),
        )
        assert isinstance(met.first, WorkItemRow), met
        assert isinstance(met.second, Refusal), met
        assert met.second_waited
        self.ends_with_the_receiver(shared, case)


def handing(room: Boardroom, item: WorkItemRow) -> Callable[[], Any]:
    """Return that 承办甲 hands an item over to 承办乙."""
    to = room.people["承办乙"]
    return partial(room.give, "承办甲", transfer_work, item.id, to, reasons="外出。")


class TestDeployAgainstStart:
    """发布新版与立案同时：案件依立案时有效的版本办理，编号不重不漏。"""

    @BOTH_ORDERS
    def test_a_case_begins_in_one_version(self, shared: Boardroom, turned: bool) -> None:  # noqa: FBT001
        new = drafted(shared, *FORKED)
        answers = {"channel": "CA1", "facts": "推诿", "subject_id": shared.people["陈某"]}
        met = in_turn(
            shared,
            turned,
            partial(shared.give, "管理员", approve_version, new.id, effective_on=date(2026, 1, 1)),
            partial(shared.give, "受理员", open_case, "board", answers),
        )
        assert isinstance(met.first, VersionRow), met
        assert isinstance(met.second, CaseRow), met
        begun = shared.case(met.second)
        assert begun.version_id != new.id, "the new one was not published yet when it opened"
        assert shared.waits_for(begun) == ["ut_inquire"]
        later = shared.open()
        assert later.version_id == new.id
        assert shared.waits_for(later) == ["ut_audit", "ut_inquire"]
        assert [begun.number, later.number] == ["某集问〔2026〕1号", "某集问〔2026〕2号"]
        sound(shared, begun)


class TestMigrationAgainstCompletion:
    """迁移与办结同时：一前一后，任务只办结一次，案件只在一个版本里。"""

    @BOTH_ORDERS
    def test_the_case_stands_in_one_place(self, shared: Boardroom, turned: bool) -> None:  # noqa: FBT001
        shared.give("system", open_account, shared.people["设计员"], "second", is_admin=True)
        case = shared.open()
        item = shared.item(case, "ut_inquire")
        to = published(shared, *RENAMED)
        mapping = {"ut_inquire": "ut_look_into"}
        shared.give("管理员", propose_migration, case.id, to.id, mapping, reasons="制度修订。")
        met = in_turn(
            shared,
            turned,
            partial(shared.give, "设计员", decide_migration, case.id, granted=True, reasons="同意"),
            partial(shared.give, "承办甲", complete_work, item.id, dict(INQUIRY)),
        )
        assert not isinstance(met.first, EngineError), met
        assert met.second_waited
        assert shared.case(case).version_id == to.id
        if turned:
            assert isinstance(met.second, WorkItemRow)
            assert shared.waits_for(case) == ["ut_decide"]
        else:
            assert isinstance(met.second, NotAllowed)
            assert shared.waits_for(case) == ["ut_look_into"]
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


class TestTwoAppeals:
    """同一人同时提交两次申诉：受理一次，另一次被告知。"""

    def test_one_is_received(self, shared: Boardroom) -> None:
        case = shared.served()
        appeal = partial(shared.give, "陈某", file, case.id, "appeal", {"request": "请求撤销"})
        met = meet(shared.office, appeal, appeal)
        assert isinstance(met.first, Answers), met
        assert isinstance(met.second, Refusal), met
        assert met.second_waited
        assert shared.waits_for(case) == ["ut_review"]
        assert shared.facts(case).count("filed") == 1
        sound(shared, case)


class TestTwoDeliveries:
    """一条消息投递两次：接收方只收到一次。"""

    def test_the_second_finds_it_delivered(self, town_on_postgresql: Town) -> None:
        town = town_on_postgresql
        parent, child = town.open(), town.open()
        with town.office.database.begin() as session:
            session.get_one(CaseRow, child.id).parent_id = parent.id
        town.give("初核甲", file, child.id, "wait", {"request": "x"})
        town.at(2026, 2, 11, 9)
        jobs = claim_jobs(town.office.database, town.clock.now(), 10)
        (job,) = [one for one in jobs if one.kind == "route_message"]
        deliver = partial(route_message, town.office, job)

        met = meet(town.office, deliver, deliver)

        assert (met.first, met.second, met.second_waited) == (None, None, True)
        assert town.all(sa.select(MessageRow.receiver_id)) == [parent.id]
