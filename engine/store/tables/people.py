"""Authorities, organisation, persons, posts, accounts."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.tables.base import Id, Key, Line, Prose, Record, new_id


class Platform(Record):
    """The one row that says what this database is.

    Attributes:
        kind: ``real`` or ``rehearsal``; fixed at birth.
        shift_seconds: How far a rehearsal's clock runs ahead; 0 in a real one.
        born_at: When the database was created.
    """

    __tablename__ = "platform"

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    kind: Mapped[Key]
    shift_seconds: Mapped[int] = mapped_column(default=0)
    born_at: Mapped[datetime]


class AuthorityRow(Record):
    """An authority (办理机关): owns cases, posts, calendar, number series and settings."""

    __tablename__ = "authority"

    id: Mapped[Id] = mapped_column(primary_key=True, default_factory=new_id)
    key: Mapped[Key] = mapped_column(unique=True)
    name: Mapped[Line]
    short_name: Mapped[Key]
    zone: Mapped[Key] = mapped_column(default="Asia/Shanghai")
    parent_id: Mapped[Id | None] = mapped_column(ForeignKey("authority.id"), default=None)
    settings: Mapped[dict[str, object]] = mapped_column(default_factory=dict)


class UnitRow(Record):
    """A unit of an authority's organisation tree.

    Attributes:
        closed_on: Since when it takes in nobody (撤销); None for an open one.
    """

    __tablename__ = "unit"

    id: Mapped[Id] = mapped_column(primary_key=True, default_factory=new_id)
    authority_id: Mapped[Id] = mapped_column(ForeignKey("authority.id"), index=True)
    name: Mapped[Line]
    parent_id: Mapped[Id | None] = mapped_column(ForeignKey("unit.id"), default=None)
    closed_on: Mapped[date | None] = mapped_column(default=None)


class PersonRow(Record):
    """A person; one row whatever posts are held, locked when sanctions are counted.

    Attributes:
        unit_id: The unit the person belongs to, if any.
        level: The level of a cadre, as the authority names it; measures are approved by it.
        status: ``serving``, ``left``, ``retired`` or ``moved``; none of them ends a person's
            accountability (SUP-025).
        revision: Version of the row; two writers at once get a ConcurrentChange.
    """

    __tablename__ = "person"

    id: Mapped[Id] = mapped_column(primary_key=True, default_factory=new_id)
    authority_id: Mapped[Id] = mapped_column(ForeignKey("authority.id"), index=True)
    name: Mapped[Line]
    title: Mapped[Line] = mapped_column(default="")
    unit_id: Mapped[Id | None] = mapped_column(ForeignKey("unit.id"), default=None)
    level: Mapped[Key] = mapped_column(default="")
    status: Mapped[Key] = mapped_column(default="serving")
    revision: Mapped[int] = mapped_column(init=False, default=0)

    __mapper_args__ = {"version_id_col": revision}


class PostRow(Record):
    """A post held by a person, with the role it carries and its dates."""

    __tablename__ = "post"
    __table_args__ = (
        Index("ix_post_person", "person_id", "valid_from"),
        Index("ix_post_role", "authority_id", "role"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True, default_factory=new_id)
    authority_id: Mapped[Id] = mapped_column(ForeignKey("authority.id"))
    unit_id: Mapped[Id | None] = mapped_column(ForeignKey("unit.id"), default=None)
    person_id: Mapped[Id] = mapped_column(ForeignKey("person.id"))
    role: Mapped[Key]
    title: Mapped[Line] = mapped_column(default="")
    valid_from: Mapped[date]
    valid_to: Mapped[date | None] = mapped_column(default=None)


class RelationRow(Record):
    """A relation between two persons that may be a conflict of interest."""

    __tablename__ = "relation"
    __table_args__ = (UniqueConstraint("person_id", "other_id", "kind"),)

    id: Mapped[Id] = mapped_column(primary_key=True, default_factory=new_id)
    authority_id: Mapped[Id] = mapped_column(ForeignKey("authority.id"))
    person_id: Mapped[Id] = mapped_column(ForeignKey("person.id"), index=True)
    other_id: Mapped[Id] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[Key]
    note: Mapped[Prose] = mapped_column(default="")


class Account(Record):
    """A log-in of a person.

    Attributes:
        password: Argon2id hash; empty for a person who cannot log in by password.
        locked_until: Set after repeated failures.
        is_admin: May administer the platform of the authority.
    """

    __tablename__ = "account"

    id: Mapped[Id] = mapped_column(primary_key=True, default_factory=new_id)
    person_id: Mapped[Id] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[Key] = mapped_column(unique=True)
    password: Mapped[Line] = mapped_column(default="", repr=False)
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None] = mapped_column(default=None)
    is_admin: Mapped[bool] = mapped_column(default=False)
    is_active: Mapped[bool] = mapped_column(default=True)
    language: Mapped[Key] = mapped_column(default="zh")


class Identity(Record):
    """Who a log-in is at the office's own identity provider (OpenID Connect).

    Kept at the first log-in by it, so that a name that is given to somebody else there
    does not open the log-in here.

    Attributes:
        issuer: The provider's address.
        subject: Its own, unchanging name of the person (``sub``).
    """

    __tablename__ = "identity"

    issuer: Mapped[Line] = mapped_column(primary_key=True)
    subject: Mapped[Line] = mapped_column(primary_key=True)
    account_id: Mapped[Id] = mapped_column(ForeignKey("account.id"), unique=True)
    linked_at: Mapped[datetime]


class Session(Record):
    """A log-in that is open; the cookie holds only a random token, here is its digest."""

    __tablename__ = "session"

    token_digest: Mapped[Key] = mapped_column(primary_key=True)
    account_id: Mapped[Id] = mapped_column(ForeignKey("account.id"), index=True)
    opened_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    data: Mapped[dict[str, object]] = mapped_column(default_factory=dict)
