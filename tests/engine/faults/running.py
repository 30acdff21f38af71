"""Faults in what the platform does by itself: the record sealed, failures tried again."""

from __future__ import annotations

from functools import partial

import sqlalchemy as sa

from engine.commands.anchor_record import anchor_record
from engine.commands.keep_stamp import keep_stamp
from engine.commands.look import seal_looks
from engine.commands.repair import retry_due, retry_incident, retry_job
from engine.store.tables import DueRow, Incident, OutboxJob
from engine.vault import RecordKey
from tests.engine.boardroom import Boardroom
from tests.engine.faults.once import Given, Once
from tests.engine.faults.papers import looking


def _seal(room: Boardroom) -> Given:
    looking(room)()
    return partial(room.give, "system", seal_looks)


def _anchor(room: Boardroom) -> Given:
    looking(room)()
    room.office.record_key = RecordKey(b"r" * 32)
    return partial(room.give, "system", anchor_record)


def _stamp(room: Boardroom) -> Given:
    number = _anchor(room)()
    return partial(room.give, "system", keep_stamp, number, server="tsa", token=b"t")


def _added(room: Boardroom, row: Incident | OutboxJob) -> str:
    with room.office.database.begin() as session:
        session.add(row)
    return row.id


def _incident(room: Boardroom) -> Given:
    case = room.open()
    row = Incident(
        authority_id=case.authority_id,
        case_id=case.id,
        element="ut_inquire",
        kind="step",
        reason={"zh": "x", "en": "x"},
        happened_at=room.clock.now(),
    )
    return partial(room.give, "管理员", retry_incident, _added(room, row))


def _late(room: Boardroom) -> Given:
    room.open()
    with room.office.database.begin() as session:
        due = session.scalars(sa.select(DueRow).where(DueRow.kind == "yellow")).one()
        due.failures, due.not_before = 3, room.clock.now()
    return partial(room.give, "管理员", retry_due, due.id)


def _dead(room: Boardroom) -> Given:
    row = OutboxJob(kind="preview", key="k", payload={}, not_before=room.clock.now(), state="dead")
    return partial(room.give, "管理员", retry_job, _added(room, row))


ACTS = {
    "seal_looks": Once(_seal, "seal_looks", "same"),
    "anchor_record": Once(_anchor, "anchor_record", "same"),
    "keep_stamp": Once(_stamp, "keep_stamp", "same"),
    "retry_incident": Once(_incident, "retry_incident", "same"),
    "retry_due": Once(_late, "retry_due", "same"),
    "retry_job": Once(_dead, "retry_job"),
}
