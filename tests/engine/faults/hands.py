"""Faults in what goes from hand to hand: transfers, signatures, deputies, departures, copies."""

from __future__ import annotations

from datetime import date
from functools import partial

import sqlalchemy as sa

from engine.commands.complete_work import complete_work
from engine.commands.copies import read_copy, send_copies
from engine.commands.countersign import ask_signature, drop_signature, give_signature
from engine.commands.depart import (
    begin_departure,
    end_departure,
    hand_over_departing,
    stop_departure,
)
from engine.commands.hand_over import (
    delegate_work,
    recall_delegated,
    return_delegated,
    transfer_work,
)
from engine.commands.substitute import end_substitution, set_substitution
from engine.store.tables import CopyRow, DepartureItem
from tests.engine.boardroom import Boardroom
from tests.engine.faults.once import Given, Once


def _held(room: Boardroom) -> str:
    return room.claim("承办甲", room.open(), "ut_inquire").id


def _transfer(room: Boardroom) -> Given:
    to = room.people["承办乙"]
    return partial(room.give, "承办甲", transfer_work, _held(room), to, reasons="出差。")


def _delegate(room: Boardroom) -> Given:
    to = room.people["承办乙"]
    return partial(room.give, "承办甲", delegate_work, _held(room), to, reasons="请核。")


def _return_delegated(room: Boardroom) -> Given:
    row = _delegate(room)()
    return partial(room.give, "承办乙", return_delegated, row.work_item_id)


def _recall(room: Boardroom) -> Given:
    row = _delegate(room)()
    return partial(room.give, "承办甲", recall_delegated, row.work_item_id, reasons="已回。")


def _ask_signature(room: Boardroom, place: str = "before") -> Given:
    signer = room.people["承办乙"]
    item = _held(room)
    return partial(room.give, "承办甲", ask_signature, item, signer, place=place, reasons="请核。")


def _sign(room: Boardroom) -> Given:
    request = _ask_signature(room, "after")()
    answers = {"facts_found": "停产。"}
    room.give("承办甲", complete_work, request.work_item_id, answers)
    signer = room.actor("承办乙", has_signed=True)
    return partial(room.office.give, signer, give_signature, request.id, agrees=True)


def _drop_signature(room: Boardroom) -> Given:
    request = _ask_signature(room)()
    return partial(room.give, "承办甲", drop_signature, request.id, reasons="不需要。")


def _substitute(room: Boardroom) -> Given:
    day = date(2026, 2, 9)
    deputy = room.people["承办乙"]
    return partial(
        room.give,
        "承办甲",
        set_substitution,
        deputy,
        valid_from=day,
        valid_to=day,
        reasons="休假。",
    )


def _end_substitution(room: Boardroom) -> Given:
    return partial(room.give, "承办甲", end_substitution, _substitute(room)().id)


def _depart(room: Boardroom) -> Given:
    _held(room)
    pair = (room.people["承办甲"], room.people["承办乙"])
    return partial(room.give, "管理员", begin_departure, *pair, reasons="调离。")


def _departing(room: Boardroom) -> Given:
    row = _depart(room)()
    item = room.one(sa.select(DepartureItem)).work_item_id
    return partial(room.give, "system", hand_over_departing, item, row.id)


def _stop_departure(room: Boardroom) -> Given:
    return partial(room.give, "管理员", stop_departure, _depart(room)().id)


def _end_departure(room: Boardroom) -> Given:
    return partial(room.give, "system", end_departure, _depart(room)().id)


def _copy(room: Boardroom) -> Given:
    return partial(room.give, "承办甲", send_copies, room.open().id, [room.people["主席"]])


def _read_copy(room: Boardroom) -> Given:
    _copy(room)()
    return partial(room.give, "主席", read_copy, room.one(sa.select(CopyRow)).id)


ACTS = {
    "transfer_work": Once(_transfer, "transfer_work"),
    "delegate_work": Once(_delegate, "delegate_work"),
    "return_delegated": Once(_return_delegated, "return_delegated"),
    "recall_delegated": Once(_recall, "recall_delegated"),
    "ask_signature": Once(_ask_signature, "ask_signature"),
    "give_signature": Once(_sign, "give_signature"),
    "drop_signature": Once(_drop_signature, "drop_signature"),
    "set_substitution": Once(_substitute, "set_substitution", "more"),
    "end_substitution": Once(_end_substitution, "end_substitution"),
    "begin_departure": Once(_depart, "begin_departure"),
    "hand_over_departing": Once(_departing, "hand_over_departing", "same"),
    "stop_departure": Once(_stop_departure, "stop_departure"),
    "end_departure": Once(_end_departure, "end_departure", "same"),
    "send_copies": Once(_copy, "send_copies", "same"),
    "read_copy": Once(_read_copy, "read_copy", "same"),
}
