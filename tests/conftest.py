"""What all tests share: those that act in a whole office are left to `make test`."""

from __future__ import annotations

import gc
import os
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from engine.commands import passwords

HERE = Path(__file__).parent
CATALOGUE = HERE.parent / "web/translations/en/LC_MESSAGES/messages.po"
OFFICES = tuple(HERE / name for name in ("web", "api", "camunda", "engine/commands"))
"""Folders whose tests each need an office with its people, procedures and cases."""


def pytest_collection_finish() -> None:
    """Leave what is loaded out of the search for garbage: it took an eighth of all tests' time."""
    gc.set_threshold(50_000, 20, 50)
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> Generator[None]:
    """Mark the tests of pages, programs and commands, of which each takes a tenth of a second.

    Where several workers share the tests, each begins with its part of the long ones: else one
    of them was still in its journeys when the others had long been done.
    """
    for item in items:
        if any(folder in item.path.parents for folder in OFFICES):
            item.add_marker(pytest.mark.office)
    yield  # by their marks some are left out, and the rest is put into another order
    workers = getattr(config, "workerinput", {}).get("workercount", 1)
    if workers > 1:
        items[:] = long_first(items, workers)


def long_first(items: list[pytest.Item], workers: int) -> list[pytest.Item]:
    """Return tests so that each worker's run of them begins with long ones, the longest first.

    Args:
        items: As they were collected.
        workers: How many there are; each is first given one run of equal length.
    """
    longest = sorted((one for one in items if _seconds(one)), key=_seconds, reverse=True)
    rest = [one for one in items if not _seconds(one)]
    return [
        one
        for number in range(workers)
        for one in (
            *longest[number::workers],
            *rest[len(rest) * number // workers : len(rest) * (number + 1) // workers],
        )
    ]


def _seconds(item: pytest.Item) -> float:
    """Return how long a test says that it may take, 0 where it is as short as most."""
    mark = item.get_closest_marker("timeout")
    return float(mark.args[0]) if mark is not None and mark.args else 0.0


@pytest.fixture(scope="session", autouse=True)
def real_hasher() -> Iterator[PasswordHasher]:
    """What hashes passwords for an office; for tests it is one that takes the least there is.

    A log-in takes a tenth of a second for real, and tests log in a thousand times.
    """
    kept = passwords._hasher  # noqa: SLF001 -- nobody else has a reason to change it
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", PasswordHasher(1, 8, 1))
        yield kept


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
