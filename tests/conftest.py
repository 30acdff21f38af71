"""What all tests share: those that act in a whole office are left to `make test`."""

from __future__ import annotations

from pathlib import Path

import pytest

HERE = Path(__file__).parent
OFFICES = tuple(HERE / name for name in ("web", "api", "camunda", "engine/commands"))
"""Folders whose tests each need an office with its people, procedures and cases."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of pages, programs and commands, of which each takes a tenth of a second."""
    for item in items:
        if any(folder in item.path.parents for folder in OFFICES):
            item.add_marker(pytest.mark.office)
