"""Faults in acts on a case: opened, merged, woken, withdrawn, migrated, filed in, remembered."""

from __future__ import annotations

from datetime import date
from functools import partial

import sqlalchemy as sa

from engine.commands.comment_case import comment_case
from engine.commands.file import file
from engine.commands.merge_clues import merge_clue, receive_merged
from engine.commands.migrate_case import decide_migration, propose_migration
from engine.commands.open_case import open_case
from engine.commands.organise import open_account
from engine.commands.own_notes import follow_up, tag_case, watch_case
from engine.commands.publish_version import approve_version
from engine.commands.saved_filters import drop_filter, save_filter
from engine.commands.wake_case import wake_case
from engine.commands.withdraw_case import decide_withdrawal, propose_withdrawal
from engine.store.tables import CaseRow
from tests.engine.boardroom import Boardroom, draft_of
from tests.engine.faults.once import Given, Once


def _open(room: Boardroom) -> Given:
    answers = {"channel": "CA1", "facts": "推诿", "subject_id": room.people["陈某"]}
    return partial(room.give, "受理员", open_case, "board", answers)


def _wake(room: Boardroom) -> Given:
    case = room.open()
    room.give("承办甲", propose_withdrawal, case.id, reasons="重复。")
    room.give("主席", decide_withdrawal, case.id, granted=True, reasons="准。")
    answers = {"channel": "CA1", "facts": "推诿", "subject_id": room.people["陈某"]}
    return partial(room.give, "受理员", wake_case, case.id, answers, reasons="新证据。")


def _merge(room: Boardroom) -> Given:
    first, second = room.open(), room.open()
    return partial(room.give, "受理员", merge_clue, second.id, first.id, reasons="重复。")


def _receive_merged(room: Boardroom) -> Given:
    first, second = room.open(), room.open()
    room.give("受理员", merge_clue, second.id, first.id, reasons="重复。")
    return partial(room.give, "system", receive_merged, first.id, second.id)


def _file(room: Boardroom) -> Given:
    return partial(room.give, "陈某", file, room.served().id, "appeal", {"request": "请求。"})


def _propose(room: Boardroom) -> Given:
    return partial(room.give, "承办甲", propose_withdrawal, room.open().id, reasons="重复。")


def _withdraw(room: Boardroom) -> Given:
    case = room.open()
    room.give("承办甲", propose_withdrawal, case.id, reasons="重复。")
    return partial(room.give, "主席", decide_withdrawal, case.id, granted=True, reasons="准。")


def _ask_migration(room: Boardroom) -> Given:
    room.give("system", open_account, room.people["设计员"], "second", is_admin=True)
    case = room.open()
    version = draft_of(room.office, room.actor("设计员"), quick=True)
    room.give("管理员", approve_version, version.id, effective_on=date(2026, 1, 1))
    return partial(
        room.give, "管理员", propose_migration, case.id, version.id, {}, reasons="制度修订。"
    )


def _migrate(room: Boardroom) -> Given:
    _ask_migration(room)()
    case = room.one(sa.select(CaseRow))
    return partial(room.give, "设计员", decide_migration, case.id, granted=True, reasons="同意。")


def _comment(room: Boardroom) -> Given:
    return partial(room.give, "承办甲", comment_case, room.open().id, "请核对。")


def _watch(room: Boardroom) -> Given:
    return partial(room.give, "主席", watch_case, room.open().id, watched=True)


def _tag(room: Boardroom) -> Given:
    return partial(room.give, "主席", tag_case, room.open().id, ["重点"])


def _follow_up(room: Boardroom) -> Given:
    return partial(room.give, "主席", follow_up, room.open().id, date(2026, 3, 2))


def _save_filter(room: Boardroom) -> Given:
    return partial(room.give, "主席", save_filter, "红", {"lamp": "red"})


def _drop_filter(room: Boardroom) -> Given:
    return partial(room.give, "主席", drop_filter, _save_filter(room)().id)


ACTS = {
    "open_case": Once(_open, "open_case", "more"),
    "wake_case": Once(_wake, "wake_case", "more"),
    "merge_clue": Once(_merge, "merge_clue"),
    "receive_merged": Once(_receive_merged, "receive_merged", "same"),
    "file": Once(_file, "file"),
    "propose_withdrawal": Once(_propose, "propose_withdrawal", "more"),
    "decide_withdrawal": Once(_withdraw, "decide_withdrawal"),
    "propose_migration": Once(_ask_migration, "propose_migration"),
    "decide_migration": Once(_migrate, "decide_migration"),
    "comment_case": Once(_comment, "comment_case", "more"),
    "watch_case": Once(_watch, "watch_case", "same"),
    "tag_case": Once(_tag, "tag_case", "same"),
    "follow_up": Once(_follow_up, "follow_up", "same"),
    "save_filter": Once(_save_filter, "save_filter", "same"),
    "drop_filter": Once(_drop_filter, "drop_filter"),
}
