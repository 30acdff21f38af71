"""Scenarios: a procedure's own tests, written by its designer as given, when, then."""

from __future__ import annotations

from engine.publishing.scenarios.cast import Cast, read_cast
from engine.publishing.scenarios.mistakes import Mistake, ScenarioRefused
from engine.publishing.scenarios.playing import play
from engine.publishing.scenarios.reading import read_scenario, scenario_paths
from engine.publishing.scenarios.results import Failure, ScenarioResult
from engine.publishing.scenarios.running import run_scenarios
from engine.publishing.scenarios.stage import Stage, Theatre

__all__ = [
    "Cast",
    "Failure",
    "Mistake",
    "ScenarioRefused",
    "ScenarioResult",
    "Stage",
    "Theatre",
    "play",
    "read_cast",
    "read_scenario",
    "run_scenarios",
    "scenario_paths",
]
