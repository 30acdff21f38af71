"""`wenze bench-office`：在 PostgreSQL 上计时。"""

from __future__ import annotations

import os

import pytest

from tests.postgres import VARIABLE
from tests.web.cli.conftest import Wenze


class TestBenchOffice:
    """每项数字旁边是它的下限；没有服务器就说明。"""

    def test_without_a_server_it_says_what_to_name(
        self, wenze: Wenze, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv(VARIABLE, raising=False)
        result = wenze("bench-office")

        assert result.exit_code == 2
        assert "WENZE_DATABASE" in result.output

    @pytest.mark.postgres
    @pytest.mark.slow
    @pytest.mark.timeout(300)
    def test_it_prints_a_table(self, wenze: Wenze) -> None:
        assert os.environ[VARIABLE]
        result = wenze(
            "bench-office", "--cases", 10, "--seconds", 0.3, "--timers", 10, "--clients", 1
        )

        assert result.exit_code == 0, result.output
        assert "| completions/s |" in result.output
        assert "lateness at 50 due a second" in result.output
