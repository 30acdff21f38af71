"""Runs every scenario of a folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.model.texts import Text
from engine.publishing.scenarios.mistakes import ScenarioRefused
from engine.publishing.scenarios.playing import play
from engine.publishing.scenarios.reading import read_scenario, scenario_paths
from engine.publishing.scenarios.results import Failure, ScenarioResult
from engine.publishing.scenarios.stage import Theatre

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from engine.publishing.folders import Folder


def run_scenarios(
    folder: Folder,
    *,
    fonts: Sequence[Path] = (),
    report: Callable[[ScenarioResult], None] | None = None,
) -> tuple[ScenarioResult, ...]:
    """Play every scenario of a folder; return how each went.

    Args:
        folder: Checked before: its version can be compiled.
        fonts: Folders with fonts for documents.
        report: Told each result as soon as it is there.
    """
    theatre = Theatre(folder, fonts=fonts)
    results = []
    for result in _played(folder, theatre):
        results.append(result)
        if report is not None:
            report(result)
    return tuple(results)


def run_one(folder: Folder, path: str, theatre: Theatre) -> ScenarioResult:
    """Play the scenario of one file on a stage of its own."""
    try:
        scenario = read_scenario(folder.scenarios, path)
    except ScenarioRefused as refused:
        name = path.rpartition("/")[2].removesuffix(".yaml")
        return ScenarioResult(
            name,
            Text(name),
            path,
            tuple(Failure(one.file, one.step, "", one.zh, one.en) for one in refused.mistakes),
        )
    return play(scenario, theatre.stage(scenario))


def _played(folder: Folder, theatre: Theatre) -> Iterator[ScenarioResult]:
    for path in scenario_paths(folder.scenarios):
        yield run_one(folder, path, theatre)
