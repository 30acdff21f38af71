"""Whose a side effect is: read off the rows that its payload names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.desk.desk import Desk
from engine.store.tables import (
    Batch,
    CaseRow,
    Departure,
    DocumentRow,
    Export,
    MessageRow,
    NoticeDelivery,
)

OWNED = (CaseRow, DocumentRow, MessageRow, Batch, Departure, Export, NoticeDelivery)
NAMED = ("authority_id", "authority")


def belongs_elsewhere(desk: Desk, payload: Mapping[str, Any]) -> bool:
    """Return whether a job is about another authority's matter.

    What names no row of an authority, such as the stamp of an anchor, is the platform's and
    any administrator's. Source: SUP-062 (不同层级数据隔离).
    """
    here = desk.actor.authority_id
    named = {payload[key] for key in NAMED if payload.get(key)}
    if named:
        return here not in named
    for value in payload.values():
        for table in OWNED if isinstance(value, str) else ():
            row: Any = desk.session.get(table, value)
            if row is not None:
                return bool(row.authority_id != here)
    return False
