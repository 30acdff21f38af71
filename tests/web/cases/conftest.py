"""Cases that have come some way; each built once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.office import Template
from tests.web import walking
from tests.web.scenes import Scene, Stood, build_scene


@pytest.fixture(scope="session")
def inquiry_scene(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return build_scene(template, tmp_path_factory.mktemp("inquiry"), walking.to_notice)


@pytest.fixture(scope="session")
def service_scene(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return build_scene(template, tmp_path_factory.mktemp("service"), walking.to_service)


@pytest.fixture
def inquiry(inquiry_scene: Scene, tmp_path: Path) -> Iterator[Stood]:
    """The team of 周某 (lead) and 林某 inquires; the subject was served the notice of rights."""
    stood = inquiry_scene.copy(tmp_path)
    yield stood
    stood.town.leave()


@pytest.fixture
def service(service_scene: Scene, tmp_path: Path) -> Iterator[Stood]:
    """The decision was served on Monday 2 March 2026."""
    stood = service_scene.copy(tmp_path)
    yield stood
    stood.town.leave()
