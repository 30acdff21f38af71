"""Keep the time stamp of an anchor of the record."""

from __future__ import annotations

import sqlalchemy as sa

from engine.desk import Desk
from engine.errors import NotFound
from engine.store.anchors import add_stamp
from engine.store.tables import AnchorStamp, RecordAnchor


def keep_stamp(desk: Desk, number: int, *, server: str, token: bytes) -> bool:
    """Keep what a time-stamping authority answered; return whether it is the first for the anchor.

    Args:
        desk: Of the platform.
        number: The anchor's.
        server: The authority's address.
        token: Its answer (RFC 3161 TimeStampResp, DER), checked by whoever asked.

    Raises:
        NotFound: There is no such anchor.
    """
    if desk.session.get(RecordAnchor, number) is None:
        raise NotFound(str(number))
    if desk.session.scalar(sa.select(AnchorStamp.number).where(AnchorStamp.number == number)):
        return False
    add_stamp(desk.session, number, server=server, token=token, at=desk.now())
    return True
