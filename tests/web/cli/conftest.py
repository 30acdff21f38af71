"""The command line in process, on a home of its own."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.engine.publishing.small import CAST, LAST, LOOP, OPEN, scenario
from web.cli import main

Wenze = Callable[..., Result]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Where the installation of this test is."""
    return tmp_path / "home"


def run(*arguments: object, home: Path, typed: str = "", lang: str = "en") -> Result:
    """Run ``wenze`` with these arguments on the installation in `home`."""
    return CliRunner().invoke(
        main,
        ["--lang", lang, *map(str, arguments)],
        env={"WENZE_HOME": str(home), "WENZE_PORT": "0"},
        input=typed,
        catch_exceptions=False,
    )


@pytest.fixture
def wenze(home: Path) -> Wenze:
    """Run ``wenze`` with these arguments; in English, on this test's home."""

    def given(*arguments: object, **options: Any) -> Result:
        return run(*arguments, **{"home": home, **options})

    return given


@pytest.fixture
def processes(tmp_path: Path) -> Path:
    """A folder of procedures that holds the loop with one scenario, and a shared folder."""
    place = tmp_path / "processes"
    shutil.copytree(LOOP, place / "loop")
    (place / "loop/scenarios").mkdir()
    (place / "loop/scenarios/cast.yaml").write_text(CAST, "utf-8")
    (place / "loop/scenarios/one.yaml").write_bytes(scenario(OPEN, LAST))
    (place / "shared/alone").mkdir(parents=True)
    rules = (place / "loop/procedure.yaml").read_text("utf-8")
    (place / "shared/alone/procedure.yaml").write_text(
        rules.replace("id: loop", "id: alone")
        .replace("kind: procedure", "kind: shared")
        .replace("process: loop", "process: alone"),
        "utf-8",
    )
    return place


@pytest.fixture(scope="session")
def staff(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of an installation with an authority, a designer and an administrator."""
    home = tmp_path_factory.mktemp("staff") / "home"
    for arguments in (
        ("users", "authority", "group", "某公司", "某司"),
        ("users", "add", "ding", "--name", "丁某", "--role", "process_designer"),
        ("users", "add", "fang", "--name", "方某", "--role", "platform_admin", "--admin"),
    ):
        more = ("--password", "a long password") if arguments[1] == "add" else ()
        result = run(*arguments, *more, home=home)
        assert result.exit_code == 0, result.output
    return home


@pytest.fixture
def staffed(staff: Path, home: Path, wenze: Wenze) -> Wenze:
    """Run ``wenze`` on a copy of that installation."""
    shutil.copytree(staff, home)
    return wenze
