"""The steps of a scenario as they come from the record, entry by entry."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeAlias
from zoneinfo import ZoneInfo

from engine.desk.answers import SALT
from engine.desk.values import plain
from engine.publishing.rehearsing.answers import Names, scenario_answers
from engine.store.tables import AuditEntry, CaseRow, Motion, WorkItemRow

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
        asked: The step of what was asked for and waits for a ruling, by kind and id.
        claims: The step by which somebody took a work item, by its id, as long as nothing but
            its completion could follow from it.
        signed_at: When the last signature on a work item was given or dropped, by its id.
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
    asked: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    claims: dict[str, dict[str, Any]] = field(default_factory=dict)
    signed_at: dict[str, datetime] = field(default_factory=dict)

    def write(self, entry: AuditEntry, step: dict[str, Any]) -> None:
        """Write a step of the moment and the case of an entry."""
        self.move_to(entry.recorded_at)
        label = self.cases[str(entry.case_id)] if entry.case_id else "case"
        if label != "case":
            step["case"] = label
        self.steps.append(step)
        if "do" not in step and "claim" not in step:
            self.keep_claims(step.get("by", ""), label, str(entry.details.get("item")))

    def move_to(self, instant: datetime) -> None:
        """Write that the clock was moved, where it was by a minute or more."""
        civil = self._civil(instant)
        if civil > self.at:
            self.at = civil
            if self.steps and "at" in self.steps[-1]:
                self.steps.pop()
            self.steps.append({"at": f"{civil:%Y-%m-%d %H:%M}"})

    def fall_due(self, instant: datetime) -> None:
        """Write that what is due happened, where the clock did not move for it.

        In a rehearsal it does with the next act, in a scenario when the clock is moved: to where
        it stands, for what lay in the past from the beginning.
        """
        civil = self._civil(instant)
        if civil <= self.at and self.steps and "at" not in self.steps[-1]:
            self.steps.append({"at": f"{self.at:%Y-%m-%d %H:%M}"})

    def _civil(self, instant: datetime) -> datetime:
        """Return the minute of an instant by the authority's clock, without a zone."""
        return instant.astimezone(self.zone).replace(tzinfo=None, second=0, microsecond=0)

    def is_newest(self, step: dict[str, Any], entry: AuditEntry) -> bool:
        """Return whether nothing was done, and no minute has passed, since a step."""
        now = self._civil(entry.recorded_at)
        return self.steps[-1] is step and now <= self.at

    def bring_here(self, step: dict[str, Any], entry: AuditEntry) -> None:
        """Put a step that goes on with this entry behind all that was done meanwhile."""
        self._take_out(step)
        self.move_to(entry.recorded_at)
        self.steps.append(step)

    def unclaim(self, entry: AuditEntry) -> None:
        """Leave out that somebody took the item of an entry, which that person ends by itself."""
        step = self.claims.pop(str(entry.details["item"]), None)
        if step is not None and step["by"] == self.names.of(entry.actor):
            self._take_out(step)

    def keep_claims(self, name: str, label: str, item_id: str = "") -> None:
        """Keep what a person took in a case, or an item that somebody took: more rests on it."""
        self.claims = {
            key: one
            for key, one in self.claims.items()
            if key != item_id and (one["by"], one.get("case", "case")) != (name, label)
        }

    def unwritten(self, entry: AuditEntry) -> None:
        """Note that scenarios have no step for an entry."""
        self.unsaid.append(entry.fact)

    def _take_out(self, step: dict[str, Any]) -> None:
        """Take a step out; of two moves of the clock that meet, the second says it all."""
        place = next(i for i, one in enumerate(self.steps) if one is step)
        del self.steps[place]
        if place and "at" in self.steps[place - 1] and "at" in (*self.steps[place:], {})[0]:
            del self.steps[place - 1]

    def names_in(self, people: object) -> list[str]:
        """Return the names of people of the cast, in its order."""
        found = {str(one) for one in people} if isinstance(people, list) else set()
        return [name for one, name in self.names.by_id.items() if one in found]

    def answers(
        self, data: Mapping[str, object], form: Form | None, entry: AuditEntry
    ) -> dict[str, Any]:
        """Return what was answered, as it lies in its row, as a scenario writes it."""
        return scenario_answers(unsalted(data), form, self.names, self.day(entry))

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
