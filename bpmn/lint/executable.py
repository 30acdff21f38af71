"""What of BPMN 2.0 the runtime executes. This is the one place that says so.

The runtime is widened cell by cell; whoever adds a behaviour with its tests changes its cell here.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from bpmn.lint.graph import interrupts
from bpmn.reading import Node, Process


class Verdict(StrEnum):
    """What becomes of an element."""

    RUNS = "runs"
    NOT_YET = "not yet"
    NOT_BPMN = "not BPMN"
    NEVER = "never"


class Position(StrEnum):
    """Where an event stands."""

    START = "start"
    SUBPROCESS_START = "sub-process start"
    EVENT_SUBPROCESS = "event sub-process start"
    EVENT_SUBPROCESS_NON_INTERRUPTING = "event sub-process start, non-interrupting"
    CATCH = "intermediate catch"
    THROW = "intermediate throw"
    BOUNDARY = "boundary"
    BOUNDARY_NON_INTERRUPTING = "boundary, non-interrupting"
    END = "end"


POSITIONS_ZH: Mapping[Position, str] = MappingProxyType(
    {
        Position.START: "开始事件",
        Position.SUBPROCESS_START: "子流程的开始事件",
        Position.EVENT_SUBPROCESS: "事件子流程的开始事件",
        Position.EVENT_SUBPROCESS_NON_INTERRUPTING: "事件子流程的非中断开始事件",
        Position.CATCH: "中间捕获事件",
        Position.THROW: "中间抛出事件",
        Position.BOUNDARY: "边界事件",
        Position.BOUNDARY_NON_INTERRUPTING: "非中断边界事件",
        Position.END: "结束事件",
    }
)

KINDS_ZH: Mapping[str, str] = MappingProxyType(
    {
        "none": "无触发器",
        "message": "消息",
        "timer": "定时",
        "signal": "信号",
        "conditional": "条件",
        "error": "错误",
        "escalation": "升级",
        "cancel": "取消",
        "compensate": "补偿",
        "link": "链接",
        "terminate": "终止",
        "multiple": "多重",
        "parallelMultiple": "并行多重",
    }
)

# One letter a position, in the order of Position: start, sub-process start, event sub-process
# start, the same non-interrupting, catch, throw, boundary, the same non-interrupting, end.
# r runs, l the runtime does not take it yet, - BPMN does not allow it there (OMG 2.0.2, 10.5).
_EVENTS: Mapping[str, str] = MappingProxyType(
    {
        "none": "rr---r--r",
        "message": "r-rrrrrrr",
        "timer": "r-rrr-rr-",
        "signal": "r-rrrrrrr",
        "conditional": "r-rrr-rr-",
        "error": "--r---r-r",
        "escalation": "--rr-rrrr",
        "cancel": "------r-r",
        "compensate": "--r--rr-r",
        "link": "----rr---",
        "terminate": "--------r",
        "multiple": "r-rrrrrrr",
        "parallelMultiple": "r-rrr-rr-",
    }
)
_LETTERS = MappingProxyType(
    {"r": Verdict.RUNS, "l": Verdict.NOT_YET, "-": Verdict.NOT_BPMN, "n": Verdict.NEVER}
)

EVENTS: Mapping[tuple[str, Position], Verdict] = MappingProxyType(
    {
        (kind, position): _LETTERS[letter]
        for kind, letters in _EVENTS.items()
        for position, letter in zip(Position, letters, strict=True)
    }
)

NODES: Mapping[str, Verdict] = MappingProxyType(
    {
        "task": Verdict.RUNS,
        "userTask": Verdict.RUNS,
        "manualTask": Verdict.RUNS,
        "serviceTask": Verdict.RUNS,
        "sendTask": Verdict.RUNS,
        "receiveTask": Verdict.RUNS,
        "businessRuleTask": Verdict.RUNS,
        "scriptTask": Verdict.NEVER,
        "callActivity": Verdict.RUNS,
        "subProcess": Verdict.RUNS,
        "transaction": Verdict.RUNS,
        "adHocSubProcess": Verdict.RUNS,
        "exclusiveGateway": Verdict.RUNS,
        "parallelGateway": Verdict.RUNS,
        "inclusiveGateway": Verdict.RUNS,
        "eventBasedGateway": Verdict.RUNS,
        "complexGateway": Verdict.RUNS,
        "choreographyTask": Verdict.NEVER,
        "subChoreography": Verdict.NEVER,
        "callChoreography": Verdict.NEVER,
        "implicitThrowEvent": Verdict.NEVER,
    }
)

NODES_ZH: Mapping[str, str] = MappingProxyType(
    {
        "scriptTask": "脚本任务",
        "choreographyTask": "编排任务",
        "subChoreography": "子编排",
        "callChoreography": "调用编排",
        "implicitThrowEvent": "隐式抛出事件",
    }
)

LOOPS: Mapping[str, Verdict] = MappingProxyType(
    {
        "standard": Verdict.RUNS,
        "parallel": Verdict.RUNS,
        "sequential": Verdict.RUNS,
    }
)

INSTANTIATING_GATEWAY = Verdict.RUNS
COMPENSATION_ACTIVITY = Verdict.RUNS


def kind_of(node: Node) -> str:
    """Return the kind of an event: that of its one definition, 'none', or a multiple one."""
    if len(node.event_definitions) == 1:
        return node.event_definitions[0].kind
    if not node.event_definitions:
        return "none"
    several = node.attributes.get("parallelMultiple") in ("true", "1")
    return "parallelMultiple" if several else "multiple"


def position_of(node: Node, process: Process) -> Position:
    """Return where the event `node` stands."""
    if node.type == "startEvent":
        scope = process.nodes.get(node.scope)
        if scope is None:
            return Position.START
        if not scope.is_event_subprocess:
            return Position.SUBPROCESS_START
        if interrupts(scope, process):
            return Position.EVENT_SUBPROCESS
        return Position.EVENT_SUBPROCESS_NON_INTERRUPTING
    if node.type == "boundaryEvent":
        return Position.BOUNDARY if node.cancel_activity else Position.BOUNDARY_NON_INTERRUPTING
    return {
        "intermediateCatchEvent": Position.CATCH,
        "intermediateThrowEvent": Position.THROW,
        "endEvent": Position.END,
    }[node.type]
