"""The stage of the matrix: built once, since nothing that is asked of it is kept."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
import structlog

from tests.office import Template, copy_of
from tests.web.access.scene import Stage, build_stage
from web.logs import set_up_logs


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Commands that are taken back look like failures to the log: it writes elsewhere."""
    before = structlog.get_config()
    set_up_logs("error", file=io.StringIO())
    yield
    structlog.configure(**before)


@pytest.fixture(scope="session")
def stage(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The case, everybody and everything that an address can name."""
    town = copy_of(template, tmp_path_factory.mktemp("access"))
    yield build_stage(town)
    town.office.hook = None
    town.leave()
