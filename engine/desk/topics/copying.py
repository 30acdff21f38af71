"""Topic `wenze.copy`: a copy of a paper goes to supervision or another organ (抄告)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

import bpmn
from engine.desk.desk import Desk
from engine.desk.facts import Fact
from engine.desk.holders import participants, people_in_role
from engine.desk.notices import tell, tell_parts
from engine.errors import Refusal
from engine.model.identifiers import RoleKey
from engine.store.tables import CaseRow, DocumentRow, Transfer

COPY = "copy"
SOURCE = "S2 L54"


def copy(
    desk: Desk, case: CaseRow, item: bpmn.Item, variables: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Send a copy, in the transaction of the step that issues or reports.

    Source: S2 L54 (在上报政府或发给监督对象的同时抄送); SUP-027.
    """
    roles = [one.strip() for one in item.properties.get("to", "").split(";") if one.strip()]
    known = desk.version(case).rules.roles
    titles = [known[RoleKey(one)].title.zh if RoleKey(one) in known else one for one in roles]
    organ = item.properties.get("organ") or "、".join(titles)
    if not organ:
        raise Refusal("transfer.no_organ", rule=SOURCE)
    document = _issued(desk, case, item.properties.get("document", ""))
    told = _told(desk, case, item, roles, document)
    row = Transfer(
        authority_id=case.authority_id,
        case_id=case.id,
        kind=COPY,
        organ=organ,
        document_id=document.id if document is not None else None,
        told=told,
        sent_on=desk.calendar(case.authority_id).day_of(desk.now()),
        sent_by=desk.actor.person_id,
        sent_at=desk.now(),
    )
    desk.session.add(row)
    desk.session.flush()
    desk.record(
        case,
        Fact.MATTER_COPIED,
        transfer=row.id,
        organ=organ,
        document=row.document_id,
        told=told,
    )
    return {}


def _issued(desk: Desk, case: CaseRow, key: str) -> DocumentRow | None:
    if not key:
        return None
    row = desk.session.scalar(
        sa.select(DocumentRow)
        .where(
            DocumentRow.case_id == case.id,
            DocumentRow.key == key,
            DocumentRow.state.in_(("issued", "served")),
        )
        .order_by(DocumentRow.drafted_at.desc())
        .limit(1)
    )
    if row is None:
        raise Refusal("document.not_issued", rule=SOURCE, document=key)
    return row


def _told(
    desk: Desk, case: CaseRow, item: bpmn.Item, roles: list[str], document: DocumentRow | None
) -> list[str]:
    """Tell the people of the roles, by the procedure's notice or by ours; return whom."""
    notice = item.properties.get("notice", "")
    if notice:
        return tell_parts(desk, case, ";".join(roles), notice)
    people: set[str] = set()
    for role in roles:
        people |= set(participants(desk, case, role)) or set(people_in_role(desk, case, role))
    title = document.title if document is not None else item.name
    return tell(desk, case, people, "matter.copied", title=title)
