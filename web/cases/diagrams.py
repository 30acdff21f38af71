"""Where a case stands in its diagrams, and what comes next."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import url_for

from web.texts import gettext as _
from web.toolkit import DiagramView, LinkView
from web.wording import step_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bpmn.reading.diagram import Node, Process
    from engine.desk.views import CaseView

MOST_NEXT = 6
STOPS = ("Task", "callActivity", "endEvent", "task")


@dataclass(frozen=True, slots=True)
class NextStep:
    """A step that may follow.

    Attributes:
        lane: Who does it; empty where the diagram says nothing.
    """

    name: str
    lane: str
    is_end: bool


def processes_of(view: CaseView) -> tuple[str, ...]:
    """Return the processes that the case has entered, its own first."""
    entered = dict.fromkeys([view.version.definition.process_id])
    for item in reversed(view.items):
        entered.setdefault(item.process)
    return tuple(entered)


def diagram_view(view: CaseView, process: str) -> DiagramView:
    """Return one diagram of the case with what is done, what waits and what may come."""
    drawn = _drawn(view, process)
    now = _in(process, view.now)
    done = _done(view, process) - now
    if drawn is not None and (now or done):
        done |= {
            node.id
            for node in drawn.nodes.values()
            if node.type == "startEvent" and node.scope == drawn.id
        }
    names = [
        drawn.nodes[one].name or one for one in now if drawn is not None and one in drawn.nodes
    ]
    label = (
        _("流程图：现在在“%(names)s”。", names=_("、").join(sorted(names)))
        if names
        else _("流程图：此处没有正在办的环节。")
    )
    following = {node.id for node in _following(drawn, now)} if drawn is not None else set()
    return DiagramView(
        key=f"d-{process}",
        label=label,
        source=url_for("cases.diagram", case_id=view.row.id, process=process),
        done=tuple(sorted(done)),
        now=tuple(sorted(now)),
        possible=tuple(sorted(following - done - now)),
    )


def diagram_links(view: CaseView, current: str) -> tuple[LinkView, ...]:
    """Return a link to each diagram the case has entered; none where it has only its own."""
    entered = processes_of(view)
    if len(entered) == 1:
        return ()
    return tuple(
        LinkView(
            view.version.by_process[process].title.zh
            if process in view.version.by_process
            else process,
            url_for("cases.show", case_id=view.row.id, process=process) + "#diagram",
            current=process == current,
        )
        for process in entered
    )


def next_steps(view: CaseView, language: str) -> tuple[NextStep, ...]:
    """Return what may follow the steps that wait, by the diagrams; an end is one of them."""
    found: dict[str, NextStep] = {}
    for process in processes_of(view):
        drawn = _drawn(view, process)
        if drawn is None:
            continue
        waiting = {
            item.element
            for item in view.items
            if item.process == process and item.state in {"open", "claimed"}
        }
        lanes = view.version.definition.diagrams[process].lanes
        for node in _following(drawn, waiting):
            name = step_name(node.name or node.id, node.properties, language)
            found.setdefault(name, NextStep(name, lanes.get(node.id, ""), node.type == "endEvent"))
    return tuple(found.values())[:MOST_NEXT]


def source_of(view: CaseView, process: str) -> bytes | None:
    """Return a diagram of the case's version as it was drawn, or None where it has none."""
    diagram = view.version.definition.diagrams.get(process)
    return None if diagram is None else diagram.content


def _drawn(view: CaseView, process: str) -> Process | None:
    diagram = view.version.definition.diagrams.get(process)
    return None if diagram is None else diagram.processes.get(process)


def _in(process: str, keys: Iterable[str]) -> set[str]:
    return {
        element
        for key in keys
        for where, _sign, element in [key.partition(":")]
        if where == process
    }


def _done(view: CaseView, process: str) -> set[str]:
    """Return the elements passed: steps done here, and calls whose steps were done."""
    done = _in(process, view.done)
    if process == view.version.definition.process_id:
        done |= {item.callers[0] for item in view.items if item.state == "done" and item.callers}
    return done


def _following(drawn: Process | None, now: Iterable[str]) -> list[Node]:
    """Return the activities and ends that come right after, through gateways and events."""
    if drawn is None:
        return []
    queue = deque(one for one in now if one in drawn.nodes)
    seen = set(queue)
    found: list[Node] = []
    while queue:
        node = drawn.nodes[queue.popleft()]
        for flow_id in node.outgoing:
            target = drawn.nodes.get(drawn.flows[flow_id].target)
            if target is None or target.id in seen:
                continue
            seen.add(target.id)
            if target.type.endswith(STOPS):
                found.append(target)
            else:
                queue.append(target.id)
    return found
