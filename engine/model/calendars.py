"""Working calendars: an authority's civil time and its working days."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

ONE_DAY = timedelta(days=1)
WORKDAYS_IN_A_WEEK = 5
DAYS_IN_A_WEEK = 7


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """The working days of one authority.

    A published year follows its table: Monday to Friday, except that the days
    off of public holidays do not count and the make-up days at weekends do.
    A year whose arrangement is not published counts Monday to Friday, and
    whatever is counted in it is provisional (暂定).

    Source: procedures §0.3 `cal.workday`, `cal.year_data`; proposed, since none
    of the texts says how to count.

    Attributes:
        zone: The civil time in which the authority's days begin and end.
        overrides: The days that differ from Monday to Friday: true is a working
            day, false a day off. Days of unpublished years are passed over.
        published_years: The years whose arrangement is published and entered.
        version: Number of the table, kept with each deadline counted by it.
    """

    zone: ZoneInfo
    overrides: Mapping[date, bool] = field(default_factory=dict, hash=False, repr=False)
    published_years: frozenset[int] = frozenset()
    version: int = 1
    _changed: tuple[int, ...] = field(init=False, repr=False, compare=False)
    _shift: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        changed = sorted(
            day.toordinal()
            for day, works in self.overrides.items()
            if day.year in self.published_years and works != _is_monday_to_friday(day)
        )
        steps = (1 if self.overrides[date.fromordinal(each)] else -1 for each in changed)
        object.__setattr__(self, "_changed", tuple(changed))
        object.__setattr__(self, "_shift", (0, *accumulate(steps)))

    def is_published(self, year: int) -> bool:
        """Return whether the arrangement of `year` is published and entered."""
        return year in self.published_years

    def is_workday(self, day: date) -> bool:
        """Return whether `day` is a working day.

        Source: procedures §0.3 `cal.workday`: make-up Saturdays and Sundays are
        working days, Mondays to Fridays off by the arrangement are not.
        """
        return self._differs(day) != _is_monday_to_friday(day)

    def is_holiday(self, day: date) -> bool:
        """Return whether `day` is a Monday to Friday off by the year's arrangement."""
        return _is_monday_to_friday(day) and self._differs(day)

    def is_made_up(self, day: date) -> bool:
        """Return whether `day` is a Saturday or Sunday worked by the arrangement."""
        return not _is_monday_to_friday(day) and self._differs(day)

    def next_workday(self, day: date) -> date:
        """Return `day` itself if it is a working day, else the first one after it."""
        return day if self.is_workday(day) else self.workday_after(day, 1)

    def workday_after(self, day: date, count: int) -> date:
        """Return the working day that is number `count` after `day`; `day` is not counted.

        Raises:
            ValueError: `count` is below 1.
        """
        if count < 1:
            raise ValueError(f"working days are counted from 1, not {count}")
        start = day.toordinal()
        weeks = (count + len(self._changed)) // WORKDAYS_IN_A_WEEK + 2
        days = range(start + 1, start + weeks * DAYS_IN_A_WEEK)
        return date.fromordinal(
            days[bisect_left(days, self._through(start) + count, key=self._through)]
        )

    def workday_before(self, day: date, count: int) -> date:
        """Return the working day that is number `count` before `day`; `day` is not counted.

        Raises:
            ValueError: `count` is below 1.
        """
        if count < 1:
            raise ValueError(f"working days are counted from 1, not {count}")
        end = day.toordinal() - 1
        weeks = (count + len(self._changed)) // WORKDAYS_IN_A_WEEK + 2
        days = range(end - weeks * DAYS_IN_A_WEEK, end + 1)
        wanted = self._through(end) - count + 1
        return date.fromordinal(days[bisect_left(days, wanted, key=self._through)])

    def workdays_between(self, after: date, through: date) -> int:
        """Return how many working days lie after `after`, up to and with `through`.

        Negative where `through` is before `after`.
        """
        return self._through(through.toordinal()) - self._through(after.toordinal())

    def holidays_between(self, after: date, through: date) -> tuple[date, ...]:
        """Return the Mondays to Fridays off after `after`, up to and with `through`."""
        return tuple(day for day in self._changes(after, through) if _is_monday_to_friday(day))

    def made_up_between(self, after: date, through: date) -> tuple[date, ...]:
        """Return the worked Saturdays and Sundays after `after`, up to and with `through`."""
        return tuple(day for day in self._changes(after, through) if not _is_monday_to_friday(day))

    def all_published(self, first: date, last: date) -> bool:
        """Return whether every year from that of `first` to that of `last` is published."""
        return all(map(self.is_published, range(first.year, last.year + 1)))

    def day_of(self, instant: datetime) -> date:
        """Return the authority's local date at `instant`.

        Raises:
            ValueError: `instant` is naive.
        """
        if instant.tzinfo is None:
            raise ValueError("instants must be aware")
        return instant.astimezone(self.zone).date()

    def start_of(self, day: date) -> datetime:
        """Return the first instant of `day`, aware and in UTC."""
        return datetime.combine(day, time(), self.zone).astimezone(UTC)

    def _differs(self, day: date) -> bool:
        ordinal = day.toordinal()
        at = bisect_left(self._changed, ordinal)
        return at < len(self._changed) and self._changed[at] == ordinal

    def _changes(self, after: date, through: date) -> tuple[date, ...]:
        first = bisect_right(self._changed, after.toordinal())
        last = bisect_right(self._changed, through.toordinal())
        return tuple(map(date.fromordinal, self._changed[first:last]))

    def _through(self, ordinal: int) -> int:
        weeks, days = divmod(ordinal - 1, DAYS_IN_A_WEEK)  # 0001-01-01 was a Monday
        plain = weeks * WORKDAYS_IN_A_WEEK + min(days + 1, WORKDAYS_IN_A_WEEK)
        return plain + self._shift[bisect_right(self._changed, ordinal)]


def _is_monday_to_friday(day: date) -> bool:
    return day.weekday() < WORKDAYS_IN_A_WEEK
