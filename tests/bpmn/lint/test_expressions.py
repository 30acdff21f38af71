"""表达式在边缘处的判断。"""

from __future__ import annotations

import pytest

from bpmn.lint import lint
from tests.bpmn.lint.drawing import END, START, drawn, flows, told
from tests.bpmn.lint.test_particulars import MESSAGE, conditional


class TestExpressions:
    """Every place that holds an expression is read, and its names are known."""

    @pytest.mark.parametrize(
        ("part", "bad"),
        [
            ('<manualTask id="x" name="=1 +"/>', "x"),
            ('<userTask id="x" camunda:assignee="= 1 +"/>', "x"),
            ('<userTask id="x" camunda:candidateGroups="${a.b(}"/>', "x"),
            (
                (
                    '<manualTask id="x">'
                    '<multiInstanceLoopCharacteristics camunda:collection="1 +"/>'
                    "</manualTask>"
                ),
                "x",
            ),
            (
                (
                    '<intermediateCatchEvent id="x"><conditionalEventDefinition>'
                    '<condition xsi:type="tFormalExpression">1 +</condition>'
                    "</conditionalEventDefinition></intermediateCatchEvent>"
                ),
                "x",
            ),
            (
                (
                    '<intermediateCatchEvent id="x"><timerEventDefinition><timeDate>1 +</timeDate>'
                    "</timerEventDefinition></intermediateCatchEvent>"
                ),
                "x",
            ),
            (
                (
                    '<callActivity id="x" calledElement="p"><extensionElements>'
                    '<camunda:in sourceExpression="1 +" target="a"/></extensionElements>'
                    "</callActivity>"
                ),
                "x",
            ),
            (
                (
                    '<callActivity id="x" calledElement="p"><extensionElements>'
                    '<camunda:in businessKey="=1 +"/></extensionElements></callActivity>'
                ),
                "x",
            ),
            (
                (
                    '<manualTask id="x"><extensionElements><camunda:inputOutput>'
                    '<camunda:inputParameter name="a">=1 +</camunda:inputParameter>'
                    "</camunda:inputOutput></extensionElements></manualTask>"
                ),
                "x",
            ),
            (
                (
                    '<manualTask id="x"><extensionElements><camunda:properties>'
                    '<camunda:property name="outcome" value="=1 +"/></camunda:properties>'
                    "</extensionElements></manualTask>"
                ),
                "x",
            ),
        ],
    )
    def test_what_does_not_parse_is_told_wherever_it_stands(self, part: str, bad: str) -> None:
        assert told(START, part, END, flows("s>x>e")) == [("expression-syntax", bad)]

    @pytest.mark.parametrize("name", ["约谈", "100% done +", "a = b"])
    def test_literal_values_are_no_expressions(self, name: str) -> None:
        assert told(START, f'<manualTask id="x" name="{name}"/>', END, flows("s>x>e")) == []

    def test_camunda_expressions_are_read_through_the_translator(self) -> None:
        gateway = '<exclusiveGateway id="g" default="g_e"/><manualTask id="a"/>'
        bad = conditional("f", "g", "a", "${bean.run()}")
        good = conditional("f", "g", "a", "${amount &gt; 5 &amp;&amp; kind == 'a'}")

        assert told(START, gateway, END, bad, flows("s>g>e", "a>e")) == [("expression-syntax", "f")]
        assert told(START, gateway, END, good, flows("s>g>e", "a>e")) == []

    def test_names_are_checked_where_the_names_are_given(self) -> None:
        task = (
            '<serviceTask id="t" camunda:type="external" camunda:topic="x"><extensionElements>'
            '<camunda:inputOutput><camunda:outputParameter name="tier">=answer'
            "</camunda:outputParameter></camunda:inputOutput></extensionElements></serviceTask>"
        )
        gateway = '<exclusiveGateway id="g" default="g_e"/><manualTask id="a"/>'
        body = (START, task, gateway, END, flows("s>t>g>e", "a>e"))
        right = drawn(*body, conditional("f", "g", "a", 'tier = "T1" and scores[1] &gt; 3'))
        wrong = drawn(*body, conditional("f", "g", "a", "score &gt; 3"))

        assert lint(right, names=["scores"]) == []
        (finding,) = lint(wrong, names=["scores"])
        assert (finding.rule, finding.element) == ("unknown-name", "f")
        assert "Did you mean scores?" in finding.en

    def test_what_a_multi_instance_and_a_message_bring_is_known(self) -> None:
        several = (
            '<manualTask id="t"><multiInstanceLoopCharacteristics camunda:collection="people" '
            'camunda:elementVariable="person"><completionCondition>nrOfCompletedInstances = 2 and '
            "person.done</completionCondition></multiInstanceLoopCharacteristics></manualTask>"
        )
        event = (
            '<intermediateCatchEvent id="c" camunda:resultVariable="filed">'
            '<messageEventDefinition messageRef="m" /></intermediateCatchEvent>'
        )
        gateway = '<exclusiveGateway id="g" default="g_e"/><manualTask id="a"/>'
        text = "count(t_results) &gt; 1 and filed.late"
        parts = (START, several, event, gateway, END, conditional("f", "g", "a", text))
        found = drawn(*parts, flows("s>t>c>g>e", "a>e"), before=MESSAGE)

        assert lint(found, names=["people"]) == []

    def test_host_functions_and_functions_in_variables_are_known(self) -> None:
        gateway = '<exclusiveGateway id="g" default="g_e"/><manualTask id="a"/>'
        text = 'deadline("DL-1") &gt; now() and weigh(case)'
        found = drawn(START, gateway, END, conditional("f", "g", "a", text), flows("s>g>e", "a>e"))

        assert [f.element for f in lint(found)] == ["f"]
        assert lint(found, names=["case", "weigh"]) == []
        assert lint(found, functions=["deadline", "weigh"]) == []
