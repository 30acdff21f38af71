"""What tests of the pages share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from tests.office import Template, Town, build_template, copy_of

CATALOGUE = Path(__file__).parents[2] / "web/translations/en/LC_MESSAGES/messages.po"


@pytest.fixture(scope="session", autouse=True)
def english() -> None:
    """Pages speak English in a fresh clone, too, before anybody has built the front end."""
    compiled = CATALOGUE.with_suffix(".mo")
    if compiled.exists() and compiled.stat().st_mtime >= CATALOGUE.stat().st_mtime:
        return
    made = compiled.with_suffix(f".{os.getpid()}")  # two workers may compile at once
    with CATALOGUE.open("rb") as text, made.open("wb") as file:
        write_mo(file, read_po(text, locale="en"))
    made.replace(compiled)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """The office of P01, built once."""
    return build_template(tmp_path_factory.mktemp("office"))


@pytest.fixture
def town(template: Template, tmp_path: Path) -> Iterator[Town]:
    """The office on Monday 2 March 2026, 9 o'clock."""
    copy = copy_of(template, tmp_path)
    yield copy
    copy.office.database.close()
