"""录制场景：设计员在浏览器里以各人的身份把案件办一遍，结束即成为通过的场景，以后还能修改。"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.filling import fill
from tests.browser.serving import Street, served
from tests.browser.watching import (
    DESKTOP,
    TELEPHONE,
    Hindrances,
    KeepScreenshot,
    OpenPage,
)
from tests.office import Template, copy_of

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.timeout(240)]

DESIGNER = "丁某"


@pytest.fixture
def street(template: Template, tmp_path: Path, open_page: OpenPage) -> Iterator[Street]:
    town = copy_of(template, tmp_path)
    with served(town.app) as address:
        yield Street(address, open_page)
    town.office.database.close()


def begun(street: Street) -> Page:
    """Begin a draft of the usual shape and go to its scenarios."""
    page = street.go(DESIGNER, "/designer")
    page.locator("#f-usual-id").fill("leave-check")
    page.locator("#f-usual-title").fill("脱岗核查")
    page.locator("[name=verification]").uncheck()
    page.get_by_role("button", name="画出草稿").click()
    page.get_by_role("link", name="场景", exact=True).click()
    return page


def act_as(page: Page, name: str) -> None:
    """Go to the rehearsal's pages as somebody, by the link of the banner where they are open."""
    link = page.get_by_role("link", name="正在录制场景：换人、移动时间、结束录制")
    if link.count():
        link.click()
    page.get_by_role("button", name=f"以{name}的身份办理").click()


class TestRecording:
    """点着办一遍，就是一个场景。"""

    def test_a_case_is_registered_investigated_and_becomes_a_scenario(
        self, street: Street, keep_screenshot: KeepScreenshot, hindrances: Hindrances
    ) -> None:
        page = begun(street)
        page.locator("#f-clock").fill("2026-03-02T09:00")
        page.get_by_role("button", name="录制场景").click()
        for width in (TELEPHONE, DESKTOP):
            page.set_viewport_size({"width": width, "height": 860})
            assert hindrances(page, "designer-rehearsal") == []
        act_as(page, "甲某")
        page.get_by_role("link", name="登记", exact=False).first.click()
        page.get_by_label("线索摘要").fill("三月二日上午脱岗")
        page.get_by_role("button", name="登记", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("已登记：")
        act_as(page, "丁某")
        page.locator("a.wz-task").first.click()
        fill(page, "task", {"facts": "脱岗两小时", "evidence": "值班记录"})
        page.locator("button[name=action][value=submit]").click()
        expect(page.locator(".wz-note-ok")).to_contain_text("已提交")
        page.get_by_role("link", name="正在录制场景：换人、移动时间、结束录制").click()
        page.locator("#f-to").fill("2026-03-25T10:00")
        page.get_by_role("button", name="移动时间").click()
        keep_screenshot(page, "designer-recording")
        page.locator("#f-name").fill("late-decision")
        page.locator("#f-title").fill("调查完毕，迟迟不决定")
        page.get_by_role("button", name="结束录制").click()
        expect(page.locator("body")).to_contain_text("重新演练一遍，全部通过")
        page.get_by_role("link", name="调查完毕，迟迟不决定").click()
        expect(page.get_by_role("textbox", name="内容")).to_have_value(
            re.compile("do: ut_investigation")
        )
