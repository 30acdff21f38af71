"""Rebuild the index of the search (重建检索), a batch at a time, while the platform runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.desk import Desk, Fact
from engine.desk.indexing import index_case, index_document, index_person
from engine.errors import NotAllowed
from engine.store import searching
from engine.store.searching import CASE, DOCUMENT, PERSON
from engine.store.tables import CaseRow, DocumentRow, PersonRow, RetirementItem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

BATCH = 500
SOURCE = "SUP-014"
RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How far a rebuilding is.

    Attributes:
        kind: ``person``, ``case`` or ``document``: what is indexed now.
        after: The id of the last one; where the next batch goes on.
        count: How many this batch had.
        is_over: Nothing is left to do.
    """

    kind: str
    after: str
    count: int
    is_over: bool = False


def rebuild_search(
    desk: Desk, kind: str = PERSON, after: str = "", *, most: int = BATCH
) -> Rebuilt:
    """Index the next things anew, in the order of their ids; what is gone is forgotten first.

    Given again with the kind and id that it returns, until it is over: people, then cases, then
    documents. Each batch is a transaction of its own, in which the entries of its things are
    put in the place of those there were, so that searches meanwhile find the one or the other;
    an interrupted rebuilding goes on from any place, or begins anew.

    Args:
        desk: Of the platform itself; the machine's owner gives this, from the command line.
        kind: What to index.
        after: Only things with a higher id; "" from the beginning.
        most: How many in one transaction, 1 or more.

    Raises:
        NotAllowed: A person asks for it.
        ValueError: There is no such kind.

    Source: issue 7 (search); proposed.
    """
    if not desk.actor.is_system:
        raise NotAllowed("platform.not_admin", rule=SOURCE)
    place = ORDER.index(kind)
    table, index = _KINDS[kind]
    if not after:
        searching.forget_gone(desk.session, kind, _found(table).with_only_columns(table.id))
    rows: Sequence[Any] = desk.session.scalars(
        _found(table).where(table.id > after).order_by(table.id).limit(most)
    ).all()
    for row in rows:
        index(desk, row)
    if len(rows) == most:
        return Rebuilt(kind, rows[-1].id, len(rows))
    if place + 1 < len(ORDER):
        return Rebuilt(ORDER[place + 1], "", len(rows))
    desk.record(None, Fact.SEARCH_REBUILT)
    return Rebuilt(kind, rows[-1].id if rows else after, len(rows), is_over=True)


def searchable(desk: Desk) -> int:
    """Return how many people, cases and documents there are: what a rebuilding goes through."""
    return sum(
        desk.session.scalar(sa.select(sa.func.count()).select_from(_found(table).subquery())) or 0
        for table, _ in _KINDS.values()
    )


def _index_document(desk: Desk, row: DocumentRow) -> None:
    index_document(desk, desk.session.get_one(CaseRow, row.case_id), row)


def _found(table: Any) -> sa.Select[Any]:
    """Return the query of what commands index: nothing rehearsed or retired, no correction."""
    query = sa.select(table)
    if table is CaseRow:
        return query.where(*_LIVE)
    if table is DocumentRow:
        live = sa.select(CaseRow.id).where(*_LIVE)
        return query.where(DocumentRow.corrects_id.is_(None), DocumentRow.case_id.in_(live))
    return query


_LIVE = (
    ~CaseRow.is_trial,
    CaseRow.id.not_in(sa.select(RetirementItem.case_id).where(RetirementItem.state == RETIRED)),
)
ORDER = (PERSON, CASE, DOCUMENT)
_KINDS: Mapping[str, tuple[Any, Callable[[Desk, Any], None]]] = {
    PERSON: (PersonRow, index_person),
    CASE: (CaseRow, index_case),
    DOCUMENT: (DocumentRow, _index_document),
}
