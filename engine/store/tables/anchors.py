"""Anchors of the record: once a day, one signed digest over every chain that grew."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.tables.base import Content, Id, Key, Line, Record, new_id


class RecordAnchor(Record):
    """A signed Merkle root over the heads of the chains that grew since the anchor before.

    Attributes:
        number: 1, 2, 3 … without a gap.
        day: The civil day (Asia/Shanghai) it was made on; one anchor a day.
        streams: How many heads it is over.
        root: ``algorithm:hex`` of the Merkle root (RFC 6962).
        previous: Digest of the anchor before; 64 zeros for the first.
        digest: ``algorithm:hex`` over the canonical anchor.
        key: The Ed25519 public key, 64 hex digits.
        signature: Ed25519 over the canonical anchor.
    """

    __tablename__ = "record_anchor"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    streams: Mapped[int]
    root: Mapped[Key]
    previous: Mapped[Key]
    digest: Mapped[Key]
    key: Mapped[Key]
    signature: Mapped[Content]


class AnchorLeaf(Record):
    """The head of one chain as an anchor found it."""

    __tablename__ = "record_anchor_leaf"

    number: Mapped[int] = mapped_column(ForeignKey("record_anchor.number"), primary_key=True)
    stream: Mapped[Key] = mapped_column(primary_key=True, index=True)
    count: Mapped[int]
    digest: Mapped[Key]


class AnchorStamp(Record):
    """What a time-stamping authority (RFC 3161) said of an anchor, byte for byte."""

    __tablename__ = "record_anchor_stamp"

    number: Mapped[int] = mapped_column(ForeignKey("record_anchor.number"), primary_key=True)
    server: Mapped[Line]
    stamped_at: Mapped[datetime]
    token: Mapped[Content]


class RecordCheck(Record):
    """That chains of the record were verified, and how many places did not hold.

    Attributes:
        scope: ``all`` chains, or those that had ``grown`` since the anchor before.
        breaches: 0 where everything held together.
    """

    __tablename__ = "record_check"
    __table_args__ = (Index("ix_record_check_at", "checked_at"),)

    id: Mapped[Id] = mapped_column(primary_key=True, default_factory=new_id)
    scope: Mapped[Key]
    checked_at: Mapped[datetime]
    checked_by: Mapped[Id]
    streams: Mapped[int]
    breaches: Mapped[int]
