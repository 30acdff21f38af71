"""The ledger of cases (台账), as programs read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from engine.desk import Desk
from engine.desk.views.ledger import NEWEST, LedgerChoice, LedgerLine, ledger, ledger_total


@dataclass(frozen=True, slots=True)
class Ledger:
    """A page of the ledger; `after` opens the next one, "" on the last.

    Attributes:
        total: How many cases there are on all pages.
    """

    lines: tuple[LedgerLine, ...]
    total: int
    after: str


def ledger_page(
    desk: Desk,
    *,
    search: str = "",
    procedure: str = "",
    status: str = "",
    state: str = "",
    since: date | None = None,
    until: date | None = None,
    closed_since: date | None = None,
    closed_until: date | None = None,
    trace: str = "",
    of: str = "",
    sort: str = NEWEST,
    after: str = "",
    limit: int = 20,
) -> Ledger:
    """Return a page of the ledger; no column of it tells who reported.

    Args:
        desk: Of a query.
        search: In number and title.
        procedure: Only of this one.
        status: Only in this status.
        state: Only open, or only closed ones.
        since: First civil day of registration, included.
        until: Last civil day of registration, included.
        closed_since: First civil day of closing, included.
        closed_until: Last civil day of closing, included.
        trace: Only with this in their record.
        of: What the trace is of, such as a measure; see `LedgerChoice`.
        sort: By registration or by number.
        after: The `after` of the page before.
        limit: Lines on a page.

    Raises:
        ValueError: `after` is no cursor of this sort.
    """
    choice = LedgerChoice(
        search=search,
        procedure=procedure,
        status=status,
        state=state,
        since=since,
        until=until,
        closed_since=closed_since,
        closed_until=closed_until,
        trace=trace,
        of=of,
        sort=sort,
    )
    page = ledger(desk, choice, after=after, limit=limit)
    return Ledger(page.lines, ledger_total(desk, choice), page.after)
