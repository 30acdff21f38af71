"""Mark notices as read; nothing of a case changes by it."""

from __future__ import annotations

import sqlalchemy as sa

from engine.desk import Desk
from engine.store.tables import Notice


def read_notices(desk: Desk, notice_id: str = "") -> int:
    """Mark one of the actor's notices as read, or all of them; return how many were unread.

    Another person's notice is left as it is.
    """
    query = sa.select(Notice).where(
        Notice.person_id == desk.actor.person_id, Notice.read_at.is_(None)
    )
    if notice_id:
        query = query.where(Notice.id == notice_id)
    unread = list(desk.session.scalars(query))
    for notice in unread:
        notice.read_at = desk.now()
    return len(unread)
