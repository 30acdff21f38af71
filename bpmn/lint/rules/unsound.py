"""What is drawn can always come to its end, and no branch overtakes itself."""

from collections.abc import Iterator

from bpmn.findings import Finding
from bpmn.lint.context import Context, error, title, warning
from bpmn.lint.graph import reachable, successors
from bpmn.lint.soundness import Space, play
from bpmn.reading import Diagram, Process

DEADLOCK = "deadlock"
LIVELOCK = "livelock"
DOUBLED = "missing-synchronisation"
BOUND = "state-space-bound"


def check(diagram: Diagram, _: Context) -> Iterator[Finding]:
    """Yield what the token game shows for each scope: deadlock, livelock, doubled tokens."""
    for process in diagram.processes.values():
        for scope in process.scopes():
            yield from _told(diagram, process, scope, play(process, scope))


def _told(diagram: Diagram, process: Process, scope: str, space: Space) -> Iterator[Finding]:
    for node_id, empty in space.deadlocks.items():
        node = process.nodes[node_id]
        flows = "、".join(empty)
        yield error(
            diagram,
            DEADLOCK,
            node,
            f"{title(node)} 可能永远等不到顺序流 {flows} 上的令牌，案件会停在这里。"
            "请使汇聚网关与前面的分支网关类型一致。",
            f"{title(node)} may wait for ever for a token on {', '.join(empty)}, which would stop "
            "the case. Let the join be of the kind of the split before it.",
        )
    if space.endless:
        edges = successors(process)
        turning = [n for n in space.endless if n in reachable(edges[n], edges)]
        first = min(turning or space.endless, key=list(process.nodes).index)
        node = process.nodes[first]
        yield error(
            diagram,
            LIVELOCK,
            node,
            f"从 {title(node)} 起只会一直循环，到不了结束事件。请加一条离开循环的路径。",
            f"From {title(node)} on it turns for ever and reaches no end. Add a way out of the "
            "loop.",
        )
    for node_id in sorted(space.doubled, key=list(process.nodes).index):
        node = process.nodes[node_id]
        yield warning(
            diagram,
            DOUBLED,
            node,
            f"{title(node)} 之后可能同时有两个令牌，后面的步骤会做两遍。"
            "若并非本意，请在此前用并行或包容网关汇聚。",
            f"After {title(node)} two tokens may be under way at once and what follows be done "
            "twice. Join them before with a parallel or an inclusive gateway if that is not meant.",
        )
    if not space.is_whole:
        place = process.nodes.get(scope, process)
        yield warning(
            diagram,
            BOUND,
            place,
            f"{scope} 的状态空间过大，只检查了 {space.states} 个状态，未能排除所有重复执行。"
            "请拆成子流程。",
            f"The state space of {scope} is too large; {space.states} states were looked at and "
            "not every doubled step is ruled out. Split it into sub-processes.",
        )
