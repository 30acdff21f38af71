"""Faults in exports: ordered, made, stopped, fetched, ended."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from engine.commands.exports import (
    end_export,
    fail_export,
    keep_export,
    note_export_progress,
    open_export,
    order_case_file,
    order_ledger,
    stop_export,
)
from tests.engine.boardroom import Boardroom
from tests.engine.faults.once import Given, Once


def _order_ledger(room: Boardroom) -> Given:
    return partial(room.give, "受理员", order_ledger, {}, reason="月度核对")


def _order_file(room: Boardroom) -> Given:
    case = room.inquired()
    return partial(room.give, "承办甲", order_case_file, case.id, "file_zip", reason="移送归档")


def _exported(room: Boardroom) -> str:
    row = _order_ledger(room)()
    room.give("受理员", keep_export, row.id, room.office.files.put(b"x"), 1, "x.xlsx")
    return str(row.id)


def _stop_export(room: Boardroom) -> Given:
    return partial(room.give, "受理员", stop_export, _order_ledger(room)().id)


def _export_progress(room: Boardroom) -> Given:
    return partial(room.give, "受理员", note_export_progress, _order_ledger(room)().id, 1, 2)


def _keep_export(room: Boardroom) -> Given:
    row = _order_ledger(room)()
    digest = room.office.files.put(b"x")
    return partial(room.give, "受理员", keep_export, row.id, digest, 1, "x.xlsx")


def _fail_export(room: Boardroom) -> Given:
    return partial(room.give, "受理员", fail_export, _order_ledger(room)().id)


def _open_export(room: Boardroom) -> Given:
    return partial(room.give, "受理员", open_export, _exported(room))


def _end_export(room: Boardroom) -> Given:
    row = _exported(room)
    room.clock.move_to(room.clock.now() + timedelta(days=1))
    return partial(room.give, "system", end_export, row)


ACTS = {
    "order_ledger": Once(_order_ledger, "order_ledger", "more"),
    "order_case_file": Once(_order_file, "order_case_file", "more"),
    "stop_export": Once(_stop_export, "stop_export"),
    "note_export_progress": Once(_export_progress, "note_export_progress", "same"),
    "keep_export": Once(_keep_export, "keep_export", "same"),
    "fail_export": Once(_fail_export, "fail_export", "same"),
    "open_export": Once(_open_export, "open_export", "more"),
    "end_export": Once(_end_export, "end_export", "same"),
}
