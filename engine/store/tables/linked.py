"""What leads from a case to others: child cases, transfers and copies, reminders, escalations."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.tables.base import Id, Key, Line, Prose, Record, new_id


class LinkedCase(Record):
    """A child as its parent knows it; kept up to date by messages, so a case stays on its shard.

    Attributes:
        case_id: The parent.
        child_id: Given when the child is asked for; its row follows.
        item: The element of the parent that asked for it.
        state: ``opening``, ``open`` or ``closed``.
        conclusion: ``{"value": …}`` of the child's variable of this name; empty without one.
        seen: The revision of the child that this shows; an older one is passed over.
    """

    __tablename__ = "linked_case"
    __table_args__ = (Index("ix_linked_case", "case_id", "asked_at"),)

    id: Mapped[Id] = mapped_column(primary_key=True, default_factory=new_id)
    authority_id: Mapped[Id]
    case_id: Mapped[Id] = mapped_column(ForeignKey("case_file.id"))
    child_id: Mapped[Id] = mapped_column(unique=True)
    item: Mapped[Key] = mapped_column(default="")
    procedure: Mapped[Key]
    relation: Mapped[Key]
    subject_id: Mapped[Id | None] = mapped_column(default=None)
    asked_at: Mapped[datetime]
    number: Mapped[Key] = mapped_column(default="")
    state: Mapped[Key] = mapped_column(default="opening")
    status: Mapped[Key] = mapped_column(default="")
    outcome: Mapped[Key | None] = mapped_column(default=None)
    conclusion: Mapped[dict[str, object]] = mapped_column(default_factory=dict)
    seen: Mapped[int] = mapped_column(default=0)


class Transfer(Record):
    """A matter that was handed to another organ, or a copy of a paper, and its receipt.

    Attributes:
        kind: ``judicial``, ``discipline``, ``copy`` (抄告) or a word of the procedure's.
        told: Who was told of a copy here.
        state: ``sent``, ``received`` or ``returned`` (退回, with reasons).
    """

    __tablename__ = "transfer"
    __table_args__ = (Index("ix_transfer_case", "case_id", "sent_at"),)

    id: Mapped[Id] = mapped_column(primary_key=True, default_factory=new_id)
    authority_id: Mapped[Id]
    case_id: Mapped[Id] = mapped_column(ForeignKey("case_file.id"))
    kind: Mapped[Key]
    organ: Mapped[Line]
    document_id: Mapped[Id | None] = mapped_column(default=None)
    materials: Mapped[Prose] = mapped_column(default="")
    told: Mapped[list[str]] = mapped_column(default_factory=list)
    sent_on: Mapped[date]
    sent_by: Mapped[Id]
    sent_at: Mapped[datetime]
    state: Mapped[Key] = mapped_column(default="sent")
    received_on: Mapped[date | None] = mapped_column(default=None)
    received_by: Mapped[Line] = mapped_column(default="")
    receipt_number: Mapped[Line] = mapped_column(default="")
    reasons: Mapped[Prose] = mapped_column(default="")
    recorded_by: Mapped[Id | None] = mapped_column(default=None)
    recorded_at: Mapped[datetime | None] = mapped_column(default=None)


class Dunning(Record):
    """A reminder notice (催办通知书) for work that is overdue; counted for each work item.

    Attributes:
        number: 1 for the first of its item.
        last_day: The end of the time that it gives; None where none is set.
    """

    __tablename__ = "dunning"
    __table_args__ = (
        UniqueConstraint("work_item_id", "number"),
        Index("ix_dunning_case", "case_id", "sent_at"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True, default_factory=new_id)
    authority_id: Mapped[Id]
    case_id: Mapped[Id] = mapped_column(ForeignKey("case_file.id"))
    work_item_id: Mapped[Id] = mapped_column(ForeignKey("work_item.id"))
    number: Mapped[int]
    reasons: Mapped[Prose]
    last_day: Mapped[date | None] = mapped_column(default=None)
    document_id: Mapped[Id | None] = mapped_column(default=None)
    sent_on: Mapped[date]
    sent_by: Mapped[Id]
    sent_at: Mapped[datetime]


class Escalation(Record):
    """A deadline's lateness before one level of the ladder, and that level's receipt.

    Attributes:
        level: 1 for the first level of the ladder.
        role: Whose level it is.
        receipted_by: Who took note; None until then.
    """

    __tablename__ = "escalation"
    __table_args__ = (
        UniqueConstraint("deadline_id", "level"),
        Index("ix_escalation_case", "case_id", "raised_at"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True, default_factory=new_id)
    authority_id: Mapped[Id]
    case_id: Mapped[Id] = mapped_column(ForeignKey("case_file.id"))
    deadline_id: Mapped[Id] = mapped_column(ForeignKey("deadline.id"))
    level: Mapped[int]
    role: Mapped[Key]
    told: Mapped[list[str]] = mapped_column(default_factory=list)
    raised_at: Mapped[datetime]
    receipted_by: Mapped[Id | None] = mapped_column(default=None)
    receipted_at: Mapped[datetime | None] = mapped_column(default=None)
