"""What one has ordered to be taken out, and how far it is."""

from __future__ import annotations

import sqlalchemy as sa

from engine.desk.desk import Desk
from engine.errors import NotFound
from engine.store.queries.keyset import cursor_of, paged
from engine.store.tables import Export

NEWEST = "newest"


def own_exports(desk: Desk, *, after: str = "", limit: int = 20) -> tuple[tuple[Export, ...], str]:
    """Return a page of the actor's exports, the newest first, and the cursor of the next.

    Raises:
        ValueError: `after` is no cursor.
    """
    query = sa.select(Export).where(Export.ordered_by == desk.actor.person_id)
    keys = (Export.ordered_at, Export.id)
    rows = list(
        desk.session.scalars(
            paged(query, keys, sort=NEWEST, after=after, limit=limit, newest_first=True)
        )
    )
    more = len(rows) > limit
    last = rows[limit - 1] if more else None
    return tuple(rows[:limit]), (
        cursor_of(NEWEST, last.ordered_at, last.id) if last is not None else ""
    )


def own_export(desk: Desk, export_id: str) -> Export:
    """Return one of the actor's exports.

    Raises:
        NotFound: The actor ordered none such.
    """
    row = desk.session.get(Export, export_id)
    if row is None or row.ordered_by != desk.actor.person_id:
        raise NotFound(export_id)
    return row
