"""查找页：命中处标出，分种类、分页；查不到的说明原因。"""

from __future__ import annotations

from tests.office import Town
from tests.web import walking
from tests.web.reading import words
from web.search.views import excerpt, marked


class TestThePage:
    """在任何页面上都可以查。"""

    def test_a_case_is_found_and_marked(self, town: Town) -> None:
        case = town.open()
        page = town.visit("冯某").get("/search?q=推诿")

        assert '<mark class="wz-hit">推诿</mark>扯皮的问题' in page.text
        assert f'href="/cases/{case.id}"' in page.text

    def test_by_the_subject_the_case_says_where(self, town: Town) -> None:
        town.open()
        page = town.visit("冯某").get("/search?q=陈某&kind=case")

        times = page.text.count('<mark class="wz-hit">陈某</mark>')
        assert times == 2  # in the title, and among the people

    def test_people_lead_administrators_to_the_register(self, town: Town) -> None:
        page = town.visit("冯某").get("/search?q=郑某")
        assert "监事会主席" in words(page)
        assert "/admin/people" not in page.text

        assert "/admin/people?q=" in town.visit("丁某").get("/search?q=郑某").text

    def test_a_document_leads_to_the_case_s_documents(self, town: Town) -> None:
        case = walking.to_service(town)
        page = town.visit("冯某").get("/search?q=决定书&kind=document")

        assert f'href="/cases/{case.id}/documents"' in page.text

    def test_nothing_found_is_said(self, town: Town) -> None:
        town.open()

        assert "只在您可以查看的范围内查找" in words(town.visit("冯某").get("/search?q=起火"))

    def test_before_anything_is_asked(self, town: Town) -> None:
        assert "输入案号、案由、姓名" in words(town.visit("冯某").get("/search"))

    def test_the_next_page(self, town: Town) -> None:
        for _each in range(21):
            town.open()
        browser = town.visit("冯某")
        first = browser.get("/search?q=推诿&kind=case").text
        address = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")

        assert first.count("wz-task") == 20
        assert browser.get(address).text.count("wz-task") == 1

    def test_an_address_that_somebody_typed(self, town: Town) -> None:
        browser = town.visit("冯某")

        assert browser.get("/search?q=推诿&kind=x").status_code == 400
        assert browser.get("/search?q=推诿&after=x").status_code == 400

    def test_the_subject_finds_nothing(self, town: Town) -> None:
        town.open()

        assert "没有找到" in words(town.visit("陈某").get("/search?q=推诿"))

    def test_the_box_stands_on_every_page(self, town: Town) -> None:
        assert 'action="/search" role="search"' in town.visit("冯某").get("/inbox").text
        assert 'action="/search" role="search"' not in town.visit("陈某").get("/own").text


class TestMarks:
    """标出的字句不会变成网页代码。"""

    def test_what_looks_like_html_is_text(self) -> None:
        said = marked("<b>甲</b>", ("甲",))

        assert said == '&lt;b&gt;<mark class="wz-hit">甲</mark>&lt;/b&gt;'
        assert marked("<b>", ()) == "&lt;b&gt;"

    def test_what_is_looked_for_is_no_pattern(self) -> None:
        assert "<mark" not in marked("甲乙", ("甲.",))

    def test_an_excerpt_stands_around_what_was_found(self) -> None:
        said = excerpt("前" * 60 + "停产" + "后" * 60, ("停产",))

        assert said == "…" + "前" * 40 + '<mark class="wz-hit">停产</mark>' + "后" * 40 + "…"

    def test_without_anything_found_there_is_none(self) -> None:
        assert excerpt("甲", ("乙",)) == ""
