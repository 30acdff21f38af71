"""一案到底，在 PostgreSQL 上：与内嵌数据库同一结果。"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from engine.commands.claim_work import claim_work
from engine.commands.complete_work import complete_work
from engine.commands.deliver_message import route_message
from engine.commands.file import file
from engine.desk import Desk
from engine.desk.views import case_list, case_view, inbox, inbox_numbers, own_case, timeline
from engine.errors import AlreadyTaken, PeriodExpired
from engine.model.lamps import Lamp
from engine.store.outbox import claim_jobs
from engine.store.record import verify
from engine.store.tables import Card, CaseRow, Incident, MessageRow
from tests.engine.commands.conftest import Town

pytestmark = pytest.mark.postgres


def listed(town: Town, **filters: Any) -> int:
    def count(desk: Desk) -> int:
        return len(inbox(desk, **filters).lines)

    return town.office.ask(town.actor("初核甲"), count)


class TestAWholeCase:
    """线索、初核、送达、申诉、复查、办结。"""

    def test_from_clue_to_closing(self, town_on_postgresql: Town) -> None:
        town = town_on_postgresql
        case = town.open()
        assert case.number == "某集问〔2026〕1号"
        assert town.deadline(case, "DL-T-1").last_day == date(2026, 2, 28)

        town.at(2026, 3, 6)
        assert town.all(sa.select(Card.colour).order_by(Card.given_at)) == ["yellow", "red"]
        numbers = town.office.ask(town.actor("初核甲"), inbox_numbers)
        assert (numbers.total, numbers.lamps[Lamp.RED]) == (1, 1)
        assert listed(town) == listed(town, lamp=Lamp.RED) == listed(town, sort="opened") == 1
        assert listed(town, search="1号") == 1

        town.do("初核甲", case, "ut_verify", established=True, findings="查明")
        town.at(2026, 4, 8)
        item = town.item(case, "ut_serve")
        town.give("监事甲", complete_work, item.id, {"received_on": "2026-04-08"})
        town.at(2026, 4, 29, 23, 59)
        town.give("陈某", file, case.id, "appeal", {"request": "请求撤销"})
        town.do("监事甲", case, "ut_review")

        over = town.case(case)
        assert (over.status, over.outcome) == ("closed", "closed")
        page = town.office.ask(town.actor("监事甲"), case_list, search="〔2026〕")
        assert [line.id for line in page.lines] == [case.id]
        assert town.office.ask(town.actor("监事甲"), case_view, case.id).done >= {"tiny:ut_review"}
        assert town.office.ask(town.actor("陈某"), own_case, case.id).filed
        assert town.office.ask(town.actor("监事甲"), timeline, case.id)
        with town.office.database.reading() as session:
            assert list(verify(session)) == []

    def test_the_window_closes_at_midnight(self, town_on_postgresql: Town) -> None:
        town = town_on_postgresql
        case = town.open()
        town.do("初核甲", case, "ut_verify", established=True, findings="查明")
        town.at(2026, 4, 8)
        item = town.item(case, "ut_serve")
        town.give("监事甲", complete_work, item.id, {"received_on": "2026-04-08"})
        town.at(2026, 4, 30, 0, 0)

        with pytest.raises(PeriodExpired):
            town.give("陈某", file, case.id, "appeal", {"request": "请求撤销"})
        assert town.open_elements(case) == ["ut_late"]

    def test_every_kind_of_act_opens(self, town_on_postgresql: Town) -> None:
        town = town_on_postgresql
        case = town.open()
        town.give("初核甲", file, case.id, "acts", {"request": "x"})
        members = [town.people["初核甲"], town.people["初核乙"]]
        town.do("初核甲", case, "ut_team", members=members)

        assert town.claim("初核乙", case, "ut_interview").state == "claimed"
        assert town.all(sa.select(Incident.kind)) == ["nobody"] * len(
            town.all(sa.select(Incident.id))
        )


class TestTwoAtOnce:
    """两人同时争领，一人得之；消息恰好投递一次。"""

    def test_one_wins_and_the_other_is_told(self, town_on_postgresql: Town) -> None:
        town = town_on_postgresql
        item = town.item(town.open(), "ut_verify")

        def claim(name: str) -> str:
            try:
                town.give(name, claim_work, item.id)
            except AlreadyTaken as taken:
                return str(taken.params["by"])
            return ""

        with ThreadPoolExecutor(2) as pool:
            told = list(pool.map(claim, ("初核甲", "初核乙")))

        assert sorted(told) in (["", "初核甲"], ["", "初核乙"])

    def test_a_message_is_delivered_once(self, town_on_postgresql: Town) -> None:
        town = town_on_postgresql
        parent, child = town.open(), town.open()
        with town.office.database.begin() as session:
            session.get_one(CaseRow, child.id).parent_id = parent.id
        town.give("初核甲", file, child.id, "wait", {"request": "x"})
        town.at(2026, 2, 11, 9)
        jobs = claim_jobs(town.office.database, town.clock.now(), 10)
        (job,) = [one for one in jobs if one.kind == "route_message"]

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda _: route_message(town.office, job), range(2)))

        assert town.all(sa.select(MessageRow.receiver_id)) == [parent.id]
