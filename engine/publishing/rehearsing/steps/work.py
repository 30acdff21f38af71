"""Work that was done, and what was written to whoever has it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.desk.facts import Fact
from engine.store.tables import Answers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from engine.publishing.rehearsing.course import Course, Writer
    from engine.store.tables import AuditEntry

COLLECTIVE = "collective"


def done(course: Course, entry: AuditEntry) -> Iterator[dict[str, Any]]:
    """Write what was completed; what a body decides is written by its motion."""
    if entry.details.get("act") == COLLECTIVE:
        return
    item = course.item(entry)
    row = course.desk.session.get(Answers, str(entry.details.get("answers_id")))
    form = course.desk.version(course.case(entry)).form(item.process, item.form)
    proof = row.proof if row is not None else ""
    yield {
        "do": item.element,
        "by": course.names.of(entry.actor),
        "answers": course.answers(row, form, entry),
        **({"proof": proof} if proof else {}),
    }


def dunned(course: Course, entry: AuditEntry) -> Iterator[dict[str, Any]]:
    """Write a reminder notice that was sent."""
    yield {
        "dun": str(entry.details["element"]),
        "by": course.names.of(entry.actor),
        "reasons": str(entry.details.get("reasons") or ""),
    }


WRITERS: Mapping[Fact, Writer] = {
    Fact.WORK_COMPLETED: done,
    Fact.DUNNED: dunned,
}
