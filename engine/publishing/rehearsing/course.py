"""The steps of a scenario as they come from the record, entry by entry."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeAlias
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from engine.desk.answers import SALT
from engine.desk.values import plain
from engine.publishing.rehearsing.answers import Names, scenario_answers
from engine.store.tables import Answers, AuditEntry, CaseRow, Motion, WorkItemRow

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.desk import Desk
    from engine.workflow import Form


@dataclass(slots=True)
class Course:
    """The course of a rehearsal, as far as it is written.

    Attributes:
        names: The cast.
        cases: What the scenario calls each case, by its id.
        at: Civil time at which the steps stand.
        steps: As they stand in a scenario.
        unsaid: Facts for which scenarios have no step.
        ballots: The step of each motion, by its id.
        minutes: The step of the minutes on each motion, by its id.
    """

    desk: Desk
    names: Names
    cases: Mapping[str, str]
    zone: ZoneInfo
    at: datetime
    steps: list[dict[str, Any]] = field(default_factory=list)
    unsaid: list[str] = field(default_factory=list)
    ballots: dict[str, dict[str, Any]] = field(default_factory=dict)
    minutes: dict[str, dict[str, Any]] = field(default_factory=dict)

    def write(self, entry: AuditEntry, step: dict[str, Any]) -> None:
        """Write a step of the moment and the case of an entry."""
        self.move_to(entry.recorded_at)
        label = self.cases[str(entry.case_id)]
        self.steps.append({**step, **({} if label == "case" else {"case": label})})

    def move_to(self, instant: datetime) -> None:
        """Write that the clock was moved, where it was by a minute or more."""
        civil = instant.astimezone(self.zone).replace(tzinfo=None, second=0, microsecond=0)
        if civil > self.at:
            self.at = civil
            self.steps.append({"at": f"{civil:%Y-%m-%d %H:%M}"})

    def bring_here(self, step: dict[str, Any], entry: AuditEntry) -> None:
        """Put a step that goes on with this entry behind all that was done meanwhile."""
        place = next(i for i, one in enumerate(self.steps) if _is_same(one, step))
        moved = self.steps.pop(place)
        self.move_to(entry.recorded_at)
        self.steps.append({**moved, **step})

    def claims(self) -> None:
        """Write who holds what nobody has done yet."""
        held = self.desk.session.scalars(
            sa.select(WorkItemRow)
            .where(WorkItemRow.case_id.in_(list(self.cases)), WorkItemRow.state == "claimed")
            .order_by(WorkItemRow.opened_at, WorkItemRow.id)
        )
        for item in held:
            name = self.names.by_id.get(item.claimed_by or "")
            label = self.cases[item.case_id]
            if name and not any(one.get("meet") == item.element for one in self.steps):
                step = {"claim": item.element, "by": name}
                self.steps.append({**step, **({} if label == "case" else {"case": label})})

    def answers(self, row: Answers | None, form: Form | None, entry: AuditEntry) -> dict[str, Any]:
        """Return what was answered, as a scenario writes it."""
        if row is None:
            return {}
        return scenario_answers(unsalted(row.data), form, self.names, self.day(entry))

    def item(self, entry: AuditEntry) -> WorkItemRow:
        """Return the work item of which an entry speaks."""
        return self.desk.session.get_one(WorkItemRow, str(entry.details["item"]))

    def case(self, entry: AuditEntry) -> CaseRow:
        """Return the case of an entry."""
        return self.desk.session.get_one(CaseRow, entry.case_id)

    def element_of(self, motion_id: str) -> str:
        """Return the element in which a motion was put."""
        motion = self.desk.session.get_one(Motion, motion_id)
        return str(self.desk.session.get_one(WorkItemRow, motion.work_item_id).element)

    def day(self, entry: AuditEntry) -> str:
        """Return the civil day of an entry, such as ``2026-04-08``."""
        return entry.recorded_at.astimezone(self.zone).date().isoformat()


Writer: TypeAlias = Callable[[Course, AuditEntry], Iterator[dict[str, Any]]]
"""What yields the steps that a fact of the record means."""


def unsalted(data: Mapping[str, object]) -> dict[str, Any]:
    """Return answers as they lie in their row, without the salt of their digest."""
    found = plain({key: value for key, value in data.items() if key != SALT})
    return dict(found) if isinstance(found, dict) else {}


def _is_same(one: Mapping[str, Any], step: Mapping[str, Any]) -> bool:
    """Whether a written step is the one that goes on: its lists are the very same objects."""
    kept = [key for key in ("opinions", "signed_by") if key in step]
    if kept:
        return one.get(kept[0]) is step[kept[0]]
    return one is step
