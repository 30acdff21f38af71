"""各条规则在边缘处的判断。"""

from pathlib import Path

import pytest

from bpmn.findings import Severity
from bpmn.lint import lint
from bpmn.lint.complete import is_complete
from bpmn.reading import read_diagram
from tests.bpmn.lint.drawing import END, START, drawn, flows, told

MIWG = Path(__file__).parents[4] / "shared" / "data" / "bpmn-miwg"
MESSAGE = '<message id="m" name="filed"/>'


def conditional(identity: str, source: str, target: str, text: str = "x") -> str:
    return (
        f'<sequenceFlow id="{identity}" sourceRef="{source}" targetRef="{target}">'
        f"<conditionExpression>{text}</conditionExpression></sequenceFlow>"
    )


class TestConditionsThatLeaveNothingOut:
    """Without a default flow, conditions must show by themselves that one of them holds."""

    @pytest.mark.parametrize(
        "conditions",
        [
            ["x", "not(x)"],
            ["not( x )", "x"],
            ["score > 60", "score <= 60"],
            ["score<60", "score >= 60", "late"],
            ['kind = "a"', 'kind != "a"'],
            ["${score == 60}", "${score != 60}"],
            ["=x", "=not(x)"],
            ["true"],
        ],
    )
    def test_a_condition_and_its_opposite_are_complete(self, conditions: list[str]) -> None:
        assert is_complete([c.replace("score<60", "score < 60") for c in conditions])

    @pytest.mark.parametrize(
        "conditions",
        [
            ["score > 60", "score < 60"],
            ['kind = "a"', 'kind = "b"'],
            ["a > 1 and b > 1", "a > 1 and b <= 1"],
            ["x"],
            [],
        ],
    )
    def test_what_does_not_show_it_needs_a_default(self, conditions: list[str]) -> None:
        assert not is_complete(conditions)

    def test_complete_conditions_need_no_default(self) -> None:
        found = told(
            START, '<exclusiveGateway id="g"/><manualTask id="a"/>', END,
            conditional("f1", "g", "a"), conditional("f2", "g", "e", "not(x)"), flows("s>g", "a>e"),
        )  # fmt: skip

        assert found == []

    def test_a_flow_with_neither_condition_nor_default_is_told(self) -> None:
        found = told(
            START, '<exclusiveGateway id="g"/><manualTask id="a"/>', END,
            conditional("f1", "g", "a"), flows("s>g>e", "a>e"),
        )  # fmt: skip

        assert found == [("gateway-without-default", "g_e")]

    def test_a_task_whose_conditional_flows_may_all_fail_is_told(self) -> None:
        found = told(START, '<manualTask id="a"/>', END, conditional("f", "a", "e"), flows("s>a"))

        assert found == [("gateway-without-default", "a")]

    def test_a_condition_on_the_default_flow_is_told(self) -> None:
        found = told(
            START, '<exclusiveGateway id="g" default="f1"/><manualTask id="a"/>', END,
            conditional("f1", "g", "a"), conditional("f2", "g", "e"), flows("s>g", "a>e"),
        )  # fmt: skip

        assert ("condition-ignored", "f1") in found


class TestReferences:
    """Each reference leads somewhere, or is told with what it names."""

    @pytest.mark.parametrize(
        ("part", "element"),
        [
            ('<receiveTask id="x"/>', "x"),
            ('<receiveTask id="x" messageRef="gone"/>', "x"),
            ('<sendTask id="x"/>', "x"),
            ('<callActivity id="x"/>', "x"),
            ('<businessRuleTask id="x"/>', "x"),
            ('<businessRuleTask id="x" camunda:decisionRef="DT-1"/>', "x"),
            (
                (
                    '<intermediateCatchEvent id="x"><signalEventDefinition signalRef="gone"/>'
                    "</intermediateCatchEvent>"
                ),
                "x",
            ),
            (
                '<intermediateCatchEvent id="x"><messageEventDefinition/></intermediateCatchEvent>',
                "x",
            ),
            (
                (
                    '<intermediateThrowEvent id="x">'
                    '<escalationEventDefinition escalationRef="gone"/></intermediateThrowEvent>'
                ),
                "x",
            ),
            (
                (
                    '<subProcess id="y"><startEvent id="s2"/></subProcess>'
                    '<boundaryEvent id="b" attachedToRef="s2">'
                    '<signalEventDefinition signalRef="g"/></boundaryEvent>'
                    f'<manualTask id="x"/>{flows("b>y>e")}'
                ),
                "b",
            ),
        ],
    )
    def test_what_leads_nowhere_is_told(self, part: str, element: str) -> None:
        found = told(START, part, END, flows("s>x>e"), before='<signal id="g" name="stop"/>')

        assert ("unresolved-reference", element) in found

    @pytest.mark.parametrize(
        "part",
        [
            '<sendTask id="x" camunda:type="external" camunda:topic="mail"/>',
            '<sendTask id="x" messageRef="m"/>',
            '<businessRuleTask id="x" camunda:decisionRef="=policy.table"/>',
            '<intermediateThrowEvent id="x"><escalationEventDefinition/></intermediateThrowEvent>',
        ],
    )
    def test_what_needs_no_reference_or_chooses_it_later_is_not(self, part: str) -> None:
        assert told(START, part, END, flows("s>x>e"), before=MESSAGE) == []

    def test_a_default_flow_that_leaves_elsewhere_is_told(self) -> None:
        gateway = '<exclusiveGateway id="g" default="s_g"/>'

        assert told(START, gateway, END, flows("s>g>e")) == [("unresolved-reference", "g")]

    def test_a_link_that_nobody_catches_and_one_without_a_name_are_told(self) -> None:
        def link(name: str) -> str:
            return (
                f'<intermediateThrowEvent id="x"><linkEventDefinition name="{name}"/>'
                "</intermediateThrowEvent>"
            )

        assert told(START, link("L"), END, flows("s>x", "s>e")) == [("unresolved-reference", "x")]
        assert ("message-without-name", "x") in told(START, link(""), END, flows("s>x", "s>e"))

    def test_a_compensation_of_nothing_is_told(self) -> None:
        throw = '<endEvent id="x"><compensateEventDefinition activityRef="gone"/></endEvent>'

        assert ("unresolved-reference", "x") in told(START, throw, flows("s>x"))

    def test_what_another_file_or_table_defines_is_found(self) -> None:
        call = '<callActivity id="c" calledElement="q"/>'
        rule = '<businessRuleTask id="r" camunda:decisionRef="DT-1"/>'
        other = drawn(START, END, flows("s>e"), process="q")

        diagram = drawn(START, call, rule, END, flows("s>c>r>e"))
        assert lint(diagram, others={"q.bpmn": other}, decisions=["DT-1"]) == []


class TestStarts:
    """A scope has something to begin with."""

    def test_a_process_in_which_nothing_can_begin_is_told(self) -> None:
        found = lint(drawn('<manualTask id="a"/><manualTask id="b"/>', flows("a>b>a")))

        assert ("missing-start", Severity.ERROR) in [(f.rule, f.severity) for f in found]

    @pytest.mark.parametrize("starts", ['<startEvent id="s2"/><startEvent id="s3"/>', ""])
    def test_a_sub_process_has_one_beginning(self, starts: str) -> None:
        inside = f'<subProcess id="x">{starts}</subProcess>'

        assert ("missing-start", "x") in told(START, inside, END, flows("s>x>e"))

    def test_a_sub_process_may_begin_with_what_no_flow_leads_to(self) -> None:
        inside = '<subProcess id="x"><manualTask id="a"/></subProcess>'

        assert told(START, inside, END, flows("s>x>e")) == []

    @pytest.mark.parametrize(
        ("start", "told_of"),
        [("", ("missing-start", "x")), ('<startEvent id="a"/>', ("not-executable", "a"))],
    )
    def test_an_event_sub_process_that_nothing_triggers_is_told(
        self, start: str, told_of: tuple[str, str]
    ) -> None:
        body = start or '<manualTask id="a"/>'
        handler = (
            f'<subProcess id="x" triggeredByEvent="true">{body}<endEvent id="e2"/>'
            f"{flows('a>e2')}</subProcess>"
        )

        assert told(START, handler, END, flows("s>e")) == [told_of]

    def test_what_lies_within_an_event_sub_process_is_reached(self) -> None:
        handler = (
            '<subProcess id="x" triggeredByEvent="true"><startEvent id="s2">'
            '<messageEventDefinition messageRef="m"/></startEvent><manualTask id="a"/>'
            f'<endEvent id="e2"/>{flows("s2>a>e2")}</subProcess>'
        )
        inside = (
            f'<subProcess id="y"><startEvent id="s3"/><endEvent id="e3"/>{handler}{flows("s3>e3")}'
        )

        assert told(START, handler, END, flows("s>e"), before=MESSAGE) == []
        assert told(START, f"{inside}</subProcess>", END, flows("s>y>e"), before=MESSAGE) == []


class TestFlows:
    """A flow goes from node to node within one scope."""

    def test_a_flow_into_a_start_event_is_told(self) -> None:
        assert ("flow-crosses-scope", "a_s") in told(
            START, '<manualTask id="a"/>', END, flows("s>a>e", "a>s")
        )

    def test_a_flow_out_of_an_end_event_is_told(self) -> None:
        assert ("dead-end", "e") in told(START, '<manualTask id="a"/>', END, flows("s>e>a", "a>e"))

    def test_a_flow_to_what_is_no_node_is_told(self) -> None:
        data = '<dataObject id="d"/>'
        lost = '<sequenceFlow id="lost" sourceRef="s" targetRef="d"/>'

        assert ("flow-crosses-scope", "lost") in told(START, data, END, lost, flows("s>e"))

    def test_an_event_gateway_with_one_event_is_told(self) -> None:
        parts = '<eventBasedGateway id="g"/><receiveTask id="r" messageRef="m"/>'

        assert told(START, parts, END, flows("s>g>r>e"), before=MESSAGE) == [("event-gateway", "g")]

    def test_an_event_that_is_also_entered_from_elsewhere_is_told(self) -> None:
        parts = (
            '<eventBasedGateway id="g"/><receiveTask id="r" messageRef="m"/>'
            '<receiveTask id="q" messageRef="m"/><manualTask id="a"/>'
        )
        found = told(START, parts, END, flows("s>g>r>e", "g>q>a>r"), before=MESSAGE)

        assert ("event-gateway", "r") in found


class TestActivities:
    """An activity says all that it needs."""

    @pytest.mark.parametrize(
        "loop",
        ["<multiInstanceLoopCharacteristics/>", "<standardLoopCharacteristics/>"],
    )
    def test_a_loop_without_a_number_is_told(self, loop: str) -> None:
        task = f'<manualTask id="a">{loop}</manualTask>'

        assert told(START, task, END, flows("s>a>e")) == [("incomplete-task", "a")]

    def test_what_bpmn_or_the_platform_does_not_run_is_told(self) -> None:
        parts = (
            '<receiveTask id="r" messageRef="m" instantiate="true"/>',
            '<manualTask id="q" startQuantity="2"/>',
            '<boundaryEvent id="b" attachedToRef="q"/>',
        )
        found = told(START, *parts, END, flows("s>r>q>e", "b>e"), before=MESSAGE)

        assert [f for f in found if f[0] == "not-executable"] == [
            ("not-executable", "r"),
            ("not-executable", "q"),
            ("not-executable", "b"),
        ]

    @pytest.mark.parametrize(
        ("mark", "kind"), [("", "multiple"), ('parallelMultiple="true"', "parallelMultiple")]
    )
    def test_multiple_events_are_told_apart(self, mark: str, kind: str) -> None:
        both = "<signalEventDefinition signalRef='g'/><messageEventDefinition messageRef='m'/>"
        inside = f'<startEvent id="i" {mark}>{both}</startEvent><endEvent id="o"/>'
        inside += flows("i>o")
        sub = f'<subProcess id="sub">{inside}</subProcess>'
        (finding,) = lint(
            drawn(
                START, sub, END, flows("s>sub>e"), before=f'{MESSAGE}<signal id="g" name="stop"/>'
            )
        )

        assert (finding.rule, finding.element) == ("not-executable", "i")
        assert f"a {kind} event as sub-process start" in finding.en

    @pytest.mark.parametrize("behaviour", ["None", "One", "Complex"])
    def test_a_multi_instance_that_does_not_say_what_it_throws_is_told(
        self, behaviour: str
    ) -> None:
        loop = (
            f'<multiInstanceLoopCharacteristics behavior="{behaviour}"><loopCardinality>2'
            "</loopCardinality></multiInstanceLoopCharacteristics>"
        )
        task = f'<manualTask id="a">{loop}</manualTask>'

        assert told(START, task, END, flows("s>a>e")) == [("not-executable", "a")]

    @pytest.mark.parametrize(("waits", "expected"), [("true", 0), ("false", 1)])
    def test_compensation_that_is_not_waited_for_is_told(self, waits: str, expected: int) -> None:
        throw = (
            '<intermediateThrowEvent id="t"><compensateEventDefinition '
            f'waitForCompletion="{waits}"/></intermediateThrowEvent>'
        )

        assert told(START, throw, END, flows("s>t>e")) == [("not-executable", "t")] * expected

    def test_bpmns_own_words_for_who_works_are_told_to_have_no_effect(self) -> None:
        task = '<userTask id="a"><potentialOwner/><performer/></userTask>'
        found = lint(drawn(START, task, END, flows("s>a>e")))

        assert [(f.rule, f.element, f.severity) for f in found] == [
            ("extension-ignored", "a", Severity.WARNING)
        ] * 2

    def test_a_correlation_subscription_is_told_to_have_no_effect(self) -> None:
        subscribed = '<correlationSubscription correlationKeyRef="k"/>'
        found = lint(drawn(START, END, flows("s>e"), subscribed))

        assert [(f.rule, f.element, f.severity) for f in found] == [
            ("extension-ignored", "p", Severity.WARNING)
        ]

    def test_what_has_no_effect_is_told_as_a_warning(self) -> None:
        part = "<extensionElements><camunda:formData/></extensionElements>"
        found = lint(drawn(START, f'<manualTask id="a">{part}</manualTask>', END, flows("s>a>e")))

        assert [(f.rule, f.element, f.severity) for f in found] == [
            ("extension-ignored", "a", Severity.WARNING)
        ]


class TestDrawings:
    """A process that is marked not executable is only shown; others are not."""

    def test_a_shown_pool_beside_one_that_runs_is_a_warning_and_no_more(self) -> None:
        shown = '<process id="shown" isExecutable="false"><scriptTask id="x"/></process>'
        (finding,) = lint(drawn(START, END, flows("s>e"), before=shown))

        assert (finding.rule, finding.element) == ("not-marked-executable", "shown")
        assert finding.severity is Severity.WARNING


@pytest.mark.skipif(not MIWG.is_dir(), reason="shared/data/bpmn-miwg is not here")
class TestReferenceFilesOfOthers:
    """The reference diagrams of the BPMN MIWG are checked without a crash."""

    @pytest.mark.parametrize("file", sorted(MIWG.glob("*.bpmn")), ids=lambda file: file.stem)
    def test_each_finding_names_an_element_of_the_file_and_its_line(self, file: Path) -> None:
        diagram = read_diagram(file.read_bytes(), name=file.name)
        ids = {str(e.get("id")) for e in diagram.root.iter("{*}*") if e.get("id")}
        length = len(file.read_text(encoding="utf-8").splitlines())

        found = lint(diagram)
        assert {f.element for f in found} <= ids
        assert all(0 < f.line <= length for f in found)
