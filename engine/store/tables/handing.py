"""Work that passes from hand to hand: hand-overs, signatures asked for, deputies, departures."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.tables.base import Id, Key, Prose, Record, new_id


class HandOver(Record):
    """A work item that went from one person to another.

    Attributes:
        kind: ``transferred`` (转办), ``departed`` (离职转办) or ``delegated`` (委派).
        state: ``in_force``; then ``returned``, ``recalled`` or ``ended``.
        from_id: Who had it.
        by_id: Who ordered it.
        note: What came back with a delegated item.
    """

    __tablename__ = "hand_over"
    __table_args__ = (Index("ix_hand_over_item", "work_item_id", "state"),)

    id: Mapped[Id] = mapped_column(primary_key=True, default_factory=new_id)
    authority_id: Mapped[Id]
    case_id: Mapped[Id] = mapped_column(ForeignKey("case_file.id"))
    work_item_id: Mapped[Id] = mapped_column(ForeignKey("work_item.id"))
    kind: Mapped[Key]
    state: Mapped[Key] = mapped_column(default="in_force")
    from_id: Mapped[Id]
    to_id: Mapped[Id]
    by_id: Mapped[Id]
    reasons: Mapped[Prose]
    note: Mapped[Prose] = mapped_column(default="")
    handed_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    revision: Mapped[int] = mapped_column(init=False, default=0)

    __mapper_args__ = {"version_id_col": revision}


class SignatureRequest(Record):
    """A signature asked of somebody beside the holder of a work item (加签).

    Attributes:
        place: ``before`` the holder completes, ``after`` that, or ``beside`` it.
        state: ``asked``, ``agreed``, ``disagreed``, ``dropped``.
        opinion: What the signer said.
        asked_again: The request that took this one's place when the step was done anew.
    """

    __tablename__ = "signature_request"
    __table_args__ = (
        Index("ix_signature_item", "work_item_id", "state"),
        Index("ix_signature_person", "case_id", "person_id"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True, default_factory=new_id)
    authority_id: Mapped[Id]
    case_id: Mapped[Id] = mapped_column(ForeignKey("case_file.id"))
    work_item_id: Mapped[Id] = mapped_column(ForeignKey("work_item.id"))
    place: Mapped[Key]
    person_id: Mapped[Id]
    state: Mapped[Key] = mapped_column(default="asked")
    reasons: Mapped[Prose]
    asked_by: Mapped[Id]
    asked_at: Mapped[datetime]
    opinion: Mapped[Prose] = mapped_column(default="")
    answered_at: Mapped[datetime | None] = mapped_column(default=None)
    asked_again: Mapped[Id | None] = mapped_column(default=None)
    revision: Mapped[int] = mapped_column(init=False, default=0)

    __mapper_args__ = {"version_id_col": revision}


class HeldAnswers(Record):
    """Answers that were given and take effect when the last signature is there.

    Attributes:
        data: Passed by the form; confidential values are references.
        account_id: The log-in by which they were given.
    """

    __tablename__ = "held_answers"

    work_item_id: Mapped[Id] = mapped_column(ForeignKey("work_item.id"), primary_key=True)
    authority_id: Mapped[Id]
    case_id: Mapped[Id]
    person_id: Mapped[Id]
    account_id: Mapped[Key]
    data: Mapped[dict[str, object]] = mapped_column(repr=False)
    proof: Mapped[Prose] = mapped_column(default="")
    held_at: Mapped[datetime]


class Substitution(Record):
    """That one person acts for another for some days (代理); read when somebody acts.

    Attributes:
        procedure: Only in its cases; empty for all.
        role: Only what is offered to this role; empty for all.
        valid_to: The last day.
    """

    __tablename__ = "substitution"
    __table_args__ = (
        Index("ix_substitution_deputy", "deputy_id", "valid_to"),
        Index("ix_substitution_person", "person_id"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True, default_factory=new_id)
    authority_id: Mapped[Id]
    person_id: Mapped[Id] = mapped_column(ForeignKey("person.id"))
    deputy_id: Mapped[Id] = mapped_column(ForeignKey("person.id"))
    procedure: Mapped[Key] = mapped_column(default="")
    role: Mapped[Key] = mapped_column(default="")
    valid_from: Mapped[date]
    valid_to: Mapped[date]
    reasons: Mapped[Prose]
    made_by: Mapped[Id]
    made_at: Mapped[datetime]
    ended_by: Mapped[Id | None] = mapped_column(default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    revision: Mapped[int] = mapped_column(init=False, default=0)

    __mapper_args__ = {"version_id_col": revision}


class Departure(Record):
    """That all work of somebody who leaves goes to another, item by item.

    Attributes:
        state: ``running``, ``stopped`` or ``done``.
    """

    __tablename__ = "departure"
    __table_args__ = (Index("ix_departure_authority", "authority_id", "started_at"),)

    id: Mapped[Id] = mapped_column(primary_key=True, default_factory=new_id)
    authority_id: Mapped[Id]
    person_id: Mapped[Id] = mapped_column(ForeignKey("person.id"))
    to_id: Mapped[Id] = mapped_column(ForeignKey("person.id"))
    reasons: Mapped[Prose]
    state: Mapped[Key] = mapped_column(default="running")
    started_by: Mapped[Id]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    revision: Mapped[int] = mapped_column(init=False, default=0)

    __mapper_args__ = {"version_id_col": revision}


class DepartureItem(Record):
    """What became of one work item of a departure.

    Attributes:
        result: ``waiting``, ``handed``, ``refused`` or ``gone`` (it no longer waited).
        message: Why it was refused, as a message id with `params`.
    """

    __tablename__ = "departure_item"
    __table_args__ = (Index("ix_departure_item", "departure_id", "result"),)

    departure_id: Mapped[Id] = mapped_column(ForeignKey("departure.id"), primary_key=True)
    work_item_id: Mapped[Id] = mapped_column(ForeignKey("work_item.id"), primary_key=True)
    case_id: Mapped[Id]
    result: Mapped[Key] = mapped_column(default="waiting")
    message: Mapped[Key] = mapped_column(default="")
    params: Mapped[dict[str, object]] = mapped_column(default_factory=dict)
    done_at: Mapped[datetime | None] = mapped_column(default=None)
