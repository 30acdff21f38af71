"""`wenze bench-office`：在 PostgreSQL 上计时。"""

from __future__ import annotations

import os
from pathlib import Path

import orjson
import pytest

from tests.postgres import VARIABLE
from tests.web.cli.conftest import Wenze
from web.bench.report import BEGIN, END


class TestBenchOffice:
    """每项数字旁边是它的下限；没有服务器就说明。"""

    def test_without_a_server_it_says_what_to_name(
        self, wenze: Wenze, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv(VARIABLE, raising=False)
        result = wenze("bench-office")

        assert result.exit_code == 2
        assert "WENZE_DATABASE" in result.output

    def test_what_cannot_be_measured_is_refused(
        self, wenze: Wenze, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv(VARIABLE, "postgresql+psycopg://nobody@127.0.0.1:1/none")
        result = wenze("bench-office", "--cases", 10, "--timers", 10)

        assert result.exit_code == 2
        assert "Change the options" in result.output

    @pytest.mark.postgres
    @pytest.mark.slow
    @pytest.mark.timeout(300)  # starts eight processes
    def test_it_measures_on_real_nodes_and_goes_on_where_it_was_interrupted(
        self, wenze: Wenze, home: Path, tmp_path: Path
    ) -> None:
        page = tmp_path / "page.md"
        page.write_text(f"{BEGIN}\nold\n{END}\n", "utf-8")
        if not os.environ.get(VARIABLE):
            pytest.skip(f"{VARIABLE} names no server; see tools/postgres.py")
        few = ("--cases", 50, "--worked", 4, "--seconds", 0.3, "--timers", 20, "--clients", 1)
        result = wenze("bench-office", *few, "--write", page)

        assert result.exit_code == 0, result.output
        assert "| completions by the command, a second |" in result.output
        assert "| lateness at 50 due a second, p50 / p99 (30 of 30 fired) |" in result.output
        assert "xychart-beta" in page.read_text("utf-8")
        kept = home / "bench-office.json"
        first = orjson.loads(kept.read_bytes())
        assert first["web"]["rates"][0]["rate"] > 0
        assert first["scheduler"]["drain"]["fired"] == 20
        assert first["worker"]["megabytes"] > 20

        kept.write_bytes(
            orjson.dumps({key: first[key] for key in first if key not in {"ended", "bare 1"}})
        )
        again = wenze("bench-office", *few)

        told = [line for line in again.output.splitlines() if line.startswith("… ")]
        assert told == ["… furnish", "… bare 1"]
        second = orjson.loads(kept.read_bytes())
        assert second["completions 1"] == first["completions 1"]
        assert second["bare 1"]["rate"] > 0
