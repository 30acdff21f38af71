"""A run keeps what it measured, and goes on where it was interrupted."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson
import pytest

from engine.publishing.bench import Place
from web.bench import Plan, Unmeasurable, measure
from web.bench.nodes import DidNotStart, running
from web.bench.run import _kept

SMALL = Plan(cases=50, worked=4, seconds=0.3, timers=20, clients=(1,))


def write(place: Path, found: dict[str, Any]) -> Path:
    kept = place / "kept.json"
    kept.write_bytes(orjson.dumps(found))
    return kept


class TestPlan:
    """Timers that fall due at once hang on open cases; each process has cases of its own."""

    @pytest.mark.parametrize(
        "changed", [{"timers": 21}, {"timers": 0}, {"worked": 3, "clients": (1, 4)}]
    )
    def test_what_cannot_be_measured_is_refused_with_what_to_do(
        self, changed: dict[str, Any]
    ) -> None:
        with pytest.raises(Unmeasurable, match="Change the options") as refused:
            Plan(**{"cases": 50, "worked": 4, "seconds": 0.3, "timers": 20, **changed})

        assert "请改参数" in refused.value.zh


class TestKept:
    """What an interrupted run of the same plan measured is not measured again."""

    def test_an_interrupted_run_goes_on(self, tmp_path: Path) -> None:
        kept = write(tmp_path, {"plan": asdict(SMALL), "bare 1": {"rate": 7}})

        assert _kept(kept, SMALL)["bare 1"] == {"rate": 7}

    @pytest.mark.parametrize(
        "left",
        [
            {"plan": {**asdict(SMALL), "cases": 51}, "bare 1": {}},
            {"plan": asdict(SMALL), "bare 1": {}, "ended": "2026-11-22"},
        ],
    )
    def test_another_plan_or_a_run_that_ended_begins_anew(
        self, tmp_path: Path, left: dict[str, Any]
    ) -> None:
        assert "bare 1" not in _kept(write(tmp_path, left), SMALL)

    def test_the_first_run_makes_its_folder(self, tmp_path: Path) -> None:
        _kept(tmp_path / "home" / "kept.json", SMALL)

        assert (tmp_path / "home").is_dir()


class TestWhatIsMissing:
    """What stops a measurement is said with what to do."""

    def test_without_the_front_end_no_node_of_pages_starts(self, tmp_path: Path) -> None:
        with pytest.raises(Unmeasurable, match="make assets"):
            measure("", SMALL, tmp_path / "kept.json", tell=print, dist=tmp_path)

    @pytest.mark.slow
    def test_a_node_that_ends_says_why(self, tmp_path: Path) -> None:
        place = Place("sqlite://", tmp_path, b"k" * 32)

        with pytest.raises(DidNotStart, match="database"), running(place, "worker"):
            pass  # pragma: no cover
