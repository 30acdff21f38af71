"""Both kinds of duration (DMN 1.5, 10.3.2.3.7 and 10.3.2.3.8)."""

import re
from dataclasses import dataclass

NANOSECONDS = 1_000_000_000
_DAY = 86_400 * NANOSECONDS
_HOUR = 3_600 * NANOSECONDS
_MINUTE = 60 * NANOSECONDS

_YEARS_MONTHS = re.compile(r"(-?)P(?:([0-9]{1,18})Y)?(?:([0-9]{1,18})M)?", re.ASCII)
_DAYS_TIME = re.compile(
    r"(-?)P(?:([0-9]{1,18})D)?"
    r"(T(?:([0-9]{1,18})H)?(?:([0-9]{1,18})M)?(?:([0-9]{1,18})(?:\.([0-9]{0,30}))?S)?)?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class YearsMonths:
    """A years and months duration, as a signed number of months."""

    months: int

    def parts(self) -> tuple[int, int]:
        """Return years and months, both with the duration's sign."""
        years, months = divmod(abs(self.months), 12)
        return (-years, -months) if self.months < 0 else (years, months)

    def __str__(self) -> str:
        years, months = divmod(abs(self.months), 12)
        if not self.months:
            return "P0M"
        sign = "-" if self.months < 0 else ""
        return f"{sign}P{f'{years}Y' if years else ''}{f'{months}M' if months else ''}"


@dataclass(frozen=True, slots=True)
class DaysTime:
    """A days and time duration, as a signed number of nanoseconds."""

    nanoseconds: int

    def parts(self) -> tuple[int, int, int, int]:
        """Return days, hours, minutes and whole seconds, all with the duration's sign."""
        days, rest = divmod(abs(self.nanoseconds), _DAY)
        hours, rest = divmod(rest, _HOUR)
        minutes, rest = divmod(rest, _MINUTE)
        found = (days, hours, minutes, rest // NANOSECONDS)
        if self.nanoseconds < 0:
            return (-found[0], -found[1], -found[2], -found[3])
        return found

    def __str__(self) -> str:
        if not self.nanoseconds:
            return "PT0S"
        days, hours, minutes, seconds = (abs(part) for part in self.parts())
        fraction = abs(self.nanoseconds) % NANOSECONDS
        second = f"{seconds}{fraction_text(fraction)}S" if seconds or fraction else ""
        time = f"{f'{hours}H' if hours else ''}{f'{minutes}M' if minutes else ''}{second}"
        sign = "-" if self.nanoseconds < 0 else ""
        return f"{sign}P{f'{days}D' if days else ''}{f'T{time}' if time else ''}"


Duration = YearsMonths | DaysTime


def fraction_text(nanosecond: int) -> str:
    """Return the decimal part of a second as text: `.5`, or nothing for zero."""
    return f".{nanosecond:09d}".rstrip("0") if nanosecond else ""


def fraction_of(digits: str | None) -> int:
    """Return the nanoseconds which the decimals of a second mean; beyond nine they are dropped."""
    return int((digits or "0")[:9].ljust(9, "0"))


def parse_duration(text: str) -> Duration:
    """Return the duration that an ISO 8601 text means, in XML Schema's two sub-types.

    Raises:
        ValueError: The text is no duration, or mixes months with days.
    """
    found = _YEARS_MONTHS.fullmatch(text)
    if found and (found[2] or found[3]):
        months = int(found[2] or 0) * 12 + int(found[3] or 0)
        return YearsMonths(-months if found[1] else months)
    found = _DAYS_TIME.fullmatch(text)
    if not found or not (found[2] or found[3]) or found[3] == "T":
        msg = f"not a duration: {text[:40]!r}"
        raise ValueError(msg)
    nanoseconds = (
        int(found[2] or 0) * _DAY
        + int(found[4] or 0) * _HOUR
        + int(found[5] or 0) * _MINUTE
        + int(found[6] or 0) * NANOSECONDS
        + fraction_of(found[7])
    )
    return DaysTime(-nanoseconds if found[1] else nanoseconds)
