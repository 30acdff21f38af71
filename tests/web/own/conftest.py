"""Cases that have come far enough for their subject to see them; each built once."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from engine.store.tables import CaseRow
from tests.office import Template, Town, copy_of
from tests.web import walking


@dataclass(frozen=True)
class Stood:
    """An office in which a case has come some way, and the case."""

    town: Town
    case: CaseRow


@dataclass(frozen=True)
class Scene:
    """The same, as it is kept for copies: its file and its documents."""

    template: Template
    case: CaseRow

    def copy(self, home: Path) -> Stood:
        files = self.template.path.parent / "files"
        shutil.copytree(files, home / "files")
        return Stood(copy_of(self.template, home), self.case)


@pytest.fixture(scope="session")
def notified_scene(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return _scene(template, tmp_path_factory.mktemp("notified"), walking.to_notice)


@pytest.fixture(scope="session")
def served_scene(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return _scene(template, tmp_path_factory.mktemp("served"), walking.to_service)


@pytest.fixture
def notified(notified_scene: Scene, tmp_path: Path) -> Iterator[Stood]:
    """The subject was served the notice of rights on Monday 2 March 2026."""
    stood = notified_scene.copy(tmp_path)
    yield stood
    stood.town.leave()


@pytest.fixture
def served(served_scene: Scene, tmp_path: Path) -> Iterator[Stood]:
    """The decision was served on Monday 2 March 2026; the appeal runs to Monday 23 March."""
    stood = served_scene.copy(tmp_path)
    yield stood
    stood.town.leave()


def _scene(template: Template, home: Path, walk: Callable[[Town], CaseRow]) -> Scene:
    town = copy_of(template, home)
    case = walk(town)
    town.leave()
    return Scene(Template(home / "wenze.db", template.versions), case)
