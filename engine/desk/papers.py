"""Documents of a case: their data, their drafts, their numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from bpmn import feel
from engine.desk.desk import Desk
from engine.desk.facts import Fact
from engine.desk.indexing import index_document
from engine.desk.trials import must_be_real
from engine.desk.values import plain
from engine.desk.worlds import environment_of
from engine.errors import Fault, Refusal
from engine.model.procedure_rules import DocumentRule
from engine.store.numbering import allot, mark_empty
from engine.store.tables import AuthorityRow, CaseRow, DocumentRow, NumberAllotted
from engine.vault import is_reference

PREVIEW = "preview"
DRAFT, PREPARED, ISSUED, SERVED = "draft", "prepared", "issued", "served"
OPEN_STATES = (DRAFT, PREPARED)


class DocumentIncomplete(Refusal):
    """A document lacks required fields; the parameters name them (procedures §6)."""


def rule_of(desk: Desk, case: CaseRow, key: str) -> DocumentRule:
    """Return the procedure's rule for a document.

    Raises:
        Fault: It has none of this key; publishing lets none pass.
    """
    rule = desk.version(case).rules.documents.get(key)
    if rule is None:
        raise Fault(f"{case.procedure} has no document {key}")
    return rule


def data_of(
    desk: Desk, case: CaseRow, rule: DocumentRule, variables: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what a document shows: its FEEL expressions over `variables`, as JSON.

    A confidential value is never shown: its reference becomes 〔保密〕.
    """
    environment = environment_of(desk, case)
    found: dict[str, Any] = {}
    for name, source in rule.data.items():
        if isinstance(source, str) and source.startswith("="):
            expression = feel.compile_expression(source[1:], names=frozenset(variables))
            found[name] = _shown(plain(expression.evaluate(dict(variables), environment)))
        else:
            found[name] = source
    return found


def missing_in(rule: DocumentRule, data: Mapping[str, Any]) -> list[str]:
    """Return the names of required fields that are missing or empty, in the rule's order."""
    return [name for name in rule.required if data.get(name) in (None, "", [], {})]


def open_draft(desk: Desk, case: CaseRow, key: str) -> DocumentRow | None:
    """Return the draft of a document that is not issued yet."""
    return desk.session.scalar(
        sa.select(DocumentRow)
        .where(
            DocumentRow.case_id == case.id,
            DocumentRow.key == key,
            DocumentRow.state.in_(OPEN_STATES),
        )
        .order_by(DocumentRow.drafted_at.desc())
        .limit(1)
    )


def newest_of(desk: Desk, case: CaseRow, key: str, *states: str) -> DocumentRow | None:
    """Return the newest document of a key in one of `states`."""
    return desk.session.scalar(
        sa.select(DocumentRow)
        .where(
            DocumentRow.case_id == case.id,
            DocumentRow.key == key,
            DocumentRow.state.in_(states),
        )
        .order_by(DocumentRow.drafted_at.desc())
        .limit(1)
    )


def draft(desk: Desk, case: CaseRow, key: str, variables: Mapping[str, Any]) -> DocumentRow:
    """Draft a document, or bring its draft up to date; a picture of it is made by a job."""
    rule = rule_of(desk, case, key)
    data = data_of(desk, case, rule, variables)
    row = open_draft(desk, case, key)
    if row is None:
        row = DocumentRow(
            authority_id=case.authority_id,
            case_id=case.id,
            key=key,
            title=rule.title.zh,
            data=data,
            drafted_by=desk.actor.person_id,
            drafted_at=desk.now(),
        )
        desk.session.add(row)
        desk.session.flush()
        desk.record(case, Fact.DOCUMENT_DRAFTED, document=row.id, key=key)
        index_document(desk, case, row)
    elif row.data != data:
        row.data, row.pdf, row.docx, row.state = data, "", "", DRAFT
        index_document(desk, case, row)
    if not row.pdf:
        key_of_job = f"preview:{row.id}:{desk.now().isoformat()}"
        desk.enqueue(PREVIEW, key_of_job, {"document": row.id})
    return row


def prepare(desk: Desk, case: CaseRow, row: DocumentRow) -> None:
    """Make a draft ready to be issued today: complete, numbered, dated.

    Raises:
        DocumentIncomplete: Required fields are missing; each is named.

    Source: procedures §6, C08 (缺任一项不得签发).
    """
    must_be_real(case)
    rule = rule_of(desk, case, row.key)
    missing = missing_in(rule, row.data)
    if missing:
        raise DocumentIncomplete("document.incomplete", rule="procedures C08", missing=missing)
    today = desk.calendar(case.authority_id).day_of(desk.now())
    if row.state == PREPARED and row.issued_on == today:
        return
    if row.number and row.issued_on is not None and row.issued_on.year != today.year:
        if mark_empty(desk.session, case.authority_id, row.number):
            desk.record(case, Fact.NUMBER_EMPTY, document=row.id, number=row.number)
        row.number = None  # a number bears the year in which the document is issued
    if rule.number is not None and row.number is None:
        authority = desk.session.get_one(AuthorityRow, case.authority_id)
        allotted = allot(
            desk.session,
            rule.number.rule,
            authority_id=case.authority_id,
            authority_short=authority.short_name,
            procedure=case.procedure,
            series=rule.number.series,
            year=today.year,
            now=desk.now(),
            case_id=case.id,
        )
        row.number = allotted.text
        desk.record(case, Fact.NUMBER_ALLOTTED, document=row.id, number=row.number)
    row.state, row.issued_on, row.pdf, row.docx = PREPARED, today, "", ""
    index_document(desk, case, row)


def issue(desk: Desk, case: CaseRow, row: DocumentRow) -> None:
    """Issue a prepared document: its number is used, the digest of its bytes is on the record."""
    must_be_real(case)
    row.state = ISSUED
    row.issued_by = desk.actor.person_id
    row.issued_at = desk.now()
    if row.number:
        desk.session.execute(
            sa.update(NumberAllotted)
            .where(
                NumberAllotted.authority_id == case.authority_id,
                NumberAllotted.text == row.number,
            )
            .values(state="used", used_for=row.id)
        )
    desk.record(
        case,
        Fact.DOCUMENT_ISSUED,
        document=row.id,
        key=row.key,
        number=row.number,
        pdf=f"sha256:{row.pdf}",
        docx=f"sha256:{row.docx}" if row.docx else "",
    )


def _shown(value: Any) -> Any:
    if is_reference(value):
        return "〔保密〕"
    if isinstance(value, dict):
        return {key: _shown(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_shown(one) for one in value]
    return value
