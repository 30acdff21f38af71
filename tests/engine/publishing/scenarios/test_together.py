"""若干场景同样的开头只办理一次；每个场景的结果与各自单独办理时相同。"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from engine.publishing.scenarios import Theatre, perform, run_one, run_scenarios
from engine.publishing.scenarios import playing as steps_of
from engine.publishing.scenarios.reading import read_scenario
from tests.engine.publishing.small import DO, LAST, OPEN, SCENARIO, scenario, small

if TYPE_CHECKING:
    from engine.publishing.folders import Folder
    from engine.publishing.scenarios import ScenarioResult

CLOSED = "- {then: {case: {closed: true}}}"
OPENED = "- {then: {open: [ut_step]}}"
WRONG = "- {then: {open: [ut_other]}}"


def several(*scenarios: tuple[str, ...]) -> Folder:
    """Return a folder with these scenarios, named 0.yaml, 1.yaml … by their order."""
    folder = small()
    others = {path: one for path, one in folder.scenarios.items() if path != SCENARIO}
    given = {
        f"loop/scenarios/{number}.yaml": scenario(*steps).replace(
            b"id: SC", f"id: S{number}".encode()
        )
        for number, steps in enumerate(scenarios)
    }
    return replace(folder, scenarios=others | given)


def alone(folder: Folder) -> list[ScenarioResult]:
    """Return how each goes on a stage of its own."""
    names = sorted(path for path in folder.scenarios if path[15].isdigit())
    return [run_one(folder, path, Theatre(folder)) for path in names]


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """List the steps that were taken, by their words."""
    found: list[str] = []
    for kind, act in dict(steps_of.ACTS).items():

        def noted(run: object, step: object, act: object = act) -> None:
            found.append(step.words)  # type: ignore[attr-defined]
            act(run, step)  # type: ignore[operator]

        monkeypatch.setitem(steps_of.ACTS, kind, noted)
    return found


class TestTogether:
    """相同的开头只办一次，从分开处各自继续。"""

    def test_what_is_alike_is_done_once(self, taken: list[str]) -> None:
        folder = several((OPEN, DO, LAST, CLOSED), (OPEN, DO, OPENED), (OPEN, LAST, CLOSED))

        results = run_scenarios(folder)

        assert [one.passed for one in results] == [True, True, True]
        assert taken == ["open: loop", "do: ut_step", "do: ut_step", "do: ut_step"]
        assert alone(folder) == list(results)

    def test_expectations_of_one_are_not_those_of_another(self) -> None:
        folder = several((OPEN, WRONG, DO), (OPEN, OPENED, DO, OPENED), (OPEN, DO, WRONG))

        results = run_scenarios(folder)

        assert [[one.place for one in each.failures] for each in results] == [["2"], [], ["3"]]
        assert alone(folder) == list(results)

    def test_a_step_that_fails_is_told_to_each_in_its_own_place(self) -> None:
        bad = DO.replace("ut_step", "ut_x")
        folder = several((OPEN, OPENED, bad), (OPEN, bad, LAST), (OPEN, WRONG, bad), (OPEN, DO))

        results = run_scenarios(folder)

        assert [[(one.file[-6:], one.place) for one in each.failures] for each in results] == [
            [("0.yaml", "3")],
            [("1.yaml", "2")],
            [("2.yaml", "2")],
            [],
        ]
        assert alone(folder) == list(results)

    def test_what_ends_a_scenario_early_is_not_played_on(self, taken: list[str]) -> None:
        folder = several((OPEN, WRONG, DO, LAST))

        (result,) = run_scenarios(folder)

        assert not result.passed
        assert taken == ["open: loop"]

    def test_the_clock_and_the_labels_of_cases_go_with_the_moment(self) -> None:
        other = OPEN.replace("open: loop", "open: loop, case: other")
        late = "- {at: 2026-03-05 10:00}"
        back = "- {at: 2026-03-04}"
        ends = LAST.replace("by: 甲", "by: 甲, case: other")
        folder = several((OPEN, other, late, back), (OPEN, other, late, ends), (OPEN, other, back))

        results = run_scenarios(folder)

        assert [one.passed for one in results] == [False, True, True]
        assert alone(folder) == list(results)

    def test_other_beginnings_are_never_shared(self, taken: list[str]) -> None:
        folder = several((OPEN,), (OPEN,))
        later = {
            path: content.replace(b"2026-03-02", b"2026-03-03")
            if path.endswith("1.yaml")
            else content
            for path, content in folder.scenarios.items()
        }

        assert all(one.passed for one in run_scenarios(replace(folder, scenarios=later)))
        assert taken == ["open: loop", "open: loop"]

    def test_one_that_cannot_be_read_keeps_its_place(self) -> None:
        folder = several((OPEN,), ("- {dance: 甲}",), (OPEN, DO))

        results = run_scenarios(folder)

        assert [one.passed for one in results] == [True, False, True]
        assert [one.file[-6:] for one in results] == ["0.yaml", "1.yaml", "2.yaml"]


class TestKeeping:
    """留存的一刻可以多次由此继续，互不影响。"""

    def test_a_kept_stage_is_gone_on_from_twice(self) -> None:
        folder = small(OPEN, LAST)
        theatre = Theatre(folder)
        given = read_scenario(folder.scenarios, SCENARIO)
        first = theatre.stage(given)
        cases: dict[str, str] = {}
        perform(given.steps[:1], first, cases=cases)
        digest = first.office.files.put(b"paper")
        kept = theatre.keep(first)
        assert perform(given.steps[1:], first, cases=cases) == ()

        second = theatre.again(kept, first.office.database)

        assert second.office.files.get(digest) == b"paper"
        assert second.clock.now() == kept.at
        assert perform(given.steps[1:], second, cases=cases) == ()
