"""What was asked for and ruled on: longer periods, recusals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.desk.facts import Fact
from engine.store.tables import Recusal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from engine.publishing.rehearsing.course import Course, Writer
    from engine.store.tables import AuditEntry


def asked_longer(course: Course, entry: AuditEntry) -> Iterator[dict[str, Any]]:
    """Write that a longer period was asked for."""
    yield {
        "extend": str(entry.details["key"]),
        "by": course.names.of(entry.actor),
        "reasons": str(entry.details["reasons"]),
    }


def ruled_longer(course: Course, entry: AuditEntry) -> Iterator[dict[str, Any]]:
    """Add the ruling to what was asked."""
    key = str(entry.details["key"])
    asked = [one for one in course.steps if one.get("extend") == key and "approved_by" not in one]
    for step in asked[-1:]:
        step |= {
            "approved_by": course.names.of(entry.actor),
            "granted": bool(entry.details["granted"]),
            "decision_reasons": str(entry.details["reasons"]),
        }
        course.bring_here(step, entry)
    yield from ()


def asked_out(course: Course, entry: AuditEntry) -> Iterator[dict[str, Any]]:
    """Write that a recusal was asked for, or one's own interest declared."""
    row = course.desk.session.get_one(Recusal, str(entry.details["recusal"]))
    yield {
        "recuse": course.names.of(row.person_id),
        "by": course.names.of(entry.actor),
        "reasons": row.reasons,
    }


def ruled_out(course: Course, entry: AuditEntry) -> Iterator[dict[str, Any]]:
    """Add the ruling on a recusal to what was asked."""
    name = course.names.of(str(entry.details["person"]))
    asked = [one for one in course.steps if one.get("recuse") == name and "decided_by" not in one]
    for step in asked[-1:]:
        step |= {
            "decided_by": course.names.of(entry.actor),
            "granted": bool(entry.details["granted"]),
        }
        course.bring_here(step, entry)
    yield from ()


WRITERS: Mapping[Fact, Writer] = {
    Fact.EXTENSION_REQUESTED: asked_longer,
    Fact.EXTENSION_DECIDED: ruled_longer,
    Fact.RECUSAL_REQUESTED: asked_out,
    Fact.INTEREST_DECLARED: asked_out,
    Fact.RECUSAL_DECIDED: ruled_out,
}
