"""Reading the deadlines of a `procedure.yaml`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.model.deadline_rules import (
    CARDS,
    DeadlineRule,
    ExpiryAct,
    ExpiryKind,
    ExtensionRule,
)
from engine.model.identifiers import DeadlineKey, RoleKey
from engine.model.periods import Period, Unit
from engine.model.sections import Section


def deadline_rule(name: str, part: Section, red_after: Period) -> DeadlineRule:
    """Return the deadline that a section of `deadlines` states; flaws are noted in the section.

    A duty without `on_expiry` gives a yellow card (SUP-003, proposed). A bare
    `red_card` after a `yellow_card` follows it after `red_after`; by itself it is at once.

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
    return DeadlineRule(
        key=DeadlineKey(name),
        title=part.text("title"),
        period=period,
        starts=part.word("starts"),
        ends=ends or None,
        extension=_extension(part.section("extension"), period) if part.has("extension") else None,
        on_expiry=acts,
        right_of=RoleKey(right_of) if right_of else None,
        source=part.word("source", ""),
        proposed=part.proposed(),
    )


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
    entries = part.data.get("on_expiry")
    if entries is None:
        return ()
    if not isinstance(entries, list):
        part.note("on_expiry", "届满后果应是列表", "expected a list")
        return ()
    acts: list[ExpiryAct] = []
    for index, entry in enumerate(entries):
        stated = {"do": entry} if isinstance(entry, str) else entry
        place = part.at(f"on_expiry[{index}]")
        if not isinstance(stated, Mapping):
            part.note(
                f"on_expiry[{index}]", "届满后果应是名称或 {do, …}", "expected a name or {do, …}"
            )
            continue
        acts.append(
            _act(Section(place, stated, part.flaws), acts, red_after, bare=stated is not entry)
        )
    return tuple(acts)


def _act(part: Section, before: Iterable[ExpiryAct], red_after: Period, *, bare: bool) -> ExpiryAct:
    kind = part.choice("do", ExpiryKind)
    after = part.period("after") if part.has("after") else None
    turned_red = kind is ExpiryKind.RED_CARD and any(
        act.kind is ExpiryKind.YELLOW_CARD for act in before
    )
    if bare and turned_red:
        after = red_after
    tell = part.word("tell", "")
    return ExpiryAct(kind, after, RoleKey(tell) if tell else None)
