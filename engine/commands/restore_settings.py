"""Bring back what a setting was before a change (恢复): another change, never an undoing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, cast

from engine.commands.accounts import restore_account
from engine.commands.change_calendar import publish_year, special_days
from engine.commands.change_settings import change_setting
from engine.commands.change_values import propose_value
from engine.commands.move_person import move_person
from engine.commands.notice_templates import change_notice_template
from engine.commands.organise import set_last_day
from engine.commands.set_seal import put_seal_back, remove_seal
from engine.commands.units import put_unit
from engine.desk import Desk, Fact
from engine.desk.organisation import HOW
from engine.desk.settings import SOURCE, VALUE, reasons_stated
from engine.errors import Refusal
from engine.model.settings import Area
from engine.store.settings import newest_change
from engine.store.tables import SettingChange, UnitRow

ONE_DAY = timedelta(days=1)


def restore_setting(desk: Desk, change_id: str, *, reasons: str) -> SettingChange:
    """Change a setting back to what it was before a change, from today on.

    What was to change on a later day stays as it is on that day.

    It is a change like any other: a procedure's value waits for a second person, a year of
    the calendar counts its deadlines again, a post that was given ends yesterday or on its
    first day, whichever is later. An account that was opened is closed, a unit that was added
    is closed (in use, it is refused), a person belongs to the unit of before (closed meanwhile,
    it is refused), and a seal is the picture that it was, or none. What no earlier value can
    bring back is refused: a password, a binding to an identity provider.

    Args:
        desk: Of whoever may make such a change.
        change_id: The change whose old value comes back.
        reasons: Why, in up to 500 characters.

    Raises:
        NotFound: The authority has no such change.
        NotAllowed: The actor may not change such a setting.
        Refusal: It is as it was already, the old value cannot be had any more, or the
            reasons are missing or too long.

    Source: issue 7 (every setting change is versioned, on the record and revertible).
    """
    desk.require_admin()
    change = desk.own(SettingChange, change_id)
    stated = reasons_stated(reasons)
    before = _newest(desk, change)
    _bring_back(desk, change, stated)
    again = _newest(desk, change)
    if again is before:
        raise Refusal("setting.same", rule=SOURCE)
    again.restores = change.id
    desk.record(
        None,
        Fact.SETTING_RESTORED,
        area=change.area,
        key=change.key,
        scope=change.scope,
        change=again.id,
        restores=change.id,
        reasons=stated,
    )
    return again


def _newest(desk: Desk, change: SettingChange) -> SettingChange:
    found = newest_change(desk.session, change.authority_id, change.area, change.key, change.scope)
    return found or change


def _bring_back(desk: Desk, change: SettingChange, reasons: str) -> None:
    area = Area(change.area)
    old: Mapping[str, Any] = change.old
    day = max(change.effective_on, desk.today())
    if area is Area.PLATFORM:
        change_setting(desk, change.key, old[VALUE], reasons=reasons, effective_on=day)
    elif area is Area.NOTICE:
        change_notice_template(desk, change.key, old["subject"], old["body"], reasons=reasons)
    elif area is Area.CALENDAR:
        days = special_days(old)
        if days is None:
            raise Refusal("setting.never_published", rule=SOURCE, year=change.key)
        publish_year(desk, int(change.key), days, source=reasons)
    elif area is Area.POST:
        set_last_day(desk, change.key, _last_day(desk, change), reasons=reasons)
    elif area is Area.ACCOUNT:
        _bring_back_account(desk, change, reasons)
    elif area is Area.UNIT:
        _bring_back_unit(desk, change, reasons)
    elif area is Area.PERSON:
        unit, title = old["unit"], old["title"]
        move_person(desk, change.key, unit_id=unit, title=title, reasons=reasons)
    elif area is Area.SEAL:
        _bring_back_seal(desk, old["digest"], reasons)
    else:
        propose_value(
            desk, area, change.scope, change.key, old[VALUE], reasons=reasons, effective_on=day
        )


def _bring_back_seal(desk: Desk, digest: str, reasons: str) -> None:
    if digest:
        put_seal_back(desk, digest, reasons=reasons)
    else:
        remove_seal(desk, reasons=reasons)


def _last_day(desk: Desk, change: SettingChange) -> date | None:
    """Return the last day that a post had before a change; of one not held then, the nearest."""
    if not change.old:
        given = date.fromisoformat(cast("str", change.new["from"]))
        return max(given, desk.today() - ONE_DAY)
    last = cast("str | None", change.old["to"])
    return date.fromisoformat(last) if last is not None else None


def _bring_back_account(desk: Desk, change: SettingChange, reasons: str) -> None:
    """Let a log-in stand as before; one that was opened by the change lets nobody in."""
    if HOW in change.new:
        raise Refusal("setting.not_undone", rule=SOURCE, name=change.new["name"])
    restore_account(
        desk,
        cast("str", change.new["name"]),
        is_active=bool(change.old.get("active", False)),
        is_admin=bool(change.old.get("admin", False)),
        reasons=reasons,
    )


def _bring_back_unit(desk: Desk, change: SettingChange, reasons: str) -> None:
    """Let a unit be as before; one that was added by the change closes, and keeps its place."""
    unit = desk.own(UnitRow, change.key, lock=True)
    old: Mapping[str, Any] = change.old
    closed = old["closed"] if old else desk.today().isoformat()
    put_unit(
        desk,
        unit,
        name=old["name"] if old else unit.name,
        parent_id=old["parent"] if old else unit.parent_id,
        closed_on=(unit.closed_on or date.fromisoformat(closed)) if closed else None,
        reasons=reasons,
    )
