"""Work that was taken, done, given back, and moved by hand (转办, 委派, 驳回, 撤回, 跳转 …)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.desk.facts import Fact
from engine.publishing.rehearsing.course import Course
from engine.store.tables import Answers, AuditEntry, Draft, HeldAnswers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from engine.publishing.rehearsing.course import Writer
    from engine.store.tables import WorkItemRow

COLLECTIVE = "collective"


def claimed(course: Course, entry: AuditEntry) -> Iterator[dict[str, Any]]:
    """Write that somebody took an item; what another put into these hands follows by itself."""
    if entry.details.get("person"):
        return
    step = {"claim": str(entry.details["element"]), "by": course.names.of(entry.actor)}
    course.claims[str(entry.details["item"])] = step
    yield step


def done(course: Course, entry: AuditEntry) -> Iterator[dict[str, Any]]:
    """Write what was completed; what a body decides is written by its motion.

    What waited for signatures was written when it was given.
    """
    item = course.item(entry)
    if entry.details.get("act") == COLLECTIVE or (
        course.signed_at.get(item.id) == entry.recorded_at
    ):
        return
    course.unclaim(entry)
    yield _do(course, entry, item, course.desk.session.get(Answers, _answers_id(entry)))


def held(course: Course, entry: AuditEntry) -> Iterator[dict[str, Any]]:
    """Write what was completed and waits for signatures, where they lie now.

    Answers that a signer sent back are those that were given in their place.
    """
    item = course.item(entry)
    session = course.desk.session
    found = session.scalar(
        sa.select(Answers)
        .where(Answers.work_item_id == item.id)
        .order_by(Answers.recorded_at.desc())
        .limit(1)
    )
    row = found or session.get(HeldAnswers, item.id) or session.get(Draft, (item.id, entry.actor))
    course.unclaim(entry)
    yield _do(course, entry, item, row)


def _do(
    course: Course,
    entry: AuditEntry,
    item: WorkItemRow,
    row: Answers | HeldAnswers | Draft | None,
) -> dict[str, Any]:
    form = course.desk.version(course.case(entry)).form(item.process, item.form)
    proof = "" if row is None or isinstance(row, Draft) else row.proof
    return {
        "do": item.element,
        "by": course.names.of(entry.actor),
        "answers": course.answers(row.data, form, entry) if row is not None else {},
        **({"proof": proof} if proof else {}),
    }


def _answers_id(entry: AuditEntry) -> str:
    return str(entry.details.get("answers_id"))


def sent_back(course: Course, entry: AuditEntry) -> Iterator[dict[str, Any]]:
    """Write that an item was sent back to an earlier step."""
    course.unclaim(entry)
    yield {
        "send_back": str(entry.details["element"]),
        "by": course.names.of(entry.actor),
        "to": str(entry.details["to"]),
        "reasons": str(entry.details["reasons"]),
        **({"straight": True} if entry.details.get("straight") else {}),
    }


def jumped(course: Course, entry: AuditEntry) -> Iterator[dict[str, Any]]:
    """Write that an item was taken elsewhere in its diagram."""
    yield {
        "jump": str(entry.details["element"]),
        "by": course.names.of(entry.actor),
        "to": str(entry.details["to"]),
        "reasons": str(entry.details["reasons"]),
    }


def returned(course: Course, entry: AuditEntry) -> Iterator[dict[str, Any]]:
    """Write that a delegate gave an item back."""
    yield {
        "hand_back": str(entry.details["element"]),
        "by": course.names.of(entry.actor),
        "note": str(entry.details.get("note") or ""),
    }


def _handed(verb: str) -> Writer:
    """Return what writes that an item went to somebody else."""

    def write(course: Course, entry: AuditEntry) -> Iterator[dict[str, Any]]:
        reasons = str(entry.details.get("reasons") or "")
        yield {
            verb: str(entry.details["element"]),
            "by": course.names.of(entry.actor),
            "to": course.names.of(str(entry.details["to"])),
            **({"reasons": reasons} if reasons else {}),
        }

    return write


def _reasoned(verb: str) -> Writer:
    """Return what writes a verb that needs an element, a person and reasons, which may be empty."""

    def write(course: Course, entry: AuditEntry) -> Iterator[dict[str, Any]]:
        yield {
            verb: str(entry.details["element"]),
            "by": course.names.of(entry.actor),
            "reasons": str(entry.details.get("reasons") or ""),
        }

    return write


def _plain(verb: str) -> Writer:
    """Return what writes a verb that needs an element and a person only."""

    def write(course: Course, entry: AuditEntry) -> Iterator[dict[str, Any]]:
        yield {verb: str(entry.details["element"]), "by": course.names.of(entry.actor)}

    return write


WRITERS: Mapping[Fact, Writer] = {
    Fact.WORK_CLAIMED: claimed,
    Fact.WORK_RELEASED: _plain("release"),
    Fact.WORK_COMPLETED: done,
    Fact.ANSWERS_HELD: held,
    Fact.DUNNED: _reasoned("dun"),
    Fact.WORK_TRANSFERRED: _handed("transfer"),
    Fact.WORK_DELEGATED: _handed("delegate"),
    Fact.WORK_RETURNED: returned,
    Fact.DELEGATION_RECALLED: _reasoned("recall"),
    Fact.WORK_ASSIGNED: _handed("assign"),
    Fact.WORK_SENT_BACK: sent_back,
    Fact.WORK_TAKEN_BACK: _plain("take_back"),
    Fact.WORK_JUMPED: jumped,
    Fact.ITEM_REMINDED: _plain("remind"),
}
