"""Times of day, and dates with a time; local, with an offset, or in an IANA zone."""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, available_timezones

from bpmn.feel.values.dates import Date, parse_date
from bpmn.feel.values.durations import NANOSECONDS, fraction_of, fraction_text

_TIME = re.compile(
    r"([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,30}))?"
    r"(?:([zZ])|([+-])([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?|@([A-Za-z0-9_+/-]{1,64}))?",
    re.ASCII,
)
_DAY = 86_400
_MAX_OFFSET = 18 * 3600
_CYCLE_YEARS = 400
_LAST_PYTHON_YEAR = 9998


@cache
def _zone_names() -> frozenset[str]:
    return frozenset(available_timezones())


@lru_cache(maxsize=64)
def zone_named(name: str) -> ZoneInfo:
    """Return the zone of that name in the IANA database.

    Raises:
        ValueError: There is no such zone.
    """
    # Asked of the list first: ZoneInfo would look for a file of any name it is given.
    if name not in _zone_names():
        msg = f"no such time zone: {name!r}"
        raise ValueError(msg)
    return ZoneInfo(name)


@dataclass(frozen=True, slots=True)
class Time:
    """A time of day.

    Attributes:
        hour: From 0 to 23.
        minute: From 0 to 59.
        second: From 0 to 59.
        nanosecond: Below a second.
        offset: Seconds east of UTC, at most 18 hours; None for a local time or one in a zone.
        zone: Name of an IANA zone, or None.

    Raises:
        ValueError: There is no such time, offset or zone.
    """

    hour: int
    minute: int
    second: int
    nanosecond: int = 0
    offset: int | None = None
    zone: str | None = None

    def __post_init__(self) -> None:
        if not (
            0 <= self.hour < 24  # noqa: PLR2004 - the clock's face
            and 0 <= self.minute < 60  # noqa: PLR2004
            and 0 <= self.second < 60  # noqa: PLR2004
            and 0 <= self.nanosecond < NANOSECONDS
            and abs(self.offset or 0) <= _MAX_OFFSET
        ):
            msg = "there is no such time"
            raise ValueError(msg)
        if self.zone is not None:
            zone_named(self.zone)

    @property
    def nanoseconds(self) -> int:
        """Nanoseconds since midnight, by this clock."""
        seconds = self.hour * 3600 + self.minute * 60 + self.second
        return seconds * NANOSECONDS + self.nanosecond

    @property
    def is_local(self) -> bool:
        """Whether neither offset nor zone is known."""
        return self.offset is None and self.zone is None

    def plus(self, nanoseconds: int) -> "Time":
        """Return the time that much later, going round at midnight."""
        total = (self.nanoseconds + nanoseconds) % (_DAY * NANOSECONDS)
        return clock_time(total, self.offset, self.zone)

    def __str__(self) -> str:
        clock = (
            f"{self.hour:02d}:{self.minute:02d}:{self.second:02d}{fraction_text(self.nanosecond)}"
        )
        if self.zone is not None:
            return f"{clock}@{self.zone}"
        return clock + offset_text(self.offset)


def clock_time(nanoseconds: int, offset: int | None = None, zone: str | None = None) -> Time:
    """Return the time of day that many nanoseconds after midnight (less than a day)."""
    seconds, nanosecond = divmod(nanoseconds, NANOSECONDS)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return Time(hour, minute, second, nanosecond, offset, zone)


def offset_text(offset: int | None) -> str:
    """Return an offset as ISO 8601 writes it; `Z` for none from UTC, nothing for local time."""
    if offset is None:
        return ""
    if not offset:
        return "Z"
    minutes, second = divmod(abs(offset), 60)
    sign = "-" if offset < 0 else "+"
    text = f"{sign}{minutes // 60:02d}:{minutes % 60:02d}"
    return f"{text}:{second:02d}" if second else text


@dataclass(frozen=True, slots=True)
class DateTime:
    """A day with a time of day."""

    date: Date
    time: Time

    @property
    def local_nanoseconds(self) -> int:
        """Nanoseconds since 1970-01-01T00:00:00 on this clock, whatever its offset."""
        return self.date.ordinal * _DAY * NANOSECONDS + self.time.nanoseconds

    @property
    def offset(self) -> int | None:
        """Seconds east of UTC, or None for local time."""
        if self.time.zone is None:
            return self.time.offset
        return offset_in(self.time.zone, self.date, self.time)

    @property
    def instant(self) -> int:
        """Nanoseconds since 1970 in UTC; local time is read as if it were UTC."""
        return self.local_nanoseconds - (self.offset or 0) * NANOSECONDS

    @property
    def is_local(self) -> bool:
        """Whether neither offset nor zone is known."""
        return self.time.is_local

    def plus(self, nanoseconds: int) -> "DateTime":
        """Return the moment that much later; in a zone, by elapsed time.

        Raises:
            ValueError: The year is out of bounds.
        """
        if self.time.zone is None:
            return _at_local(self.local_nanoseconds + nanoseconds, self.time.offset, None)
        return in_zone(self.instant + nanoseconds, self.time.zone)

    def plus_months(self, months: int) -> "DateTime":
        """Return the same time that many months on.

        Raises:
            ValueError: The year is out of bounds.
        """
        return replace(self, date=self.date.plus_months(months))

    def __str__(self) -> str:
        return f"{self.date}T{self.time}"


def _at_local(nanoseconds: int, offset: int | None, zone: str | None) -> DateTime:
    days, rest = divmod(nanoseconds, _DAY * NANOSECONDS)
    return DateTime(Date.from_ordinal(days), clock_time(rest, offset, zone))


def _python_year(year: int) -> int:
    # The rules of a zone repeat with the calendar, every 400 years.
    return year if 1 < year <= _LAST_PYTHON_YEAR else 2000 + year % _CYCLE_YEARS


def offset_in(zone: str, date: Date, time: Time) -> int:
    """Return a zone's offset in seconds at a local date and time; the first, if it comes twice."""
    moment = datetime(
        _python_year(date.year),
        date.month,
        date.day,
        time.hour,
        time.minute,
        time.second,
        tzinfo=zone_named(zone),
    )
    offset = moment.utcoffset()
    return 0 if offset is None else int(offset.total_seconds())


def in_zone(instant: int, zone: str) -> DateTime:
    """Return the local date and time in a zone at an instant (nanoseconds since 1970, UTC)."""
    utc = _at_local(instant, 0, None)
    year = _python_year(utc.date.year)
    moment = datetime(
        year,
        utc.date.month,
        utc.date.day,
        utc.time.hour,
        utc.time.minute,
        utc.time.second,
        tzinfo=ZoneInfo("UTC"),
    ).astimezone(zone_named(zone))
    offset = moment.utcoffset() or timedelta(0)
    return _at_local(instant + int(offset.total_seconds()) * NANOSECONDS, None, zone)


def parse_time(text: str) -> Time:
    """Return the time that a text such as `10:30:00+08:00` or `10:30:00@Asia/Shanghai` means.

    Raises:
        ValueError: The text is no time, or there is no such time or zone.
    """
    found = _TIME.fullmatch(text)
    if not found:
        msg = f"not a time: {text[:40]!r}"
        raise ValueError(msg)
    offset: int | None = None
    if found[5]:
        offset = 0
    elif found[6]:
        if int(found[8]) > 59 or int(found[9] or 0) > 59:  # noqa: PLR2004 - minutes and seconds
            msg = f"not an offset: {text[:40]!r}"
            raise ValueError(msg)
        offset = int(found[7]) * 3600 + int(found[8]) * 60 + int(found[9] or 0)
        offset = -offset if found[6] == "-" else offset
    return Time(
        int(found[1]), int(found[2]), int(found[3]), fraction_of(found[4]), offset, found[10]
    )


def parse_date_time(text: str) -> DateTime:
    """Return the date and time that a text means; a date alone is its midnight, local.

    Raises:
        ValueError: The text is neither.
    """
    day, separator, clock = text.partition("T")
    return DateTime(parse_date(day), parse_time(clock) if separator else Time(0, 0, 0))
