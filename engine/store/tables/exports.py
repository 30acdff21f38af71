"""What was ordered to be taken out: ledgers and case files, made by a job, for a time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.tables.base import Id, Key, Line, Record, new_id


class Export(Record):
    """A file that somebody ordered, made in the background and gone after a time.

    Attributes:
        kind: ``ledger``, ``statistics`` (.xlsx), ``file_pdf`` or ``file_zip`` of one case.
        chosen: The filters and columns of a ledger, or the days of figures.
        reason: Why it is taken out; on the access record too.
        state: ``running``, ``stopped``, ``ready``, ``failed`` or ``ended``.
        total: How many rows or papers there are; 0 until that is known.
        digest: SHA-256 of the stored bytes while it is ready, else "".
        ends_at: Until when it can be fetched, exclusive; None until it is ready.
    """

    __tablename__ = "export"
    __table_args__ = (Index("ix_export_owner", "ordered_by", "ordered_at", "id"),)

    id: Mapped[Id] = mapped_column(primary_key=True, default_factory=new_id)
    authority_id: Mapped[Id]
    kind: Mapped[Key]
    case_id: Mapped[Id | None] = mapped_column(ForeignKey("case_file.id"), default=None)
    chosen: Mapped[dict[str, object]] = mapped_column(default_factory=dict)
    reason: Mapped[Line]
    language: Mapped[Key] = mapped_column(default="zh")
    ordered_by: Mapped[Id]
    account_id: Mapped[Id]
    ordered_at: Mapped[datetime]
    state: Mapped[Key] = mapped_column(default="running")
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    name: Mapped[Line] = mapped_column(default="")
    digest: Mapped[Key] = mapped_column(default="")
    size: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    ends_at: Mapped[datetime | None] = mapped_column(default=None)
