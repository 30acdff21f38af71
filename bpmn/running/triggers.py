"""What an event waits for, read from the diagram; and how a wait for it begins."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from bpmn import feel
from bpmn.running.formulas import Formula, Place, fail
from bpmn.running.levels import Run
from bpmn.running.step import Timer
from bpmn.running.timing import Length, at, read_cycle, read_instant, read_length
from bpmn.running.tokens import Token
from bpmn.running.waits import Role, Wait, WaitKind


@dataclass(frozen=True, slots=True)
class Trigger:
    """One event definition of a catching event.

    Attributes:
        kind: As `EventDefinition.kind`.
        name: The name of a message or signal; the code of an error or escalation, "" for any.
        form: 'timeDate', 'timeDuration' or 'timeCycle', "" where it is no timer.
        literal: The ISO 8601 literal of a timer, or "".
        formula: The expression of a timer or a condition, or None.
        deadline: The key of the deadline that a timer names, or None.
        deadline_in: What gives this key when the timer is armed, or None.
        code_variable, message_variable: Where the code and the message of an error go, or "".
    """

    kind: str
    name: str = ""
    form: str = ""
    literal: str = ""
    formula: Formula | None = None
    deadline: str | None = None
    deadline_in: Formula | None = None
    code_variable: str = ""
    message_variable: str = ""


_WAITED_FOR = frozenset(WaitKind)


def listen(
    run: Run,
    task: Token,
    role: Role,
    node: Any,
    scope: str,
) -> None:
    """Let `task` wait for each trigger of `node`; errors and escalations need no wait."""
    for number, trigger in enumerate(node.triggers):
        if trigger.kind not in _WAITED_FOR:
            continue
        kind = WaitKind(trigger.kind)
        wait = Wait(run.next_id(), kind, role, trigger.name, task.id, node.name, number)
        if kind is WaitKind.TIMER:
            wait.left = arm(run, wait.id, trigger, node.place, scope)
        _keep(run, task, wait)


def _keep(run: Run, task: Token, wait: Wait) -> None:
    run.waits[wait.id] = wait
    task.internal_data.setdefault("waits", []).append(wait.id)


def forget(run: Run, task: Token, wait: Wait) -> None:
    """Remove a wait that is over, without a word: it fired."""
    del run.waits[wait.id]
    waits = task.internal_data["waits"]
    waits.remove(wait.id)
    if not waits:
        del task.internal_data["waits"]


def rearm(
    run: Run, task: Token, wait: Wait, node: Any, scope: str, *, due_at: datetime | None
) -> None:
    """Wait again after a timer fired that does not interrupt, if its cycle has turns left."""
    forget(run, task, wait)
    left = wait.left
    if left is None or left == 0:
        return
    trigger = node.triggers[wait.trigger]
    again = replace(wait, id=run.next_id())
    again.left = arm(run, again.id, trigger, node.place, scope, left=left, after=due_at)
    if again.left is not None:
        _keep(run, task, again)


def arm(
    run: Run,
    key: str,
    trigger: Trigger,
    place: Place,
    scope: str,
    *,
    left: int | None = None,
    after: datetime | None = None,
) -> int | None:
    """Put a timer into the journal and return how many turns remain after it; None: no cycle.

    Args:
        run: The instance.
        key: The id of the timer.
        trigger: What the diagram says.
        place: Where it says so.
        scope: Where its expression is evaluated.
        left: The turns that a running cycle has left; None for one that begins.
        after: When the turn before was due; None for now.

    Raises:
        StepFailed: The text gives no instant.
    """
    element = place.element
    named = trigger.deadline
    if trigger.deadline_in is not None:
        named = trigger.deadline_in.value(run, scope)
        if not isinstance(named, str) or not named:
            fail(
                place,
                f"计时器的期限编号取自“{trigger.deadline_in.text}”，其值不是文字：{named!r}。",
                f"The timer's deadline is named by {trigger.deadline_in.text!r}, which gives "
                f"no text: {named!r}.",
            )
    if named is not None:
        run.journal.arm(Timer(key, place.process, element, named, None))
        return None
    value: Any = trigger.literal or (
        trigger.formula.value(run, scope) if trigger.formula is not None else None
    )
    now = run.world.now()
    try:
        if trigger.form == "timeCycle":
            cycle = read_cycle(str(value), run.world.zone)
            base = after or now
            if left is None and cycle.begins_at is not None:
                base = cycle.begins_at
            due = cycle.every.after(base, run.world.zone)
            turns = cycle.turns if left is None else left
            if turns == 0 or (cycle.until is not None and due > cycle.until):
                if left is None:
                    raise ValueError("the repetition is over before it begins.")  # noqa: TRY301
                return None
            run.journal.arm(Timer(key, place.process, element, None, due, str(value)))
            return turns - 1 if turns > 0 else -1
        due = _instant(run, trigger.form, value, now)
    except (ValueError, OverflowError) as error:
        fail(
            place,
            f"计时器的值 {value!r} 不是可用的时刻或时长：{error}",
            f"The timer's value {value!r} is no instant or length of time: {error}",
        )
    run.journal.arm(Timer(key, place.process, element, None, due))
    return None


def _instant(run: Run, form: str, value: Any, now: datetime) -> datetime:
    zone = run.world.zone
    if isinstance(value, str):
        text = value.strip()
        if text.startswith("P"):
            return read_length(text).after(now, zone)
        if form == "timeDate" or text[:1].isdigit():
            return read_instant(text, zone)
    if isinstance(value, date):
        return at(value, zone)
    if isinstance(value, timedelta):
        return Length(0, value).after(now, zone)
    if value is not None:
        text = feel.to_text(value)  # durations and zoned instants of FEEL's own
        if text.startswith("P"):
            return read_length(text).after(now, zone)
        if text[:1].isdigit():
            return read_instant(text.split("@")[0], zone)
    raise ValueError("a date, a date and time or a duration is expected.")
