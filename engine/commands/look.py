"""Looks at what is confidential or belongs to a file: authorised, with a reason, recorded."""

from __future__ import annotations

import sqlalchemy as sa

from engine.desk import Desk, Right
from engine.desk.conflicts import bar_conflicts
from engine.desk.paper_bytes import paper_bytes
from engine.desk.reasons import reason_for_looking
from engine.desk.seeing import right_to_open
from engine.errors import NotFound
from engine.store.access import note_look, seal
from engine.store.tables import (
    Attachment,
    CaseRow,
    DocumentRow,
    Participant,
    PersonRow,
    ServiceRow,
)
from engine.vault import Reference

REPORTER = "reporter"
SOURCE = "SUP-014"


def reveal(desk: Desk, case_id: str, reference: str, *, reason: str) -> object:
    """Return a confidential value, for a reason that goes on the access record.

    The case is not locked. The value is not kept anywhere on the way.

    Args:
        desk: Of somebody whose role needs the value.
        case_id: The case it belongs to.
        reference: Its id, as it stands in the answers; or that of the reporter's part.
        reason: Why; 4 to 400 characters.

    Raises:
        NotFound: There is no such case or value for the actor.
        Recused, NotAllowed: The actor may not look.
        ReasonMissing: The reason is missing, too short or too long.

    Source: SUP-014 (仅 intake_clerk 与指定保护专员可见;查看须理由并留痕).
    """
    case = _seen(desk, case_id)
    part = desk.session.get(Participant, reference)
    if part is not None and part.case_id == case.id and part.role == REPORTER:
        return _name_reporter(desk, case, part, reason)
    value: Reference = {"$vault": reference}
    kind, field = desk.office.vault.kind_of(desk.session, value, case.id)
    may = Right.REVEAL_REPORTER if _is_reporters(kind, field) else Right.REVEAL
    stated = _may_look(desk, case, may, reason)
    found = desk.office.vault.open(desk.session, value, case.id)
    _note(desk, case, "field", f"{field}:{reference}", stated)
    return found


def _name_reporter(desk: Desk, case: CaseRow, part: Participant, reason: str) -> str:
    """Return the name of a reporter who is a person of the register."""
    stated = _may_look(desk, case, Right.REVEAL_REPORTER, reason)
    _note(desk, case, "field", f"{REPORTER}:{part.id}", stated)
    return desk.session.get_one(PersonRow, part.person_id).name


def _may_look(desk: Desk, case: CaseRow, may: Right, reason: str) -> str:
    """Check that the actor may look, and return the reason for it."""
    desk.authorise(case, may)
    bar_conflicts(desk, case, desk.actor.person_id)
    return reason_for_looking(reason, "reveal.reason", rule=SOURCE)


def open_document(desk: Desk, document_id: str, *, kind: str = "pdf") -> tuple[DocumentRow, bytes]:
    """Return a document's bytes for who may see it; the look is recorded.

    Drafts and what belongs to the file are for those who work on it; a document that
    was served is also for the person it was served on.

    Raises:
        NotFound: There is none for the actor, or it has no such bytes yet.
        Recused: A conflict bars the actor.
        Fault: The stored bytes no longer have their digest.
    """
    row = desk.session.get(DocumentRow, document_id)
    if row is None:
        raise NotFound(document_id)
    case = _seen(desk, row.case_id)
    if _is_outside(desk, case):
        if not _was_served_on(desk, row):
            raise NotFound(document_id)
        may = Right.SEE_OWN
    else:
        may = Right.SEE if row.state == "served" else Right.SEE_FILE
    desk.authorise(case, may)
    if may is Right.SEE_FILE:
        bar_conflicts(desk, case, desk.actor.person_id)
    digest = row.pdf if kind == "pdf" else row.docx
    if not digest:
        raise NotFound(document_id)
    _note(desk, case, "document", document_id, "")
    return row, paper_bytes(desk, case.id, digest)


def open_attachment(desk: Desk, attachment_id: str) -> tuple[Attachment, bytes]:
    """Return an attachment's bytes for who may see the file; the look is recorded.

    Whoever added one opens it again as long as the file is open to them.

    Raises:
        NotFound: There is none for the actor.
        Recused, NotAllowed: The actor may not look (SUP-016, SUP-068).
        Fault: The stored bytes no longer have their digest.
    """
    row = desk.session.get(Attachment, attachment_id)
    if row is None:
        raise NotFound(attachment_id)
    case = _seen(desk, row.case_id)
    added = row.added_by == desk.actor.person_id
    own = added and _is_outside(desk, case)
    may = Right.SEE_FILE if added else right_to_open(desk, case, row)
    desk.authorise(case, Right.SEE_OWN if own else may)
    if not own:
        bar_conflicts(desk, case, desk.actor.person_id)
    _note(desk, case, "attachment", attachment_id, "")
    return row, paper_bytes(desk, case.id, row.digest)


def seal_looks(desk: Desk) -> int:
    """Seal the looks that are not sealed yet; the clock gives this command."""
    return seal(desk.session, desk.now())


def _seen(desk: Desk, case_id: str) -> CaseRow:
    case = desk.session.get(CaseRow, case_id)
    if case is None:
        raise NotFound(case_id)
    return case


def _is_outside(desk: Desk, case: CaseRow) -> bool:
    relations = desk.standing(case).relations
    return bool(relations) and relations <= {"subject", "reporter"}


def _was_served_on(desk: Desk, row: DocumentRow) -> bool:
    """Whether a document reached the actor; it stays theirs when another supersedes it."""
    found = desk.session.scalar(
        sa.select(ServiceRow.id).where(
            ServiceRow.document_id == row.id, ServiceRow.person_id == desk.actor.person_id
        )
    )
    return found is not None


def _is_reporters(kind: str, field: str) -> bool:
    return kind.startswith(REPORTER) or field.split(".", maxsplit=1)[0].startswith(REPORTER)


def _note(desk: Desk, case: CaseRow, what: str, ref: str, reason: str) -> None:
    note_look(
        desk.session,
        authority_id=case.authority_id,
        case_id=case.id,
        person_id=desk.actor.person_id,
        what=what,
        ref=ref,
        reason=reason,
        at=desk.now(),
    )
