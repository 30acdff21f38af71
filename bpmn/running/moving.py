"""Moving a token to another node, back or forward, where the instance can still come to an end.

Whether it can is found by playing the token game of the level from where its tokens would stand:
activities are passed, every choice is tried, joins wait for their tokens. Data and boundary events
play no part. The search is bounded; what it cannot decide is refused.
"""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, TypeAlias

from bpmn.running.enclosing import EventSubProcess
from bpmn.running.events import Throwing
from bpmn.running.faults import CannotMove
from bpmn.running.gateways import EventBased, Exclusive, Inclusive, Joining, Parallel
from bpmn.running.levels import Run
from bpmn.running.nodes import Node, cancel, settle, spawn
from bpmn.running.tokens import Token

Marking: TypeAlias = tuple[tuple[str, str], ...]
"""Where tokens stand: node and the flow they came by, "" where that does not matter; sorted."""

MOST_MARKINGS = 20_000


def check_move(run: Run, item: Token, element: str) -> None:
    """Refuse a move from which the instance could not go on.

    Raises:
        CannotMove: There is no such node around the item, it is none that a token can be put on,
            or the instance could not come to an end from there.
    """
    token, target = _find(run, item, element)
    if not can_end(token.workflow.spec, standing_in(token.workflow, token, target.name)):
        name = target.element.name or element
        raise CannotMove(
            f"移到“{name}”后流程无法走到结束：并行分支的汇合将永远等不齐。请选择同一分支内的环节。",
            f"From {name!r} the process could not come to its end: a join would wait for ever. "
            "Choose a node of the same branch.",
        )


def standing_in(level: Any, without: Token = None, added: str = "") -> Marking:
    """Return where the tokens of a level stand, without one of them, with one more."""
    standing = [
        (other.task_spec.name, other.internal_data.get("flow", ""))
        for other in level.tokens()
        if other is not without
        and not other.task_spec.is_handler
        and other.task_spec.wrapper is None
    ]
    return _marking(level.spec, [*standing, (added, "")] if added else standing)


def move(run: Run, item: Token, element: str) -> None:
    """Cancel the token of `item` and put a new one on `element`; see `check_move`."""
    token, target = _find(run, item, element)
    level, parent = token.workflow, token.parent
    cancel(run, token)
    spawn(run, level, target.name, parent)


def check_divert(run: Run, item: Token, element: str) -> Node:
    """Return the node on which an item's token goes on once the item is completed.

    Raises:
        CannotMove: As `check_move` says, or the node stands in another level than the item, or
            the item is one turn of an activity that runs several times.
    """
    token, target = _find(run, item, element)
    if token is not item:
        name = target.element.name or element
        raise CannotMove(
            f"办结后不能直接回到“{name}”：它不在同一流程内，或本事项是多实例中的一份。请依次办理。",
            f"Once completed the item cannot go on at {name!r}: that stands in another process, "
            "or the item is one of several instances. Go on in order.",
        )
    check_move(run, item, element)
    return target


def check_cancel(item: Token) -> None:
    """Refuse to cancel a branch where nothing, or nothing that could end, would be left.

    Raises:
        CannotMove: So it is.
    """
    token = _whole(item)
    left = standing_in(token.workflow, token)
    if left and can_end(token.workflow.spec, left):
        return
    raise CannotMove(
        "撤销这一分支后，流程没有可以继续的环节，或汇合将永远等不齐。请改为移动或终止。",
        "Without this branch nothing would be left, or a join would wait for ever. Move the item, "
        "or cancel the instance.",
    )


def cancel_branch(run: Run, item: Token) -> None:
    """Cancel the token of `item`; see `check_cancel`."""
    token = _whole(item)
    level = token.workflow
    cancel(run, token)
    settle(run, level)


def check_reopen(run: Run, element: str, beside: Token | None) -> None:
    """Refuse one more token from which the instance could not come to its end.

    Raises:
        CannotMove: There is no such node, it takes no tokens, or no end could be reached.
    """
    level, target = _place(run, element, beside)
    if run.completed or not can_end(level.spec, standing_in(level, None, target.name)):
        name = target.element.name or element
        raise CannotMove(
            f"重新打开“{name}”后流程无法走到结束。请改为把事项移到那里。",
            f"With {name!r} opened again the process could not come to its end. Move an item there "
            "instead.",
        )


def reopen(run: Run, element: str, beside: Token | None) -> None:
    """Put a token on `element`; see `check_reopen`."""
    level, target = _place(run, element, beside)
    spawn(run, level, target.name, level.task_tree)


def _place(run: Run, element: str, beside: Token | None) -> tuple[Any, Node]:
    if beside is not None:
        token, target = _find(run, beside, element)
        return token.workflow, target
    found = _node_in(run, element)
    if found is None:
        raise CannotMove(
            f"流程中没有环节“{element}”。", f"There is no node {element!r} in the process."
        )
    return run, found


def _whole(item: Token) -> Token:
    """Return the token of an item's activity as a whole: its loop, where it has one."""
    return item.parent if item.task_spec.wrapper is not None else item


def _find(run: Run, item: Token, element: str) -> tuple[Token, Node]:
    token = item
    while True:
        token = _whole(token)
        level = token.workflow
        node = _node_in(level, element)
        if node is not None:
            return token, node
        if level is run:
            raise CannotMove(
                f"事项所在的流程中没有环节“{element}”。",
                f"There is no node {element!r} around the item.",
            )
        token = level.owner


def _node_in(level: Any, element: str) -> Node | None:
    """Return the node of a level that a token can be put on."""
    for node in level.spec.task_specs.values():
        if isinstance(node, Node) and node.element.id == element and node.wrapper is None:
            if _takes_tokens(level.spec, node):
                return node
            raise CannotMove(
                f"“{node.element.name or element}”不能直接到达。请选择任务、事件或排他网关。",
                f"No token can be put on {node.element.name or element!r}. "
                "Choose a task, an event or an exclusive gateway.",
            )
    return None


def _takes_tokens(plan: Any, node: Node) -> bool:
    attached = {name for spec in plan.task_specs.values() for name in _boundaries(spec)}
    joins = isinstance(node, Joining) and len(node.incoming) > 1
    undoes = {spec.compensator for spec in plan.task_specs.values() if isinstance(spec, Node)}
    return not (
        joins
        or node.hidden
        or node.name in attached
        or node.name in undoes
        or isinstance(node, EventSubProcess)
        or node.element.type == "startEvent"
    )


def _boundaries(spec: Any) -> tuple[str, ...]:
    return spec.boundaries if isinstance(spec, Node) else ()


def _marking(plan: Any, standing: list[tuple[str, str]]) -> Marking:
    return tuple(
        sorted((name, flow if _waits_for_flows(plan, name) else "") for name, flow in standing)
    )


def _waits_for_flows(plan: Any, name: str) -> bool:
    node = plan.task_specs[name]
    return isinstance(node, Joining) and len(node.incoming) > 1


def can_end(plan: Any, begin: Marking) -> bool:
    """Whether some way leads from a marking to one without tokens."""
    seen, waiting = {begin}, [begin]
    while waiting and len(seen) <= MOST_MARKINGS:
        marking = waiting.pop()
        if not marking:
            return True
        for following in _following(plan, marking):
            if following not in seen:
                seen.add(following)
                waiting.append(following)
    return False


def _following(plan: Any, marking: Marking) -> Iterator[Marking]:
    counted = Counter(marking)
    for name in {name for name, _ in marking}:
        node: Node = plan.task_specs[name]
        joins = _waits_for_flows(plan, name)
        taken = _joined(node, counted) if joins else Counter({(name, ""): 1})
        if taken is None:
            continue
        if isinstance(node, Throwing) and any(t.kind == "terminate" for t in node.thrown):
            yield ()
            continue
        rest = list((counted - taken).elements())
        for ways in _choices(node):
            yield _marking(plan, [*rest, *ways])


def _joined(node: Any, counted: Counter[tuple[str, str]]) -> Counter[tuple[str, str]] | None:
    """Return the tokens that a join consumes, or None while it has to wait."""
    here = {flow for (name, flow), _ in counted.items() if name == node.name}
    missing = set(node.incoming) - here
    if isinstance(node, Parallel) and missing:
        return None
    if isinstance(node, Inclusive):
        for name, _ in counted:
            can = node.reach.get(name, frozenset())
            if name != node.name and can & missing and not can & here:
                return None
    return Counter({(node.name, flow): 1 for flow in here})


def _choices(node: Node) -> Iterator[list[tuple[str, str]]]:
    ways = [(path.target, path.id) for path in node.paths]
    if isinstance(node, Exclusive | EventBased):
        yield from ([way] for way in ways)
        return
    yield ways
    conditional = any(path.condition is not None or path.is_default for path in node.paths)
    if len(ways) > 1 and (conditional or isinstance(node, Inclusive)):
        yield from ([way] for way in ways)
        yield from (list(pair) for pair in pairwise(ways))
