"""What an authority lets the one above it see of its cases, and what that one asks of it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.tables.base import Id, Prose, Record, new_id


class SupervisionGrant(Record):
    """That an authority above may watch over cases of some procedures for some days (督办视图).

    Attributes:
        authority_id: Whose cases.
        superior_id: Which authority may watch; it stands above, or the grant gives nothing.
        procedures: The ids of the procedures; never empty.
        with_secret: Cases that were registered as secret, too.
        valid_to: The last day.
    """

    __tablename__ = "supervision_grant"
    __table_args__ = (
        Index("ix_supervision_grant_below", "authority_id", "superior_id"),
        Index("ix_supervision_grant_above", "superior_id", "valid_to"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True, default_factory=new_id)
    authority_id: Mapped[Id] = mapped_column(ForeignKey("authority.id"))
    superior_id: Mapped[Id] = mapped_column(ForeignKey("authority.id"))
    procedures: Mapped[list[str]]
    with_secret: Mapped[bool] = mapped_column(default=False)
    valid_from: Mapped[date]
    valid_to: Mapped[date]
    reasons: Mapped[Prose]
    made_by: Mapped[Id]
    made_at: Mapped[datetime]
    ended_by: Mapped[Id | None] = mapped_column(default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    ended_reasons: Mapped[Prose] = mapped_column(default="")
    revision: Mapped[int] = mapped_column(init=False, default=0)

    __mapper_args__ = {"version_id_col": revision}


class SupervisionNotice(Record):
    """A notice (督办) by which an authority above asks about a case; it has to be answered.

    Attributes:
        authority_id: Whose case.
        number: 1, 2, 3 … within the case.
        text: What is asked.
        answer_by: The last day for the answer.
        answer: Empty until it is answered.
    """

    __tablename__ = "supervision_notice"
    __table_args__ = (
        UniqueConstraint("case_id", "number"),
        Index("ix_supervision_notice_waiting", "authority_id", "answered_at", "answer_by"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True, default_factory=new_id)
    authority_id: Mapped[Id] = mapped_column(ForeignKey("authority.id"))
    case_id: Mapped[Id] = mapped_column(ForeignKey("case_file.id"))
    superior_id: Mapped[Id] = mapped_column(ForeignKey("authority.id"))
    number: Mapped[int]
    text: Mapped[Prose]
    answer_by: Mapped[date]
    sent_by: Mapped[Id]
    sent_at: Mapped[datetime]
    answer: Mapped[Prose] = mapped_column(default="")
    answered_by: Mapped[Id | None] = mapped_column(default=None)
    answered_at: Mapped[datetime | None] = mapped_column(default=None)
    revision: Mapped[int] = mapped_column(init=False, default=0)

    __mapper_args__ = {"version_id_col": revision}
