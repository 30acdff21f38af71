"""Begin a filing, go on with it another day, discard it: a defence is rarely written at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
import sqlalchemy as sa

from engine.commands.save_draft import LONGEST_DRAFT
from engine.desk import Desk, Right
from engine.desk.views.filing import may_file
from engine.errors import NotAllowed, NotFound, Refusal
from engine.model.procedure_rules import FilingRule
from engine.store.tables import CaseRow, FilingDraft


def save_filing_draft(
    desk: Desk, case_id: str, key: str, data: Mapping[str, Any]
) -> tuple[str, ...]:
    """Keep what has been written so far of filing `key`, for the writer alone.

    A draft is not judged, moves no deadline and is nobody else's to see. Confidential fields
    and files are left out.

    Returns:
        The keys of the confidential fields that were not kept.

    Raises:
        NotFound: There is no such case or filing for the actor.
        NotAllowed: The actor has no part that may file this.
        Refusal: The draft is too long.
    """
    case, rule = _mine(desk, case_id, key)
    version = desk.version(case)
    form = version.form(version.definition.process_id, rule.form)
    kept, dropped = ({}, ()) if form is None else form.without_secrets(data)
    if len(orjson.dumps(kept)) > LONGEST_DRAFT:
        raise Refusal("draft.too_long", most=LONGEST_DRAFT)
    draft = desk.session.get(FilingDraft, (case.id, key, desk.actor.person_id))
    if draft is None:
        desk.session.add(
            FilingDraft(
                case_id=case.id,
                key=key,
                person_id=desk.actor.person_id,
                authority_id=case.authority_id,
                data=kept,
                saved_at=desk.now(),
            )
        )
    else:
        draft.data, draft.saved_at = kept, desk.now()
    return tuple(dropped)


def discard_filing_draft(desk: Desk, case_id: str, key: str) -> None:
    """Throw away one's draft of filing `key`; where there is none nothing happens.

    Raises:
        NotFound, NotAllowed: As `save_filing_draft` says.
    """
    case, _rule = _mine(desk, case_id, key)
    forget_draft(desk, case.id, key)


def forget_draft(desk: Desk, case_id: str, key: str) -> None:
    """Remove the actor's draft of a filing: it was discarded, or handed in."""
    desk.session.execute(
        sa.delete(FilingDraft).where(
            FilingDraft.case_id == case_id,
            FilingDraft.key == key,
            FilingDraft.person_id == desk.actor.person_id,
        )
    )


def _mine(desk: Desk, case_id: str, key: str) -> tuple[CaseRow, FilingRule]:
    case = desk.case(case_id, may=Right.FILE)
    rule = desk.version(case).rules.filings.get(key)
    if rule is None:
        raise NotFound(key)
    if not may_file(desk, case, rule):
        raise NotAllowed("filing.not_yours", filing=rule.title.zh, rule=rule.source)
    return case, rule
