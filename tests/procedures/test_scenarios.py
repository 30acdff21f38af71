"""Each scenario of each procedure, played as its designer wrote it: one test case each."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from engine.publishing.folders import RULES, Folder, read_folder
from engine.publishing.scenarios import Theatre, run_one, scenario_paths

PROCESSES = Path(__file__).parents[2] / "processes"
FONTS = (PROCESSES.parent / ".tools" / "fonts",)


@cache
def _folder(name: str) -> Folder:
    return read_folder(PROCESSES / name)


@cache
def _theatre(name: str) -> Theatre:
    return Theatre(_folder(name), fonts=FONTS)


PROCEDURES = sorted(path.parent.name for path in PROCESSES.glob(f"*/{RULES}"))
SCENARIOS = [
    pytest.param(name, path, id=path.rpartition("/")[2].removesuffix(".yaml"))
    for name in PROCEDURES
    for path in scenario_paths(_folder(name).scenarios)
]


class TestScenarios:
    """spec/scenarios.md: what the texts say must happen, with its dates, in the shipped data."""

    @pytest.mark.slow  # `make check` has played them already: `wenze check processes/*`
    @pytest.mark.parametrize(("name", "path"), SCENARIOS)
    def test_it_happens_as_the_scenario_says(self, name: str, path: str) -> None:
        result = run_one(_folder(name), path, _theatre(name))

        assert [f"{one.file} {one.place} {one.step}: {one.zh}" for one in result.failures] == []

    def test_every_procedure_has_scenarios(self) -> None:
        assert [name for name in PROCEDURES if not scenario_paths(_folder(name).scenarios)] == []
