"""People: to whom work is offered, who was told, who takes part, who is recused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.desk.holders import participants, people_behind, people_in_role
from engine.publishing.scenarios.expecting.looking import (
    NONE,
    Look,
    Unmet,
    compared,
    differs,
    several,
)
from engine.store.tables import Notice, Recusal, WorkItemRow

if TYPE_CHECKING:
    from collections.abc import Iterator


def offered(look: Look, expected: Any) -> Iterator[Unmet]:
    """The open work item of each element may be taken by exactly these people."""
    for element, names in (expected or {}).items():
        item = look.desk.session.scalar(
            sa.select(WorkItemRow)
            .where(
                WorkItemRow.case_id == look.case.id,
                WorkItemRow.element == str(element),
                WorkItemRow.state.in_(("open", "claimed")),
            )
            .order_by(WorkItemRow.opened_at.desc())
            .limit(1)
        )
        if item is None:
            yield Unmet(f"{element} 没有待办", f"{element} is not open")
            continue
        found = sorted(
            look.name(one) for one in people_behind(look.desk, look.case, item.candidates)
        )
        if sorted(several(names)) != found:
            yield differs(f"offered {element}", names, found)


def told(look: Look, expected: Any) -> Iterator[Unmet]:
    """Each of these, a role or a person, got a notice; of the key, where one is named."""
    wanted = expected if isinstance(expected, dict) else dict.fromkeys(several(expected), "")
    for who, key in wanted.items():
        keys = _notices(look, str(who))
        if not keys or (key and key not in keys):
            yield differs(f"told {who}", key or "…", keys)


def not_told(look: Look, expected: Any) -> Iterator[Unmet]:
    """None of these got a notice."""
    for who in several(expected):
        keys = _notices(look, str(who))
        if keys:
            yield differs(f"not_told {who}", None, keys)


def participants_are(look: Look, expected: Any) -> Iterator[Unmet]:
    """Each role of the case is held by exactly these people now."""
    for role, names in (expected or {}).items():
        found = sorted(look.name(one) for one in participants(look.desk, look.case, str(role)))
        if sorted(several(names)) != found:
            yield differs(f"participants {role}", names, found)


def recusals(look: Look, expected: Any) -> Iterator[Unmet]:
    """The newest application on each person stands so; `none` alone means no application."""
    rows = look.desk.session.scalars(
        sa.select(Recusal)
        .where(Recusal.case_id == look.case.id)
        .order_by(Recusal.requested_at, Recusal.id)
    )
    found = {look.name(row.person_id): row.state for row in rows}
    if expected in NONE:
        if found:
            yield differs("recusals", expected, found)
        return
    yield from compared("recusals", expected, found)


def _notices(look: Look, who: str) -> list[str]:
    """Return the keys of the notices that a person, or anybody in a role, got in the case."""
    if who in look.people:
        people = [look.people[who]]
    else:
        people = participants(look.desk, look.case, who)
        people = people or people_in_role(look.desk, look.case, who)
    return sorted(
        look.desk.session.scalars(
            sa.select(Notice.key).where(
                Notice.case_id == look.case.id, Notice.person_id.in_(people)
            )
        )
    )
