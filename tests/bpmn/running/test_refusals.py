import pytest

from bpmn.findings import DiagramRefused
from bpmn.running import compile_definition
from tests.bpmn.diagrams import (
    MESSAGE,
    a_process,
    boundary,
    bpmn,
    chain,
    diagram,
    end,
    extensions,
    flow,
    handler,
    node,
    start,
    timer,
    user,
)


def _refused(*body: str) -> tuple[str, str]:
    """Return element and rule of the one finding by which a diagram is refused."""
    with pytest.raises(DiagramRefused) as refused:
        compile_definition({"p.bpmn": diagram(*body)}, "P")
    (finding,) = refused.value.findings
    assert finding.file == "p.bpmn"
    assert finding.line == 1
    assert finding.zh
    assert finding.en
    return finding.element, finding.rule


class TestWhatWouldNotRunAsDrawn:
    """It is refused with its element, and what to do instead; nothing is silently ignored."""

    def test_a_script_task(self) -> None:
        script = node("scriptTask", "x", "<script>import os</script>")
        assert _refused(start(), script, chain("s", "x")) == ("x", "not-executable")

    def test_a_service_task_that_says_not_who_does_it(self) -> None:
        for attributes in ({}, {"camunda_class": "evil"}, {"camunda_type": "external"}):
            task = node("serviceTask", "x", **attributes)
            assert _refused(start(), task, chain("s", "x")) == ("x", "not-executable")

    def test_a_send_task_or_rule_task_without_reference(self) -> None:
        assert _refused(start(), node("sendTask", "x"), chain("s", "x"))[1] == "not-executable"
        task = node("businessRuleTask", "x")
        assert _refused(start(), task, chain("s", "x"))[1] == "not-executable"

    def test_an_event_where_it_has_no_meaning(self) -> None:
        for drawn in (
            end("x", "<cancelEventDefinition/>"),
            node("intermediateCatchEvent", "x", "<cancelEventDefinition/>"),
            node("intermediateThrowEvent", "x", '<linkEventDefinition name="nowhere"/>'),
        ):
            assert _refused(start(), drawn, chain("s", "x")) == ("x", "not-executable")

    def test_a_boundary_event_without_type(self) -> None:
        found = _refused(start(), user("a"), boundary("x", "a", ""), chain("s", "a"))
        assert found == ("x", "boundary-without-type")

    def test_an_event_sub_process_without_one_typed_start(self) -> None:
        empty = node("subProcess", "x", start("xs"), triggeredByEvent="true")
        assert _refused(start(), empty) == ("x", "event-subprocess-start")
        twice = handler("x", MESSAGE, start("more"))
        assert _refused(start(), twice) == ("x", "event-subprocess-start")

    def test_a_sub_process_with_nowhere_to_begin(self) -> None:
        loop = user("a", "b") + chain("a", "b") + chain("b", "a")
        assert _refused(start(), node("subProcess", "x", loop), chain("s", "x")) == (
            "x",
            "no-start",
        )

    def test_a_gateway_for_events_that_leads_to_work(self) -> None:
        found = _refused(start(), node("eventBasedGateway", "x"), user("a"), chain("s", "x", "a"))
        assert found == ("x", "event-gateway-target")

    def test_a_flow_that_leaves_its_sub_process(self) -> None:
        inside = start("is") + user("i") + chain("is", "i")
        found = _refused(start(), node("subProcess", "x", inside), user("a"), chain("s", "x"),
                         flow("i", "a"))  # fmt: skip
        assert found == ("i", "flow-target")

    def test_a_loop_without_end(self) -> None:
        for loop in ("<standardLoopCharacteristics/>", "<multiInstanceLoopCharacteristics/>"):
            task = node("userTask", "x", loop)
            assert _refused(start(), task, chain("s", "x")) == ("x", "loop-without-end")

    def test_a_script_as_a_parameter(self) -> None:
        mapped = extensions(
            '<camunda:inputOutput><camunda:inputParameter name="p"><camunda:script '
            'scriptFormat="groovy">evil()</camunda:script></camunda:inputParameter>'
            "</camunda:inputOutput>"
        )
        assert _refused(start(), node("userTask", "x", mapped), chain("s", "x")) == ("x", "script")


class TestWhatLeadsNowhere:
    """A reference that does not resolve is refused."""

    def test_a_message_without_name(self) -> None:
        file = bpmn(
            a_process(start(), node("receiveTask", "x", messageRef="N"), chain("s", "x")),
            roots='<message id="N"/>',
        )
        with pytest.raises(DiagramRefused, match="message-without-name"):
            compile_definition({"p.bpmn": file}, "P")
        assert _refused(node("receiveTask", "x")) == ("x", "message-without-name")

    def test_a_call_of_a_process_that_is_not_there(self) -> None:
        call = node("callActivity", "x", calledElement="nowhere")
        assert _refused(start(), call, chain("s", "x")) == ("x", "unresolved-reference")

    def test_a_decision_that_is_not_there(self) -> None:
        rule = node("businessRuleTask", "x", camunda_decisionRef="nowhere")
        assert _refused(start(), rule, chain("s", "x")) == ("x", "unresolved-reference")

    def test_a_process_that_is_not_there(self) -> None:
        with pytest.raises(DiagramRefused, match="No file holds the process 'Q'"):
            compile_definition({"p.bpmn": diagram(start())}, "Q")

    def test_a_process_that_is_there_twice(self) -> None:
        with pytest.raises(DiagramRefused, match="duplicate-id"):
            compile_definition({"p.bpmn": diagram(start()), "q.bpmn": diagram(start())}, "P")


class TestWhatDoesNotParse:
    """An expression that is no FEEL is refused with the element that holds it."""

    def test_a_condition(self) -> None:
        found = _refused(start(), user("a"), flow("s", "a", '__import__("os").system("id"', "x"))
        assert found == ("x", "expression")

    def test_a_name(self) -> None:
        assert _refused(start(), node("userTask", "x", name="=1 +"), chain("s", "x"))[1] == (
            "expression"
        )

    def test_a_timer(self) -> None:
        for text, rule in (("2026-13-45", "timer-text"), ("R3/P1D/x/y", "timer-text"),
                           ("1 +", "expression")):  # fmt: skip
            form = "timeCycle" if text.startswith("R") else "timeDate"
            catch = node("intermediateCatchEvent", "x", timer(text, form))
            assert _refused(start(), catch, chain("s", "x")) == ("x", rule)

    def test_a_file_that_is_no_diagram(self) -> None:
        with pytest.raises(DiagramRefused):
            compile_definition({"p.bpmn": b"<!DOCTYPE x><x/>"}, "P")
        with pytest.raises(DiagramRefused):
            compile_definition({"p.bpmn": diagram(start()), "t.dmn": b"<x/>"}, "P")


class TestADefinition:
    """It is compiled once, and only from what belongs to it."""

    def test_is_the_same_object_for_the_same_sources(self) -> None:
        files = {"p.bpmn": diagram(start(), user("a"), chain("s", "a")), "notes.txt": b"x"}

        one = compile_definition(files, "P")

        assert compile_definition({"p.bpmn": files["p.bpmn"]}, "P") is one
        other = compile_definition({"p.bpmn": files["p.bpmn"] + b"\n"}, "P")
        assert other.key != one.key

    def test_leaves_unbuilt_what_it_does_not_call(self) -> None:
        other = a_process(node("scriptTask", "bad"), process="Q")

        definition = compile_definition({"p.bpmn": bpmn(a_process(start()), other)}, "P")

        assert set(definition.elements) == {("P", "s")}
