"""What was sent to read, said beside a case, and receipted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.desk.facts import Fact
from engine.store.tables import CommentRow

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from engine.publishing.rehearsing.course import Course, Writer
    from engine.store.tables import AuditEntry


def copied(course: Course, entry: AuditEntry) -> Iterator[dict[str, Any]]:
    """Write to whom a case was sent to read."""
    note = str(entry.details.get("note") or "")
    yield {
        "copy": course.names_in(entry.details["people"]),
        "by": course.names.of(entry.actor),
        **({"note": note} if note else {}),
    }


def commented(course: Course, entry: AuditEntry) -> Iterator[dict[str, Any]]:
    """Write a comment, with the names of the files that came with it."""
    row = course.desk.session.get_one(CommentRow, str(entry.details["comment"]))
    mentions = course.names_in(list(row.mentions))
    files = [course.names.files[one] for one in row.attachments]
    yield {
        "comment": row.text,
        "by": course.names.of(entry.actor),
        **({"mentions": mentions} if mentions else {}),
        **({"files": files} if files else {}),
    }


def receipted(course: Course, entry: AuditEntry) -> Iterator[dict[str, Any]]:
    """Write a receipt: for a copy, or for lateness that was put before one's level."""
    what = "copy" if entry.fact == Fact.COPY_READ else "escalation"
    yield {"receipt": what, "by": course.names.of(entry.actor)}


WRITERS: Mapping[Fact, Writer] = {
    Fact.COPY_SENT: copied,
    Fact.COPY_READ: receipted,
    Fact.COMMENTED: commented,
    Fact.ESCALATION_RECEIPTED: receipted,
}
