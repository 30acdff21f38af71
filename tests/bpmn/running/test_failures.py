"""An expression that cannot be evaluated fails the step, with its place."""

from datetime import timedelta

import pytest

from bpmn import feel
from bpmn.running import StepFailed
from tests.bpmn.diagrams import (
    boundary,
    chain,
    condition,
    diagram,
    flow,
    node,
    properties,
    start,
    timer,
    user,
)
from tests.bpmn.running.playing import Play


def test_conditions_that_set_each_other_off_fail_the_step() -> None:
    """Conditional events that never come to rest are given up."""
    catch = node("intermediateCatchEvent", "c", condition("true"))
    file = diagram(start(), node("exclusiveGateway", "m"), catch, chain("s", "m", "c", "m"))

    with pytest.raises(StepFailed, match="without"):
        Play(file)


def test_an_evaluation_beyond_its_bounds_fails_the_step() -> None:
    """Bounds of FEEL are bounds of the step."""
    bomb = "count(for a in 1..9999, b in 1..9999 return a * b) > 0"
    file = diagram(start(), node("exclusiveGateway", "g"), user("a"), chain("s", "g"),
                   flow("g", "a", bomb))  # fmt: skip

    with pytest.raises(StepFailed) as failed:
        Play(file)

    assert failed.value.incident.element == "g__a"


def test_a_value_beyond_python_stays_a_value_of_feel() -> None:
    """A date in the year 12026 can be kept, though Python's own dates end before."""
    mapped = node(
        "userTask", "a",
        '<extensionElements><camunda:inputOutput><camunda:outputParameter name="far">'
        '=date("2026-01-01") + duration("P10000Y")</camunda:outputParameter>'
        "</camunda:inputOutput></extensionElements>",
    )  # fmt: skip
    play = Play(diagram(start(), mapped, user("b"), chain("s", "a", "b")))

    play.do("a")

    assert isinstance(play.variables["far"], feel.Date)


def test_a_list_of_groups_may_hold_other_than_texts() -> None:
    """Values that are no texts are shown as FEEL shows them; null is nobody."""
    task = node("userTask", "a", properties(day='=date("2026-04-08")', none="=null"),
                camunda_candidateGroups="=[1, true]", camunda_candidateUsers="=null",
                camunda_priority="=50")  # fmt: skip

    item = Play(diagram(start(), task, chain("s", "a"))).item("a")

    assert (item.candidate_groups, item.candidate_users) == (("1", "true"), ())
    assert item.priority == "50"
    assert item.properties == {"day": "2026-04-08", "none": ""}


def test_timers_take_every_kind_of_time_that_feel_gives() -> None:
    """Durations of both kinds, dates with and without time, and texts."""
    for expression, due in (
        ('duration("P1D")', timedelta(days=1)),
        ('duration("P1M")', timedelta(days=31)),
        ('date("2026-03-03")', timedelta(hours=12)),
        ('date and time("2026-03-03T12:00:00@Asia/Shanghai")', timedelta(days=1)),
        ('date and time("2026-03-03T04:00:00Z")', timedelta(days=1)),
        ('"2026-03-03T12:00:00"', timedelta(days=1)),
    ):
        late = boundary("late", "a", timer(expression))
        play = Play(diagram(start(), user("a"), late, chain("s", "a")))
        assert play.due == {"late": due}


def test_a_timer_beyond_time_fails_the_step() -> None:
    """A due instant after the year 9999 is no instant."""
    for text in ("P9999Y", 'duration("P9999Y")', 'date("12026-01-01")'):
        late = boundary("late", "a", timer(text))
        with pytest.raises(StepFailed) as failed:
            Play(diagram(start(), user("a"), late, chain("s", "a")))
        assert failed.value.incident.element == "late"


def test_a_rule_task_may_leave_its_outcome_on_the_record_alone() -> None:
    """Without a result variable nothing is written."""
    table = (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="t" name="t" '
        'namespace="n"><decision id="D" name="D"><variable name="D"/><literalExpression id="l">'
        "<text>1 + 1</text></literalExpression></decision></definitions>"
    )
    rule = node("businessRuleTask", "r", camunda_decisionRef="D",
                camunda_mapDecisionResult="singleEntry")  # fmt: skip
    play = Play(diagram(start(), rule, user("a"), chain("s", "r", "a")),
                tables={"t.dmn": table.encode()})  # fmt: skip

    assert play.variables == {}
    assert play.step.decisions[0].output == 2
