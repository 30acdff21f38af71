"""The cases that a step of a scenario means by their labels (docs/scenarios.md)."""

from __future__ import annotations

from engine.desk import Desk
from engine.publishing.scenarios.finding import case_named
from tests.engine.commands.conftest import Town


class TestCasesOfAProcedure:
    """A case that the clock opened is meant by its procedure: the newest, or its n-th."""

    def test_the_newest_the_first_and_one_that_is_not_there(self, town: Town) -> None:
        first, second = town.open(), town.open()

        def named(desk: Desk) -> list[str]:
            labels = ("tiny", "tiny[1]", "tiny[2]", "tiny[3]", "case")
            return [case_named(desk, label, "", "tiny") for label in labels]

        assert town.give("system", named) == [second.id, first.id, second.id, "", second.id]
