"""Moving a running instance to another version of its diagram, whole or not at all.

Every live element needs a target: the one that the mapping names, else the element of the same id.
A target stands in the same place (process, sub-process, called process) and is of the same type.
Boundary events and event sub-processes that the new version does not have wait no longer, new ones
begin to wait; a timer that is kept keeps its instant. Items are described anew, values are kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from SpiffWorkflow.task import Task

from bpmn.running import state as states
from bpmn.running.ad_hoc import AdHoc
from bpmn.running.definition import Definition
from bpmn.running.faults import StepFailed
from bpmn.running.gateways import EventBased, Joining
from bpmn.running.instance import Instance
from bpmn.running.levels import Level, Run
from bpmn.running.loops import Several
from bpmn.running.moving import can_end, standing_in
from bpmn.running.nodes import Node, scope_of
from bpmn.running.step import Step, World
from bpmn.running.tokens import READY, WAITING, Token, parent_key
from bpmn.running.triggers import listen
from bpmn.running.waits import Role, Wait
from bpmn.running.work import Work


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why an instance cannot be migrated.

    Attributes:
        process, element: What is live in the old version.
        zh, en: The reason, in both languages.
    """

    process: str
    element: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Migration:
    """The outcome of a migration, tried or done: who keeps the state does it.

    Attributes:
        step: The instance in the new version: its state, the timers that are armed and disarmed,
            what it awaits, and as `opened` every item that waits, described anew under the id
            that it has; None where it cannot be migrated.
        obstacles: Every reason against it; empty where there is none.
    """

    step: Step | None
    obstacles: tuple[Obstacle, ...]

    @property
    def state(self) -> bytes | None:
        """The state in the new version, or None where it cannot be migrated."""
        return None if self.step is None else self.step.state


def migrate(
    state: bytes, old: Definition, new: Definition, mapping: Mapping[str, str], world: World
) -> Migration:
    """Return what becomes of an instance in another version; nothing is changed by asking.

    Args:
        state: The instance's, in the version `old`.
        old: The version that it runs in.
        new: The version that it is to run in.
        mapping: The new id of each element or flow whose id changed; the others keep theirs.
        world: The clock and functions, for timers that begin to wait.

    Raises:
        StateUnreadable: The state is none of `old`.
    """
    if old.process_id != new.process_id:
        zh = f"新版本的流程是“{new.process_id}”，不是“{old.process_id}”。"
        en = f"The new version's process is {new.process_id!r}, not {old.process_id!r}."
        return Migration(None, (Obstacle(old.process_id, old.process_id, zh, en),))

    def carried() -> _Carrier:
        run = states.read(state, dict(old.plans), old.process_id, world)
        carrier = _Carrier(run, Run(new.plans[new.process_id], dict(new.plans), world), mapping)
        carrier.carry()
        return carrier

    carrier = carried()
    if carrier.obstacles:
        return Migration(None, tuple(carrier.obstacles))
    try:
        instance = Instance(new, lambda: carried().run, keep_incidents=False)
        step = instance.settle_in(lambda run: _settle_in(run, carrier.dropped))
    except StepFailed as failed:
        told = failed.incident
        return Migration(None, (Obstacle(told.process, told.element, told.zh, told.en),))
    return Migration(step, ())


class _Carrier:
    """Carries an instance's levels, tokens and waits over to another version's plans."""

    def __init__(self, old: Run, run: Run, mapping: Mapping[str, str]) -> None:
        self.old = old
        self.run = run
        self.mapping = mapping
        self.obstacles: list[Obstacle] = []
        self.dropped: list[str] = []

    def carry(self) -> None:
        """Carry everything over, and note what stands in the way."""
        run, old = self.run, self.old
        run.counter, run.ends, run.completed = old.counter, old.ends, old.completed
        run.over, run.scopes = old.over, old.scopes
        for level in old.levels():
            level.wake_all()
            self._level(level)
        for wait in old.waits.values():
            self._wait(wait)
        if not self.obstacles:
            for level in run.levels():
                self._can_end(level)

    def _level(self, level: Any) -> None:
        target: Level = self.run
        if level is not self.old:
            owner = self.run.find(level.parent_task_id)
            if owner is None:
                return  # its owner has no target, which is told already
            target = self.run.enclose(owner, owner.task_spec.inside, level.scope)
            target.callers = tuple(self.mapping.get(key, key) for key in level.callers)
        for task in level.tasks.values():
            if task is level.task_tree:
                root = Task(target, target.spec.start, None, state=task.state, id=task.id)
                root.internal_data = dict(task.internal_data)
                target.task_tree = root
            else:
                self._token(target, task)
        target.log = [list(entry) for entry in level.log]
        for entry in target.log:
            entry[0] = self._name(target, level.spec.task_specs[entry[0]]) or entry[0]

    def _token(self, level: Any, task: Token) -> None:
        node: Node = task.task_spec
        name = self._name(level, node)
        parent = level.tasks.get(parent_key(task))
        if name is None or parent is None:
            return
        spec = level.spec.task_specs[name]
        if not _alike(node, spec):
            self._refuse(
                node,
                f"新版本中的“{spec.element.id}”是另一种元素，不能接替。",
                f"{spec.element.id!r} of the new version is of another type.",
            )
            return
        moved = Task(level, spec, parent, state=task.state, id=task.id)
        moved.internal_data = dict(task.internal_data)
        held = moved.internal_data
        if "flow" in held:
            held["flow"] = self.mapping.get(held["flow"], held["flow"])
            waits_for_flows = isinstance(spec, Joining) and task.state == WAITING
            if waits_for_flows and held["flow"] not in spec.incoming:
                self._refuse(
                    node,
                    f"令牌经顺序流“{held['flow']}”到达汇合网关，新版本的网关没有这条流。",
                    f"The token came by the flow {held['flow']!r}, which the new gateway lacks.",
                )
        if isinstance(node, AdHoc):
            held["performed"] = [self.mapping.get(key, key) for key in held.get("performed", ())]

    def _wait(self, wait: Wait) -> None:
        before = self.old.find(wait.token)
        after = self.run.find(wait.token)
        if before is None or after is None:
            return
        event: Node = before.workflow.spec.task_specs[wait.node]
        if wait.role is Role.CATCH:
            name: str | None = after.task_spec.name
        else:
            around = {
                Role.BOUNDARY: after.task_spec.boundaries if wait.role is Role.BOUNDARY else (),
                Role.HANDLER: after.workflow.spec.handlers,
                Role.GATEWAY: tuple(path.target for path in getattr(after.task_spec, "paths", ())),
            }[wait.role]
            wanted = self.mapping.get(event.element.id, event.element.id)
            specs = after.workflow.spec.task_specs
            name = next((key for key in around if specs[key].element.id == wanted), None)
        triggers = after.workflow.spec.task_specs[name].triggers if name is not None else ()
        if wait.trigger < len(triggers) and triggers[wait.trigger].kind == wait.kind:
            told = triggers[wait.trigger].name
            self.run.waits[wait.id] = replace(wait, node=str(name), name=told)
        elif wait.role is Role.CATCH:
            self._refuse(
                event,
                "新版本在这里等待的是另一种事件，不能接替。",
                "The new version waits for another kind of event here.",
            )
        else:
            self._drop(after, wait)

    def _drop(self, task: Token, wait: Wait) -> None:
        waits = [key for key in task.internal_data["waits"] if key != wait.id]
        task.internal_data["waits"] = waits
        if wait.kind == "timer":
            self.dropped.append(wait.id)

    def _name(self, level: Any, node: Node) -> str | None:
        """Return the name of the target of a node in its level."""
        wanted = self.mapping.get(node.element.id, node.element.id)
        for name, spec in level.spec.task_specs.items():
            if not isinstance(spec, Node) or spec.hidden != node.hidden:
                continue
            is_body = spec.wrapper is not None
            if (spec.element.id == wanted or node.hidden) and is_body == (node.wrapper is not None):
                return str(name)
        self._refuse(
            node,
            f"新版本在相应位置没有“{wanted}”。请在对应表中指明目标。",
            f"The new version has no {wanted!r} in its place. Name a target in the mapping.",
        )
        return None

    def _can_end(self, level: Any) -> None:
        if level.over or can_end(level.spec, standing_in(level)):
            return
        first = next(iter(level.awake()))
        self._refuse(
            first.task_spec,
            "迁移后流程无法走到结束：并行分支的汇合将永远等不齐。",
            "From here the new version could not come to its end: a join would wait for ever.",
        )

    def _refuse(self, node: Node, zh: str, en: str) -> None:
        name = node.element.name or node.element.id
        self.obstacles.append(
            Obstacle(node.element.process, node.element.id, f"“{name}”：{zh}", f"{name!r}: {en}")
        )


def _alike(old: Node, new: Node) -> bool:
    same = type(old) is type(new) and old.element.type == new.element.type
    if isinstance(old, Several) and isinstance(new, Several):
        return same and old.sequential == new.sequential
    return same


def _settle_in(run: Run, dropped: list[str]) -> None:
    """Begin to wait for what is new, and describe the items anew."""
    for key in dropped:
        run.journal.disarm(key)
    listened = {(wait.token, wait.node) for wait in run.waits.values()}
    for level in run.levels():
        busy = any(t.task_spec.is_handler and t.task_spec.interrupting for t in level.awake())
        for name in () if busy or level.over else level.spec.handlers:
            if (level.task_tree.id, name) not in listened:
                level.spec.task_specs[name].listen(run, level)
        for task in list(level.awake()):
            _settle_token(run, task, listened)


def _settle_token(run: Run, task: Token, listened: set[tuple[str, str]]) -> None:
    spec: Any = task.task_spec
    if "incident" in task.internal_data:
        return
    specs = task.workflow.spec.task_specs
    for name in spec.boundaries:
        if (task.id, name) not in listened:
            listen(run, task, Role.BOUNDARY, specs[name], scope_of(task))
    if isinstance(spec, EventBased):
        for path in spec.paths:
            if (task.id, path.target) not in listened:
                listen(run, task, Role.GATEWAY, specs[path.target], scope_of(task))
    if isinstance(spec, Work) and task.state == READY:
        spec.describe(run, task)
