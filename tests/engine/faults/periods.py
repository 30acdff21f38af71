"""Faults in periods: a mark of a deadline, an extension, a clock that stops and goes on."""

from __future__ import annotations

from functools import partial

import sqlalchemy as sa

from engine.commands.extend_deadline import decide_extension, request_extension
from engine.commands.fire_due import fire_due
from engine.commands.fire_reminders import fire_reminders
from engine.commands.suspend_case import decide_suspension, request_suspension, resume_case
from engine.store.tables import DueRow
from tests.engine.boardroom import Boardroom
from tests.engine.faults.once import Given, Once
from tests.engine.faults.steps import governed


def _fire(room: Boardroom) -> Given:
    room.open()
    room.clock.move_to(room.clock.now().replace(month=3, day=10))
    due = room.one(sa.select(DueRow).where(DueRow.kind == "yellow"))
    return partial(room.give, "system", fire_due, due.id)


def _fire_reminders(room: Boardroom) -> Given:
    room.open()
    room.open()
    query = sa.select(DueRow).where(DueRow.kind == "remind").order_by(DueRow.due_at, DueRow.id)
    rows = room.all(query)[:2]
    room.clock.move_to(rows[-1].due_at)
    return partial(room.give, "system", fire_reminders, [row.id for row in rows])


def _ask_extension(room: Boardroom) -> Given:
    return partial(
        room.give, "承办甲", request_extension, room.open().id, "DL-B-1", reasons="证人在外。"
    )


def _extend(room: Boardroom) -> Given:
    row = _ask_extension(room)()
    return partial(room.give, "主席", decide_extension, row.id, granted=True, reasons="准。")


def _ask_suspension(room: Boardroom) -> Given:
    case = governed(room).open()
    return partial(room.give, "承办甲", request_suspension, case.id, reasons="等待结论。")


def _suspend(room: Boardroom) -> Given:
    row = _ask_suspension(room)()
    return partial(room.give, "主席", decide_suspension, row.id, granted=True, reasons="准。")


def _resume(room: Boardroom) -> Given:
    row = _suspend(room)()
    return partial(room.give, "主席", resume_case, row.case_id, reasons="已有结论。")


ACTS = {
    "fire_due": Once(_fire, "fire_due", "same"),
    "fire_reminders": Once(_fire_reminders, "fire_reminders", "same"),
    "request_extension": Once(_ask_extension, "request_extension"),
    "decide_extension": Once(_extend, "decide_extension"),
    "request_suspension": Once(_ask_suspension, "request_suspension"),
    "decide_suspension": Once(_suspend, "decide_suspension"),
    "resume_case": Once(_resume, "resume_case"),
}
