"""Correct a served document (更正): one drafts, another issues and serves; the original stays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from engine.commands.acts.papers import ISSUES, keep_service, service_of
from engine.desk import REHEARSAL, Actor, Desk, Fact, Office, Right, system_actor
from engine.desk.conflicts import bar_conflicts
from engine.desk.holders import SUBJECT, names_of, participants, people_in_role
from engine.desk.notices import tell
from engine.desk.papers import DRAFT, ISSUED, PREPARED, SERVED, issue
from engine.desk.rights import OUTSIDERS
from engine.documents.binding import layout
from engine.errors import NotAllowed, NotFound, Refusal
from engine.model.numbering import NumberRule
from engine.model.services import must_be_proved
from engine.store.numbering import allot, mark_empty
from engine.store.tables import AuthorityRow, CaseRow, DocumentRow, ServiceRow, WorkItemRow

KEY = "wenze.correction"
"""The key of correction notices; no procedure's document has a name with a dot."""

NUMBER = NumberRule("{authority_short}更〔{year}〕{n}号")
SERIES = "correction"
LONGEST_TEXT = 1_000
SOURCE = "procedures C08"
SIGN_SOURCE = "S3 L59§17"


def draft_correction(
    desk: Desk, document_id: str, *, wrong: str, right: str, reasons: str
) -> DocumentRow:
    """Draft the correction of a slip in a served document; the document itself never changes.

    Args:
        desk: Of somebody who handles the case.
        document_id: The served document.
        wrong: The words as they stand in it, up to 1,000 characters.
        right: The words as they should be, up to 1,000 characters.
        reasons: Why; in the notice.

    Raises:
        NotFound, Recused, NotAllowed: As `Desk.case` says.
        Refusal: The document was not served, or is a correction; one of it waits to be issued;
            the words or reasons are missing, the same or too long.

    Source: procedures C08; issue 6; proposed. What the decision says is changed by an appeal
    or by revoking it, never by a correction.
    """
    original = _document(desk, document_id)
    case = _case(desk, original)
    if original.corrects_id is not None:
        raise Refusal("correction.of_correction", rule=SOURCE, title=original.title)
    if original.state != SERVED:
        raise Refusal("correction.not_served", rule=SOURCE, title=original.title)
    texts = wrong.strip(), right.strip()
    if not all(0 < len(one) <= LONGEST_TEXT for one in texts) or texts[0] == texts[1]:
        raise Refusal("correction.texts", rule=SOURCE)
    if not reasons.strip():
        raise Refusal("reasons.missing", rule=SOURCE)
    pending = desk.session.scalar(
        sa.select(DocumentRow.id).where(
            DocumentRow.corrects_id == original.id, DocumentRow.state.in_((DRAFT, PREPARED))
        )
    )
    if pending is not None:
        raise Refusal("correction.pending", rule=SOURCE, title=original.title)
    row = DocumentRow(
        authority_id=case.authority_id,
        case_id=case.id,
        key=KEY,
        title=f"关于《{original.title}》的更正通知"[:400],
        data={"wrong": texts[0], "right": texts[1], "reasons": reasons.strip()[:LONGEST_TEXT]},
        drafted_by=desk.actor.person_id,
        drafted_at=desk.now(),
        corrects_id=original.id,
    )
    desk.session.add(row)
    desk.session.flush()
    desk.record(case, Fact.DOCUMENT_DRAFTED, document=row.id, key=KEY, corrects=original.id)
    signers = {
        person for role in issuers_of(desk, original) for person in people_in_role(desk, case, role)
    } | {person for role in issuers_of(desk, original) for person in participants(desk, case, role)}
    tell(desk, case, signers - {desk.actor.person_id}, "document.corrected", title=row.title)
    return row


def drop_correction(desk: Desk, document_id: str) -> None:
    """Give up a correction that was not issued; a number that it had becomes an empty one (空号).

    Raises:
        NotFound, Recused, NotAllowed: As `Desk.case` says.
        Refusal: It does not wait to be issued.
    """
    row = _correction(desk, document_id)
    case = _case(desk, row)
    _must_be_pending(row)
    if row.number and mark_empty(desk.session, case.authority_id, row.number):
        desk.record(case, Fact.NUMBER_EMPTY, document=row.id, number=row.number)
    desk.session.delete(row)


def prepare_correction(office: Office, actor: Actor, document_id: str) -> None:
    """Number and date a correction for today, and make its bytes, for whoever is to issue it.

    Raises:
        NotFound, Recused, NotAllowed, Refusal: As `issue_correction` says, but for the signature.
        TemplateFault: The platform's template does not compile.
    """
    data = office.give(actor, make_ready, document_id)
    at = office.clock.now()
    pdf = office.typesetter.pdf(layout(), "correction.typ", data, at)
    if office.seals is not None:
        pdf = office.seals.seal(pdf, authority_id=actor.authority_id, title=str(data["title"]))
    digest = office.files.put(pdf)
    office.give(system_actor(actor.authority_id), keep_correction, document_id, data, digest)


def make_ready(desk: Desk, document_id: str) -> dict[str, Any]:
    """Number and date a correction for today; return what it shows.

    Raises:
        NotFound, Recused, NotAllowed, Refusal: As `issue_correction` says, but for the signature.
    """
    row = _correction(desk, document_id)
    case = _case(desk, row)
    _must_be_pending(row)
    _must_sign(desk, case, row)
    today = desk.calendar(case.authority_id).day_of(desk.now())
    authority = desk.session.get_one(AuthorityRow, case.authority_id)
    if row.number and row.issued_on is not None and row.issued_on.year != today.year:
        if mark_empty(desk.session, case.authority_id, row.number):
            desk.record(case, Fact.NUMBER_EMPTY, document=row.id, number=row.number)
        row.number = None  # a number bears the year in which the document is issued
    if row.number is None:
        allotted = allot(
            desk.session,
            NUMBER,
            authority_id=case.authority_id,
            authority_short=authority.short_name,
            procedure=case.procedure,
            series=SERIES,
            year=today.year,
            now=desk.now(),
            case_id=case.id,
        )
        row.number = allotted.text
        desk.record(case, Fact.NUMBER_ALLOTTED, document=row.id, number=row.number)
    row.state, row.issued_on, row.pdf = PREPARED, today, ""
    return _shown(desk, case, row, authority)


def keep_correction(
    desk: Desk, document_id: str, drawn_from: Mapping[str, Any], digest: str
) -> None:
    """Keep the bytes of a correction, unless it has changed or been issued meanwhile.

    The platform gives this command.

    Raises:
        NotFound, NotAllowed: Somebody else gives it.
    """
    row = _correction(desk, document_id)
    case = desk.case(row.case_id, may=Right.ADVANCE)
    authority = desk.session.get_one(AuthorityRow, case.authority_id)
    if row.state == PREPARED and _shown(desk, case, row, authority) == dict(drawn_from):
        row.pdf = digest


def issue_correction(desk: Desk, document_id: str) -> DocumentRow:
    """Issue a correction: signed, by the role that issued the original, not by who drafted it.

    Raises:
        NotFound, Recused, NotAllowed: As `Desk.case` says; or the actor drafted it, or holds
            no role that issued the original.
        Refusal: It does not wait to be issued, was not prepared today, or is not signed for.

    Source: procedures C08; the second person is proposed.
    """
    row = _correction(desk, document_id)
    case = _case(desk, row)
    _must_be_pending(row)
    _must_sign(desk, case, row)
    if not desk.actor.has_signed:
        raise Refusal("signature.missing", rule=SIGN_SOURCE)
    today = desk.calendar(case.authority_id).day_of(desk.now())
    if row.state != PREPARED or not row.pdf or row.issued_on != today:
        raise Refusal("correction.not_prepared", rule=SOURCE)
    issue(desk, case, row)
    return row


def serve_correction(desk: Desk, document_id: str, answers: Mapping[str, Any]) -> ServiceRow:
    """Record how an issued correction reached the subject; the day is proved like any service.

    Args:
        desk: Of somebody who handles the case.
        document_id: The correction.
        answers: `way`, `received_on`, `received_by`, `refused`, `witnesses`; hostile.

    Raises:
        NotFound, Recused, NotAllowed: As `Desk.case` says.
        Refusal: It was not issued, or its entries do not prove the service.

    Source: procedures C09.
    """
    row = _correction(desk, document_id)
    case = _case(desk, row)
    if row.state != ISSUED or row.issued_on is None:
        raise Refusal("correction.not_issued", rule=SOURCE)
    service = service_of(desk, case, row, answers)
    today = desk.calendar(case.authority_id).day_of(desk.now())
    must_be_proved(service, issued_on=row.issued_on, today=today)
    keep_service(desk, case, row, service)
    desk.session.flush()
    return desk.session.scalars(sa.select(ServiceRow).where(ServiceRow.document_id == row.id)).one()


def issuers_of(desk: Desk, original: DocumentRow) -> frozenset[str]:
    """Return the roles that issued a document; none where no step issued it."""
    items = desk.session.scalars(
        sa.select(WorkItemRow).where(
            WorkItemRow.case_id == original.case_id, WorkItemRow.state == "done"
        )
    )
    return frozenset(
        role
        for item in items
        if item.properties.get("act") == ISSUES and item.properties.get("document") == original.key
        for role in item.role.split(",")
        if role
    )


def _shown(desk: Desk, case: CaseRow, row: DocumentRow, authority: AuthorityRow) -> dict[str, Any]:
    original = desk.session.get_one(DocumentRow, row.corrects_id)
    subjects = participants(desk, case, SUBJECT)
    to = names_of(desk, subjects).get(subjects[0], "") if subjects else ""
    return {
        **row.data,
        "title": row.title,
        "authority": authority.name,
        "number": row.number or "",
        "to": to,
        "original": {"title": original.title, "number": original.number or ""},
        "issued_on": _day(original),
        "signed_on": _day(row),
        "rehearsal": desk.office.kind == REHEARSAL,
    }


def _day(row: DocumentRow) -> str:
    day = row.issued_on
    return f"{day.year}年{day.month}月{day.day}日" if day is not None else ""


def _document(desk: Desk, document_id: str) -> DocumentRow:
    row = desk.session.get(DocumentRow, document_id)
    if row is None:
        raise NotFound(document_id)
    return row


def _correction(desk: Desk, document_id: str) -> DocumentRow:
    row = _document(desk, document_id)
    if row.key != KEY or row.corrects_id is None:
        raise NotFound(document_id)
    return row


def _case(desk: Desk, row: DocumentRow) -> CaseRow:
    """Lock the case of a document for whoever handles it from inside."""
    case = desk.case(row.case_id, may=Right.CORRECT)
    if desk.standing(case).relations & OUTSIDERS:
        raise NotFound(row.id)
    bar_conflicts(desk, case, desk.actor.person_id)
    return case


def _must_be_pending(row: DocumentRow) -> None:
    if row.state not in {DRAFT, PREPARED}:
        raise Refusal("correction.not_pending", rule=SOURCE)


def _must_sign(desk: Desk, case: CaseRow, row: DocumentRow) -> None:
    """Refuse who drafted it, and who holds no role that issued the original."""
    if row.drafted_by == desk.actor.person_id:
        raise NotAllowed("correction.same_person", rule=SOURCE)
    issuers = issuers_of(desk, desk.session.get_one(DocumentRow, row.corrects_id))
    if issuers and issuers.isdisjoint(desk.standing(case).roles):
        raise NotAllowed("correction.not_signer", rule=SOURCE)
