"""Faults in oversight: overreach and what follows, interference, requests about a person."""

from __future__ import annotations

from datetime import date
from functools import partial

from engine.commands.interference import acknowledge_interference, record_interference
from engine.commands.organise import give_post
from engine.commands.oversee import confirm_overreach, lift_stop, report_overreach, settle_deviation
from engine.commands.request_personnel import request_award
from tests.engine.boardroom import Boardroom
from tests.engine.faults.once import Given, Once


def _overreach(room: Boardroom) -> Given:
    for name in ("保护员", "外人"):
        whom = room.people[name]
        room.give("system", give_post, whom, "supervision_officer", valid_from=date(2020, 1, 1))
    item = room.item(room.inquired(), "ut_inquire").id
    return partial(room.give, "保护员", report_overreach, item, reasons="越权。")


def _settle_deviation(room: Boardroom) -> Given:
    row = _overreach(room)()
    return partial(room.give, "外人", settle_deviation, row.id, dismissed=True, reasons="不属实。")


def _confirm_overreach(room: Boardroom) -> Given:
    row = _overreach(room)()
    return partial(room.give, "外人", confirm_overreach, row.id, reasons="属实。")


def _lift_stop(room: Boardroom) -> Given:
    row = _confirm_overreach(room)()
    return partial(room.give, "外人", lift_stop, row.id, reasons="已补正。")


def _interfere(room: Boardroom) -> Given:
    said = {"who": "甲", "whom": "乙", "what": "从轻", "happened_on": date(2026, 2, 9)}
    return partial(room.give, "外人", record_interference, **said)


def _note_interference(room: Boardroom) -> Given:
    since = date(2026, 1, 1)
    room.give("管理员", give_post, room.people["设计员"], "supervision_officer", valid_from=since)
    row = _interfere(room)()
    return partial(room.give, "设计员", acknowledge_interference, row.id, followed="已约谈。")


def _award(room: Boardroom) -> Given:
    room.give(
        "管理员",
        give_post,
        room.people["承办乙"],
        "personnel_dept",
        valid_from=date(2020, 1, 1),
    )
    return partial(room.give, "承办乙", request_award, room.people["陈某"], 2026)


ACTS = {
    "report_overreach": Once(_overreach, "report_overreach"),
    "settle_deviation": Once(_settle_deviation, "settle_deviation"),
    "confirm_overreach": Once(_confirm_overreach, "confirm_overreach"),
    "lift_stop": Once(_lift_stop, "lift_stop"),
    "record_interference": Once(_interfere, "record_interference", "more"),
    "acknowledge_interference": Once(_note_interference, "acknowledge_interference"),
    "request_award": Once(_award, "request_award", "more"),
}
