"""What all records share: identifiers, instants, JSON."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, dataclass_transform

import uuid_utils
from sqlalchemy import JSON, Date, DateTime, LargeBinary, String, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, MappedAsDataclass, mapped_column
from sqlalchemy.types import TypeDecorator


class Instant(TypeDecorator[datetime]):
    """An aware instant, stored in UTC; naive values are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert to UTC on the way in.

        Raises:
            ValueError: `value` is naive.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("instants must be aware")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Mark as UTC on the way out; SQLite drops the offset."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def new_id() -> str:
    """Return a new UUIDv7 as text: unique, and roughly in the order of time."""
    return str(uuid_utils.uuid7())


Id = Annotated[str, mapped_column(String(36))]
Key = Annotated[str, mapped_column(String(100))]
Line = Annotated[str, mapped_column(String(400))]
Prose = Annotated[str, mapped_column(Text)]
Content = Annotated[bytes, mapped_column(LargeBinary)]


@dataclass_transform(kw_only_default=True, field_specifiers=(mapped_column,))
class Record(MappedAsDataclass, DeclarativeBase, kw_only=True):
    """Base of every record."""

    type_annotation_map = {
        datetime: Instant,
        date: Date,
        dict[str, object]: JSON,
        list[object]: JSON,
        list[str]: JSON,
    }
