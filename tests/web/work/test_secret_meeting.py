"""会议页：通知、无记名投票、保留意见、会议纪要签字 (procedures C07; issue 5)."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from engine.commands.decide import put_motion
from engine.commands.organise import give_post
from engine.store.tables import BallotBox, DecisionRow, Motion, WorkItemRow
from tests.office import PASSWORD
from tests.web import walking
from tests.web.reading import words
from tests.web.scenes import Stood

ZONE = ZoneInfo("Asia/Shanghai")
MEMBERS = ("唐某", "郑某", "韩某")


@pytest.fixture
def hall(meeting: Stood) -> Stood:
    """The board's step as a procedure states it that votes in secret and signs its minutes."""
    town = meeting.town
    with town.office.database.begin() as session:
        item = session.get_one(WorkItemRow, town.item(meeting.case, "ut_decide").id)
        item.properties = {
            **item.properties,
            "vote": "secret",
            "minutes_signatures": "2",
            "convener": "secretary",
        }
    town.give("丁某", give_post, town.people["魏某"], "secretary", valid_from=date(2020, 1, 1))
    return meeting


def at(hall: Stood) -> str:
    return f"/work/{hall.town.item(hall.case, 'ut_decide').id}"


def post(hall: Stood, name: str, act: str, **data: Any) -> Any:
    return hall.town.visit(name).post(f"{at(hall)}/{act}", data=data, follow_redirects=True)


def called(hall: Stood, by: str = "魏某", **changed: Any) -> Any:
    now = hall.town.clock.now().astimezone(ZONE)
    given = {
        "held_at": f"{now:%Y-%m-%dT%H:%M}",
        "place": "三楼会议室",
        "agenda": "讨论问责决定",
        "chair": hall.town.people["郑某"],
        "recorder": hall.town.people["魏某"],
        **changed,
    }
    return post(hall, by, "meeting", **given)


def moved(hall: Stood) -> str:
    called(hall)
    item = hall.town.item(hall.case, "ut_decide")
    found: Motion = hall.town.give("郑某", put_motion, item.id, walking.motion(hall.town))
    return found.id


def vote(hall: Stood, name: str, motion: str, how: str = "agree", said: str = "") -> Any:
    return post(hall, name, "opinion", motion=motion, vote=how, reasons=said)


class TestCalling:
    """秘书或成员通知开会；时间、地点、议题、主持人、记录人列在页上。"""

    def test_the_secretary_calls_it_and_everybody_reads_of_it(self, hall: Stood) -> None:
        before = hall.town.visit("郑某").get(at(hall))
        assert "还没有通知开会" in words(before)

        page = called(hall)

        assert "会议通知已发出" in words(page)
        assert "三楼会议室" in words(hall.town.visit("韩某").get(at(hall)))
        assert "三楼会议室" in words(hall.town.visit("韩某").get("/notices"))

    def test_a_broken_time_or_a_missing_place_is_told(self, hall: Stood) -> None:
        assert "请填写开会的日期和时间" in words(called(hall, held_at="soon"))
        assert "缺少地点或议题" in words(called(hall, place=" "))


class TestTheBallot:
    """投票前后都看不到谁投了什么票；全体投票后公布票数。"""

    def test_counts_are_shown_when_all_have_voted_and_nobody_s_vote_ever(self, hall: Stood) -> None:
        motion = moved(hall)
        page = vote(hall, "唐某", motion, "disagree", "程序上有一点看法。")
        assert "已投票" in words(page)
        assert "全体到会成员投票后计票" in words(page)
        assert "不同意" not in page.text.split("<tbody>")[1].split("</tbody>")[0]

        vote(hall, "郑某", motion)
        page = vote(hall, "韩某", motion)

        assert "不同意 1" in words(page)
        assert page.text.count("已投票") >= len(MEMBERS)
        box = hall.town.one(sa.select(BallotBox))
        assert (box.agree, box.disagree, box.abstain) == (2, 1, 0)
        timeline = hall.town.visit("郑某").get(f"/cases/{hall.case.id}/timeline")
        assert "表态：已投票" in words(timeline)
        assert "表态：不同意" not in words(timeline)


class TestMinutes:
    """保留意见写入纪要；主持人和记录人签字后形成决定。"""

    def test_dissent_close_sign_decide(self, hall: Stood) -> None:
        town, motion = hall.town, moved(hall)
        for name in MEMBERS:
            vote(hall, name, motion, "disagree" if name == "唐某" else "agree")
        assert "保留意见已记录" in words(
            post(hall, "唐某", "dissent", motion=motion, reasons="方式偏重。")
        )
        page = post(hall, "魏某", "close", motion=motion)
        assert "表决已结束" in words(page)
        assert "待签字：郑某、魏某" in words(page)
        post(hall, "郑某", "decision", motion=motion)
        assert town.all(sa.select(DecisionRow)) == []
        for name in ("郑某", "魏某"):
            assert "您已在会议纪要上签字" in words(
                post(hall, name, "signature", motion=motion, password=PASSWORD)
            )
        page = town.visit("郑某").get(at(hall))
        assert "已签 2 / 2" in words(page)
        assert "方式偏重。" in words(page)

        post(hall, "郑某", "decision", motion=motion)

        decision: DecisionRow = town.one(sa.select(DecisionRow))
        assert decision.tally["in_favour"] == 2

    def test_a_wrong_password_signs_nothing(self, hall: Stood) -> None:
        motion = moved(hall)
        for name in MEMBERS:
            vote(hall, name, motion)
        post(hall, "郑某", "close", motion=motion)

        page = post(hall, "郑某", "signature", motion=motion, password="nothing like it")

        assert "您已在会议纪要上签字" not in words(page)
        assert "待签字：郑某、魏某" in words(page)
