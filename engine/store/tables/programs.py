"""What programs come with: tokens, and the answers kept for a request that comes twice."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.tables.base import Content, Id, Key, Record, new_id


class ApiToken(Record):
    """A token by which a program acts for a log-in, within scopes; only its digest is kept.

    Attributes:
        account_id: The log-in whose person acts.
        name: What its owner calls it.
        digest: SHA-256 of the token, in hex.
        scopes: What it may be used for; see `engine.model.scopes`.
        made_by: The person who made it: the owner, or an administrator for a technical log-in.
        expires_at: From when on it is refused.
        used_at: The newest use, to within five minutes.
        revoked_at: Set once; a revoked token never counts again.
    """

    __tablename__ = "api_token"
    __table_args__ = (Index("ix_api_token_account", "account_id", "made_at"),)

    id: Mapped[Id] = mapped_column(primary_key=True, default_factory=new_id)
    authority_id: Mapped[Id] = mapped_column(ForeignKey("authority.id"))
    account_id: Mapped[Id] = mapped_column(ForeignKey("account.id"))
    name: Mapped[Key]
    digest: Mapped[Key] = mapped_column(unique=True, repr=False)
    scopes: Mapped[list[str]]
    made_by: Mapped[Id]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None] = mapped_column(default=None)
    revoked_at: Mapped[datetime | None] = mapped_column(default=None)


class KeptAnswer(Record):
    """The answer to a request with an ``Idempotency-Key``, written with what it did.

    Attributes:
        key: As the program sent it.
        request: SHA-256 of method, path and body, in hex; the same key with another is refused.
        status: HTTP status.
        body: The answer; nothing confidential is ever kept here.
        headers: Of the answer, such as ``ETag``.
    """

    __tablename__ = "kept_answer"
    __table_args__ = (Index("ix_kept_answer_made", "made_at"),)

    account_id: Mapped[Id] = mapped_column(ForeignKey("account.id"), primary_key=True)
    key: Mapped[Key] = mapped_column(primary_key=True)
    request: Mapped[Key]
    status: Mapped[int]
    body: Mapped[Content]
    headers: Mapped[dict[str, object]]
    made_at: Mapped[datetime]
