"""Counting no further than anybody reads: past 999 a number only says that there are more."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.store.tables import InboxRow

MOST_COUNTED = 1_000
"""Where counting ends: a count of so many stands for that many or more."""

Conditions = tuple[sa.ColumnElement[bool], ...]


def up_to(query: sa.Select[Any], most: int = MOST_COUNTED) -> sa.ScalarSelect[int]:
    """Return how many rows a query gives, counted up to `most`."""
    return sa.select(sa.func.count()).select_from(query.limit(most).subquery()).scalar_subquery()


def items_up_to(
    session: Session,
    principals: Collection[str],
    *,
    barred_cases: Collection[str] = (),
    most: int = MOST_COUNTED,
    **kinds: Conditions,
) -> dict[str, int]:
    """Return how many work items wait for `principals`, each item once, counted up to `most`.

    The lines of each principal are counted first, from an index and no further than `most`. Only
    where none has so many, and several have some, the same item may be among two: then, and
    only then, the items themselves are told apart.

    Args:
        session: Reads.
        principals: Those of the reader, today; one at least.
        barred_cases: Cases whose items the reader may not see (recusal).
        most: How far is counted.
        kinds: Conditions on `InboxRow`, by a name; each kind is counted by itself.
    """
    one = sa.union_all(*(sa.select(sa.literal(name)) for name in sorted(set(principals))))
    each = one.subquery().columns[0]

    def lines(conditions: Conditions) -> sa.Select[Any]:
        return sa.select(sa.literal(1)).where(
            InboxRow.principal == each, *_allowed(barred_cases), *conditions
        )

    counts = (up_to(lines(conditions).correlate(each.table), most) for conditions in kinds.values())
    rows = session.execute(sa.select(*counts).select_from(each.table)).all()
    found = {kind: [row[at] for row in rows] for at, kind in enumerate(kinds)}
    alike = [kind for kind, of in found.items() if max(of) < most and sum(map(bool, of)) > 1]
    told = {kind: min(sum(of), most) for kind, of in found.items()}
    if alike:
        items = [
            sa.select(sa.func.count(InboxRow.work_item_id.distinct()))
            .where(InboxRow.principal.in_(set(principals)), *_allowed(barred_cases), *kinds[kind])
            .scalar_subquery()
            for kind in alike
        ]
        exact = session.execute(sa.select(*items)).one()
        told |= {kind: min(number, most) for kind, number in zip(alike, exact, strict=True)}
    return told


def _allowed(barred_cases: Collection[str]) -> Conditions:
    return (InboxRow.case_id.not_in(set(barred_cases)),) if barred_cases else ()
