"""A case that has come some way, built once and copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from engine.store.tables import CaseRow
from tests.office import Template, Town, copy_of


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
        if files.exists():
            shutil.copytree(files, home / "files")
        return Stood(copy_of(self.template, home), self.case)


def build_scene(template: Template, home: Path, walk: Callable[[Town], CaseRow]) -> Scene:
    """Walk a case some way in a copy of the office, and keep it."""
    town = copy_of(template, home)
    case = walk(town)
    town.leave()
    return Scene(Template(home / "wenze.db", template.versions), case)
