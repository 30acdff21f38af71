"""Faults in many steps at once: a batch that is started, stopped, and goes on."""

from __future__ import annotations

from functools import partial

from engine.commands.batches import (
    do_batch_item,
    go_on_with_batch,
    note_batch_refusal,
    start_batch,
    stop_batch,
)
from tests.engine.boardroom import Boardroom
from tests.engine.faults.once import Given, Once


def _batch(room: Boardroom) -> Given:
    items = [room.item(room.open(), "ut_inquire").id]
    return partial(room.give, "承办甲", start_batch, "claim", items)


def _stop_batch(room: Boardroom) -> Given:
    return partial(room.give, "承办甲", stop_batch, _batch(room)().id)


def _do_batch_item(room: Boardroom) -> Given:
    return partial(room.give, "承办甲", do_batch_item, _batch(room)().id, 1)


def _note_batch_refusal(room: Boardroom) -> Given:
    return partial(room.give, "承办甲", note_batch_refusal, _batch(room)().id, 1, "item.taken", {})


def _go_on(room: Boardroom) -> Given:
    return partial(room.give, "承办甲", go_on_with_batch, _batch(room)().id, 50)


ACTS = {
    "start_batch": Once(_batch, "start_batch", "more"),
    "stop_batch": Once(_stop_batch, "stop_batch"),
    "do_batch_item": Once(_do_batch_item, "do_batch_item", "same"),
    "note_batch_refusal": Once(_note_batch_refusal, "note_batch_refusal", "same"),
    "go_on_with_batch": Once(_go_on, "go_on_with_batch", "same"),
}
