"""谁看得见什么：待办、案件、任务。"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from engine.commands.claim_work import claim_work
from engine.commands.open_case import open_case
from engine.commands.save_draft import save_draft
from engine.desk import Desk
from engine.desk.form_context import people_options
from engine.desk.views import (
    case_list,
    case_view,
    completed_answers,
    inbox,
    inbox_numbers,
    start_view,
    task_view,
    timeline,
)
from engine.errors import NotAllowed, NotFound, Recused
from engine.model.lamps import Lamp
from engine.store.tables import CaseRow, Participant, PostRow, Recusal
from tests.engine.commands.conftest import Town
from tests.engine.commands.test_open_case import let_reporters_in


def ask(town: Town, name: str, query: Any, *args: Any, **kwargs: Any) -> Any:
    return town.office.ask(town.actor(name), query, *args, **kwargs)


class TestTheInbox:
    """待办：我的与我的岗位的，按届满日先后；灯色随时计算，牌以记录为准。"""

    def test_each_item_once_although_two_of_my_posts_could_take_it(self, town: Town) -> None:
        town.open()
        with town.office.database.begin() as session:
            session.add(
                PostRow(
                    authority_id=town.authority_id,
                    person_id=town.people["初核甲"],
                    role="supervisory_board",
                    valid_from=date(2020, 1, 1),
                )
            )

        assert len(ask(town, "初核甲", inbox).lines) == 1

    def test_the_line_says_what_and_until_when(self, town: Town) -> None:
        case = town.open()

        (line,) = ask(town, "初核甲", inbox).lines

        assert (line.case_number, line.name, line.state) == (case.number, "初步核实", "open")
        assert line.last_day == date(2026, 2, 28)
        assert (line.lamp, line.is_mine, line.provisional) == (Lamp.OK, False, False)

    def test_near_in_the_last_fifth_then_yellow_then_red(self, town: Town) -> None:
        town.open()
        lamps = []
        for day in (date(2026, 2, 25), date(2026, 2, 26), date(2026, 3, 1), date(2026, 3, 6)):
            town.at(day.year, day.month, day.day)
            lamps.append(ask(town, "初核甲", inbox).lines[0].lamp)

        assert lamps == [Lamp.OK, Lamp.NEAR, Lamp.YELLOW, Lamp.RED]

    def test_pages_follow_one_another_without_gap_or_repetition(self, town: Town) -> None:
        numbers = [town.open().number for _ in range(5)]
        for sort, expected in (("number", numbers), ("opened", numbers[::-1]), ("due", numbers)):
            seen, after = [], ""
            while True:
                page = ask(town, "初核甲", inbox, sort=sort, limit=2, after=after)
                seen += [line.case_number for line in page.lines]
                after = page.after
                if not after:
                    break
            assert sorted(seen) == numbers
            assert sort != "number" or seen == expected

    def test_it_is_searched_by_number_and_filtered_by_lamp(self, town: Town) -> None:
        town.open()
        case = town.open()

        assert len(ask(town, "初核甲", inbox, search="2号").lines) == 1
        assert ask(town, "初核甲", inbox, search="100%").lines == ()
        assert len(ask(town, "初核甲", inbox, lamp=Lamp.OK, procedure="tiny").lines) == 2
        assert ask(town, "初核甲", inbox, lamp=Lamp.RED).lines == ()
        town.claim("初核甲", case, "ut_verify")
        assert len(ask(town, "初核甲", inbox, mine=True).lines) == 1
        assert len(ask(town, "初核甲", inbox, mine=False).lines) == 1

    def test_numbers_count_each_lamp_and_what_is_mine(self, town: Town) -> None:
        town.open()
        case = town.open()
        town.claim("初核甲", case, "ut_verify")

        numbers = ask(town, "初核甲", inbox_numbers)

        assert (numbers.total, numbers.mine, numbers.lamps[Lamp.OK]) == (2, 1, 2)

    def test_an_unknown_sort_or_cursor_is_a_mistake(self, town: Town) -> None:
        for wrong in ({"sort": "colour"}, {"after": "x"}, {"after": "WyJudW1iZXIiLDEsMl0="}):
            with pytest.raises(ValueError, match=r"inbox|cursor"):
                ask(town, "初核甲", inbox, **wrong)

    def test_a_case_from_which_one_is_recused_is_not_listed(self, town: Town) -> None:
        case = town.open()
        bar(town, case, "初核甲")

        assert ask(town, "初核甲", inbox).lines == ()
        assert ask(town, "初核甲", inbox_numbers).total == 0


class TestTheCase:
    """案件页：岗位在流程中的人可见；回避的人不可见；举报人身份只有受理岗可见（SUP-014）。"""

    def test_an_office_of_the_procedure_sees_it_without_the_file(self, town: Town) -> None:
        case = town.open(reporter_id=None)
        view = ask(town, "监事甲", case_view, case.id)

        assert view.row.number == case.number
        assert not view.sees_file
        assert view.variables == {}
        assert view.now == {"tiny:ut_verify"}

    def test_whoever_may_work_on_it_sees_the_file(self, town: Town) -> None:
        case = town.open()
        view = ask(town, "初核甲", case_view, case.id)

        assert view.variables["facts"] == "有令不行"
        assert [one.row.key for one in view.deadlines] == ["DL-T-1"]
        assert view.deadlines[0].remaining.count == 10

    def test_no_page_names_the_reporter_to_anybody(self, town: Town) -> None:
        case = town.open(reporter_id=None)
        report(town, case)

        def reporter(by: str) -> tuple[str, bool]:
            parts = ask(town, by, case_view, case.id).parts
            (part,) = [one for one in parts if one.role == "reporter"]
            return part.name, part.is_hidden

        assert reporter("初核甲") == ("", True)
        assert reporter("受理甲") == ("", True)

    def test_a_reporter_who_registered_is_not_named_in_the_timeline_either(
        self, town: Town, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        let_reporters_in(town, monkeypatch, roles=("intake_clerk", "reporter"))
        case = town.give("外人", open_case, "tiny", {"channel": "CA1", "facts": "x"})

        acts = ask(town, "初核甲", timeline, case.id)
        assert (acts[-1].by, acts[-1].is_hidden) == ("", True)
        assert town.people["外人"] not in repr(acts)
        assert town.people["外人"] not in ask(town, "初核甲", case_view, case.id).names
        assert ask(town, "受理甲", timeline, case.id)[-1].by == ""

    def test_somebody_recused_does_not_see_the_case(self, town: Town) -> None:
        case = town.open()
        bar(town, case, "初核甲")

        with pytest.raises(Recused):
            ask(town, "初核甲", case_view, case.id)

    def test_to_an_outsider_there_is_none(self, town: Town) -> None:
        case = town.open()

        for wrong in (case.id, "none"):
            with pytest.raises(NotFound):
                ask(town, "外人", case_view, wrong)

    def test_the_subject_has_no_right_to_the_officers_page(self, town: Town) -> None:
        case = town.open()

        with pytest.raises(NotAllowed):
            ask(town, "陈某", case_view, case.id)

    def test_the_timeline_tells_every_act_the_newest_first(self, town: Town) -> None:
        case = town.open()
        town.do("初核甲", case, "ut_verify", established=True, findings="查明")

        acts = ask(town, "监事甲", timeline, case.id)

        assert [act.fact.value for act in acts][-3:] == [
            "deadline_started",
            "fact_stated",
            "case_opened",
        ]
        assert acts[-1].by == "受理甲"
        shifts = ask(town, "监事甲", timeline, case.id, kind="deadline")
        assert {act.kind for act in shifts} == {"deadline"}
        older = ask(town, "监事甲", timeline, case.id, before=acts[0].sequence)
        assert len(older) == len(acts) - 1


class TestTheListOfCases:
    """案件列表在数据库中按可见范围筛选。"""

    def test_offices_of_the_procedure_see_all_outsiders_none(self, town: Town) -> None:
        for _ in range(3):
            town.open()

        assert len(ask(town, "监事甲", case_list).lines) == 3
        assert ask(town, "外人", case_list).lines == ()
        assert ask(town, "陈某", case_list).lines == ()

    def test_a_participant_sees_the_one_case(self, town: Town) -> None:
        case = town.open()
        town.open()
        with town.office.database.begin() as session:
            session.add(
                Participant(
                    authority_id=town.authority_id,
                    case_id=case.id,
                    person_id=town.people["外人"],
                    role="investigator",
                    since_at=town.clock.now(),
                )
            )

        assert [line.id for line in ask(town, "外人", case_list).lines] == [case.id]

    def test_it_is_filtered_and_paged(self, town: Town) -> None:
        first, second = town.open(), town.open()
        town.do("初核甲", first, "ut_verify", established=False)

        def ids(**filters: object) -> list[str]:
            return [line.id for line in ask(town, "监事甲", case_list, **filters).lines]

        assert ids(is_closed=True) == [first.id]
        assert ids(is_closed=False) == [second.id]
        assert ids(status="verifying", procedure="tiny") == [second.id]
        assert ids(search="〔2026〕1号") == [first.id]
        page = ask(town, "监事甲", case_list, limit=1)
        rest = ask(town, "监事甲", case_list, limit=1, after=page.after)
        assert {page.lines[0].id, rest.lines[0].id} == {first.id, second.id}
        assert rest.after == ""
        with pytest.raises(ValueError, match="cursor"):
            ask(town, "监事甲", case_list, after="x")

    def test_supervision_sees_every_case_of_the_authority(self, town: Town) -> None:
        town.open()
        with town.office.database.begin() as session:
            session.add(
                PostRow(
                    authority_id=town.authority_id,
                    person_id=town.people["外人"],
                    role="supervision_officer",
                    valid_from=date(2020, 1, 1),
                )
            )

        assert len(ask(town, "外人", case_list).lines) == 1


class TestTheTask:
    """任务页：表单、期限、已存草稿；不能办的说明原因。"""

    def test_it_gives_the_form_the_law_and_the_draft(self, town: Town) -> None:
        case = town.open()
        item = town.item(case, "ut_verify")
        town.give("初核甲", save_draft, item.id, {"findings": "写了一半"})

        view = ask(town, "初核甲", task_view, item.id)

        assert view.form is not None
        assert view.form.key == "tiny:verify"
        assert view.data["findings"] == "写了一半"
        assert view.citations == ("S0篇1§7",)
        assert view.deadline is not None
        assert view.deadline.row.last_day == date(2026, 2, 28)
        assert view.refusal is None
        assert view.holder == "初核甲"

    def test_whoever_may_not_do_it_is_told_why(self, town: Town) -> None:
        case = town.open()
        item = town.claim("初核甲", case, "ut_verify")

        view = ask(town, "监事甲", task_view, item.id)

        assert view.refusal is not None
        assert view.refusal.message_id == "item.taken"
        assert "facts" not in view.data

    def test_an_unknown_task_is_not_found(self, town: Town) -> None:
        for query in (task_view, completed_answers):
            with pytest.raises(NotFound):
                ask(town, "初核甲", query, "none")

    def test_answers_are_shown_without_their_salt(self, town: Town) -> None:
        case = town.open()
        item = town.do("初核甲", case, "ut_verify", established=True, findings="查明")

        assert ask(town, "初核甲", completed_answers, item.id) == {
            "established": True,
            "findings": "查明",
        }

    def test_the_start_form_offers_channels_and_people(self, town: Town) -> None:
        _, form, data = ask(town, "受理甲", start_view, "tiny")

        assert form is not None
        assert data["channels_options"] == [{"label": "指示", "value": "CA1"}]
        assert {one["label"] for one in data["people_subject"]} >= {"陈某，一车间"}
        with pytest.raises(NotAllowed):
            ask(town, "监事甲", start_view, "tiny")
        with pytest.raises(NotFound):
            ask(town, "受理甲", start_view, "none")

    def test_a_field_for_others_responsible_offers_the_whole_register_in_any_form(
        self, town: Town
    ) -> None:
        case = town.open()

        def offered(desk: Desk) -> set[str]:
            found = people_options(desk, "register", case)
            return {one["label"].partition("，")[0] for one in found}

        assert town.give("受理甲", offered) >= {"陈某", "监事甲", "初核甲"}


def bar(town: Town, case: CaseRow, name: str) -> None:
    with town.office.database.begin() as session:
        session.add(
            Recusal(
                authority_id=town.authority_id,
                case_id=case.id,
                person_id=town.people[name],
                kind="applied",
                state="pending",
                reasons="原下属",
                requested_by=town.people["陈某"],
                requested_at=town.clock.now(),
            )
        )
    with pytest.raises(Recused):
        town.give(name, claim_work, town.item(case, "ut_verify").id)


def report(town: Town, case: CaseRow) -> None:
    with town.office.database.begin() as session:
        session.add(
            Participant(
                authority_id=town.authority_id,
                case_id=case.id,
                person_id=town.people["举报人"],
                role="reporter",
                since_at=town.clock.now(),
            )
        )
    assert town.all(sa.select(Participant.id).where(Participant.role == "reporter"))
