"""Faults in drafts of procedures and the versions that become of them."""

from __future__ import annotations

from datetime import date
from functools import partial

import sqlalchemy as sa

from engine.commands.drafts import (
    begin_draft,
    discard_draft,
    keep_check,
    remove_draft_file,
    restore_draft_file,
    save_draft_file,
)
from engine.commands.publish_version import approve_version, retire_version
from engine.store.tables import VersionRow
from tests.engine.boardroom import Boardroom, draft_of
from tests.engine.faults.once import Given, Once


def _draft_version(room: Boardroom) -> Given:
    return partial(draft_of, room.office, room.actor("设计员"), quick=True)


def _approve(room: Boardroom) -> Given:
    version = draft_of(room.office, room.actor("设计员"), quick=True)
    return partial(room.give, "管理员", approve_version, version.id, effective_on=date(2026, 3, 1))


def _retire(room: Boardroom) -> Given:
    version = room.one(sa.select(VersionRow))
    return partial(room.give, "管理员", retire_version, version.id, reasons="有误。")


def _draft(room: Boardroom) -> str:
    files = {"procedure.yaml": b"id: small", "small.bpmn": b""}
    give = partial(room.give, "设计员", begin_draft, "small")
    row = give(title="小流程", files=files, origin="empty")
    return str(row.id)


def _begin_draft(room: Boardroom) -> Given:
    give = partial(room.give, "设计员", begin_draft, "small")
    return partial(give, title="小流程", files={"procedure.yaml": b""}, origin="empty")


def _save_draft_file(room: Boardroom) -> Given:
    give = partial(room.give, "设计员", save_draft_file, _draft(room))
    return partial(give, "small.bpmn", b"<new/>", number=1)


def _remove_draft_file(room: Boardroom) -> Given:
    give = partial(room.give, "设计员", remove_draft_file, _draft(room))
    return partial(give, "small.bpmn", number=1)


def _restore_draft_file(room: Boardroom) -> Given:
    return partial(room.give, "设计员", restore_draft_file, _draft(room), "small.bpmn", 1)


def _discard_draft(room: Boardroom) -> Given:
    return partial(room.give, "设计员", discard_draft, _draft(room))


def _keep_check(room: Boardroom) -> Given:
    give = partial(room.give, "设计员", keep_check, _draft(room))
    return partial(give, revision=1, report={"passed": True})


ACTS = {
    "draft_version": Once(_draft_version, "draft_version", "same"),
    "approve_version": Once(_approve, "approve_version"),
    "retire_version": Once(_retire, "retire_version"),
    "begin_draft": Once(_begin_draft, "begin_draft"),
    "save_draft_file": Once(_save_draft_file, "save_draft_file"),
    "remove_draft_file": Once(_remove_draft_file, "remove_draft_file"),
    "restore_draft_file": Once(_restore_draft_file, "restore_draft_file", "more"),
    "discard_draft": Once(_discard_draft, "discard_draft"),
    "keep_check": Once(_keep_check, "keep_check", "more"),
}
