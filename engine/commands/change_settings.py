"""Change a value of the platform (平台参数): with reasons, from a day on, on the record."""

from __future__ import annotations

from datetime import date

from engine.desk import Desk, Fact
from engine.desk.settings import SOURCE, VALUE, note_change, reasons_stated, setting
from engine.errors import Refusal
from engine.model.settings import SETTINGS, Area, SettingKey
from engine.store.tables import SettingChange


def change_setting(
    desk: Desk,
    key: str,
    value: int,
    *,
    reasons: str,
    effective_on: date | None = None,
) -> SettingChange:
    """Give a value of the platform another value at the actor's authority, from a day on.

    Of several changes the one holds that began last; a change from today on leaves one that
    is to begin later as it is.

    Args:
        desk: Of an administrator.
        key: One of `SettingKey`.
        value: Within the bounds of the setting.
        reasons: Why, in up to 500 characters.
        effective_on: The first civil day on which it holds: today, which is the default,
            or later.

    Raises:
        NotAllowed: The actor is no administrator.
        Refusal: There is no such setting, the value is out of its bounds or holds already, the
            day is past, or the reasons are missing or too long.

    Source: design.md §4, issue 7; proposed.
    """
    desk.require_admin()
    if key not in set(SettingKey):
        raise Refusal("setting.unknown", rule=SOURCE, key=key)
    rule = SETTINGS[SettingKey(key)]
    if not rule.admits(value):
        raise Refusal("setting.bounds", rule=SOURCE, least=rule.least, most=rule.most)
    stated = reasons_stated(reasons)
    day = first_day(desk, effective_on)
    old = setting(desk, rule.key, day)
    if old == value:
        raise Refusal("setting.same", rule=SOURCE)
    change = note_change(
        desk,
        Area.PLATFORM,
        rule.key,
        old={VALUE: old},
        new={VALUE: value},
        reasons=stated,
        effective_on=day,
    )
    desk.record(
        None,
        Fact.SETTING_CHANGED,
        area=Area.PLATFORM.value,
        key=key,
        old=old,
        new=value,
        effective_on=day.isoformat(),
        reasons=stated,
    )
    return change


def first_day(desk: Desk, effective_on: date | None) -> date:
    """Return the day from which a change holds: today if none is named.

    Raises:
        Refusal: It is past: no setting is changed for what has happened.
    """
    day = effective_on or desk.today()
    if day < desk.today():
        raise Refusal("setting.past", rule=SOURCE, day=day.isoformat())
    return day
