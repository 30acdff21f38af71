"""What all tests share: those that act in a whole office are left to `make test`."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

HERE = Path(__file__).parent
CATALOGUE = HERE.parent / "web/translations/en/LC_MESSAGES/messages.po"
OFFICES = tuple(HERE / name for name in ("web", "api", "camunda", "engine/commands"))
"""Folders whose tests each need an office with its people, procedures and cases."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of pages, programs and commands, of which each takes a tenth of a second."""
    for item in items:
        if any(folder in item.path.parents for folder in OFFICES):
            item.add_marker(pytest.mark.office)


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
