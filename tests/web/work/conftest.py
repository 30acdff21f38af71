"""Cases at the steps that these tests are about; each built once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.store.tables import CaseRow
from tests.office import Template, Town
from tests.web import walking
from tests.web.scenes import Scene, Stood, build_scene


@pytest.fixture(scope="session")
def meeting_scene(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return build_scene(template, tmp_path_factory.mktemp("meeting"), walking.to_meeting)


@pytest.fixture(scope="session")
def letter_scene(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Scene:
    def walk(town: Town) -> CaseRow:
        case = walking.to_decision(town)
        town.do("韩某", case, "ut_draft", draft_remark="按纪要拟稿")
        return town.case(case)

    return build_scene(template, tmp_path_factory.mktemp("letter"), walk)


@pytest.fixture
def meeting(meeting_scene: Scene, tmp_path: Path) -> Iterator[Stood]:
    """The board has to decide; no motion has been put."""
    stood = meeting_scene.copy(tmp_path)
    yield stood
    stood.town.leave()


@pytest.fixture
def letter(letter_scene: Scene, tmp_path: Path) -> Iterator[Stood]:
    """The decision letter is drafted and waits for its signature."""
    stood = letter_scene.copy(tmp_path)
    yield stood
    stood.town.leave()
