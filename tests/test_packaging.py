"""The four top-level names are ours: no other distribution brings a package of the name."""

from __future__ import annotations

from importlib.metadata import packages_distributions

import pytest


@pytest.mark.parametrize("name", ["bpmn", "engine", "scheduler", "web"])
def test_the_package_comes_from_our_distribution_only(name: str) -> None:
    assert set(packages_distributions().get(name, [])) <= {"wenze"}


def test_our_distribution_is_installed_with_its_command() -> None:
    from importlib.metadata import entry_points  # noqa: PLC0415 -- the one test that asks

    (command,) = entry_points(group="console_scripts", name="wenze")
    assert command.value == "web.cli:main"
