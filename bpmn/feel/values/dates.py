"""Dates of the proleptic Gregorian calendar, with years that Python's `date` does not know."""

import re
from dataclasses import dataclass

MAX_YEAR = 999_999_999
_DATE = re.compile(r"(-?(?:[1-9][0-9]{4,8}|[0-9]{4}))-([0-9]{2})-([0-9]{2})", re.ASCII)
_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_FEBRUARY = 2
_CYCLE_DAYS = 146_097  # days of 400 years
_EPOCH = 719_468  # days from 0000-03-01 to 1970-01-01


def days_in_month(year: int, month: int) -> int:
    """Return the length of a month in days."""
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 29 if month == _FEBRUARY and leap else _LENGTHS[month - 1]


@dataclass(frozen=True, slots=True)
class Date:
    """A day.

    Attributes:
        year: From -999999999 to 999999999.
        month: From 1 to 12.
        day: From 1 to the month's length.

    Raises:
        ValueError: There is no such day.
    """

    year: int
    month: int
    day: int

    def __post_init__(self) -> None:
        if (
            abs(self.year) > MAX_YEAR
            or not 1 <= self.month <= 12  # noqa: PLR2004 - the months of a year
            or not 1 <= self.day <= days_in_month(self.year, self.month)
        ):
            msg = "there is no such day"
            raise ValueError(msg)

    @property
    def ordinal(self) -> int:
        """Days since 1970-01-01."""
        year = self.year - (self.month <= _FEBRUARY)
        cycle, of_cycle = divmod(year, 400)
        of_year = (153 * ((self.month + 9) % 12) + 2) // 5 + self.day - 1
        return (
            cycle * _CYCLE_DAYS
            + of_cycle * 365
            + of_cycle // 4
            - of_cycle // 100
            + of_year
            - _EPOCH
        )

    @classmethod
    def from_ordinal(cls, ordinal: int) -> "Date":
        """Return the day that many days after 1970-01-01.

        Raises:
            ValueError: The year is out of bounds.
        """
        cycle, of_cycle = divmod(ordinal + _EPOCH, _CYCLE_DAYS)
        year = (of_cycle - of_cycle // 1460 + of_cycle // 36_524 - of_cycle // 146_096) // 365
        of_year = of_cycle - (365 * year + year // 4 - year // 100)
        shifted = (5 * of_year + 2) // 153
        month = shifted + 3 if shifted < 10 else shifted - 9  # noqa: PLR2004 - years begin in March here
        day = of_year - (153 * shifted + 2) // 5 + 1
        return cls(year + cycle * 400 + (month <= _FEBRUARY), month, day)

    @property
    def weekday(self) -> int:
        """Monday is 1, Sunday 7."""
        return (self.ordinal + 3) % 7 + 1

    def plus_months(self, months: int) -> "Date":
        """Return the same day that many months on, or the last day of a shorter month.

        Raises:
            ValueError: The year is out of bounds.
        """
        year, month = divmod(self.year * 12 + self.month - 1 + months, 12)
        return Date(year, month + 1, min(self.day, days_in_month(year, month + 1)))

    def __str__(self) -> str:
        sign = "-" if self.year < 0 else ""
        return f"{sign}{abs(self.year):04d}-{self.month:02d}-{self.day:02d}"


def parse_date(text: str) -> Date:
    """Return the day that `yyyy-mm-dd` means.

    Raises:
        ValueError: The text is no date, or there is no such day.
    """
    found = _DATE.fullmatch(text)
    if not found:
        msg = f"not a date: {text[:40]!r}"
        raise ValueError(msg)
    return Date(int(found[1]), int(found[2]), int(found[3]))


def months_between(start: Date, end: Date) -> int:
    """Return the whole months from one day to another, negative if the second is earlier."""
    months = (end.year - start.year) * 12 + end.month - start.month
    if months > 0 and end.day < start.day:
        return months - 1
    if months < 0 and end.day > start.day:
        return months + 1
    return months
