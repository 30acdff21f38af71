"""令牌走一遍：不会卡死，不会空转，不会重复。"""

import pytest

from bpmn.lint import lint
from bpmn.lint.soundness import play
from bpmn.reading import Diagram
from tests.bpmn.lint.drawing import END, START, drawn, flows


def gateway(kind: str, *ids: str) -> str:
    return "".join(f'<{kind}Gateway id="{each}"/>' for each in ids)


def tasks(*ids: str) -> str:
    return "".join(f'<manualTask id="{each}"/>' for each in ids)


def outcome(diagram: Diagram, **options: int) -> tuple[set[str], set[str], bool]:
    """Return the nodes at which it stops, the nodes that double, and whether it turns for ever."""
    space = play(diagram.processes["p"], "p", **options)
    return set(space.deadlocks), space.doubled, bool(space.endless)


SOUND: tuple[set[str], set[str], bool] = (set(), set(), False)


class TestBlocks:
    """What is split and joined by the same kind of gateway always ends, once."""

    @pytest.mark.parametrize("kind", ["exclusive", "parallel", "inclusive", "complex"])
    def test_a_split_and_a_join_of_one_kind_are_sound(self, kind: str) -> None:
        body = flows("s>split>a>join>e", "split>b>join", "split>c>join")
        found = drawn(START, gateway(kind, "split", "join"), tasks("a", "b", "c"), END, body)

        assert outcome(found) == SOUND

    @pytest.mark.parametrize("split", ["exclusive", "inclusive", "eventBased"])
    def test_a_choice_that_a_parallel_join_waits_for_stops(self, split: str) -> None:
        parts = (gateway(split, "split"), gateway("parallel", "join"), tasks("a", "b"))
        found = drawn(START, *parts, END, flows("s>split>a>join>e", "split>b>join"))

        assert outcome(found) == ({"join"}, set(), False)

    def test_the_flows_that_stay_empty_are_named(self) -> None:
        parts = (gateway("exclusive", "split"), gateway("parallel", "join"), tasks("a", "b"))
        found = drawn(START, *parts, END, flows("s>split>a>join>e", "split>b>join"))

        (deadlock,) = [f for f in lint(found) if f.rule == "deadlock"]
        assert "a_join" in deadlock.en or "b_join" in deadlock.en

    @pytest.mark.parametrize("split", ["parallel", "inclusive"])
    def test_branches_that_an_exclusive_join_lets_through_double(self, split: str) -> None:
        parts = (gateway(split, "split"), gateway("exclusive", "join"), tasks("a", "b", "c"))
        found = drawn(START, *parts, END, flows("s>split>a>join>c>e", "split>b>join"))

        assert outcome(found) == (set(), {"join"}, False)

    def test_branches_that_end_each_on_its_own_are_sound(self) -> None:
        found = drawn(
            START, gateway("parallel", "split"), tasks("a", "b"), END,
            flows("s>split>a>e", "split>b>e"),
        )  # fmt: skip

        assert outcome(found) == SOUND

    def test_an_inclusive_join_takes_what_a_parallel_split_sends(self) -> None:
        parts = (gateway("parallel", "split"), gateway("inclusive", "join"), tasks("a", "b", "c"))
        found = drawn(START, *parts, END, flows("s>split>a>join>c>e", "split>b>join"))

        assert outcome(found) == SOUND

    def test_an_inclusive_join_waits_for_a_branch_behind_a_choice(self) -> None:
        parts = (
            gateway("parallel", "split"),
            gateway("exclusive", "maybe"),
            gateway("inclusive", "join"),
            tasks("a", "b", "c"),
            '<endEvent id="other"/>',
        )
        body = flows("s>split>a>join>c>e", "split>maybe>b>join", "maybe>other")

        assert outcome(drawn(START, *parts, END, body)) == SOUND

    def test_an_inclusive_split_of_many_flows_is_looked_at_by_ones_twos_and_all(self) -> None:
        branches = [f"t{n}" for n in range(8)]
        body = flows("s>split", *(f"split>{t}>join" for t in branches), "join>e")
        found = drawn(START, gateway("inclusive", "split", "join"), tasks(*branches), END, body)

        assert outcome(found) == SOUND


class TestLoops:
    """A loop with a way out ends; one without turns for ever."""

    def test_a_loop_with_a_way_out_is_sound(self) -> None:
        found = drawn(
            START, gateway("exclusive", "again", "enough"), tasks("a"), END,
            flows("s>again>a>enough>e", "enough>again"),
        )  # fmt: skip

        assert outcome(found) == SOUND

    def test_a_loop_without_a_way_out_turns_for_ever(self) -> None:
        found = drawn(
            START, gateway("exclusive", "again"), tasks("a", "b"), END,
            flows("s>again>a>b>again"),
        )  # fmt: skip

        assert outcome(found) == (set(), set(), True)

    def test_a_loop_that_splits_at_each_turn_doubles(self) -> None:
        found = drawn(
            START, gateway("exclusive", "again"), gateway("parallel", "split"), tasks("a"), END,
            flows("s>again>a>split>again", "split>e"),
        )  # fmt: skip

        assert outcome(found) == (set(), set(), True)

    def test_a_parallel_join_within_a_loop_stops_at_the_first_turn(self) -> None:
        found = drawn(
            START, gateway("parallel", "join"), gateway("exclusive", "enough"), END,
            flows("s>join>enough>e", "enough>join"),
        )  # fmt: skip

        assert outcome(found) == ({"join"}, set(), False)

    def test_a_loop_beside_a_branch_that_terminates_does_not_turn_for_ever(self) -> None:
        found = drawn(
            START, gateway("parallel", "split"), gateway("exclusive", "again"), tasks("a", "b"),
            '<endEvent id="stop"><terminateEventDefinition/></endEvent>',
            flows("s>split>again>a>again", "split>b>stop"),
        )  # fmt: skip

        assert outcome(found) == SOUND


class TestActivities:
    """Flows out of an activity split as BPMN says; boundary events lead aside."""

    CONDITION = "<conditionExpression>x</conditionExpression>"

    def test_several_flows_out_of_a_task_go_side_by_side(self) -> None:
        found = drawn(
            START, tasks("a", "b", "c"), gateway("parallel", "join"), END,
            flows("s>a>b>join>e", "a>c>join"),
        )  # fmt: skip

        assert outcome(found) == SOUND

    def test_conditional_flows_out_of_a_task_may_be_taken_or_not(self) -> None:
        conditional = (
            f'<sequenceFlow id="x" sourceRef="a" targetRef="c">{self.CONDITION}</sequenceFlow>'
        )
        parts = (tasks("a", "b", "c"), gateway("parallel", "join"), conditional)
        found = drawn(START, *parts, END, flows("s>a>b>join>e", "c>join"))

        assert outcome(found) == ({"join"}, set(), False)

    def test_a_default_flow_out_of_a_task_goes_alone(self) -> None:
        conditional = (
            f'<sequenceFlow id="x" sourceRef="a" targetRef="c">{self.CONDITION}</sequenceFlow>'
        )
        parts = ('<manualTask id="a" default="a_b"/>', tasks("b", "c"), conditional)
        found = drawn(
            START, *parts, gateway("exclusive", "join"), END, flows("s>a>b>join>e", "c>join")
        )

        assert outcome(found) == SOUND

    def test_an_interrupting_boundary_event_leads_aside_instead(self) -> None:
        late = '<boundaryEvent id="late" attachedToRef="a"/>'
        found = drawn(
            START, tasks("a", "b"), late, gateway("parallel", "join"), END,
            flows("s>a>join>e", "late>b>join"),
        )  # fmt: skip

        assert outcome(found) == ({"join"}, set(), False)

    def test_a_non_interrupting_boundary_event_leads_aside_as_well(self) -> None:
        late = '<boundaryEvent id="late" attachedToRef="a" cancelActivity="false"/>'
        found = drawn(
            START, tasks("a", "b", "c"), late, gateway("exclusive", "join"), END,
            flows("s>a>join>c>e", "late>b>join"),
        )  # fmt: skip

        assert outcome(found) == (set(), {"join"}, False)

    def test_a_compensation_event_takes_no_token_away(self) -> None:
        undone = (
            '<boundaryEvent id="c" attachedToRef="a"><compensateEventDefinition/></boundaryEvent>'
            '<subProcess id="undo" isForCompensation="true"><startEvent id="s2"/>'
            f'<manualTask id="u"/><endEvent id="e2"/>{flows("s2>u>e2")}</subProcess>'
        )
        joined = '<association id="x" sourceRef="c" targetRef="undo"/>'
        parts = (gateway("parallel", "split", "join"), tasks("a", "b"), undone)
        found = drawn(START, *parts, END, flows("s>split>a>join>e", "split>b>join"), joined)

        assert outcome(found) == SOUND
        assert lint(found) == []

    def test_links_join_what_is_drawn_apart(self) -> None:
        links = [
            f'<intermediate{kind}Event id="{each}"><linkEventDefinition name="L"/>'
            f"</intermediate{kind}Event>"
            for kind, each in (("Throw", "to"), ("Catch", "of"))
        ]
        found = drawn(START, *links, tasks("a"), END, flows("s>to", "of>a>e"))

        assert outcome(found) == SOUND
        assert lint(found) == []


class TestScopes:
    """Each scope is played on its own; what begins without a start event begins all at once."""

    def test_a_deadlock_in_a_sub_process_is_told_where_it_is(self) -> None:
        inside = (
            '<startEvent id="s2"/>', gateway("exclusive", "split"), gateway("parallel", "join"),
            tasks("a", "b"), '<endEvent id="e2"/>', flows("s2>split>a>join>e2", "split>b>join"),
        )  # fmt: skip
        found = drawn(START, '<subProcess id="x">', *inside, "</subProcess>", END, flows("s>x>e"))

        assert ("deadlock", "join") in [(f.rule, f.element) for f in lint(found)]

    def test_each_start_event_begins_alone(self) -> None:
        found = drawn(
            START, '<startEvent id="s2"/>', gateway("parallel", "join"), END,
            flows("s>join>e", "s2>join"),
        )  # fmt: skip

        assert outcome(found) == ({"join"}, set(), False)

    def test_implicit_starts_begin_together(self) -> None:
        found = drawn(
            tasks("a", "b"), gateway("parallel", "join"), END, flows("a>join>e", "b>join")
        )

        assert outcome(found) == SOUND

    def test_an_end_event_that_throws_an_error_ends_all_that_runs_in_its_scope(self) -> None:
        found = drawn(
            START, gateway("parallel", "split", "join"), gateway("exclusive", "which"), tasks("a"),
            '<endEvent id="wrong"><errorEventDefinition/></endEvent>', END,
            flows("s>split>a>join>e", "split>which>join", "which>wrong"),
        )  # fmt: skip

        assert outcome(found) == SOUND


class TestTheBound:
    """Past the bound it is said that not everything was seen; a deadlock is still found."""

    BRANCHES = 9

    def wide(self, join: str, *, steps: int = 3) -> Diagram:
        names = [[f"t{b}_{n}" for n in range(steps)] for b in range(self.BRANCHES)]
        late = "".join(
            f'<boundaryEvent id="{t}_late" attachedToRef="{t}"/>'
            for branch in names
            for t in branch
        )
        ends = "".join(f'<endEvent id="{t}_end"/>' for branch in names for t in branch)
        paths = [f"split>{'>'.join(branch)}>join" for branch in names]
        lates = [f"{t}_late>{t}_end" for branch in names for t in branch]
        every = [t for branch in names for t in branch]
        return drawn(
            START, gateway("parallel", "split"), gateway(join, "join"), tasks(*every), late, ends,
            END, flows("s>split", *paths, *lates, "join>e"),
        )  # fmt: skip

    def test_a_deadlock_is_found_in_one_order_too(self) -> None:
        found = self.wide("parallel")
        space = play(found.processes["p"], "p", limit=500)

        assert not space.is_whole
        assert "join" in space.deadlocks
        assert space.states <= 2 * 501

    def test_very_many_branches_at_once_are_given_up_soon(self) -> None:
        branches = [f"t{n}" for n in range(400)]
        late = "".join(f'<boundaryEvent id="{t}_l" attachedToRef="{t}"/>' for t in branches)
        body = flows("s>split", *(f"split>{t}>join" for t in branches), "join>e")
        lates = flows(*(f"{t}_l>other" for t in branches), "other>e")
        parts = (gateway("parallel", "split"), gateway("inclusive", "join"), tasks(*branches))
        found = drawn(START, *parts, late, gateway("exclusive", "other"), END, body, lates)

        space = play(found.processes["p"], "p", limit=1000)

        assert not space.is_whole
        assert space.states < 1000

    def test_the_bound_and_what_was_seen_are_told(self) -> None:
        told = [f for f in lint(self.wide("inclusive")) if f.rule == "state-space-bound"]

        (finding,) = told
        assert finding.element == "p"
        assert "states were looked at" in finding.en
