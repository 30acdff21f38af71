"""Signatures asked for and given upon a step of the boardroom."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from engine.commands.complete_work import complete_work
from engine.commands.countersign import ask_signature, give_signature
from engine.store.tables import InboxRow, SignatureRequest, WorkItemRow
from tests.engine.boardroom import INQUIRY, Boardroom


def ask(
    room: Boardroom, item: WorkItemRow, who: str = "承办乙", place: str = "before"
) -> SignatureRequest:
    asked: SignatureRequest = room.give(
        "承办甲", ask_signature, item.id, room.people[who], place=place, reasons="请核。"
    )
    return asked


def sign(room: Boardroom, request: SignatureRequest, by: str = "承办乙", **given: Any) -> Any:
    signer = room.actor(by, has_signed=True)
    return room.office.give(signer, give_signature, request.id, **{"agrees": True, **given})


def submit(room: Boardroom, item: WorkItemRow, by: str = "承办甲") -> None:
    room.give(by, complete_work, item.id, INQUIRY)


def inboxes(room: Boardroom, item: WorkItemRow) -> list[str]:
    rows = room.all(sa.select(InboxRow.principal).where(InboxRow.work_item_id == item.id))
    names = {person: name for name, person in room.people.items()}
    return sorted(names.get(row.removeprefix("p:"), row) for row in rows)
