"""Kinds of events that people are told of, by which channel, and when nobody is to be disturbed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from string import Formatter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.model.calendars import WorkingCalendar

ONE_DAY = timedelta(days=1)


class Event(StrEnum):
    """The kinds of events; each notice is of one."""

    ASSIGNED = "assigned"
    NEAR = "near"
    YELLOW = "yellow"
    RED = "red"
    RETURNED = "returned"
    COPIED = "copied"
    MENTIONED = "mentioned"
    ASKED = "asked"
    """A request waits for one's decision or signature."""
    ANSWERED = "answered"
    """What one asked for was decided, or the case moved on."""
    SERVED = "served"
    BATCH = "batch"
    FINDING = "finding"
    OTHER = "other"


class Channel(StrEnum):
    """How a notice leaves the pages; on the pages it stands in any case."""

    MAIL = "mail"
    ROBOT = "robot"
    WEBHOOK = "webhook"


class Digest(StrEnum):
    """Whether notices go out one by one or together."""

    AT_ONCE = "at_once"
    DAILY = "daily"


KINDS: Mapping[Channel, tuple[str, ...]] = {
    Channel.MAIL: ("mail",),
    Channel.ROBOT: ("wecom", "dingtalk", "feishu"),
    Channel.WEBHOOK: ("generic",),
}
"""The kinds of addresses of each channel."""

SIGNED = frozenset({"dingtalk", "feishu", "generic"})
"""The kinds whose messages are signed with a secret."""

VARIABLES = ("case_number", "procedure", "step", "due")
"""All that a template may say of a case: its number, the titles of procedure and step, a day."""

_KEYS = {
    "work.assigned": Event.ASSIGNED,
    "work.reminded": Event.NEAR,
    "handing.transferred": Event.ASSIGNED,
    "handing.delegated": Event.ASSIGNED,
    "handing.returned": Event.RETURNED,
    "handing.recalled": Event.RETURNED,
    "work.returned": Event.RETURNED,
    "work.jumped": Event.RETURNED,
    "deadline.near": Event.NEAR,
    "right.near": Event.NEAR,
    "deadline.yellow": Event.YELLOW,
    "deadline.daily": Event.YELLOW,
    "deadline.red": Event.RED,
    "deadline.escalated": Event.RED,
    "dunning.sent": Event.RED,
    "copy.sent": Event.COPIED,
    "matter.copied": Event.COPIED,
    "comment.mentioned": Event.MENTIONED,
    "watched.changed": Event.MENTIONED,
    "signing.asked": Event.ASKED,
    "recusal.review": Event.ASKED,
    "organ.designated": Event.ASSIGNED,
    "document.served": Event.SERVED,
    "document.corrected": Event.SERVED,
    "hearing.called": Event.SERVED,
    "meeting.called": Event.ASSIGNED,
    "batch.done": Event.BATCH,
    "deviation.raised": Event.FINDING,
    "interference.recorded": Event.FINDING,
    "supervision.noticed": Event.RED,
    "supervision.unanswered": Event.RED,
    "supervision.answered": Event.ANSWERED,
    "branch.stopped": Event.FINDING,
    "branch.released": Event.FINDING,
}
_ENDINGS = {
    ".asked": Event.ASKED,
    ".granted": Event.ANSWERED,
    ".rejected": Event.ANSWERED,
    ".resumed": Event.ANSWERED,
    ".ended": Event.ANSWERED,
    ".agreed": Event.ANSWERED,
    ".disagreed": Event.ANSWERED,
    ".done": Event.ANSWERED,
}
STEPS = frozenset(
    {Event.ASSIGNED, Event.NEAR, Event.YELLOW, Event.RED, Event.RETURNED, Event.ASKED}
)
"""Kinds whose notices name a step or a deadline; elsewhere a title may be that of an outcome or
a document, and says too much outside of the platform."""


def event_of(key: str) -> Event:
    """Return the kind of event that a notice's key stands for; OTHER for a procedure's own."""
    if key in _KEYS:
        return _KEYS[key]
    return next((event for end, event in _ENDINGS.items() if key.endswith(end)), Event.OTHER)


@dataclass(frozen=True, slots=True)
class Preference:
    """How somebody wishes to be told.

    Attributes:
        wanted: Channels by kind of event; what is not in it goes nowhere else than the pages.
        digest: One by one, or together once a day. A red card never waits for the digest.
        digest_at: Civil time of the digest.
        quiet: Civil times from and to which nothing goes out, past midnight where the second
            is not after the first; None for none.
        workdays_only: Nothing goes out on days off.
    """

    wanted: Mapping[Event, frozenset[Channel]] = field(default_factory=dict)
    digest: Digest = Digest.AT_ONCE
    digest_at: time = time(8, 30)
    quiet: tuple[time, time] | None = None
    workdays_only: bool = False


def when_to_send(
    now: datetime, event: Event, wish: Preference, calendar: WorkingCalendar
) -> datetime:
    """Return when a notice of now may go out; `now` itself, or a later instant in UTC.

    Working days, make-up days among them, and civil times are those of `calendar`.

    Raises:
        ValueError: `now` is naive.
    """
    first = calendar.day_of(now)
    local = now.astimezone(calendar.zone)
    clock = local.time()
    at = clock
    day = first
    if wish.digest is Digest.DAILY and event is not Event.RED:
        at = wish.digest_at
        day = first if clock < at else first + ONE_DAY
    if wish.workdays_only and not calendar.is_workday(day):
        day = calendar.next_workday(day)
        at = wish.digest_at if wish.digest is Digest.DAILY else time()
    day, at = _after_quiet(day, at, wish.quiet)
    if wish.workdays_only and not calendar.is_workday(day):
        day = calendar.next_workday(day)
    if (day, at) == (first, clock):
        return now
    return datetime.combine(day, at, calendar.zone).astimezone(UTC)


def _after_quiet(day: date, at: time, quiet: tuple[time, time] | None) -> tuple[date, time]:
    """Return the civil time at which quiet hours that `at` falls into are over."""
    if quiet is None:
        return day, at
    begin, end = quiet
    if begin < end:
        return (day, end) if begin <= at < end else (day, at)
    if at >= begin:
        return day + ONE_DAY, end
    return (day, end) if at < end else (day, at)


def unknown_variables(text: str) -> list[str]:
    """Return what a template names and may not; braces that are not closed are named, too.

    >>> unknown_variables("{case_number}: {reporter} {step.name}")
    ['reporter', 'step.name']
    """
    try:
        parts = list(Formatter().parse(text))
    except ValueError:
        return ["{ }"]
    found = []
    for _, name, spec, conversion in parts:
        if name is not None and (name not in VARIABLES or spec or conversion):
            found.append(
                name + (f"!{conversion}" if conversion else "") + (f":{spec}" if spec else "")
            )
    return found


def fill(text: str, values: Mapping[str, str]) -> str:
    """Return a template with its variables filled in; a dash where a case gives none.

    Raises:
        ValueError: It names what it may not.
    """
    if unknown_variables(text):
        raise ValueError("a template names what it may not")
    return text.format_map({name: values.get(name) or "—" for name in VARIABLES})
