"""What a supervision officer did: overreach reported, findings settled, branches stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.desk.deviations import ACKNOWLEDGED, ATTEMPT, CONFIRMED, DISMISSED, EFFECTIVE, LIFTED
from engine.desk.facts import Fact
from engine.store.tables import Deviation, WorkItemRow

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from engine.publishing.rehearsing.course import Course, Writer
    from engine.store.tables import AuditEntry


def reported(course: Course, entry: AuditEntry) -> Iterator[dict[str, Any]]:
    """Write that an officer reported an act; what the platform found follows by itself."""
    if "reasons" in entry.details:
        yield {
            "report_overreach": str(entry.details["element"]),
            "by": course.names.of(entry.actor),
            "reasons": str(entry.details["reasons"]),
        }


def settled(course: Course, entry: AuditEntry) -> Iterator[dict[str, Any]]:
    """Write that a finding was acknowledged or dismissed."""
    return _ruled(course, entry, DISMISSED if entry.details["dismissed"] else ACKNOWLEDGED)


def confirmed(course: Course, entry: AuditEntry) -> Iterator[dict[str, Any]]:
    """Write that what follows from an act was stopped."""
    return _ruled(course, entry, CONFIRMED)


def released(course: Course, entry: AuditEntry) -> Iterator[dict[str, Any]]:
    """Write that what was stopped goes on."""
    return _ruled(course, entry, LIFTED)


def _ruled(course: Course, entry: AuditEntry, ruling: str) -> Iterator[dict[str, Any]]:
    """Write a ruling; on an attempt it is told: a recording has no step for what was refused."""
    row = course.desk.session.get_one(Deviation, str(entry.details["deviation"]))
    if row.kind == ATTEMPT:
        course.unwritten(entry)
        return
    of = str(row.params.get("title", ""))
    if row.kind == EFFECTIVE:
        of = course.desk.session.get_one(WorkItemRow, row.work_item_id).element
    yield {
        "finding": row.kind,
        "by": course.names.of(entry.actor),
        "ruling": ruling,
        "of": of,
        "reasons": str(entry.details["reasons"]),
    }


WRITERS: Mapping[Fact, Writer] = {
    Fact.DEVIATION_RAISED: reported,
    Fact.DEVIATION_SETTLED: settled,
    Fact.BRANCH_STOPPED: confirmed,
    Fact.BRANCH_RELEASED: released,
}
"""What the facts of the record mean as steps of a scenario, by subject."""
