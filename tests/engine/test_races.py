"""二人同时：恰有一个结果，另一人被明白告知（issue 8，PostgreSQL）。"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from engine.commands.claim_work import claim_work
from engine.commands.complete_work import complete_work
from engine.commands.decide import decide
from engine.commands.deliver_message import route_message
from engine.commands.file import file
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
    InboxRow,
    MessageRow,
    Motion,
    VersionRow,
    WorkItemRow,
)
from tests.engine.boardroom import (
    INQUIRY,
    Boardroom,
)
from tests.engine.commands.conftest import Town, town_on_postgresql
from tests.engine.interleaving import meet
from tests.engine.races import BOTH_ORDERS, drafted, in_turn, published, shared, sound

__all__ = ["shared", "town_on_postgresql"]

pytestmark = pytest.mark.postgres

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
RENAMED = (
    ("ut_inquire", "ut_look_into"),
    ('name="调查" ', 'name="核查" camunda:candidateGroups="supervisory_chair" '),
)


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
