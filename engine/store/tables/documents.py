"""Documents, their numbers and their service."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.tables.base import Id, Key, Line, Prose, Record, new_id


class DocumentRow(Record):
    """A document of a case.

    Attributes:
        data: What it was rendered from; confidential values are references.
        pdf, docx: SHA-256 of the stored bytes, once rendered.
        state: ``draft``, ``issued``, ``served``, ``superseded``.
        corrects_id: The served document that this one corrects (更正), which stays as it is.
    """

    __tablename__ = "document"
    __table_args__ = (
        Index("ix_document_case", "case_id", "key"),
        Index("ix_document_pdf", "pdf"),
        Index("ix_document_docx", "docx"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True, default_factory=new_id)
    authority_id: Mapped[Id]
    case_id: Mapped[Id] = mapped_column(ForeignKey("case_file.id"))
    key: Mapped[Key]
    title: Mapped[Line]
    state: Mapped[Key] = mapped_column(default="draft")
    number: Mapped[Key | None] = mapped_column(default=None)
    data: Mapped[dict[str, object]] = mapped_column(repr=False)
    pdf: Mapped[Key] = mapped_column(default="")
    docx: Mapped[Key] = mapped_column(default="")
    drafted_by: Mapped[Id]
    drafted_at: Mapped[datetime]
    issued_by: Mapped[Id | None] = mapped_column(default=None)
    issued_at: Mapped[datetime | None] = mapped_column(default=None)
    issued_on: Mapped[date | None] = mapped_column(default=None)
    corrects_id: Mapped[Id | None] = mapped_column(ForeignKey("document.id"), default=None)


class ServiceRow(Record):
    """How and when a document reached a person (送达)."""

    __tablename__ = "service"
    __table_args__ = (Index("ix_service_document", "document_id"),)

    id: Mapped[Id] = mapped_column(primary_key=True, default_factory=new_id)
    authority_id: Mapped[Id]
    case_id: Mapped[Id] = mapped_column(ForeignKey("case_file.id"))
    document_id: Mapped[Id] = mapped_column(ForeignKey("document.id"))
    person_id: Mapped[Id | None] = mapped_column(default=None)
    addressee: Mapped[Line]
    way: Mapped[Key]
    received_on: Mapped[date]
    received_by: Mapped[Line] = mapped_column(default="")
    witnesses: Mapped[list[str]] = mapped_column(default_factory=list)
    proof: Mapped[Prose] = mapped_column(default="")
    recorded_by: Mapped[Id]
    recorded_at: Mapped[datetime]


class NumberSeries(Record):
    """The last number given in a series of one authority, procedure and year."""

    __tablename__ = "number_series"

    authority_id: Mapped[Id] = mapped_column(ForeignKey("authority.id"), primary_key=True)
    procedure: Mapped[Key] = mapped_column(primary_key=True)
    series: Mapped[Key] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(default=0)


class NumberAllotted(Record):
    """A number that was given, and what for; one not used is an empty number (空号)."""

    __tablename__ = "number_allotted"
    __table_args__ = (UniqueConstraint("authority_id", "procedure", "series", "year", "n"),)

    id: Mapped[Id] = mapped_column(primary_key=True, default_factory=new_id)
    authority_id: Mapped[Id]
    procedure: Mapped[Key]
    series: Mapped[Key]
    year: Mapped[int]
    n: Mapped[int]
    text: Mapped[Key]
    state: Mapped[Key] = mapped_column(default="allotted")
    used_for: Mapped[Id | None] = mapped_column(default=None)
    case_id: Mapped[Id | None] = mapped_column(default=None)
    allotted_at: Mapped[datetime]
