"""Faults in acts of bodies and of who decides: motions, opinions, decisions, recusals."""

from __future__ import annotations

from functools import partial

from engine.commands.decide import decide, give_opinion, note_absence, put_motion
from engine.commands.file import file
from engine.commands.recuse import decide_recusal, declare_interest, request_recusal
from tests.engine.boardroom import MOTION, Boardroom
from tests.engine.faults.once import Given, Once


def _motion(room: Boardroom) -> Given:
    item = room.item(room.inquired(), "ut_decide").id
    return partial(room.give, "主席", put_motion, item, dict(MOTION))


def _opinion(room: Boardroom) -> Given:
    motion = room.move(room.inquired())
    return partial(room.give, "主席", give_opinion, motion.id, vote="agree", reasons="据卷。")


def _absence(room: Boardroom) -> Given:
    motion, absent = room.move(room.inquired()), room.people["监事乙"]
    return partial(room.give, "主席", note_absence, motion.id, absent, reasons="出差。")


def _decide(room: Boardroom) -> Given:
    motion = room.move(room.inquired())
    room.vote(motion, 主席="agree", 监事甲="agree", 监事乙="agree")
    return partial(room.give, "主席", decide, motion.id)


def _appeal_decided(room: Boardroom) -> Given:
    case = room.served()
    room.give("陈某", file, case.id, "appeal", {"request": "请求。"})
    motion = room.move(case, element="ut_review", appeal_result="revoked", measures=[])
    room.vote(motion, 主席="agree", 监事甲="agree", 监事乙="agree")
    return partial(room.give, "主席", decide, motion.id)


def _declare(room: Boardroom) -> Given:
    return partial(room.give, "承办甲", declare_interest, room.open().id, reasons="同学。")


def _request(room: Boardroom) -> Given:
    whom = room.people["承办甲"]
    return partial(room.give, "陈某", request_recusal, room.open().id, whom, reasons="过节。")


def _recuse(room: Boardroom) -> Given:
    row = _request(room)()
    return partial(room.give, "主席", decide_recusal, row.id, granted=True, reasons="属实。")


ACTS = {
    "put_motion": Once(_motion, "put_motion", "more"),
    "give_opinion": Once(_opinion, "give_opinion"),
    "note_absence": Once(_absence, "note_absence"),
    "decide": Once(_decide, "decide"),
    "decide on an appeal": Once(_appeal_decided, "decide"),
    "declare_interest": Once(_declare, "declare_interest"),
    "request_recusal": Once(_request, "request_recusal"),
    "decide_recusal": Once(_recuse, "decide_recusal"),
}
