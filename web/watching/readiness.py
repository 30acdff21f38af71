"""What must hold for a node to serve, and what somebody should look at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.store.migrations import newest_revision
from engine.store.pulse import Unreachable, feel

if TYPE_CHECKING:
    from engine.desk import Office
    from engine.store.pulse import Pulse

GOOD, LOOK, BAD = "good", "look", "bad"

LATEST_SECONDS = 60.0
"""The clock ticks each second: what fell due a minute ago and has not fired is not on its way."""
OLDEST_CHECK = 2 * 24 * 3600.0
"""The record is verified and anchored once a day."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at.

    Attributes:
        name: Such as ``database``.
        state: ``good``, ``look`` (a person should, the node serves) or ``bad`` (it cannot).
        value: What was measured; None where there is nothing to measure.
    """

    name: str
    state: str
    value: float | str | None = None


def checks_of(office: Office) -> tuple[Check, ...]:
    """Return the checks of a node; the first is ``bad`` alone where the database is away."""
    try:
        pulse, revision = feel(office.database, office.clock.now())
    except Unreachable:
        return (Check("database", BAD),)
    schema = Check("schema", GOOD if revision == newest_revision() else BAD, revision)
    return (Check("database", GOOD), schema, *_of(pulse, anchors=office.record_key is not None))


def _of(pulse: Pulse, *, anchors: bool) -> tuple[Check, ...]:
    checked = pulse.check_age is not None and pulse.check_age <= OLDEST_CHECK
    found = [
        Check("timer_lag_seconds", _below(pulse.due_lag), pulse.due_lag),
        Check("job_lag_seconds", _below(pulse.jobs_lag), pulse.jobs_lag),
        Check("jobs_dead", _none(pulse.jobs_dead), pulse.jobs_dead),
        Check("incidents", _none(pulse.incidents), pulse.incidents),
        Check("calendar_years_missing", _none(pulse.years_missing), pulse.years_missing),
        Check("record_breaches", _none(pulse.breaches), pulse.breaches),
    ]
    if anchors:
        state = GOOD if checked else LOOK
        found.append(Check("record_check_age_seconds", state, pulse.check_age))
    return tuple(found)


def _below(seconds: float) -> str:
    return GOOD if seconds <= LATEST_SECONDS else LOOK


def _none(count: int) -> str:
    return LOOK if count else GOOD
