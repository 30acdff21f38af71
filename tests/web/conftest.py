"""What tests of the pages share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.office import Template, Town, build_template, copy_of


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """The office of P01, built once."""
    return build_template(tmp_path_factory.mktemp("office"))


@pytest.fixture
def town(template: Template, tmp_path: Path) -> Iterator[Town]:
    """The office on Monday 2 March 2026, 9 o'clock."""
    copy = copy_of(template, tmp_path)
    yield copy
    copy.leave()
