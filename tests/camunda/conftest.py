"""What tests of the interface share: the office, and programs with tokens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from engine.commands.organise import add_person, give_post, open_account
from engine.commands.tokens import create_token
from tests.camunda.programs import Program
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


@pytest.fixture
def designer(town: Town) -> Program:
    """A designer's desktop: deploys, starts, works and reads with 丁某's own token."""
    return program_of(town, "丁某", ("read", "work", "start", "deploy"))


@pytest.fixture
def worker(town: Town) -> Program:
    """A program with the post external_worker and a technical log-in."""
    person = town.give("system", add_person, "同步程序")
    town.people["同步程序"] = person.id
    town.give("system", give_post, person.id, "external_worker", valid_from=date(2020, 1, 1))
    town.give("system", open_account, person.id, "sync")
    return program_of(town, "同步程序", ("read", "work"))


def program_of(town: Town, name: str, scopes: tuple[str, ...]) -> Program:
    """Return a program that acts for a person, within scopes."""
    actor = town.actor(name)
    signed = replace(actor, has_signed=True)
    made = town.office.give(signed, create_token, "test", scopes, expires_on=date(2026, 12, 31))
    return Program(town.app.test_client(), made.secret)
