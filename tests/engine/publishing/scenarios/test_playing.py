"""场景一步步办理：每一步如所写的发生，否则说明在哪一步、发生了什么。"""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.publishing.scenarios import Theatre, perform, run_one, run_scenarios
from engine.publishing.scenarios.reading import read_scenario
from engine.store.record import verify
from tests.engine.publishing.small import (
    CAST,
    DIAGRAM,
    DO,
    LAST,
    OPEN,
    RULES,
    SCENARIO,
    changed,
    small,
)


def _said(*steps: str, **options: object) -> list[str]:
    """Play these steps and return what went otherwise, as place and sentence."""
    folder = small(*steps, **options)  # type: ignore[arg-type]
    result = run_one(folder, SCENARIO, Theatre(folder))
    assert result.passed == (not result.failures)
    return [f"{one.place} {one.en}" for one in result.failures]


class TestSteps:
    """步骤即命令。"""

    def test_all_happen_as_written(self) -> None:
        assert _said(OPEN, DO, LAST, "- {then: {case: {closed: true}}}") == []

    def test_a_claimed_item_is_given_back(self) -> None:
        steps = (
            "- {claim: ut_step, by: 乙}",
            "- {do: ut_step, by: 甲, refused: item.taken}",
            "- {release: ut_step, by: 乙}",
        )
        assert _said(OPEN, *steps, DO) == []

    def test_several_cases_are_told_apart(self) -> None:
        other = OPEN.replace("open: loop", "open: loop, case: other")
        last = LAST.replace("by: 甲", "by: 甲, case: other")
        steps = (OPEN, other, last, "- {then: {open: [ut_step]}}")

        assert _said(*steps, "- {then: {only_open: []}, case: other}") == []

    def test_what_falls_due_on_the_way_happens_in_order(self) -> None:
        """3 月 23 日届满，24 日黄牌；其后三个工作日（至 27 日）已过，28 日红牌。"""
        steps = (
            "- {at: 2026-03-23 23:59}",
            "- {then: {cards: none, deadline: {DL-LP-1: {last_day: 2026-03-23, state: running}}}}",
            "- {at: 2026-03-24 00:00}",
            "- {then: {cards: {DL-LP-1: [yellow]}}}",
            "- {at: 2026-03-27 23:59}",
            "- {then: {cards: {DL-LP-1: yellow}}}",
            "- {at: 2026-03-28}",
            "- {then: {cards: {DL-LP-1: red}, told: {clerk: deadline.red}}}",
        )
        assert _said(OPEN, *steps) == []

    def test_a_post_that_has_ended_gives_no_right(self) -> None:
        """乙的岗位到 3 月 31 日为止。"""
        steps = ("- {at: 2026-04-01}", DO.replace("by: 甲", "by: 乙, refused: not_found"))

        assert _said(OPEN, *steps) == []

    def test_one_may_go_on_with_what_another_part_began(self) -> None:
        folder = small(OPEN, DO)
        scenario = read_scenario(folder.scenarios, SCENARIO)
        stage = Theatre(folder).stage(scenario)
        cases: dict[str, str] = {}

        assert perform(scenario.steps[:1], stage, cases=cases, carries=False) == ()
        assert perform(scenario.steps[1:], stage, cases=cases) == ()
        assert list(cases) == ["case"]

    def test_the_record_of_a_scenario_holds_together(self) -> None:
        folder = small(OPEN, DO, LAST)
        scenario = read_scenario(folder.scenarios, SCENARIO)
        stage = Theatre(folder).stage(scenario)
        perform(scenario.steps, stage)

        with stage.office.database.reading() as session:
            assert list(verify(session)) == []


class TestWhatWentOtherwise:
    """未如所写的一步结束场景，并说明原因。"""

    @pytest.mark.parametrize(
        ("steps", "said"),
        [
            ((DO,), "1 the case 'case' is not open yet"),
            ((OPEN, LAST, DO), "3 ut_step is not open; open are: none"),
            ((OPEN, DO.replace("ut_step", "ut_x")), "2 ut_x is not open; open are: ut_step"),
            ((OPEN, DO.replace("by: 甲", "by: 丙")), "2 丙 was refused"),
            ((OPEN, DO.replace("by: 甲", "by: 甲, refused: recus")), "2 it should be refused"),
            (
                (OPEN, "- {do: ut_step, by: 甲, answers: {severity: bad}, refused: item}"),
                "2 甲 was refused (expected item): finding: field.required; severity: field.option",
            ),
            ((OPEN, "- {at: 2026-03-01}"), "2 the clock does not go back: it is 2026-03-02 09:00"),
            ((OPEN.replace("loop", "nothing"),), "1 there is none, or 甲 may not know of it"),
            ((OPEN, "- {vote: ut_step, by: 甲}"), "2 甲 was refused: item.not_collective"),
            ((OPEN, "- {file: appeal, by: 丙}"), "2 there is none, or 丙 may not know"),
            (
                (OPEN, "- {extend: DL-LP-1, by: 甲, reasons: 难}"),
                "2 甲 was refused: deadline.not_ext",
            ),
        ],
    )
    def test_is_said_with_its_step(self, steps: tuple[str, ...], said: str) -> None:
        (failure,) = _said(*steps)

        assert failure.startswith(said)

    def test_a_refusal_keeps_its_message_for_pages(self) -> None:
        folder = small(OPEN, "- {vote: ut_step, by: 甲}")
        (failure,) = run_one(folder, SCENARIO, Theatre(folder)).failures

        assert failure.message_id == "item.not_collective"
        assert failure.params["item"] == "办理一步"
        assert "被拒绝" in failure.zh

    def test_a_step_of_the_diagram_that_fails(self) -> None:
        folder = changed(small(OPEN, DO), DIAGRAM, "=again<", "=not(again)<")
        folder = changed(folder, DIAGRAM, ' default="f4"', "")
        folder = changed(
            folder,
            DIAGRAM,
            'targetRef="en" />',
            'targetRef="en"><bpmn:conditionExpression>=false</bpmn:conditionExpression>'
            "</bpmn:sequenceFlow>",
        )
        result = run_one(folder, SCENARIO, Theatre(folder))

        assert [one.place for one in result.failures] == ["2"]
        assert "gw" in result.failures[0].en

    def test_a_broken_cast_is_the_scenarios_failure(self) -> None:
        (failure,) = _said(cast="authority: {name: x}")

        assert "short is missing" in failure

    def test_units_that_lie_above_each_other(self) -> None:
        folder = small(cast=CAST.replace("机关: ''", "机关: 车间"))
        with pytest.raises(ValueError, match="lie above each other"):
            run_one(folder, SCENARIO, Theatre(folder))


class TestAFolder:
    """一个文件夹的全部场景。"""

    def test_each_has_its_result_in_order(self) -> None:
        folder = small()
        scenarios = {
            **folder.scenarios,
            "loop/scenarios/two.yaml": folder.scenarios[SCENARIO].replace(b"id: SC", b"id: TWO"),
        }
        told: list[str] = []
        results = run_scenarios(
            replace(folder, scenarios=scenarios), report=lambda one: told.append(one.id)
        )

        assert [one.id for one in results] == told == ["SC", "TWO"]
        assert results[0].as_json()["passed"] is True

    def test_each_begins_on_a_stage_of_its_own(self) -> None:
        theatre = Theatre(small())
        scenario = read_scenario(small().scenarios, SCENARIO)
        first, second = theatre.stage(scenario), theatre.stage(scenario)
        perform(scenario.steps, first)

        assert perform(scenario.steps, second) == ()
        assert first.office.database is not second.office.database

    def test_values_in_force_differ_by_scenario(self) -> None:
        rules = "parameters: {limit.a: {value: 1, proposed: true}}\noutcomes:"
        folder = changed(small(OPEN, given=", parameters: {limit.a: 5}"), RULES, "outcomes:", rules)
        scenario = read_scenario(folder.scenarios, SCENARIO)
        result = run_one(folder, SCENARIO, Theatre(folder))
        stage = Theatre(folder).stage(scenario)

        assert result.passed
        assert stage.authority_id
