"""What one asks for and another rules on: longer periods, recusals, standing still, withdrawal.

Both are one step where one follows the other at once; else the ruling is a step of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.desk.facts import Fact
from engine.store.tables import Recusal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from engine.publishing.rehearsing.course import Course, Writer
    from engine.store.tables import AuditEntry

EXTEND, RECUSE, SUSPEND, WITHDRAW = "extend", "recuse", "suspend", "withdraw"


def asked_longer(course: Course, entry: AuditEntry) -> Iterator[dict[str, Any]]:
    """Write that a longer period was asked for."""
    step = {
        "extend": str(entry.details["key"]),
        "by": course.names.of(entry.actor),
        "reasons": str(entry.details["reasons"]),
    }
    yield _asked(course, entry, EXTEND, str(entry.details["key"]), step)


def ruled_longer(course: Course, entry: AuditEntry) -> Iterator[dict[str, Any]]:
    """Write the ruling on a longer period."""
    key, reasons = str(entry.details["key"]), str(entry.details["reasons"])
    yield from _ruled(course, entry, EXTEND, key, of=key, reasons=reasons)


def asked_out(course: Course, entry: AuditEntry) -> Iterator[dict[str, Any]]:
    """Write that a recusal was asked for, or one's own interest declared."""
    row = course.desk.session.get_one(Recusal, str(entry.details["recusal"]))
    step = {
        "recuse": course.names.of(row.person_id),
        "by": course.names.of(entry.actor),
        "reasons": row.reasons,
    }
    yield _asked(course, entry, RECUSE, row.person_id, step)


def ruled_out(course: Course, entry: AuditEntry) -> Iterator[dict[str, Any]]:
    """Write the ruling on a recusal."""
    person = str(entry.details["person"])
    reasons = course.desk.session.scalar(
        sa.select(Recusal.decision_reasons).where(
            Recusal.case_id == entry.case_id,
            Recusal.person_id == person,
            Recusal.decided_at == entry.recorded_at,
        )
    )
    of = course.names.of(person)
    yield from _ruled(course, entry, RECUSE, person, of=of, reasons=reasons or "")


def asked_to_rest(course: Course, entry: AuditEntry) -> Iterator[dict[str, Any]]:
    """Write that somebody asked to let the case stand still."""
    step = {SUSPEND: str(entry.details["reasons"]), "by": course.names.of(entry.actor)}
    yield _asked(course, entry, SUSPEND, "", step)


def asked_to_withdraw(course: Course, entry: AuditEntry) -> Iterator[dict[str, Any]]:
    """Write that somebody proposed to withdraw the case."""
    step = {WITHDRAW: str(entry.details["reasons"]), "by": course.names.of(entry.actor)}
    yield _asked(course, entry, WITHDRAW, "", step)


def ruled_case(course: Course, entry: AuditEntry) -> Iterator[dict[str, Any]]:
    """Write the ruling on standing still, or on a withdrawal."""
    kind = SUSPEND if entry.fact == Fact.SUSPENSION_DECIDED else WITHDRAW
    yield from _ruled(course, entry, kind, "", of="", reasons=str(entry.details["reasons"]))


def resumed(course: Course, entry: AuditEntry) -> Iterator[dict[str, Any]]:
    """Write that the case goes on."""
    yield {"resume": str(entry.details["reasons"]), "by": course.names.of(entry.actor)}


def _asked(
    course: Course, entry: AuditEntry, kind: str, what: str, step: dict[str, Any]
) -> dict[str, Any]:
    course.asked[(kind, f"{entry.case_id} {what}")] = step
    return step


def _ruled(
    course: Course, entry: AuditEntry, kind: str, what: str, *, of: str, reasons: str
) -> Iterator[dict[str, Any]]:
    """Add a ruling to what was asked just now; else it is a step of its own."""
    asked = course.asked.pop((kind, f"{entry.case_id} {what}"), None)
    name, granted = course.names.of(entry.actor), bool(entry.details["granted"])
    if asked is not None and course.is_newest(asked, entry):
        by = "approved_by" if kind == EXTEND else "decided_by"
        asked |= {by: name, "granted": granted, "decision_reasons": reasons}
        return
    yield {
        "rule": kind,
        **({"of": of} if of else {}),
        "by": name,
        "granted": granted,
        "reasons": reasons,
    }


WRITERS: Mapping[Fact, Writer] = {
    Fact.EXTENSION_REQUESTED: asked_longer,
    Fact.EXTENSION_DECIDED: ruled_longer,
    Fact.RECUSAL_REQUESTED: asked_out,
    Fact.INTEREST_DECLARED: asked_out,
    Fact.RECUSAL_DECIDED: ruled_out,
    Fact.SUSPENSION_REQUESTED: asked_to_rest,
    Fact.SUSPENSION_DECIDED: ruled_case,
    Fact.CASE_RESUMED: resumed,
    Fact.WITHDRAWAL_PROPOSED: asked_to_withdraw,
    Fact.WITHDRAWAL_DECIDED: ruled_case,
}
