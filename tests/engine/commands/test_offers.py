"""任务派给谁：角色按范围解析——机关、当事人单位、上一级、案件参加人、指名。"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from engine.commands.claim_work import claim_work
from engine.commands.complete_work import complete_work
from engine.commands.file import file
from engine.desk import Desk, system_actor
from engine.desk.advance import fail_item, set_variables
from engine.desk.conflicts import conflicts_of
from engine.desk.holders import add_participant, people_behind
from engine.desk.rounds import keep, loaded
from engine.errors import AlreadyTaken, Fault, NotAllowed, Recused, Refusal, StepFault
from engine.model.deadlines import DeadlineState
from engine.model.identifiers import PersonId
from engine.store.tables import (
    CaseRow,
    DeadlineRow,
    DueRow,
    FactRow,
    InboxRow,
    Incident,
    Notice,
    Participant,
    PersonRow,
    PostRow,
    Recusal,
    RelationRow,
    WorkItemRow,
)
from tests.engine.commands.conftest import Town


@pytest.fixture
def case(town: Town) -> CaseRow:
    """A case in which one task of each kind waits."""
    opened = town.open()
    town.give("初核甲", file, opened.id, "acts", {"request": "x"})
    return opened


class TestScopes:
    """角色的范围在流程中声明（design.md §4）。"""

    def test_the_subjects_unit_and_the_one_above(self, town: Town, case: CaseRow) -> None:
        manager, chief = town.item(case, "ut_manager"), town.item(case, "ut_chief")

        def people(desk: Desk, item: WorkItemRow) -> list[str]:
            return people_behind(desk, case, item.candidates)

        assert town.office.ask(town.actor("初核甲"), people, manager) == [town.people["车间主任"]]
        assert town.office.ask(town.actor("初核甲"), people, chief) == [town.people["总经理"]]

    def test_a_person_named_on_the_element(self, town: Town, case: CaseRow) -> None:
        item = town.item(case, "ut_statement")

        assert item.candidates == [f"p:{town.people['陈某']}"]
        with pytest.raises(NotAllowed):
            town.give("初核甲", claim_work, item.id)

    def test_the_subject_may_do_what_is_the_subjects_own(self, town: Town, case: CaseRow) -> None:
        town.do("陈某", case, "ut_own")

        noted = town.one(sa.select(FactRow).where(FactRow.name == "noted"))
        assert noted.happened_on == date(2026, 2, 9)
        told = set(town.all(sa.select(Notice.person_id).where(Notice.key == "case.ended")))
        assert told == {town.people[name] for name in ("陈某", "初核甲", "初核乙", "初核丙")}

    def test_somebody_who_left_the_team_may_no_longer_act(self, town: Town, case: CaseRow) -> None:
        members = [town.people["初核甲"], town.people["初核乙"]]
        town.do("初核甲", case, "ut_team", members=members)
        item = town.claim("初核乙", case, "ut_interview")
        with town.office.database.begin() as session:
            session.execute(
                sa.update(Participant)
                .where(Participant.person_id == town.people["初核乙"])
                .values(until_at=town.clock.now())
            )

        with pytest.raises(NotAllowed, match=r"item\.not_yours"):
            town.give("初核乙", claim_work, item.id)

    def test_who_comes_back_has_the_part_again(self, town: Town, case: CaseRow) -> None:
        def name(desk: Desk) -> bool:
            row = desk.session.get_one(CaseRow, case.id)
            return add_participant(desk, row, town.people["外人"], "investigator")

        assert town.give("初核甲", name) is True
        assert town.give("初核甲", name) is False
        with town.office.database.begin() as session:
            session.execute(sa.update(Participant).values(until_at=town.clock.now()))
        assert town.give("初核甲", name) is True


class TestClearedOfConflict:
    """回避申请被驳回的，登记的关系不再阻止其办理。"""

    def test_a_rejected_application_clears_the_relation(self, town: Town) -> None:
        case = town.open()
        with town.office.database.begin() as session:
            for kind in ("kin", "neighbour"):
                session.add(
                    RelationRow(
                        authority_id=town.authority_id,
                        person_id=town.people["初核甲"],
                        other_id=town.people["陈某"],
                        kind=kind,
                    )
                )
        with pytest.raises(Recused, match=r"conflict\.relation"):
            town.claim("初核甲", case, "ut_verify")
        with town.office.database.begin() as session:
            session.add(
                Recusal(
                    authority_id=town.authority_id,
                    case_id=case.id,
                    person_id=town.people["初核甲"],
                    kind="applied",
                    state="rejected",
                    reasons="远亲",
                    requested_by=town.people["陈某"],
                    requested_at=town.clock.now(),
                )
            )

        assert town.claim("初核甲", case, "ut_verify").state == "claimed"


class TestTwoAtTheSameInstant:
    """同一瞬间两人争领，数据库只让一人成功。"""

    def test_one_wins_and_the_other_is_told(self, town: Town) -> None:
        for _ in range(5):
            item = town.item(town.open(), "ut_verify")

            def claim(name: str, item_id: str = item.id) -> str:
                try:
                    town.give(name, claim_work, item_id)
                except AlreadyTaken as taken:
                    return str(taken.params["by"])
                return ""

            with ThreadPoolExecutor(2) as pool:
                told = list(pool.map(claim, ("初核甲", "初核乙")))

            assert sorted(told) in (["", "初核甲"], ["", "初核乙"])


class TestWhatElseACommandMayDo:
    """错误、变量、停摆：案件随之推进，或停在原处。"""

    def test_an_error_nobody_catches_holds_the_work_as_an_incident(
        self, town: Town, case: CaseRow
    ) -> None:
        item = town.item(case, "st_outside")

        def fail(desk: Desk) -> None:
            row = desk.session.get_one(CaseRow, case.id)
            fail_item(desk, row, desk.session.get_one(WorkItemRow, item.id), "E1", "坏了")

        town.give("system", fail)

        assert town.item(case, "st_outside").state == "failed"
        incident = town.one(sa.select(Incident).where(Incident.element == "st_outside"))
        assert "坏了" in incident.reason["zh"]

        town.at(2026, 2, 9, 9, 1)  # the platform tries again: the work is there anew

        assert town.item(case, "st_outside").state == "open"
        resolved = town.one(sa.select(Incident).where(Incident.element == "st_outside"))
        assert resolved.resolved_at == town.clock.now()

    def test_a_variable_that_a_command_found_is_seen_by_all(
        self, town: Town, case: CaseRow
    ) -> None:
        def find(desk: Desk) -> None:
            set_variables(desk, desk.session.get_one(CaseRow, case.id), {"found": 7})

        town.give("system", find)

        assert town.case(case).variables["found"] == 7

    def test_a_fact_whose_condition_is_broken_stops_the_step(
        self, town: Town, case: CaseRow
    ) -> None:
        with pytest.raises(StepFault) as stopped:
            town.do("初核甲", case, "ut_condition")

        assert "事实条件" in stopped.value.zh

    def test_a_status_that_says_it_is_over_closes_the_case(self, town: Town, case: CaseRow) -> None:
        town.do("初核甲", case, "ut_receipt")

        over = town.case(case)
        assert over.status == "closed"
        assert over.closed_at == town.clock.now()
        assert "ut_close" in town.open_elements(case)

    def test_a_case_without_state_is_a_fault(self, town: Town, case: CaseRow) -> None:
        with town.office.database.begin() as session:
            session.execute(sa.update(CaseRow).values(state=None))

        with pytest.raises(Fault, match="no state"):
            town.do("初核甲", case, "ut_receipt")


class TestStandingStill:
    """中止计时：牌与待办随之停下，恢复后续算。"""

    def test_what_was_left_counts_from_the_day_after_it_resumed(self, town: Town) -> None:
        case = town.open()

        def change(desk: Desk, kind: str) -> None:
            row = desk.session.scalars(sa.select(DeadlineRow)).one()
            owner = desk.session.get_one(CaseRow, case.id)
            before = loaded(desk, owner, row)
            after = (
                before.suspended(
                    approved_by=PersonId(town.people["监事甲"]),
                    reasons="等司法结论",
                    now=desk.now(),
                    calendar=desk.calendar(),
                )
                if kind == "hold"
                else before.resumed(now=desk.now(), calendar=desk.calendar())
            )
            keep(desk, owner, row, after, kind=kind)

        town.at(2026, 2, 11)
        town.give("监事甲", change, "hold")
        assert town.deadline(case, "DL-T-1").state == DeadlineState.SUSPENDED
        assert not town.all(sa.select(DueRow).where(DueRow.state == "armed"))
        assert town.one(sa.select(InboxRow)).due_at.year == 9999

        town.at(2026, 3, 2)
        town.give("监事甲", change, "resume")

        # Used: 10 and 11 February. Eight are left: 3 to 6 and 9 to 12 March.
        row = town.deadline(case, "DL-T-1")
        assert (row.state, row.last_day) == ("running", date(2026, 3, 12))
        history: list[Any] = list(row.history)
        assert [entry["kind"] for entry in history] == ["hold", "resume"]


class TestInterrupting:
    """中断一切的事件：待办收回，计时撤销，案件结束。"""

    def test_everything_open_is_withdrawn(self, town: Town, case: CaseRow) -> None:
        town.give("初核甲", file, case.id, "wait", {"request": "x"})
        item = town.claim("初核甲", case, "ut_verify")

        town.give("初核甲", file, case.id, "stop", {"request": "x"})

        assert town.open_elements(case) == []
        assert town.item(case, "ut_verify").state == "withdrawn"
        assert not town.all(sa.select(InboxRow))
        assert not town.all(sa.select(DueRow).where(DueRow.state == "armed"))
        assert town.deadline(case, "DL-T-1").state == "withdrawn"
        assert town.case(case).status == "closed"
        with pytest.raises(Refusal, match=r"item\.withdrawn"):
            town.give("初核甲", complete_work, item.id, {"established": False})


class TestInvolvement:
    """参加过调查组的，不得复查（SC-019），即使没有办过一步。"""

    def test_a_member_of_the_team_may_not_review(self, town: Town, case: CaseRow) -> None:
        members = [town.people["初核甲"], town.people["初核乙"]]
        town.do("初核甲", case, "ut_team", members=members)

        def found(desk: Desk, name: str) -> list[str]:
            item = town.item(case, "ut_verify")
            item.properties = {**item.properties, "excludes": "investigation"}
            return [
                one.kind.value for one in conflicts_of(desk, case, town.people[name], item=item)
            ]

        assert town.office.ask(town.actor("监事甲"), found, "初核乙") == ["earlier_involvement"]
        assert town.office.ask(town.actor("监事甲"), found, "监事乙") == []

    def test_the_platform_has_no_interests(self, town: Town, case: CaseRow) -> None:
        def found(desk: Desk) -> int:
            return len(conflicts_of(desk, case, desk.actor.person_id))

        assert town.office.ask(system_actor(town.authority_id), found) == 0

    def test_a_post_in_the_subjects_unit_counts_as_the_unit(
        self, town: Town, case: CaseRow
    ) -> None:
        with town.office.database.begin() as session:
            unit = session.get_one(PersonRow, town.people["陈某"]).unit_id
            session.add(
                PostRow(
                    authority_id=town.authority_id,
                    unit_id=unit,
                    person_id=town.people["初核乙"],
                    role="helper",
                    valid_from=date(2026, 1, 1),
                )
            )

        with pytest.raises(Recused, match=r"conflict\.same_unit"):
            town.claim("初核乙", case, "ut_verify")
