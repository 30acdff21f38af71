"""The working calendar, year by year and version by version."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.tables.base import Id, Key, Line, Record


class CalendarYear(Record):
    """A year of an authority's calendar whose arrangement is published.

    A year without a row counts Monday to Friday and is provisional (暂定).
    """

    __tablename__ = "calendar_year"

    authority_id: Mapped[Id] = mapped_column(ForeignKey("authority.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    source: Mapped[Line] = mapped_column(default="")
    changed_at: Mapped[datetime]
    changed_by: Mapped[Id] = mapped_column(default="")


class CalendarDay(Record):
    """A day that differs from Monday-to-Friday: a holiday or a make-up working day."""

    __tablename__ = "calendar_day"

    authority_id: Mapped[Id] = mapped_column(ForeignKey("authority.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    is_workday: Mapped[bool]
    name: Mapped[Key] = mapped_column(default="")
    source: Mapped[Line] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)
