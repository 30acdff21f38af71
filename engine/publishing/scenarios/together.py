"""Plays scenarios together: what several begin with alike is played once for all of them.

A step is a command on a state, so that the same steps from the same beginning lead to the
same state. What is expected changes nothing. Scenarios are laid into a tree: each moment
of it is reached once, every scenario that passes it looks at it with its own expectations, and
where they part the state is kept for those that go on otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from engine.publishing.scenarios.doubts import recorded_doubts
from engine.publishing.scenarios.playing import Run
from engine.publishing.scenarios.results import Failure, ScenarioResult, StepFailed
from engine.publishing.scenarios.stage import memory_database
from engine.publishing.scenarios.steps import AnyStep, Then

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from engine.publishing.scenarios.reading import Scenario
    from engine.publishing.scenarios.stage import Kept, Theatre
    from engine.store.database import Database


@dataclass(slots=True, eq=False)
class Moment:
    """A moment in one scenario or several.

    Attributes:
        passing: The places, among all, of the scenarios that come here.
        expected: What each of them expects here, by its place.
        ending: Those that end here.
        following: The next moments, by what is done to come there.
        kept: The state, while somebody still goes on from here.
        cases: Ids of cases by label, as they are here.
    """

    passing: list[int] = field(default_factory=list)
    expected: dict[int, list[Then]] = field(default_factory=dict)
    ending: list[int] = field(default_factory=list)
    following: dict[str, Moment] = field(default_factory=dict)
    kept: Kept | None = None
    cases: dict[str, str] = field(default_factory=dict)


def play_together(scenarios: Sequence[Scenario], theatre: Theatre) -> Iterator[ScenarioResult]:
    """Yield how each scenario went, in their order.

    Raises:
        ValueError: The units of a cast lie above each other.
    """
    with memory_database() as database:
        playing = _Playing(scenarios, theatre, database, *_laid(scenarios))
        for place in range(len(scenarios)):
            yield playing.result(place)


@dataclass(slots=True)
class _Playing:
    """One playing of several scenarios.

    Attributes:
        database: On which all are played, one after another.
        firsts: The moment at which each begins.
        ways: The steps of each that change something, with the moments to which they lead.
        results: By place, as soon as they are there.
    """

    scenarios: Sequence[Scenario]
    theatre: Theatre
    database: Database
    firsts: list[Moment]
    ways: list[list[tuple[AnyStep, Moment]]]
    results: dict[int, ScenarioResult] = field(default_factory=dict)

    def result(self, place: int) -> ScenarioResult:
        """Return how one went; play what nobody has played yet."""
        if place not in self.results:
            self._play(place)
        for moment in (self.firsts[place], *(one for _, one in self.ways[place])):
            if all(one in self.results for one in moment.passing):
                moment.kept = None
        return self.results[place]

    def _play(self, place: int) -> None:
        way, begun = self.ways[place], 0
        moment = self.firsts[place]
        for number, (_, reached) in enumerate(way, start=1):
            if reached.kept is not None:
                moment, begun = reached, number
        if moment.kept is None:
            stage = self.theatre.stage(self.scenarios[place], self.database)
            run = Run(stage, carries=True, cases={})
            self._look(moment, run)
        else:
            stage = self.theatre.again(moment.kept, self.database)
            run = Run(stage, carries=True, cases=dict(moment.cases))
        for step, reached in way[begun:]:
            if place in self.results:
                return
            try:
                run.take(step)
            except StepFailed as failed:
                self._fail(reached, step, failed.failures, run)
                return
            self._look(reached, run)

    def _look(self, moment: Moment, run: Run) -> None:
        """Let all who pass this moment look at it, and keep it where they part."""
        for place, expected in moment.expected.items():
            try:
                for step in expected:
                    run.take(step)
            except StepFailed as failed:
                self._end(place, failed.failures, run)
        for place in moment.ending:
            if place not in self.results:
                self._end(place, (), run)
        if len(moment.following) > 1:
            moment.kept = self.theatre.keep(run.stage)
            moment.cases = dict(run.cases)

    def _fail(self, moment: Moment, step: AnyStep, failures: Sequence[Failure], run: Run) -> None:
        """End all who would have come to a moment; each is told its own step."""
        for place in moment.passing:
            if place in self.results:
                continue
            own = next(one for one, reached in self.ways[place] if reached is moment)
            told = tuple(
                replace(one, file=own.file, place=own.place, step=own.words) for one in failures
            )
            self._end(place, told, run)

    def _end(self, place: int, failures: tuple[Failure, ...], run: Run) -> None:
        scenario = self.scenarios[place]
        doubts = run.stage.office.ask(run.stage.platform, recorded_doubts)
        self.results[place] = ScenarioResult(
            scenario.id, scenario.title, scenario.file, failures, doubts
        )


def _laid(
    scenarios: Sequence[Scenario],
) -> tuple[list[Moment], list[list[tuple[AnyStep, Moment]]]]:
    """Lay scenarios into a tree; return where each begins, and its way."""
    beginnings: dict[str, Moment] = {}
    firsts, ways = [], []
    for place, scenario in enumerate(scenarios):
        moment = beginnings.setdefault(_beginning(scenario), Moment())
        moment.passing.append(place)
        firsts.append(moment)
        way: list[tuple[AnyStep, Moment]] = []
        for step in scenario.steps:
            if isinstance(step, Then):
                moment.expected.setdefault(place, []).append(step)
                continue
            moment = moment.following.setdefault(_done(step), Moment())
            moment.passing.append(place)
            way.append((step, moment))
        moment.ending.append(place)
        ways.append(way)
    return firsts, ways


def _beginning(scenario: Scenario) -> str:
    given = (scenario.begins, scenario.cast, scenario.earlier)
    return repr((*given, dict(scenario.parameters), dict(scenario.switches)))


def _done(step: AnyStep) -> str:
    """Return what a step does, wherever it is written."""
    return repr(replace(step, file="", place="", words=""))
