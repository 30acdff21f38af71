"""场景的期望：不符的逐项说明应为什么、实为什么。"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from engine.publishing.folders import read_folder
from engine.publishing.scenarios import Stage, Theatre, perform
from engine.publishing.scenarios.expectations import KNOWN, unmet
from engine.publishing.scenarios.expecting.looking import Look, agrees, shown, written
from engine.publishing.scenarios.playing import Run
from engine.publishing.scenarios.reading import read_scenario
from engine.store.tables import CaseRow

P01 = Path(__file__).parents[4] / "processes" / "corporate-accountability"


@pytest.fixture(scope="module")
def played() -> tuple[Stage, str]:
    """SC-003 after its last step."""
    folder = read_folder(P01)
    scenario = read_scenario(folder.scenarios, "corporate-accountability/scenarios/SC-003.yaml")
    stage = Theatre(folder).stage(scenario)
    cases: dict[str, str] = {}
    assert perform(scenario.steps, stage, cases=cases) == ()
    return stage, cases["case"]


def _unmet(played: tuple[Stage, str], text: str) -> list[str]:
    stage, case_id = played
    expected: Any = yaml.safe_load(text)

    def look(desk: Any) -> list[str]:
        case = desk.session.get_one(CaseRow, case_id)
        return [one.en for one in unmet(Look(desk, case, stage.people), expected)]

    return stage.office.ask(stage.platform, look)


class TestExpectations:
    """SC-003：2026-04-08 收到决定，申诉期内申诉并受理。"""

    @pytest.mark.parametrize(
        "text",
        [
            "{decision: {kind: original, tier: T1, measures: [talk_admonish, cancel_merit]}}",
            "{decision: {made_on: 2026-03-30}}",
            "{documents: {decision-letter: served, appeal-decision: none}}",
            "{sanctions: [{person: 陈某, measure: cancel_merit, state: in_force}]}",
            "{participants: {subject: 陈某, reporter: [许某]}}",
            "{recusals: none, incidents: none, to_review: []}",
            "{told: [subject, 许某], not_told: [archivist]}",
            "{told: {subject: document.served}}",
            "{deadline: {DL-CA-6: {round: 1}, DL-CA-7: {state: running}, DL-CM-12: none}}",
            "{cards: none}",
            "{cards: {DL-CA-3: none, DL-CA-5: []}}",
            "{variables: {kind: sanction, subject: {name: 陈某}, subject.name: 陈某}}",
            "{variables: {never_given: none}}",
            "{not_open: [ut_serve], not_awaits: [clue_arrived]}",
            "{case: {channel: CA4, outcome: none, closed: false}}",
        ],
    )
    def test_that_are_met(self, played: tuple[Stage, str], text: str) -> None:
        assert _unmet(played, text) == []

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("{open: ut_never}", "open: expected ut_never, found ["),
            ("{only_open: none}", "only_open: expected none, found ["),
            ("{offered: {ut_never: [甲]}}", "ut_never is not open"),
            ("{decision: none}", "decision: expected none, found sanction"),
            ("{decision: {tier: T3}}", "decision.tier: expected T3, found T1"),
            ("{decision: {weight: 1}}", "decision has no 'weight'; known: kind"),
            ("{documents: {decision-letter: draft}}", "expected draft, found served"),
            ("{sanctions: none}", "sanctions: expected none, found [talk_admonish"),
            ("{sanctions: [{measure: dismiss}]}", "found [{"),
            ("{participants: {subject: 甲}}", "participants subject: expected 甲, found [陈某]"),
            ("{recusals: {甲: granted}}", "recusals has no '甲'"),
            ("{told: [archivist]}", "told archivist: expected …, found none"),
            ("{told: {subject: no.such}}", "told subject: expected no.such, found ["),
            ("{not_told: [subject]}", "not_told subject: expected none, found ["),
            ("{deadline: {DL-CA-6: none}}", "DL-CA-6: expected none, found"),
            ("{deadline: {DL-CM-12: {state: met}}}", "the deadline DL-CM-12 has not begun"),
            ("{deadline: {DL-CA-3: {last_day: 2026-01-01}}}", "expected 2026-01-01, found 2026-"),
            ("{cards: {DL-CA-3: yellow}}", "cards DL-CA-3: expected yellow, found none"),
            ("{variables: {kind: none}}", "kind: expected none, found sanction"),
            ("{variables: {kind.of: x}}", "kind.of: expected x, found none"),
            ("{awaits: never}", "awaits: expected never, found"),
            ("{to_review: ut_report}", "to_review: expected ut_report, found none"),
            ("{incidents: ut_report}", "incidents: expected ut_report, found none"),
            ("{case: {status: closed}}", "case.status: expected closed, found"),
        ],
    )
    def test_that_are_not_are_said(self, played: tuple[Stage, str], text: str, said: str) -> None:
        (told,) = _unmet(played, text)

        assert said in told

    def test_what_is_open_now(self, played: tuple[Stage, str]) -> None:
        (told,) = _unmet(played, "{open: ut_never}")
        element = told.partition("[")[2].rstrip("]").split(", ")[0]

        assert _unmet(played, f"{{not_open: {element}}}") == [f"{element} must not be open"]
        (offer,) = _unmet(played, f"{{offered: {{{element}: [甲]}}}}")
        assert offer.startswith(f"offered {element}: expected [甲], found [")

    def test_messages_that_it_waits_for(self, played: tuple[Stage, str]) -> None:
        stage, case_id = played
        with stage.office.database.reading() as session:
            awaited = session.get_one(CaseRow, case_id).awaited

        assert _unmet(played, f"{{awaits: {list(awaited)}}}") == []
        assert _unmet(played, f"{{not_awaits: [{awaited[0]}]}}") == [
            f"it must not wait for the message {awaited[0]}"
        ]

    def test_all_that_is_not_met_of_one_then_is_said(self, played: tuple[Stage, str]) -> None:
        assert len(_unmet(played, "{cards: {DL-CA-3: yellow}, incidents: ut_report}")) == 2

    def test_cards_none_with_a_card(self) -> None:
        folder = read_folder(P01)
        path = "corporate-accountability/scenarios/SC-007.yaml"
        scenario = read_scenario(folder.scenarios, path)
        stage = Theatre(folder).stage(scenario)
        run = Run(stage, carries=True, cases={})
        for step in scenario.steps:
            run.take(step)
        case = (stage, run.cases["case"])

        assert "cards: expected none" in _unmet(case, "{cards: none}")[0]
        assert _unmet(case, "{cards: {DL-CA-3: red}}") == []
        assert _unmet(case, "{cards: {DL-CA-3: yellow}}") != []
        assert _unmet(case, "{cards: {DL-CA-3: [red, yellow]}}") == []

    def test_every_name_is_known_to_designers(self) -> None:
        document = (P01.parents[1] / "docs" / "scenarios.md").read_text(encoding="utf-8")

        assert [name for name in KNOWN if name not in document] == []


class TestValues:
    """值的比较与写法。"""

    def test_contexts_are_compared_by_the_keys_that_are_named(self) -> None:
        assert agrees({"a": 1}, {"a": 1, "b": 2})
        assert not agrees({"a": 1}, {"b": 1})
        assert not agrees({"a": 1}, [1])

    def test_lists_are_compared_whole(self) -> None:
        assert agrees([1, "x"], [1, "x"])
        assert not agrees([1], [1, 2])
        assert not agrees([1], "1")

    def test_true_is_not_one(self) -> None:
        expected: object = True

        assert not agrees(1, expected)
        assert agrees(expected, expected)

    def test_values_are_shown_as_they_are_written(self) -> None:
        assert shown(None) == "none"
        assert shown(["a", None]) == "[a, none]"
        assert written({"d": [1]}) == {"d": [1]}
