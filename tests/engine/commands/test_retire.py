"""期满移出：一人提出，另一人批准；先写成档案包，再移出日常库，只移出一次（SUP-025）。"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from engine.commands.retire import (
    decide_retirement,
    finish_retirement,
    go_on_with_retirement,
    keep_case,
    propose_retirement,
    retirable,
    retirements,
)
from engine.commands.wake_case import answers_to_start, wake_case
from engine.desk import Desk
from engine.desk.retiring import Obstacle
from engine.errors import NotAllowed, NotFound
from engine.store.tables import (
    Answers,
    CaseRow,
    DueRow,
    Notice,
    Retirement,
    RetirementItem,
    SearchEntry,
)
from scheduler.jobs import drain
from tests.engine.boardroom import Boardroom, refused
from tests.engine.commands.leaving import (
    REASONS,
    WORKERS,
    approved,
    closed,
    give_other,
    obstacle,
    proposed,
    retired,
)

pytestmark = pytest.mark.slow  # each builds an office and lets ten years pass


class TestTheRound:
    """一人提出，另一人批准；同时只有一批。"""

    def test_another_administrator_decides(self, room: Boardroom) -> None:
        closed(room)
        room.at(2036, 2, 11)
        row = proposed(room)

        refused(
            lambda: room.give("管理员", decide_retirement, row.id, approved=True, reasons="同意。"),
            "retirement.own",
            NotAllowed,
        )
        give_other(room, decide_retirement, row.id, approved=True, reasons="同意。")
        refused(
            lambda: give_other(room, decide_retirement, row.id, approved=True, reasons="同意。"),
            "retirement.decided",
        )
        assert room.last(None, "retirement_decided")["approved"] is True

    @pytest.mark.parametrize("command", [propose_retirement, retirable, retirements])
    def test_nobody_but_administrators(self, room: Boardroom, command: Callable[..., Any]) -> None:
        given = {"reasons": REASONS} if command is propose_retirement else {}
        refused(lambda: room.give("主席", command, **given), "platform.not_admin", NotAllowed)

    def test_reasons_and_cases_are_needed(self, room: Boardroom) -> None:
        refused(lambda: proposed(room), "retirement.none")
        closed(room)
        room.at(2036, 2, 11)
        refused(lambda: room.give("管理员", propose_retirement, reasons=" "), "reasons.missing")
        proposed(room)
        refused(lambda: proposed(room), "retirement.going")

    def test_rejected_nothing_leaves_and_it_may_be_proposed_again(self, room: Boardroom) -> None:
        case = closed(room)
        room.at(2036, 2, 11)
        row = proposed(room)
        give_other(room, decide_retirement, row.id, approved=False, reasons="尚有疑问。")
        drain(room.office, WORKERS)

        assert room.one(sa.select(Retirement)).state == "rejected"
        assert "case_retired" not in room.facts(case)
        assert proposed(room).total == 1

    def test_the_rounds_are_listed_newest_first(self, room: Boardroom) -> None:
        closed(room)
        room.at(2036, 2, 11)
        first = proposed(room)
        give_other(room, decide_retirement, first.id, approved=False, reasons="缓办。")
        room.at(2036, 2, 12)
        second = proposed(room)

        rows = room.office.ask(room.actor("管理员"), retirements)
        assert [row.id for row in rows] == [second.id, first.id]


class TestLeaving:
    """运行状态、待办、消息、检索移出；案件、答复、决定、记录留下。"""

    def test_the_heavy_rows_go_and_the_rest_stays(self, room: Boardroom) -> None:
        case = closed(room)
        room.at(2036, 2, 11)
        row = retired(room)

        assert (row.state, row.total, row.done, row.kept) == ("done", 1, 1, 0)
        for table in (Notice, DueRow, SearchEntry):
            assert room.all(sa.select(table).where(table.case_id == case.id)) == []
        left = room.case(case)
        assert (left.number, left.outcome, left.variables) == (case.number, "withdrawn", {})
        assert room.all(sa.select(Answers).where(Answers.case_id == case.id))
        assert room.facts(case)[-1] == "case_retired"
        assert room.facts(case)[0] == "case_opened"
        assert room.breaches() == []

    def test_what_left_may_be_woken_years_later(self, room: Boardroom) -> None:
        """SC-181, SUP-025: 离岗干部后发现历史失职，仍可立案。"""
        case = closed(room)
        room.at(2036, 2, 11)
        retired(room)

        def kept(desk: Desk, /) -> dict[str, Any]:
            return answers_to_start(desk, desk.session.get_one(CaseRow, case.id))

        answers = room.office.ask(room.actor("受理员"), kept)
        assert answers["channel"] == "CA1"
        given = {**answers, "facts": "又犯", "subject_id": room.people["陈某"]}
        woken = room.give("受理员", wake_case, case.id, given, reasons="发现历史失职。")
        assert woken.parent_id == case.id

    def test_done_twice_it_happens_once(self, room: Boardroom) -> None:
        case = closed(room)
        room.at(2036, 2, 11)
        row = retired(room)
        item = room.one(sa.select(RetirementItem))
        again = room.give(
            "system", finish_retirement, row.id, case.id, "other", size=1, head="other"
        )
        room.give("system", go_on_with_retirement, row.id)

        assert again is False
        assert room.one(sa.select(RetirementItem)).digest == item.digest
        assert room.facts(case).count("case_retired") == 1
        assert obstacle(room, case) is Obstacle.RETIRED
        assert room.office.ask(room.actor("管理员"), retirable) == []

    def test_killed_between_packing_and_removing_it_goes_on(self, room: Boardroom) -> None:
        """The package lies among the files by its digest; the same bytes are made again."""
        closed(room)
        room.at(2036, 2, 11)
        row = approved(room)
        give = room.office.give

        class Killed(BaseException):
            pass

        def dying(actor: Any, command: Any, *args: Any, **given: Any) -> Any:
            if command is finish_retirement:
                raise Killed
            return give(actor, command, *args, **given)

        room.office.give = dying  # type: ignore[method-assign]
        with pytest.raises(Killed):
            drain(room.office, WORKERS)
        room.office.give = give  # type: ignore[method-assign]
        room.at(2036, 2, 12)  # the job is given back by then
        drain(room.office, WORKERS)

        assert room.one(sa.select(Retirement).where(Retirement.id == row.id)).done == 1
        assert room.breaches() == []

    def test_a_record_that_grew_meanwhile_is_packed_anew(self, room: Boardroom) -> None:
        case = closed(room)
        room.at(2036, 2, 11)
        row = approved(room)
        went = room.give(
            "system", finish_retirement, row.id, case.id, "d" * 64, size=1, head="sha256:old"
        )

        assert went is False
        assert room.one(sa.select(RetirementItem)).state == "todo"

    def test_what_came_up_meanwhile_keeps_it(self, room: Boardroom) -> None:
        case = closed(room)
        room.at(2036, 2, 11)
        approved(room)
        given = {"channel": "CA1", "facts": "又犯", "subject_id": room.people["陈某"]}
        room.give("受理员", wake_case, case.id, given, reasons="发现历史失职。")
        drain(room.office, WORKERS)

        item = room.one(sa.select(RetirementItem))
        assert (item.state, item.obstacle) == ("kept", "linked")
        assert room.one(sa.select(Retirement)).kept == 1
        assert "case_retired" not in room.facts(case)

    def test_what_comes_up_between_packing_and_removing_keeps_it_too(self, room: Boardroom) -> None:
        case = closed(room)
        room.at(2036, 2, 11)
        row = approved(room)
        with room.office.database.begin() as session:
            session.get_one(CaseRow, case.id).is_trial = True
        head = room.office.database
        with head.reading() as session:
            digest = session.scalar(
                sa.text("SELECT digest FROM audit_head WHERE stream = :of"),
                {"of": f"case:{case.id}"},
            )
        went = room.give(
            "system", finish_retirement, row.id, case.id, "d" * 64, size=1, head=digest
        )

        assert went is False
        assert room.one(sa.select(RetirementItem)).obstacle == "trial"

    def test_a_case_that_may_go_is_not_kept(self, room: Boardroom) -> None:
        case = closed(room)
        room.at(2036, 2, 11)
        row = approved(room)
        room.give("system", keep_case, row.id, case.id)

        assert room.one(sa.select(RetirementItem)).state == "todo"

    def test_only_the_platform_removes(self, room: Boardroom) -> None:
        case = closed(room)
        room.at(2036, 2, 11)
        row = approved(room)
        refused(
            lambda: room.give("管理员", keep_case, row.id, case.id),
            "retirement.platform",
            NotAllowed,
        )
        refused(
            lambda: room.give("管理员", go_on_with_retirement, row.id),
            "retirement.platform",
            NotAllowed,
        )
        with pytest.raises(NotFound):
            room.give("system", keep_case, row.id, "none")
