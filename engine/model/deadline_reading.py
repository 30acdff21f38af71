"""Reading the deadlines of a `procedure.yaml`."""

from __future__ import annotations

from fractions import Fraction

from engine.model.collective import fraction_of
from engine.model.deadline_rules import (
    CARDS,
    DeadlineRule,
    ExpiryAct,
    ExpiryKind,
    ExtensionRule,
)
from engine.model.identifiers import DeadlineKey, RoleKey
from engine.model.periods import Period, Unit
from engine.model.recurring import REPEATING, Recurrence
from engine.model.sections import Section


def deadline_rule(name: str, part: Section, red_after: Period) -> DeadlineRule:
    """Return the deadline that a section of `deadlines` states; flaws are noted in the section.

    A duty without `on_expiry` gives a yellow card (SUP-003, proposed). A red
    card that says no `after` follows a yellow one after `red_after`; by itself it is at once.

    Args:
        name: The deadline's key.
        part: The section.
        red_after: `card.red_after`: how long after the yellow card the red one comes.
    """
    period = part.period()
    part.must_have_source()
    right_of = part.word("right_of", "")
    ends = part.word("ends", "")
    acts = _expiry(part, red_after)
    if not part.has("on_expiry") and ends and not right_of:
        acts = (ExpiryAct(ExpiryKind.YELLOW_CARD),)
    if right_of and any(act.kind in CARDS for act in acts):
        part.note(
            "on_expiry",
            "当事人的权利期限届满不计牌，请删去 yellow_card、red_card",
            "a person's right gives no cards; remove yellow_card and red_card",
        )
    if not ends and any(act.kind in CARDS for act in acts):
        part.note(
            "ends",
            "计牌的期限须写明由什么事实完成（ends），否则必然逾期",
            "a deadline with cards names the fact that meets it; without `ends` it is always late",
        )
    return DeadlineRule(
        key=DeadlineKey(name),
        title=part.text("title"),
        period=period,
        starts=part.word("starts", ""),
        ends=ends or None,
        extension=_extension(part.section("extension"), period) if part.has("extension") else None,
        on_expiry=acts,
        right_of=RoleKey(right_of) if right_of else None,
        source=part.word("source", ""),
        proposed=part.proposed(),
        stops=_stops(part),
        near_share=_near_share(part.section("reminder")),
        near_least=part.section("reminder").number("at_least", 1),
        repeat=_repeat(part.section("repeat")) if part.has("repeat") else None,
        until=_until(part, period),
    )


def _repeat(part: Section) -> Recurrence:
    every = part.section("every").period()
    if every.unit not in REPEATING:
        words = "、".join(sorted(REPEATING))
        part.note(
            "every",
            f"重复的期限只能按下列单位：{words}",
            f"a deadline repeats by one of {', '.join(sorted(REPEATING))}",
        )
    return Recurrence(every, part.word("until", ""))


def _until(part: Section, period: Period) -> str:
    if part.has("until") and (period.unit is Unit.HOURS or part.has("repeat")):
        part.note(
            "until",
            "届满于写明之日的期限不能按小时计算，也不能重复",
            "a deadline that ends on a named day is not in hours and does not repeat",
        )
    return part.word("until", "")


def _stops(part: Section) -> str:
    """Return what lets the clock stop: a source, or that it is proposed; "" where it runs on."""
    if not part.has("stops"):
        return ""
    stops = part.section("stops")
    stops.must_have_source()
    if part.data.get("unit") == Unit.HOURS.value:
        part.note(
            "stops", "按小时连续计算的期限不能中止", "a period in hours runs on and does not stop"
        )
    return stops.word("source", "") or "proposed"


def _near_share(part: Section) -> Fraction:
    try:
        return fraction_of(str(part.data.get("share", "1/5")))
    except ValueError:
        part.note(
            "share",
            "提醒的比例应大于 0、不超过 1，如 0.2",
            "a share above 0 and up to 1, such as 0.2",
        )
        return Fraction(1, 5)


def _extension(part: Section, period: Period) -> ExtensionRule:
    by = part.period("by", period.unit)
    if (by.unit is Unit.HOURS) != (period.unit is Unit.HOURS):
        part.note(
            "unit",
            "按小时计算的期限只能按小时延长，其他期限不能按小时延长",
            "hours are extended by hours, and only hours are",
        )
    approver = part.word("approver", "")
    return ExtensionRule(
        by=by,
        times=part.number("times", 1),
        approver=RoleKey(approver) if approver else None,
        source=part.word("source", ""),
        proposed=part.proposed(),
    )


def _expiry(part: Section, red_after: Period) -> tuple[ExpiryAct, ...]:
    acts: list[ExpiryAct] = []
    for each in part.items("on_expiry", bare="do"):
        kind = each.choice("do", ExpiryKind)
        after = each.period("after") if each.has("after") else None
        follows = any(act.kind is ExpiryKind.YELLOW_CARD for act in acts)
        if kind is ExpiryKind.RED_CARD and after is None and follows:
            after = red_after
        tell = each.word("tell", "")
        acts.append(ExpiryAct(kind, after, RoleKey(tell) if tell else None))
    return tuple(acts)
