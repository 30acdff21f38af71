"""Supplying what a drawing lacks: only that, told one by one, and the original is kept."""

from datetime import UTC, datetime
from xml.sax.saxutils import escape

import pytest

from bpmn import DiagramRefused, read_diagram
from bpmn.playing import Outcome, Played, Supplied, play, stub
from tests.bpmn.diagrams import (
    MESSAGE,
    SIGNAL,
    a_process,
    boundary,
    bpmn,
    chain,
    condition,
    diagram,
    end,
    flow,
    handler,
    node,
    start,
    timer,
    user,
)

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


def supplied(file: bytes, *inputs: str) -> dict[str, tuple[str, str]]:
    _, told = stub({"f.bpmn": file}, inputs=inputs)
    return {each.element: (each.what, each.value) for each in told}


def played(file: bytes, **inputs: object) -> Played:
    files, _ = stub({"f.bpmn": file}, inputs=tuple(inputs))
    return play(files, now=NOON, inputs=inputs, outside=True)


def completed(result: Played) -> list[str]:
    return [line.element for line in result.trace if line.event == "completed"]


class TestNothing:
    """A diagram that runs is given nothing."""

    def test_what_runs_is_left_alone(self) -> None:
        file = diagram(
            start(), user("a"), node("exclusiveGateway", "g", default="g__e"), end(),
            node("intermediateCatchEvent", "w", timer("P1D")), chain("s", "a", "g"),
            flow("g", "w", "x > 1"), chain("g", "e"), chain("w", "e"),
        )  # fmt: skip

        assert supplied(file, "x") == {}

    def test_the_original_stays_as_it_is(self) -> None:
        file = diagram(start(), end(), chain("s", "e"), executable=False)
        files, told = stub({"f.bpmn": file, "t.dmn": table()})

        assert told == (Supplied("f.bpmn", "P", "isExecutable", "true"),)
        assert files["t.dmn"] == table()
        assert b'isExecutable="false"' in file
        assert read_diagram(files["f.bpmn"], name="f").processes["P"].is_executable

    def test_what_cannot_be_read_is_refused(self) -> None:
        with pytest.raises(DiagramRefused):
            stub({"f.bpmn": b"<no/>"})


def table() -> bytes:
    return (
        b'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" '
        b'namespace="t"><decision id="D" name="D"><variable name="D"/><literalExpression>'
        b"<text>1</text></literalExpression></decision></definitions>"
    )


class TestConditions:
    """Conditions that are missing, unreadable or unanswerable: the shortest way is taken."""

    def choice(self, *conditions: str | None, kind: str = "exclusiveGateway", **more: str) -> bytes:
        flows = "".join(flow("g", f"t{n}", c) for n, c in enumerate(conditions))
        ways = "".join(chain(f"t{n}", "m") for n in range(len(conditions)))
        tasks = user(*(f"t{n}" for n in range(len(conditions))))
        merge = node("inclusiveGateway", "m")
        return diagram(
            start(), node(kind, "g", **more), tasks, merge, end(), chain("s", "g"), flows, ways,
            chain("m", "e"),
        )  # fmt: skip

    def test_a_choice_without_conditions_takes_one_way(self) -> None:
        file = self.choice(None, None)

        assert supplied(file) == {
            "g__t0": ("condition", "true"),
            "g__t1": ("condition", "false"),
        }
        assert completed(played(file)) == ["s", "g", "t0", "m", "e"]

    @pytest.mark.parametrize(
        "text", ["x > 1", "java.now()", "${bean.decide()}", "x >"], ids=["x", "call", "bean", "bad"]
    )
    def test_a_condition_that_nobody_can_answer_is_replaced(self, text: str) -> None:
        file = self.choice(text, None, default="g__t1")

        assert supplied(file) == {"g__t0": ("condition", "true")}

    def test_a_condition_that_reads_what_is_given_stays(self) -> None:
        file = self.choice("x > 1", "${x < 2}", None, default="g__t2")

        assert supplied(file, "x") == {}
        assert "t2" in completed(played(file, x=1)) or "t1" in completed(played(file, x=1))

    def test_another_language_is_replaced(self) -> None:
        file = self.choice("true", None, default="g__t1").replace(
            b'<conditionExpression xsi:type="tFormalExpression">',
            b'<conditionExpression xsi:type="tFormalExpression" language="http://x/XPath">',
        )

        assert supplied(file) == {"g__t0": ("condition", "true")}

    def test_an_inclusive_choice_takes_all_ways_that_do_not_lead_back(self) -> None:
        file = self.choice(None, None, None, kind="inclusiveGateway")

        assert {value for _, value in supplied(file).values()} == {"true"}
        assert played(file).outcome is Outcome.ENDED

    def test_a_loop_is_left_by_the_shortest_way(self) -> None:
        file = diagram(
            start(), user("a"), node("exclusiveGateway", "g"), end(), chain("s", "a", "g", "a"),
            chain("g", "e"),
        )  # fmt: skip

        assert completed(played(file)) == ["s", "a", "g", "e"]

    def test_conditional_flows_out_of_a_task_are_choices_too(self) -> None:
        file = diagram(
            start(), user("a"), end("e1"), end("e2"), chain("s", "a"), flow("a", "e1", "x"),
            flow("a", "e2", "y"),
        )  # fmt: skip

        assert {value for _, value in supplied(file).values()} == {"true", "false"}

    def test_a_condition_event_is_true_on_the_way_and_false_aside(self) -> None:
        file = diagram(
            start(), node("intermediateCatchEvent", "c", condition("x")), user("a"),
            boundary("b", "a", condition("y")), handler("h", condition("z")), end(),
            chain("s", "c", "a", "e"), chain("b", "e"),
        )  # fmt: skip
        assert supplied(file) == {
            "c": ("condition", "true"),
            "b": ("condition", "false"),
            "h_s": ("condition", "false"),
        }
        assert supplied(file, "x", "y", "z") == {}


class TestActivities:
    """Who does the work, how often, what is called."""

    def one(self, tag: str, inner: str = "", **attributes: str) -> bytes:
        return diagram(start(), node(tag, "a", inner, **attributes), end(), chain("s", "a", "e"))

    @pytest.mark.parametrize(
        ("tag", "attributes"),
        [
            ("serviceTask", {}),
            ("serviceTask", {"camunda_class": "com.example.Bean"}),
            ("businessRuleTask", {"camunda_decisionRef": "missing"}),
        ],
    )
    def test_a_service_without_a_topic_is_external_work(
        self, tag: str, attributes: dict[str, str]
    ) -> None:
        file = self.one(tag, **attributes)

        assert supplied(file) == {"a": ("topic", "stub:a")}
        assert played(file).outcome is Outcome.ENDED

    def test_a_decision_that_is_there_is_taken(self) -> None:
        file = self.one("businessRuleTask", camunda_decisionRef="D")
        _, told = stub({"f.bpmn": file, "t.dmn": table()})

        assert told == ()

    def test_a_process_that_is_not_there_becomes_a_task(self) -> None:
        file = self.one("callActivity", calledElement="Q")

        assert supplied(file) == {"a": ("task", "task")}
        assert played(file).outcome is Outcome.ENDED

    @pytest.mark.parametrize(
        ("loop", "expected"),
        [
            ("<multiInstanceLoopCharacteristics/>", ("loopCardinality", "2")),
            (
                '<multiInstanceLoopCharacteristics camunda:collection="xs"/>',
                ("loopCardinality", "2"),
            ),
            (
                (
                    "<multiInstanceLoopCharacteristics><loopCardinality>n</loopCardinality>"
                    "</multiInstanceLoopCharacteristics>"
                ),
                ("loopCardinality", "2"),
            ),
            (
                (
                    "<multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality>"
                    "<completionCondition>enough</completionCondition>"
                    "</multiInstanceLoopCharacteristics>"
                ),
                ("completionCondition", ""),
            ),
            ("<standardLoopCharacteristics/>", ("loopMaximum", "2")),
            (
                (
                    "<standardLoopCharacteristics><loopCondition>x</loopCondition>"
                    "</standardLoopCharacteristics>"
                ),
                ("loopMaximum", "2"),
            ),
        ],
    )
    def test_a_loop_without_number_runs_twice(self, loop: str, expected: tuple[str, str]) -> None:
        file = self.one("userTask", loop)

        assert supplied(file) == {"a": expected}
        assert played(file).outcome is Outcome.ENDED

    @pytest.mark.parametrize(
        "loop",
        [
            '<multiInstanceLoopCharacteristics camunda:collection="xs"/>',
            (
                "<standardLoopCharacteristics><loopCondition>xs</loopCondition>"
                "</standardLoopCharacteristics>"
            ),
            '<standardLoopCharacteristics loopMaximum="3"/>',
        ],
    )
    def test_a_loop_that_says_how_often_is_left_alone(self, loop: str) -> None:
        assert supplied(self.one("userTask", loop), "xs") == {}

    @pytest.mark.parametrize(
        ("tag", "what"), [("subProcess", "startEvent"), ("adHocSubProcess", "task")]
    )
    def test_an_empty_sub_process_gets_somewhere_to_begin(self, tag: str, what: str) -> None:
        file = self.one(tag, "<textAnnotation id='note'><text>collapsed</text></textAnnotation>")

        assert supplied(file) == {"a": (what, "stub_a")}
        assert played(file).outcome is Outcome.ENDED


class TestEvents:
    """Timers, messages and signals."""

    def one(self, definition: str, tag: str = "intermediateCatchEvent") -> bytes:
        return diagram(start(), node(tag, "w", definition), end(), chain("s", "w", "e"))

    @pytest.mark.parametrize(
        "definition",
        [
            "<timerEventDefinition/>",
            timer("soon"),
            timer("P1X"),
            timer("24 Hours"),
            timer("R3", "timeCycle"),
        ],
    )
    def test_a_timer_that_says_no_time_takes_an_hour(self, definition: str) -> None:
        file = self.one(definition)

        assert supplied(file) == {"w": ("timeDuration", "PT1H")}
        assert played(file).outcome is Outcome.ENDED

    @pytest.mark.parametrize("text", ["P1D", 'deadline("DL")', 'duration("P1D")', "length"])
    def test_a_timer_that_says_one_keeps_it(self, text: str) -> None:
        assert supplied(self.one(timer(text)), "length") == {}

    @pytest.mark.parametrize("kind", ["message", "signal"])
    def test_a_name_is_supplied_by_the_id(self, kind: str) -> None:
        definition = f'<{kind}EventDefinition {kind}Ref="X"/>'
        file = bpmn(
            a_process(start(), node("intermediateCatchEvent", "w", definition), end(),
                      chain("s", "w", "e")),
            roots=f'<{kind} id="X"/>',
        )  # fmt: skip

        assert supplied(file) == {"X": ("name", "X")}

    @pytest.mark.parametrize("kind", ["message", "signal"])
    @pytest.mark.parametrize("tag", ["intermediateCatchEvent", "intermediateThrowEvent"])
    def test_what_refers_to_nothing_gets_something_of_its_own(self, kind: str, tag: str) -> None:
        file = self.one(f"<{kind}EventDefinition/>", tag)

        assert supplied(file) == {"w": (f"{kind}Ref", "stub_w")}
        assert played(file).outcome is Outcome.ENDED

    @pytest.mark.parametrize("tag", ["sendTask", "receiveTask"])
    def test_so_does_a_task(self, tag: str) -> None:
        assert supplied(self.one("", tag)) == {"w": ("messageRef", "stub_w")}
        assert supplied(diagram(node(tag, "w", messageRef="M"))) == {}

    def test_what_names_one_keeps_it(self) -> None:
        assert supplied(self.one(MESSAGE)) == {}
        assert supplied(self.one(SIGNAL)) == {}

    def test_the_two_ends_of_a_message_flow_get_the_same(self) -> None:
        sender = a_process(start(), node("sendTask", "t"), end(), chain("s", "t", "e"))
        receiver = a_process(
            start("s1", "<messageEventDefinition/>"), end("e1"), chain("s1", "e1"), process="Q"
        )
        arrow = '<messageFlow id="f" sourceRef="t" targetRef="s1"/>'
        out = '<messageFlow id="g" sourceRef="s1" targetRef="pool"/>'
        pool = f'<participant id="pool" name="{escape("<closed>")}"/>'
        file = bpmn(
            sender, receiver, roots=f'<collaboration id="c">{pool}{arrow}{out}</collaboration>'
        )

        assert supplied(file) == {
            "t": ("messageRef", "stub_s1"),
            "s1": ("messageRef", "stub_s1"),
        }
        assert completed(played(file)) == ["s", "t", "e", "s1", "e1"]

    def test_a_message_that_one_end_names_is_both_ends(self) -> None:
        sender = a_process(start(), node("sendTask", "t", messageRef="M"), chain("s", "t"))
        receiver = a_process(
            start("s1", "<messageEventDefinition/>"), end("e1"), chain("s1", "e1"), process="Q"
        )
        arrow = '<messageFlow id="f" sourceRef="t" targetRef="s1"/>'
        pool = '<participant id="pool" name="p"/>'
        file = bpmn(
            sender, receiver,
            roots=f'<message id="M" name="m"/><collaboration id="c">{pool}{arrow}</collaboration>',
        )  # fmt: skip

        assert supplied(file) == {"s1": ("messageRef", "M")}


class TestData:
    """What a data association says in another language is left out; the rest of it stays."""

    def one(self, inner: str) -> bytes:
        io = (
            '<ioSpecification><dataInput id="in" name="x"/><inputSet><dataInputRefs>in'
            "</dataInputRefs></inputSet><outputSet/></ioSpecification>"
        )
        association = (
            f"<dataInputAssociation><targetRef>in</targetRef>{inner}</dataInputAssociation>"
        )
        return diagram(
            start(), node("userTask", "a", io + association), end(), chain("s", "a", "e")
        )

    @pytest.mark.parametrize(
        ("inner", "what"),
        [
            ("<transformation>&lt;xslt/&gt;</transformation>", "transformation"),
            ("<assignment><from>&lt;x/&gt;</from><to>x</to></assignment>", "assignment"),
        ],
    )
    def test_what_is_no_feel_is_left_out(self, inner: str, what: str) -> None:
        assert supplied(self.one(inner)) == {"a": (what, "")}

    def test_what_is_feel_stays(self) -> None:
        assert supplied(self.one("<assignment><from>1 + 1</from><to>x</to></assignment>")) == {}
