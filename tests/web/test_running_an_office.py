"""`docs/running-an-office.md`、`compose.yaml`：所写的命令都能启动。"""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.postgres import fresh_database
from tools.postgres import free_port
from web.frontend import ASSETS, missing_assets
from web.server import NotServable, Role
from web.wsgi import application

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs/running-an-office.md").read_text("utf-8")
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))


def gunicorn_of_the_guide() -> list[str]:
    """Return the command line of the guide's systemd unit, without its path."""
    (line,) = re.findall(r"ExecStart=\S+/(gunicorn .*)", GUIDE)
    return shlex.split(line)


class TestWhatIsWritten:
    """Units, containers and roles name what there is."""

    def test_containers_run_each_role_once(self) -> None:
        roles = {
            command[command.index("--role") + 1]
            for command in (one["command"] for one in COMPOSE["services"].values())
            if "--role" in command
        }
        assert roles == {str(Role.WORKER), str(Role.SCHEDULER)}
        assert COMPOSE["services"]["web"]["command"][-1] == "web.wsgi:application()"

    def test_the_units_name_the_roles(self) -> None:
        assert "wenze serve --role %i" in GUIDE
        for role in Role:
            assert f"| `{role}` |" in GUIDE
        assert gunicorn_of_the_guide()[-1] == "web.wsgi:application()"

    def test_no_password_stands_in_the_file(self) -> None:
        database = COMPOSE["services"]["database"]["environment"]["POSTGRES_PASSWORD"]
        assert database.startswith("${WENZE_DATABASE_PASSWORD:?")


class TestPagesOfSeveralProcesses:
    """gunicorn 只供页面；时间与作业由另外的节点承担。"""

    def test_the_embedded_database_is_refused(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("WENZE_HOME", str(tmp_path))
        for name in ASSETS:
            (tmp_path / name).touch()
        with pytest.raises(NotServable, match="cannot run web alone"):
            application(tmp_path)

    def test_a_front_end_that_is_not_built_is_said(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("WENZE_HOME", str(tmp_path))
        with pytest.raises(NotServable, match="Run make assets first"):
            application(tmp_path)

    @pytest.fixture
    def address(self, tmp_path: Path) -> Iterator[str]:
        if missing_assets():
            pytest.skip("the front end is not built")
        port = free_port()
        words = gunicorn_of_the_guide()
        words[words.index("--bind") + 1] = f"127.0.0.1:{port}"
        with fresh_database() as url, (tmp_path / "log").open("w") as log:
            process = subprocess.Popen(  # noqa: S603 -- our own command
                [str(Path(sys.executable).with_name(words[0])), *words[1:]],
                cwd=ROOT,
                env={**os.environ, "WENZE_HOME": str(tmp_path), "WENZE_DATABASE": url},
                stdout=log,
                stderr=log,
            )
            try:
                yield f"http://127.0.0.1:{port}"
            finally:
                process.send_signal(signal.SIGTERM)
                assert process.wait(30) == 0

    @pytest.mark.slow
    @pytest.mark.postgres
    @pytest.mark.timeout(180)  # three processes start, on whatever else the machine does
    def test_the_guides_command_serves_pages(self, address: str) -> None:
        pause = threading.Event()
        for _ in range(200):
            try:
                with urllib.request.urlopen(f"{address}/login", timeout=5) as answer:  # noqa: S310 -- our own
                    assert answer.status == 200
                break
            except OSError:  # refused, or its processes are still starting
                pause.wait(0.1)
        with urllib.request.urlopen(f"{address}/readyz", timeout=5) as answer:  # noqa: S310 -- our own
            assert answer.status == 200
