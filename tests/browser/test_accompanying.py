"""The pages of moving, accompanying and batches in a real browser: readable by everybody, live."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from engine.commands.batches import KIND, run_batch
from engine.commands.comment_case import comment_case
from engine.commands.copies import send_copies
from engine.commands.interference import record_interference
from engine.commands.own_notes import follow_up, tag_case, watch_case
from engine.commands.saved_filters import save_filter
from engine.store.tables import CaseRow, WorkItemRow
from scheduler.jobs import drain
from tests.browser.serving import Street, served
from tests.browser.watching import (
    DESKTOP,
    TELEPHONE,
    AxeFindings,
    Hindrances,
    KeepScreenshot,
    OpenPage,
)
from tests.office import Template, Town, copy_of
from tests.web import walking

pytestmark = pytest.mark.browser

PLACES = {
    "inbox-picked": "/inbox",
    "move": "/work/{item}/move",
    "companions": "/cases/{case}/companions",
    "copies": "/copies",
    "watched": "/watched",
    "interference": "/interference",
    "batches": "/batches",
}


@dataclass(frozen=True)
class Place:
    """A served office with three cases whose verification waits."""

    town: Town
    address: str

    def path(self, name: str) -> str:
        case = self.town.one(sa.select(CaseRow).order_by(CaseRow.opened_at, CaseRow.id))
        item = self.town.one(
            sa.select(WorkItemRow).where(
                WorkItemRow.case_id == case.id, WorkItemRow.element == "ut_verify"
            )
        )
        return PLACES[name].format(case=case.id, item=item.id)


@pytest.fixture(scope="module")
def place(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    town = copy_of(template, tmp_path_factory.mktemp("copy"))
    case = walking.to_verification(town)
    for _each in range(2):
        walking.to_verification(town)
    town.give("吕某", comment_case, case.id, "请核对日期。" * 20, mentions=[town.people["秦某"]])
    town.give("秦某", send_copies, case.id, [town.people["吕某"]], note="请阅。")
    town.give("吕某", send_copies, case.id, [town.people["郑某"]])
    town.give("吕某", watch_case, case.id, watched=True)
    town.give("吕某", tag_case, case.id, ["重点", "停产"])
    today = town.clock.now().date()
    town.give("吕某", follow_up, case.id, today, what="问进展")
    town.give("吕某", save_filter, "红牌", {"lamp": "red"}, role="verifier")
    said = {"who": "某副总", "whom": "吕某", "what": "要求从轻" * 20, "happened_on": today}
    town.give("吕某", record_interference, **said)
    with served(town.app) as address:
        yield Place(town, address)
    town.office.database.close()


class TestReadable:
    """Each page at a desk and on a telephone; axe finds nothing."""

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
        street = Street(place.address, partial(open_page, width=width))
        page = street.go("吕某", place.path(name))
        if name == "inbox-picked" and width == DESKTOP:
            page.locator("input[name=pick]").first.check()
            expect(page.get_by_role("region", name="批量办理")).to_be_visible()

        assert hindrances(page, f"accompanying-{name}") == []


class TestABatch:
    """Picked in the inbox, done in the background, its progress shown without reloading."""

    def test_progress_comes_by_itself(
        self,
        place: Place,
        open_page: OpenPage,
        axe_findings: AxeFindings,
        keep_screenshot: KeepScreenshot,
    ) -> None:
        street = Street(place.address, open_page)
        page = street.go("吕某", "/inbox")
        page.locator("[data-wz-pick-all]").check()
        page.get_by_role("region", name="批量办理").get_by_role("button", name="领取").click()
        expect(page.get_by_role("button", name="停止")).to_be_visible()
        assert axe_findings(page) == []

        drain(place.town.office, {KIND: run_batch})

        expect(page.get_by_role("heading", name="已办完")).to_be_visible()
        expect(page.get_by_role("button", name="停止")).to_have_count(0)
        keep_screenshot(page, "accompanying-batch")
