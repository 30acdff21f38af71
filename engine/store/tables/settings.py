"""Changes of settings: each is a row of its own, and none is ever altered."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.tables.base import Id, Key, Prose, Record, new_id


class SettingChange(Record):
    """That a setting has another value from a day on.

    Attributes:
        area: One of `engine.model.settings.Area`.
        key: The setting: a value's name, a kind of event, a year, the id of a
            post, an account, a unit or a person, or the seal.
        scope: The procedure; empty for what holds for the whole authority.
        number: 1, 2, 3 … for each setting.
        old, new: What it was and what it becomes, as the area writes it.
        effective_on: The civil day from which it holds.
        version_id: The version that brings a procedure's value into force; it holds once
            that version is published.
        restores: The change whose old value this one brings back.
    """

    __tablename__ = "setting_change"
    __table_args__ = (
        UniqueConstraint("authority_id", "area", "scope", "key", "number"),
        Index("ix_setting_change_made", "authority_id", "changed_at", "id"),
        Index("ix_setting_change_version", "version_id"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True, default_factory=new_id)
    authority_id: Mapped[Id] = mapped_column(ForeignKey("authority.id"))
    area: Mapped[Key]
    key: Mapped[Key]
    scope: Mapped[Key] = mapped_column(default="")
    number: Mapped[int]
    old: Mapped[dict[str, object]]
    new: Mapped[dict[str, object]]
    reasons: Mapped[Prose]
    effective_on: Mapped[date]
    version_id: Mapped[Id | None] = mapped_column(default=None)
    restores: Mapped[Id | None] = mapped_column(default=None)
    changed_by: Mapped[Id]
    changed_at: Mapped[datetime]
