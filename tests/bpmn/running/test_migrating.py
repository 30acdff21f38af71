"""办件迁移到另一版本：要么整体成立，要么整体拒绝并列出每条理由（issue 4）。"""

from collections.abc import Mapping

import pytest

from bpmn.running import Migration, Step, World, compile_definition, migrate, restore, start
from bpmn.running.definition import Definition
from tests.bpmn.diagrams import (
    ERROR,
    MESSAGE,
    MESSAGE2,
    a_process,
    boundary,
    bpmn,
    chain,
    diagram,
    end,
    flow,
    handler,
    node,
    timer,
    user,
)  # fmt: skip
from tests.bpmn.diagrams import start as begins
from tests.bpmn.running.playing import NOON

_WORLD = World(now=lambda: NOON)


def _run(file: bytes, variables: Mapping[str, object] | None = None) -> tuple[Definition, Step]:
    definition = compile_definition({"old.bpmn": file}, "P")
    return definition, start(definition, _WORLD, variables or {})


def _moved(
    old: bytes, new: bytes, variables: Mapping[str, object] | None = None, **mapping: str
) -> tuple[Definition, Migration]:
    """Begin an instance of `old` and migrate it to `new`."""
    before, step = _run(old, variables)
    after = compile_definition({"new.bpmn": new}, "P")
    return after, migrate(step.state, before, after, mapping, _WORLD)


def _done(definition: Definition, migration: Migration) -> Step:
    """Return the step of a migration that succeeded; it can be restored."""
    assert migration.obstacles == ()
    step = migration.step
    assert step is not None
    assert migration.state == step.state
    restore(definition, step.state, _WORLD)
    return step


def _reasons(migration: Migration) -> list[tuple[str, str]]:
    assert migration.state is None
    return [(each.element, each.en.partition(": ")[2]) for each in migration.obstacles]


class TestAnElement:
    """Every live element has a target: by the mapping, or by its id."""

    OLD = diagram(begins(), user("a"), end(), chain("s", "a", "e"))

    def test_keeps_its_place_where_its_id_is_the_same(self) -> None:
        new = diagram(begins(), user("a", "check"), end(), chain("s", "a", "check", "e"))
        definition, migration = _moved(self.OLD, new, {"x": 1})

        step = _done(definition, migration)

        after = restore(definition, step.state, _WORLD).complete(step.opened[0].id, {})
        assert [item.element for item in after.opened] == ["check"]
        assert after.variables == {"x": 1}

    def test_goes_to_the_one_that_the_mapping_names(self) -> None:
        new = diagram(begins(), user("b"), end(), chain("s", "b", "e"))

        step = _done(*_moved(self.OLD, new, a="b"))

        assert [item.element for item in step.opened] == ["b"]

    def test_keeps_the_id_of_its_item_which_is_described_anew(self) -> None:
        before, old_step = _run(self.OLD)
        task = node("userTask", "a", camunda_candidateGroups="board")
        after = compile_definition({"n.bpmn": diagram(begins(), task, chain("s", "a"))}, "P")

        step = migrate(old_step.state, before, after, {}, _WORLD).step

        assert step is not None
        assert [(i.id, i.candidate_groups) for i in step.opened] == [
            (old_step.opened[0].id, ("board",))
        ]

    def test_without_a_target_is_told_with_all_others(self) -> None:
        old = diagram(
            begins(), node("parallelGateway", "f"), user("a", "b", "c"),
            chain("s", "f", "a"), chain("f", "b"), chain("f", "c"),
        )  # fmt: skip
        new = diagram(begins(), user("c"), chain("s", "c"))

        assert [element for element, _ in _reasons(_moved(old, new)[1])] == ["a", "b"]

    def test_of_another_type_is_no_target(self) -> None:
        new = diagram(begins(), node("manualTask", "a"), chain("s", "a"))

        assert _reasons(_moved(self.OLD, new)[1]) == [
            ("a", "'a' of the new version is of another type.")
        ]

    def test_whose_new_boundary_event_cannot_wait_is_told(self) -> None:
        late = boundary("late", "a", timer("=when", "timeDate"))
        new = diagram(begins(), user("a"), late, chain("s", "a"))

        assert [element for element, _ in _reasons(_moved(self.OLD, new)[1])] == ["late"]

    def test_of_another_process_is_refused(self) -> None:
        before, step = _run(self.OLD)
        other = diagram(begins(), user("a"), chain("s", "a"), process="Q")
        after = compile_definition({"q.bpmn": other}, "Q")

        assert "'Q'" in migrate(step.state, before, after, {}, _WORLD).obstacles[0].en


class TestWhatIsInside:
    """Sub-processes, calls and loops go over with all that runs in them."""

    def test_of_a_sub_process_stands_in_its_target(self) -> None:
        drawn = node("subProcess", "sub", begins("i") + user("a") + chain("i", "a"))
        old = diagram(begins(), drawn, chain("s", "sub"))
        inner = begins("i") + user("b", "c") + chain("i", "b", "c")
        new = diagram(begins(), node("subProcess", "part", inner), chain("s", "part"))

        definition, migration = _moved(old, new, sub="part", a="b")
        step = _done(definition, migration)

        after = restore(definition, step.state, _WORLD).complete(step.opened[0].id, {})
        assert [item.element for item in after.opened] == ["c"]

    def test_without_its_sub_process_has_no_target(self) -> None:
        drawn = node("subProcess", "sub", begins("i") + user("a") + chain("i", "a"))
        old = diagram(begins(), drawn, chain("s", "sub"))
        new = diagram(begins(), user("a"), chain("s", "a"))

        assert [element for element, _ in _reasons(_moved(old, new)[1])] == ["sub"]

    def test_of_a_call_stands_in_the_process_that_is_called_now(self) -> None:
        def calls(called: str) -> bytes:
            return bpmn(
                a_process(begins(), node("callActivity", "call", calledElement=called),
                          chain("s", "call")),
                a_process(begins("cs"), user("c"), chain("cs", "c"), process=called),
            )  # fmt: skip

        step = _done(*_moved(calls("Q"), calls("R"), call="call"))

        assert [(item.process, item.callers) for item in step.opened] == [("R", ("call",))]

    @pytest.mark.parametrize("sequential", ["true", "false"])
    def test_of_many_goes_on_with_each(self, sequential: str) -> None:
        loop = (
            f'<multiInstanceLoopCharacteristics isSequential="{sequential}" '
            'camunda:collection="members" camunda:elementVariable="m"/>'
        )
        old = diagram(begins(), node("userTask", "v", loop), end(), chain("s", "v", "e"))
        new = diagram(begins(), node("userTask", "vote", loop), user("z"), end(),
                      chain("s", "vote", "z", "e"))  # fmt: skip
        definition, migration = _moved(old, new, {"members": [1, 2, 3]}, v="vote")
        step = _done(definition, migration)
        while (step.opened and step.opened[0].element == "vote") or len(step.variables) == 1:
            item = restore(definition, step.state, _WORLD).items[0]
            step = restore(definition, step.state, _WORLD).complete(item.id, {"ok": True})

        assert [item.element for item in step.opened] == ["z"]
        assert step.variables["vote_results"] == [{"ok": True}] * 3

    def test_of_many_at_once_does_not_become_one_after_another(self) -> None:
        loop = '<multiInstanceLoopCharacteristics isSequential="{}" camunda:collection="members"/>'
        old, new = (
            diagram(begins(), node("userTask", "v", loop.format(order)), chain("s", "v"))
            for order in ("false", "true")
        )

        assert _reasons(_moved(old, new, {"members": [1]})[1])[0][0] == "v"


class TestWaits:
    """What waited and still stands there waits on; what is new begins to; what is gone stops."""

    def test_of_boundary_events_follow_the_new_version(self) -> None:
        task = user("a", "b")
        old = diagram(begins(), task, boundary("kept", "a", MESSAGE),
                      boundary("gone", "a", timer("P1D")), chain("s", "a"), chain("kept", "b"),
                      chain("gone", "b"))  # fmt: skip
        new = diagram(begins(), task, boundary("kept", "a", MESSAGE2),
                      boundary("more", "a", timer("P2D")), chain("s", "a"), chain("kept", "b"),
                      chain("more", "b"))  # fmt: skip
        before, old_step = _run(old)
        after = compile_definition({"n.bpmn": new}, "P")

        step = _done(after, migrate(old_step.state, before, after, {}, _WORLD))

        assert step.disarmed == (old_step.armed[0].id,)
        assert [t.element for t in step.armed] == ["more"]
        assert [w.name for w in step.awaited] == ["msg2"]
        fired = restore(after, step.state, _WORLD).fire(step.armed[0].id)
        assert [item.element for item in fired.opened] == ["b"]

    def test_of_a_timer_that_is_kept_keep_its_instant(self) -> None:
        old, new = (
            diagram(begins(), node("intermediateCatchEvent", key, timer("P1D")), user("u"),
                    chain("s", key, "u"))
            for key in ("t", "wait")
        )  # fmt: skip
        before, old_step = _run(old)
        after = compile_definition({"n.bpmn": new}, "P")

        step = _done(after, migrate(old_step.state, before, after, {"t": "wait"}, _WORLD))

        assert (step.armed, step.disarmed) == ((), ())
        fired = restore(after, step.state, _WORLD).fire(old_step.armed[0].id)
        assert [item.element for item in fired.opened] == ["u"]

    def test_of_an_event_of_another_kind_are_refused(self) -> None:
        old, new = (
            diagram(begins(), node("intermediateCatchEvent", "c", what), chain("s", "c"))
            for what in (MESSAGE, timer("P1D"))
        )

        assert _reasons(_moved(old, new)[1]) == [
            ("c", "The new version waits for another kind of event here.")
        ]

    def test_of_event_sub_processes_follow_the_new_version(self) -> None:
        base = begins() + user("a") + chain("s", "a")
        old = diagram(base, handler("h", MESSAGE, user("u"), chain("h_s", "u")))
        new = diagram(base, handler("k", MESSAGE2, user("w"), chain("k_s", "w")))

        definition, migration = _moved(old, new)
        step = _done(definition, migration)

        assert [w.name for w in step.awaited] == ["msg2"]
        after = restore(definition, step.state, _WORLD).deliver("msg2")
        assert [item.element for item in after.opened] == ["w"]

    def test_of_an_event_gateway_follow_the_new_version(self) -> None:
        def waits(*events: str) -> bytes:
            drawn = [
                node("intermediateCatchEvent", key, {"m": MESSAGE, "n": MESSAGE2}.get(key)
                     or timer("P1D"))
                for key in events
            ]  # fmt: skip
            flows = [flow("g", key) + flow(key, "u") for key in events]
            return diagram(begins(), node("eventBasedGateway", "g"), *drawn, user("u"),
                           chain("s", "g"), *flows)  # fmt: skip

        step = _done(*_moved(waits("m", "t"), waits("m", "n")))

        assert [w.name for w in step.awaited] == ["msg", "msg2"]
        assert len(step.disarmed) == 1


class TestJoins:
    """A token that waits at a join goes over with the flow by which it came."""

    def _file(self, last: str = "b") -> bytes:
        return diagram(
            begins(), node("parallelGateway", "f"), user("a", last), node("parallelGateway", "j"),
            end(), chain("s", "f", "a", "j", "e"), chain("f", last, "j"),
        )  # fmt: skip

    def _half(self) -> tuple[Definition, bytes]:
        """Return an instance in which `b` has come to the join and `a` has not."""
        before, step = _run(self._file())
        half = restore(before, step.state, _WORLD).complete(step.opened[1].id, {})
        return before, half.state

    def test_which_the_mapping_may_rename(self) -> None:
        before, state = self._half()
        after = compile_definition({"n.bpmn": self._file("c")}, "P")

        migration = migrate(state, before, after, {"b__j": "c__j"}, _WORLD)

        step = _done(after, migration)
        last = restore(after, step.state, _WORLD).complete(step.opened[0].id, {})
        assert last.ended == ("e",)

    def test_which_the_new_gateway_must_have(self) -> None:
        before, state = self._half()
        after = compile_definition({"n.bpmn": self._file("c")}, "P")

        assert ("j", "The token came by the flow 'b__j', which the new gateway lacks.") in _reasons(
            migrate(state, before, after, {}, _WORLD)
        )

    def test_that_would_wait_for_ever_are_refused(self) -> None:
        old = diagram(begins(), user("a"), chain("s", "a"))
        new = self._file()

        assert "wait for ever" in _reasons(_moved(old, new)[1])[0][1]


class TestWhatIsHeldOrDone:
    """Incidents stay held; what can be undone goes over with the log."""

    def test_an_incident_stays_what_it_is(self) -> None:
        gate = node("exclusiveGateway", "g", default="g__b")
        file = diagram(
            begins("s", MESSAGE), gate, user("a", "b"), chain("s", "g"), flow("g", "b"),
            flow("g", "a", "amount > 1"),
        )  # fmt: skip
        before = compile_definition({"o.bpmn": file}, "P")
        step = start(before, _WORLD, {}, message="msg", keep_incidents=True)
        after = compile_definition({"n.bpmn": file.replace(b"amount > 1", b"amount > 2")
                                    .replace(b"amount &gt; 1", b"amount &gt; 2")}, "P")  # fmt: skip

        moved = _done(after, migrate(step.state, before, after, {}, _WORLD))

        held = restore(after, moved.state, _WORLD).incidents
        assert [i.element for i in held] == ["g__a"]

    def test_what_was_done_is_undone_in_the_new_version(self) -> None:
        undo = node("userTask", "undo", isForCompensation="true")
        comp = boundary("cb", "a", "<compensateEventDefinition/>")
        tie = '<association id="as" sourceRef="cb" targetRef="{}"/>'
        throw = node("endEvent", "x", "<compensateEventDefinition/>")

        def drawn(done: str) -> bytes:
            text = undo + comp + tie.format("undo") + throw + begins() + user("a", "b")
            text += chain("s", "a", "b", "x")
            return diagram(text.replace('"a"', f'"{done}"').replace("a__b", f"{done}__b"))

        before, first = _run(drawn("a"))
        second = restore(before, first.state, _WORLD).complete(first.opened[0].id, {})
        after = compile_definition({"n.bpmn": drawn("done")}, "P")

        moved = _done(after, migrate(second.state, before, after, {"a": "done"}, _WORLD))

        last = restore(after, moved.state, _WORLD).complete(moved.opened[0].id, {})
        assert [item.element for item in last.opened] == ["undo"]

    def test_asking_changes_nothing(self) -> None:
        before, step = _run(diagram(begins(), user("a"), chain("s", "a")))
        after = compile_definition({"n.bpmn": diagram(begins(), end("z", ERROR), chain("s", "z"))},
                                   "P")  # fmt: skip

        assert migrate(step.state, before, after, {}, _WORLD).obstacles

        assert restore(before, step.state, _WORLD).complete(step.opened[0].id, {}).ended == ("a",)
