"""What goes with work: suspensions, copies, comments, reminders, one's own notes, interference."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.tables.base import Id, Key, Line, Prose, Record, new_id


class Suspension(Record):
    """A time in which a case stands still (挂起), asked for and approved.

    Attributes:
        keys: The deadlines whose clocks it stopped; the others ran on.
        status_before: The status that comes back when the case goes on.
        state: ``pending``, ``rejected``, ``granted`` while it lasts, or ``ended``.
    """

    __tablename__ = "suspension"
    __table_args__ = (Index("ix_suspension_case", "case_id", "state"),)

    id: Mapped[Id] = mapped_column(primary_key=True, default_factory=new_id)
    authority_id: Mapped[Id]
    case_id: Mapped[Id] = mapped_column(ForeignKey("case_file.id"))
    state: Mapped[Key] = mapped_column(default="pending")
    reasons: Mapped[Prose]
    keys: Mapped[list[str]] = mapped_column(default_factory=list)
    status_before: Mapped[Key] = mapped_column(default="")
    requested_by: Mapped[Id]
    requested_at: Mapped[datetime]
    decided_by: Mapped[Id | None] = mapped_column(default=None)
    decided_at: Mapped[datetime | None] = mapped_column(default=None)
    decision_reasons: Mapped[Prose] = mapped_column(default="")
    ended_by: Mapped[Id | None] = mapped_column(default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)


class CopyRow(Record):
    """A case sent to somebody to read (抄送), and the receipt for it."""

    __tablename__ = "copy"
    __table_args__ = (
        UniqueConstraint("case_id", "person_id"),
        Index("ix_copy_person", "person_id", "sent_at", "id"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True, default_factory=new_id)
    authority_id: Mapped[Id]
    case_id: Mapped[Id] = mapped_column(ForeignKey("case_file.id"))
    person_id: Mapped[Id] = mapped_column(ForeignKey("person.id"))
    note: Mapped[Line] = mapped_column(default="")
    sent_by: Mapped[Id]
    sent_at: Mapped[datetime]
    read_at: Mapped[datetime | None] = mapped_column(default=None)


class CommentRow(Record):
    """A remark on a case among those who see its file; never edited.

    Attributes:
        mentions: The persons who were told of it.
        attachments: Files of the case that it speaks of.
    """

    __tablename__ = "comment"
    __table_args__ = (Index("ix_comment_case", "case_id", "made_at"),)

    id: Mapped[Id] = mapped_column(primary_key=True, default_factory=new_id)
    authority_id: Mapped[Id]
    case_id: Mapped[Id] = mapped_column(ForeignKey("case_file.id"))
    text: Mapped[Prose] = mapped_column(repr=False)
    salt: Mapped[Key] = mapped_column(default="", repr=False)
    mentions: Mapped[list[str]] = mapped_column(default_factory=list)
    attachments: Mapped[list[str]] = mapped_column(default_factory=list)
    made_by: Mapped[Id]
    made_at: Mapped[datetime]


class ReminderRow(Record):
    """One reminder (提醒) about a work item; free, but not too often."""

    __tablename__ = "reminder"
    __table_args__ = (Index("ix_reminder_item", "work_item_id", "sent_by", "sent_at"),)

    id: Mapped[Id] = mapped_column(primary_key=True, default_factory=new_id)
    authority_id: Mapped[Id]
    case_id: Mapped[Id] = mapped_column(ForeignKey("case_file.id"))
    work_item_id: Mapped[Id] = mapped_column(ForeignKey("work_item.id"))
    sent_by: Mapped[Id]
    sent_at: Mapped[datetime]
    told: Mapped[list[str]] = mapped_column(default_factory=list)


class OwnNote(Record):
    """What a person keeps about a case for oneself: watched, tagged, to be looked at on a day.

    Attributes:
        watched_at: Since when the person watches the case (关注); None: not.
        tags: The person's own words for it.
        follow_up_on: The day on which it comes up in the inbox; None: on none.
        follow_up: What is to be done then.
    """

    __tablename__ = "own_note"
    __table_args__ = (Index("ix_own_note_day", "person_id", "follow_up_on"),)

    person_id: Mapped[Id] = mapped_column(ForeignKey("person.id"), primary_key=True)
    case_id: Mapped[Id] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    authority_id: Mapped[Id]
    watched_at: Mapped[datetime | None] = mapped_column(default=None)
    tags: Mapped[list[str]] = mapped_column(default_factory=list)
    follow_up_on: Mapped[date | None] = mapped_column(default=None)
    follow_up: Mapped[Line] = mapped_column(default="")


class SavedFilter(Record):
    """A named filter of the inbox, or a named view of the ledger.

    Attributes:
        of: Which list it is of: ``inbox`` or ``ledger``.
        role: The role that it is shared with; empty: nobody but its owner sees it.
    """

    __tablename__ = "saved_filter"
    __table_args__ = (
        UniqueConstraint("owner_id", "of", "name"),
        Index("ix_saved_filter_role", "authority_id", "role"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True, default_factory=new_id)
    authority_id: Mapped[Id]
    owner_id: Mapped[Id] = mapped_column(ForeignKey("person.id"))
    of: Mapped[Key] = mapped_column(default="inbox")
    name: Mapped[Line]
    chosen: Mapped[dict[str, object]] = mapped_column(default_factory=dict)
    role: Mapped[Key] = mapped_column(default="")
    saved_at: Mapped[datetime]


class Interference(Record):
    """Somebody spoke up for, or meddled in, a case (说情、打招呼、干预); SUP-012.

    Attributes:
        case_number: As it was named; of a case that may not be registered yet.
        case_id: The case of that number, where the authority has one.
        acknowledged_by: The supervision officer who took note of it.
    """

    __tablename__ = "interference"
    __table_args__ = (Index("ix_interference", "authority_id", "recorded_at"),)

    id: Mapped[Id] = mapped_column(primary_key=True, default_factory=new_id)
    authority_id: Mapped[Id]
    case_number: Mapped[Key] = mapped_column(default="")
    case_id: Mapped[Id | None] = mapped_column(ForeignKey("case_file.id"), default=None)
    who: Mapped[Line]
    whom: Mapped[Line]
    what: Mapped[Prose] = mapped_column(repr=False)
    salt: Mapped[Key] = mapped_column(default="", repr=False)
    happened_on: Mapped[date]
    recorded_by: Mapped[Id]
    recorded_at: Mapped[datetime]
    acknowledged_by: Mapped[Id | None] = mapped_column(default=None)
    acknowledged_at: Mapped[datetime | None] = mapped_column(default=None)
    followed: Mapped[Prose] = mapped_column(default="")


class Batch(Record):
    """Many like work items, or cases, done one after the other in the background.

    Attributes:
        kind: ``claim``, ``assign``, ``remind``, ``transfer`` or ``complete``; of cases
            ``migration_try``, ``migration_propose`` or ``migration_decide``.
        given: What each item is given: answers, reasons, a person.
        state: ``running``, ``stopped`` or ``done``.
        total: How many items; `done` and `refused` count those that were tried.
    """

    __tablename__ = "batch"
    __table_args__ = (Index("ix_batch_owner", "ordered_by", "ordered_at"),)

    id: Mapped[Id] = mapped_column(primary_key=True, default_factory=new_id)
    authority_id: Mapped[Id]
    kind: Mapped[Key]
    given: Mapped[dict[str, object]] = mapped_column(default_factory=dict, repr=False)
    ordered_by: Mapped[Id]
    account_id: Mapped[Id]
    ordered_at: Mapped[datetime]
    state: Mapped[Key] = mapped_column(default="running")
    total: Mapped[int]
    done: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)


class BatchItem(Record):
    """One work item, or case, of a batch, and what came of it.

    Attributes:
        work_item_id: Empty where the batch is about cases.
        case_id: Set only there.
        state: ``todo``, ``done`` or ``refused``.
        message, params: The refusal's, as `web` says it.
    """

    __tablename__ = "batch_item"

    batch_id: Mapped[Id] = mapped_column(ForeignKey("batch.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    work_item_id: Mapped[Id] = mapped_column(default="")
    case_id: Mapped[Id | None] = mapped_column(default=None)
    label: Mapped[Line]
    state: Mapped[Key] = mapped_column(default="todo")
    message: Mapped[Key] = mapped_column(default="")
    params: Mapped[dict[str, object]] = mapped_column(default_factory=dict)
    tried_at: Mapped[datetime | None] = mapped_column(default=None)
