"""Closed cases that leave the daily tables: proposed, approved, packed, and what stays of them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.tables.base import Id, Key, Prose, Record, new_id


class Retirement(Record):
    """A round in which closed cases leave the daily tables (期满移出).

    Attributes:
        state: ``proposed``, ``rejected``, ``running`` or ``done``.
        total: How many cases; `done` and `kept` count those that were tried.
    """

    __tablename__ = "retirement"
    __table_args__ = (Index("ix_retirement_list", "authority_id", "proposed_at"),)

    id: Mapped[Id] = mapped_column(primary_key=True, default_factory=new_id)
    authority_id: Mapped[Id] = mapped_column(ForeignKey("authority.id"))
    total: Mapped[int]
    reasons: Mapped[Prose]
    proposed_by: Mapped[Id]
    proposed_at: Mapped[datetime]
    state: Mapped[Key] = mapped_column(default="proposed")
    decided_by: Mapped[Id | None] = mapped_column(default=None)
    decided_at: Mapped[datetime | None] = mapped_column(default=None)
    decision_reasons: Mapped[Prose] = mapped_column(default="")
    done: Mapped[int] = mapped_column(default=0)
    kept: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)


class RetirementItem(Record):
    """One case of a round, and the package that holds it once it has left.

    Attributes:
        state: ``todo``, ``retired`` or ``kept`` (something stood in the way meanwhile).
        obstacle: Why it was kept, as `engine.desk.retiring` names it.
        digest: SHA-256 of the package among the files.
        size: Bytes of it.
    """

    __tablename__ = "retirement_item"
    __table_args__ = (
        Index("ix_retirement_case", "case_id", "state"),
        Index("ix_retirement_digest", "digest"),
    )

    retirement_id: Mapped[Id] = mapped_column(ForeignKey("retirement.id"), primary_key=True)
    case_id: Mapped[Id] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    number: Mapped[Key]
    state: Mapped[Key] = mapped_column(default="todo")
    obstacle: Mapped[Key] = mapped_column(default="")
    digest: Mapped[Key] = mapped_column(default="")
    size: Mapped[int] = mapped_column(default=0)
    tried_at: Mapped[datetime | None] = mapped_column(default=None)


class PackedPaper(Record):
    """Bytes of a case's papers that its verified package holds, so that the store need not."""

    __tablename__ = "packed_paper"

    case_id: Mapped[Id] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    digest: Mapped[Key] = mapped_column(primary_key=True)
