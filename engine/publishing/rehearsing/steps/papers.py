"""Corrections of served documents (更正); all other papers follow from the steps that make them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.commands.correct_document import KEY
from engine.desk.facts import Fact
from engine.publishing.scenarios.answering import TODAY
from engine.store.tables import DocumentRow, ServiceRow

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from engine.publishing.rehearsing.course import Course, Writer
    from engine.store.tables import AuditEntry


def drafted(course: Course, entry: AuditEntry) -> Iterator[dict[str, Any]]:
    """Write that a correction was drafted; one that was given up left nothing."""
    row = _correction(course, entry)
    if row is not None:
        texts = {name: str(row.data[name]) for name in ("wrong", "right", "reasons")}
        yield {**_named("correct", course, entry, row), **texts}


def issued(course: Course, entry: AuditEntry) -> Iterator[dict[str, Any]]:
    """Write that a correction was issued."""
    row = _correction(course, entry)
    if row is not None:
        yield _named("issue_correction", course, entry, row)


def served(course: Course, entry: AuditEntry) -> Iterator[dict[str, Any]]:
    """Write how a correction reached the subject."""
    row = _correction(course, entry)
    if row is None:
        return
    service = course.desk.session.scalars(
        sa.select(ServiceRow).where(ServiceRow.document_id == row.id)
    ).one()
    received = service.received_on.isoformat()
    answers = {
        "way": service.way,
        "received_on": TODAY if received == course.day(entry) else received,
        "received_by": service.received_by,
        **({"witnesses": list(service.witnesses)} if service.witnesses else {}),
    }
    yield {**_named("serve_correction", course, entry, row), "answers": answers}


def _correction(course: Course, entry: AuditEntry) -> DocumentRow | None:
    """Return the correction of which an entry speaks; None for any other document."""
    row = course.desk.session.get(DocumentRow, str(entry.details["document"]))
    return row if row is not None and row.key == KEY else None


def _named(verb: str, course: Course, entry: AuditEntry, row: DocumentRow) -> dict[str, Any]:
    original = course.desk.session.get_one(DocumentRow, row.corrects_id)
    return {verb: original.key, "by": course.names.of(entry.actor)}


WRITERS: Mapping[Fact, Writer] = {
    Fact.DOCUMENT_DRAFTED: drafted,
    Fact.DOCUMENT_ISSUED: issued,
    Fact.DOCUMENT_SERVED: served,
}
