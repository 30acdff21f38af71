"""消息：期限临近、申请有结果时告知；读过的标为已读。"""

from __future__ import annotations

import sqlalchemy as sa

from engine.store.tables import Notice
from tests.office import Town
from tests.web.reading import words


def told(town: Town) -> None:
    """Open a case and let its first deadline come near: 冯某 is told on Wednesday 4 March."""
    town.open()
    town.at(2026, 3, 4)


class TestNotices:
    """每条写明何时、为何、哪一案。"""

    def test_a_deadline_that_nears_is_told(self, town: Town) -> None:
        told(town)

        page = words(town.visit("冯某").get("/notices"))

        assert "案件某司问〔2026〕1号的“登记分流”将于" in page
        assert "3月4日 周三" in page

    def test_nobody_else_reads_it(self, town: Town) -> None:
        told(town)

        assert "没有消息" in words(town.visit("魏某").get("/notices"))

    def test_read_it_is_counted_no_more(self, town: Town) -> None:
        told(town)
        browser = town.visit("冯某")
        notice = town.one(sa.select(Notice).where(Notice.person_id == town.people["冯某"]))
        assert "消息<b>1</b>" in browser.get("/notices").text

        browser.post("/notices/read", data={"notice": notice.id})

        assert "消息<b>1</b>" not in browser.get("/notices").text
        assert "没有消息" in words(browser.get("/notices?show=unread"))

    def test_one_s_own_only_are_marked(self, town: Town) -> None:
        told(town)
        notice = town.one(sa.select(Notice).where(Notice.person_id == town.people["冯某"]))

        town.visit("魏某").post("/notices/read", data={"notice": notice.id})
        town.visit("魏某").post("/notices/read")

        assert town.one(sa.select(Notice).where(Notice.id == notice.id)).read_at is None

    def test_older_ones_are_on_the_next_page(self, town: Town) -> None:
        for _each in range(21):
            town.open()
        town.at(2026, 3, 4)
        browser = town.visit("冯某")
        first = browser.get("/notices")
        address = first.text.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")

        assert words(first).count("“登记分流”") == 20
        assert words(browser.get(address)).count("“登记分流”") == 1

    def test_in_english_it_is_english(self, town: Town) -> None:
        told(town)

        assert "“登记分流” in case" in words(town.visit("冯某").get("/notices?lang=en"))
