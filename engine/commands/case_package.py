"""Write a closed case into its package: papers, the rows of every table, the record."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import sqlalchemy as sa

from engine.desk.retiring import obstacle_to
from engine.documents.packing import Packed, pack
from engine.store.exporting import export_case_record
from engine.store.retiring import rows_of
from engine.store.tables import Attachment, AuditHead, CaseRow, DocumentRow

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from engine.desk import Desk

README = (
    "案件档案包。record.zip 为该案审计记录，核验：python3 verify_record.py record.zip "
    "--key 公钥（wenze record-key 所印，另处保存）；SHA256SUMS 为各文件摘要，"
    "核对：sha256sum -c SHA256SUMS。rows-*.jsonl 为各表中该案的行；保密字段的密文留在平台保险库。\n"
)


@dataclass(frozen=True, slots=True)
class Package:
    """What a case was written into.

    Attributes:
        head: The digest of the newest entry of the case's chain that it holds.
    """

    content: bytes = field(repr=False)
    head: str


def package_of(desk: Desk, case_id: str) -> Package | None:
    """Write a case into its package; None where it may not leave the daily tables."""
    case = desk.session.get_one(CaseRow, case_id)
    if obstacle_to(desk, case) is not None or case.closed_at is None:
        return None
    head = desk.session.get_one(AuditHead, f"case:{case.id}")
    record = export_case_record(desk.session, case.id)
    files = [Packed("说明.txt", README.encode()), Packed("record.zip", record)]
    files += [Packed(f"rows-{name}.jsonl", lines) for name, lines in rows_of(desk.session, case.id)]
    files += [
        Packed(name, desk.office.files.get(digest))
        for name, digest in papers_of(desk.session, case.id)
    ]
    calendar = desk.calendar(case.authority_id)
    return Package(pack(files, made_at=case.closed_at.astimezone(calendar.zone)), head.digest)


def papers_of(session: Session, case_id: str) -> list[tuple[str, str]]:
    """Return the name and the digest of every paper of a case, in their order."""
    documents = session.scalars(
        sa.select(DocumentRow).where(DocumentRow.case_id == case_id).order_by(DocumentRow.id)
    )
    found = [
        (f"{row.title}{ending}", digest)
        for row in documents
        for ending, digest in ((".pdf", row.pdf), (".docx", row.docx))
        if digest
    ]
    attachments = session.scalars(
        sa.select(Attachment).where(Attachment.case_id == case_id).order_by(Attachment.id)
    )
    return [*found, *((row.name, row.digest) for row in attachments)]
