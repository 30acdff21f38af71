"""Save a draft of the answers to a work item."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from engine.desk import Desk
from engine.desk.assembly import COLLECTIVE
from engine.desk.working import item_and_case, take
from engine.errors import Refusal
from engine.store.tables import Draft

LONGEST_DRAFT = 200_000
"""Bytes of JSON."""


def save_draft(desk: Desk, work_item_id: str, data: Mapping[str, Any]) -> tuple[str, ...]:
    """Keep what has been typed so far; an open item is claimed by it.

    A draft is not judged. Confidential fields are left out, since a draft is not
    the vault; the page says which.

    Returns:
        The keys of the confidential fields that were not kept.

    Raises:
        NotFound, AlreadyTaken, NotAllowed, Recused: As `claim_work` says.
        Refusal: The draft is too long, or a body does the step together.
    """
    case, item = item_and_case(desk, work_item_id)
    if item.properties.get("act") == COLLECTIVE:
        raise Refusal("item.collective", item=item.name)
    take(desk, case, item)
    form = desk.version(case).form(item.process, item.form)
    kept, dropped = ({}, ()) if form is None else form.without_secrets(data)
    if len(orjson.dumps(kept)) > LONGEST_DRAFT:
        raise Refusal("draft.too_long", most=LONGEST_DRAFT)
    draft = desk.session.get(Draft, (item.id, desk.actor.person_id))
    if draft is None:
        desk.session.add(
            Draft(
                work_item_id=item.id,
                person_id=desk.actor.person_id,
                authority_id=case.authority_id,
                case_id=case.id,
                data=kept,
                saved_at=desk.now(),
            )
        )
    else:
        draft.data, draft.saved_at = kept, desk.now()
    return tuple(dropped)
