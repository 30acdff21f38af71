"""BPMN 2.0 的每种元素、每种事件、每个位置：能执行，或被拒绝，没有第三种。

The table in `bpmn.lint.executable` is held to the runtime: what it says runs, the runtime builds
and lint lets pass; all else lint refuses.
"""

from typing import ClassVar

import pytest

from bpmn import compile_definition
from bpmn.findings import Severity
from bpmn.lint import lint
from bpmn.lint.executable import EVENTS, NODES, NODES_ZH, Position, Verdict, kind_of, position_of
from bpmn.reading import NODE_TYPES, Diagram
from tests.bpmn.lint.drawing import drawn, flows

DECLARED = (
    '<message id="m" name="m"/><signal id="g" name="g"/>'
    '<error id="er" name="er" errorCode="E"/><escalation id="es" name="es" escalationCode="S"/>'
)
DEFINITIONS = {
    "none": "",
    "message": '<messageEventDefinition messageRef="m"/>',
    "timer": "<timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition>",
    "signal": '<signalEventDefinition signalRef="g"/>',
    "conditional": (
        '<conditionalEventDefinition><condition xsi:type="tFormalExpression">x</condition>'
        "</conditionalEventDefinition>"
    ),
    "error": '<errorEventDefinition errorRef="er"/>',
    "escalation": '<escalationEventDefinition escalationRef="es"/>',
    "cancel": "<cancelEventDefinition/>",
    "compensate": "<compensateEventDefinition/>",
    "link": '<linkEventDefinition name="L"/>',
    "terminate": "<terminateEventDefinition/>",
}
DEFINITIONS["multiple"] = DEFINITIONS["message"] + DEFINITIONS["signal"]
DEFINITIONS["parallelMultiple"] = DEFINITIONS["multiple"]

TRANSACTION = '<transaction id="t"><manualTask id="i"/></transaction>'
START, TASK, END = '<startEvent id="s"/>', '<manualTask id="t"/>', '<endEvent id="e"/>'
LINKED = {
    Position.CATCH: (
        f'<intermediateThrowEvent id="l">{DEFINITIONS["link"]}</intermediateThrowEvent>',
        "s>l x>e",
    ),
    Position.THROW: (
        f'<intermediateCatchEvent id="l">{DEFINITIONS["link"]}</intermediateCatchEvent>',
        "s>x l>e",
    ),
}


def event(kind: str, position: Position) -> Diagram:
    """Return a diagram with the event `x` of this kind at this position."""
    several = 'parallelMultiple="true"' if kind == "parallelMultiple" else ""
    within = DEFINITIONS[kind]
    interrupts = str("non-interrupting" not in position).lower()

    def tag(name: str, attributes: str = "") -> str:
        return f'<{name} id="x" {attributes}>{within}</{name}>'

    parts: tuple[str, ...]
    match position:
        case Position.START:
            parts, paths = (tag("startEvent", several), TASK, END), "x>t>e"
        case Position.SUBPROCESS_START:
            inside = f'{tag("startEvent", several)}<endEvent id="e1"/>{flows("x>e1")}'
            parts, paths = (START, f'<subProcess id="t">{inside}</subProcess>', END), "s>t>e"
        case Position.EVENT_SUBPROCESS | Position.EVENT_SUBPROCESS_NON_INTERRUPTING:
            start = tag("startEvent", f'isInterrupting="{interrupts}" {several}')
            inside = f'{start}<endEvent id="e1"/>{flows("x>e1")}'
            handler = f'<subProcess id="h" triggeredByEvent="true">{inside}</subProcess>'
            parts, paths = (START, TASK, END, handler), "s>t>e"
        case Position.BOUNDARY | Position.BOUNDARY_NON_INTERRUPTING:
            attached = f'attachedToRef="t" cancelActivity="{interrupts}" {several}'
            parts, paths = (START, TASK, END, tag("boundaryEvent", attached)), "s>t>e x>e"
            if kind == "cancel":
                parts = (START, TRANSACTION, END, tag("boundaryEvent", attached))
            if kind == "compensate":  # it has no flow out: an association names what undoes
                undoes = '<manualTask id="u" isForCompensation="true"/>'
                joined = '<association id="a" sourceRef="x" targetRef="u"/>'
                parts, paths = (*parts, undoes), "s>t>e"
                return drawn(*parts, flows(*paths.split()), joined, before=DECLARED)
        case Position.CATCH | Position.THROW:
            name = "Catch" if position is Position.CATCH else "Throw"
            mark = several if position is Position.CATCH else ""
            parts, paths = (START, tag(f"intermediate{name}Event", mark), END), "s>x>e"
            if kind == "link":
                other, paths = LINKED[position]
                parts = (*parts, other)
        case _:
            parts, paths = (START, tag("endEvent")), "s>x"
            if kind == "cancel":
                inside = f'<startEvent id="s1"/>{tag("endEvent")}{flows("s1>x")}'
                cancelled = '<boundaryEvent id="b" attachedToRef="t"><cancelEventDefinition/>'
                parts = (
                    START, f'<transaction id="t">{inside}</transaction>',
                    f"{cancelled}</boundaryEvent>", END,
                )  # fmt: skip
                paths = "s>t>e b>e"
    return drawn(*parts, flows(*paths.split()), before=DECLARED)


def refused(diagram: Diagram) -> set[tuple[str, str]]:
    return {(f.rule, f.element) for f in lint(diagram) if f.severity is Severity.ERROR}


# An event that throws has no mark for parallel: several of its definitions are all thrown.
CELLS = [
    cell
    for cell in EVENTS
    if not (cell[0] == "parallelMultiple" and cell[1] in (Position.THROW, Position.END))
]


class TestEvents:
    """Each kind of event at each position."""

    @pytest.mark.parametrize(("kind", "position"), CELLS)
    def test_a_cell_of_the_table_is_what_the_diagram_holds(
        self, kind: str, position: Position
    ) -> None:
        process = event(kind, position).processes["p"]

        assert kind_of(process.nodes["x"]) == kind
        assert position_of(process.nodes["x"], process) is position

    @pytest.mark.parametrize(
        ("kind", "position"), [cell for cell in CELLS if EVENTS[cell] is Verdict.RUNS]
    )
    def test_what_runs_passes_lint_and_is_built(self, kind: str, position: Position) -> None:
        diagram = event(kind, position)

        assert refused(diagram) == set()
        assert ("p", "x") in compile_definition({"p.bpmn": diagram.content}, "p").elements

    @pytest.mark.parametrize(
        ("kind", "position"), [cell for cell in CELLS if EVENTS[cell] is not Verdict.RUNS]
    )
    def test_what_does_not_run_is_refused_by_its_id(self, kind: str, position: Position) -> None:
        assert ("not-executable", "x") in refused(event(kind, position))


class TestNodes:
    """Each kind of activity and gateway."""

    NEEDS: ClassVar[dict[str, str]] = {
        "serviceTask": 'camunda:type="external" camunda:topic="x"',
        "sendTask": 'messageRef="m"',
        "receiveTask": 'messageRef="m"',
        "callActivity": 'calledElement="p"',
        "choreographyTask": 'initiatingParticipantRef="a"',
        "subChoreography": 'initiatingParticipantRef="a"',
        "callChoreography": 'initiatingParticipantRef="a"',
        "businessRuleTask": 'camunda:type="external" camunda:topic="x"',
    }
    FOLLOWED: ClassVar[dict[str, tuple[str, str]]] = {
        "eventBasedGateway": (
            '<receiveTask id="r" messageRef="m"/><receiveTask id="q" messageRef="m"/>',
            "s>x>r>e x>q>e",
        )
    }

    def drawn(self, kind: str) -> Diagram:
        more, paths = self.FOLLOWED.get(kind, ("", "s>x>e"))
        inside = "<manualTask id='i'/>" if kind in {"subProcess", "transaction"} else ""
        if "horeography" in kind:
            inside = "<participantRef>a</participantRef><participantRef>b</participantRef>"
            if kind == "choreographyTask":
                inside = f"{inside}<messageFlowRef>f</messageFlowRef>"
        node = f'<{kind} id="x" {self.NEEDS.get(kind, "")}>{inside}</{kind}>'
        return drawn(START, node, more, END, flows(*paths.split()), before=DECLARED)

    @pytest.mark.parametrize("kind", [kind for kind, v in NODES.items() if v is Verdict.RUNS])
    def test_what_runs_passes_lint_and_is_built(self, kind: str) -> None:
        diagram = self.drawn(kind)

        assert refused(diagram) == set()
        assert ("p", "x") in compile_definition({"p.bpmn": diagram.content}, "p").elements

    @pytest.mark.parametrize("kind", [kind for kind, v in NODES.items() if v is not Verdict.RUNS])
    def test_what_does_not_run_is_refused_by_its_id(self, kind: str) -> None:
        assert ("not-executable", "x") in refused(self.drawn(kind))

    def test_every_kind_of_node_that_is_read_has_its_place(self) -> None:
        events = {kind for kind in NODE_TYPES if kind.endswith("Event")}

        assert NODE_TYPES - events <= set(NODES)
        assert {kind for kind, v in NODES.items() if v is not Verdict.RUNS} == set(NODES_ZH)
