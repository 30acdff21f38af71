"""Deadlines of a case as clocks of the page kit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.model.day_strips import CellKind, Gap
from engine.model.deadline_rules import ExpiryKind
from engine.model.periods import Unit as PeriodUnit
from web.citations import citation_text, default_tag
from web.texts import gettext as _
from web.texts import ngettext
from web.toolkit import (
    CellGap,
    CellState,
    ClockView,
    DayCell,
    FactView,
    Lamp,
    Unit,
)
from web.visiting import civil
from web.wording import day_text, weekday_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date, datetime

    from engine.desk.views import DeadlineView
    from engine.model.deadline_rules import DeadlineRule
    from engine.model.deadlines import Deadline, Remaining
    from engine.model.lamps import Lamp as EngineLamp
    from engine.model.periods import Period
    from engine.model.procedure_rules import ProcedureRules

UNITS = {PeriodUnit.WORKING_DAYS: Unit.WORKING_DAYS, PeriodUnit.HOURS: Unit.HOURS}
STATES = {
    CellKind.PAST: CellState.PAST,
    CellKind.TODAY: CellState.NOW,
    CellKind.LEFT: CellState.TODO,
    CellKind.OVERRUN: CellState.OVER,
}
GAPS = {Gap.NONE: CellGap.NONE, Gap.GAP: CellGap.WEEKEND, Gap.BREAK: CellGap.HOLIDAY}


def clock_in_row(
    title: str,
    lamp: EngineLamp,
    deadline: Deadline | None,
    remaining: Remaining | None,
    today: date,
) -> ClockView:
    """Return a clock for a list's row; without a deadline it says so."""
    if deadline is None or remaining is None:
        return ClockView(title, Lamp(lamp.value), today)
    return ClockView(
        title,
        Lamp(lamp.value),
        today,
        last_day=deadline.last_day,
        remaining=signed(remaining),
        unit=unit_of(deadline.rule),
        extension=deadline.counted.extension_length,
        provisional=deadline.provisional,
        platform_default=deadline.rule.is_proposed,
    )


def clock_of(
    view: DeadlineView,
    rules: ProcedureRules,
    today: date,
    language: str,
    *,
    names: Mapping[str, str] | None = None,
    full: bool = True,
) -> ClockView:
    """Return the clock of a deadline.

    Args:
        view: The deadline as the engine shows it.
        rules: Of the procedure; for the titles of its texts.
        today: The civil day at the authority.
        language: zh or en.
        names: Of those who approved an extension, by person id.
        full: With the day strip and the facts, for a card.
    """
    deadline = view.deadline
    return ClockView(
        deadline.rule.title.say(language),
        Lamp(view.lamp.value),
        today,
        last_day=deadline.last_day,
        remaining=signed(view.remaining),
        unit=unit_of(deadline.rule),
        held_days=view.remaining.count if deadline.hold is not None else None,
        extension=deadline.counted.extension_length,
        provisional=deadline.provisional,
        platform_default=deadline.rule.is_proposed,
        note=_ends_at(deadline, today),
        facts=tuple(_facts(view, rules, today, language, names or {})) if full else (),
        cells=tuple(
            DayCell(STATES[cell.kind], cell.is_extension, GAPS[cell.gap]) for cell in view.strip
        )
        if full
        else (),
        counted=deadline.counted.length,
    )


def signed(remaining: Remaining) -> int:
    """Return what is left: 0 on the last day, negative when overrun."""
    if remaining.is_last_day:
        return 0
    return -remaining.count if remaining.is_overdue else remaining.count


def unit_of(rule: DeadlineRule) -> Unit:
    """Return the unit in which what is left is said."""
    return UNITS.get(rule.counts_in, Unit.DAYS)


def _length(deadline: Deadline, today: date) -> str:
    """Return how long a deadline is, or the last day that was named for it."""
    until = deadline.event.until
    if until is not None:
        return _("限期到 %(day)s", day=weekday_text(until, today))
    return period_text(deadline.rule.period)


def period_text(period: Period) -> str:
    """Return `15 个工作日`, `1 年`, `24 小时`."""
    if period.unit is PeriodUnit.TO_YEAR_END:
        return _("至当年年底")
    if period.unit is PeriodUnit.TO_MONTH_END:
        return _("至当月最后一个工作日")
    words = {
        PeriodUnit.WORKING_DAYS: ngettext("%(num)s 个工作日", "%(num)s 个工作日", period.value),
        PeriodUnit.WEEKS: ngettext("%(num)s 周", "%(num)s 周", period.value),
        PeriodUnit.MONTHS: ngettext("%(num)s 个月", "%(num)s 个月", period.value),
        PeriodUnit.YEARS: ngettext("%(num)s 年", "%(num)s 年", period.value),
        PeriodUnit.HOURS: ngettext("%(num)s 小时", "%(num)s 小时", period.value),
    }
    return words.get(period.unit) or ngettext("%(num)s 日", "%(num)s 日", period.value)


def expiry_text(rule: DeadlineRule, rules: ProcedureRules, language: str) -> str:
    """Return what happens after the last day, as the procedure says."""
    parts = []
    for act in rule.on_expiry:
        if act.kind is ExpiryKind.YELLOW_CARD:
            said = _("记黄牌")
        elif act.kind is ExpiryKind.RED_CARD:
            said = _("记红牌")
        elif act.kind is ExpiryKind.REMIND_DAILY:
            said = _("每日催办")
        elif act.kind is ExpiryKind.CLOSE:
            said = _("期满即止，程序往下走")
        else:
            said = _("自动解除")
        if act.after is not None:
            said = _("再过 %(length)s%(act)s", length=period_text(act.after), act=said)
        role = rules.roles.get(act.tell) if act.tell is not None else None
        if role is not None:
            said = _("%(act)s并报%(role)s", act=said, role=role.title.say(language))
        parts.append(said)
    return _("；").join(parts) or (_("期满即止") if rule.lapses else "")


def days_text(days: Sequence[date], today: date) -> str:
    """Return days as runs: `9月25日、10月1日至7日`; consecutive ones are drawn together."""
    runs: list[list[date]] = []
    for day in days:
        if runs and (day - runs[-1][-1]).days == 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return _("、").join(
        day_text(run[0], today)
        if len(run) == 1
        else _("%(first)s至%(last)s", first=day_text(run[0], today), last=day_text(run[-1], today))
        for run in runs
    )


def _ends_at(deadline: Deadline, today: date) -> str:
    """Return when a period in hours ends; a period in days ends with its last day."""
    if deadline.rule.counts_in is not PeriodUnit.HOURS:
        return ""
    at = civil(deadline.expires_at)
    return _("截至 %(day)s %(time)s", day=weekday_text(at.date(), today), time=f"{at:%H:%M}")


def _facts(
    view: DeadlineView,
    rules: ProcedureRules,
    today: date,
    language: str,
    names: Mapping[str, str],
) -> Iterator[FactView]:
    deadline = view.deadline
    rule = deadline.rule
    ground = citation_text(rule.source, rules, language) if rule.source else ""
    length = _length(deadline, today)
    yield FactView(
        _("依据"),
        _("%(ground)s：%(length)s", ground=ground, length=length) if ground else length,
        tag=None if rule.source else default_tag(),
    )
    yield FactView(
        _("起算"),
        _start(deadline, today, view.row.recorded_at),
        tag=default_tag() if rule.source and "starts" in rule.proposed else None,
    )
    if deadline.extensions:
        given = _("；").join(
            _(
                "加 %(length)s，%(day)s %(name)s批准",
                length=period_text(one.by),
                day=day_text(civil(one.granted_at).date(), today),
                name=names.get(str(one.approved_by), ""),
            )
            for one in deadline.extensions
        )
        before = weekday_text(deadline.counted.original_last_day, today)
        yield FactView(_("延期"), _("%(given)s；原届满 %(day)s", given=given, day=before))
    if deadline.counted.skipped:
        yield FactView(_("不计"), days_text(deadline.counted.skipped, today))
    if deadline.counted.made_up:
        yield FactView(_("补班计入"), days_text(deadline.counted.made_up, today))
    after = expiry_text(rule, rules, language)
    if after:
        yield FactView(
            _("届满后"),
            after,
            tag=default_tag() if rule.source and "on_expiry" in rule.proposed else None,
        )


def _start(deadline: Deadline, today: date, recorded_at: datetime) -> str:
    day = weekday_text(deadline.event_day, today)
    recorded = civil(recorded_at).date()
    if recorded == deadline.event_day:
        return day
    return _("%(day)s（%(recorded)s补录）", day=day, recorded=day_text(recorded, today))
