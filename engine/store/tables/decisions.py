"""Collective decisions, meetings, opinions, proposals and sanctions."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.tables.base import Id, Key, Line, Prose, Record, new_id


class Proposal(Record):
    """What was proposed, before or after the defence; compared for SUP-019."""

    __tablename__ = "proposal"
    __table_args__ = (UniqueConstraint("case_id", "number"),)

    id: Mapped[Id] = mapped_column(primary_key=True, default_factory=new_id)
    authority_id: Mapped[Id]
    case_id: Mapped[Id] = mapped_column(ForeignKey("case_file.id"))
    number: Mapped[int]
    moment: Mapped[Key]
    tier: Mapped[Key] = mapped_column(default="")
    measures: Mapped[list[str]] = mapped_column(default_factory=list)
    new_fact: Mapped[Line] = mapped_column(default="")
    made_by: Mapped[Id]
    made_at: Mapped[datetime]


class Meeting(Record):
    """A meeting called for a collective step; the newest one counts.

    Attributes:
        agenda: What is deliberated.
        chair: Who presides and signs the minutes.
        recorder: Who takes the minutes and signs them.
    """

    __tablename__ = "meeting"
    __table_args__ = (Index("ix_meeting_item", "work_item_id", "called_at"),)

    id: Mapped[Id] = mapped_column(primary_key=True, default_factory=new_id)
    authority_id: Mapped[Id]
    case_id: Mapped[Id] = mapped_column(ForeignKey("case_file.id"))
    work_item_id: Mapped[Id] = mapped_column(ForeignKey("work_item.id"))
    held_at: Mapped[datetime]
    place: Mapped[Line]
    agenda: Mapped[Prose]
    chair: Mapped[Id] = mapped_column(ForeignKey("person.id"))
    recorder: Mapped[Id] = mapped_column(ForeignKey("person.id"))
    called_by: Mapped[Id]
    called_at: Mapped[datetime]


class Motion(Record):
    """What a collective body votes on; changing it makes a new motion and voids the votes.

    Attributes:
        closed_at: When the ballot was closed for the minutes; None while it is open.
        minutes_id: The document of the minutes that are signed; None before they are drafted.
    """

    __tablename__ = "motion"
    __table_args__ = (UniqueConstraint("work_item_id", "number"),)

    id: Mapped[Id] = mapped_column(primary_key=True, default_factory=new_id)
    authority_id: Mapped[Id]
    case_id: Mapped[Id] = mapped_column(ForeignKey("case_file.id"))
    work_item_id: Mapped[Id] = mapped_column(ForeignKey("work_item.id"))
    number: Mapped[int]
    answers: Mapped[dict[str, object]]
    members: Mapped[list[object]]
    put_by: Mapped[Id]
    put_at: Mapped[datetime]
    closed_at: Mapped[datetime | None] = mapped_column(default=None)
    minutes_id: Mapped[Id | None] = mapped_column(default=None)


class BallotBox(Record):
    """The secret votes on a motion, as three counts: nothing says who voted how, or when."""

    __tablename__ = "ballot_box"

    motion_id: Mapped[Id] = mapped_column(ForeignKey("motion.id"), primary_key=True)
    agree: Mapped[int] = mapped_column(default=0)
    disagree: Mapped[int] = mapped_column(default=0)
    abstain: Mapped[int] = mapped_column(default=0)


class MinutesSignature(Record):
    """A signature under the minutes of a motion's deliberation.

    Attributes:
        part: ``chair``, ``recorder`` or ``member``.
        digest: SHA-256 of what the minutes recorded when they were signed.
    """

    __tablename__ = "minutes_signature"

    motion_id: Mapped[Id] = mapped_column(ForeignKey("motion.id"), primary_key=True)
    person_id: Mapped[Id] = mapped_column(ForeignKey("person.id"), primary_key=True)
    authority_id: Mapped[Id]
    case_id: Mapped[Id] = mapped_column(ForeignKey("case_file.id"))
    part: Mapped[Key]
    digest: Mapped[Key]
    signed_at: Mapped[datetime]


class OpinionRow(Record):
    """One member's vote with its reasons; or an absence with its reason.

    Attributes:
        vote: ``agree``, ``disagree``, ``abstain``; ``secret`` where the box has it; empty
            for an absence.
        dissent: What the member wants kept in the minutes against the decision.
        deputy_id: Who voted for the member, where the body lets deputies vote; None: the member.
    """

    __tablename__ = "opinion"
    __table_args__ = (UniqueConstraint("motion_id", "person_id"),)

    id: Mapped[Id] = mapped_column(primary_key=True, default_factory=new_id)
    authority_id: Mapped[Id]
    case_id: Mapped[Id] = mapped_column(ForeignKey("case_file.id"))
    motion_id: Mapped[Id] = mapped_column(ForeignKey("motion.id"))
    person_id: Mapped[Id] = mapped_column(ForeignKey("person.id"))
    present: Mapped[bool]
    vote: Mapped[Key] = mapped_column(default="")
    reasons: Mapped[Prose]
    given_at: Mapped[datetime]
    dissent: Mapped[Prose] = mapped_column(default="")
    deputy_id: Mapped[Id | None] = mapped_column(default=None)


class DecisionRow(Record):
    """An outcome with its reasons and ground; never edited, only superseded.

    Attributes:
        kind: ``original`` or ``appeal``.
        outcome: ``sanction``, ``exempt``, ``none``, ``upheld``, ``changed``, ``revoked``.
        state: ``made``, ``in_force``, ``superseded``, ``revoked``.
        approvers: The organs whose approval its measures need (SUP-070).
        approved_by: The organs that have approved it.
        situation: What it was about, as the procedure names it; compared across cases (SUP-030).
    """

    __tablename__ = "decision"
    __table_args__ = (Index("ix_decision_case", "case_id", "made_at"),)

    id: Mapped[Id] = mapped_column(primary_key=True, default_factory=new_id)
    authority_id: Mapped[Id]
    case_id: Mapped[Id] = mapped_column(ForeignKey("case_file.id"))
    kind: Mapped[Key]
    organ: Mapped[Key]
    outcome: Mapped[Key]
    tier: Mapped[Key] = mapped_column(default="")
    measures: Mapped[list[str]] = mapped_column(default_factory=list)
    reasons: Mapped[Prose]
    ground: Mapped[Prose] = mapped_column(default="")
    tally: Mapped[dict[str, object]]
    made_on: Mapped[date]
    made_at: Mapped[datetime]
    state: Mapped[Key] = mapped_column(default="made")
    effective_on: Mapped[date | None] = mapped_column(default=None)
    supersedes_id: Mapped[Id | None] = mapped_column(default=None)
    motion_id: Mapped[Id | None] = mapped_column(default=None)
    approvers: Mapped[list[str]] = mapped_column(default_factory=list)
    approved_by: Mapped[list[str]] = mapped_column(default_factory=list)
    situation: Mapped[Line] = mapped_column(default="")


class SanctionRow(Record):
    """One measure of a decision against one person, with its effect over time.

    Attributes:
        title: The measure's name as the procedure had it, by language.
        source: The provision of the effect; empty where it is proposed.
    """

    __tablename__ = "sanction"
    __table_args__ = (
        Index("ix_sanction_person", "person_id", "decided_on"),
        Index("ix_sanction_case", "case_id"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True, default_factory=new_id)
    authority_id: Mapped[Id]
    case_id: Mapped[Id | None] = mapped_column(ForeignKey("case_file.id"), default=None)
    decision_id: Mapped[Id | None] = mapped_column(ForeignKey("decision.id"), default=None)
    person_id: Mapped[Id] = mapped_column(ForeignKey("person.id"))
    measure: Mapped[Key]
    effect: Mapped[Key] = mapped_column(default="")
    decided_on: Mapped[date]
    effective_on: Mapped[date]
    until: Mapped[date | None] = mapped_column(default=None)
    state: Mapped[Key] = mapped_column(default="in_force")
    ended_on: Mapped[date | None] = mapped_column(default=None)
    ended_reason: Mapped[Key] = mapped_column(default="")
    title: Mapped[dict[str, object]] = mapped_column(default_factory=dict)
    source: Mapped[Line] = mapped_column(default="")
