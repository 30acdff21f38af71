"""Cases that were registered, and what was filed in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.desk.facts import Fact
from engine.store.tables import Answers, CaseRow, Participant

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from engine.publishing.rehearsing.course import Course, Writer
    from engine.store.tables import AuditEntry


def opened(course: Course, entry: AuditEntry) -> Iterator[dict[str, Any]]:
    """Write that a case was registered; a child is opened by its parent."""
    case = course.desk.session.get_one(CaseRow, entry.case_id)
    if case.parent_id:
        return
    version = course.desk.version(case)
    start = version.rules.start
    form = version.form(version.definition.process_id, start.form) if start else None
    row = course.desk.session.scalar(
        sa.select(Answers)
        .where(Answers.case_id == case.id, Answers.work_item_id.is_(None), Answers.filing == "")
        .order_by(Answers.recorded_at, Answers.id)
        .limit(1)
    )
    rows = course.desk.session.execute(
        sa.select(Participant.role, Participant.person_id).where(
            Participant.case_id == case.id,
            Participant.role.in_(("subject", "reporter")),
        )
    )
    parts = {one.role: one.person_id for one in rows}
    yield {
        "open": case.procedure,
        "by": course.names.of(entry.actor),
        **({"channel": case.channel} if case.channel else {}),
        **{
            role: course.names.of(parts[role])
            for role in ("subject", "reporter")
            if parts.get(role) in course.names.by_id
        },
        "answers": course.answers(row, form, entry),
    }


def filed(course: Course, entry: AuditEntry) -> Iterator[dict[str, Any]]:
    """Write what was filed."""
    key = str(entry.details["filing"])
    version = course.desk.version(course.case(entry))
    rule = version.rules.filings.get(key)
    form = version.form(version.definition.process_id, rule.form) if rule else None
    row = course.desk.session.get(Answers, str(entry.details.get("answers_id")))
    filed_for = course.names.by_id.get(str(entry.details.get("filed_for") or ""), "")
    yield {
        "file": key,
        "by": course.names.of(entry.actor),
        **({"for": filed_for} if filed_for else {}),
        **(
            {"on": str(entry.details["happened_on"])}
            if str(entry.details["happened_on"]) != course.day(entry)
            else {}
        ),
        **({"proof": row.proof} if row is not None and row.proof else {}),
        "answers": course.answers(row, form, entry),
    }


WRITERS: Mapping[Fact, Writer] = {
    Fact.CASE_OPENED: opened,
    Fact.FILED: filed,
}
