"""What concerns persons and no case: deputies, departures, questions to the register."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.desk.facts import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from engine.publishing.rehearsing.course import Course, Writer
    from engine.store.tables import AuditEntry


def substituted(course: Course, entry: AuditEntry) -> Iterator[dict[str, Any]]:
    """Write whom somebody lets act; what was set for another has no step."""
    details = entry.details
    if details["person"] != entry.actor:
        course.unwritten(entry)
        return
    narrowed = {key: str(details[key]) for key in ("procedure", "role") if details.get(key)}
    yield {
        "substitute": course.names.of(str(details["deputy"])),
        "by": course.names.of(entry.actor),
        "from": str(details["valid_from"]),
        "to": str(details["valid_to"]),
        **narrowed,
        "reasons": str(details["reasons"]),
    }


def departed(course: Course, entry: AuditEntry) -> Iterator[dict[str, Any]]:
    """Write that somebody leaves; what goes to the other follows from it."""
    name = course.names.of(str(entry.details["person"]))
    for label in course.cases.values():
        course.keep_claims(name, label)
    yield {
        "depart": name,
        "by": course.names.of(entry.actor),
        "to": course.names.of(str(entry.details["to"])),
        "reasons": str(entry.details["reasons"]),
    }


def asked_award(course: Course, entry: AuditEntry) -> Iterator[dict[str, Any]]:
    """Write the question for an award, and its answer."""
    yield {
        "award": course.names.of(str(entry.details["person"])),
        "by": course.names.of(entry.actor),
        "year": int(str(entry.details["year"])),
        "expect": str(entry.details["answer"]),
    }


def asked_post(course: Course, entry: AuditEntry) -> Iterator[dict[str, Any]]:
    """Write the question for an appointment, and its answer."""
    yield {
        "appoint": course.names.of(str(entry.details["person"])),
        "by": course.names.of(entry.actor),
        "post": str(entry.details["post"]),
        "equal": bool(entry.details["equal"]),
        "on": str(entry.details["on"]),
        "expect": str(entry.details["answer"]),
    }


WRITERS: Mapping[Fact, Writer] = {
    Fact.SUBSTITUTION_SET: substituted,
    Fact.DEPARTURE_BEGUN: departed,
    Fact.AWARD_REQUESTED: asked_award,
    Fact.APPOINTMENT_REQUESTED: asked_post,
}
"""Their entries are of no case."""
