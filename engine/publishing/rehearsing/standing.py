"""How a case stands, as expectations of a scenario: status, open work, deadlines, cards, lamps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.desk.views.case import deadline_views
from engine.store.tables import WorkItemRow

if TYPE_CHECKING:
    from engine.desk import Desk
    from engine.store.tables import CaseRow


def as_it_stands(desk: Desk, case: CaseRow) -> dict[str, Any]:
    """Return what a scenario may expect of a case now, each deadline in its newest round."""
    every = sorted(deadline_views(desk, case), key=_round)
    views = {one.row.key: one for one in every}
    elements = desk.session.scalars(
        sa.select(WorkItemRow.element).where(
            WorkItemRow.case_id == case.id, WorkItemRow.state.in_(("open", "claimed"))
        )
    )
    deadlines = {
        key: {"last_day": one.row.last_day.isoformat(), "state": one.row.state}
        for key, one in sorted(views.items())
    }
    cards: dict[str, list[str]] = {}
    for one in every:
        if one.cards:
            cards.setdefault(one.row.key, []).extend(card.colour for card in one.cards)
    return {
        "case": {
            "status": case.status,
            "outcome": case.outcome or None,
            "closed": case.closed_at is not None,
        },
        "only_open": sorted(elements),
        **({"deadline": deadlines} if deadlines else {}),
        "cards": cards or "none",
        **({"lamp": {key: one.lamp.value for key, one in sorted(views.items())}} if views else {}),
    }


def _round(view: Any) -> int:
    return int(view.row.round)
