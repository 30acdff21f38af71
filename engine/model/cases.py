"""A case's status, its outcomes, and the facts that move its clocks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class CaseStatus(StrEnum):
    """Where a case stands. Source: procedures §9; proposed."""

    REGISTERED = "registered"
    VERIFYING = "verifying"
    PROPOSED = "proposed"
    STARTED = "started"
    INVESTIGATING = "investigating"
    REPORTED = "reported"
    DECIDING = "deciding"
    APPROVING = "approving"
    DECIDED = "decided"
    SERVED = "served"
    IN_FORCE = "in_force"
    APPEAL_PENDING = "appeal_pending"
    APPEAL_DECIDED = "appeal_decided"
    RECTIFYING = "rectifying"
    ARCHIVING = "archiving"
    CLOSED = "closed"
    CLOCK_SUSPENDED = "clock_suspended"
    ABORTED_BY_WATCH = "aborted_by_watch"
    TRANSFERRED = "transferred"
    WITHDRAWN = "withdrawn"

    @property
    def is_over(self) -> bool:
        """Whether nothing more is done in the case itself.

        The aftermath (影响期) of a sanction runs by itself and does not keep a case open.
        """
        return self in {
            CaseStatus.CLOSED,
            CaseStatus.ABORTED_BY_WATCH,
            CaseStatus.TRANSFERRED,
            CaseStatus.WITHDRAWN,
        }


class Outcome(StrEnum):
    """The closing codes that the texts' procedures use. Source: procedures §9; proposed.

    A procedure may declare others of its own in `outcomes`.
    """

    NOT_ESTABLISHED = "not_established"
    NO_ACTION = "no_action"
    EXEMPTED = "exempted"
    SANCTIONED = "sanctioned"
    RELIEVED = "relieved"
    REVOKED = "revoked"
    CHANGED = "changed"
    TRANSFERRED_JUDICIAL = "transferred_judicial"
    TRANSFERRED_SUPERVISION = "transferred_supervision"
    CLEARED = "cleared"


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that happened in a case and that deadlines may start or end on.

    Attributes:
        name: The fact's name in the procedure, such as ``report_submitted``.
        happened_on: The proved day on which it happened; deadlines count from it.
        recorded_at: When the platform learned of it; aware.
        happened_at: The instant, where periods in hours need it; aware.
        proof: Reference to the proof of an earlier `happened_on`; empty if none is needed.
    """

    name: str
    happened_on: date
    recorded_at: datetime
    happened_at: datetime | None = None
    proof: str = ""

    def __post_init__(self) -> None:
        for instant in (self.recorded_at, self.happened_at):
            if instant is not None and instant.tzinfo is None:
                raise ValueError("instants must be aware")
