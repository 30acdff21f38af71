"""One sweep: everything that is due, each in a transaction of its own; reminders together."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import structlog

from engine.commands.anchor_record import anchor_record, platform_day
from engine.commands.fire_due import fire_due
from engine.commands.fire_reminders import REMINDERS, fire_reminders
from engine.commands.look import seal_looks
from engine.desk import system_actor
from engine.errors import EngineError
from engine.store.access import has_unsealed
from engine.store.anchors import last_anchor
from engine.store.due import due_now, put_off

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from engine.desk import Office
    from engine.store.due import Due

log = structlog.get_logger(__name__)

BATCH = 200
TOGETHER = 20
"""How many reminders fire in one transaction, which holds their cases meanwhile."""


def sweep(office: Office) -> int:
    """Fire everything that is due by the office's clock; return how much fired.

    What fires may make more due at once, so the sweep looks again until nothing
    is left. A row whose firing fails is tried again later and does not hold up
    the others.
    """
    fired = 0
    tried: set[str] = set()
    while True:
        now = office.clock.now()
        with office.database.reading() as session:
            due = [row for row in due_now(session, now, BATCH) if row.id not in tried]
        if not due:
            return fired
        for rows in _bundles(due):
            tried.update(row.id for row in rows)
            fired += _fire(office, rows[0]) if len(rows) == 1 else _fire_together(office, rows)


def _bundles(due: Sequence[Due]) -> Iterator[Sequence[Due]]:
    """Yield what fires in one transaction: an authority's reminders in a row, all else alone."""
    of_a_kind = groupby(due, lambda row: (row.authority_id, row.kind in REMINDERS))
    for (_, is_reminder), rows in of_a_kind:
        found = list(rows)
        size = TOGETHER if is_reminder else 1
        yield from (found[at : at + size] for at in range(0, len(found), size))


def seal(office: Office) -> int:
    """Seal the looks at files and confidential values noted so far; return how many."""
    with office.database.reading() as session:
        if not has_unsealed(session):
            return 0
    return office.give(system_actor(""), seal_looks)


def anchor(office: Office, *, stamped: bool = False) -> int:
    """Make the day's anchor of the record where it is missing; return its number or 0.

    Args:
        office: Whose record; one without a key of the record anchors nothing.
        stamped: Whether a time-stamping authority is to be asked for each.
    """
    if office.record_key is None:
        return 0
    with office.database.reading() as session:
        last = last_anchor(session)
        if last is not None and last.day >= platform_day(office.clock.now()):
            return 0
    return office.give(system_actor(""), anchor_record, stamped=stamped)


def _fire(office: Office, row: Due) -> int:
    """Fire one row; one of the two doors at which every exception is caught."""
    try:
        return int(office.give(system_actor(row.authority_id), fire_due, row.id))
    except EngineError as error:
        log.warning("due.failed", due=row.id, error=str(error))
    except Exception:
        log.exception("due.failed", due=row.id)
    with office.database.begin() as session:
        put_off(session, row.id, office.clock.now())
    return 0


def _fire_together(office: Office, rows: Sequence[Due]) -> int:
    """Fire reminders in one transaction; where that fails, each in its own."""
    try:
        actor = system_actor(rows[0].authority_id)
        return office.give(actor, fire_reminders, [row.id for row in rows])
    except Exception as error:  # noqa: BLE001 -- told in full when its row fires alone
        log.warning("due.together_failed", rows=len(rows), error=type(error).__name__)
    return sum(_fire(office, row) for row in rows)
