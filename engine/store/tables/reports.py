"""What comes from outside: reports without a log-in, filings that are being written."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.tables.base import Id, Key, Prose, Record, new_id


class Report(Record):
    """A report (来信) by the public form, before and after it has become a case.

    Attributes:
        code_digest: SHA-256 of the query code; the code itself is kept by the reporter alone.
        contact: References into the vault, by ``name``, ``phone``, ``address``; often empty.
        state: ``received``, ``registered`` or ``not_accepted``.
        case_id: The case that it was registered as.
        reasons: Why it was not accepted, as the reporter reads it.
    """

    __tablename__ = "report"
    __table_args__ = (Index("ix_report_authority", "authority_id", "state", "received_at"),)

    id: Mapped[Id] = mapped_column(primary_key=True, default_factory=new_id)
    authority_id: Mapped[Id] = mapped_column(ForeignKey("authority.id"))
    code_digest: Mapped[Key] = mapped_column(unique=True, repr=False)
    contact: Mapped[dict[str, object]] = mapped_column(default_factory=dict, repr=False)
    received_at: Mapped[datetime]
    state: Mapped[Key] = mapped_column(default="received")
    case_id: Mapped[Id | None] = mapped_column(ForeignKey("case_file.id"), default=None)
    settled_by: Mapped[Id | None] = mapped_column(default=None)
    settled_at: Mapped[datetime | None] = mapped_column(default=None)
    reasons: Mapped[Prose] = mapped_column(default="")
    revision: Mapped[int] = mapped_column(init=False, default=0)

    __mapper_args__ = {"version_id_col": revision}


class ReportMessage(Record):
    """Something said in a report: by the reporter, or a question by who received it.

    Attributes:
        by_id: Who asks; None for the reporter.
        said: Reference into the vault: ``{"text", "files"}``.
    """

    __tablename__ = "report_message"
    __table_args__ = (Index("ix_report_message", "report_id", "said_at"),)

    id: Mapped[Id] = mapped_column(primary_key=True, default_factory=new_id)
    authority_id: Mapped[Id]
    report_id: Mapped[Id] = mapped_column(ForeignKey("report.id"))
    by_id: Mapped[Id | None] = mapped_column(default=None)
    said: Mapped[dict[str, object]] = mapped_column(repr=False)
    said_at: Mapped[datetime]


class ReportFile(Record):
    """Bytes that came with a report: what is said of them lies in the vault, by its message."""

    __tablename__ = "report_file"
    __table_args__ = (Index("ix_report_file", "digest"),)

    id: Mapped[Id] = mapped_column(primary_key=True, default_factory=new_id)
    authority_id: Mapped[Id]
    report_id: Mapped[Id] = mapped_column(ForeignKey("report.id"))
    digest: Mapped[Key]


class FilingDraft(Record):
    """A filing that somebody has begun to write and not handed in; one for each person and kind.

    Attributes:
        data: Without confidential values and files.
    """

    __tablename__ = "filing_draft"

    case_id: Mapped[Id] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    key: Mapped[Key] = mapped_column(primary_key=True)
    person_id: Mapped[Id] = mapped_column(primary_key=True)
    authority_id: Mapped[Id]
    data: Mapped[dict[str, object]] = mapped_column(repr=False)
    saved_at: Mapped[datetime]
