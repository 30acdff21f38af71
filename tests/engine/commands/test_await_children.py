"""母案等待子案：结论都完成才进入决定（P15）。"""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from engine.commands.link_cases import ChildNow, note_child
from engine.commands.withdraw_case import decide_withdrawal, propose_withdrawal
from engine.errors import NotFound
from engine.store.tables import CaseRow, WorkItemRow
from tests.engine.commands.conftest import Town
from tests.engine.commands.kin import carry, reread
from tests.engine.commands.test_link_cases import (
    begun,
    daughter,
    facts,
    links,
    mother,
    unheard,
    value,
)


class TestWaiting:
    """两线结论都完成才进入决定（P15）；母案结案须子案至少已立案（C25）。"""

    def test_the_parent_cannot_be_decided_before_every_child_is_closed(self, town: Town) -> None:
        daughter(town)
        mother(town)
        case = begun(town, "陈某", "车间主任")
        carry(town)
        assert town.open_elements(case) == ["st_wait"]

        for number, row in enumerate(links(town, case)):
            child = reread(town, row.child_id)
            town.do("初核甲", child, "ut_look", conclusion="属实")
            town.do("初核甲", child, "ut_close")
            carry(town)
            assert town.open_elements(case) == (["st_wait"] if number == 0 else ["ut_decide"])

        known = value(reread(town, case.id), "children")
        assert [one["state"] for one in known] == ["closed", "closed"]
        assert [one["outcome"] for one in known] == ["sanctioned", "sanctioned"]
        (item,) = town.all(sa.select(WorkItemRow).where(WorkItemRow.element == "st_wait"))
        assert (item.state, item.completed_by) == ("done", "system")

    def test_a_conclusion_may_be_enough(self, town: Town) -> None:
        daughter(town)
        mother(town, until="concluded")
        case = begun(town, "陈某")
        carry(town)
        assert town.open_elements(case) == ["st_wait"]

        child = reread(town, links(town, case)[0].child_id)
        town.do("初核甲", child, "ut_look", conclusion="不追究，理由已经审批")
        carry(town)

        assert town.open_elements(case) == ["ut_decide"]
        assert value(reread(town, case.id), "children")[0]["conclusion"] == ("不追究，理由已经审批")
        assert "child_changed" in facts(town, case)

    def test_it_may_be_enough_that_they_are_in_the_register(self, town: Town) -> None:
        daughter(town)
        mother(town, until="opened")
        case = begun(town, "陈某")
        assert town.open_elements(case) == ["st_wait"]

        carry(town)

        assert town.open_elements(case) == ["ut_decide"]

    def test_children_of_another_relation_are_not_waited_for(self, town: Town) -> None:
        daughter(town)
        mother(town, awaited="parallel; additional")

        assert town.open_elements(begun(town, "陈某")) == ["ut_decide"]

    def test_what_is_older_than_what_the_parent_knows_is_passed_over(self, town: Town) -> None:
        daughter(town)
        mother(town)
        case = begun(town, "陈某")
        carry(town)
        (row,) = links(town, case)
        news = ChildNow(
            id=row.child_id,
            parent_id=case.id,
            number=row.number,
            procedure="daughter",
            relation="joint",
            subject_id="",
            status="closed",
            outcome=None,
            is_closed=True,
            conclusion=None,
            revision=row.seen + 1,
        )

        assert town.give("system", note_child, case.id, news) is True
        assert town.give("system", note_child, case.id, news) is False
        old = replace(news, revision=row.seen, is_closed=False, status="registered")
        assert town.give("system", note_child, case.id, old) is False
        same = replace(news, revision=row.seen + 2)
        assert town.give("system", note_child, case.id, same) is False

        assert links(town, case)[0].state == "closed"

    def test_a_closed_parent_is_told_and_goes_on_with_nothing(self, town: Town) -> None:
        daughter(town)
        mother(town)
        case = begun(town, "陈某")
        with town.office.database.begin() as session:
            session.get_one(CaseRow, case.id).closed_at = town.clock.now()

        carry(town)

        assert links(town, case)[0].state == "open"
        assert value(reread(town, case.id), "children")[0]["state"] == "opening"

    def test_a_child_that_a_message_opened_is_known_from_then_on(self, town: Town) -> None:
        daughter(town)
        mother(town)
        case = begun(town)
        child = town.open()
        with town.office.database.begin() as session:
            session.get_one(CaseRow, child.id).parent_id = case.id
        town.do("监事甲", case, "ut_decide")
        other = begun(town)
        news = replace(unheard(), id=child.id, parent_id=other.id, number=child.number)

        assert town.give("system", note_child, other.id, news) is True

        (row,) = links(town, other)
        assert (row.child_id, row.state, row.number) == (child.id, "open", child.number)

    def test_there_is_no_such_parent(self, town: Town) -> None:
        now = unheard()

        with pytest.raises(NotFound):
            town.give("system", note_child, "p", now)

    def test_a_child_that_is_withdrawn_is_told_as_closed(self, town: Town) -> None:
        daughter(town)
        mother(town)
        case = begun(town, "陈某")
        carry(town)
        child = links(town, case)[0].child_id
        town.give("初核甲", propose_withdrawal, child, reasons="重复立案。")
        town.give("监事甲", decide_withdrawal, child, granted=True, reasons="同意。")

        carry(town)

        assert town.open_elements(case) == ["ut_decide"]
