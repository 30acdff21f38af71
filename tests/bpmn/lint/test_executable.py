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
UNDO = '<manualTask id="u" isForCompensation="true"/>'
JOINED = '<association id="a" sourceRef="x" targetRef="u"/>'
# By kind and position: what stands around an event that needs company; `{}` is the event.
COMPANY = {
    ("link", Position.CATCH): (
        f'<intermediateThrowEvent id="l">{DEFINITIONS["link"]}</intermediateThrowEvent>',
        "s>l x>e",
    ),
    ("link", Position.THROW): (
        f'<intermediateCatchEvent id="l">{DEFINITIONS["link"]}</intermediateCatchEvent>',
        "s>x l>e",
    ),
    ("compensate", Position.BOUNDARY): (f"{TASK}{UNDO}", "s>t>e"),
    ("cancel", Position.BOUNDARY): (
        '<transaction id="t"><startEvent id="s1"/></transaction>',
        "s>t>e x>e",
    ),
}
HOLDERS = {
    Position.SUBPROCESS_START: '<subProcess id="t">{}<endEvent id="e1"/>{flows}</subProcess>',
    Position.EVENT_SUBPROCESS: (
        '<subProcess id="h" triggeredByEvent="true">{}<endEvent id="e1"/>{flows}</subProcess>'
    ),
}
HOLDERS[Position.EVENT_SUBPROCESS_NON_INTERRUPTING] = HOLDERS[Position.EVENT_SUBPROCESS]
TAGS = {
    Position.START: "startEvent",
    Position.SUBPROCESS_START: "startEvent",
    Position.EVENT_SUBPROCESS: "startEvent",
    Position.EVENT_SUBPROCESS_NON_INTERRUPTING: "startEvent",
    Position.CATCH: "intermediateCatchEvent",
    Position.THROW: "intermediateThrowEvent",
    Position.BOUNDARY: "boundaryEvent",
    Position.BOUNDARY_NON_INTERRUPTING: "boundaryEvent",
    Position.END: "endEvent",
}
MARKS = {
    Position.EVENT_SUBPROCESS_NON_INTERRUPTING: 'isInterrupting="false"',
    Position.BOUNDARY: 'attachedToRef="t"',
    Position.BOUNDARY_NON_INTERRUPTING: 'attachedToRef="t" cancelActivity="false"',
}
# What else stands in the process, and its flows.
AROUND = {
    Position.START: (f"{TASK}{END}", "x>t>e"),
    Position.SUBPROCESS_START: (f"{START}{END}", "s>t>e"),
    Position.EVENT_SUBPROCESS: (f"{START}{TASK}{END}", "s>t>e"),
    Position.EVENT_SUBPROCESS_NON_INTERRUPTING: (f"{START}{TASK}{END}", "s>t>e"),
    Position.CATCH: (f"{START}{END}", "s>x>e"),
    Position.THROW: (f"{START}{END}", "s>x>e"),
    Position.BOUNDARY: (f"{START}{TASK}{END}", "s>t>e x>e"),
    Position.BOUNDARY_NON_INTERRUPTING: (f"{START}{TASK}{END}", "s>t>e x>e"),
    Position.END: (START, "s>x"),
}
CANCELLED = (
    '<transaction id="t"><startEvent id="s1"/>{}<sequenceFlow id="f" sourceRef="s1" '
    'targetRef="x"/></transaction><boundaryEvent id="b" attachedToRef="t">'
    f"{DEFINITIONS['cancel']}</boundaryEvent>"
)


def event(kind: str, position: Position) -> Diagram:
    """Return a diagram with the event `x` of this kind at this position."""
    mark = MARKS.get(position, "")
    if kind == "parallelMultiple":
        mark += ' parallelMultiple="true"'
    text = f'<{TAGS[position]} id="x" {mark}>{DEFINITIONS[kind]}</{TAGS[position]}>'
    around, paths = AROUND[position]
    if position in HOLDERS:
        text = HOLDERS[position].replace("{}", text).replace("{flows}", flows("x>e1"))
    if (kind, position) == ("cancel", Position.END):
        text, around, paths = CANCELLED.replace("{}", text), f"{START}{END}", "s>t>e b>e"
    elif (kind, position) in COMPANY:
        company, paths = COMPANY[kind, position]
        around = f"{START}{END}{company}"
    joined = JOINED if UNDO in around else ""
    return drawn(around, text, flows(*paths.split()), joined, before=DECLARED)


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
        inside = (
            "<manualTask id='i'/>"
            if kind in {"subProcess", "transaction", "adHocSubProcess"}
            else ""
        )
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
        assert {kind for kind, v in NODES.items() if v is not Verdict.RUNS} <= set(NODES_ZH)
