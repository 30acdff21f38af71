"""Name a filter of the inbox or a view of the ledger, and share it with a role's holders."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from engine.desk import Desk
from engine.errors import NotAllowed, NotFound, Refusal
from engine.store.tables import SavedFilter

INBOX, LEDGER = "inbox", "ledger"
PARTS = ("view", "lamp", "procedure", "search", "sort")
PARTS_OF = {
    INBOX: PARTS,
    LEDGER: (
        "q",
        "procedure",
        "status",
        "state",
        "since",
        "until",
        "closed_since",
        "closed_until",
        "trace",
        "of",
        "sort",
        "columns",
    ),
}
NAME_LENGTH = 40
PART_LENGTH = 200
MOST = 30


def save_filter(
    desk: Desk, name: str, chosen: Mapping[str, str], *, role: str = "", of: str = INBOX
) -> SavedFilter:
    """Keep a filter under a name; one of the same name is replaced.

    What somebody filters by shows nobody anything: each reader's inbox is the reader's own.

    Args:
        desk: Of whoever keeps it.
        name: Up to 40 characters.
        chosen: The parts of the list's address, as `PARTS_OF` names them.
        role: Shared with the holders of this role at the authority; empty: with nobody.
        of: Which list: ``inbox`` or ``ledger``.

    Raises:
        NotAllowed: The actor does not hold the role.
        Refusal: It has no name, chooses nothing, or there are too many.
    """
    wanted = name.strip()
    kept = {part: chosen[part][:PART_LENGTH] for part in PARTS_OF[of] if chosen.get(part)}
    if not wanted or len(wanted) > NAME_LENGTH or not kept:
        raise Refusal("filter.empty", length=NAME_LENGTH)
    if role and role not in desk.roles_held():
        raise NotAllowed("filter.role", role=role)
    own = {
        row.name: row
        for row in desk.session.scalars(
            sa.select(SavedFilter).where(
                SavedFilter.owner_id == desk.actor.person_id, SavedFilter.of == of
            )
        )
    }
    row = own.get(wanted)
    if row is None:
        if len(own) >= MOST:
            raise Refusal("filter.too_many", most=MOST)
        row = SavedFilter(
            authority_id=desk.actor.authority_id,
            owner_id=desk.actor.person_id,
            of=of,
            name=wanted,
            saved_at=desk.now(),
        )
        desk.session.add(row)
    row.chosen, row.role, row.saved_at = dict(kept), role, desk.now()
    return row


def drop_filter(desk: Desk, filter_id: str) -> None:
    """Forget one's own filter.

    Raises:
        NotFound: The actor keeps none such.
    """
    row = desk.session.get(SavedFilter, filter_id)
    if row is None or row.owner_id != desk.actor.person_id:
        raise NotFound(filter_id)
    desk.session.delete(row)
