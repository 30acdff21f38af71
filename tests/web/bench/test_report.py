"""What a run measured is told as a table and a plot, with each aim met or missed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from web.bench import replaced, report
from web.bench.report import BEGIN, END

PERFORMANCE = Path(__file__).parents[3] / "docs" / "performance.md"


def rate(what: str, clients: int, a_second: float) -> dict[str, Any]:
    return {
        "what": what,
        "clients": clients,
        "rate": a_second,
        "p50": 1.0,
        "p95": 2.0,
        "p99": 3.5,
    }


def found(**changed: Any) -> dict[str, Any]:
    """A run with two numbers of clients; every aim is met by a hair."""
    drain = {"timers": 10_000, "fired": 10_000, "rate": 30.0, "inbox_idle": 10.0}
    late = {"a_second": 50, "timers": 500, "fired": 500, "p50": 600.0, "p99": 1_499.0}
    return {
        "plan": {"cases": 100_000, "worked": 300, "seconds": 5.0, "clients": [1, 4]},
        "machine": {
            "cores": 2,
            "processor": "AMD EPYC",
            "python": "3.11.7",
            "postgresql": "15.18",
        },
        "load_before": 0.1,
        "load_after": 2.0,
        "ended": "2026-11-22",
        "bare 1": rate("bare", 1, 400.0),
        "bare 4": rate("bare", 4, 800.0),
        "completions 1": rate("completions", 1, 120.0),
        "completions 4": rate("completions", 4, 240.0),
        "starts 1": rate("starts", 1, 50.0),
        "starts 4": rate("starts", 4, 60.0),
        "web": {
            "rates": [rate("http", 1, 100.0), rate("http", 4, 199.0)],
            "empty": [rate("empty", 1, 700.0), rate("empty", 4, 900.0)],
            "start": 3.2,
            "megabytes": 311.4,
        },
        "worker": {"start": 2.0, "megabytes": None},
        "claims": rate("claims", 1, 100.0),
        "scheduler": {
            "drain": {**drain, "inbox_busy": 19.9, **changed},
            "lateness": {**late, **changed.get("late", {})},
            "start": 2.5,
            "megabytes": 151.0,
        },
    }


class TestReport:
    """Each figure stands beside its floor, each aim beside what was reached."""

    def test_completions_over_http_stand_beside_the_floor_at_equal_clients(self) -> None:
        told = report(found())

        assert "| bare transaction, a second | 400 | 800 |" in told
        assert "| over HTTP / bare (aim 0.25) | 0.25 (met) | 0.25 (missed) |" in told
        assert "| requests over HTTP that ask for nothing, a second | 700 | 900 |" in told

    def test_three_aims_of_timers_are_met_by_a_hair(self) -> None:
        told = report(found())

        assert "| 100/s; 0.30 | ≥ 0.3: met |" in told
        assert "10.0 ms, 19.9 ms (2.0 times) | < 2 times: met |" in told
        assert "| 600 / 1499 ms | p99 < 1500 ms: met |" in told

    @pytest.mark.parametrize(
        ("changed", "missed"),
        [
            ({"rate": 29.0}, "0.29 | ≥ 0.3: missed"),
            ({"inbox_busy": 20.0}, "< 2 times: missed"),
            ({"late": {"p99": 1_500.0}}, "p99 < 1500 ms: missed"),
            ({"late": {"fired": 499}}, "p99 < 1500 ms: missed"),
        ],
    )
    def test_an_aim_that_is_missed_is_called_missed(
        self, changed: dict[str, Any], missed: str
    ) -> None:
        assert missed in report(found(**changed))

    def test_memory_that_the_system_does_not_tell_is_a_dash(self) -> None:
        told = report(found())

        assert "| web | 3.2 s | 311 MB |" in told
        assert "| worker | 2.0 s | — |" in told

    def test_the_plot_has_a_line_for_each_row(self) -> None:
        told = report(found())

        assert "  x-axis [1, 4]\n" in told
        lines = ("400, 800", "120, 240", "100, 199", "700, 900", "50, 60")
        assert "".join(f"  line [{one}]\n" for one in lines) in told

    def test_machine_day_and_load_are_named(self) -> None:
        assert "2 cores (AMD EPYC)" in report(found())
        assert "Run of 2026-11-22" in report(found())
        assert "load average 0.1 before, 2.0 after" in report(found())

    def test_a_floor_of_nothing_gives_no_ratio(self) -> None:
        nothing = {**found(), "claims": rate("claims", 1, 0.0)}

        assert "| 0/s; 0.00 | ≥ 0.3: missed |" in report(nothing)


class TestThePage:
    """The command replaces what stands between two marks, and nothing else."""

    def test_what_stood_there_is_replaced(self) -> None:
        page = f"before\n{BEGIN}\nold\n{END}\nafter\n"

        assert replaced(page, "new\n") == f"before\n{BEGIN}\nnew\n{END}\nafter\n"

    @pytest.mark.parametrize("page", ["no mark", f"only {BEGIN}", f"turned {END} {BEGIN}"])
    def test_a_page_without_both_marks_is_left_alone(self, page: str) -> None:
        with pytest.raises(ValueError, match="bench-office"):
            replaced(page, "new")

    def test_the_page_of_this_repository_has_both(self) -> None:
        page = PERFORMANCE.read_text("utf-8")

        assert "new" in replaced(page, "new").partition(BEGIN)[2]
