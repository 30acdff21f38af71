"""信息公开：无须登录，只见向社会公开且没有撤下的 (S3 L59§20; SUP-008, SUP-054; C16, C20)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.store.tables import Publication
from tests.office import Town
from tests.web.reading import words


def published(town: Town, title: str, **changed: object) -> str:
    case = town.open()
    given: dict[str, object] = {
        "scope": "society",
        "state": "published",
        "text": "经查，停产五日。\n给予诫勉谈话。",
        "number": "某司问通〔2026〕1号",
        **changed,
    }
    with town.office.database.begin() as session:
        row = Publication(
            authority_id=town.authority_id,
            case_id=case.id,
            procedure=case.procedure,
            title=title,
            published_by=town.people["郑某"],
            published_at=town.clock.now(),
            **given,  # type: ignore[arg-type]
        )
        session.add(row)
        session.flush()
        return row.id


class TestTheList:
    """没有登录的人看到向社会公开的决定，最新的在前，可以查找。"""

    def test_nobody_is_logged_in_and_reads(self, town: Town) -> None:
        published(town, "关于停产事故的通报")
        page = town.app.test_client().get("/public/")
        assert page.status_code == 200
        assert "关于停产事故的通报" in words(page)
        assert "某重工集团" in words(page)
        for word in ("范围", "条件", "程序", "结果"):
            assert word in words(page)

    def test_without_any_it_says_so_in_both_languages(self, town: Town) -> None:
        browser = town.app.test_client()
        assert "还没有公开的内容" in words(browser.get("/public/"))
        assert "Nothing has been published yet" in words(browser.get("/public/?lang=en"))

    @pytest.mark.parametrize(
        "hidden",
        [
            {"scope": "unit"},
            {"scope": "system"},
            {"state": "withdrawn"},
            {"state": "withheld", "scope": ""},
        ],
    )
    def test_other_scopes_and_what_was_withdrawn_are_not_there(
        self, town: Town, hidden: dict[str, object]
    ) -> None:
        one = published(town, "内部通报", **hidden)
        browser = town.app.test_client()
        assert "内部通报" not in words(browser.get("/public/"))
        assert browser.get(f"/public/{one}").status_code == 404

    def test_search_and_pages(self, town: Town) -> None:
        for number in range(21):
            town.clock.move_to(town.clock.now() + timedelta(minutes=1))
            published(town, f"第{number:02}号通报")
        browser = town.app.test_client()
        first = browser.get("/public/")
        assert "第20号通报" in words(first)
        assert "第00号通报" not in words(first)
        following = first.text.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
        assert "第00号通报" in words(browser.get(following))
        found = browser.get("/public/?q=第07号")
        assert "第07号通报" in words(found)
        assert "第08号通报" not in words(found)
        assert "没有查到" in words(browser.get("/public/?q=%25%25"))


class TestOne:
    """正文、文号和公开的各部分；不存在的、不公开的一律查不到。"""

    def test_its_text_and_sections_are_shown(self, town: Town) -> None:
        one = published(town, "通报", sections={"causes": "管理松懈。", "other": "不显示"})
        page = town.app.test_client().get(f"/public/{one}")
        assert "给予诫勉谈话。" in words(page)
        assert "发生原因" in words(page)
        assert "管理松懈。" in words(page)
        assert "不显示" not in words(page)

    def test_what_is_not_there_is_not_found(self, town: Town) -> None:
        assert town.app.test_client().get("/public/nothing").status_code == 404
