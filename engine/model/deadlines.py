"""A deadline of a case: its last day, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from math import floor

from engine.errors import PeriodExpired, Refusal
from engine.model.calendars import WorkingCalendar
from engine.model.deadline_changes import (
    Change,
    DeadlineCount,
    Event,
    Extension,
    Hold,
    between,
    count,
)
from engine.model.deadline_rules import DeadlineRule, ExpiryAct, ExpiryKind
from engine.model.identifiers import PersonId
from engine.model.lamps import Lamp, Mark, MarkKind
from engine.model.periods import (
    STANDARD,
    CountingRules,
    Unit,
    expires_at,
    expiry_of_hours,
    last_day,
)

SECONDS_IN_AN_HOUR = 3600


class DeadlineState(StrEnum):
    """What became of a deadline."""

    RUNNING = "running"
    SUSPENDED = "suspended"
    MET = "met"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"


class RecountReason(StrEnum):
    """Why counting again gave the last day it gave."""

    UNCHANGED = "unchanged"
    CALENDAR_CHANGED = "calendar_changed"
    RIGHT_KEPT = "right_kept"


@dataclass(frozen=True, slots=True)
class Recount:
    """What counting again by another calendar gave.

    Attributes:
        deadline: The deadline as it stands now.
        before: Its last day before.
        reason: Why it moved, or did not.
    """

    deadline: Deadline
    before: date
    reason: RecountReason


@dataclass(frozen=True, slots=True)
class Remaining:
    """How much of a period is left, or by how much it is over.

    Attributes:
        count: Whole units left after today, or over until today and with it; 0 or more.
        unit: Working days, days or hours.
        is_overdue: `count` is over, not left.
        is_last_day: The period ends today (今天到期).
    """

    count: int
    unit: Unit
    is_overdue: bool = False
    is_last_day: bool = False


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day of a period in a case, and why it is that day.

    Made by `begin`; every change gives a new value.

    Attributes:
        rule: What the procedure says.
        event: From what it counts.
        counted: What counting gave; a told right's last day may be later.
        last_day: The last day, in the authority's civil time.
        expires_at: The first instant after it; aware, UTC, exclusive.
        changes: Extensions and holds, in their order.
        state: What became of it.
        told_last_day: The last day that the holder of the right has been told.
        ended_on: The day of the fact that met it, or on which it lapsed or was withdrawn.
        ended_at: The instant of the fact that met it; only periods in hours need it.
    """

    rule: DeadlineRule
    event: Event
    counted: DeadlineCount
    last_day: date
    expires_at: datetime
    changes: tuple[Change, ...] = ()
    state: DeadlineState = DeadlineState.RUNNING
    told_last_day: date | None = None
    ended_on: date | None = None
    ended_at: datetime | None = None

    @property
    def event_day(self) -> date:
        """The proved day from which it counts."""
        return self.event.happened_on

    @property
    def provisional(self) -> bool:
        """Whether it rests on a year whose holidays are not published (暂定)."""
        return self.counted.provisional

    @property
    def extensions(self) -> tuple[Extension, ...]:
        """The extensions granted, in their order."""
        return tuple(change for change in self.changes if isinstance(change, Extension))

    @property
    def hold(self) -> Hold | None:
        """The hold that stops the clock at present, if any."""
        holds = [change for change in self.changes if isinstance(change, Hold)]
        return holds[-1] if holds and self.state is DeadlineState.SUSPENDED else None

    @property
    def was_late(self) -> bool:
        """Whether what it waited for came after its last day.

        What was received on paper counts from its proved day, even if it was
        recorded later. Source: procedures §0.3 `cal.cutoff`; proposed.
        """
        if self.ended_at is not None:
            return self.ended_at >= self.expires_at
        return self.ended_on is not None and self.ended_on > self.last_day

    def is_over(self, now: datetime) -> bool:
        """Return whether the period is over at `now`; a suspended one is not."""
        return self.state is not DeadlineState.SUSPENDED and now >= self.expires_at

    def extended(
        self,
        granted: Extension,
        calendar: WorkingCalendar,
        rules: CountingRules = STANDARD,
    ) -> Deadline:
        """Return the deadline after one more extension, as its rule allows.

        Raises:
            PeriodExpired: The period is over; it can no longer be extended.
            Refusal: It does not run, may not be extended, not so often or not by so much.

        Source: the rule's own; that it is added to the rolled last day is proposed
        (procedures §0.3 `cal.extension`).
        """
        self._must_run(granted.granted_at)
        policy = self.rule.extension
        if policy is None:
            raise self._refusal("deadline.not_extendable")
        if len(self.extensions) >= policy.times:
            raise self._refusal("deadline.extensions_used", times=policy.times)
        if granted.by.unit is not policy.by.unit or granted.by.value > policy.by.value:
            raise self._refusal(
                "deadline.extension_too_long", most=policy.by.value, unit=policy.by.unit.value
            )
        return self._with((*self.changes, granted), calendar, rules)

    def suspended(
        self, *, approved_by: PersonId, reasons: str, now: datetime, calendar: WorkingCalendar
    ) -> Deadline:
        """Return the deadline with its clock stopped; today is used up.

        Raises:
            PeriodExpired: The period is over.
            Refusal: It does not run, or runs in hours, which do not stop.
        """
        self._must_run(now)
        if self.rule.period.unit is Unit.HOURS:
            raise self._refusal("deadline.hours_run_on")
        hold = Hold(calendar.day_of(now), approved_by, reasons)
        return replace(self, changes=(*self.changes, hold), state=DeadlineState.SUSPENDED)

    def resumed(
        self, *, now: datetime, calendar: WorkingCalendar, rules: CountingRules = STANDARD
    ) -> Deadline:
        """Return the deadline running again; what was left counts from tomorrow on.

        Raises:
            Refusal: It is not suspended.
        """
        hold = self.hold
        if hold is None:
            raise self._refusal("deadline.not_suspended")
        changes = tuple(change for change in self.changes if change is not hold)
        ended = replace(hold, resumed_on=calendar.day_of(now))
        running = replace(self, state=DeadlineState.RUNNING)
        return running._with((*changes, ended), calendar, rules)  # noqa: SLF001 -- our own value

    def met(self, happened_on: date, happened_at: datetime | None = None) -> Deadline:
        """Return the deadline met by a fact.

        Args:
            happened_on: The proved day of the fact.
            happened_at: Its instant, by which a period in hours is late or in time.
        """
        at = happened_at if self.rule.period.unit is Unit.HOURS else None
        return replace(self, state=DeadlineState.MET, ended_on=happened_on, ended_at=at)

    def lapsed(self) -> Deadline:
        """Return the deadline after its period ran out."""
        return replace(self, state=DeadlineState.LAPSED, ended_on=self.last_day)

    def withdrawn(self, on: date) -> Deadline:
        """Return the deadline after its reason went away on the day `on`."""
        return replace(self, state=DeadlineState.WITHDRAWN, ended_on=on)

    def told(self) -> Deadline:
        """Return the deadline after its holder was told the last day as it stands.

        Of two days that were told, the later one binds.
        """
        return replace(self, told_last_day=max(self.told_last_day or self.last_day, self.last_day))

    def recounted(self, calendar: WorkingCalendar, rules: CountingRules = STANDARD) -> Recount:
        """Count again by another version of the calendar.

        Only a deadline that runs or stands still is counted again. The last day of a
        right is never brought before the day that its holder has been told.

        Source: procedures §0.3 `cal.year_data`; proposed.
        """
        if self.state not in {DeadlineState.RUNNING, DeadlineState.SUSPENDED}:
            return Recount(self, self.last_day, RecountReason.UNCHANGED)
        again = self._with(self.changes, calendar, rules)
        if again.last_day != again.counted.last_day:
            reason = RecountReason.RIGHT_KEPT
        elif again.last_day != self.last_day:
            reason = RecountReason.CALENDAR_CHANGED
        else:
            reason = RecountReason.UNCHANGED
        return Recount(again, self.last_day, reason)

    def lamp(self, now: datetime, calendar: WorkingCalendar) -> Lamp:
        """Return the colour of the clock at `now`.

        Yellow from the instant of expiry and red from its instant, as the rule's
        cards say; near from `reminder_at`. A right and a period that only runs out
        never turn yellow.

        Source: supervision, 督办牌规则; proposed.
        """
        if self.state is DeadlineState.SUSPENDED:
            return Lamp.HELD
        if self.state is not DeadlineState.RUNNING:
            return Lamp.DONE
        due = {mark.kind for mark in self.marks(calendar) if mark.at <= now}
        if MarkKind.RED in due:
            return Lamp.RED
        if MarkKind.YELLOW in due:
            return Lamp.YELLOW
        if self.rule.lapses and self.is_over(now):
            return Lamp.DONE
        return Lamp.NEAR if now >= self.reminder_at(calendar) else Lamp.OK

    def reminder_at(self, calendar: WorkingCalendar) -> datetime:
        """Return when the clock becomes near: aware, UTC, the start of a day.

        That is when no more than the rule's share of the length is left after the
        day, a fifth if it says nothing, and always at least one working day before the
        last. In hours, it is when that share of the hours is left.

        Source: supervision, 督办牌规则 "距届满≤20%期长,最少1工作日"; proposed.
        """
        unit = self.rule.counts_in
        if unit is Unit.HOURS:
            left = self.rule.near_share * self.counted.length * SECONDS_IN_AN_HOUR
            return self.expires_at - timedelta(seconds=int(left))
        share = floor(self.rule.near_share * self.counted.length)
        least = self.rule.near_least
        if unit is Unit.WORKING_DAYS:
            return calendar.start_of(calendar.workday_before(self.last_day, max(share, least)))
        near = self.last_day - timedelta(days=share)
        return calendar.start_of(min(near, calendar.workday_before(self.last_day, least)))

    def marks(self, calendar: WorkingCalendar) -> tuple[Mark, ...]:
        """Return what falls due by this deadline, in order of time.

        A deadline that waits for a fact, or is a right, reminds; then its rule's acts on expiry
        follow, or its lapse. Nothing falls due by one that does not run.

        Source: supervision, 督办牌规则; SUP-003; proposed.
        """
        if self.state is not DeadlineState.RUNNING:
            return ()
        marks = [
            Mark(_MARKS[act.kind], self._act_at(act, calendar), act.tell)
            for act in self.rule.on_expiry
        ]
        if self.rule.ends is not None or self.rule.right_of is not None:
            marks.append(Mark(MarkKind.REMIND, self.reminder_at(calendar)))
        if self.rule.lapses and not {mark.kind for mark in marks} & _ENDINGS:
            marks.append(Mark(MarkKind.LAPSE, self.expires_at))
        return tuple(sorted(marks, key=lambda mark: mark.at))

    def remaining(self, now: datetime, calendar: WorkingCalendar) -> Remaining:
        """Return what is left at `now`; today is not counted.

        A suspended deadline keeps what was left when it was suspended; one that has
        ended is measured on the day it ended.
        """
        unit = self.rule.counts_in
        if unit is Unit.HOURS:
            seconds = (self.expires_at - (self.ended_at or now)).total_seconds()
            hours = int(abs(seconds) // SECONDS_IN_AN_HOUR)
            return Remaining(hours, unit, is_overdue=seconds <= 0)
        stopped_on = self.hold.began_on if self.hold else self.ended_on
        today = stopped_on or calendar.day_of(now)
        left = between(today, self.last_day, unit, calendar)
        return Remaining(
            abs(left),
            unit,
            is_overdue=today > self.last_day,
            is_last_day=today == self.last_day,
        )

    def _with(
        self, changes: tuple[Change, ...], calendar: WorkingCalendar, rules: CountingRules
    ) -> Deadline:
        counted = count(self.rule, self.event, changes, calendar, rules)
        last = counted.last_day
        if self.rule.right_of is not None and self.told_last_day is not None:
            last = max(last, self.told_last_day)
        over = counted.expires_at if last == counted.last_day else expires_at(last, calendar)
        return replace(self, changes=changes, counted=counted, last_day=last, expires_at=over)

    def _act_at(self, act: ExpiryAct, calendar: WorkingCalendar) -> datetime:
        if act.after is None:
            return self.expires_at
        if act.after.unit is Unit.HOURS:
            return expiry_of_hours(act.after, self.expires_at)
        first_day_over = calendar.day_of(self.expires_at)
        return expires_at(last_day(act.after, first_day_over, calendar).last_day, calendar)

    def _must_run(self, now: datetime) -> None:
        if self.state is not DeadlineState.RUNNING:
            raise self._refusal("deadline.not_running", state=self.state.value)
        if self.is_over(now):
            raise PeriodExpired(
                "deadline.over",
                rule=self.rule.source,
                deadline=self.rule.key,
                last_day=self.last_day.isoformat(),
            )

    def _refusal(self, message_id: str, **params: object) -> Refusal:
        return Refusal(message_id, rule=self.rule.source, deadline=self.rule.key, **params)


def begin(
    rule: DeadlineRule, event: Event, calendar: WorkingCalendar, rules: CountingRules = STANDARD
) -> Deadline:
    """Return the deadline that an event starts.

    The period counts from the day the event is proved to have happened, even if
    it was recorded later. Source: design.md §4, facts have two times; proposed.
    """
    counted = count(rule, event, (), calendar, rules)
    return Deadline(rule, event, counted, counted.last_day, counted.expires_at)


_ENDINGS = {MarkKind.CLOSE, MarkKind.LAPSE}

_MARKS = {
    ExpiryKind.YELLOW_CARD: MarkKind.YELLOW,
    ExpiryKind.RED_CARD: MarkKind.RED,
    ExpiryKind.CLOSE: MarkKind.CLOSE,
    ExpiryKind.REMIND_DAILY: MarkKind.REMIND_DAILY,
    ExpiryKind.LIFT: MarkKind.LAPSE,
}
