"""Scenarios: a procedure's own tests, written by its designer as given, when, then."""

from __future__ import annotations

from engine.publishing.scenarios.cast import Cast, cast_in, read_cast
from engine.publishing.scenarios.mistakes import Mistake, Page, ScenarioRefused
from engine.publishing.scenarios.passing import advance
from engine.publishing.scenarios.playing import perform, play
from engine.publishing.scenarios.reading import read_scenario, scenario_paths
from engine.publishing.scenarios.results import Failure, ScenarioResult
from engine.publishing.scenarios.running import run_one, run_scenarios
from engine.publishing.scenarios.stage import Stage, Theatre, settle
from engine.publishing.scenarios.step_reading import read_steps

__all__ = [
    "Cast",
    "Failure",
    "Mistake",
    "Page",
    "ScenarioRefused",
    "ScenarioResult",
    "Stage",
    "Theatre",
    "advance",
    "cast_in",
    "perform",
    "play",
    "read_cast",
    "read_scenario",
    "read_steps",
    "run_one",
    "run_scenarios",
    "scenario_paths",
    "settle",
]
