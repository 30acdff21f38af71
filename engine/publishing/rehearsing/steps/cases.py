"""Cases that were registered, taken up again or merged, and what was filed in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.commands.wake_case import WOKEN
from engine.desk.facts import Fact
from engine.store.tables import Answers, CaseRow, Participant

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from engine.publishing.rehearsing.course import Course, Writer
    from engine.store.tables import AuditEntry


def opened(course: Course, entry: AuditEntry) -> Iterator[dict[str, Any]]:
    """Write that a case was registered; a child is opened by its parent or by being woken."""
    case = course.case(entry)
    if case.parent_id:
        return
    rows = course.desk.session.execute(
        sa.select(Participant.role, Participant.person_id).where(
            Participant.case_id == case.id,
            Participant.role.in_(("subject", "reporter")),
            Participant.since_at <= case.opened_at,
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
        "answers": _start_answers(course, entry, case),
    }


def woken(course: Course, entry: AuditEntry) -> Iterator[dict[str, Any]]:
    """Write that a closed case was taken up again; the new one's entry says nothing more."""
    number = entry.details.get("by_case")
    if number is None:
        return
    case = course.desk.session.scalars(
        sa.select(CaseRow).where(
            CaseRow.parent_id == entry.case_id,
            CaseRow.relation == WOKEN,
            CaseRow.number == str(number),
        )
    ).one()
    yield {
        "wake": str(entry.details["reasons"]),
        "by": course.names.of(entry.actor),
        "answers": _start_answers(course, entry, case),
        "named": course.cases[case.id],
    }


def merged(course: Course, entry: AuditEntry) -> Iterator[dict[str, Any]]:
    """Write that a case was merged into an earlier one."""
    into = str(course.case(entry).merged_into_id)
    yield {
        "merge": course.cases[into],
        "by": course.names.of(entry.actor),
        "reasons": str(entry.details["reasons"]),
    }


def filed(course: Course, entry: AuditEntry) -> Iterator[dict[str, Any]]:
    """Write what was filed."""
    key = str(entry.details["filing"])
    version = course.desk.version(course.case(entry))
    rule = version.rules.filings.get(key)
    form = version.form(version.definition.process_id, rule.form) if rule else None
    row = course.desk.session.get_one(Answers, str(entry.details["answers_id"]))
    filed_for = course.names.of(str(entry.details.get("filed_for") or ""))
    happened_on = str(entry.details["happened_on"])
    yield {
        "file": key,
        "by": course.names.of(entry.actor),
        **({"for": filed_for} if filed_for else {}),
        **({"on": happened_on} if happened_on != course.day(entry) else {}),
        **({"proof": row.proof} if row.proof else {}),
        "answers": course.answers(row.data, form, entry),
    }


def _start_answers(course: Course, entry: AuditEntry, case: CaseRow) -> dict[str, Any]:
    """Return what was answered when a case was registered."""
    version = course.desk.version(case)
    start = version.rules.start
    form = version.form(version.definition.process_id, start.form) if start else None
    data = course.desk.session.scalar(
        sa.select(Answers.data)
        .where(Answers.case_id == case.id, Answers.work_item_id.is_(None), Answers.filing == "")
        .order_by(Answers.recorded_at, Answers.id)
        .limit(1)
    )
    return course.answers(data or {}, form, entry)


WRITERS: Mapping[Fact, Writer] = {
    Fact.CASE_OPENED: opened,
    Fact.CASE_WOKEN: woken,
    Fact.CASE_MERGED: merged,
    Fact.FILED: filed,
}
