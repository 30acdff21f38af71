"""Deadlines, what falls due, and the cards that lateness leaves."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.tables.base import Id, Key, Prose, Record, new_id


class DeadlineRow(Record):
    """A running or ended deadline of a case.

    Attributes:
        round: 1 for the first time it started in the case, 2 for the next.
        event_on: The day of the fact that started it; does not count.
        history: Every shift: extension, recount, told; each with old and new last day.
    """

    __tablename__ = "deadline"
    __table_args__ = (
        UniqueConstraint("case_id", "key", "round"),
        Index("ix_deadline_running", "authority_id", "state", "expires_at"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True, default_factory=new_id)
    authority_id: Mapped[Id]
    case_id: Mapped[Id] = mapped_column(ForeignKey("case_file.id"))
    key: Mapped[Key]
    round: Mapped[int] = mapped_column(default=1)
    state: Mapped[Key] = mapped_column(default="running")
    event_on: Mapped[date]
    event_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    last_day: Mapped[date]
    expires_at: Mapped[datetime]
    warn_at: Mapped[datetime]
    provisional: Mapped[bool] = mapped_column(default=False)
    calendar_version: Mapped[int] = mapped_column(default=1)
    extensions: Mapped[int] = mapped_column(default=0)
    told_last_day: Mapped[date | None] = mapped_column(default=None)
    ended_on: Mapped[date | None] = mapped_column(default=None)
    history: Mapped[list[object]] = mapped_column(default_factory=list)
    revision: Mapped[int] = mapped_column(init=False, default=0)

    __mapper_args__ = {"version_id_col": revision}


class DueRow(Record):
    """Something that happens by itself at an instant; the sweep claims these rows.

    Attributes:
        kind: ``timer`` (of the diagram), ``remind``, ``yellow``, ``red``, ``lapse``,
            ``effect`` (a sanction's effect lifts), ``recount``, ``repeat`` (the next round of
            a deadline), ``open`` (a case of the calendar).
        ref: The timer id of `bpmn`, the deadline's id or the sanction's id.
        state: ``armed``, ``fired`` or ``withdrawn``. A timer that waits for a
            deadline is armed with the deadline's expiry.
        failures: How often firing failed; it is tried again later each time.
    """

    __tablename__ = "due"
    __table_args__ = (
        Index("ix_due_armed", "state", "due_at", "id"),
        Index("ix_due_ref", "case_id", "kind", "ref"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True, default_factory=new_id)
    authority_id: Mapped[Id]
    case_id: Mapped[Id | None] = mapped_column(ForeignKey("case_file.id"), default=None)
    kind: Mapped[Key]
    ref: Mapped[Key]
    deadline_key: Mapped[Key] = mapped_column(default="")
    due_at: Mapped[datetime]
    not_before: Mapped[datetime | None] = mapped_column(default=None)
    repeat: Mapped[Key] = mapped_column(default="")
    state: Mapped[Key] = mapped_column(default="armed")
    fired_at: Mapped[datetime | None] = mapped_column(default=None)
    failures: Mapped[int] = mapped_column(default=0)


class Card(Record):
    """A yellow or red card: an act on the record, given once for each deadline and colour."""

    __tablename__ = "card"
    __table_args__ = (
        UniqueConstraint("deadline_id", "colour"),
        Index("ix_card_authority", "authority_id", "given_at"),
        Index("ix_card_case", "case_id"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True, default_factory=new_id)
    authority_id: Mapped[Id]
    case_id: Mapped[Id] = mapped_column(ForeignKey("case_file.id"))
    deadline_id: Mapped[Id] = mapped_column(ForeignKey("deadline.id"))
    colour: Mapped[Key]
    given_on: Mapped[date]
    given_at: Mapped[datetime]
    told: Mapped[list[str]] = mapped_column(default_factory=list)
    holders: Mapped[list[str]] = mapped_column(default_factory=list)
    reason: Mapped[Prose] = mapped_column(default="")


class ExtensionRequest(Record):
    """A request to extend a deadline and what was decided on it."""

    __tablename__ = "extension_request"
    __table_args__ = (Index("ix_extension_case", "case_id"),)

    id: Mapped[Id] = mapped_column(primary_key=True, default_factory=new_id)
    authority_id: Mapped[Id]
    case_id: Mapped[Id] = mapped_column(ForeignKey("case_file.id"))
    deadline_id: Mapped[Id] = mapped_column(ForeignKey("deadline.id"))
    state: Mapped[Key] = mapped_column(default="pending")
    reasons: Mapped[Prose]
    requested_by: Mapped[Id]
    requested_at: Mapped[datetime]
    decided_by: Mapped[Id | None] = mapped_column(default=None)
    decided_at: Mapped[datetime | None] = mapped_column(default=None)
    decision_reasons: Mapped[Prose] = mapped_column(default="")
