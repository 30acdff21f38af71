"""Two people on one task: one wins, the other is told who and when."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from engine.commands.claim_work import claim_work
from engine.commands.complete_work import complete_work
from engine.commands.decide import decide
from engine.commands.open_case import open_case
from engine.commands.organise import add_unit
from engine.errors import AlreadyTaken, EngineError
from engine.store.record import verify
from engine.store.tables import CaseRow, DecisionRow, WorkItemRow
from tests.engine.boardroom import Boardroom


def at_once(*given: Callable[[], Any]) -> list[Any]:
    """Give commands in threads that start together; return results or errors in their order."""
    together = threading.Barrier(len(given))
    outcomes: list[Any] = [None] * len(given)

    def run(at: int) -> None:
        together.wait()
        try:
            outcomes[at] = given[at]()
        except EngineError as error:
            outcomes[at] = error

    threads = [threading.Thread(target=run, args=(at,)) for at in range(len(given))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


class TestOneTask:
    """先到者办理，后到者被告知由谁、于何时领取。"""

    @pytest.mark.parametrize("command", [claim_work, complete_work])
    def test_one_wins_and_the_other_is_told_who_and_when(
        self, shared: Boardroom, command: Any
    ) -> None:
        case = shared.open()
        item = shared.item(case, "ut_inquire").id
        more = ({"facts_found": "停产。"},) if command is complete_work else ()
        names = ("承办甲", "承办乙")
        outcomes = at_once(*(partial(shared.give, name, command, item, *more) for name in names))
        lost = [one for one in outcomes if isinstance(one, AlreadyTaken)]
        won = [
            name for name, one in zip(names, outcomes, strict=True) if isinstance(one, WorkItemRow)
        ]
        assert (len(won), len(lost)) == (1, 1)
        assert lost[0].params["by"] == won[0]
        assert lost[0].params["at"] == "2026-02-09 09:00"
        done = "work_completed" if command is complete_work else "work_claimed"
        assert shared.facts(case).count(done) == 1
        assert shared.facts(case).count("refused") == 1
        assert breaches(shared) == []

    def test_a_body_decides_once(self, shared: Boardroom) -> None:
        motion = shared.move(shared.inquired())
        shared.vote(motion, 主席="agree", 监事甲="agree", 监事乙="agree")
        outcomes = at_once(
            *(partial(shared.give, name, decide, motion.id) for name in ("主席", "监事甲"))
        )
        assert sorted(type(one).__name__ for one in outcomes) == ["AlreadyTaken", "DecisionRow"]
        assert len(shared.all(sa.select(DecisionRow))) == 1


class TestManyAtOnce:
    """The first acts of a day meet in one chain and one series; none fails and none is lost."""

    def test_cases_opened_together_have_numbers_without_a_gap(self, shared: Boardroom) -> None:
        answers = {"channel": "CA1", "facts": "推诿", "subject_id": shared.people["陈某"]}
        outcomes = at_once(
            *(partial(shared.give, "受理员", open_case, "board", answers) for _ in range(4))
        )
        assert all(isinstance(one, CaseRow) for one in outcomes), outcomes
        assert sorted(one.number for one in outcomes) == [
            f"某集问〔2026〕{n}号" for n in range(1, 5)
        ]
        assert breaches(shared) == []

    def test_first_platform_acts_of_a_day_share_its_chain(self, shared: Boardroom) -> None:
        shared.at(2026, 2, 11)
        outcomes = at_once(*(partial(shared.give, "管理员", add_unit, f"科{n}") for n in range(4)))
        assert not [one for one in outcomes if isinstance(one, Exception)], outcomes
        assert breaches(shared) == []


def breaches(room: Boardroom) -> list[object]:
    with room.office.database.reading() as session:
        return list(verify(session))
