"""From the record of what was done in a rehearsal to the steps of a scenario.

Nothing is recorded for the scenario's sake: audit entries say what was done, by whom and when;
answers, motions, opinions and recusals lie in their rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.desk.facts import Fact
from engine.publishing.rehearsing.answers import Names
from engine.publishing.rehearsing.course import Course
from engine.publishing.rehearsing.following import FALLING_DUE, NO_STEP, OF_PERSONS
from engine.publishing.rehearsing.labels import labels_of
from engine.publishing.rehearsing.standing import as_it_stands
from engine.publishing.rehearsing.steps import (
    bodies,
    cases,
    oversight,
    papers,
    persons,
    programs,
    remarks,
    rulings,
    signing,
    work,
)
from engine.store.tables import Attachment, AuditEntry, CaseRow

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from engine.desk import Desk
    from engine.publishing.rehearsing.course import Writer

WRITERS: Mapping[Fact, Writer] = {
    **cases.WRITERS,
    **work.WRITERS,
    **bodies.WRITERS,
    **rulings.WRITERS,
    **signing.WRITERS,
    **remarks.WRITERS,
    **papers.WRITERS,
    **persons.WRITERS,
    **programs.WRITERS,
    **oversight.WRITERS,
}
"""What writes the steps of a fact that somebody of the cast has brought about."""


@dataclass(frozen=True, slots=True)
class Written:
    """What a rehearsal has come to.

    Attributes:
        steps: As they stand in a scenario, the last one saying how the first case stands.
        unsaid: Facts of the record for which scenarios have no step.
    """

    steps: tuple[dict[str, Any], ...]
    unsaid: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is no case, neither of a person nor of the calendar."""
        return not self.steps


def written(
    desk: Desk, procedure: str, people: Mapping[str, str], began: datetime, zone: ZoneInfo
) -> Written:
    """Return the steps that lead to where the office stands now.

    Args:
        desk: Of a query, of the platform.
        procedure: The folder's own.
        people: Id by name, of the cast.
        began: Civil time of the beginning, without a zone.
        zone: Of the authority.
    """
    files = desk.session.execute(sa.select(Attachment.id, Attachment.name))
    names = Names({one: name for name, one in people.items()}, {one.id: one.name for one in files})
    labels = labels_of(desk, names, procedure)
    if not labels:
        return Written(())
    course = Course(desk, names, labels, zone, began.replace(second=0))
    entries = desk.session.scalars(
        sa.select(AuditEntry)
        .where(
            AuditEntry.case_id.in_(list(labels))
            | (AuditEntry.case_id.is_(None) & AuditEntry.fact.in_(OF_PERSONS))
        )
        .order_by(AuditEntry.recorded_at, AuditEntry.stream, AuditEntry.sequence)
    ).all()
    for entry in entries:
        _take(course, entry)
    course.move_to(desk.now())
    first = next(iter(labels))
    then: dict[str, Any] = {"then": as_it_stands(desk, desk.session.get_one(CaseRow, first))}
    if labels[first] != "case":
        then["case"] = labels[first]
    return Written((*course.steps, then), tuple(dict.fromkeys(course.unsaid)))


def _take(course: Course, entry: AuditEntry) -> None:
    """Write what a fact of the record means as a step."""
    fact = Fact(entry.fact)
    if entry.actor not in course.names.by_id:
        if fact in FALLING_DUE:
            course.fall_due(entry.recorded_at)
    elif fact in WRITERS:
        for step in WRITERS[fact](course, entry):
            course.write(entry, step)
    elif fact in NO_STEP:
        course.unwritten(entry)
