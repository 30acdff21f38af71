"""Prepare the documents of a step before it is completed: data, number, bytes.

Bytes are made outside of any transaction, since typesetting takes its time; what is
issued are the stored bytes, whose digest the issue then records.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.commands.acts.papers import ISSUES, SERVES
from engine.commands.acts.transfer import TRANSFERS
from engine.commands.set_seal import seal_of
from engine.desk import REHEARSAL, Actor, Desk, Office, Right, system_actor
from engine.desk.advance import visible
from engine.desk.papers import OPEN_STATES, PREPARED, draft, prepare, rule_of
from engine.desk.working import item_and_case
from engine.documents.wordprocess import docx
from engine.store.tables import AuthorityRow, CaseRow, DocumentRow

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from engine.store.outbox import Job


SEAL = "seal.png"
"""The picture of the seal, beside the template."""


@dataclass(frozen=True, slots=True)
class Manuscript:
    """Everything that a document is typeset from.

    Attributes:
        document_id: Whose bytes they will be.
        files: Of the version, by path.
        template: The path of the typst template.
        word: The path of the .docx template; empty where there is none.
        data: What it shows; what the engine gives goes before the procedure's own names.
        drawn_from: The procedure's own part of it, as it stood.
        at: The instant written into the file.
        is_sealed: It is to be issued: a provider of electronic seals is asked.
    """

    document_id: str
    files: Mapping[str, bytes]
    template: str
    word: str
    data: Mapping[str, Any]
    drawn_from: Mapping[str, Any]
    at: datetime
    is_sealed: bool = False


def prepare_papers(office: Office, actor: Actor, work_item_id: str) -> str | None:
    """Prepare the document of a work item, where it has one; return the document's id.

    Of an item that issues a document the draft is completed, numbered and dated; of
    one that drafts it, brought up to date.

    Raises:
        NotFound, Recused: As `Desk.case` says.
        DocumentIncomplete: It is to be issued and lacks required fields.
        TemplateFault: Its template does not compile.
    """
    document_id = office.give(actor, _prepare_item, work_item_id)
    if document_id is not None:
        typeset(office, actor.authority_id, document_id)
    return document_id


def typeset(office: Office, authority_id: str, document_id: str) -> None:
    """Make and keep the bytes of a document that is not issued yet and has none."""
    system = system_actor(authority_id)
    manuscript = office.ask(system, _manuscript, document_id)
    if manuscript is None:
        return
    pdf = office.typesetter.pdf(
        manuscript.files, manuscript.template, manuscript.data, manuscript.at
    )
    if office.seals is not None and manuscript.is_sealed:
        pdf = office.seals.seal(pdf, authority_id=authority_id, title=str(manuscript.data["title"]))
    digests = {"pdf": office.files.put(pdf), "docx": ""}
    if manuscript.word:
        content = docx(manuscript.files[manuscript.word], manuscript.data)
        digests["docx"] = office.files.put(content)
    office.give(system, _keep, manuscript, digests["pdf"], digests["docx"])


def preview(office: Office, job: Job) -> None:
    """Do a job of kind ``preview``."""
    document_id = str(job.payload["document"])
    with office.database.reading() as session:
        row = session.get(DocumentRow, document_id)
    if row is not None:
        typeset(office, row.authority_id, document_id)


def _prepare_item(desk: Desk, work_item_id: str) -> str | None:
    case, item = item_and_case(desk, work_item_id)
    key = str(item.properties.get("document") or "")
    done_with = item.properties.get("act") in {SERVES, TRANSFERS} or item.state not in {
        "open",
        "claimed",
    }
    if not key or done_with:
        return None
    desk.authorise(case, Right.WORK)
    row = draft(desk, case, key, visible(desk, case, item))
    if item.properties.get("act") == ISSUES:
        prepare(desk, case, row)
    return row.id


def _manuscript(desk: Desk, document_id: str) -> Manuscript | None:
    row = desk.session.get(DocumentRow, document_id)
    if row is None or row.state not in OPEN_STATES or row.pdf:
        return None
    case = desk.session.get_one(CaseRow, row.case_id)
    version = desk.version(case)
    rule = rule_of(desk, case, row.key)
    folder = version.folder_with(rule.template)
    authority = desk.session.get_one(AuthorityRow, row.authority_id)
    data = {
        **row.data,
        "title": row.title,
        "authority": {"name": authority.name, "short": authority.short_name},
        "number": row.number or "",
        "issued_on": _day(row),
        "rehearsal": desk.office.kind == REHEARSAL or case.is_trial,
    }
    seal = seal_of(desk, row.authority_id) if row.state == PREPARED else None
    files = dict(version.files)
    if seal is not None:
        data["seal"] = f"/{folder}/{SEAL}"
        files[f"{folder}/{SEAL}"] = seal
    return Manuscript(
        document_id=row.id,
        files=files,
        template=f"{folder}/{rule.template}",
        word=f"{folder}/{rule.docx}" if rule.docx else "",
        data=data,
        drawn_from=dict(row.data),
        at=row.drafted_at,
        is_sealed=row.state == PREPARED,
    )


def _day(row: DocumentRow) -> str:
    return row.issued_on.isoformat() if row.issued_on else ""


def _keep(desk: Desk, manuscript: Manuscript, pdf: str, word: str) -> None:
    """Keep the digests, unless the document has changed or been issued meanwhile."""
    row = desk.session.get_one(DocumentRow, manuscript.document_id, with_for_update=True)
    unchanged = (
        row.state in OPEN_STATES
        and not row.pdf
        and (row.number or "") == manuscript.data["number"]
        and _day(row) == manuscript.data["issued_on"]
        and row.data == manuscript.drawn_from
    )
    if unchanged:
        row.pdf, row.docx = pdf, word
