"""Send a reminder notice (催办通知书) for work that is overdue."""

from __future__ import annotations

import sqlalchemy as sa

from engine.commands.prepare_papers import typeset
from engine.desk import Actor, Desk, Office, Right
from engine.desk.advance import deliver, set_variables, visible
from engine.desk.dunning import DUNNED, SOURCE, dun, may_dun, next_notice
from engine.desk.papers import PREPARED, draft, issue, newest_of, prepare
from engine.errors import Refusal
from engine.store.tables import CaseRow, Dunning, WorkItemRow

SIGN_SOURCE = "S3 L59§17"


def prepare_dunning(office: Office, actor: Actor, work_item_id: str, *, reasons: str) -> str | None:
    """Prepare the paper of the next notice for a work item; None where there is none.

    Bytes are made outside of any transaction; `send_dunning` issues them.

    Raises:
        Refusal: As `send_dunning` says, or the paper lacks required fields.
    """
    document_id = office.give(actor, _draft, work_item_id, reasons)
    if document_id is not None:
        typeset(office, actor.authority_id, document_id)
    return document_id


def send_dunning(desk: Desk, work_item_id: str, *, reasons: str) -> Dunning:
    """Send a reminder notice for a work item whose time is over.

    Counted for each item. The diagram learns of it by facts (`dunned`, `dunned_1` …,
    `dunning_exhausted`), the variable `dunning` and the message `dunned`.

    Args:
        desk: Of somebody whom the procedure lets dun.
        work_item_id: The work that is late.
        reasons: What is to be done, and by when.

    Raises:
        NotFound: There is none, or the actor may not know of it.
        NotAllowed: Others send reminder notices here.
        Refusal: The work is not late, has time from the notice before, or has got all its
            notices: a third is forbidden, the matter is to be transferred (SUP-011); or the
            paper is not prepared or not signed for.

    Source: S2 L80; SUP-011.
    """
    case, item = _case_and_item(desk, work_item_id)
    next_notice(desk, case, item, reasons)
    document_id = _issued(desk, case)
    notice = dun(desk, case, item, reasons, document_id=document_id)
    set_variables(desk, case, {"dunning": notice})
    if DUNNED in case.awaited:
        deliver(desk, case, DUNNED, {"dunning": notice})
    desk.session.flush()
    return desk.session.scalars(
        sa.select(Dunning)
        .where(Dunning.work_item_id == item.id)
        .order_by(Dunning.number.desc())
        .limit(1)
    ).one()


def _case_and_item(desk: Desk, work_item_id: str) -> tuple[CaseRow, WorkItemRow]:
    case = desk.case_of_item(work_item_id, may=Right.SEE)
    item = desk.session.get_one(WorkItemRow, work_item_id, populate_existing=True)
    may_dun(desk, case)
    return case, item


def _draft(desk: Desk, work_item_id: str, reasons: str) -> str | None:
    case, item = _case_and_item(desk, work_item_id)
    _, notice = next_notice(desk, case, item, reasons)
    rule = desk.version(case).rules.dunning
    if rule is None or not rule.document:
        return None
    row = draft(desk, case, rule.document, {**visible(desk, case, item), "dunning": notice})
    prepare(desk, case, row)
    return row.id


def _issued(desk: Desk, case: CaseRow) -> str | None:
    """Issue the paper that was prepared, where the procedure has one; return its id."""
    rule = desk.version(case).rules.dunning
    if rule is None or not rule.document:
        return None
    if not desk.actor.has_signed:
        raise Refusal("signature.missing", rule=SIGN_SOURCE)
    row = newest_of(desk, case, rule.document, PREPARED)
    today = desk.calendar(case.authority_id).day_of(desk.now())
    if row is None or not row.pdf or row.issued_on != today:
        raise Refusal("document.not_prepared", rule=SOURCE, document=rule.document)
    issue(desk, case, row)
    return row.id
