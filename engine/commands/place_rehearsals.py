"""On which node a draft is being rehearsed: a rehearsal lies in files of one node.

Its office is a database of its own in that node's home; only who shares the home can open it.
So the others say where it is, and not that there is none. Nothing of it is on the record.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from engine.store.tables import DraftRehearsal

if TYPE_CHECKING:
    from engine.desk import Office

LONGEST = 200


@dataclass(frozen=True, slots=True)
class RehearsalPlace:
    """Where a draft is being rehearsed.

    Attributes:
        run: Which rehearsal; the files of the node that has it say the same.
        place: The node's name, for people.
        began_at: When it began.
    """

    run: str
    place: str
    began_at: datetime


def place_rehearsal(office: Office, draft_id: str, run: str, place: str) -> None:
    """Note that the rehearsal of a draft lies on a node; it takes the place of one before."""
    now = office.clock.now()
    with office.database.begin() as session:
        row = session.get(DraftRehearsal, draft_id, with_for_update=True)
        if row is None:
            row = DraftRehearsal(draft_id=draft_id, run=run, place=place[:LONGEST], began_at=now)
            session.add(row)
        row.run, row.place, row.began_at = run, place[:LONGEST], now


def forget_rehearsal(office: Office, draft_id: str) -> None:
    """Note that a draft is rehearsed no longer."""
    with office.database.begin() as session:
        row = session.get(DraftRehearsal, draft_id, with_for_update=True)
        if row is not None:
            session.delete(row)


def rehearsal_place(office: Office, draft_id: str) -> RehearsalPlace | None:
    """Return where a draft is being rehearsed; None where it is not."""
    with office.database.reading() as session:
        row = session.get(DraftRehearsal, draft_id)
        return RehearsalPlace(row.run, row.place, row.began_at) if row is not None else None
