"""Faults injected into the commands of programs: whole and once, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from engine.commands.correlate import correlate_message
from engine.commands.deploy_diagram import deploy_diagram
from engine.commands.external_tasks import (
    complete_external_task,
    extend_external_lock,
    fail_external_task,
    lock_external_task,
    raise_external_error,
    set_external_retries,
    unlock_external_task,
)
from engine.commands.fetch_external_tasks import Subscription, fetch_external_tasks
from engine.commands.start_trial import start_trial
from engine.errors import NotFound, Refusal
from engine.store.tables import CamundaDefinition, Record
from tests.camunda.programs import Program, service, waiting
from tests.office import Town

pytestmark = pytest.mark.slow

MINUTE = timedelta(minutes=1)
DESIGNER = "丁某"


class Broken(BaseException):
    """The process died here: nothing of ours catches it."""


def _task(designer: Program) -> str:
    designer.start()
    [task] = designer.fetch()
    found: str = task["id"]
    return found


def _fetch(town: Town, designer: Program) -> Callable[[], Any]:
    designer.start()
    wish = [Subscription("sync", MINUTE)]
    return partial(town.give, DESIGNER, fetch_external_tasks, "w1", wish, most=1)


def _lock(town: Town, designer: Program) -> Callable[[], Any]:
    return partial(town.give, DESIGNER, lock_external_task, _task(designer), "w1", MINUTE * 2)


def _extend(town: Town, designer: Program) -> Callable[[], Any]:
    return partial(town.give, DESIGNER, extend_external_lock, _task(designer), "w1", MINUTE * 2)


def _unlock(town: Town, designer: Program) -> Callable[[], Any]:
    return partial(town.give, DESIGNER, unlock_external_task, _task(designer))


def _complete(town: Town, designer: Program) -> Callable[[], Any]:
    return partial(town.give, DESIGNER, complete_external_task, _task(designer), "w1", {"a": 1})


def _fail(town: Town, designer: Program) -> Callable[[], Any]:
    return partial(town.give, DESIGNER, fail_external_task, _task(designer), "w1", message="x")


def _error(town: Town, designer: Program) -> Callable[[], Any]:
    return partial(
        town.give,
        DESIGNER,
        raise_external_error,
        _task(designer),
        "w1",
        "REFUSED",
        variables={},
    )


def _retries(town: Town, designer: Program) -> Callable[[], Any]:
    return partial(town.give, DESIGNER, set_external_retries, _task(designer), 0)


def _start(town: Town, designer: Program) -> Callable[[], Any]:
    designer.deploy(service())
    made = town.one(sa.select(CamundaDefinition))
    return partial(town.give, DESIGNER, start_trial, made.version_id, {"a": 1})


def _correlate(town: Town, designer: Program) -> Callable[[], Any]:
    case = designer.start(waiting())
    return partial(town.give, DESIGNER, correlate_message, case, "receipt", {"a": 1})


def _deploy(town: Town, designer: Program) -> Callable[[], Any]:
    files = {"sync.bpmn": service()}
    return partial(town.give, DESIGNER, deploy_diagram, "sync", files, [], only_changed=True)


CASES: dict[str, tuple[Callable[[Town, Program], Callable[[], Any]], str]] = {
    "fetch_external_tasks": (_fetch, "same"),
    "lock_external_task": (_lock, "same"),
    "extend_external_lock": (_extend, "same"),
    "unlock_external_task": (_unlock, "same"),
    "complete_external_task": (_complete, "refused"),
    "fail_external_task": (_fail, "more"),
    "raise_external_error": (_error, "refused"),
    "set_external_retries": (_retries, "same"),
    "start_trial": (_start, "more"),
    "correlate_message": (_correlate, "refused"),
    "deploy_diagram": (_deploy, "same"),
}


@contextmanager
def broken(town: Town, moment: str, command: str) -> Iterator[None]:
    """Let the process die at a moment of a command."""

    wanted = (moment, command)

    def die(moment: str, command: str) -> None:
        if (moment, command) == wanted:
            raise Broken

    town.office.hook = die
    try:
        yield
    finally:
        town.office.hook = None


def everything(town: Town) -> dict[str, list[Any]]:
    """Return every row of every table."""
    with town.office.database.reading() as session:
        return {
            name: sorted(map(repr, session.execute(sa.select(table))))
            for name, table in Record.metadata.tables.items()
        }


@pytest.mark.parametrize("name", CASES)
class TestEveryCommand:
    """Before the commit nothing; after it, given again, nothing more than its own meaning."""

    def test_broken_before_the_commit_it_leaves_nothing(
        self, town: Town, designer: Program, name: str
    ) -> None:
        given = CASES[name][0](town, designer)
        before = everything(town)
        with broken(town, "before_commit", name), pytest.raises(Broken):
            given()
        assert everything(town) == before
        given()
        assert everything(town) != before

    def test_broken_after_the_commit_it_does_not_happen_twice(
        self, town: Town, designer: Program, name: str
    ) -> None:
        prepare, again = CASES[name]
        given = prepare(town, designer)
        before = everything(town)
        with broken(town, "after_commit", name), pytest.raises(Broken):
            given()
        after = everything(town)
        assert after != before
        if again == "refused":
            with pytest.raises((NotFound, Refusal)):
                given()
            return
        given()
        assert (everything(town) == after) is (again == "same")
