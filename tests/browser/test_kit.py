"""The page kit in a real browser: every component in every state, at a desk and on a telephone."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.kit.application import kit_application
from tests.browser.serving import served
from tests.browser.watching import DESKTOP, TELEPHONE, Guard, Hindrances, OpenPage

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def posted() -> list[dict[str, Any]]:
    """What the pages have posted so far."""
    return []


@pytest.fixture(scope="module")
def kit(posted: list[dict[str, Any]]) -> Iterator[str]:
    """The address of the kit application."""
    with served(kit_application(posted)) as address:
        yield address


@pytest.fixture
def received(posted: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the pages of this test post."""
    posted.clear()
    return posted


def diagram_is_there(page: Page) -> None:
    expect(page.locator("[data-wz-diagram]")).to_have_attribute("data-state", "ready")


def form_is_there(page: Page) -> None:
    expect(page.locator("[data-wz-form]")).to_have_attribute("data-state", "ready")
    expect(page.get_by_label("事实叙述")).to_be_visible()


WIDTHS = pytest.mark.parametrize("width", [DESKTOP, TELEPHONE])


@WIDTHS
class TestEveryComponent:
    """Every page is usable by keyboard and passes axe (style.md §10)."""

    def test_in_every_state(
        self,
        kit: str,
        open_page: OpenPage,
        width: int,
        hindrances: Hindrances,
    ) -> None:
        page = open_page(f"{kit}/", width)
        diagram_is_there(page)
        assert hindrances(page, "kit-components") == []

    def test_with_nothing_to_show_and_long_names(
        self,
        kit: str,
        open_page: OpenPage,
        width: int,
        hindrances: Hindrances,
    ) -> None:
        page = open_page(f"{kit}/bare", width)
        diagram_is_there(page)
        expect(page.get_by_role("heading", name="没有待办")).to_be_visible()
        assert hindrances(page, "kit-bare") == []

    def test_form(
        self,
        kit: str,
        open_page: OpenPage,
        width: int,
        hindrances: Hindrances,
    ) -> None:
        page = open_page(f"{kit}/form", width)
        form_is_there(page)
        assert hindrances(page, "kit-form") == []

    def test_login(
        self,
        kit: str,
        open_page: OpenPage,
        width: int,
        hindrances: Hindrances,
    ) -> None:
        page = open_page(f"{kit}/login", width)
        assert hindrances(page, "kit-login") == []

    def test_subject(
        self,
        kit: str,
        open_page: OpenPage,
        width: int,
        hindrances: Hindrances,
    ) -> None:
        page = open_page(f"{kit}/subject", width)
        form_is_there(page)
        assert hindrances(page, "kit-subject") == []

    def test_english(
        self,
        kit: str,
        open_page: OpenPage,
        width: int,
        hindrances: Hindrances,
    ) -> None:
        page = open_page(f"{kit}/?lang=en", width, locale="en")
        diagram_is_there(page)
        expect(page.get_by_text("3 working days left").first).to_be_visible()
        assert hindrances(page, "kit-english") == []


class TestShell:
    """One bar on top; menus close; a disabled action says why and does nothing."""

    def test_the_first_tab_leads_to_the_text(self, kit: str, open_page: OpenPage) -> None:
        page = open_page(f"{kit}/")
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="跳到正文")).to_be_focused()

    def test_the_rehearsal_shows_its_date(self, kit: str, open_page: OpenPage) -> None:
        page = open_page(f"{kit}/")
        expect(page.locator(".wz-rehearsal")).to_contain_text("演练日期 2026年10月13日 周二")

    def test_escape_closes_the_menu_and_returns_the_focus(
        self, kit: str, open_page: OpenPage
    ) -> None:
        page = open_page(f"{kit}/")
        page.locator(".wz-user > summary").click()
        expect(page.get_by_role("button", name="退出")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("button", name="退出")).to_be_hidden()
        expect(page.locator(".wz-user > summary")).to_be_focused()

    def test_a_click_elsewhere_closes_the_menu(self, kit: str, open_page: OpenPage) -> None:
        page = open_page(f"{kit}/")
        page.locator(".wz-user > summary").click()
        page.locator("h1").click()
        expect(page.get_by_role("button", name="退出")).to_be_hidden()

    def test_a_disabled_action_can_be_reached_and_says_why(
        self, kit: str, open_page: OpenPage
    ) -> None:
        page = open_page(f"{kit}/")
        button = page.get_by_role("button", name="申请延期").first
        button.focus()
        expect(button).to_be_focused()
        expect(button).to_have_accessible_description(
            "不能再申请延期：第八条可延长 5 个工作日，10月9日已批准。"
        )

    def test_picked_rows_bring_the_bulk_bar(
        self, kit: str, open_page: OpenPage, received: list[dict[str, Any]]
    ) -> None:
        page = open_page(f"{kit}/")
        bar = page.get_by_role("region", name="批量办理")
        expect(bar).to_be_hidden()
        page.get_by_label("选 申诉", exact=True).check()
        page.get_by_label("选 初步核实").check()
        expect(bar).to_contain_text("2 项已选")
        page.get_by_role("button", name="取消选择").click()
        expect(bar).to_be_hidden()
        page.get_by_label("全选本页").check()
        expect(bar).to_contain_text("9 项已选")
        page.get_by_label("选 申诉", exact=True).uncheck()
        bar.get_by_role("button", name="催办").click()
        expect(page.get_by_role("heading", name="登录")).to_be_visible()
        assert received == [
            {"picked": ["2", "3", "4", "5", "6", "7", "8", "9"], "action": "remind"}
        ]

    def test_a_masked_value_is_not_in_the_page(self, kit: str, open_page: OpenPage) -> None:
        page = open_page(f"{kit}/")
        mask = page.locator(".wz-mask", has=page.get_by_label("举报人姓名已遮盖")).last
        mask.get_by_text("查看须填理由").click()
        expect(mask.get_by_label("查看理由")).to_be_visible()
        expect(page.locator(".wz-mask").get_by_text("您无权查看")).to_be_visible()

    def test_a_shown_value_leaves_the_page_when_its_time_is_over(
        self, kit: str, open_page: OpenPage
    ) -> None:
        page = open_page("about:blank")
        page.clock.install()
        page.goto(f"{kit}/")
        expect(page.get_by_text("钱某某")).to_be_visible()
        page.clock.run_for(251_000)
        expect(page.get_by_text("钱某某")).to_be_visible()
        page.clock.run_for(1_000)
        expect(page.get_by_text("举报人姓名已重新遮盖")).to_be_visible()
        assert "钱某某" not in page.content()


class TestDiagram:
    """It opens on the present element; the whole map is a click; the mark stays visible."""

    def test_marks_what_is_done_present_and_possible(self, kit: str, open_page: OpenPage) -> None:
        page = open_page(f"{kit}/")
        diagram_is_there(page)
        expect(page.locator(".wz-canvas .is-now")).to_have_attribute(
            "data-element-id", "ut_investigate"
        )
        expect(page.locator(".wz-canvas .is-done")).to_have_count(8)
        expect(page.locator(".wz-canvas .is-possible")).to_have_count(1)
        expect(page.locator(".wz-canvas .is-lane")).to_have_count(3)

    def test_the_present_element_is_larger_than_on_the_whole_map(
        self, kit: str, open_page: OpenPage
    ) -> None:
        page = open_page(f"{kit}/", TELEPHONE)
        diagram_is_there(page)
        element = page.locator(".wz-canvas [data-element-id=ut_investigate]")
        near = element.bounding_box()
        page.get_by_role("button", name="全图").click()
        expect(page.get_by_role("button", name="全图")).to_have_attribute("aria-pressed", "true")
        far = element.bounding_box()
        assert near is not None
        assert far is not None
        assert near["width"] > 2 * far["width"]

    def test_the_mark_of_bpmn_io_is_visible(self, kit: str, open_page: OpenPage) -> None:
        page = open_page(f"{kit}/")
        diagram_is_there(page)
        expect(page.locator(".bjs-powered-by")).to_be_visible()

    def test_a_diagram_that_is_not_there_says_so(
        self, kit: str, open_page: OpenPage, guard: Guard
    ) -> None:
        guard.expected.append("404")
        page = open_page("about:blank")
        page.route("**/sample.bpmn", lambda route: route.fulfill(status=404))
        page.goto(f"{kit}/")
        expect(page.locator("[data-wz-diagram]")).to_have_text("流程图没有取到，请刷新页面。")


class TestForm:
    """Errors stand at the fields and in a summary; nothing that was written is lost."""

    def test_speaks_chinese_throughout(self, kit: str, open_page: OpenPage) -> None:
        page = open_page(f"{kit}/form")
        form_is_there(page)
        text = page.locator(".fjs-form").inner_text()
        foreign = [word for word in text.split() if word.isascii() and word.isalpha()]
        assert foreign == []
        page.get_by_label("发现日期").click()
        expect(page.locator(".flatpickr-weekday").first).to_have_text("周一")

    def test_the_calendar_opens_on_the_platform_s_day(self, kit: str, open_page: OpenPage) -> None:
        """The rehearsal's clock says 2026-10-13, whatever the machine says."""
        page = open_page(f"{kit}/form")
        form_is_there(page)
        page.get_by_label("发现日期").click()
        expect(page.locator(".flatpickr-day.today")).to_have_attribute(
            "aria-label", "十月 13, 2026"
        )
        page.locator(".flatpickr-day.today").click()
        expect(page.get_by_label("发现日期")).to_have_value("2026/10/13")

    def test_what_is_missing_is_listed_and_each_item_leads_to_its_field(
        self, kit: str, open_page: OpenPage, received: list[dict[str, Any]]
    ) -> None:
        page = open_page(f"{kit}/form")
        form_is_there(page)
        page.get_by_label("事实叙述").fill("太短")
        page.get_by_role("button", name="提交报告").click()
        summary = page.get_by_role("alert").filter(has_text="提交前还差")
        expect(summary).to_be_focused()
        expect(summary).to_contain_text("提交前还差 1 项：")
        summary.get_by_role("link", name="事实叙述：至少填写 10 个字。").click()
        expect(page.get_by_label("事实叙述")).to_be_focused()
        assert received == []

    def test_the_server_s_errors_stand_at_their_fields_and_nothing_is_lost(
        self, kit: str, open_page: OpenPage
    ) -> None:
        page = open_page(f"{kit}/form")
        form_is_there(page)
        page.get_by_label("事实叙述").fill("二车间承担高炉鼓风机年度大修，停产五日。")
        page.get_by_label("申辩要点").nth(1).fill("违约损失已由保险赔付")
        page.get_by_role("button", name="提交报告").click()
        summary = page.get_by_role("alert").filter(has_text="提交前还差 3 项")
        expect(summary).to_be_focused()
        expect(summary).to_contain_text("提交人已变，请刷新页面")
        expect(page.get_by_label("事实叙述")).to_have_value(
            "二车间承担高炉鼓风机年度大修，停产五日。"
        )
        expect(page.locator(".fjs-form-field-error", has_text="没有写明时间")).to_be_visible()
        second = page.locator(".fjs-form-field-error", has_text="请写不采纳的理由")
        expect(second).to_have_count(1)
        summary.get_by_role("link", name="第 2 条申辩").click()
        expect(page.get_by_label("不采纳的理由").nth(1)).to_be_focused()

    def test_is_posted_with_its_files(
        self, kit: str, open_page: OpenPage, received: list[dict[str, Any]]
    ) -> None:
        page = open_page(f"{kit}/form")
        form_is_there(page)
        page.get_by_label("事实叙述").fill("二车间承担高炉鼓风机年度大修，停产五日。")
        page.get_by_label("严重").check()
        page.locator(".fjs-form input[type=file]").set_input_files(
            FilePayload(name="会签单.pdf", mimeType="application/pdf", buffer=b"%PDF-1.7")
        )
        page.get_by_role("button", name="提交报告").click()
        expect(page.get_by_text("收到")).to_be_visible()
        draft, submission = received
        assert draft["draft"]["evidence"] is None
        assert submission["action"] == "complete"
        assert submission["answers"]["grounds"] == ["4"]
        assert submission["answers"]["gravity"] == "grave"
        reference = submission["answers"]["evidence"]
        assert submission["files"] == {f"file:{reference}": "会签单.pdf"}

    def test_an_action_that_does_not_end_the_step_asks_for_nothing(
        self, kit: str, open_page: OpenPage, received: list[dict[str, Any]]
    ) -> None:
        page = open_page(f"{kit}/form")
        form_is_there(page)
        page.get_by_role("button", name="转办").first.click()
        expect(page.get_by_role("alert")).to_contain_text("提交前还差 3 项")
        assert [each["action"] for each in received] == ["hand_over"]

    def test_a_draft_is_kept_every_20_seconds_and_on_asking(
        self, kit: str, open_page: OpenPage, received: list[dict[str, Any]]
    ) -> None:
        page = open_page("about:blank")
        page.clock.install()
        page.goto(f"{kit}/form")
        form_is_there(page)
        status = page.locator("[data-wz-saved]")
        expect(status).to_have_text("14:32 已自动暂存")
        page.clock.run_for(21_000)
        assert received == []
        page.get_by_label("事实叙述").fill("二车间")
        expect(status).to_have_text("有未暂存的改动")
        page.clock.run_for(20_000)
        expect(status).to_have_text("14:40 已自动暂存")
        page.get_by_label("事实叙述").fill("二车间承担大修")
        page.get_by_role("button", name="暂存").click()
        expect(status).to_have_text("14:40 已暂存")
        assert [each["draft"]["facts"] for each in received] == ["二车间", "二车间承担大修"]

    def test_a_refused_draft_says_who_has_it(
        self, kit: str, open_page: OpenPage, guard: Guard
    ) -> None:
        guard.expected.append("409")
        page = open_page(f"{kit}/form")
        form_is_there(page)
        page.get_by_label("事实叙述").fill("被他人办理")
        page.keyboard.press("Control+s")
        expect(page.locator("[data-wz-saved]")).to_have_text("林某 14:35 已提交本事项")

    def test_without_a_network_everything_stays_on_the_page(
        self, kit: str, open_page: OpenPage, guard: Guard, received: list[dict[str, Any]]
    ) -> None:
        guard.expected.append("ERR_INTERNET_DISCONNECTED")
        page = open_page(f"{kit}/form")
        form_is_there(page)
        page.get_by_label("事实叙述").fill("二车间承担高炉鼓风机年度大修，停产五日。")
        page.context.set_offline(True)
        page.get_by_role("button", name="提交报告").click()
        expect(page.get_by_role("alert").first).to_contain_text("填写的内容仍在本页")
        expect(page.get_by_label("事实叙述")).to_have_value(
            "二车间承担高炉鼓风机年度大修，停产五日。"
        )
        page.context.set_offline(False)
        page.get_by_label("严重").check()
        page.get_by_role("button", name="提交报告").click()
        expect(page.get_by_text("收到")).to_be_visible()
        assert [each.get("action") for each in received] == [None, "complete"]

    def test_can_be_shown_only(self, kit: str, open_page: OpenPage) -> None:
        page = open_page(f"{kit}/readonly")
        form_is_there(page)
        expect(page.get_by_label("事实叙述")).to_have_attribute("readonly", "")
        expect(page.get_by_role("button", name="提交报告")).to_have_count(0)
