"""Notices that leave the boardroom for a receiver of the tests."""

from __future__ import annotations

import json

import sqlalchemy as sa

from engine.commands.assign_work import assign_work
from engine.commands.deliver_notices import deliver_notices, send_proof, try_address
from engine.commands.notice_preferences import set_notice_address
from engine.desk.outgoing import DELIVER, PROVE, TRY
from engine.store.tables import CaseRow, NoticeDelivery
from tests.engine.boardroom import Boardroom
from tests.scheduler.channels.receivers import Kept

WORKERS = {DELIVER: deliver_notices, TRY: try_address, PROVE: send_proof}
SECRET = "secret-of-ours"


def address(room: Boardroom, kept: Kept, name: str = "承办乙", path: str = "/in") -> None:
    """Let notices to somebody go to the receiver, too."""
    room.give(
        name, set_notice_address, "webhook", "generic", f"{kept.address}{path}", secret=SECRET
    )


def assign(room: Boardroom, case: CaseRow | None = None) -> CaseRow:
    """Assign the inquiry of a new case to 承办乙, who is told."""
    case = case or room.open()
    item = room.item(case, "ut_inquire").id
    room.give("承办甲", assign_work, item, room.people["承办乙"])
    return case


def sent(kept: Kept) -> list[dict[str, object]]:
    return [json.loads(body)["data"] for body in kept.bodies]


def deliveries(room: Boardroom) -> list[tuple[str, str]]:
    rows = room.all(sa.select(NoticeDelivery).order_by(NoticeDelivery.id))
    return [(row.state, row.reason) for row in rows]
