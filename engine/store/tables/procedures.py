"""Published versions of procedures, with every byte they consist of."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.tables.base import Content, Id, Key, Prose, Record, new_id


class VersionRow(Record):
    """A numbered version of a procedure: draft, published, retired, or declined as a draft.

    Attributes:
        manifest: Name to SHA-256 of every file, shared ones included, with the
            parameters and switches in force.
        digest: SHA-256 of the canonical manifest.
        report: What its checks and scenarios gave.
        has_been_left: A case that ran in it was migrated into another one.
        deletion_by: Who has asked that it be deleted; a second person decides.
        deletion_reasons: Why.
    """

    __tablename__ = "procedure_version"
    __table_args__ = (UniqueConstraint("authority_id", "procedure", "number"),)

    id: Mapped[Id] = mapped_column(primary_key=True, default_factory=new_id)
    authority_id: Mapped[Id] = mapped_column(ForeignKey("authority.id"))
    procedure: Mapped[Key]
    number: Mapped[int]
    state: Mapped[Key] = mapped_column(default="draft")
    manifest: Mapped[dict[str, object]]
    digest: Mapped[Key]
    report: Mapped[dict[str, object]] = mapped_column(default_factory=dict)
    effective_on: Mapped[date | None] = mapped_column(default=None)
    drafted_by: Mapped[Id] = mapped_column(default="")
    drafted_at: Mapped[datetime]
    approved_by: Mapped[Id | None] = mapped_column(default=None)
    approved_at: Mapped[datetime | None] = mapped_column(default=None)
    has_been_left: Mapped[bool] = mapped_column(default=False)
    deletion_by: Mapped[Id | None] = mapped_column(default=None)
    deletion_reasons: Mapped[Prose] = mapped_column(default="")


class ProcedureFile(Record):
    """A file of a version, stored once by its digest."""

    __tablename__ = "procedure_file"

    digest: Mapped[Key] = mapped_column(primary_key=True)
    content: Mapped[Content]
