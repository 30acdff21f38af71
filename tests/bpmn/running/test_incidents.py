"""出错的环节停在原处并说明原因，其余照常进行；重试成功后继续（issue 4）。"""

from datetime import timedelta

import pytest

from bpmn.running import NotWaiting, StepFailed
from tests.bpmn.diagrams import (
    ERROR,
    MESSAGE,
    a_process,
    boundary,
    bpmn,
    chain,
    condition,
    diagram,
    end,
    extensions,
    flow,
    node,
    start,
    timer,
    user,
)  # fmt: skip
from tests.bpmn.running.playing import NOON, Play

_TIMED = node("intermediateCatchEvent", "t", timer("PT1H"))
_CHOICE = (
    node("exclusiveGateway", "g", default="g__b") + user("a", "b")
    + flow("g", "a", "amount > 100", key="big") + flow("g", "b")
)  # fmt: skip


def _both(*body: str) -> bytes:
    """Return a timer whose two ways on are `w`, which always works, and `first` of the body."""
    return diagram(
        start(), _TIMED, node("parallelGateway", "f"), user("w"), *body, chain("s", "t", "f", "w"),
    )  # fmt: skip


class TestAFailure:
    """What failed has not happened; what stood beside it has."""

    def test_holds_the_token_before_a_choice_that_cannot_be_made(self) -> None:
        play = Play(_both(_CHOICE, flow("f", "g")), keeps=True)

        step = play.fire("t")

        (incident,) = step.incidents
        assert (incident.element, incident.retries) == ("big", 3)
        assert incident.at == NOON + timedelta(hours=1)
        assert "amount" in incident.zh
        assert play.waiting == ["w"]
        assert ("g", "entered") in play.trace
        assert ("g", "completed") not in play.trace

    def test_fails_the_whole_step_of_a_person(self) -> None:
        play = Play(_both(_CHOICE, flow("f", "g")))

        with pytest.raises(StepFailed, match="amount"):
            play.fire("t")

        assert [timer.element for timer in play.timers.values()] == ["t"]
        assert play.waiting == []

    def test_is_kept_in_the_state(self) -> None:
        play = Play(_both(_CHOICE, flow("f", "g")), keeps=True)
        play.fire("t")

        assert [i.element for i in play.instance.incidents] == ["big"]
        assert play.instance.incidents == play.step.incidents

    def test_leaves_the_rest_to_go_on_while_the_case_cannot_end(self) -> None:
        play = Play(_both(_CHOICE, flow("f", "g")), keeps=True)
        play.fire("t")

        play.do("w")

        assert not play.over
        assert [i.element for i in play.instance.incidents] == ["big"]

    def test_of_an_item_that_cannot_be_described_holds_it_before_it_opens(self) -> None:
        file = _both(_several("people"), flow("f", "u"))
        play = Play(file, variables={"people": "nobody"}, keeps=True)

        step = play.fire("t")

        assert [i.element for i in step.incidents] == ["u"]
        assert "people" in step.incidents[0].en
        assert play.waiting == ["w"]

    def test_of_several_each_is_held(self) -> None:
        rule = node(
            "businessRuleTask",
            "r",
            camunda_decisionRef="limit",
            camunda_mapDecisionResult="singleResult",
        )
        people = _several("people")
        file = _both(rule, people, flow("f", "r"), flow("f", "u"))
        play = Play(file, variables={"amount": 3}, tables={"d.dmn": _AMBIGUOUS}, keeps=True)

        step = play.fire("t")

        assert [i.element for i in step.incidents] == ["u", "r"]  # as it happened
        assert play.waiting == ["w"]

    def test_at_the_very_beginning_begins_the_case_all_the_same(self) -> None:
        file = diagram(start("s", timer("P1D")), _CHOICE, flow("s", "g"))

        play = Play(file, at="s", keeps=True)

        assert [i.element for i in play.step.incidents] == ["big"]

    def test_with_more_than_a_hundred_is_refused_as_a_whole(self) -> None:
        inside = start("i") + node("exclusiveGateway", "g") + user("a") + chain("i", "g")
        inside += flow("g", "a", "amount > 1")
        loop = (
            "<multiInstanceLoopCharacteristics><loopCardinality>101</loopCardinality>"
            "</multiInstanceLoopCharacteristics>"
        )
        file = diagram(start(), _TIMED, node("subProcess", "sub", loop + inside),
                       chain("s", "t", "sub"))  # fmt: skip

        with pytest.raises(StepFailed, match="amount"):
            Play(file, keeps=True).fire("t")


def _several(collection: str) -> str:
    """Return the user task `u`, which opens once for each of a collection."""
    loop = f'<multiInstanceLoopCharacteristics camunda:collection="{collection}"/>'
    return node("userTask", "u", loop)


_AMBIGUOUS = b"""<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d"
  namespace="t"><inputData id="amount_in" name="amount"><variable name="amount" typeRef="number"/>
  </inputData><decision id="limit" name="limit"><variable name="limit"/>
  <informationRequirement><requiredInput href="#amount_in"/></informationRequirement>
  <decisionTable hitPolicy="COLLECT"><input><inputExpression><text>amount</text></inputExpression>
  </input><output/><rule><inputEntry><text>&gt; 1</text></inputEntry>
  <outputEntry><text>"a"</text></outputEntry></rule><rule><inputEntry><text>&gt; 2</text>
  </inputEntry><outputEntry><text>"b"</text></outputEntry></rule></decisionTable></decision>
  </definitions>"""


class TestARetry:
    """Tried again where it stands, once its cause is gone."""

    def test_goes_on_from_where_it_was_held(self) -> None:
        play = Play(_both(_CHOICE, flow("f", "g")), keeps=True)
        play.fire("t")
        held = play.instance.incidents[0].id
        play.put(amount=200)

        step = play.retry()

        assert step.settled == (held,)
        assert step.incidents == ()
        assert play.waiting == ["w", "a"]
        assert play.instance.incidents == ()

    def test_that_fails_again_holds_it_again_with_one_retry_less(self) -> None:
        play = Play(_both(_CHOICE, flow("f", "g")), keeps=True)
        play.fire("t")

        left = [play.retry().incidents[0].retries for _ in range(4)]

        assert left == [2, 1, 0, 0]
        assert play.step.settled == ()

    def test_that_fails_again_for_a_person_changes_nothing(self) -> None:
        play = Play(_both(_CHOICE, flow("f", "g")), keeps=True)
        play.fire("t")
        play.keeps = False

        with pytest.raises(StepFailed, match="amount"):
            play.retry()

        assert [i.retries for i in play.instance.incidents] == [3]

    def test_enters_a_node_that_could_not_be_entered(self) -> None:
        play = Play(
            _both(_several("people"), flow("f", "u")), variables={"people": None}, keeps=True
        )
        play.fire("t")
        assert play.waiting == ["w"]
        play.put(people=["甲", "乙"])

        play.retry()

        assert play.waiting == ["w", "u", "u"]

    def test_of_what_is_gone_is_refused(self) -> None:
        play = Play(_both(_CHOICE, flow("f", "g")), keeps=True)
        play.fire("t")
        item = play.item("w").id

        with pytest.raises(NotWaiting, match="no incident"):
            play.instance.retry(item)
        with pytest.raises(NotWaiting, match="no incident"):
            play.instance.retry("999")

    def test_is_not_needed_where_a_boundary_event_took_the_token_away(self) -> None:
        inside = start("i") + _CHOICE + flow("i", "g")
        file = diagram(
            start(), _TIMED, node("subProcess", "sub", inside),
            boundary("late", "sub", timer("P1D")), end(), chain("s", "t", "sub"), flow("late", "e"),
        )  # fmt: skip
        play = Play(file, keeps=True)
        held = play.fire("t").incidents[0].id

        step = play.fire("late")

        assert step.settled == (held,)
        assert step.withdrawn == ()
        assert play.over


class TestAnUncaughtError:
    """没有捕获的错误即事件：办件停在那里并说明。"""

    def test_of_an_end_event_holds_its_token(self) -> None:
        file = _both(end("fault", ERROR), flow("f", "fault"))
        play = Play(file, keeps=True)

        step = play.fire("t")

        assert [(i.element, "E1" in i.zh) for i in step.incidents] == [("fault", True)]
        assert play.waiting == ["w"]
        assert ("fault", "completed") not in play.trace

    def test_of_work_holds_the_work_and_gives_it_back(self) -> None:
        task = node("serviceTask", "x", camunda_type="external", camunda_topic="pay")
        late = boundary("late", "x", timer("P1D"), interrupts=False)
        file = diagram(
            start(), task, late, user("u"), end(), chain("s", "x", "e"), chain("late", "u")
        )
        play = Play(file, keeps=True)
        key = play.item("x").id

        step = play.err("x", "E9", "no account")

        assert step.withdrawn == (key,)
        assert [(i.element, i.id, i.retries) for i in step.incidents] == [("x", key, 3)]
        assert play.waiting == []
        play.fire("late")  # what waits beside it goes on waiting
        assert play.waiting == ["u"]

        again = play.retry()

        assert [i.id for i in again.opened] == [key]
        assert again.settled == (key,)
        play.do("u")
        play.do("x")
        assert play.over

    def test_that_is_caught_is_no_incident(self) -> None:
        file = diagram(
            start(),
            node("subProcess", "sub", start("i") + end("fault", ERROR) + chain("i", "fault")),
            boundary("b", "sub", ERROR), user("u"), chain("s", "sub"), chain("b", "u"),
        )  # fmt: skip

        play = Play(file, keeps=True)

        assert play.step.incidents == ()
        assert play.waiting == ["u"]

    def test_in_a_called_process_names_its_place_there(self) -> None:
        called = a_process(start("cs"), end("ce", ERROR), chain("cs", "ce"), process="Q")
        caller = a_process(
            start(),
            _TIMED,
            node("callActivity", "call", calledElement="Q"),
            chain("s", "t", "call"),
        )  # fmt: skip
        play = Play(bpmn(caller, called), keeps=True)

        (incident,) = play.fire("t").incidents

        assert (incident.process, incident.element) == ("Q", "ce")


class TestWhatHappensOutsideOfNodes:
    """An event that cannot be taken in keeps waiting; whoever brought it tries again."""

    def test_a_message_whose_mapping_fails_is_not_taken(self) -> None:
        mapped = extensions(
            '<camunda:inputOutput><camunda:outputParameter name="x">'
            '=range("[1..")</camunda:outputParameter></camunda:inputOutput>'
        )
        catch = node("intermediateCatchEvent", "m", mapped + MESSAGE)
        file = diagram(start(), catch, user("u"), chain("s", "m", "u"))
        play = Play(file, keeps=True)

        with pytest.raises(StepFailed):
            play.instance.deliver("msg", {"x": object()})

        assert play.instance.accepts("msg")

    def test_a_condition_that_fails_fails_the_step(self) -> None:
        event = node("intermediateCatchEvent", "c", condition("x > 1"))
        file = diagram(start(), event, user("u"), chain("s", "c", "u"))
        play = Play(file, keeps=True)

        with pytest.raises(StepFailed):
            play.put(x=object())

        assert play.instance.incidents == ()
