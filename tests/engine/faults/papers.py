"""Faults in acts of papers: attached, issued, served, read, corrected."""

from __future__ import annotations

from functools import partial

from engine.commands.add_attachment import add_attachment
from engine.commands.complete_work import complete_work
from engine.commands.correct_document import (
    draft_correction,
    drop_correction,
    issue_correction,
    keep_correction,
    make_ready,
    prepare_correction,
    serve_correction,
)
from engine.commands.look import open_document
from tests.engine.boardroom import Boardroom
from tests.engine.faults.once import Given, Once


def _attach(room: Boardroom) -> Given:
    return partial(room.give, "承办甲", add_attachment, room.open().id, "a.txt", b"text")


def _issue(room: Boardroom) -> Given:
    item = room.item(room.prepared(), "ut_issue").id
    chair = room.actor("主席", has_signed=True)
    return partial(room.office.give, chair, complete_work, item, {})


def _serve(room: Boardroom) -> Given:
    item = room.item(room.issued(), "ut_serve").id
    answers = {"way": "direct", "received_on": "2026-02-09", "received_by": "陈某"}
    return partial(room.give, "承办乙", complete_work, item, answers)


def looking(room: Boardroom) -> Given:
    return partial(room.give, "陈某", open_document, room.document(room.served()).id)


def _correct(room: Boardroom) -> Given:
    document = room.document(room.served()).id
    words = {"wrong": "五日", "right": "三日", "reasons": "笔误。"}
    return partial(room.give, "承办甲", draft_correction, document, **words)


def _drop_correction(room: Boardroom) -> Given:
    return partial(room.give, "承办甲", drop_correction, _correct(room)().id)


def _ready_correction(room: Boardroom) -> Given:
    return partial(room.give, "主席", make_ready, _correct(room)().id)


def _keep_correction(room: Boardroom) -> Given:
    row = _correct(room)()
    data = room.give("主席", make_ready, row.id)
    return partial(room.give, "system", keep_correction, row.id, data, "0" * 64)


def _issue_correction(room: Boardroom) -> Given:
    row = _correct(room)()
    prepare_correction(room.office, room.actor("主席"), row.id)
    chair = room.actor("主席", has_signed=True)
    return partial(room.office.give, chair, issue_correction, row.id)


def _serve_correction(room: Boardroom) -> Given:
    row = _issue_correction(room)()
    served = {"way": "direct", "received_on": "2026-02-09", "received_by": "陈某"}
    return partial(room.give, "承办乙", serve_correction, row.id, served)


ACTS = {
    "add_attachment": Once(_attach, "add_attachment", "more"),
    "issue a document": Once(_issue, "complete_work"),
    "serve a document": Once(_serve, "complete_work"),
    "open_document": Once(looking, "open_document", "more"),
    "draft_correction": Once(_correct, "draft_correction"),
    "drop_correction": Once(_drop_correction, "drop_correction"),
    "make_ready": Once(_ready_correction, "make_ready", "same"),
    "keep_correction": Once(_keep_correction, "keep_correction", "same"),
    "issue_correction": Once(_issue_correction, "issue_correction"),
    "serve_correction": Once(_serve_correction, "serve_correction"),
}
