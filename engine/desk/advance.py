"""Advance a case: one step of its diagram, and everything that follows from it.

A person whose step fails is told, and nothing is kept. Where the platform began the step (a
timer, a message, a retry), what failed is held in the state as an incident, and all else goes on.

What `bpmn` gives back, work items, timers, messages, the trace, becomes rows
here, in the transaction of the command. Service tasks of the engine's own topics
are carried out at once, until the case is quiet.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

import bpmn
from engine.desk.deadlines import withdraw_deadlines
from engine.desk.desk import Desk
from engine.desk.facts import Fact
from engine.desk.happenings import Occasion, facts_of, follow, stand
from engine.desk.incidents import keep_failure, settle_failures
from engine.desk.linking import standing_for_parent, tell_parent
from engine.desk.opening import arm_timers, disarm_timers, open_work, withdraw_work
from engine.desk.reasoning import record_reasons
from engine.desk.rounds import foresee
from engine.desk.sending import awaited_as_kept, call_early, send
from engine.desk.topics import TOPICS
from engine.desk.values import plain
from engine.desk.voiding import void
from engine.desk.worlds import world_of
from engine.errors import Fault, StepFault
from engine.model.cases import CaseStatus
from engine.store.tables import CaseRow, WorkItemRow
from engine.workflow import LoadedVersion

MOST_ROUNDS = 1_000
"""How many service tasks of the engine may follow from one command."""

STRAIGHT = "$straight_to"
"""Property of the row of an item that was sent back: where the case goes on once it is done."""

_NOTHING = Occasion()


def start_case(
    desk: Desk,
    case: CaseRow,
    variables: Mapping[str, Any],
    *,
    message: str | None = None,
    at: str | None = None,
    payload: Mapping[str, Any] | None = None,
) -> None:
    """Start the diagram of a case that has just been opened.

    Args:
        desk: Of the command.
        case: New, and in the session.
        variables: What the process has from the beginning.
        message: The message of the start event, or None.
        at: The start event instead, where it is a signal's.
        payload: What came with the message or signal; the start event maps it.
    """
    course = _Course(desk, case)
    course.settle(
        lambda: bpmn.start(
            course.version.definition,
            course.world,
            variables,
            message=message,
            at=at,
            payload=payload or {},
            keep_incidents=desk.actor.is_system,
        ),
        _NOTHING,
    )


def complete_item(
    desk: Desk, case: CaseRow, item: WorkItemRow, variables: Mapping[str, Any], occasion: Occasion
) -> None:
    """Complete a work item of the diagram; the caller has checked everything.

    Args:
        desk: Of the command.
        case: Locked.
        item: Waits in the diagram; its row is marked done here.
        variables: What the diagram gets.
        occasion: The answers and the day, for the facts that the completion states.
    """
    item.state = "done"
    item.completed_by = desk.actor.person_id
    item.completed_at = desk.now()
    withdraw_work(desk, case, (), also=[item])
    course = _Course(desk, case)
    back = str(item.properties.get(STRAIGHT, ""))
    if back:
        course.settle(lambda: course.instance().complete_to(item.item, variables, back), occasion)
        return
    course.settle(lambda: course.instance().complete(item.item, variables), occasion)


def move_item(desk: Desk, case: CaseRow, item: WorkItemRow, element: str) -> None:
    """Take a work item's token to another element; the item is withdrawn.

    Raises:
        bpmn.CannotMove: The instance could not come to its end from there; nothing is changed.
        StepFault: What follows there failed; nothing may be kept.
    """
    course = _Course(desk, case)
    course.settle(lambda: course.instance().move(item.item, element), _NOTHING)


def deliver(
    desk: Desk,
    case: CaseRow,
    message: str,
    payload: Mapping[str, Any],
    *,
    variables: Mapping[str, Any] | None = None,
    is_signal: bool = False,
    correlation: str | None = None,
) -> bool:
    """Deliver a message or signal; return whether the case waited for it.

    Args:
        desk: Of the command.
        case: Locked.
        message: Its name.
        payload: Reaches the variables only where the diagram maps it.
        variables: Set in the process scope before, as what a participant files is.
        is_signal: It goes to everything in the case that waits for it, not to one.
        correlation: What it is correlated by, where that is a key of the diagram's own.
    """
    course = _Course(desk, case)
    waits = (
        any(one.kind == "signal" and one.name == message for one in course.instance().awaited)
        if is_signal
        else course.instance().accepts(message, correlation)
    )
    if not waits:
        return False
    if variables:
        course.settle(lambda: course.instance().set_variables(variables), _NOTHING)
    if is_signal:
        course.settle(lambda: course.instance().signal(message, payload), _NOTHING)
    else:
        course.settle(
            lambda: course.instance().deliver(message, payload, correlation=correlation), _NOTHING
        )
    return True


def fire_timer(desk: Desk, case: CaseRow, timer_id: str, due_at: datetime) -> None:
    """Let a timer of the diagram fire that was due at `due_at`."""
    course = _Course(desk, case)
    course.settle(lambda: course.instance().fire(timer_id, due_at=due_at), _NOTHING)


def fail_item(desk: Desk, case: CaseRow, item: WorkItemRow, code: str, text: str) -> None:
    """Let a work item end with a BPMN error, which the diagram may catch."""
    item.state = "failed"
    item.completed_by = desk.actor.person_id
    item.completed_at = desk.now()
    withdraw_work(desk, case, (), also=[item])
    course = _Course(desk, case)
    course.settle(lambda: course.instance().fail(item.item, code, text), _NOTHING)


def retry_step(desk: Desk, case: CaseRow, token: str) -> bool:
    """Let what the diagram holds as an incident try again; false where it is gone.

    Raises:
        StepFault: It failed again, and a person had asked; the incident stays as it was.
    """
    course = _Course(desk, case)
    if not any(one.id == token for one in course.instance().incidents):
        return False
    course.settle(lambda: course.instance().retry(token), _NOTHING)
    return True


def add_instance(desk: Desk, case: CaseRow, item: WorkItemRow, thing: object) -> None:
    """Add an instance for `thing` to the multi-instance step that an item belongs to.

    Raises:
        ValueError: It belongs to none.
    """
    course = _Course(desk, case)
    course.settle(lambda: course.instance().add_instance(item.item, thing), _NOTHING)


def remove_instance(desk: Desk, case: CaseRow, item: WorkItemRow) -> None:
    """Withdraw an item's instance of a multi-instance step; it leaves no result.

    Raises:
        ValueError: It belongs to none.
    """
    course = _Course(desk, case)
    course.settle(lambda: course.instance().remove_instance(item.item), _NOTHING)


def set_variables(desk: Desk, case: CaseRow, variables: Mapping[str, Any]) -> None:
    """Set variables of the process scope: what a command, not a task, has found."""
    course = _Course(desk, case)
    course.settle(lambda: course.instance().set_variables(variables), _NOTHING)


def wake(desk: Desk, case: CaseRow, topic: str) -> None:
    """Ask what waits under a topic of the engine whether it may go on now."""
    rows = desk.session.scalars(
        sa.select(WorkItemRow)
        .where(
            WorkItemRow.case_id == case.id,
            WorkItemRow.topic == topic,
            WorkItemRow.state == "open",
        )
        .order_by(WorkItemRow.opened_at, WorkItemRow.id)
    )
    for row in list(rows):
        instance = _Course(desk, case).instance()
        for item in instance.items:
            if item.id != row.item:
                continue
            result = TOPICS[topic](desk, case, item, instance.visible(item.id))
            if result is not None:
                complete_item(desk, case, row, result, _NOTHING)


def tried_in(
    desk: Desk, case: CaseRow, to: LoadedVersion, mapping: Mapping[str, str]
) -> bpmn.Migration:
    """Return what would become of a case in another version; nothing is changed by asking.

    Raises:
        Fault: The case has no state.
    """
    if case.state is None:
        raise Fault(f"case {case.id} has no state")
    world = _Course(desk, case, to).world
    return bpmn.migrate(case.state, desk.version(case).definition, to.definition, mapping, world)


def settle_in(desk: Desk, case: CaseRow, step: bpmn.Step) -> frozenset[str]:
    """Write the step that put a case into the version that its row names now.

    Returns:
        The ids that `bpmn` gave to the items that wait after it.

    Raises:
        StepFault: A service task of the engine that follows failed.
    """
    course = _Course(desk, case)
    course.settle(lambda: step, _NOTHING)
    return frozenset(item.id for item in course.instance().items)


def visible(desk: Desk, case: CaseRow, item: WorkItemRow) -> dict[str, Any]:
    """Return the variables that a waiting work item sees."""
    return dict(_Course(desk, case).instance().visible(item.item))


def variables_of(desk: Desk, case: CaseRow) -> dict[str, Any]:
    """Return the variables of a case's process, as FEEL has them."""
    if case.state is None:
        return dict(case.variables)
    return dict(_Course(desk, case).instance().variables)


@dataclass(slots=True)
class _Course:
    """The run of one case within one command; `under` another version than its own if named."""

    desk: Desk
    case: CaseRow
    under: LoadedVersion | None = None
    version: LoadedVersion = field(init=False)
    world: bpmn.World = field(init=False)

    def __post_init__(self) -> None:
        self.version = self.under or self.desk.version(self.case)
        self.world = world_of(self.desk, self.case, self.version)

    def instance(self) -> bpmn.Instance:
        """Return the instance as the case's row keeps it, restored once for each state."""
        state, instances = self.case.state, self.desk.instances
        if state is None:
            raise Fault(f"case {self.case.id} has no state")
        if self.case.id not in instances or instances[self.case.id][0] != state:
            instances[self.case.id] = (
                state,
                bpmn.restore(
                    self.version.definition,
                    state,
                    self.world,
                    keep_incidents=self.desk.actor.is_system,
                ),
            )
        return instances[self.case.id][1]

    def settle(self, step_of: Callable[[], bpmn.Step], occasion: Occasion) -> None:
        """Take a step, write what follows, and go on until the case is quiet.

        Raises:
            StepFault: An expression, a rule or a service failed; nothing may be kept.
        """
        waiting = self._take(step_of, occasion)
        for _ in range(MOST_ROUNDS):
            if not waiting:
                return
            item = waiting.pop(0)
            instance = self.instance()
            if any(one.id == item.id for one in instance.items):
                result = TOPICS[item.topic or ""](
                    self.desk, self.case, item, instance.visible(item.id)
                )
                if result is None:
                    open_work(self.desk, self.case, [item])
                    continue
                waiting += self._take(
                    lambda now=instance, key=item.id, got=result: now.complete(key, got),  # type: ignore[misc]
                    _NOTHING,
                )
        raise StepFault(
            self.case.id,
            "",
            f"一次操作引起了{MOST_ROUNDS}个以上的服务任务。",
            f"More than {MOST_ROUNDS} service tasks follow from one command.",
        )

    def _take(self, step_of: Callable[[], bpmn.Step], occasion: Occasion) -> list[bpmn.Item]:
        try:
            step = step_of()
        except bpmn.StepFailed as failed:
            incident = failed.incident
            raise StepFault(self.case.id, incident.element, incident.zh, incident.en) from failed
        finally:
            self.desk.instances.pop(self.case.id, None)  # it has moved on, or broken
        return self._write(step, occasion)

    def _write(self, step: bpmn.Step, occasion: Occasion) -> list[bpmn.Item]:
        """Write a step into rows; return the service tasks that the engine carries out."""
        desk, case = self.desk, self.case
        before = standing_for_parent(case)
        case.state = step.state
        case.definition_key = self.version.definition.key
        case.variables = plain(step.variables)
        case.awaited = awaited_as_kept(step.awaited)
        stand(desk, case, step.trace)
        if desk.office.watch is not None:
            desk.office.watch(step.trace)
        withdraw_work(desk, case, step.withdrawn)
        disarm_timers(desk, case, step.disarmed)
        record_reasons(desk, case, step, self.version.number)
        shown = {item.properties.get("deadline", "") for item in step.opened} - {""}
        foresee(desk, case, facts_of(step.trace), shown)
        follow(desk, case, step.trace, occasion)
        arm_timers(desk, case, step.armed)
        own = [item for item in step.opened if item.topic in TOPICS]
        open_work(desk, case, [item for item in step.opened if item.topic not in TOPICS])
        send(desk, case, step.thrown)
        call_early(desk, case)
        for incident in step.incidents:
            keep_failure(desk, case, incident)
        settle_failures(desk, case, step.settled)
        if step.ended:
            self._end()
        tell_parent(desk, case, before)
        return own

    def _end(self) -> None:
        desk, case = self.desk, self.case
        withdraw_deadlines(desk, case)
        void(desk, case)
        if case.closed_at is None:
            close(desk, case)


def close(desk: Desk, case: CaseRow, status: str = CaseStatus.CLOSED) -> None:
    """Close a case with the outcome that it has reached."""
    if not CaseStatus(case.status).is_over:
        case.status = str(status)
    case.closed_at = desk.now()
    desk.record(case, Fact.CASE_CLOSED, status=case.status, outcome=case.outcome)
    tell_parent(desk, case)
