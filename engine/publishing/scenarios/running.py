"""Runs every scenario of a folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.model.texts import Text
from engine.publishing.scenarios.mistakes import ScenarioRefused
from engine.publishing.scenarios.playing import play
from engine.publishing.scenarios.reading import Scenario, read_scenario, scenario_paths
from engine.publishing.scenarios.results import Failure, ScenarioResult
from engine.publishing.scenarios.stage import Theatre
from engine.publishing.scenarios.together import play_together

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import bpmn
    from engine.publishing.folders import Folder


def run_scenarios(
    folder: Folder,
    *,
    fonts: Sequence[Path] = (),
    report: Callable[[ScenarioResult], None] | None = None,
    watch: Callable[[Sequence[bpmn.Trace]], None] | None = None,
) -> tuple[ScenarioResult, ...]:
    """Play every scenario of a folder; return how each went.

    Args:
        folder: Checked before: its version can be compiled.
        fonts: Folders with fonts for documents.
        report: Told each result as soon as it is there.
        watch: Sees the trace of every step that is taken.
    """
    theatre = Theatre(folder, fonts=fonts, watch=watch)
    read = [(path, _read(folder, path)) for path in scenario_paths(folder.scenarios)]
    played = play_together([one for _, one in read if isinstance(one, Scenario)], theatre)
    results = []
    for _, one in read:
        result = next(played) if isinstance(one, Scenario) else one
        results.append(result)
        if report is not None:
            report(result)
    return tuple(results)


def run_one(folder: Folder, path: str, theatre: Theatre) -> ScenarioResult:
    """Play the scenario of one file on a stage of its own."""
    read = _read(folder, path)
    return play(read, theatre.stage(read)) if isinstance(read, Scenario) else read


def _read(folder: Folder, path: str) -> Scenario | ScenarioResult:
    """Return the scenario of a file, or what is wrong with it as its result."""
    try:
        return read_scenario(folder.scenarios, path)
    except ScenarioRefused as refused:
        name = path.rpartition("/")[2].removesuffix(".yaml")
        return ScenarioResult(
            name,
            Text(name),
            path,
            tuple(Failure(one.file, one.step, "", one.zh, one.en) for one in refused.mistakes),
        )
