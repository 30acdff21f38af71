"""What a play gives: how it came out, what happened, what is left."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bpmn.running import Incident


class Outcome(StrEnum):
    """How a play came out."""

    ENDED = "ended"
    WAITING = "waiting"
    INCIDENT = "incident"


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of the trace."""

    process: str
    element: str
    event: str


@dataclass(frozen=True, slots=True)
class Played:
    """What a play gave.

    Attributes:
        variables: The variables of each process that began, by process id; of one that began
            more than once, those of the last.
        waiting: The elements at which something still waits.
        assumed: What the play took for granted, a sentence each: a deadline's day, a message
            from outside.
        ended_at: The clock at the end.
    """

    outcome: Outcome
    trace: tuple[Happened, ...]
    variables: Mapping[str, Mapping[str, object]]
    waiting: tuple[str, ...]
    incidents: tuple[Incident, ...]
    assumed: tuple[str, ...]
    ended_at: datetime
