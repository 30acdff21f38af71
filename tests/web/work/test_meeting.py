"""集体讨论：应到三分之二到会、逐人表态有理由、应到半数以上同意、五项质检齐全，方可形成决定。"""

from __future__ import annotations

from datetime import date
from typing import Any

import orjson
import sqlalchemy as sa

from engine.commands.decide import put_motion
from engine.commands.recuse import decide_recusal, request_recusal
from engine.store.tables import DecisionRow, Motion, PersonRow, SanctionRow
from tests.office import Town, answers_of
from tests.web import walking
from tests.web.reading import rows, words
from tests.web.scenes import Stood


def at(stood: Stood) -> str:
    return f"/work/{stood.town.item(stood.case, 'ut_decide').id}"


def put(stood: Stood) -> str:
    item = stood.town.item(stood.case, "ut_decide")
    found: Motion = stood.town.give("郑某", put_motion, item.id, walking.motion(stood.town))
    return found.id


def vote(stood: Stood, name: str, motion: str, **given: Any) -> Any:
    data = {"motion": motion, "vote": "agree", "reasons": "事实清楚", **given}
    return stood.town.visit(name).post(f"{at(stood)}/opinion", data=data, follow_redirects=True)


class TestTheBody:
    """成员、到会人数和法定人数都列明；不是成员的看不到讨论。"""

    def test_everybody_who_sits_is_listed(self, meeting: Stood) -> None:
        page = meeting.town.visit("郑某").get(at(meeting))

        assert "应到 3 人，到会 3 人，缺席 0 人，回避 0 人。" in words(page)
        assert "法定 2 人" in words(page)
        assert [row.split()[1] for row in rows(page)] == ["唐某", "郑某", "韩某"]

    def test_who_does_not_sit_is_refused(self, meeting: Stood) -> None:
        assert meeting.town.visit("魏某").get(at(meeting)).status_code == 403

    def test_nor_does_anybody_else_vote_or_decide(self, meeting: Stood) -> None:
        motion = put(meeting)
        browser = meeting.town.visit("魏某")
        answers = orjson.dumps(walking.motion(meeting.town)).decode()

        for act, data in (
            ("motion", {"answers": answers}),
            ("opinion", {"motion": motion, "vote": "agree", "reasons": "同意"}),
            ("decision", {"motion": motion}),
        ):
            assert browser.post(f"{at(meeting)}/{act}", data=data).status_code == 403

    def test_a_member_of_the_subject_s_unit_looks_on_without_a_vote(self, meeting: Stood) -> None:
        # SUP-017: same unit; the records show it, nobody has decided on it yet
        town = meeting.town
        with town.office.database.begin() as session:
            unit = session.get_one(PersonRow, town.people["陈某"]).unit_id
            session.get_one(PersonRow, town.people["唐某"]).unit_id = unit

        page = town.visit("唐某").get(at(meeting))

        assert "与被问责人同单位" in words(page)
        assert "只有未回避的成员可以形成决定。" in words(page)
        assert "data-wz-form" not in page.text

    def test_before_a_motion_the_button_says_what_comes_first(self, meeting: Stood) -> None:
        page = meeting.town.visit("郑某").get(at(meeting))

        assert "还没有议案。请先填写并提交议案。" in words(page)
        assert 'aria-disabled="true"' in page.text

    def test_the_earlier_steps_can_be_read_up(self, meeting: Stood) -> None:
        town, case = meeting.town, meeting.case
        page = town.visit("郑某").get(at(meeting)).text

        assert f'href="/work/{town.item(case, "ut_report").id}"' in page


class TestTheMotion:
    """议案写明结论、方式、事实、依据和理由；改提议案，原有表态作废。"""

    def test_a_motion_is_put_and_shown_in_words(self, meeting: Stood) -> None:
        browser = meeting.town.visit("郑某")
        answers = orjson.dumps(walking.motion(meeting.town)).decode()

        browser.post(f"{at(meeting)}/motion", data={"answers": answers})

        page = words(browser.get(at(meeting)))
        assert "第 1 号议案，郑某 于 3月2日 周一 09:00 提出" in page
        assert "问责方式 诫勉谈话、取消当年评优评先评奖资格" in page

    def test_what_is_missing_is_named_and_nothing_is_lost(self, meeting: Stood) -> None:
        answers = orjson.dumps({"kind": "exempt", "facts_found": "情节轻微。"}).decode()

        answer = meeting.town.visit("郑某").post(f"{at(meeting)}/motion", data={"answers": answers})

        assert answer.status_code == 422
        block = answers_of(answer, "motion")
        assert "grounds_cited" in [one["path"] for one in block["errors"]]
        assert block["data"]["facts_found"] == "情节轻微。"

    def test_heavier_than_before_the_defence_is_refused(self, meeting: Stood) -> None:
        # S0篇1§7: 不得因被调查人申辩而从重问责
        heavier = {**walking.motion(meeting.town), "tier": "T3"}
        answers = orjson.dumps(heavier).decode()

        answer = meeting.town.visit("郑某").post(f"{at(meeting)}/motion", data={"answers": answers})

        assert answer.status_code == 409
        assert "未能提交。" in words(answer)

    def test_a_new_motion_begins_without_votes(self, meeting: Stood) -> None:
        vote(meeting, "韩某", put(meeting))
        put(meeting)

        page = words(meeting.town.visit("郑某").get(at(meeting)))

        assert "第 2 号议案" in page
        assert "同意 0 / 应到 3" in page


class TestTheVotes:
    """每人一次，须写理由，不能改；缺席由他人记录。"""

    def test_a_vote_stands_with_its_reasons(self, meeting: Stood) -> None:
        page = vote(meeting, "韩某", put(meeting), reasons="情节轻微，同意诫勉谈话")

        assert "您的表态已记录，不能再改。" in words(page)
        assert "情节轻微，同意诫勉谈话" in words(page)
        assert "我的表态" not in words(page)

    def test_without_reasons_there_is_none(self, meeting: Stood) -> None:
        page = vote(meeting, "韩某", put(meeting), reasons=" ")

        assert 'class="wz-note wz-note-bad"' in page.text
        assert "我的表态" in words(page)

    def test_a_vote_on_a_motion_that_was_replaced_does_not_count(self, meeting: Stood) -> None:
        old = put(meeting)
        put(meeting)

        page = vote(meeting, "韩某", old)

        assert 'class="wz-note wz-note-bad"' in page.text

    def test_an_absence_is_noted_by_another(self, meeting: Stood) -> None:
        motion = put(meeting)
        data = {"motion": motion, "person": meeting.town.people["唐某"], "reasons": "外出"}

        page = meeting.town.visit("郑某").post(
            f"{at(meeting)}/absence", data=data, follow_redirects=True
        )

        assert "缺席已记录。" in words(page)
        assert "到会 2 人，缺席 1 人" in words(page)

    def test_who_is_recused_stays_listed_and_does_not_vote(self, meeting: Stood) -> None:
        town, case = meeting.town, meeting.case
        asked = town.give(
            "周某", request_recusal, case.id, town.people["唐某"], reasons="与陈某有亲属关系"
        )
        town.give("郑某", decide_recusal, asked.id, granted=True, reasons="属实")

        page = town.visit("郑某").get(at(meeting))

        assert "回避 1 人" in words(page)
        assert "被申请回避" in words(page)
        assert town.visit("唐某").get(at(meeting)).status_code == 403


class TestTheDecision:
    """条件不齐，按钮说明还差什么；不能由一人代为形成决定。"""

    def test_the_button_says_who_is_missing(self, meeting: Stood) -> None:
        vote(meeting, "韩某", put(meeting))

        page = words(meeting.town.visit("郑某").get(at(meeting)))

        assert "还差 唐某、郑某" in page
        assert "不能由一人代为形成决定" in page

    def test_pressed_all_the_same_it_is_refused(self, meeting: Stood) -> None:
        motion = put(meeting)

        page = meeting.town.visit("郑某").post(
            f"{at(meeting)}/decision", data={"motion": motion}, follow_redirects=True
        )

        assert 'class="wz-note wz-note-bad"' in page.text
        assert meeting.town.all(sa.select(DecisionRow)) == []

    def test_with_everything_there_the_decision_is_made(self, meeting: Stood) -> None:
        motion = put(meeting)
        for name in walking.BOARD:
            vote(meeting, name, motion)
        browser = meeting.town.visit("郑某")
        before = browser.get(at(meeting))
        assert 'aria-disabled="true"' not in before.text

        answer = browser.post(f"{at(meeting)}/decision", data={"motion": motion})

        assert answer.headers["Location"] == "/inbox"
        decision = meeting.town.one(sa.select(DecisionRow))
        assert decision.measures == ["talk_admonish", "cancel_merit"]
        assert meeting.town.item(meeting.case, "ut_decide").state == "done"


class TestCircumstances:
    """从重、从轻、免予情节由决策表得出，连同依据显示在讨论页。"""

    def test_what_the_table_found_stands_with_its_provision(self, town: Town) -> None:
        with town.office.database.begin() as session:
            for month in (9, 11):
                session.add(
                    SanctionRow(
                        authority_id=town.authority_id,
                        person_id=town.people["陈某"],
                        measure="talk_admonish",
                        decided_on=date(2025, month, 3),
                        effective_on=date(2025, month, 3),
                    )
                )
        stood = Stood(town, walking.to_meeting(town))

        page = words(town.visit("郑某").get(at(stood)))

        assert "（S0篇1§6-1(1)）" in page
        assert "可选的方式" in page
