"""流程设计员从空白画出一个流程：表单、决策表、期限、场景；另一人批准；一件案件开始并办结。"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.filling import fill
from tests.browser.serving import Street, served
from tests.browser.watching import DESKTOP, TELEPHONE, Hindrances, KeepScreenshot, OpenPage
from tests.office import Template, copy_of

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.timeout(240)]

DESIGNER, APPROVER, CLERK = "丁某", "方某", "冯某"
SCENARIO = """id: checked-at-once
title: {zh: 当日核查}
given: {clock: '2026-03-02 09:00', cast: standard}
steps:
- open: leave-check
  by: 甲某
  subject: 乙某
  answers: {summary: 三月二日上午脱岗}
- then: {deadline: {DL-LV-1: {state: running, last_day: 2026-03-09}}}
- do: TASK
  by: 甲某
  answers: {severity: 轻微}
- then: {open: []}
"""


@pytest.fixture
def street(template: Template, tmp_path: Path, open_page: OpenPage) -> Iterator[Street]:
    town = copy_of(template, tmp_path)
    with served(town.app) as address:
        yield Street(address, open_page)
    town.office.database.close()


def ready(page: Page) -> None:
    """Wait until an editor is there."""
    expect(page.locator("[data-wz-editor]")).to_have_attribute("data-state", "ready")


def saved(page: Page) -> None:
    """Wait until what was drawn is saved by itself."""
    expect(page.locator("[data-wz-editor]")).to_have_attribute("data-state", "saved")


def begun(street: Street, procedure: str = "leave-check", title: str = "脱岗核查") -> str:
    """Begin a draft from nothing; return its address."""
    page = street.go(DESIGNER, "/designer")
    page.locator("#f-procedure").fill(procedure)
    page.locator("#f-title").fill(title)
    page.get_by_role("button", name="建立草稿").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)
    return page.url


def untranslated(page: Page) -> list[str]:
    """Return what the modeller said in English; names of our own templates are ours."""
    block = json.loads(page.locator("#editor-data").text_content() or "")
    ours = json.dumps(block["templates"], ensure_ascii=False)
    said: list[str] = page.evaluate("WenzeUntranslated()")
    return [one for one in said if json.dumps(one, ensure_ascii=False) not in ours]


def click(page: Page, element: str) -> None:
    """Select an element of the diagram."""
    pad = page.locator(".djs-context-pad.open, .djs-context-pad-parent .djs-context-pad")
    shape = page.locator(f'.djs-element[data-element-id="{element}"] .djs-hit').first
    for _ in range(3):  # the first click may only end the writing of a name
        shape.click(force=True)
        chosen = page.evaluate("WenzeModeler.get('selection').get().map(e => e.id)")
        if chosen == [element]:
            break
        page.wait_for_timeout(400)
    expect(pad.first).to_be_visible()


def append(page: Page, element: str, action: str) -> str:
    """Append to an element by its context pad; return the id of what came."""
    before = set(ids(page))
    click(page, element)
    page.locator(f'.djs-context-pad .entry[data-action="{action}"]').click()
    (came,) = [one for one in ids(page) if one not in before and "Flow" not in one]
    page.keyboard.press("Escape")
    return came


def ids(page: Page) -> list[str]:
    found: list[str] = page.evaluate(
        "WenzeModeler.get('elementRegistry').getAll().filter(e => !e.labelTarget).map(e => e.id)"
    )
    return found


class TestTheModeller:
    """bpmn-js with our templates and findings; Chinese throughout; nothing is lost."""

    def test_start_task_and_end_are_drawn_saved_and_there_again(
        self, street: Street, keep_screenshot: KeepScreenshot
    ) -> None:
        url = begun(street)
        page = street.at(DESIGNER)
        page.goto(f"{url}/edit/leave-check.bpmn")
        ready(page)
        task = append(page, "start_case", "append.append-task")
        append(page, task, "append.end-event")
        saved(page)
        keep_screenshot(page, "designer-modeller")
        assert untranslated(page) == []
        page.reload()
        ready(page)
        assert task in ids(page)


def new_file(page: Page, url: str, kind: str, name: str) -> None:
    page.goto(url)
    page.locator("#f-kind").select_option(kind)
    page.locator("#f-name").fill(name)
    page.get_by_role("button", name="新建", exact=True).click()
    ready(page)


def give_a_form(page: Page, url: str) -> None:
    """Draw a form with one text field, whose key is `severity`."""
    new_file(page, url, "form", "handle")
    entry = page.locator(".fjs-palette-field[data-field-type=textfield]")
    entry.scroll_into_view_if_needed()
    source = entry.bounding_box()
    target = page.locator(
        ".fjs-editor-container .fjs-form-editor, .fjs-form-container"
    ).first.bounding_box()
    assert source is not None
    assert target is not None
    page.mouse.move(source["x"] + 20, source["y"] + 15)
    page.mouse.down()
    page.mouse.move(source["x"] + 40, source["y"] + 40, steps=4)
    page.mouse.move(target["x"] + target["width"] / 2, target["y"] + 60, steps=12)
    page.wait_for_timeout(300)
    page.mouse.up()
    expect(
        page.locator(".fjs-children .fjs-element .fjs-form-field-textfield").first
    ).to_be_visible()
    page.locator(".bio-properties-panel-group-header", has_text="常规").click()
    page.locator("#bio-properties-panel-label").fill("情节")
    page.locator("#bio-properties-panel-key").fill("severity")
    page.keyboard.press("Tab")
    saved(page)


def give_a_table(page: Page, url: str) -> None:
    """Make a table that reads `severity`; see its analysis, and try it."""
    new_file(page, url, "dmn", "weight")
    expect(page.locator("#tables")).to_contain_text("没有缺口")


def given_template(page: Page, element: str, title: str) -> str:
    """Give an element a template from the chooser; return its id, which may be a new one."""
    click(page, element)
    page.locator(".bio-properties-panel-select-template-button").click()
    page.locator(".cmd-change-menu__entry, .djs-popup .entry").filter(has_text=title).first.click()
    (now,) = page.evaluate("WenzeModeler.get('selection').get().map(e => e.id)")
    return str(now)


def give_a_scenario(page: Page, url: str, task: str) -> None:
    page.goto(f"{url}/scenarios")
    page.get_by_label("新场景的文件名").fill("checked-at-once")
    page.get_by_role("button", name="新建场景").click()
    page.locator("#f-text").fill(SCENARIO.replace("TASK", task))
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".wz-note-ok")).to_contain_text("已保存")


def check_and_submit(page: Page, url: str) -> str:
    """Have everything checked, submit it; return the path of the version."""
    page.goto(f"{url}/scenarios")
    page.get_by_role("button", name="检查并演练全部场景").click()
    expect(page.locator("[data-check-over]")).to_contain_text("0 处错误", timeout=60_000)
    page.goto(f"{url}/scenarios")
    expect(page.get_by_text("每条流都有场景走过")).to_be_visible()
    page.goto(url)
    page.get_by_role("button", name="送审").click()
    expect(page.locator(".wz-note-ok")).to_contain_text("已送审为第 1 版")
    return urlsplit(page.url).path


def give_a_deadline(page: Page, url: str) -> None:
    page.goto(f"{url}/rules?section=deadlines")
    page.get_by_label("编号").fill("DL-LV-1")
    page.get_by_label("名称", exact=True).fill("核查脱岗情况")
    page.get_by_label("长度").fill("5")
    page.locator("[id='f-f.unit']").select_option("working_days")
    page.get_by_label("起算的事实").fill("registered")
    page.get_by_label("办结的事实").fill("checked")
    page.get_by_role("button", name="写入").click()
    expect(page.locator(".wz-note-ok")).to_contain_text("已写入")


class TestFromNothingToAClosedCase:
    """Issue 7: done when a procedure that was drawn in the browser carries a case to its end."""

    def test_drawn_approved_opened_and_closed(
        self, street: Street, keep_screenshot: KeepScreenshot
    ) -> None:
        url = begun(street)
        page = street.at(DESIGNER)
        give_a_deadline(page, url)
        give_a_form(page, url)
        give_a_table(page, url)
        page.goto(f"{url}/edit/leave-check.bpmn")
        ready(page)
        task = append(page, "start_case", "append.append-task")
        task = given_template(page, task, "DL-LV-1")
        page.locator(".bio-properties-panel-group-header", has_text="办理要求").click()
        page.get_by_label("承办角色").select_option(label="受理岗")
        table = append(page, task, "append.append-task")
        table = given_template(page, table, "查决策表")
        end = append(page, table, "append.end-event")
        click(page, end)
        saved(page)
        keep_screenshot(page, "designer-drawn")
        assert untranslated(page) == []
        expect(page.locator("[data-wz-findings] li")).to_have_count(0)
        give_a_scenario(page, url, task)
        version = check_and_submit(page, url)
        keep_screenshot(page, "designer-version")
        other = street.go(APPROVER, version)
        other.get_by_role("button", name="批准发布").click()
        expect(other.locator(".wz-note-ok")).to_contain_text("已批准发布")
        clerk = street.go(CLERK, "/register/leave-check")
        fill(clerk, "clue", {"summary": "三月二日上午脱岗"})
        clerk.get_by_role("button", name="登记").click()
        expect(clerk).to_have_url(re.compile("/register/done/"))
        case = clerk.url.rsplit("/", 1)[1]
        street.do(CLERK, "核查脱岗情况", "", {"severity": "轻微"})
        closed = street.go(CLERK, f"/cases/{case}")
        keep_screenshot(closed, "designer-closed")
        expect(closed.locator("main")).to_contain_text("已结案")


class TestThePages:
    """What stands around the editors is held to the same measures as every other page."""

    @pytest.mark.parametrize("width", [DESKTOP, TELEPHONE])
    def test_nothing_hinders_anybody(
        self,
        street: Street,
        hindrances: Hindrances,
        width: int,
    ) -> None:
        url = begun(street)
        page = street.at(DESIGNER)
        give_a_deadline(page, url)
        page.set_viewport_size({"width": width, "height": 860})
        for name, path in {
            "gallery": f"{street.address}/designer",
            "draft": url,
            "rules": f"{url}/rules",
            "measures": f"{url}/rules?section=measures",
            "basics": f"{url}/rules?section=basics",
            "scenarios": f"{url}/scenarios",
            "changes": f"{url}/changes",
            "source": f"{url}/edit/procedure.yaml",
            "history": f"{url}/history/procedure.yaml",
        }.items():
            page.goto(path)
            assert hindrances(page, f"designer-{name}") == []

    def test_a_measure_is_written_with_the_keyboard_alone(self, street: Street) -> None:
        page = street.go(DESIGNER, urlsplit(begun(street)).path + "/rules?section=measures")
        page.locator("#f-key").focus()
        for typed in ("talk", "", "诫勉", "Admonition", "direct", "不行"):
            page.keyboard.type(typed)
            page.keyboard.press("Tab")
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Enter")
        wrong = page.locator("[id='f-f.effect.kind']")
        expect(wrong).to_have_attribute("aria-invalid", "true")
        expect(wrong).to_have_value("不行")
        wrong.focus()
        page.keyboard.press("Control+a")
        page.keyboard.type("warning_record")
        page.keyboard.press("Enter")
        expect(page.locator(".wz-rows")).to_contain_text("诫勉")

    def test_the_editors_are_loaded_by_designers_pages_only(self, street: Street) -> None:
        page = street.go(CLERK, "/inbox")
        scripts = page.locator("script[src]").evaluate_all("all => all.map(one => one.src)")
        assert not [one for one in scripts if re.search("modeler|editor", one)]
