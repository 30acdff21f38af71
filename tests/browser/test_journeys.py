"""三个流程，每个人在自己的屏幕前办：领导组审议；事故之后一案双查；行政首长问责。"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Page, expect

from engine.publishing.scenarios.results import StepFailed
from tests.browser.acting import AtScreens, Hall, hall
from tests.browser.serving import Street, served
from tests.browser.watching import DESKTOP, TELEPHONE, Hindrances, OpenPage

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]

ONCE = {
    "inbox",
    "own matter",
    "case people",
    "ut_written_report",
    "ut_choose_form to be called",
    "ut_choose_form called",
    "ut_choose_form before the motion",
    "ut_choose_form ballot",
    "ut_choose_form after the ballot",
    "ut_choose_form minutes to be signed",
    "ut_choose_form with minutes",
    "ut_authority",
    "ut_superior",
    "ut_report_b",
    "ut_no_pursuit_b",
    "ut_decide ballot",
    "ut_issue prepared",
    "ut_clarify",
    "ut_screen",
    "ut_propose",
    "ut_report",
    "ut_archive",
    "register chongqing-head-accountability",
    "filing appeal",
    "case",
    "case timeline",
    "case documents",
    "case linked",
    "guide",
}
"""Kinds of pages that are kept and held to axe; others are drawn by the same templates."""


@pytest.fixture
def play(open_page: OpenPage, hindrances: Hindrances, tmp_path: Path) -> Callable[..., None]:
    """Return `play(procedure, journey, then)`: the journey at screens, then a look around."""

    def played(procedure: str, journey: str, then: Callable[[Hall, AtScreens], None]) -> None:
        seen: set[str] = set()
        troubles: list[str] = []

        def looked(page: Page, kind: str) -> None:
            if kind in seen or kind not in ONCE:
                return
            seen.add(kind)
            for width in (TELEPHONE, DESKTOP):
                page.set_viewport_size({"width": width, "height": 860})
                troubles.extend(hindrances(page, f"{journey}-{kind.replace(' ', '-')}"))

        built = hall(procedure, journey, tmp_path)
        with served(built.app) as address:
            street = Street(address, open_page, looked)
            run = AtScreens(built.stage, True, {}, street=street, app=built.app)  # noqa: FBT003
            try:
                for step in built.scenario.steps:
                    run.take(step)
            except StepFailed as failed:
                pytest.fail(
                    "; ".join(f"{one.place} {one.step}: {one.zh}" for one in failed.failures)
                )
            then(built, run)
        built.stage.office.database.close()
        assert troubles == []

    return played


def look_around(run: AtScreens, name: str, case_id: str) -> Page:
    """Open the case's pages as somebody who may see them; return the first."""
    for tab in ("timeline", "documents", "deadlines"):
        path = run.path(f"cases.{tab}", case_id=case_id)
        run.street.go(name, path, f"case {tab}")
    return run.street.go(name, run.path("cases.show", case_id=case_id), "case")


class TestAHearing:
    """S0篇5§8-4：领导组七人集体讨论，一人回避，一人缺席，无记名投票；超出集合的报批。"""

    def test_seven_members_one_recused_one_absent_beyond_the_set(
        self, play: Callable[..., Any]
    ) -> None:
        def then(built: Hall, run: AtScreens) -> None:
            page = look_around(run, "曹某", run.cases["case"])
            expect(page.locator(".wz-head")).to_contain_text("江矿")
            expect(page.locator(".wz-head")).to_contain_text("已作出决定")
            guide = run.path("administration.guide", key="leader-group-hearing")
            run.street.go("曹某", guide, "guide")
            page = run.street.go("尤某", run.path("cases.timeline", case_id=run.cases["case"]))
            votes = page.get_by_text("不同意", exact=True)
            expect(votes).to_have_count(0)  # who voted how is nowhere, not on the record either

        play("leader-group-hearing", "hearing", then)


class TestAnAccidentWithTwoLines:
    """S3 L31、S1四 L299：两线并行；一线经批准不追究，一线作出决定，申诉，撤销，恢复名誉。"""

    def test_one_line_comes_to_nothing_the_other_is_undone_on_appeal(
        self, play: Callable[..., Any]
    ) -> None:
        def then(built: Hall, run: AtScreens) -> None:
            page = look_around(run, "施某", run.cases["case"])
            expect(page.get_by_role("heading", name="关联案件")).to_be_visible()
            expect(page.locator("main")).to_contain_text("一案双查")

        play("safety-incident-accountability", "accident", then)


class TestAHeadOfDepartment:
    """P36：市政府部门行政首长，从登记到常务会议决定、送达、申诉复查维持、归档。"""

    def test_from_registration_to_the_archive(self, play: Callable[..., Any]) -> None:
        def then(built: Hall, run: AtScreens) -> None:
            page = look_around(run, "朱某", run.cases["case"])
            expect(page.locator(".wz-head")).to_contain_text("已结案")
            expect(page.locator(".wz-head")).to_contain_text("首问〔2026〕")
            own = run.street.go("陈某", run.path("own.matter", case_id=run.cases["case"]))
            expect(own.locator("main")).to_contain_text("维持原决定")

        play("chongqing-head-accountability", "head", then)
