"""Every element runs as BPMN says, or the diagram is refused."""

from collections.abc import Iterator

from bpmn.findings import Finding
from bpmn.lint.context import Context, error, title
from bpmn.lint.executable import (
    COMPENSATION_ACTIVITY,
    EVENTS,
    INSTANTIATING_GATEWAY,
    KINDS_ZH,
    LOOPS,
    NODES,
    NODES_ZH,
    POSITIONS_ZH,
    Verdict,
    kind_of,
    position_of,
)
from bpmn.reading import EVENT_TYPES, Diagram, Loop, Node, Process, loop_events

RULE = "not-executable"

_FALSE = ("false", "0")
_THROWN_BY_LOOPS = ("message", "signal", "escalation")
_REMEDY = {
    Verdict.NOT_YET: (
        "本平台尚不能执行。请改用能执行的元素。",
        "the platform does not run it yet. Draw it with elements that run.",
    ),
    Verdict.NOT_BPMN: (
        "BPMN 2.0 不允许放在这里。请改用其他事件或位置。",
        "BPMN 2.0 does not allow it there. Use another event or another place.",
    ),
    Verdict.NEVER: (
        "本平台不执行。请改用用户任务、外部服务任务或决策表。",
        "the platform never runs it. Use a user task, an external service task or a decision.",
    ),
}


def check(diagram: Diagram, _: Context) -> Iterator[Finding]:
    """Yield a finding for each element that would not run as it is drawn."""
    for process in diagram.processes.values():
        for node in process.nodes.values():
            for verdict, zh, en in _verdicts(process, node):
                if verdict is not Verdict.RUNS:
                    remedy_zh, remedy_en = _REMEDY[verdict]
                    yield error(
                        diagram,
                        RULE,
                        node,
                        f"{title(node)}：{zh}，{remedy_zh}",
                        f"{title(node)}: {en}: {remedy_en}",
                    )


def _verdicts(process: Process, node: Node) -> Iterator[tuple[Verdict, str, str]]:
    if node.type in EVENT_TYPES:
        kind, position = kind_of(node), position_of(node, process)
        yield (
            EVENTS[kind, position],
            f"{KINDS_ZH[kind]}{POSITIONS_ZH[position]}",
            f"a {kind} event as {position}",
        )
        if any(d.element.get("waitForCompletion") in _FALSE for d in node.event_definitions):
            yield Verdict.NOT_YET, "不等待完成的补偿", "compensation that is not waited for"
        return
    yield NODES[node.type], NODES_ZH.get(node.type, node.type), f"a {node.type}"
    if node.loop is not None:
        yield LOOPS[node.loop.kind], "标准循环", "a standard loop"
        yield from _behaviours(node.loop)
    if node.is_compensation:
        yield COMPENSATION_ACTIVITY, "补偿活动", "a compensation activity"
    if node.attributes.get("instantiate") in ("true", "1"):
        inside = bool(node.incoming) or node.scope != process.id
        yield (
            Verdict.NOT_BPMN if inside else INSTANTIATING_GATEWAY,
            "在流程中间启动流程的网关或接收任务" if inside else "启动流程的网关或接收任务",
            "an instantiating element in the midst of a process",
        )
    for quantity in ("startQuantity", "completionQuantity"):
        if node.attributes.get(quantity, "1") != "1":
            yield Verdict.NOT_YET, f"{quantity} 不为 1", f"{quantity} other than 1"


def _behaviours(loop: Loop) -> Iterator[tuple[Verdict, str, str]]:
    for event in loop_events(loop):
        if event.definition is None or event.definition.kind not in _THROWN_BY_LOOPS:
            en = (
                f"the multi-instance behavior {event.when} without the definition of a message, "
                "a signal or an escalation"
            )
            zh = f"没有引用消息、信号或升级事件定义的多实例行为事件（behavior={event.when}）"
            yield Verdict.NEVER, zh, en
