"""Requests on persons that sanctions may bar, and what is published of cases."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.tables.base import Id, Key, Line, Prose, Record, new_id


class PersonnelRequest(Record):
    """A request for an award or an appointment, with the answer that the register gave.

    Attributes:
        kind: ``award`` or ``appointment``.
        year: Of the award; 0 for an appointment.
        post: The post; empty for an award.
        equal: Whether the post is equal to the one that was lost (SUP-023).
        for_day: The day for which it is asked.
        answer: ``granted`` (nothing bars it) or ``blocked``.
        grounds: What bars it: measure, title, effect, until, source, case number of each.
        free_on: The first day on which nothing known today bars it any more.
    """

    __tablename__ = "personnel_request"
    __table_args__ = (Index("ix_personnel_request_person", "person_id", "asked_at"),)

    id: Mapped[Id] = mapped_column(primary_key=True, default_factory=new_id)
    authority_id: Mapped[Id]
    person_id: Mapped[Id] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[Key]
    year: Mapped[int] = mapped_column(default=0)
    post: Mapped[Line] = mapped_column(default="")
    equal: Mapped[bool] = mapped_column(default=False)
    for_day: Mapped[date]
    answer: Mapped[Key]
    grounds: Mapped[list[object]] = mapped_column(default_factory=list)
    free_on: Mapped[date | None] = mapped_column(default=None)
    asked_by: Mapped[Id]
    asked_at: Mapped[datetime]


class Publication(Record):
    """What was published of a case, or why nothing was; redacted before it came here.

    Attributes:
        scope: ``unit``, ``system``, ``society``; empty for a non-publication.
        state: ``published``, ``withheld`` (not published, with approval) or ``withdrawn``.
        number: Of the document by which it was published; empty without one.
        sections: In full disclosure: background, causes, procedure, outcome.
        reasons: Why it was withheld or withdrawn.
    """

    __tablename__ = "publication"
    __table_args__ = (
        Index("ix_publication_public", "authority_id", "scope", "state", "published_at"),
        Index("ix_publication_case", "case_id"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True, default_factory=new_id)
    authority_id: Mapped[Id]
    case_id: Mapped[Id] = mapped_column(ForeignKey("case_file.id"))
    procedure: Mapped[Key]
    title: Mapped[Line] = mapped_column(default="")
    text: Mapped[Prose] = mapped_column(default="")
    sections: Mapped[dict[str, object]] = mapped_column(default_factory=dict)
    scope: Mapped[Key] = mapped_column(default="")
    number: Mapped[Key] = mapped_column(default="")
    state: Mapped[Key]
    reasons: Mapped[Prose] = mapped_column(default="")
    published_by: Mapped[Id]
    published_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None] = mapped_column(default=None)
