"""Faults in notices: where they go, in which words, and what became of them."""

from __future__ import annotations

from functools import partial

import sqlalchemy as sa

from engine.commands.deliver_notices import send_again, settle_deliveries
from engine.commands.notice_preferences import (
    drop_notice_address,
    save_notice_preference,
    set_notice_address,
    try_notice_address,
)
from engine.commands.notice_templates import change_notice_template, reset_notice_template
from engine.store.tables import NoticeDelivery, OutboxJob
from scheduler.channels import Outgoing, Reach
from tests.engine.boardroom import Boardroom
from tests.engine.faults.once import Given, Once
from tests.engine.faults.steps import assigning


def _sending(room: Boardroom) -> Boardroom:
    """Let notices leave for a host that nothing is sent to here."""
    room.office.channels = Outgoing(reach=Reach(("hook.example",)))
    return room


def _address(room: Boardroom) -> Given:
    given = ("webhook", "generic", "https://hook.example/in")
    return partial(_sending(room).give, "承办乙", set_notice_address, *given, secret="s" * 8)


def _drop_address(room: Boardroom) -> Given:
    _address(room)()
    return partial(room.give, "承办乙", drop_notice_address, "webhook")


def _try_address(room: Boardroom) -> Given:
    _address(room)()
    return partial(room.give, "承办乙", try_notice_address, "webhook")


def _told_outside(room: Boardroom) -> Given:
    """Assign work to somebody who is told by a webhook, too."""
    _address(room)()
    return assigning(room)


def _wish(room: Boardroom) -> Given:
    return partial(room.give, "承办乙", save_notice_preference, {"red": ["mail"]})


def _words(room: Boardroom) -> Given:
    said = {"zh": "{case_number}", "en": "{case_number}"}
    return partial(room.give, "管理员", change_notice_template, "red", said, said)


def _words_reset(room: Boardroom) -> Given:
    _words(room)()
    return partial(room.give, "管理员", reset_notice_template, "red")


def _undelivered(room: Boardroom) -> NoticeDelivery:
    _told_outside(room)()
    found: NoticeDelivery = room.one(sa.select(NoticeDelivery))
    return found


def _settle_deliveries(room: Boardroom) -> Given:
    return partial(room.give, "system", settle_deliveries, (_undelivered(room).id,), {})


def _send_again(room: Boardroom) -> Given:
    key = _undelivered(room).job_key
    job = room.one(sa.select(OutboxJob).where(OutboxJob.key == key)).id
    with room.office.database.begin() as session:
        session.get_one(OutboxJob, job).state = "dead"
    return partial(room.give, "管理员", send_again, job)


ACTS = {
    "set_notice_address": Once(_address, "set_notice_address", "more"),
    "drop_notice_address": Once(_drop_address, "drop_notice_address"),
    "try_notice_address": Once(_try_address, "try_notice_address", "same"),
    "assign work and tell of it outside": Once(_told_outside, "assign_work"),
    "save_notice_preference": Once(_wish, "save_notice_preference", "same"),
    "change_notice_template": Once(_words, "change_notice_template", "same"),
    "reset_notice_template": Once(_words_reset, "reset_notice_template", "same"),
    "settle_deliveries": Once(_settle_deliveries, "settle_deliveries", "same"),
    "send_again": Once(_send_again, "send_again"),
}
