"""What goes wrong at a screen: pressed twice, too late, not one's own, incomplete, logged out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import FilePayload, Page, expect

from engine.store.tables import Attachment, WorkItemRow
from tests.browser import p01
from tests.browser.filling import fill
from tests.browser.serving import Street, served
from tests.browser.watching import Guard, OpenPage
from tests.office import Template
from tests.web import walking
from tests.web.scenes import Scene, Stood, build_scene

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def scene(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """A case that waits for its verification by 吕某 or 秦某."""
    return build_scene(template, tmp_path_factory.mktemp("scene"), walking.to_verification)


@pytest.fixture
def stood(scene: Scene, tmp_path: Path) -> Iterator[Stood]:
    copy = scene.copy(tmp_path)
    yield copy
    copy.town.office.database.close()


@pytest.fixture
def street(stood: Stood, open_page: OpenPage) -> Iterator[Street]:
    with ExitStack() as stack:
        yield Street(stack.enter_context(served(stood.town.app)), open_page)


def verifying(street: Street, stood: Stood, name: str) -> Page:
    """Return the page of the verification with its form filled in."""
    page = street.open_step(name, "初步核实", stood.case.number)
    fill(page, "task", p01.VERIFICATION)
    return page


def submit(page: Page) -> None:
    page.get_by_role("button", name="提交", exact=True).click()


class TestPressedTwice:
    """提交按钮按两下，只办一次。"""

    def test_one_step_is_done_and_one_opens(self, stood: Stood, street: Street) -> None:
        page = verifying(street, stood, "吕某")

        page.get_by_role("button", name="提交", exact=True).dblclick()

        expect(page.locator(".wz-note-ok")).to_contain_text("“初步核实”已提交")
        items = sa.select(WorkItemRow).where(WorkItemRow.case_id == stood.case.id)
        states = [(row.element, row.state) for row in stood.town.all(items.order_by("opened_at"))]
        assert states == [("ut_screen", "done"), ("ut_verify", "done"), ("ut_propose", "open")]


class TestDoneByAnother:
    """两人同办一项，先提交的成立；后提交的被告知是谁、何时办的。"""

    def test_the_second_is_told_who_and_when(
        self, stood: Stood, street: Street, guard: Guard
    ) -> None:
        guard.expected.append("409")
        late = verifying(street, stood, "秦某")
        early = verifying(street, stood, "吕某")
        submit(early)
        expect(early.locator(".wz-note-ok")).to_be_visible()

        submit(late)

        expect(late.locator("main")).to_contain_text("吕某")
        expect(late.locator("main")).to_contain_text("09:00")
        assert stood.town.item(stood.case, "ut_verify").completed_by == stood.town.people["吕某"]


class TestNotOnesOwn:
    """看不到的案件等于没有：别的机关的人、没有职责的人都一样。"""

    @pytest.mark.parametrize("name", ["蒋某", "马某", "钱某"])
    def test_there_is_no_such_page(
        self, stood: Stood, street: Street, guard: Guard, name: str
    ) -> None:
        guard.expected.append("404")

        page = street.go(name, f"/cases/{stood.case.id}")

        expect(page.get_by_role("heading", level=1)).to_have_text("没有这个页面，或您无权查看")
        assert stood.case.number not in page.content()


class TestRefused:
    """被拒绝的，已填的内容还在，改一处即可再交。"""

    def test_what_was_typed_is_there_again(self, stood: Stood, street: Street) -> None:
        page = street.go("吕某", "/deputies")
        page.get_by_label("代理人").select_option(stood.town.people["秦某"])
        page.get_by_label("止（当日有效）").fill("2020-01-01")
        page.get_by_label("理由").fill("出差三日，急件请代办。")

        page.get_by_role("button", name="设定代理").click()

        expect(page.locator("[data-wz-refused]")).to_be_visible()
        expect(page.get_by_label("理由")).to_have_value("出差三日，急件请代办。")
        expect(page.get_by_label("止（当日有效）")).to_have_value("2020-01-01")
        assert page.evaluate("sessionStorage.getItem('wz-typed')") is None
        page.reload()
        expect(page.get_by_label("理由")).to_have_value("")


class TestIncomplete:
    """缺什么，提交前逐项列出；点一项，就到那一栏。"""

    def test_each_item_leads_to_its_field(self, stood: Stood, street: Street) -> None:
        page = street.open_step("吕某", "初步核实", stood.case.number)

        submit(page)

        summary = page.get_by_role("alert").filter(has_text="提交前还差 5 项")
        expect(summary).to_be_focused()
        summary.get_by_role("link").filter(has_text="证据、线索").click()
        expect(page.get_by_label("证据、线索")).to_be_focused()
        assert stood.town.item(stood.case, "ut_verify").state == "open"


class TestAnUnfitFile:
    """按内容查验：改了扩展名的程序进不了案卷，页面照常。"""

    def test_a_program_named_like_a_document_is_refused(self, stood: Stood, street: Street) -> None:
        page = street.open_step("吕某", "初步核实", stood.case.number)
        program = FilePayload(
            name="笔录.pdf", mimeType="application/pdf", buffer=b"MZ\x90\x00" * 99
        )

        page.get_by_label("添加附件").set_input_files(program)
        page.get_by_role("button", name="上传").click()

        expect(page.get_by_role("alert").filter(has_text="笔录.pdf")).to_be_visible()
        expect(page.get_by_role("heading", level=1, name="初步核实")).to_be_visible()
        assert stood.town.all(sa.select(Attachment)) == []


class TestLoggedOutInTheMiddle:
    """填到一半登录过期：写下的都在；另开一页登录后接着提交。"""

    def test_nothing_written_is_lost(self, stood: Stood, street: Street, guard: Guard) -> None:
        guard.expected.append("ERR_FAILED")  # the redirection to the log-in is not followed
        page = verifying(street, stood, "吕某")
        page.context.clear_cookies()

        submit(page)

        expect(page.get_by_role("alert").filter(has_text="填写的内容仍在本页")).to_be_focused()
        expect(page.get_by_label("意见")).to_have_value("反映情况存在。")

        other = page.context.new_page()
        other.goto(f"{street.address}/login")
        street.enter(other, "吕某")
        submit(page)

        expect(page.locator(".wz-note-ok")).to_contain_text("“初步核实”已提交")

    def test_a_clue_that_is_being_registered_is_not_lost_either(
        self, stood: Stood, street: Street, guard: Guard
    ) -> None:
        """登记表不暂存，同样不丢。"""
        guard.expected.append("ERR_FAILED")
        page = street.go("冯某", "/register/corporate-accountability")
        fill(page, "clue", {"named": "anonymous", "channel": "CA4", "grounds": ["g1"]})
        fill(page, "clue", {"subject_id": stood.town.people["钱某"], "truthful_told": True})
        fill(page, "clue", {"summary": "不执行停产检修指令。", "secrecy": "internal"})
        page.context.clear_cookies()

        page.get_by_role("button", name="登记", exact=True).click()

        expect(page.get_by_role("alert").filter(has_text="填写的内容仍在本页")).to_be_focused()
        expect(page.get_by_label("事实摘要")).to_have_value("不执行停产检修指令。")
        other = page.context.new_page()
        other.goto(f"{street.address}/login")
        street.enter(other, "冯某")
        page.get_by_role("button", name="登记", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("已登记：")
