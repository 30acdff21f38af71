"""What a run waits for besides people: messages, signals, timers and conditions."""

from dataclasses import dataclass
from enum import StrEnum


class WaitKind(StrEnum):
    """What must happen for a wait to be over."""

    MESSAGE = "message"
    SIGNAL = "signal"
    TIMER = "timer"
    CONDITION = "conditional"


class Role(StrEnum):
    """What waits: it decides what happens when the event comes."""

    CATCH = "catch"  # the token itself stands at the event
    GATEWAY = "gateway"  # the token stands at an event-based gateway before the event
    BOUNDARY = "boundary"  # the token is the event's host
    HANDLER = "handler"  # the level's root: the event starts an event sub-process


@dataclass(slots=True)
class Wait:
    """One thing that is waited for.

    Attributes:
        id: Unique in the instance; the id of the timer where it is one.
        name: The name of the message or signal, "" otherwise.
        token: The id of the task that waits.
        node: The name of the event in its level.
        trigger: Which of the event's triggers it is, from 0.
        left: How many turns of a cycle are left; -1 for no end, None where it is no cycle.
        was: A condition's last value: it fires when it becomes true, not while it stays so.
    """

    id: str
    kind: WaitKind
    role: Role
    name: str
    token: str
    node: str
    trigger: int = 0
    left: int | None = None
    was: bool = False
