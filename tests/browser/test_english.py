"""The main pages for somebody who reads English: what is left in Chinese is data alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page

from engine.store.tables import AuthorityRow, CaseRow, PersonRow, PostRow, UnitRow
from tests.browser.serving import Street, served
from tests.browser.watching import OpenPage
from tests.office import Template, Town
from tests.web import walking
from tests.web.scenes import Stood, build_scene

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(120)]

CHINESE = re.compile(r"[一-鿿]")
CITED = r"《[^》]+》篇\d+"
NUMBER = r"问[决告]?〔\d+〕\d+号"
ONLY_IN_CHINESE = (
    # what people wrote
    "大修中推诿扯皮，致停产五日。",
    "当日在外出差。",
    # hints of forms for which the procedure gives no English
    "无重复的不填。",
    "可不填。只有受理岗和保护专员凭理由可看。",
    "平台补充。",
    "问责情况应及时告知（第十条）。",
    # diagrams' names
    "企业领导干部问责",
    "决定书拟制",
    "初步核实",
    "线索受理登记",
    "调查",
    "送达",
    "陈述申辩与告知",
    # titles that a notice was written with
    "提出陈述、申辩",
    "陈述、申辩",
    "申诉",
    "拟问责事实、理由、依据和权利告知书",
    "问责决定书",
)
TEXTS = """() => {
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walk.nextNode());) {
    const on = node.parentElement;
    if (on.closest('script, style, svg, textarea, template')) continue;
    if (on.closest('[lang^=zh], .wz-law, .wz-canvas')) continue;
    const said = node.textContent.trim();
    if (said) found.push(said);
  }
  for (const on of document.querySelectorAll('[aria-label], [title], [placeholder]'))
    for (const name of ['aria-label', 'title', 'placeholder'])
      if (on.hasAttribute(name)) found.push(on.getAttribute(name));
  found.push(document.title);
  return found;
}"""


@pytest.fixture(scope="module")
def stood(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stood]:
    """A case whose decision was served, and one that was just registered."""

    def walk(town: Town) -> CaseRow:
        town.open(subject="钱某")
        return walking.to_service(town)

    scene = build_scene(template, tmp_path_factory.mktemp("scene"), walk)
    copy = scene.copy(tmp_path_factory.mktemp("copy"))
    yield copy
    copy.town.office.database.close()


@pytest.fixture
def street(stood: Stood, open_page: OpenPage) -> Iterator[Street]:
    def english(url: str) -> Page:
        page = open_page(url, locale="en")
        page.goto(url.replace("/login", "/language/en?back=/login"))
        return page

    with ExitStack() as stack:
        yield Street(stack.enter_context(served(stood.town.app)), english)


def data_of(town: Town) -> set[str]:
    """Return the names that people gave to persons, units, posts, authorities and cases."""
    found: set[str] = set()
    with town.office.database.reading() as session:
        for column in (
            PersonRow.name,
            PersonRow.title,
            UnitRow.name,
            PostRow.title,
            AuthorityRow.name,
            AuthorityRow.short_name,
            CaseRow.title,
            CaseRow.number,
        ):
            found |= set(session.scalars(sa.select(column)))
    return found - {""}


CASE = "/cases/{case}"
PAGES = {
    "郑某": (
        "/inbox",
        "/cases",
        CASE,
        f"{CASE}/timeline",
        f"{CASE}/deadlines",
        f"{CASE}/documents",
        f"{CASE}/people",
        f"{CASE}/recusal",
        "/notices",
    ),
    "冯某": ("/inbox", "/work/{screen}", "/register/corporate-accountability"),
    "陈某": ("/my/{case}", "/my/{case}/file/appeal"),
    "方某": tuple(
        f"/admin{page}"
        for page in (
            "",
            "/late",
            "/calendar",
            "/people",
            "/procedures",
            "/clock",
            "/records",
        )
    ),
}


class TestInEnglish:
    """英文界面：除姓名、案由、所填内容等数据，和流程只给了中文的文字外，不留中文。"""

    @pytest.mark.parametrize("name", PAGES)
    def test_no_chinese_but_data(self, stood: Stood, street: Street, name: str) -> None:
        town = stood.town
        other = town.one(sa.select(CaseRow).where(CaseRow.id != stood.case.id))
        screen = town.item(other, "ut_screen").id
        names = sorted(data_of(town) | set(ONLY_IN_CHINESE), key=len, reverse=True)
        data = re.compile("|".join((CITED, NUMBER, *(re.escape(one) for one in names))))
        initials = {one[0] for one in town.people}

        left: dict[str, list[str]] = {}
        for path in PAGES[name]:
            page = street.go(name, path.format(case=stood.case.id, screen=screen))
            said = {data.sub("", one) for one in page.evaluate(TEXTS)} - initials - {"中文"}
            assert said, path
            left[path] = sorted(one for one in said if CHINESE.search(one))

        assert left == {path: [] for path in PAGES[name]}
