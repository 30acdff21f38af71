"""流程图须与流程的规定一致：表单、角色、期限、条款、申辩与申诉。"""

from dataclasses import replace
from pathlib import Path

import pytest

from bpmn.findings import Finding
from bpmn.lint import Facts, lint, lint_procedure
from bpmn.reading import Diagram, read_diagram

DIAGRAMS = Path(__file__).parent / "procedures"
FACTS = Facts(
    forms=frozenset({"assess"}),
    lanes=frozenset({"调查组"}),
    deadlines=frozenset({"DL-1"}),
    documents=frozenset({"decision-letter"}),
    mandatory=frozenset({"defence", "collective_decision"}),
)
EXPECTED = {
    "deadline-unknown": ("assess", 5),
    "document-unknown": ("assess", 5),
    "lane-without-role": ("lane_team", 5),
    "mandatory-signed-by-one": ("assess", 5),
    "mandatory-step": ("decide", 6),
    "sanction-without-appeal": ("sanction", 7),
    "sanction-without-defence": ("decide", 7),
    "task-without-article": ("assess", 5),
    "task-without-form": ("assess", 5),
    "timer-without-deadline": ("wait", 5),
}


def diagram(rule: str, name: str) -> Diagram:
    return read_diagram((DIAGRAMS / rule / f"{name}.bpmn").read_bytes(), name=f"{name}.bpmn")


def told(found: list[Finding]) -> list[tuple[str, str, int]]:
    return [(f.rule, f.element, f.line) for f in found]


class TestEachRule:
    """A rule finds what breaks it, where it stands, and leaves its good twin alone."""

    @pytest.mark.parametrize("rule", EXPECTED)
    def test_the_bad_diagram_is_told_and_the_good_one_is_not(self, rule: str) -> None:
        facts = (
            replace(FACTS, mandatory=frozenset()) if rule == "sanction-without-defence" else FACTS
        )

        assert told(lint_procedure(diagram(rule, "bad"), facts)) == [(rule, *EXPECTED[rule])]
        assert lint_procedure(diagram(rule, "good"), facts) == []

    @pytest.mark.parametrize("rule", EXPECTED)
    def test_both_diagrams_run(self, rule: str) -> None:
        assert lint(diagram(rule, "bad")) == []
        assert lint(diagram(rule, "good")) == []

    def test_every_folder_of_diagrams_is_looked_at(self) -> None:
        assert {folder.name for folder in DIAGRAMS.iterdir()} == set(EXPECTED)


class TestExemption:
    """An exemption is stated by rule, by element, or by the flow over which paths may pass."""

    @pytest.mark.parametrize(
        "exempt",
        [
            "sanction-without-appeal",
            "sanction-without-appeal:sanction",
            "sanction-without-appeal:ask_to_end",
        ],
    )
    def test_what_is_exempt_is_not_told(self, exempt: str) -> None:
        facts = replace(FACTS, exempt=frozenset({exempt}))

        assert lint_procedure(diagram("sanction-without-appeal", "bad"), facts) == []

    @pytest.mark.parametrize(
        "exempt", ["sanction-without-appeal:decide", "sanction-without-appeal:start_to_hear"]
    )
    def test_what_another_exemption_names_is_told(self, exempt: str) -> None:
        facts = replace(FACTS, exempt=frozenset({exempt}))

        assert len(lint_procedure(diagram("sanction-without-appeal", "bad"), facts)) == 1


NAMESPACES = (
    'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="https://wenze.example"'
)


def drawn(*parts: str, flows: str) -> Diagram:
    """Return a diagram of these nodes; `flows` is `a>b>c d>e`."""
    arrows = [
        f'<sequenceFlow id="{a}_{b}" sourceRef="{a}" targetRef="{b}"/>'
        for path in flows.split()
        for a, b in zip(path.split(">"), path.split(">")[1:], strict=False)
    ]
    body = "\n".join((*parts, *arrows))
    content = f"<definitions {NAMESPACES}>\n<process id='p'>{body}</process></definitions>"
    return read_diagram(content.encode(), name="drawn")


def step(identity: str, tag: str = "manualTask", attributes: str = "", **properties: str) -> str:
    inner = "".join(
        f'<camunda:property name="{k}" value="{v}"/>'
        for k, v in {"article": "a", **properties}.items()
    )
    return (
        f'<{tag} id="{identity}" {attributes}><extensionElements><camunda:properties>{inner}'
        f"</camunda:properties></extensionElements></{tag}>"
    )


DECIDE = step("decide", act="collective")
START, END = '<startEvent id="s"/>', '<endEvent id="e"/>'


def rules(found: Diagram, *, mandatory: str = "") -> list[str]:
    facts = Facts(mandatory=frozenset(mandatory.split()))
    return [finding.rule for finding in lint_procedure(found, facts)]


class TestEveryPathCounts:
    """A defence must lie on every path to the decision; an appeal must be open after it."""

    def test_a_defence_in_one_of_two_parallel_branches_lies_on_every_path(self) -> None:
        found = drawn(
            START,
            '<parallelGateway id="split"/>',
            step("hear", provides="defence"),
            step("collect"),
            '<parallelGateway id="join"/>',
            DECIDE,
            step("appeal", provides="appeal"),
            END,
            flows="s>split>hear>join split>collect>join>decide>appeal>e",
        )

        assert rules(found) == []

    def test_a_defence_that_is_cut_off_is_none(self) -> None:
        found = drawn(
            START,
            step("hear", provides="defence"),
            '<boundaryEvent id="late" attachedToRef="hear"/>',
            DECIDE,
            step("appeal", provides="appeal"),
            END,
            flows="s>hear>decide late>decide>appeal>e",
        )

        assert rules(found, mandatory="defence") == ["sanction-without-defence", "mandatory-step"]

    def test_an_appeal_that_an_event_gateway_or_a_boundary_event_opens_is_offered(self) -> None:
        window = drawn(
            START,
            step("hear", provides="defence"),
            DECIDE,
            '<eventBasedGateway id="window"/>',
            '<intermediateCatchEvent id="filed"/>',
            '<intermediateCatchEvent id="over"/>',
            step("appeal", provides="appeal"),
            END,
            flows="s>hear>decide>window>filed>appeal>e window>over>e",
        )
        boundary = drawn(
            START,
            step("hear", provides="defence"),
            DECIDE,
            step("carry_out"),
            '<boundaryEvent id="filed" attachedToRef="carry_out"/>',
            step("appeal", provides="appeal"),
            END,
            flows="s>hear>decide>carry_out>e filed>appeal>e",
        )

        assert rules(window) == rules(boundary) == []

    def test_what_is_only_offered_is_not_passed(self) -> None:
        found = drawn(
            START,
            step("hear", provides="defence"),
            DECIDE,
            '<eventBasedGateway id="window" />',
            '<intermediateCatchEvent id="filed"/>',
            '<intermediateCatchEvent id="over"/>',
            step("appeal", provides="appeal", mandatory="service"),
            END,
            flows="s>hear>decide>window>filed>appeal>e window>over>e",
        )

        assert rules(found, mandatory="service") == ["mandatory-step"]

    def test_a_mandatory_step_may_follow_in_one_of_two_parallel_branches(self) -> None:
        found = drawn(
            START,
            step("hear", provides="defence"),
            DECIDE,
            '<parallelGateway id="split"/>',
            step("serve", mandatory="service", provides="appeal"),
            step("archive"),
            END,
            flows="s>hear>decide>split>serve>e split>archive>e",
        )

        assert rules(found, mandatory="service") == []

    def test_a_decision_within_a_sub_process_is_heard_by_what_came_before_it(self) -> None:
        found = drawn(
            START,
            step("hear", provides="defence"),
            '<subProcess id="deliberate"><startEvent id="s2"/>'
            f'{DECIDE}<endEvent id="e2"/><sequenceFlow id="a" sourceRef="s2" targetRef="decide"/>'
            '<sequenceFlow id="b" sourceRef="decide" targetRef="e2"/></subProcess>',
            step("appeal", provides="appeal"),
            END,
            flows="s>hear>deliberate>appeal>e",
        )

        assert rules(found) == []

    def test_the_decision_on_an_appeal_needs_no_second_defence(self) -> None:
        found = drawn(
            START, step("decide", act="collective", decision="appeal"), END, flows="s>decide>e"
        )

        assert rules(found) == []


class TestWhatIsNotThere:
    """What is missing altogether is told as such."""

    def test_a_user_task_without_any_form_is_told(self) -> None:
        assert rules(drawn(START, step("ask", "userTask"), END, flows="s>ask>e")) == [
            "task-without-form"
        ]

    def test_a_form_that_is_chosen_by_an_expression_is_left_to_the_run(self) -> None:
        ask = step("ask", "userTask", 'camunda:formRef="=policy.form"')

        assert rules(drawn(START, ask, END, flows="s>ask>e")) == []

    def test_a_key_by_expression_is_left_to_the_run(self) -> None:
        ask = step("ask", deadline="=policy.deadline", document="=policy.document")

        assert rules(drawn(START, ask, END, flows="s>ask>e")) == []

    def test_a_lane_whose_members_are_all_in_inner_lanes_needs_no_role(self) -> None:
        lanes = (
            '<laneSet id="l"><lane id="outer" name="机关"><flowNodeRef>ask</flowNodeRef>'
            '<childLaneSet id="c"><lane id="inner" name="科"><flowNodeRef>ask</flowNodeRef></lane>'
            "</childLaneSet></lane></laneSet>"
        )
        found = drawn(lanes, START, step("ask"), END, flows="s>ask>e")

        assert [f.element for f in lint_procedure(found, Facts())] == ["inner"]
