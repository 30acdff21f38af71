"""上级督办：下级授权后，上级督办专员看步骤和期限，发督办通知，下级答复；未授权的一无所见。"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from engine.commands.recuse import declare_interest
from engine.commands.supervise_below import answer_above, ask_below, list_below, look_below
from engine.desk.views.supervised import (
    asked_from_above,
    watched_from_above,
)
from engine.desk.views.supervising import below, case_below, cases_below
from engine.errors import NotAllowed, NotFound, Recused, Refusal
from engine.model.lamps import Lamp
from engine.store.tables import (
    AccessEntry,
    CaseRow,
    Deviation,
    PersonRow,
    SupervisionNotice,
)
from tests.engine.boardroom import Boardroom, refused
from tests.engine.commands.superior import TODAY, WHY, Above


def look_of(room: Boardroom) -> AccessEntry:
    row: AccessEntry = room.one(sa.select(AccessEntry).order_by(AccessEntry.looked_at.desc()))
    return row


class TestTheList:
    """督办视图：案号、流程、环节、期限状态、是否超期；不列案由和姓名。"""

    def test_a_case_with_its_steps_and_lamp(self, above: Above) -> None:
        above.grant()
        case = above.room.open()
        with above.room.office.database.begin() as session:
            session.get_one(PersonRow, above.room.people["陈某"]).title = "二车间主任"

        line = above.ask(cases_below).lines[0]

        assert (line.authority, line.number) == ("某集团公司", case.number)
        assert line.posts == ("二车间主任",)
        assert [one.name for one in line.steps] == [above.room.item(case, "ut_inquire").name]
        assert line.deadline is not None
        assert line.deadline.lamp is Lamp.OK
        said = repr(line)
        for name in ("陈某", "举报人", "承办甲", case.title):
            assert name not in said, name

    def test_what_is_late_turns_yellow_and_red(self, above: Above) -> None:
        above.grant()
        case = above.room.open()
        last = above.room.deadline(case, "DL-B-1").last_day
        assert above.ask(cases_below, late=True).lines == ()

        above.room.at(last.year, last.month, last.day + 1)

        line = above.ask(cases_below, late=True).lines[0]
        assert line.deadline is not None
        assert line.deadline.lamp in {Lamp.YELLOW, Lamp.RED}
        assert line.deadline.cards == ()

    def test_filters_and_pages(self, above: Above) -> None:
        above.grant()
        cases = [above.room.open() for _each in range(3)]
        first = above.ask(cases_below, limit=2)
        second = above.ask(cases_below, limit=2, after=first.after)

        seen = [one.id for one in (*first.lines, *second.lines)]
        assert seen == [one.id for one in reversed(cases)]
        assert second.after == ""
        assert above.ask(cases_below, procedure="board", is_closed=None).lines != ()
        assert above.ask(cases_below, procedure="other").lines == ()
        assert above.ask(cases_below, authority_id=above.authority_id).lines == ()
        assert above.ask(cases_below, is_closed=True).lines == ()
        with pytest.raises(ValueError, match="cursor"):
            above.ask(cases_below, after="nonsense")

    def test_the_authorities_and_procedures_to_choose_from(self, above: Above) -> None:
        above.grant()
        assert above.ask(below)[0].procedures == {}
        above.room.open()
        found = above.ask(below)
        assert [(one.name, list(one.procedures), one.until) for one in found] == [
            ("某集团公司", ["board"], date(2026, 12, 31))
        ]

    def test_a_look_at_the_list_is_on_the_lower_authority_s_access_record(
        self, above: Above
    ) -> None:
        row = above.grant()
        above.give(list_below)

        entry = look_of(above.room)
        assert (entry.authority_id, entry.what) == (above.room.authority_id, "supervision_list")
        assert (entry.person_id, entry.ref) == (above.officer.person_id, row.id)
        assert entry.reason == row.reasons
        assert entry.case_id is None


class TestOneCase:
    """一案的步骤和期限时间线：没有案卷、没有举报人、没有姓名和理由；每次查看都留痕。"""

    def test_it_shows_steps_and_deadlines(self, above: Above) -> None:
        above.grant()
        case = above.room.served()

        view = above.ask(case_below, case.id)

        facts = {act.fact.value for act in view.acts}
        assert {"case_opened", "work_completed", "deadline_started"} <= facts
        assert [act.sequence for act in view.acts] == sorted(
            (act.sequence for act in view.acts), reverse=True
        )
        assert view.deadlines != ()

    def test_it_names_nobody_and_says_nothing_of_the_file(self, above: Above) -> None:
        above.grant()
        case = above.room.served()
        case = above.room.case(case)
        people = above.room.people

        view = above.ask(case_below, case.id)

        said = repr((view.case, view.acts, view.notices))
        for hidden in (*people, *people.values(), "推诿扯皮", "停产", "talk_admonish", case.title):
            assert hidden not in said, hidden
        assert facts_of(view).isdisjoint({"decided", "opinion_given", "participant_named"})

    def test_each_look_is_noted_with_its_reason(self, above: Above) -> None:
        row, case = above.grant(), above.room.open()
        refused(lambda: above.give(look_below, case.id), "supervision.reason")
        refused(lambda: above.give(look_below, case.id, reason="看"), "supervision.reason")

        above.give(look_below, case.id, reason=WHY)
        above.give(look_below, case.id)

        looks = above.room.all(sa.select(AccessEntry).where(AccessEntry.case_id == case.id))
        assert [(one.what, one.ref, one.reason) for one in looks] == [
            ("supervision", row.id, WHY),
            ("supervision", row.id, WHY),
        ]
        assert {one.authority_id for one in looks} == {above.room.authority_id}
        assert above.ask(case_below, case.id).reason == WHY

    def test_the_reason_is_asked_for_anew_each_day(self, above: Above) -> None:
        above.grant()
        case = above.room.open()
        above.give(look_below, case.id, reason=WHY)
        above.room.at(2026, 2, 10)
        refused(lambda: above.give(look_below, case.id), "supervision.reason")

    def test_the_authority_below_sees_who_looked_and_why(self, above: Above) -> None:
        above.grant()
        case = above.room.open()
        above.give(list_below)
        above.give(look_below, case.id, reason=WHY)

        found = above.room.office.ask(above.room.actor("管理员"), watched_from_above)

        assert found.above == {above.authority_id: "上级集团"}
        assert [one.in_force for one in found.grants] == [True]
        looks = {(one.who, one.number, one.row.reason) for one in found.looks}
        assert ("上督", case.number, WHY) in looks
        assert len(looks) == 2
        with pytest.raises(NotAllowed):
            above.room.office.ask(above.room.actor("承办甲"), watched_from_above)


class TestAsking:
    """督办通知：上级发，下级必须答复，逾期未答复生成偏差；全程留痕。"""

    def asked(self, above: Above, case: CaseRow, **given: Any) -> SupervisionNotice:
        usual: dict[str, Any] = {"text": "请说明调查进展。", "answer_by": date(2026, 2, 11)}
        row: SupervisionNotice = above.give(ask_below, case.id, **{**usual, **given})
        return row

    def test_it_reaches_supervision_and_who_has_the_work(self, above: Above) -> None:
        above.grant()
        case = above.room.open()
        above.room.claim("承办甲", case, "ut_inquire")

        row = self.asked(above, case)

        assert row.number == 1
        assert above.room.told("外人")[-1] == "supervision.noticed"
        assert above.room.told("承办甲")[-1] == "supervision.noticed"
        assert "supervision.noticed" not in above.room.told("承办乙")
        details = above.room.last(case, "supervision_asked")
        assert (details["number"], details["superior"]) == (1, above.authority_id)
        assert above.room.breaches() == []

    def test_while_nobody_has_it_the_group_is_told(self, above: Above) -> None:
        above.grant()
        self.asked(above, above.room.open())
        assert "supervision.noticed" in above.room.told("承办乙")

    @pytest.mark.parametrize(
        ("given", "message"),
        [
            ({"text": " "}, "supervision.text"),
            ({"text": "督" * 2_001}, "supervision.text"),
            ({"answer_by": TODAY}, "supervision.answer_by"),
            ({"answer_by": date.max}, "supervision.answer_by"),
        ],
    )
    def test_it_is_refused_where_it_does_not_fit(
        self, above: Above, given: dict[str, Any], message: str
    ) -> None:
        above.grant()
        case = above.room.open()
        refused(lambda: self.asked(above, case, **given), message)

    def test_one_waits_at_a_time_and_none_about_a_closed_case(self, above: Above) -> None:
        above.grant()
        case = above.room.open()
        row = self.asked(above, case)
        refused(lambda: self.asked(above, case), "supervision.waits")
        above.room.give("外人", answer_above, row.id, answer="正在调查。")
        assert self.asked(above, case).number == 2

        with above.room.office.database.begin() as session:
            session.execute(sa.update(CaseRow).values(closed_at=above.room.clock.now()))
        refused(lambda: self.asked(above, case), "supervision.closed")

    def test_the_answer_is_shown_above_and_stays(self, above: Above) -> None:
        above.grant()
        case = above.room.open()
        row = self.asked(above, case)

        above.room.give("承办甲", answer_above, row.id, answer="已约谈三人，周五前提交报告。")

        notice = above.ask(case_below, case.id).notices[0]
        assert notice.answer == "已约谈三人，周五前提交报告。"
        assert above.notices(above.officer)[-1] == "supervision.answered"
        assert above.room.last(case, "supervision_answered")["late"] is False
        refused(
            lambda: above.room.give("承办甲", answer_above, row.id, answer="另答"),
            "supervision.answered",
        )
        above.room.at(2026, 2, 13)
        assert "supervision_unanswered" not in above.room.facts(case)

    def test_who_may_not_answer(self, above: Above) -> None:
        above.grant()
        case = above.room.open()
        row = self.asked(above, case)
        with pytest.raises(NotAllowed):
            above.room.give("主席", answer_above, row.id, answer="不办理本案")
        with pytest.raises(NotFound):
            above.room.give("举报人", answer_above, row.id, answer="无关")
        with pytest.raises(NotFound):
            above.room.give("承办甲", answer_above, "nothing", answer="无此通知")
        with pytest.raises(NotAllowed):
            above.give(answer_above, row.id, answer="自问自答")
        with pytest.raises(Recused):
            above.room.give("承办丙", answer_above, row.id, answer="与被反映人同单位")
        refused(
            lambda: above.room.give("承办甲", answer_above, row.id, answer=" "), "supervision.text"
        )

    def test_unanswered_in_time_it_is_a_finding_and_told_to_both(self, above: Above) -> None:
        above.grant()
        case = above.room.open()
        row = self.asked(above, case)

        above.room.at(2026, 2, 12)

        assert above.notices(above.officer)[-1] == "supervision.unanswered"
        assert "supervision.unanswered" in above.room.told("外人")
        assert above.room.last(case, "supervision_unanswered")["number"] == 1
        found = above.room.one(
            sa.select(Deviation).where(Deviation.message == "deviation.unanswered")
        )
        assert (found.kind, found.params) == ("late", {"title": "1"})
        above.room.give("承办甲", answer_above, row.id, answer="迟复。")
        assert above.room.last(case, "supervision_answered")["late"] is True

    def test_the_authority_below_lists_what_is_asked(self, above: Above) -> None:
        above.grant()
        case = above.room.open()
        row = self.asked(above, case)
        ask = above.room.office.ask

        line = ask(above.room.actor("承办甲"), asked_from_above)[0]
        assert (line.number, line.superior, line.may_answer) == (case.number, "上级集团", True)
        assert not line.is_late
        assert not ask(above.room.actor("主席"), asked_from_above, case_id=case.id)[0].may_answer
        assert ask(above.room.actor("举报人"), asked_from_above) == ()
        assert ask(above.room.actor("承办甲"), asked_from_above, case_id="other") == ()
        above.room.at(2026, 2, 12)
        assert ask(above.room.actor("承办甲"), asked_from_above)[0].is_late
        above.room.give("承办甲", answer_above, row.id, answer="迟复。")
        done = ask(above.room.actor("承办甲"), asked_from_above, answered=True)[0]
        assert (done.answered_by, done.may_answer, done.is_late) == ("承办甲", False, False)

    def test_who_declared_an_interest_answers_nothing_and_is_shown_nothing(
        self, above: Above
    ) -> None:
        above.grant()
        case = above.room.open()
        row = self.asked(above, case)
        above.room.give("承办乙", declare_interest, case.id, reasons="同学。")
        with pytest.raises(Recused):
            above.room.give("承办乙", answer_above, row.id, answer="回避人答复")
        assert above.room.office.ask(above.room.actor("承办乙"), asked_from_above) == ()

    def test_outside_the_grant_nothing_is_asked(self, above: Above) -> None:
        case = above.room.open()
        with pytest.raises(NotFound):
            self.asked(above, case)
        with pytest.raises(Refusal):
            above.room.give("外人", ask_below, case.id, text="督办", answer_by=date(2026, 2, 11))


def facts_of(view: Any) -> set[str]:
    return {act.fact.value for act in view.acts}
