"""The officers' pages in a real browser: readable at a desk, on a telephone, by everybody."""

from collections.abc import Iterator
from functools import partial

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from engine.store.tables import CaseRow, WorkItemRow
from tests.browser.serving import Street, served
from tests.browser.watching import DESKTOP, TELEPHONE, Hindrances, OpenPage
from tests.office import Template, Town, copy_of
from tests.web import walking

pytestmark = pytest.mark.browser

WIDTHS = pytest.mark.parametrize("width", [DESKTOP, TELEPHONE])


@pytest.fixture(scope="module")
def town(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """An office with a case before the board, and one whose verification waits."""
    copy = copy_of(template, tmp_path_factory.mktemp("copy"))
    walking.to_verification(copy, named="named", reporter_contact={"name": "钱某"})
    walking.to_meeting(copy)
    yield copy
    copy.office.database.close()


@pytest.fixture(scope="module")
def address(town: Town) -> Iterator[str]:
    """The address of the office."""
    with served(town.app) as found:
        yield found


def path_of(town: Town, name: str) -> tuple[str, str]:
    """Return who opens which page."""
    first, second = town.all(sa.select(CaseRow).order_by(CaseRow.opened_at, CaseRow.id))
    verify = town.one(sa.select(WorkItemRow).where(WorkItemRow.element == "ut_verify"))
    decide = town.one(sa.select(WorkItemRow).where(WorkItemRow.element == "ut_decide"))
    return {
        "inbox": ("吕某", "/inbox"),
        "cases": ("郑某", "/cases"),
        "case": ("郑某", f"/cases/{second.id}"),
        "timeline": ("郑某", f"/cases/{second.id}/timeline"),
        "deadlines": ("郑某", f"/cases/{second.id}/deadlines"),
        "documents": ("郑某", f"/cases/{second.id}/documents"),
        "people": ("冯某", f"/cases/{first.id}/people"),
        "recusal": ("郑某", f"/cases/{second.id}/recusal"),
        "task": ("吕某", f"/work/{verify.id}"),
        "meeting": ("郑某", f"/work/{decide.id}"),
        "register": ("冯某", "/register/corporate-accountability"),
        "notices": ("郑某", "/notices"),
    }[name]


PAGES = (
    "inbox",
    "cases",
    "case",
    "timeline",
    "deadlines",
    "documents",
    "people",
    "recusal",
    "task",
    "meeting",
    "register",
    "notices",
)


class TestForEverybody:
    """每一页在桌面和手机上都能看、能用，无障碍检查无所发现。"""

    @WIDTHS
    @pytest.mark.parametrize("name", PAGES)
    def test_axe_finds_nothing_and_nothing_sticks_out(
        self,
        *,
        town: Town,
        address: str,
        open_page: OpenPage,
        hindrances: Hindrances,
        name: str,
        width: int,
    ) -> None:
        who, path = path_of(town, name)
        page = Street(address, partial(open_page, width=width)).go(who, path)

        assert hindrances(page, f"officer-{name}") == []


class TestTheRow:
    """领取和退领只换那一行，页面不跳。"""

    def test_claimed_and_released_in_place(self, address: str, open_page: OpenPage) -> None:
        page = Street(address, open_page).go("吕某", "/inbox")

        taken = page.get_by_role("button", name="退领 初步核实")
        if taken.count():  # a test before this one has saved a draft, which takes the step
            taken.click()
        page.get_by_role("button", name="领取 初步核实").click()
        expect(page.get_by_role("button", name="退领 初步核实")).to_be_visible()
        page.get_by_role("button", name="退领 初步核实").click()

        expect(page.get_by_role("button", name="领取 初步核实")).to_be_visible()
        assert page.url == f"{address}/inbox"


class TestTheForm:
    """缺什么，先在页面上说；写了一半的自动留着。"""

    def test_what_is_missing_is_listed_and_the_draft_comes_back(
        self, town: Town, address: str, open_page: OpenPage
    ) -> None:
        who, path = path_of(town, "task")
        page = Street(address, open_page).go(who, path)
        expect(page.locator("[data-wz-form]")).to_have_attribute("data-state", "ready")

        page.get_by_role("button", name="提交", exact=True).click()
        expect(page.get_by_role("alert").filter(has_text="提交前还差")).to_be_visible()

        page.get_by_label("初核事实").fill("大修会签单载明由二车间催交备件。")
        # the submission kept a draft already and said so: wait for the answer to this one
        with page.expect_response(lambda answer: answer.url.endswith("/draft")):
            page.get_by_role("button", name="暂存").click()
        expect(page.locator("[data-wz-saved]")).to_contain_text("暂存")
        page.reload()

        expect(page.get_by_label("初核事实")).to_have_value("大修会签单载明由二车间催交备件。")
