"""版本页上的图样：建模器保存的整张图，横向滚动可看全，纸上一页宽，读屏有文字。"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from engine.desk.views.drafting import draft_files, drafts
from engine.publishing.folders import Folder, read_folder
from tests.browser.serving import Street, served
from tests.browser.watching import DESKTOP, TELEPHONE, Hindrances, OpenPage
from tests.office import P01, PROCESSES, Template, Town, copy_of

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.timeout(240)]

DESIGNER = "丁某"
PICTURE = f"{P01}.svg"


@pytest.fixture
def town(template: Template, tmp_path: Path) -> Iterator[Town]:
    built = copy_of(template, tmp_path)
    yield built
    built.office.database.close()


@pytest.fixture
def street(town: Town, open_page: OpenPage) -> Iterator[Street]:
    with served(town.app) as address:
        yield Street(address, open_page)


def drawn(street: Street, town: Town) -> bytes:
    """Let the modeller draw P01 anew; return the picture that it saved beside the diagram."""
    page = street.go(DESIGNER, "/designer")
    page.get_by_role("button", name="修改成下一版").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("企业领导干部问责")
    (line,) = town.ask(DESIGNER, drafts)
    page.goto(f"{street.address}/designer/{line.row.id}/edit/{P01}.bpmn")
    editor = page.locator("[data-wz-editor]")
    expect(editor).to_have_attribute("data-state", "ready")
    page.evaluate(
        """() => { const name = WenzeModeler.get('elementRegistry').get('ut_decide');
        WenzeModeler.get('modeling').updateProperties(name, {name: '集体讨论决定（本版）'}); }"""
    )
    expect(editor).to_have_attribute("data-state", "saved")
    files: dict[str, bytes] = town.ask(DESIGNER, draft_files, line.row.id)[1]
    return files[PICTURE]


def with_picture(town: Town, picture: bytes) -> str:
    """Keep P01 with a picture as a new version; return its address."""
    folder = read_folder(PROCESSES / P01)
    kept = Folder(folder.procedure, {**folder.files, f"{P01}/{PICTURE}": picture}, folder.scenarios)
    return f"/admin/procedures/{town.draft(kept).id}"


def measures(page: Page) -> list[int]:
    """Return the width of the picture's region, and of what lies in it."""
    found: list[int] = page.locator("main .wz-diagram:has(> img)").evaluate(
        "one => [one.clientWidth, one.scrollWidth]"
    )
    return found


class TestThePictureOfAVersion:
    """长流程横向滚动，不缩到看不清；打印时缩到一页宽；可缩放的图收在下面。"""

    def test_the_whole_of_it_is_seen_read_and_printed(
        self, street: Street, town: Town, hindrances: Hindrances
    ) -> None:
        address = with_picture(town, drawn(street, town))
        page = street.go(DESIGNER, address)
        picture = page.get_by_role("img", name=f"第 2 版的流程图 {P01}")
        expect(picture).to_be_visible()
        expect(page.get_by_text("没有差别。")).to_be_visible()
        page.wait_for_function("document.querySelector('.wz-diagram > img').complete")
        for width in (TELEPHONE, DESKTOP):
            page.set_viewport_size({"width": width, "height": 860})
            region, within = measures(page)
            assert within > 2 * region  # drawn at its own size, and scrolled
            assert hindrances(page, "version-picture") == []
        page.get_by_text("可缩放的流程图").click()
        expect(page.locator("#diagram-version .wz-canvas svg").first).to_be_visible()

        page.emulate_media(media="print")
        region, within = measures(page)
        assert within <= region + 1
        expect(page.locator("#diagram-version")).not_to_be_visible()
