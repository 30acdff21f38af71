"""One sweep: everything that is due, each in a transaction of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from engine.commands.anchor_record import anchor_record, platform_day
from engine.commands.fire_due import fire_due
from engine.commands.look import seal_looks
from engine.desk import system_actor
from engine.errors import EngineError
from engine.store.access import has_unsealed
from engine.store.anchors import last_anchor
from engine.store.due import due_now, put_off

if TYPE_CHECKING:
    from engine.desk import Office

log = structlog.get_logger(__name__)

BATCH = 200


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
            due = [row for row in due_now(session, now, BATCH) if row[0] not in tried]
        if not due:
            return fired
        for due_id, authority_id in due:
            tried.add(due_id)
            fired += _fire(office, due_id, authority_id)


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


def _fire(office: Office, due_id: str, authority_id: str) -> int:
    """Fire one row; one of the two doors at which every exception is caught."""
    try:
        return int(office.give(system_actor(authority_id), fire_due, due_id))
    except EngineError as error:
        log.warning("due.failed", due=due_id, error=str(error))
    except Exception:
        log.exception("due.failed", due=due_id)
    with office.database.begin() as session:
        put_off(session, due_id, office.clock.now())
    return 0
