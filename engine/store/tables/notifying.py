"""How people wish to be told, in what words, what went out; and what the search looks in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.tables.base import Id, Key, Line, Prose, Record, new_id


class NoticePreference(Record):
    """How somebody wishes to be told besides on the pages.

    Attributes:
        wanted: Channels by kind of event.
        digest: ``at_once`` or ``daily``.
        digest_at: Civil time of the daily digest, such as ``08:30``.
        quiet_from, quiet_to: Civil times between which nothing goes out; both empty: none.
        workdays_only: Nothing goes out on days off.
    """

    __tablename__ = "notice_preference"

    person_id: Mapped[Id] = mapped_column(ForeignKey("person.id"), primary_key=True)
    authority_id: Mapped[Id]
    wanted: Mapped[dict[str, object]] = mapped_column(default_factory=dict)
    digest: Mapped[Key] = mapped_column(default="at_once")
    digest_at: Mapped[Key] = mapped_column(default="08:30")
    quiet_from: Mapped[Key] = mapped_column(default="")
    quiet_to: Mapped[Key] = mapped_column(default="")
    workdays_only: Mapped[bool] = mapped_column(default=False)
    saved_at: Mapped[datetime]


class NoticeAddress(Record):
    """Where a channel reaches somebody; the address itself lies in the vault.

    Attributes:
        kind: ``mail``, ``wecom``, ``dingtalk``, ``feishu`` or ``generic``.
        held: The vault's reference to address and secret.
        shown: What its owner recognises it by: the host, or the address with its name masked.
    """

    __tablename__ = "notice_address"

    person_id: Mapped[Id] = mapped_column(ForeignKey("person.id"), primary_key=True)
    channel: Mapped[Key] = mapped_column(primary_key=True)
    authority_id: Mapped[Id]
    kind: Mapped[Key]
    held: Mapped[dict[str, object]] = mapped_column(repr=False)
    shown: Mapped[Line]
    set_at: Mapped[datetime]


class NoticeAddressProof(Record):
    """A new mail address that its owner has not yet proved to read; the old one stands meanwhile.

    Attributes:
        held: The vault's reference to the address.
        shown: The address with its name masked.
        code_digest: SHA-256 of the code that was sent to it.
        tries: How many wrong codes were entered.
        ends_at: Until when the code counts, exclusive.
    """

    __tablename__ = "notice_address_proof"

    person_id: Mapped[Id] = mapped_column(ForeignKey("person.id"), primary_key=True)
    channel: Mapped[Key] = mapped_column(primary_key=True)
    authority_id: Mapped[Id]
    kind: Mapped[Key]
    held: Mapped[dict[str, object]] = mapped_column(repr=False)
    shown: Mapped[Line]
    code_digest: Mapped[Key] = mapped_column(repr=False)
    tries: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime]
    ends_at: Mapped[datetime]


class NoticeTemplate(Record):
    """The words of what goes out for one kind of event; each change is another version.

    Attributes:
        subject, body: By language, ``zh`` and ``en``.
        is_reset: The platform's own words are back in use with this version.
    """

    __tablename__ = "notice_template"
    __table_args__ = (UniqueConstraint("authority_id", "event", "number"),)

    id: Mapped[Id] = mapped_column(primary_key=True, default_factory=new_id)
    authority_id: Mapped[Id] = mapped_column(ForeignKey("authority.id"))
    event: Mapped[Key]
    number: Mapped[int]
    subject: Mapped[dict[str, object]]
    body: Mapped[dict[str, object]]
    is_reset: Mapped[bool] = mapped_column(default=False)
    changed_by: Mapped[Id]
    changed_at: Mapped[datetime]


class NoticeDelivery(Record):
    """That a notice goes out by a channel; notices that go together share a job.

    Attributes:
        job_key: The key of the outbox job that carries it.
        state: ``waiting``, ``sent`` or ``dropped``.
        reason: Why it was dropped: ``read``, ``no_address``, ``no_account``, ``not_visible``.
    """

    __tablename__ = "notice_delivery"
    __table_args__ = (
        UniqueConstraint("notice_id", "channel"),
        Index("ix_notice_delivery_job", "job_key"),
        Index("ix_notice_delivery_state", "authority_id", "state"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True, default_factory=new_id)
    authority_id: Mapped[Id]
    notice_id: Mapped[Id] = mapped_column(ForeignKey("notice.id"))
    person_id: Mapped[Id]
    channel: Mapped[Key]
    job_key: Mapped[Line]
    state: Mapped[Key] = mapped_column(default="waiting")
    reason: Mapped[Key] = mapped_column(default="")
    settled_at: Mapped[datetime | None] = mapped_column(default=None)


class SearchEntry(Record):
    """What the search finds something by; never a confidential value, never a reporter.

    The number is the index's own (the full-text table of SQLite refers to rows by numbers)
    and means nothing elsewhere.

    Attributes:
        kind: ``case``, ``document`` or ``person``.
        ref: The id of the thing.
        words: What everybody may find it by who may know of it: numbers, titles, names.
        body: What only they may find it by who may see the file.
    """

    __tablename__ = "search_entry"
    __table_args__ = (
        UniqueConstraint("kind", "ref"),
        Index("ix_search_kind", "authority_id", "kind", "at"),
        Index("ix_search_case", "case_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    authority_id: Mapped[Id]
    kind: Mapped[Key]
    ref: Mapped[Id]
    case_id: Mapped[Id | None] = mapped_column(default=None)
    words: Mapped[Prose]
    body: Mapped[Prose] = mapped_column(default="")
    at: Mapped[datetime]
