"""Timers: ISO 8601 literals or FEEL, to the instant at which they are due."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal

_DURATION = re.compile(
    r"P(?=[\dT])(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?"
    r"(?:(?P<seconds>\d+(?:[.,]\d+)?)S)?)?"
)
_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:T\S+)?")
_CYCLE = re.compile(r"R(?P<turns>\d*)/(?P<rest>\S+)")
_DEADLINE = re.compile(r'\s*+=?\s*+deadline\(\s*"(?P<key>[^"\\]+)"\s*\)\s*')
_NAMED = re.compile(r"\s*+=?\s*+deadline\(\s*(?P<name>[^\W\d]\w*(?:\.[^\W\d]\w*)*)\s*\)\s*")
_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time: calendar months first, then an exact length.

    Source: ISO 8601-1, 5.5.2.
    """

    months: int
    exact: timedelta

    def after(self, instant: datetime, zone: tzinfo) -> datetime:
        """Return the instant this long after `instant`, aware and in UTC.

        Months are counted in the civil time of `zone`; a day that the month does not have
        becomes its last.
        """
        if self.months:
            local = instant.astimezone(zone)
            year, month = divmod(local.year * _MONTHS + local.month - 1 + self.months, _MONTHS)
            day = min(local.day, monthrange(year, month + 1)[1])
            instant = local.replace(year=year, month=month + 1, day=day)
        return instant.astimezone(UTC) + self.exact


@dataclass(frozen=True, slots=True)
class Cycle:
    """A repetition.

    Attributes:
        turns: How often it fires; -1 where there is no end but `until`.
        begins_at: When the first interval begins; None for the moment at which it is reached.
    """

    turns: int
    every: Length
    begins_at: datetime | None
    until: datetime | None


def deadline_key(text: str) -> str | None:
    """Return the key, where the text is `deadline("KEY")` and nothing else."""
    found = _DEADLINE.fullmatch(text)
    return found["key"] if found else None


def deadline_name(text: str) -> str | None:
    """Return the variable that holds the key, where the text is `deadline(policy.deadline)`."""
    found = _NAMED.fullmatch(text)
    return found["name"] if found else None


def is_literal(text: str) -> bool:
    """Whether the text is meant as an ISO 8601 literal and not as FEEL."""
    text = text.strip()
    return bool(_DURATION.fullmatch(text) or _DATE.fullmatch(text) or _CYCLE.fullmatch(text))


def read_length(text: str) -> Length:
    """Return the length that a literal such as `P15D` or `PT10H` gives.

    Raises:
        ValueError: It is none; negative lengths are none.
    """
    found = _DURATION.fullmatch(text.strip())
    if not found:
        raise ValueError(f"{text!r} is no ISO 8601 duration such as P15D or PT10H.")
    part = {name: int(found[name] or 0) for name in ("years", "months", "weeks", "days")}
    seconds = Decimal((found["seconds"] or "0").replace(",", "."))
    try:
        return Length(
            months=part["years"] * _MONTHS + part["months"],
            exact=timedelta(
                weeks=part["weeks"],
                days=part["days"],
                hours=int(found["hours"] or 0),
                minutes=int(found["minutes"] or 0),
                microseconds=int(seconds * 1_000_000),
            ),
        )
    except OverflowError as error:
        raise ValueError(f"The duration {text!r} is too long.") from error


def read_instant(text: str, zone: tzinfo) -> datetime:
    """Return the instant that a literal date or date and time gives, aware and in UTC.

    A date alone is its first moment; a time without offset is in `zone`.

    Raises:
        ValueError: It is none.
    """
    text = text.strip()
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"{text!r} is no ISO 8601 date or date and time.") from error
    return at(instant, zone)


def at(moment: date, zone: tzinfo) -> datetime:
    """Return a date's first moment or a date and time as an aware instant in UTC."""
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time())
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    return moment.astimezone(UTC)


def read_cycle(text: str, zone: tzinfo) -> Cycle:
    """Return the repetition that a literal such as `R3/PT10H` gives.

    `R3/<start>/<duration>` and `R3/<duration>/<end>` are read too; cron is not.

    Raises:
        ValueError: It is none, or it repeats without any time between.
    """
    found = _CYCLE.fullmatch(text.strip())
    if not found:
        raise ValueError(f"{text!r} is no ISO 8601 repetition such as R3/PT10H.")
    parts = found["rest"].split("/")
    begins_at = until = None
    match parts:
        case [every]:
            length = read_length(every)
        case [first, second] if first.startswith("P"):
            length, until = read_length(first), read_instant(second, zone)
        case [first, second]:
            length, begins_at = read_length(second), read_instant(first, zone)
        case _:
            raise ValueError(f"{text!r} has more parts than a start and a duration.")
    if not length.months and not length.exact:
        raise ValueError(f"{text!r} repeats without any time between.")
    return Cycle(int(found["turns"]) if found["turns"] else -1, length, begins_at, until)
