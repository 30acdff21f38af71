"""铃铛自己更新：没有新消息时浏览器不重取；不因此延长登录。"""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from engine.store.tables import Session
from tests.office import Town


class TestTheBell:
    """每半分钟问一次未读数。"""

    def test_it_says_how_many_are_unread(self, town: Town) -> None:
        town.open()
        town.at(2026, 3, 4)
        browser = town.visit("冯某")

        answer = browser.get("/notices/bell")

        assert ">1</b>" in answer.text
        assert 'hx-get="/notices/bell"' in answer.text
        assert answer.headers["Cache-Control"] == "private, no-cache"

    def test_what_has_not_changed_is_not_sent_again(self, town: Town) -> None:
        browser = town.visit("冯某")
        tag = browser.get("/notices/bell").headers["ETag"]

        assert browser.get("/notices/bell", headers={"If-None-Match": tag}).status_code == 304

        town.open()
        town.at(2026, 3, 4)
        assert browser.get("/notices/bell", headers={"If-None-Match": tag}).status_code == 200

    def test_another_reader_s_tag_says_nothing(self, town: Town) -> None:
        tag = town.visit("冯某").get("/notices/bell").headers["ETag"]
        other = town.visit("魏某")

        assert other.get("/notices/bell", headers={"If-None-Match": tag}).status_code == 200

    def test_once_logged_out_it_stops_asking(self, town: Town) -> None:
        answer = town.app.test_client().get("/notices/bell")

        assert answer.status_code == 286
        assert answer.headers["HX-Reswap"] == "none"
        assert answer.text == ""

    def test_it_keeps_no_idle_session_open(self, town: Town) -> None:
        browser = town.visit("冯某")
        before = town.one(sa.select(Session)).expires_at
        town.clock.move_to(town.clock.now() + timedelta(hours=2))

        browser.get("/notices/bell")
        assert town.one(sa.select(Session)).expires_at == before

        browser.get("/notices")
        assert town.one(sa.select(Session)).expires_at > before

    def test_every_page_carries_it(self, town: Town) -> None:
        assert 'id="bell"' in town.visit("冯某").get("/inbox").text


class TestKinds:
    """消息按种类筛选。"""

    def test_only_of_a_kind(self, town: Town) -> None:
        town.open()
        town.at(2026, 3, 4)
        browser = town.visit("冯某")

        assert "“登记分流”" in browser.get("/notices?event=near").text
        assert "没有消息" in browser.get("/notices?event=red&show=unread").text

    def test_an_unknown_kind_is_no_address(self, town: Town) -> None:
        assert town.visit("冯某").get("/notices?event=x").status_code == 400
