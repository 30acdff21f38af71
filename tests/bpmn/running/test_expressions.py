"""Expressions of a diagram: FEEL everywhere, Camunda's `${…}` read into FEEL, doubts told."""

import pytest

from bpmn import DiagramRefused, ExpressionWarned
from bpmn.running.journal import MOST_WARNED
from tests.bpmn.diagrams import chain, condition, diagram, end, extensions, flow, node, start, user
from tests.bpmn.running.playing import Play


def _ways(text: str) -> bytes:
    return diagram(
        start(), node("exclusiveGateway", "g", default="other"), user("a", "b"), chain("s", "g"),
        flow("g", "a", text), flow("g", "b", key="other"),
    )  # fmt: skip


def _reads(text: str) -> bytes:
    """Return a diagram whose task takes a text as a parameter, and shows it as a candidate."""
    given = extensions(
        "<camunda:inputOutput><camunda:inputParameter "
        f'name="found">{text}</camunda:inputParameter></camunda:inputOutput>'
    )
    return diagram(
        start(), node("userTask", "a", given, camunda_candidateGroups="=found"), chain("s", "a")
    )


CASE = {"points": 7, "report": {"harm": "large"}, "urgent": True}


class TestBothLanguages:
    """Bare text, text after `=` and `${…}` mean the same where they say the same."""

    @pytest.mark.parametrize(
        "text",
        [
            "points > 5",
            "= points > 5",
            "${points > 5}",
            'report.harm = "large" and urgent',
            "${report.harm == 'large' && urgent}",
            "${not (points le 5)}",
            "not(points <= 5)",
        ],
    )
    def test_a_condition_holds(self, text: str) -> None:
        assert Play(_ways(text), variables=CASE).waiting == ["a"]

    @pytest.mark.parametrize(
        "text", ["points > 7", "${points gt 7}", "${empty report.harm}", "not(urgent)"]
    )
    def test_a_condition_does_not_hold(self, text: str) -> None:
        assert Play(_ways(text), variables=CASE).waiting == ["b"]

    @pytest.mark.parametrize("text", ["=report.harm", "${report.harm}", "large"])
    def test_a_value_is_read(self, text: str) -> None:
        play = Play(_reads(text), variables=CASE)

        assert play.item("a").candidate_groups == ("large",)

    def test_text_without_either_sign_is_itself(self) -> None:
        play = Play(_reads("report.harm"), variables=CASE)

        assert play.item("a").candidate_groups == ("report.harm",)

    @pytest.mark.parametrize(
        ("text", "column"),
        [("${service.find(case)}", 11), ("=  1 +* 2", 7), ("${a == f(1)}", 8)],
    )
    def test_what_calls_a_method_is_refused_by_its_position(self, text: str, column: int) -> None:
        with pytest.raises(DiagramRefused) as refused:
            Play(_ways(text))

        (finding,) = refused.value.findings
        assert (finding.rule, finding.element) == ("expression", "g__a")
        assert text in finding.en
        assert f"(at character {column})" in finding.en


class TestDoubts:
    """What gives null by a semantic error is told, and the instance goes on (DMN 1.5, 10.3.2.1)."""

    def test_a_condition_that_holds_in_spite_of_it_is_told_with_its_reason(self) -> None:
        play = Play(_ways("points > 5 or missing > 1"), variables={"points": 7})

        assert play.waiting == ["a"]
        assert play.step.warned == ()  # what `or` need not look at cannot fail
        play = Play(_ways("missing > 1 or points > 5"), variables={"points": 7})
        (warned,) = play.step.warned
        assert (warned.process, warned.element) == ("P", "g__a")
        assert warned.text == "missing > 1 or points > 5"
        assert [one.id for one in warned.warnings] == ["unknown-name", "null-operand"]
        assert "missing" in warned.warnings[0].zh

    def test_a_value_that_became_null_is_told(self) -> None:
        play = Play(_reads("=date(when)"), variables={"when": "陈某的生日"})

        (warned,) = play.step.warned
        assert warned.element == "a"
        assert [one.id for one in warned.warnings] == ["unreadable"]

    def test_but_what_stands_in_the_variables_is_not_quoted(self) -> None:
        play = Play(_reads("=date(when)"), variables={"when": "陈某的生日"})

        assert "陈某" not in repr(play.step.warned)

    def test_the_same_is_told_once(self) -> None:
        task = node("userTask", "a", camunda_candidateGroups="=missing")
        play = Play(diagram(start(), task, end(), chain("s", "a", "e")))

        assert len(play.step.warned) == len(set(play.step.warned)) == 1

    def test_each_step_tells_its_own(self) -> None:
        task = node("userTask", "b", camunda_candidateGroups="=missing")
        play = Play(diagram(start(), user("a"), task, end(), chain("s", "a", "b", "e")))

        assert play.step.warned == ()
        assert [one.element for one in play.do("a").warned] == ["b"]
        assert play.do("b").warned == ()

    def test_a_condition_that_waits_for_its_variable_is_no_doubt(self) -> None:
        catch = node("intermediateCatchEvent", "c", condition("x > 2"))
        play = Play(diagram(start(), catch, user("a"), chain("s", "c", "a")))

        assert play.step.warned == ()
        assert play.put(x=3).warned == ()
        assert play.waiting == ["a"]

    def test_there_is_a_bound(self) -> None:
        tasks = [
            node("userTask", f"t{number}", camunda_candidateGroups=f"=missing{number}")
            for number in range(MOST_WARNED + 5)
        ]
        flows = [flow("g", f"t{number}") for number in range(MOST_WARNED + 5)]
        play = Play(diagram(start(), node("parallelGateway", "g"), *tasks, chain("s", "g"), *flows))

        assert len(play.step.warned) == MOST_WARNED
        assert all(type(one) is ExpressionWarned for one in play.step.warned)
