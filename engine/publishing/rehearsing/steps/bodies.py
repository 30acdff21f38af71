"""What bodies did together: meetings, motions, votes, minutes, decisions."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.desk.facts import Fact
from engine.store.tables import DecisionRow, Motion, OpinionRow

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from engine.publishing.rehearsing.course import Course, Writer
    from engine.store.tables import AuditEntry


def motion(course: Course, entry: AuditEntry) -> Iterator[dict[str, Any]]:
    """Keep the motion; it is written where its last vote is, so that one step says both."""
    motion = course.desk.session.get_one(Motion, str(entry.details["motion"]))
    item = course.item(entry)
    form = course.desk.version(course.case(entry)).form(item.process, item.form)
    answers = course.answers(motion.answers, form, entry)
    step: dict[str, Any] = {
        "vote": item.element,
        "by": course.names.of(entry.actor),
        "answers": answers,
        "opinions": {},
        "absent": {},
        "decide": False,
    }
    course.ballots[motion.id] = step
    yield step


def opinion(course: Course, entry: AuditEntry) -> Iterator[dict[str, Any]]:
    """Add a vote or an absence to the step of its motion."""
    motion = str(entry.details["motion"])
    row = course.desk.session.scalars(
        sa.select(OpinionRow).where(
            OpinionRow.motion_id == motion,
            OpinionRow.person_id == str(entry.details["person"]),
        )
    ).one()
    step = course.ballots[motion]
    name = course.names.of(row.person_id)
    if row.present:
        vote = "agree" if row.vote == "secret" else row.vote
        step["opinions"][name] = {"vote": vote, "reasons": row.reasons}
    else:
        step["absent"][name] = row.reasons
    course.bring_here(step, entry)
    yield from ()


def decided(course: Course, entry: AuditEntry) -> Iterator[dict[str, Any]]:
    """Write that the decision on a motion was formed."""
    decision = course.desk.session.get_one(DecisionRow, str(entry.details["decision"]))
    element = course.element_of(str(decision.motion_id))
    yield {"decide": element, "by": course.names.of(entry.actor)}


def met(course: Course, entry: AuditEntry) -> Iterator[dict[str, Any]]:
    """Write that a meeting was called."""
    details = entry.details
    held = datetime.fromisoformat(str(details["held_at"]))
    civil = held.astimezone(course.zone).replace(tzinfo=None)
    yield {
        "meet": course.item(entry).element,
        "by": course.names.of(entry.actor),
        "held_at": f"{civil:%Y-%m-%d %H:%M}",
        "place": str(details.get("place") or ""),
        "agenda": str(details.get("agenda") or ""),
        "chair": course.names.of(str(details.get("chair") or "")),
        "recorder": course.names.of(str(details.get("recorder") or "")),
    }


def dissented(course: Course, entry: AuditEntry) -> Iterator[dict[str, Any]]:
    """Write a dissent that was kept."""
    row = course.desk.session.scalar(
        sa.select(OpinionRow).where(
            OpinionRow.motion_id == str(entry.details["motion"]),
            OpinionRow.person_id == entry.actor,
        )
    )
    yield {
        "dissent": course.element_of(str(entry.details["motion"])),
        "by": course.names.of(entry.actor),
        "reasons": row.dissent if row is not None else "",
    }


def closed_ballot(course: Course, entry: AuditEntry) -> Iterator[dict[str, Any]]:
    """Write that a ballot was closed, for signatures to be added."""
    motion = str(entry.details["motion"])
    step: dict[str, Any] = {
        "minutes": course.element_of(motion),
        "by": course.names.of(entry.actor),
        "signed_by": [],
    }
    course.minutes[motion] = step
    yield step


def signed(course: Course, entry: AuditEntry) -> Iterator[dict[str, Any]]:
    """Add a signature to the step of its minutes."""
    step = course.minutes[str(entry.details["motion"])]
    step["signed_by"].append(course.names.of(entry.actor))
    course.bring_here(step, entry)
    yield from ()


WRITERS: Mapping[Fact, Writer] = {
    Fact.MOTION_PUT: motion,
    Fact.OPINION_GIVEN: opinion,
    Fact.ABSENCE_NOTED: opinion,
    Fact.DECIDED: decided,
    Fact.MEETING_CALLED: met,
    Fact.DISSENT_KEPT: dissented,
    Fact.BALLOT_CLOSED: closed_ballot,
    Fact.MINUTES_SIGNED: signed,
}
