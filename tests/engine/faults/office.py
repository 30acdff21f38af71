"""Faults in acts of the office: its people, posts, units, days, settings, its seal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import sqlalchemy as sa

from engine.commands.change_calendar import SpecialDay, change_day, national_days, publish_year
from engine.commands.change_settings import change_setting
from engine.commands.move_person import move_person
from engine.commands.organise import (
    add_person,
    add_unit,
    describe_person,
    end_post,
    give_post,
    relate,
)
from engine.commands.restore_settings import restore_setting
from engine.commands.set_seal import remove_seal, set_seal
from engine.commands.units import close_unit, describe_unit, reopen_unit
from engine.store.tables import PostRow, UnitRow
from tests.engine.boardroom import Boardroom
from tests.engine.faults.once import Given, Once


def _unit(room: Boardroom) -> str:
    unit: UnitRow = room.give("管理员", add_unit, "科")
    return unit.id


def _rename(room: Boardroom) -> Given:
    return partial(room.give, "管理员", describe_unit, _unit(room), "处")


def _close(room: Boardroom) -> Given:
    return partial(room.give, "管理员", close_unit, _unit(room))


def _reopen(room: Boardroom) -> Given:
    unit = _unit(room)
    room.give("管理员", close_unit, unit)
    return partial(room.give, "管理员", reopen_unit, unit)


def _describe(room: Boardroom) -> Given:
    person = room.people["陈某"]
    return partial(room.give, "管理员", describe_person, person, level="section", status="retired")


def _move(room: Boardroom) -> Given:
    person, unit = room.people["陈某"], _unit(room)
    return partial(room.give, "管理员", move_person, person, unit_id=unit, title="科长")


def _relate(room: Boardroom) -> Given:
    pair = (room.people["承办甲"], room.people["陈某"])
    return partial(room.give, "管理员", relate, *pair, kind="kin")


def _post(room: Boardroom) -> Given:
    who = room.people["外人"]
    return partial(room.give, "管理员", give_post, who, "verifier", valid_from=date(2026, 3, 1))


def _end_post(room: Boardroom) -> Given:
    post = room.one(sa.select(PostRow).where(PostRow.person_id == room.people["承办甲"]))
    return partial(room.give, "管理员", end_post, post.id, last_day=date(2026, 3, 1))


def _year(room: Boardroom) -> Given:
    room.open()
    return partial(room.give, "管理员", publish_year, 2025, national_days(2025), source="国办")


def _day(room: Boardroom) -> Given:
    special = SpecialDay(date(2026, 3, 4), is_workday=False)
    return partial(room.give, "管理员", change_day, special, source="通知")


def _setting(room: Boardroom) -> Callable[[], Any]:
    return partial(room.give, "管理员", change_setting, "reminder.hours", 8, reasons="试行")


def _restoring(room: Boardroom) -> Callable[[], Any]:
    change = _setting(room)()
    return partial(room.give, "管理员", restore_setting, change.id, reasons="试行结束")


def _set_seal(room: Boardroom) -> Given:
    return partial(room.give, "管理员", set_seal, b"\x89PNG\r\n\x1a\n")


def _remove_seal(room: Boardroom) -> Given:
    _set_seal(room)()
    return partial(room.give, "管理员", remove_seal)


ACTS = {
    "add_unit": Once(lambda room: partial(room.give, "管理员", add_unit, "科"), "add_unit", "more"),
    "describe_unit": Once(_rename, "describe_unit"),
    "close_unit": Once(_close, "close_unit"),
    "reopen_unit": Once(_reopen, "reopen_unit"),
    "add_person": Once(
        lambda room: partial(room.give, "管理员", add_person, "新人"), "add_person", "more"
    ),
    "describe_person": Once(_describe, "describe_person", "same"),
    "move_person": Once(_move, "move_person"),
    "relate": Once(_relate, "relate"),
    "give_post": Once(_post, "give_post", "more"),
    "end_post": Once(_end_post, "end_post", "more"),
    "publish_year": Once(_year, "publish_year", "more"),
    "change_day": Once(_day, "change_day", "more"),
    "change_setting": Once(_setting, "change_setting", "refused"),
    "restore_setting": Once(_restoring, "restore_setting", "refused"),
    "set_seal": Once(_set_seal, "set_seal", "more"),
    "remove_seal": Once(_remove_seal, "remove_seal"),
}
