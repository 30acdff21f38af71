"""How the caller wishes to be told, and what the caller ordered, as programs read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.desk import Desk
from engine.desk.views.exports import own_exports
from engine.desk.views.handing import colleagues
from engine.desk.views.notifying import own_wishes
from engine.store.tables import Export, NoticeAddress

CLOCK = "%H:%M"


@dataclass(frozen=True, slots=True)
class Wishes:
    """How one wishes to be told besides on the pages.

    Attributes:
        wanted: Channels by kind of event.
        digest_at: Civil time of the daily digest, ``HH:MM``.
        quiet_from, quiet_to: Civil times between which nothing goes out; empty for none.
        addresses: By channel; the address itself is never told again.
        offered: The kinds of addresses that this installation sends to, by channel.
    """

    wanted: Mapping[str, tuple[str, ...]]
    digest: str
    digest_at: str
    quiet_from: str
    quiet_to: str
    workdays_only: bool
    addresses: Mapping[str, NoticeAddress]
    offered: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Exports:
    """A page of what was ordered; `after` opens the next one, "" on the last."""

    lines: tuple[Export, ...]
    after: str


def notice_wishes(desk: Desk) -> Wishes:
    """Return how the caller wishes to be told."""
    found = own_wishes(desk)
    wish = found.preference
    first, last = wish.quiet or (None, None)
    return Wishes(
        wanted={str(event): tuple(sorted(kinds)) for event, kinds in wish.wanted.items()},
        digest=wish.digest,
        digest_at=wish.digest_at.strftime(CLOCK),
        quiet_from=first.strftime(CLOCK) if first is not None else "",
        quiet_to=last.strftime(CLOCK) if last is not None else "",
        workdays_only=wish.workdays_only,
        addresses={str(channel): row for channel, row in found.addresses.items()},
        offered={str(channel): kinds for channel, kinds in found.offered.items()},
    )


def exports(desk: Desk, *, after: str = "", limit: int = 20) -> Exports:
    """Return a page of what the caller ordered to be taken out, the newest first.

    Raises:
        ValueError: `after` is no cursor.
    """
    return Exports(*own_exports(desk, after=after, limit=limit))


def colleague_names(desk: Desk) -> dict[str, str]:
    """Return who holds a post at the caller's authority today: name and title by id."""
    return dict(colleagues(desk))
