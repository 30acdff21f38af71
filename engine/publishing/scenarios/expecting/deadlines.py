"""Deadlines and the cards that lateness leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.desk.views.case import deadline_views
from engine.publishing.scenarios.expecting.looking import (
    NONE,
    Look,
    Unmet,
    compared,
    differs,
    several,
)
from engine.store.tables import Card, DeadlineRow

if TYPE_CHECKING:
    from collections.abc import Iterator


def deadlines(look: Look, expected: Any) -> Iterator[Unmet]:
    """Each deadline has these values in its newest round, or has not begun."""
    for key, values in (expected or {}).items():
        row = _newest(look, str(key))
        if values in NONE:
            if row is not None:
                yield differs(str(key), values, row.state)
        elif row is None:
            yield Unmet(f"期限 {key} 尚未起算", f"the deadline {key} has not begun")
        else:
            found = {
                "last_day": row.last_day,
                "state": row.state,
                "provisional": row.provisional,
                "round": row.round,
                "extensions": row.extensions,
                "event_on": row.event_on,
                "ended_on": row.ended_on,
            }
            yield from compared(str(key), values, found)


def cards(look: Look, expected: Any) -> Iterator[Unmet]:
    """Each deadline has left these cards: a list means all, a colour the newest, `none` no card."""
    rows = look.desk.session.execute(
        sa.select(DeadlineRow.key, Card.colour)
        .join(DeadlineRow, DeadlineRow.id == Card.deadline_id)
        .where(Card.case_id == look.case.id)
        .order_by(Card.given_at)
    ).all()
    given: dict[str, list[str]] = {}
    for key, colour in rows:
        given.setdefault(key, []).append(colour)
    if expected in NONE:
        if given:
            yield differs("cards", expected, given)
        return
    for key, colours in expected.items():
        found = given.get(str(key), [])
        wanted, is_all = several(colours), isinstance(colours, list) or colours in NONE
        if sorted(wanted) != (sorted(found) if is_all else found[-1:]):
            yield differs(f"cards {key}", colours, found)


def lamps(look: Look, expected: Any) -> Iterator[Unmet]:
    """Each deadline's clock has this colour now, in its newest round."""
    found: dict[str, tuple[int, str]] = {}
    for view in deadline_views(look.desk, look.case):
        key, round_of = view.row.key, view.row.round
        if found.get(key, (0, ""))[0] <= round_of:
            found[key] = (round_of, view.lamp.value)
    for key, colour in (expected or {}).items():
        lamp = found.get(str(key), (0, "none"))[1]
        if str(colour) != lamp:
            yield differs(f"lamp {key}", colour, lamp)


def _newest(look: Look, key: str) -> DeadlineRow | None:
    return look.desk.session.scalar(
        sa.select(DeadlineRow)
        .where(DeadlineRow.case_id == look.case.id, DeadlineRow.key == key)
        .order_by(DeadlineRow.round.desc())
        .limit(1)
    )
