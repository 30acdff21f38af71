"""一案双查的两个调查组：后一组的表单不带出前一组的人员和声明。"""

from __future__ import annotations

from pathlib import Path

from engine.desk.views.task import task_view
from engine.publishing.folders import read_folder
from engine.publishing.scenarios import Theatre, perform, read_scenario, read_steps
from engine.publishing.scenarios.finding import find_item

P15 = "one-case-two-investigations"
PROCESSES = Path(__file__).parents[2] / "processes"


class TestTwoTeams:
    """S1四 L299：两组并行调查；各组的利害关系由各组的人自己声明。"""

    def test_the_form_of_the_second_begins_without_the_people_of_the_first(self) -> None:
        folder = read_folder(PROCESSES / P15)
        scenario = read_scenario(folder.scenarios, f"{P15}/scenarios/SC-071.yaml")
        stage = Theatre(folder).stage(scenario)
        members = ["周某", "吴某"]
        team = {"members": members, "lead": "周某", "interest_declared": True}
        steps = read_steps(
            folder.scenarios,
            f"{P15}/scenarios",
            set(stage.people),
            [{"use": "opened"}, {"do": "ut_team_a", "by": "林某", "answers": team}],
            file="here",
        )
        cases: dict[str, str] = {}
        assert perform(steps, stage, cases=cases) == ()

        found = stage.office.ask(
            stage.platform, find_item, cases["case"], "ut_team_b", stage.people["林某"]
        )
        assert found is not None
        view = stage.office.ask(stage.actor("林某"), task_view, found[0].id)
        stage.office.database.close()

        assert view.refusal is None
        assert not view.data.get("members")
        assert not view.data.get("lead")
        assert not view.data.get("interest_declared")
