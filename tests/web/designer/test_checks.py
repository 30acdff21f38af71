"""草稿的检查：逐张决策表、逐个场景地看到进度，可以停止；哪个进程来看都一样。"""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from engine.desk.views.drafting import draft_view, drafts
from tests.office import Town
from tests.web.designer.conftest import DESIGNER
from tests.web.designer.test_drafts import begin, checked, files_of, save
from web.designer.checks import _TURN, CheckStopped, Log, Passed, Progress

if TYPE_CHECKING:
    from flask.testing import FlaskClient

USUAL = {"way": "wizard", "verification": "on", "days": "10"}


@pytest.fixture
def draft(town: Town, designer: FlaskClient) -> str:
    return begin(town, designer, **USUAL)


def other_node(town: Town, draft: str, run: str = "there") -> Log:
    """Return how a check of the draft tells its progress on a node with a home of its own."""
    return Log(town.office, draft, run)


def ended(client: FlaskClient, draft: str, text: str) -> bool:
    """Wait until the part of the page that renews itself says something."""
    for _ in range(600):
        if text in client.get(f"/designer/{draft}/check").text:
            return True
        time.sleep(0.05)
    return False


class TestProgress:
    """每查完一张决策表、演练完一个场景，都看得到。"""

    def test_what_another_process_checks_is_seen(
        self, town: Town, designer: FlaskClient, draft: str
    ) -> None:
        progress = Progress(1, 3, [Passed("DT-X-1", True)], [Passed("sanctioned", False)])  # noqa: FBT003
        there = other_node(town, draft)
        assert there.begin(Progress(1))
        there.write(progress)

        page = designer.get(f"/designer/{draft}/check").text

        assert "决策表已查 1 张，场景 1 / 3" in page
        assert "sanctioned" in page
        assert "停止检查" in page
        assert designer.post(f"/designer/{draft}/check").status_code == 302
        assert there.read() == progress

    def test_before_any_scenario_the_tables_are_told(
        self, town: Town, designer: FlaskClient, draft: str
    ) -> None:
        assert other_node(town, draft).begin(Progress(1, 3, [Passed("DT-X-1", True)]))  # noqa: FBT003

        assert "DT-X-1" in designer.get(f"/designer/{draft}/check").text

    def test_tables_and_scenarios_are_written_down_one_by_one(
        self, town: Town, designer: FlaskClient, draft: str
    ) -> None:
        designer.post(f"/designer/{draft}/files", data={"kind": "dmn", "name": "weight"})
        text = files_of(town, draft)["weight.dmn"].decode()
        assert save(designer, draft, "weight.dmn", text, 1).status_code == 200

        assert checked(town, designer, draft) == "checked"

        found = other_node(town, draft).read()
        assert found is not None
        assert len(found.tables) == 1
        assert [one.passed for one in found.played] == [True] * found.total
        assert found.total == 3
        assert found.is_over

    def test_one_that_has_long_been_silent_is_taken_for_ended(
        self, town: Town, designer: FlaskClient, draft: str
    ) -> None:
        silent = other_node(town, draft)
        assert silent.begin(Progress(1, 3))
        town.clock.move_to(town.clock.now() + timedelta(minutes=31))

        assert "检查已停止" in designer.get(f"/designer/{draft}/check").text
        assert other_node(town, draft, "later").begin(Progress(1, 3))
        with pytest.raises(CheckStopped):  # it was overtaken, and says no more
            silent.write(Progress(1, 3))
        silent.heeded = -1.0
        with pytest.raises(CheckStopped):
            silent.heed()
        assert other_node(town, draft).read() == Progress(1, 3)

    def test_only_one_of_a_draft_runs_on_whichever_node(
        self, town: Town, designer: FlaskClient, draft: str
    ) -> None:
        assert other_node(town, draft).begin(Progress(1, 3))

        assert not other_node(town, draft, "second").begin(Progress(1, 9))
        designer.post(f"/designer/{draft}/check")
        assert "场景 0 / 3" in designer.get(f"/designer/{draft}/check").text

    def test_those_of_long_ago_are_forgotten(
        self, town: Town, designer: FlaskClient, draft: str
    ) -> None:
        long_ago = other_node(town, draft)
        assert long_ago.begin(Progress(1, 3))
        long_ago.write(Progress(1, 3, is_over=True))
        town.clock.move_to(town.clock.now() + timedelta(days=31))
        designer.post("/designer/begin", data={**USUAL, "procedure": "other-one", "title": "另一"})
        (second,) = [one.row.id for one in town.ask(DESIGNER, drafts) if one.row.id != draft]

        assert other_node(town, second).begin(Progress(1))
        assert long_ago.read() is None
        assert other_node(town, "none").read() is None


class TestStopping:
    """检查可以停止；停止的没有结果，可以重新检查。"""

    def test_a_check_that_runs_is_stopped_and_can_begin_anew(
        self, town: Town, designer: FlaskClient, draft: str
    ) -> None:
        designer.post(f"/designer/{draft}/check/stop")
        assert "还没有检查过" in designer.get(f"/designer/{draft}/check").text
        turn = town.app.extensions.setdefault(_TURN, threading.Lock())
        with turn:
            designer.post(f"/designer/{draft}/check")
            assert "正在检查" in designer.get(f"/designer/{draft}/check").text
            designer.post(f"/designer/{draft}/check/stop")

        assert ended(designer, draft, "检查已停止")
        assert town.ask(DESIGNER, draft_view, draft).row.state == "draft"
        assert checked(town, designer, draft) == "checked"

    def test_a_stop_here_stops_a_check_on_another_node(
        self, town: Town, designer: FlaskClient, draft: str
    ) -> None:
        there = other_node(town, draft)
        assert there.begin(Progress(1, 3))
        there.heeded = -1.0
        there.heed()
        designer.post(f"/designer/{draft}/check/stop")

        there.heed()  # it has looked just now, and looks again half a second later
        there.heeded = -1.0
        with pytest.raises(CheckStopped):
            there.heed()
        with pytest.raises(CheckStopped):
            there.write(Progress(1, 3, is_over=True, broken="stopped"))
        assert "检查已停止" in designer.get(f"/designer/{draft}/check").text
        designer.post(f"/designer/{draft}/check/stop")
        assert other_node(town, draft, "again").begin(Progress(1, 3))
