"""恶意的流程图被拒绝，并指出是哪个元素。"""

import pytest

from bpmn.findings import DiagramRefused, Finding
from bpmn.lint import exit_code, lint
from bpmn.reading import read_diagram
from tests.bpmn.lint.drawing import END, START, drawn, flows

NAMESPACE = "http://www.omg.org/spec/BPMN/20100524/MODEL"


def refusals(*parts: str) -> list[Finding]:
    found = lint(drawn(START, *parts, END))
    assert exit_code(found) == 1
    return found


def condition(text: str) -> str:
    return (
        '<exclusiveGateway id="g" default="g_e"/><manualTask id="t"/>'
        f'<sequenceFlow id="bad" sourceRef="g" targetRef="t"><conditionExpression>{text}'
        f"</conditionExpression></sequenceFlow>{flows('s>g>e', 't>e')}"
    )


class TestCode:
    """No code of the diagram's is run: it is named and refused."""

    def test_a_script_task_is_refused_by_its_id(self) -> None:
        script = '<scriptTask id="run" name="脚本"><script>import os</script></scriptTask>'
        found = refusals(script, flows("s>run>e"))

        assert {(f.rule, f.element) for f in found} == {
            ("code-refused", "run"),
            ("not-executable", "run"),
        }
        assert all("「脚本」(run)" in f.zh for f in found)

    @pytest.mark.parametrize(
        "attributes",
        [
            'camunda:class="java.lang.Runtime"',
            'camunda:delegateExpression="${x}"',
            'camunda:expression="${x.y()}"',
        ],
    )
    def test_a_service_task_with_code_is_refused(self, attributes: str) -> None:
        found = refusals(f'<serviceTask id="run" {attributes}/>', flows("s>run>e"))

        assert ("code-refused", "run") in {(f.rule, f.element) for f in found}

    @pytest.mark.parametrize(
        "extension",
        [
            '<camunda:executionListener class="x" event="start"/>',
            '<camunda:taskListener class="x" event="create"/>',
            "<camunda:connector/>",
            (
                '<camunda:inputOutput><camunda:inputParameter name="a"><camunda:script>1'
                "</camunda:script></camunda:inputParameter></camunda:inputOutput>"
            ),
        ],
    )
    def test_listeners_connectors_and_scripts_are_refused(self, extension: str) -> None:
        task = f'<manualTask id="t"><extensionElements>{extension}</extensionElements></manualTask>'
        found = refusals(task, flows("s>t>e"))

        assert [(f.rule, f.element) for f in found] == [("code-refused", "t")]

    def test_a_listener_of_the_process_is_refused(self) -> None:
        listener = '<camunda:executionListener class="x" event="start"/>'
        found = lint(drawn(f"<extensionElements>{listener}</extensionElements>", START, END))

        assert ("code-refused", "p") in [(f.rule, f.element) for f in found]

    def test_code_on_an_event_definition_is_refused(self) -> None:
        event = (
            '<endEvent id="x"><messageEventDefinition messageRef="m" camunda:class="x"/></endEvent>'
        )
        found = lint(drawn(START, event, flows("s>x"), before='<message id="m" name="m"/>'))

        assert [(f.rule, f.element) for f in found] == [("code-refused", "x")]


class TestExpressions:
    """An expression is FEEL and calls what exists; Python gets nowhere."""

    @pytest.mark.parametrize(
        "text",
        [
            '__import__("os").system("id") = 0',
            '__import__("os")',
            'open("/etc/passwd").read() = ""',
            'exec("1") = 1',
            'eval("1") = 1',
            'getattr(x, "y") = 1',
        ],
    )
    def test_a_call_of_what_is_no_function_names_the_flow(self, text: str) -> None:
        found = refusals(condition(text.replace('"', "&quot;")))

        assert {f.element for f in found} == {"bad"}
        assert {f.rule for f in found} <= {"unknown-name", "expression-syntax"}
        assert all("bad" in f.zh for f in found)

    @pytest.mark.parametrize("text", ["lambda: 1", "[1, 2", "x := 1", "1 if", "", "f'{x}'"])
    def test_what_is_no_feel_names_the_flow_and_the_column(self, text: str) -> None:
        (finding,) = refusals(condition(text))

        assert (finding.rule, finding.element) == ("expression-syntax", "bad")
        assert "column" in finding.en

    def test_another_language_is_refused(self) -> None:
        text = condition("x").replace(
            "<conditionExpression>",
            '<conditionExpression xsi:type="tFormalExpression" language="groovy">',
        )
        (finding,) = refusals(text)

        assert (finding.rule, finding.element) == ("expression-syntax", "bad")
        assert "groovy" in finding.zh

    def test_a_very_long_expression_is_shortened_in_the_sentence(self) -> None:
        (finding,) = refusals(condition("x + " * 500))

        assert len(finding.en) < 400


class TestSize:
    """Twenty million bytes and deep nesting are refused before they cost anything."""

    def test_twenty_million_bytes_are_refused_at_once(self) -> None:
        content = f'<definitions xmlns="{NAMESPACE}">{"x" * 20_000_000}</definitions>'.encode()

        with pytest.raises(DiagramRefused, match="20000"):
            read_diagram(content, name="big.bpmn")

    def test_deeply_nested_sub_processes_are_refused(self) -> None:
        inside = "".join(f'<subProcess id="n{n}">' for n in range(150)) + "</subProcess>" * 150

        with pytest.raises(DiagramRefused, match="nested more than 100 deep"):
            drawn(inside)
