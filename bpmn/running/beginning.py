"""How an instance begins: at a start event, an instantiating receive task or event gateway.

Each start event is independent of the others: one begins the instance, and the others play no
part in it. Source: OMG BPMN 2.0.2, 10.5.2 and 13.2; 10.6.6 (event gateway).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bpmn.running.faults import NotWaiting
from bpmn.running.firing import deliver
from bpmn.running.levels import PROCESS_SCOPE, Run
from bpmn.running.nodes import Plan, begin, listen_for_handlers, spawn
from bpmn.running.waits import WaitKind


@dataclass(frozen=True, slots=True)
class Beginnings:
    """Where an instance begins.

    Attributes:
        names: The nodes that get a token.
        message: The message that came; "" where none did.
        event: Something came for the one node: its message, timer, signal or condition.
    """

    names: tuple[str, ...]
    message: str = ""
    event: bool = False


def begin_at(plan: Plan, message: str | None, at: str | None) -> Beginnings:
    """Return where an instance begins by this message, at this element, or plainly.

    Raises:
        NotWaiting: It does not begin in this way.
    """
    if at is not None:
        if at in plan.events:
            name = plan.events[at]
            return Beginnings((name,), event=bool(plan.task_specs[name].triggers))
        raise NotWaiting(
            at,
            f"流程“{plan.process}”没有开始事件“{at}”。",
            f"The process {plan.process!r} has no start event {at!r}.",
        )
    if message is not None:
        if message in plan.messages:
            return Beginnings((plan.messages[message],), message, event=True)
        raise NotWaiting(
            message,
            f"消息“{message}”不能发起流程“{plan.process}”。",
            f"The message {message!r} does not begin the process {plan.process!r}.",
        )
    return Beginnings(_plainly(plan))


def _plainly(plan: Plan) -> tuple[str, ...]:
    names = plan.starts
    if len(names) > 1 and plan.task_specs[names[0]].element.type == "startEvent":
        ids = [plan.task_specs[name].element.id for name in names]
        raise NotWaiting(
            plan.process,
            f"流程“{plan.process}”有多个开始事件，请说明从哪个开始：{'、'.join(ids)}。",
            f"The process {plan.process!r} has several start events; say at which it begins: "
            f"{', '.join(ids)}.",
        )
    if not names:
        what = ("消息", "a message") if plan.messages else ("事件", "an event")
        raise NotWaiting(
            plan.process,
            f"流程“{plan.process}”只能由{what[0]}发起：{'、'.join(plan.messages or plan.events)}。",
            f"The process {plan.process!r} begins with {what[1]} only: "
            f"{', '.join(plan.messages or plan.events) or 'none is drawn'}.",
        )
    return names


def put_at(run: Run, beginning: Beginnings, payload: Mapping[str, object]) -> None:
    """Put the first tokens of a new instance in place."""
    if not beginning.event:
        begin(run, run, beginning.names)
        return
    (name,) = beginning.names
    plan: Plan = run.spec
    node: Any = plan.task_specs[name]
    listen_for_handlers(run, run)
    gateway = plan.gateways.get(name)
    if gateway is not None:
        spawn(run, run, gateway, run.task_tree, chosen=name, payload=dict(payload))
    elif node.needs_all and beginning.message:
        spawn(run, run, name, run.task_tree)
        deliver(run, WaitKind.MESSAGE, beginning.message, payload)
    else:
        node.receive(run, PROCESS_SCOPE, payload)
        spawn(run, run, name, run.task_tree, fired=True)
