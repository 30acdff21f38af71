"""Days and lengths as the pages word them, in the reader's language.

`10月16日 周五`, with the year where it is not this one; in English `Fri 16 Oct`. Functions take
`today` where they need one. Lengths are worded through gettext, so a translation orders the words.
"""

from collections.abc import Mapping
from datetime import date

from markupsafe import Markup

from web.texts import gettext as _
from web.texts import ngettext
from web.toolkit import ClockView, Lamp, Unit


def weekday(day: date) -> str:
    """Return `周一` … `周日`."""
    return (
        _("周一"),
        _("周二"),
        _("周三"),
        _("周四"),
        _("周五"),
        _("周六"),
        _("周日"),
    )[day.weekday()]


def month(day: date) -> str:
    """Return the month's name: `10月`, `Oct`."""
    return (
        _("1月"),
        _("2月"),
        _("3月"),
        _("4月"),
        _("5月"),
        _("6月"),
        _("7月"),
        _("8月"),
        _("9月"),
        _("10月"),
        _("11月"),
        _("12月"),
    )[day.month - 1]


def day_text(day: date, today: date) -> str:
    """Return `10月16日`, with the year where it is not that of `today`."""
    if day.year == today.year:
        return _("%(month)s%(day)s日", month=month(day), day=day.day)
    return full_day_text(day)


def full_day_text(day: date) -> str:
    """Return `2026年10月16日`."""
    return _("%(year)s年%(month)s%(day)s日", year=day.year, month=month(day), day=day.day)


def weekday_text(day: date, today: date) -> str:
    """Return `10月16日 周五`, with the year where it is not that of `today`."""
    return _("%(date)s %(weekday)s", date=day_text(day, today), weekday=weekday(day))


def full_weekday_text(day: date) -> str:
    """Return `2026年10月16日 周五`."""
    return _("%(date)s %(weekday)s", date=full_day_text(day), weekday=weekday(day))


def step_name(name: str, properties: Mapping[str, object], language: str) -> str:
    """Return what a step is called: as it is drawn, or by `name_en` where English is read."""
    english = str(properties.get("name_en") or "")
    return english if language == "en" and english else name


def lamp_word(lamp: Lamp) -> str:
    """Return the word that always stands beside a lamp's colour and icon."""
    return {
        Lamp.OK: _("正常"),
        Lamp.NEAR: _("临期"),
        Lamp.YELLOW: _("黄牌"),
        Lamp.RED: _("红牌"),
        Lamp.HELD: _("中止"),
        Lamp.DONE: _("已办结"),
        Lamp.NONE: _("无期限"),
    }[lamp]


def length_text(count: int, unit: Unit) -> str:
    """Return `15 个工作日`, `30 日` or `24 小时`."""
    if unit is Unit.WORKING_DAYS:
        return ngettext("%(num)s 个工作日", "%(num)s 个工作日", count)
    if unit is Unit.HOURS:
        return ngettext("%(num)s 小时", "%(num)s 小时", count)
    return ngettext("%(num)s 日", "%(num)s 日", count)


def remaining_text(clock: ClockView) -> str:
    """Return how a deadline stands in a few words: `剩 3 个工作日`, `今天到期`, `超 1 个工作日`.

    A clock without a number says 无期限. On the last day it reads 今天到期, never 0.
    """
    left = clock.remaining
    if clock.lamp is Lamp.HELD:
        if clock.held_days is None:
            return _("已中止")
        return _("已中止 %(length)s", length=length_text(clock.held_days, clock.unit))
    if left is None:
        return _("已办结") if clock.lamp is Lamp.DONE else _("无期限")
    if clock.lamp is Lamp.DONE:
        return _done_text(left, clock.unit)
    if left == 0:
        return _("今天到期")
    length = length_text(abs(left), clock.unit)
    return _("剩 %(length)s", length=length) if left > 0 else _("超 %(length)s", length=length)


def _done_text(early: int, unit: Unit) -> str:
    if early == 0:
        return _("最后一日办结")
    length = length_text(abs(early), unit)
    if early > 0:
        return _("提前 %(length)s办结", length=length)
    return _("超 %(length)s办结", length=length)


def headline(clock: ClockView) -> Markup:
    """Return `remaining_text` with its number set large, for the card."""
    count = clock.remaining
    if clock.lamp is Lamp.HELD and count is not None:
        return _large(_("剩 %(length)s，已中止", length=length_text(count, clock.unit)), count)
    if count is None or (count == 0 and clock.lamp is not Lamp.DONE):
        return Markup("<b>{}</b>").format(remaining_text(clock))
    return _large(remaining_text(clock), abs(count))


def _large(text: str, count: int) -> Markup:
    before, found, after = (part.strip() for part in text.partition(str(count)))
    if not found:
        return Markup("<span>{}</span>").format(text)
    words = [Markup("<span>{}</span>").format(word) if word else "" for word in (before, after)]
    return Markup("{}<b>{}</b>{}").format(words[0], found, words[1])


def strip_text(clock: ClockView) -> str:
    """Return the day strip as a sentence, for those who cannot see it."""
    whole = _("共 %(length)s", length=length_text(clock.counted, clock.unit))
    if clock.lamp is Lamp.HELD:
        return _("%(whole)s，已中止", whole=whole)
    if clock.remaining is None:
        return whole
    if clock.remaining < 0:
        over = length_text(-clock.remaining, clock.unit)
        return _("%(whole)s，已超 %(over)s", whole=whole, over=over)
    return _("%(whole)s，%(rest)s", whole=whole, rest=remaining_text(clock))
