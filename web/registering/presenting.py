"""The choice of a procedure, and the receipt of a registration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import url_for

from web.clocks import clock_of
from web.texts import gettext as _
from web.toolkit import ClockView, FactView
from web.visiting import civil
from web.wording import weekday_text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from engine.desk.views import CaseView
    from engine.desk.views.registering import Registrable


@dataclass(frozen=True, slots=True)
class ChoiceView:
    """A procedure that one may register under."""

    title: str
    summary: str
    channels: tuple[str, ...]
    url: str


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """What a registration gave.

    Attributes:
        next_step: What happens now, in a sentence.
        clocks: The deadlines that run from now on.
    """

    number: str
    title: str
    case_url: str
    facts: tuple[FactView, ...]
    next_step: str
    clocks: tuple[ClockView, ...]


def choices(found: Iterable[Registrable], language: str) -> tuple[ChoiceView, ...]:
    """Return the procedures with their channels."""
    return tuple(
        ChoiceView(
            one.rules.title.say(language),
            one.rules.summary.say(language) if one.rules.summary else "",
            tuple(channel.title.say(language) for channel in one.rules.channels.values()),
            url_for("registering.form", procedure=one.procedure),
        )
        for one in found
    )


def receipt(view: CaseView, today: date, language: str) -> ReceiptView:
    """Return the receipt of a case that has just been opened; it names no reporter."""
    row = view.row
    rules = view.version.rules
    channel = rules.channels.get(row.channel)
    at = civil(row.opened_at)
    waiting = [one.name for one in view.items if one.state in {"open", "claimed"}]
    return ReceiptView(
        number=row.number,
        title=row.title,
        case_url=url_for("cases.show", case_id=row.id),
        facts=(
            FactView(_("编号"), row.number),
            FactView(_("登记时间"), f"{weekday_text(at.date(), today)} {at:%H:%M}"),
            FactView(_("来源渠道"), channel.title.say(language) if channel else ""),
            FactView(_("流程"), rules.title.say(language)),
        ),
        next_step=_("接下来：%(names)s。", names=_("、").join(waiting)) if waiting else "",
        clocks=tuple(
            clock_of(one, rules, today, language)
            for one in view.deadlines
            if one.row.state == "running"
        ),
    )
