"""Work items, the inbox, answers, drafts, filings."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.tables.base import Id, Key, Line, Prose, Record, new_id


class WorkItemRow(Record):
    """A step that waits for a person (or, of kind ``external``, for a worker).

    Attributes:
        item: The id that `bpmn` gave it.
        properties: The element's evaluated properties, `act` and `article` among them.
        candidates: Principals who may take it, such as ``r:<authority>:<role>``.
        state: ``open``, ``claimed``, ``done``, ``withdrawn``.
        deadline_key: The deadline shown with it.
        holds: What keeps it from being completed: ``delegated``, ``signing``, ``stopped``.
        acting_for: The person as whose deputy it was taken.
    """

    __tablename__ = "work_item"
    __table_args__ = (
        Index("ix_work_item_case", "case_id", "state"),
        Index("ix_work_item_done", "completed_by", "completed_at", "id"),
        Index("ix_work_item_claimed", "claimed_by", "case_id"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True, default_factory=new_id)
    authority_id: Mapped[Id]
    case_id: Mapped[Id] = mapped_column(ForeignKey("case_file.id"))
    item: Mapped[Key] = mapped_column(index=True)
    kind: Mapped[Key]
    process: Mapped[Key]
    element: Mapped[Key]
    callers: Mapped[list[str]] = mapped_column(default_factory=list)
    name: Mapped[Line]
    lane: Mapped[Key] = mapped_column(default="")
    role: Mapped[Key] = mapped_column(default="")
    form: Mapped[Key] = mapped_column(default="")
    topic: Mapped[Key] = mapped_column(default="")
    properties: Mapped[dict[str, object]] = mapped_column(default_factory=dict)
    candidates: Mapped[list[str]] = mapped_column(default_factory=list)
    deadline_key: Mapped[Key] = mapped_column(default="")
    state: Mapped[Key] = mapped_column(default="open")
    opened_at: Mapped[datetime]
    claimed_by: Mapped[Id | None] = mapped_column(default=None)
    claimed_at: Mapped[datetime | None] = mapped_column(default=None)
    completed_by: Mapped[Id | None] = mapped_column(default=None)
    completed_at: Mapped[datetime | None] = mapped_column(default=None)
    holds: Mapped[list[str]] = mapped_column(default_factory=list)
    acting_for: Mapped[Id | None] = mapped_column(default=None)
    revision: Mapped[int] = mapped_column(init=False, default=0)

    __mapper_args__ = {"version_id_col": revision}


class InboxRow(Record):
    """One line of an inbox: a principal and a work item, in the order of its list.

    An item without a deadline is due in the year 9999. The lamp is computed when
    read, never stored (scale.md §4, choice C).
    """

    __tablename__ = "inbox"
    __table_args__ = (
        Index("ix_inbox_warn", "principal", "warn_at", "due_at", "work_item_id"),
        Index("ix_inbox_item", "work_item_id"),
    )

    principal: Mapped[Key] = mapped_column(primary_key=True)
    due_at: Mapped[datetime] = mapped_column(primary_key=True)
    work_item_id: Mapped[Id] = mapped_column(ForeignKey("work_item.id"), primary_key=True)
    warn_at: Mapped[datetime]
    authority_id: Mapped[Id]
    case_id: Mapped[Id]


class Answers(Record):
    """What was answered to a work item or a filing; confidential values are references.

    Attributes:
        salt: Goes into the digest that the audit record holds of `data`, so that
            destroying the content leaves the chain verifiable.
    """

    __tablename__ = "answers"
    __table_args__ = (Index("ix_answers_case", "case_id", "recorded_at"),)

    id: Mapped[Id] = mapped_column(primary_key=True, default_factory=new_id)
    authority_id: Mapped[Id]
    case_id: Mapped[Id] = mapped_column(ForeignKey("case_file.id"))
    work_item_id: Mapped[Id | None] = mapped_column(default=None)
    filing: Mapped[Key] = mapped_column(default="")
    form: Mapped[Key] = mapped_column(default="")
    data: Mapped[dict[str, object]] = mapped_column(repr=False)
    given_by: Mapped[Id]
    filed_for: Mapped[Id | None] = mapped_column(default=None)
    happened_on: Mapped[date]
    proof: Mapped[Line] = mapped_column(default="")
    recorded_at: Mapped[datetime]
    salt: Mapped[Key] = mapped_column(default="", repr=False)


class Draft(Record):
    """Answers saved before they are given; one for each person and work item."""

    __tablename__ = "draft"
    __table_args__ = (Index("ix_draft_person", "person_id", "saved_at", "work_item_id"),)

    work_item_id: Mapped[Id] = mapped_column(ForeignKey("work_item.id"), primary_key=True)
    person_id: Mapped[Id] = mapped_column(primary_key=True)
    authority_id: Mapped[Id]
    case_id: Mapped[Id]
    data: Mapped[dict[str, object]] = mapped_column(repr=False)
    saved_at: Mapped[datetime]


class Attachment(Record):
    """A file that somebody added to a case."""

    __tablename__ = "attachment"
    __table_args__ = (
        Index("ix_attachment_case", "case_id"),
        Index("ix_attachment_digest", "digest"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True, default_factory=new_id)
    authority_id: Mapped[Id]
    case_id: Mapped[Id] = mapped_column(ForeignKey("case_file.id"))
    work_item_id: Mapped[Id | None] = mapped_column(default=None)
    name: Mapped[Line]
    media_type: Mapped[Key]
    size: Mapped[int]
    digest: Mapped[Key]
    investigation_only: Mapped[bool] = mapped_column(default=False)
    added_by: Mapped[Id]
    added_at: Mapped[datetime]


class Notice(Record):
    """A short message to one person, shown on their pages.

    Attributes:
        event: The kind of event that it tells of (`engine.model.notifying.Event`).
        about: What may go out of it by other channels: procedure, step, due day.
    """

    __tablename__ = "notice"
    __table_args__ = (Index("ix_notice_person", "person_id", "sent_at"),)

    id: Mapped[Id] = mapped_column(primary_key=True, default_factory=new_id)
    authority_id: Mapped[Id]
    case_id: Mapped[Id | None] = mapped_column(default=None)
    person_id: Mapped[Id] = mapped_column(ForeignKey("person.id"))
    key: Mapped[Key]
    text: Mapped[dict[str, object]]
    detail: Mapped[Prose] = mapped_column(default="")
    event: Mapped[Key] = mapped_column(default="other")
    about: Mapped[dict[str, object]] = mapped_column(default_factory=dict)
    sent_at: Mapped[datetime]
    read_at: Mapped[datetime | None] = mapped_column(default=None)
