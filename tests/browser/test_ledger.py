"""The ledger, the boxes and exports in a real browser; what is printed fits A4."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import pypdf
import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from engine.commands.copies import send_copies
from engine.commands.own_notes import watch_case
from engine.commands.save_draft import save_draft
from engine.commands.saved_filters import LEDGER, save_filter
from engine.store.tables import CaseRow, DocumentRow, WorkItemRow
from scheduler.jobs import drain
from tests.browser.serving import Street, served
from tests.browser.watching import DESKTOP, TELEPHONE, AxeFindings, Hindrances, OpenPage
from tests.office import Template, Town, copy_of
from tests.web import walking
from web.server import WORKERS

pytestmark = pytest.mark.browser

LONG = "二车间主任陈某在年度大修中推诿扯皮致全线停产五日并隐瞒不报造成重大损失的问题线索一"
A4 = (595, 842)
"""Points, at which Chromium rounds down."""

PAPER_WIDTH = 673
"""Pixels between the margins of A4: 210 mm less 2 × 16 mm, at 96 to the inch."""

ACROSS = 1031
"""Likewise across: 297 mm less 2 × 12 mm."""

BEYOND = """width => document.documentElement.scrollWidth <= width ? [] :
  [...document.querySelectorAll("body *")].filter(one => one.getBoundingClientRect().right > width)
    .map(one => `${one.tagName}.${one.className}`)"""
"""What runs over the edge of the paper, by its class."""

PLACES = {
    "ledger": "/ledger",
    "ledger-wide": "/ledger?columns=number,title,procedure,subject,status,stage,handler,last_day,"
    "outcome,channel,secrecy,opened,closed&state=open",
    "ledger-empty": "/ledger?q=none",
    "done": "/done",
    "done-empty": "/done?q=none",
    "started": "/started",
    "copies": "/copies",
    "drafts": "/drafts",
    "watched": "/watched",
    "exports": "/exports",
    "export-order": "/cases/{case}/export",
    "merger": "/cases/{last}/merger",
    "correct": "/documents/{document}/correct",
}
PRINTED = {
    "case": ("/cases/{case}", PAPER_WIDTH),
    "timeline": ("/cases/{case}/timeline", PAPER_WIDTH),
    "documents": ("/cases/{case}/documents", PAPER_WIDTH),
    "task": ("/work/{item}", PAPER_WIDTH),
    "ledger": ("/ledger", ACROSS),
    "inbox": ("/inbox", PAPER_WIDTH),
    "watched": ("/watched", PAPER_WIDTH),
}


@dataclass(frozen=True)
class Place:
    """A served office with a case whose notice was served, and two clues on the same person."""

    town: Town
    address: str

    def path(self, pattern: str) -> str:
        cases = self.town.all(sa.select(CaseRow).order_by(CaseRow.opened_at, CaseRow.id))
        item = self.town.one(
            sa.select(WorkItemRow).where(
                WorkItemRow.case_id == cases[1].id, WorkItemRow.element == "ut_verify"
            )
        )
        document = self.town.one(sa.select(DocumentRow).where(DocumentRow.state == "served"))
        return pattern.format(
            case=cases[0].id, last=cases[-1].id, item=item.id, document=document.id
        )

    def page(self, open_page: OpenPage, name: str, pattern: str, width: int) -> Page:
        street = Street(self.address, partial(open_page, width=width))
        return street.go(name, self.path(pattern))


READERS = {"merger": "冯某", "started": "冯某", "correct": "周某"}


@pytest.fixture(scope="module")
def place(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    town = copy_of(template, tmp_path_factory.mktemp("copy"))
    case = walking.to_notice(town)
    second = walking.to_verification(town)
    walking.to_verification(town)
    with town.office.database.begin() as session:
        for row in session.scalars(sa.select(CaseRow)):
            row.title = LONG
    town.give("秦某", send_copies, second.id, [town.people["吕某"]], note="请阅。")
    town.give("吕某", save_draft, town.item(second, "ut_verify").id, {})
    town.give("吕某", watch_case, case.id, watched=True)
    town.give("吕某", save_filter, "在办", {"state": "open"}, of=LEDGER)
    with served(town.app) as address:
        yield Place(town, address)
    town.office.database.close()


class TestReadable:
    """Each page at a desk and on a telephone, with long titles; axe finds nothing."""

    @pytest.mark.parametrize("width", [DESKTOP, TELEPHONE])
    @pytest.mark.parametrize("name", PLACES)
    def test_by_everybody(
        self,
        place: Place,
        open_page: OpenPage,
        hindrances: Hindrances,
        name: str,
        width: int,
    ) -> None:
        page = place.page(open_page, READERS.get(name, "吕某"), PLACES[name], width)
        assert hindrances(page, f"boxes-{name}") == []


class TestTakenOut:
    """Ordered on the page, made in the background, fetched, all without reloading by hand."""

    def test_from_the_ledger_to_the_file(
        self, place: Place, open_page: OpenPage, axe_findings: AxeFindings
    ) -> None:
        page = place.page(open_page, "吕某", "/ledger?columns=number,title,subject", DESKTOP)
        page.get_by_text("导出为 .xlsx").click()
        page.get_by_label("导出的理由").fill("月度核对")
        page.get_by_role("button", name="导出", exact=True).click()
        expect(page.get_by_role("button", name="停止")).to_be_visible()
        assert axe_findings(page) == []
        drain(place.town.office, WORKERS)
        expect(page.get_by_role("link", name="下载")).to_be_visible()
        assert axe_findings(page) == []
        with page.expect_download() as fetched:
            page.get_by_role("link", name="下载").click()
        assert fetched.value.suggested_filename == "台账-20260302.xlsx"

    def test_a_view_is_kept_and_found_again(self, place: Place, open_page: OpenPage) -> None:
        page = place.page(open_page, "吕某", "/ledger?state=open&sort=oldest", DESKTOP)
        page.get_by_text("保存当前视图").click()
        page.get_by_label("名称").fill("最早的")
        page.get_by_role("button", name="保存", exact=True).click()
        link = page.get_by_role("complementary").get_by_role("link", name="最早的")
        expect(link).to_have_attribute("aria-current", "true")
        page.get_by_role("button", name="删除视图“最早的”").click()
        expect(page.get_by_text("视图已删除。")).to_be_visible()


class TestPrinted:
    """On A4 nothing runs over the edge, and no button is printed."""

    @pytest.mark.parametrize("name", PRINTED)
    def test_fits_the_paper(self, place: Place, open_page: OpenPage, name: str) -> None:
        pattern, width = PRINTED[name]
        page = place.page(open_page, "吕某", pattern, DESKTOP)
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(media="print")
        assert page.evaluate(BEYOND, width) == []
        assert page.locator("button:visible").count() == 0
        printed = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
        upright = A4 if width == PAPER_WIDTH else A4[::-1]
        for sheet in printed:
            size = (int(sheet.mediabox.width), int(sheet.mediabox.height))
            assert abs(size[0] - upright[0]) <= 1
            assert abs(size[1] - upright[1]) <= 1
        said = "".join(sheet.extract_text() for sheet in printed).replace(" ", "")
        assert "内部材料，注意保密" in said
        assert "吕某" in said
