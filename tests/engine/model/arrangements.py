"""The arrangements of 2025 and 2026 as the State Council's general office published them.

Written out from spec/scenarios.md, not taken from a library: the tests stand by themselves.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from engine.model.calendars import WorkingCalendar

BEIJING = ZoneInfo("Asia/Shanghai")

OFF_2025 = [
    "01-01",
    "01-28",
    "01-29",
    "01-30",
    "01-31",
    "02-03",
    "02-04",
    "04-04",
    "05-01",
    "05-02",
    "05-05",
    "06-02",
    "10-01",
    "10-02",
    "10-03",
    "10-06",
    "10-07",
    "10-08",
]
WORKED_2025 = ["01-26", "02-08", "04-27", "09-28", "10-11"]
OFF_2026 = [
    "01-01",
    "01-02",
    "02-16",
    "02-17",
    "02-18",
    "02-19",
    "02-20",
    "02-23",
    "04-06",
    "05-01",
    "05-04",
    "05-05",
    "06-19",
    "09-25",
    "10-01",
    "10-02",
    "10-05",
    "10-06",
    "10-07",
]
WORKED_2026 = ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"]

TABLE_2025 = {date.fromisoformat(f"2025-{day}"): False for day in OFF_2025} | {
    date.fromisoformat(f"2025-{day}"): True for day in WORKED_2025
}
TABLE_2026 = {date.fromisoformat(f"2026-{day}"): False for day in OFF_2026} | {
    date.fromisoformat(f"2026-{day}"): True for day in WORKED_2026
}

CALENDAR = WorkingCalendar(BEIJING, TABLE_2025 | TABLE_2026, frozenset({2025, 2026}))


def day(text: str) -> date:
    """Return a date from its ISO text."""
    return date.fromisoformat(text)


def beijing(text: str) -> datetime:
    """Return the instant, in UTC, at which Beijing's clocks show `text`."""
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING).astimezone(UTC)
