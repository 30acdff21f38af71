"""States that a release wrote load in every later one.

`states/format-1.bpmn` is the diagram, `states/format-1.state` a state of it, written on
2026-11-22 by the first release. Neither is ever written again; a later format adds files.
"""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from bpmn.running import World, compile_definition, restore
from tests.bpmn.running.playing import NOON

STATES = Path(__file__).parent / "states"


class TestFormat1:
    """A case in the midst of everything: branches, a call, a loop, timers, messages."""

    @pytest.fixture
    def world(self) -> World:
        return World(now=lambda: NOON)

    def test_stands_where_it_stood_and_goes_to_its_end(self, world: World) -> None:
        diagram = (STATES / "format-1.bpmn").read_bytes()
        state = bytes.fromhex((STATES / "format-1.state").read_text())
        definition = compile_definition({"format-1.bpmn": diagram}, "P")
        instance = restore(definition, state, world)

        assert [(i.element, i.callers, i.loop) for i in instance.items] == [
            ("a", (), None),
            ("vote", (), (2, 3)),
            ("vote", (), (3, 3)),
            ("cu", ("call",), None),
            ("h", (), None),
        ]
        assert [a.name for a in instance.awaited] == ["msg", "msg2"]
        assert instance.variables["day"] == date(2026, 4, 8)
        assert instance.variables["sum"] == Decimal("1.50")
        assert instance.visible(instance.items[1].id)["member"] == "乙"

        step = instance.complete(instance.items[0].id, {})
        while not step.ended:
            instance = restore(definition, step.state, world)
            if instance.items:
                step = instance.complete(instance.items[0].id, {"vote": "同意"})
            else:
                step = instance.deliver("msg2")

        assert step.ended == ("e",)
        assert step.variables["vote_results"] == [
            {"vote": "反对"},
            {"vote": "同意"},
            {"vote": "同意"},
        ]
        assert ("undo", "completed") in [(t.element, str(t.event)) for t in step.trace]


class TestFormat1Held:
    """Three vote, two of them asleep in the state; an incident is held; a data store is kept."""

    def test_stands_where_it_stood_and_goes_on_after_a_retry(self) -> None:
        world = World(now=lambda: NOON)
        diagram = (STATES / "format-1-held.bpmn").read_bytes()
        state = bytes.fromhex((STATES / "format-1-held.state").read_text())
        definition = compile_definition({"format-1-held.bpmn": diagram}, "P")
        instance = restore(definition, state, world)

        assert [(i.element, i.assignee) for i in instance.items] == [("vote", "甲"), ("vote", "丙")]
        (held,) = instance.incidents
        assert (held.element, held.at, held.retries) == ("g__a", NOON, 3)
        assert instance.variables["register"] == ["K-1"]

        instance.set_variables({"amount": 2})
        assert [i.element for i in instance.retry(held.id).opened] == ["a"]
        step = instance.complete(instance.items[0].id, {"ok": False})
        while not step.ended:
            instance = restore(definition, step.state, world)
            step = instance.complete(instance.items[0].id, {"ok": True})

        assert step.variables["vote_results"] == [{"ok": False}, {"ok": True}, {"ok": True}]
