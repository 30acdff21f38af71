"""Cases, their running state, participants and facts."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.tables.base import Content, Id, Key, Line, Prose, Record, new_id


class CaseRow(Record):
    """One run of one version of a procedure.

    Attributes:
        title: What it is about; no confidential value.
        status: procedures.md §9, such as ``investigating``.
        outcome: The closing code, once closed.
        stage: The present stage's id, as the procedure names them.
        state: The instance as `bpmn` gave it, first byte its format.
        variables: The process scope, for pages and search; never confidential.
        secrecy: The level of secrecy given at registration.
        parent_id, relation: The case that opened this one, and how it belongs to it.
        merged_into_id: The earlier case on the same matter that goes on in its stead (并案).
        is_trial: A rehearsal of a version that nobody has approved: numbers of its own, and
            nothing of it goes out.
        business_key: What a program that began it calls it; empty for none.
        revision: Version of the row.
    """

    __tablename__ = "case_file"
    __table_args__ = (
        UniqueConstraint("authority_id", "number"),
        Index("ix_case_list", "authority_id", "closed_at", "opened_at", "id"),
        Index("ix_case_ledger", "authority_id", "opened_at", "id"),
        Index("ix_case_version", "version_id", "id"),
        Index("ix_case_opener", "opened_by", "opened_at", "id"),
        Index("ix_case_merged", "merged_into_id"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True, default_factory=new_id)
    authority_id: Mapped[Id] = mapped_column(ForeignKey("authority.id"))
    version_id: Mapped[Id] = mapped_column(ForeignKey("procedure_version.id"))
    procedure: Mapped[Key]
    number: Mapped[Key]
    title: Mapped[Line]
    channel: Mapped[Key] = mapped_column(default="")
    status: Mapped[Key] = mapped_column(default="registered")
    outcome: Mapped[Key | None] = mapped_column(default=None)
    stage: Mapped[Key] = mapped_column(default="")
    secrecy: Mapped[Key] = mapped_column(default="internal")
    opened_at: Mapped[datetime]
    opened_by: Mapped[Id]
    closed_at: Mapped[datetime | None] = mapped_column(default=None)
    parent_id: Mapped[Id | None] = mapped_column(ForeignKey("case_file.id"), default=None)
    relation: Mapped[Key] = mapped_column(default="")
    merged_into_id: Mapped[Id | None] = mapped_column(ForeignKey("case_file.id"), default=None)
    definition_key: Mapped[Key] = mapped_column(default="")
    state: Mapped[Content | None] = mapped_column(default=None, deferred=True, repr=False)
    variables: Mapped[dict[str, object]] = mapped_column(default_factory=dict, repr=False)
    awaited: Mapped[list[str]] = mapped_column(default_factory=list)
    is_trial: Mapped[bool] = mapped_column(default=False)
    business_key: Mapped[Line] = mapped_column(default="")
    revision: Mapped[int] = mapped_column(init=False, default=0)

    __mapper_args__ = {"version_id_col": revision}


class Participant(Record):
    """A person's part in a case: subject, reporter, investigator, lead."""

    __tablename__ = "participant"
    __table_args__ = (
        UniqueConstraint("case_id", "person_id", "role"),
        Index("ix_participant_person", "person_id", "role", "case_id"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True, default_factory=new_id)
    authority_id: Mapped[Id]
    case_id: Mapped[Id] = mapped_column(ForeignKey("case_file.id"))
    person_id: Mapped[Id] = mapped_column(ForeignKey("person.id"))
    role: Mapped[Key]
    since_at: Mapped[datetime]
    until_at: Mapped[datetime | None] = mapped_column(default=None)


class Recusal(Record):
    """A conflict of interest, declared, applied for or found, and what came of it.

    Attributes:
        kind: ``declared``, ``applied``, ``same_unit``, ``relation``, ``earlier_involvement``.
        state: ``pending``, ``granted`` or ``rejected``; pending suspends contact.
    """

    __tablename__ = "recusal"
    __table_args__ = (
        Index("ix_recusal_case", "case_id", "person_id"),
        Index("ix_recusal_person", "person_id", "state"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True, default_factory=new_id)
    authority_id: Mapped[Id]
    case_id: Mapped[Id] = mapped_column(ForeignKey("case_file.id"))
    person_id: Mapped[Id] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[Key]
    state: Mapped[Key]
    reasons: Mapped[Prose]
    requested_by: Mapped[Id]
    requested_at: Mapped[datetime]
    decided_by: Mapped[Id | None] = mapped_column(default=None)
    decided_at: Mapped[datetime | None] = mapped_column(default=None)
    decision_reasons: Mapped[Prose] = mapped_column(default="")


class FactRow(Record):
    """Something that happened in a case, with both its times; deadlines hang on it."""

    __tablename__ = "fact"
    __table_args__ = (Index("ix_fact_case", "case_id", "name"),)

    id: Mapped[Id] = mapped_column(primary_key=True, default_factory=new_id)
    authority_id: Mapped[Id]
    case_id: Mapped[Id] = mapped_column(ForeignKey("case_file.id"))
    name: Mapped[Key]
    happened_on: Mapped[date]
    recorded_at: Mapped[datetime]
    proof: Mapped[Line] = mapped_column(default="")
    work_item_id: Mapped[Id | None] = mapped_column(default=None)


class Incident(Record):
    """Something that stopped a case and waits for an administrator."""

    __tablename__ = "incident"
    __table_args__ = (Index("ix_incident_open", "authority_id", "resolved_at"),)

    id: Mapped[Id] = mapped_column(primary_key=True, default_factory=new_id)
    authority_id: Mapped[Id]
    case_id: Mapped[Id] = mapped_column(ForeignKey("case_file.id"))
    element: Mapped[Key]
    kind: Mapped[Key]
    reason: Mapped[dict[str, object]]
    happened_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None] = mapped_column(default=None)


class MessageRow(Record):
    """A message from one case to another, delivered exactly once to each receiver."""

    __tablename__ = "message"
    __table_args__ = (UniqueConstraint("key", "receiver_id"),)

    id: Mapped[Id] = mapped_column(primary_key=True, default_factory=new_id)
    authority_id: Mapped[Id]
    case_id: Mapped[Id]
    key: Mapped[Line]
    name: Mapped[Key]
    receiver_id: Mapped[Id]
    payload: Mapped[dict[str, object]] = mapped_column(default_factory=dict)
    sent_at: Mapped[datetime]
    delivered_at: Mapped[datetime | None] = mapped_column(default=None)
