"""The audit record, the access record, the outbox and the vault."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.tables.base import Content, Id, Key, Line, Record, new_id


class AuditEntry(Record):
    """One fact, written once; the database refuses to change or delete it.

    Attributes:
        stream: ``case:<id>`` or ``authority:<id>:<day>``.
        sequence: 1, 2, 3 … within the stream, without a gap.
        previous: Digest of the entry before; 64 zeros for the first.
        digest: ``sha256:…`` over the canonical entry with `previous`.
        details: Names and values; personal content only as salted digests.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_case", "case_id", "sequence"),
        {"postgresql_partition_by": "HASH (stream)"},
    )

    stream: Mapped[Key] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[Id]
    case_id: Mapped[Id | None] = mapped_column(default=None)
    recorded_at: Mapped[datetime]
    actor: Mapped[Key]
    fact: Mapped[Key]
    details: Mapped[dict[str, object]]
    previous: Mapped[Key]
    digest: Mapped[Key]


class AuditHead(Record):
    """The newest entry of a stream, kept apart so that a cut tail is noticed."""

    __tablename__ = "audit_head"

    stream: Mapped[Key] = mapped_column(primary_key=True)
    authority_id: Mapped[Id]
    count: Mapped[int]
    digest: Mapped[Key]


class AccessEntry(Record):
    """One look at a file or a confidential value; chained in batches, locks no case."""

    __tablename__ = "access_entry"
    __table_args__ = (Index("ix_access_case", "case_id", "looked_at"),)

    id: Mapped[Id] = mapped_column(primary_key=True, default_factory=new_id)
    authority_id: Mapped[Id]
    case_id: Mapped[Id | None] = mapped_column(default=None)
    person_id: Mapped[Id]
    what: Mapped[Key]
    ref: Mapped[Line]
    reason: Mapped[Line] = mapped_column(default="")
    looked_at: Mapped[datetime]
    batch: Mapped[int | None] = mapped_column(default=None)


class AccessBatch(Record):
    """A sealed batch of looks: the digest over its entries and the batch before."""

    __tablename__ = "access_batch"

    number: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[Id]
    count: Mapped[int]
    previous: Mapped[Key]
    digest: Mapped[Key]
    sealed_at: Mapped[datetime]


class OutboxJob(Record):
    """A side effect that leaves after the commit."""

    __tablename__ = "outbox_job"
    __table_args__ = (Index("ix_outbox_todo", "state", "not_before"),)

    id: Mapped[Id] = mapped_column(primary_key=True, default_factory=new_id)
    kind: Mapped[Key]
    key: Mapped[Line] = mapped_column(unique=True)
    payload: Mapped[dict[str, object]]
    state: Mapped[Key] = mapped_column(default="todo")
    not_before: Mapped[datetime]
    claimed_until: Mapped[datetime | None] = mapped_column(default=None)
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[Line] = mapped_column(default="")
    done_at: Mapped[datetime | None] = mapped_column(default=None)


class Effect(Record):
    """That a side effect took place, by its key; makes at-least-once happen once."""

    __tablename__ = "effect"

    key: Mapped[Line] = mapped_column(primary_key=True)
    kind: Mapped[Key]
    result: Mapped[dict[str, object]] = mapped_column(default_factory=dict)
    happened_at: Mapped[datetime]


class VaultKey(Record):
    """A data key, wrapped by the master key of `master_id`; destroying it shreds its fields."""

    __tablename__ = "vault_key"

    id: Mapped[Id] = mapped_column(primary_key=True, default_factory=new_id)
    authority_id: Mapped[Id]
    case_id: Mapped[Id] = mapped_column(unique=True)
    master_id: Mapped[Key]
    algorithm: Mapped[Key] = mapped_column(default="aes256gcm")
    wrapped: Mapped[Content | None]
    made_at: Mapped[datetime]
    destroyed_at: Mapped[datetime | None] = mapped_column(default=None)


class VaultField(Record):
    """A confidential value; case, field and id are bound into its cipher text."""

    __tablename__ = "vault_field"
    __table_args__ = (
        Index("ix_vault_case", "case_id", "field"),
        UniqueConstraint("id", "case_id"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True, default_factory=new_id)
    authority_id: Mapped[Id]
    case_id: Mapped[Id]
    field: Mapped[Key]
    kind: Mapped[Key]
    cipher: Mapped[Content]
    made_at: Mapped[datetime]
