"""What supervision is shown, and what a signature may be given by beside a password."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.tables.base import Id, Key, Line, Prose, Record, new_id


class Deviation(Record):
    """An act outside somebody's rights, or a step off the standard procedure (偏差).

    Attributes:
        kind: ``attempt`` (refused, nothing happened), ``effective`` (it took effect and
            is reported as outside rights) or ``late``.
        person_id: Who did or tried it; ``system`` for what nobody did in time.
        command: What was tried.
        message: The refusal's message id, with `params` and `rule`.
        times: How often the same was tried while the finding is open.
        state: ``open``, ``acknowledged``, ``dismissed``, ``confirmed`` or ``lifted``.
        held: The work items that a confirmation stopped.
    """

    __tablename__ = "deviation"
    __table_args__ = (
        Index("ix_deviation_authority", "authority_id", "state", "last_at"),
        Index("ix_deviation_case", "case_id"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True, default_factory=new_id)
    authority_id: Mapped[Id]
    case_id: Mapped[Id | None] = mapped_column(ForeignKey("case_file.id"), default=None)
    work_item_id: Mapped[Id | None] = mapped_column(default=None)
    person_id: Mapped[Id]
    kind: Mapped[Key]
    command: Mapped[Key]
    message: Mapped[Key]
    params: Mapped[dict[str, object]] = mapped_column(default_factory=dict)
    rule: Mapped[Line] = mapped_column(default="")
    reasons: Mapped[Prose] = mapped_column(default="")
    times: Mapped[int] = mapped_column(default=1)
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    state: Mapped[Key] = mapped_column(default="open")
    held: Mapped[list[str]] = mapped_column(default_factory=list)
    settled_by: Mapped[Id | None] = mapped_column(default=None)
    settled_at: Mapped[datetime | None] = mapped_column(default=None)
    settled_reasons: Mapped[Prose] = mapped_column(default="")
    revision: Mapped[int] = mapped_column(init=False, default=0)

    __mapper_args__ = {"version_id_col": revision}


class OneTimeSecret(Record):
    """The secret of an account's one-time passwords (TOTP, RFC 6238); kept in the vault.

    Attributes:
        secret: The vault's reference.
        confirmed_at: When the first code proved that the device has it.
        is_for_log_in: Asked for at the log-in, too.
        last_step: The newest time step whose code was used; no code is used twice.
    """

    __tablename__ = "one_time_secret"

    account_id: Mapped[Id] = mapped_column(ForeignKey("account.id"), primary_key=True)
    authority_id: Mapped[Id]
    secret: Mapped[dict[str, object]] = mapped_column(repr=False)
    made_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None] = mapped_column(default=None)
    is_for_log_in: Mapped[bool] = mapped_column(default=False)
    last_step: Mapped[int] = mapped_column(default=0)


class SealImage(Record):
    """The picture of an authority's seal, shown on its documents; the newest counts.

    Attributes:
        digest: Of the picture; empty where it was taken down.
    """

    __tablename__ = "seal_image"
    __table_args__ = (Index("ix_seal_authority", "authority_id", "uploaded_at"),)

    id: Mapped[Id] = mapped_column(primary_key=True, default_factory=new_id)
    authority_id: Mapped[Id] = mapped_column(ForeignKey("authority.id"))
    digest: Mapped[Key]
    media_type: Mapped[Key]
    uploaded_by: Mapped[Id]
    uploaded_at: Mapped[datetime]
