"""工作流控制流模式 WCP 1–20，每个模式一张图。

Each pattern of Russell, ter Hofstede, van der Aalst, Mulyar: *Workflow Control-Flow Patterns: A
Revised View* (2006) as a diagram of our own. What each expects is worked by hand from its
definition. `docs/bpmn.md` says where BPMN itself falls short of one.
"""

from collections.abc import Mapping
from pathlib import Path

import pytest

from bpmn.findings import Severity
from bpmn.lint import lint
from bpmn.reading import read_diagram
from tests.bpmn.running.playing import Play

HERE = Path(__file__).parent

# By pattern: what it begins with, what comes from outside, and the nodes entered, in order.
# `a` completes the work at a, `a x=…` with a result; `!msg` delivers a message, `@t` fires a timer.
Case = tuple[Mapping[str, object], str, str]
CASES: list[tuple[str, Case]] = [
    ("wcp01", ({}, "a b", "s a b e")),
    ("wcp02", ({}, "a b c", "s a split b c e1 e2")),
    ("wcp03", ({}, "a b c", "s split a b join join c e")),
    ("wcp03", ({}, "b a c", "s split a b join join c e")),
    ("wcp04", ({"grave": True}, "a b", "s a which b e1")),
    ("wcp04", ({"grave": False}, "a c", "s a which c e2")),
    ("wcp05", ({"grave": True}, "a c", "s which a merge c e")),
    ("wcp05", ({"grave": False}, "b c", "s which b merge c e")),
    ("wcp06", ({"reporter": True, "witness": True}, "a b", "s which a b e1 e2")),
    ("wcp06", ({"reporter": False, "witness": True}, "b", "s which b e2")),
    ("wcp06", ({"reporter": False, "witness": False}, "c", "s which c e3")),
    ("wcp07", ({"reporter": True, "witness": True}, "b a d", "s which a b join join d e")),
    ("wcp07", ({"reporter": True, "witness": False}, "a d", "s which a join d e")),
    ("wcp07", ({"reporter": False, "witness": False}, "c d", "s which c join d e")),
    ("wcp08", ({}, "a c b c", "s split a b merge c e merge c e")),
    ("wcp09", ({}, "b c a", "s split a b first c e first")),
    ("wcp10", ({"anew": False, "again": False}, "a b c", "s a b one c two e")),
    (
        "wcp10",
        (
            {"anew": True, "again": True},
            "a b a b:anew=False c b c:again=False",
            "s a b one a b one c two b one c two e",
        ),
    ),
    ("wcp11", ({}, "a b", "s split a b")),
    ("wcp11", ({}, "b a", "s split a b")),
    (
        "wcp12",
        (
            {},
            "a b a a",
            (
                "s each each s1 more spawn e1 a each s1 more spawn e1 a each s1 more spawn e1 a b "
                "e2 e e2 e2"
            ),
        ),
    ),
    ("wcp13", ({}, "a a a b", "s a a a a b e")),
    ("wcp14", ({"members": ["甲", "乙"]}, "a a b", "s a a a b e")),
    ("wcp14", ({"members": []}, "b", "s a b e")),
    ("wcp16", ({}, "!reported a", "s which m a e1")),
    ("wcp16", ({}, "@t b", "s which t b e2")),
    ("wcp17", ({}, "a c b d", "s all a b c b d e")),
    ("wcp18", ({}, "!reported b a c", "s a asked b e1 c e")),
    ("wcp18", ({}, "a c", "s a c e")),
    ("wcp19", ({}, "!withdrawn b", "s a off b e1")),
    ("wcp19", ({}, "a c", "s a c e")),
    ("wcp20", ({}, "c", "s split a inside s1 c b stop")),
    ("wcp20", ({}, "a c", "s split a inside s1 c b join stop")),
]
FILES = {path.name[:5]: path for path in sorted(HERE.glob("*.bpmn"))}


def played(pattern: str, given: Mapping[str, object]) -> Play:
    return Play(FILES[pattern].read_bytes(), process=pattern, variables=given)


def do(play: Play, word: str) -> None:
    """Let one word of a case happen."""
    if word.startswith("!"):
        play.send(word[1:])
    elif word.startswith("@"):
        play.fire(word[1:])
    else:
        element, _, result = word.partition(":")
        name, _, value = result.partition("=")
        play.do(element, **({name: value == "True"} if name else {}))


def entered(play: Play) -> list[str]:
    """Return the nodes where tokens came, in order; a loop counts as a whole and by instance."""
    return [element for element, event in play.trace if event == "entered"]


class TestPatterns:
    """Each pattern behaves as it is defined, in each of its ways; reloaded at every step."""

    def test_there_is_a_diagram_for_each_of_the_twenty(self) -> None:
        assert list(FILES) == [f"wcp{number:02}" for number in range(1, 21)]
        assert {pattern for pattern, _ in CASES} == set(FILES) - {"wcp15"}

    @pytest.mark.parametrize("pattern", FILES)
    def test_lint_finds_no_error_in_it(self, pattern: str) -> None:
        found = lint(read_diagram(FILES[pattern].read_bytes(), name=pattern))

        assert [f for f in found if f.severity is Severity.ERROR] == []

    @pytest.mark.parametrize(("pattern", "case"), CASES)
    def test_it_goes_as_it_is_defined(self, pattern: str, case: Case) -> None:
        given, steps, expected = case
        play = played(pattern, given)
        for word in steps.split():
            assert not play.over
            do(play, word)

        assert entered(play) == expected.split()
        assert play.over


class TestWhatIsExcluded:
    """What a pattern forbids does not happen."""

    def test_wcp03_does_not_go_on_with_one_branch(self) -> None:
        play = played("wcp03", {})
        play.do("a")

        assert play.waiting == ["b"]

    def test_wcp09_takes_in_the_second_branch_without_going_on_again(self) -> None:
        play = played("wcp09", {})
        play.do("a")
        play.do("b")

        assert play.waiting == ["c"]

    def test_wcp12_goes_on_while_instances_are_under_way(self) -> None:
        play = played("wcp12", {})

        assert sorted(play.waiting) == ["a", "a", "a", "b"]

    def test_wcp13_and_14_go_on_with_the_last_instance_only(self) -> None:
        play = played("wcp14", {"members": ["甲", "乙", "丙"]})
        play.do("a")
        play.do("a")

        assert play.waiting == ["a"]

    def test_wcp15_takes_instances_while_it_runs(self) -> None:
        play = played("wcp15", {})
        play.add("a", "乙")
        play.do("a")
        play.add("a", "丙")
        play.do("a")
        assert play.waiting == ["a"]

        play.do("a")
        play.do("b")

        assert play.count("a", "completed") == 1 + 3  # the activity, and its instances
        assert play.over

    def test_wcp16_withdraws_the_other_choice(self) -> None:
        play = played("wcp16", {})
        play.send("reported")

        assert play.timers == {}
        assert play.waiting == ["a"]

    def test_wcp17_offers_one_after_another_in_the_order_that_is_drawn(self) -> None:
        play = played("wcp17", {})
        assert play.waiting == ["a", "b"]  # whoever works chooses

        play.do("a")

        assert play.waiting == ["c"]

    def test_wcp18_is_closed_once_the_milestone_is_passed(self) -> None:
        play = played("wcp18", {})
        play.do("a")

        assert not play.instance.accepts("reported")

    def test_wcp19_withdraws_the_work(self) -> None:
        play = played("wcp19", {})
        play.send("withdrawn")

        assert ("a", "cancelled") in play.trace

    def test_wcp20_withdraws_all_that_runs_in_every_scope(self) -> None:
        play = played("wcp20", {})
        play.do("c")

        assert {e for e, event in play.trace if event == "cancelled"} == {"a", "b", "inside"}
