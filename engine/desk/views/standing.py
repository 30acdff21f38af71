"""The register of sanctions: persons with what holds against them, over time."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from engine.desk.desk import Desk
from engine.desk.restricting import (
    PERSONNEL,
    person_of_authority,
    require_reader,
    restrictions_on,
)
from engine.model.restrictions import Restriction, warnings_in_force
from engine.store.queries.conditions import holds
from engine.store.tables import CaseRow, PersonnelRequest, PersonRow, SanctionRow, UnitRow

MOST = 200
BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class StandingLine:
    """A person in the list.

    Attributes:
        sanctions: How many measures stand in the register, revoked ones left out.
        kinds: The effects that hold today, each once.
        until: The last day of the longest of them; None where nothing holds.
        warnings: Yellow cards that count today.
    """

    id: str
    name: str
    title: str
    unit: str
    status: str
    sanctions: int
    kinds: tuple[str, ...]
    until: date | None
    warnings: int


@dataclass(frozen=True, slots=True)
class StandingPage:
    """A page of the list; `after` opens the next one, "" on the last."""

    lines: tuple[StandingLine, ...]
    after: str


@dataclass(frozen=True, slots=True)
class SanctionLine:
    """A measure on a person, revoked and changed ones too: the file shows its correction.

    Attributes:
        title: The measure's name by language.
        case_number: Empty for one of before the platform.
    """

    row: SanctionRow
    title: tuple[str, str]
    case_number: str


@dataclass(frozen=True, slots=True)
class StandingCard:
    """A person in the register of sanctions.

    Attributes:
        sanctions: The newest first.
        restrictions: Effects that stand or stood.
        requests: What was asked and answered, the newest first, with who asked.
        may_ask: Whether the reader may ask for awards and appointments.
        today: The authority's day.
    """

    person: PersonRow
    unit: str
    sanctions: tuple[SanctionLine, ...]
    restrictions: tuple[Restriction, ...]
    warnings: int
    requests: tuple[tuple[PersonnelRequest, str], ...]
    may_ask: bool
    today: date


def standings(
    desk: Desk, *, search: str = "", after: str = "", limit: int = 50, everybody: bool = False
) -> StandingPage:
    """Return persons by name, with what holds against them today.

    Args:
        desk: Of a reader of the register.
        search: In the name.
        after: The `after` of the page before.
        limit: Lines on a page, 1 to 200.
        everybody: Persons without any sanction as well.

    Raises:
        NotAllowed: The actor does not read the register.

    Source: SUP-023, SUP-024, SUP-044.
    """
    require_reader(desk)
    limit = min(max(limit, 1), MOST)
    query = (
        sa.select(PersonRow, UnitRow.name)
        .outerjoin(UnitRow, UnitRow.id == PersonRow.unit_id)
        .where(PersonRow.authority_id == desk.actor.authority_id)
        .order_by(PersonRow.name, PersonRow.id)
    )
    if not everybody:
        query = query.where(
            sa.exists().where(
                SanctionRow.person_id == PersonRow.id,
                SanctionRow.state.in_(("in_force", "ended")),
            )
        )
    if search.strip():
        query = query.where(holds(search, PersonRow.name))
    if after:
        name, _, person_id = after.rpartition("|")
        query = query.where(
            sa.tuple_(PersonRow.name, PersonRow.id)
            > sa.tuple_(sa.literal(name), sa.literal(person_id))
        )
    found = desk.session.execute(query.limit(limit + 1)).all()
    shown = found[:limit]
    counted = _counted(desk, [row.id for row, _ in shown])
    today = desk.today()
    lines = tuple(_line(desk, row, unit or "", counted[row.id], today) for row, unit in shown)
    last = lines[-1] if len(found) > limit else None
    return StandingPage(lines, f"{last.name}|{last.id}" if last is not None else "")


def standing_card(desk: Desk, person_id: str) -> StandingCard:
    """Return a person with sanctions, effects over time, and what was asked and answered.

    Raises:
        NotAllowed: The actor does not read the register.
        NotFound: There is no such person at the authority.
    """
    require_reader(desk)
    person = person_of_authority(desk, person_id)
    unit = desk.session.get(UnitRow, person.unit_id) if person.unit_id else None
    rows = desk.session.execute(
        sa.select(SanctionRow, CaseRow.number)
        .outerjoin(CaseRow, CaseRow.id == SanctionRow.case_id)
        .where(SanctionRow.person_id == person_id)
        .order_by(SanctionRow.decided_on.desc(), SanctionRow.id.desc())
    )
    asked = desk.session.execute(
        sa.select(PersonnelRequest, PersonRow.name)
        .outerjoin(PersonRow, PersonRow.id == PersonnelRequest.asked_by)
        .where(PersonnelRequest.person_id == person_id)
        .order_by(PersonnelRequest.asked_at.desc(), PersonnelRequest.id.desc())
        .limit(MOST)
    )
    held = restrictions_on(desk, person_id)
    return StandingCard(
        person=person,
        unit=unit.name if unit is not None else "",
        sanctions=tuple(_sanction(row, number or "") for row, number in rows),
        restrictions=held,
        warnings=warnings_in_force(held, desk.today()),
        requests=tuple((row, name or "") for row, name in asked),
        may_ask=not desk.roles_held().isdisjoint(PERSONNEL),
        today=desk.today(),
    )


def _sanction(row: SanctionRow, number: str) -> SanctionLine:
    zh = str(row.title.get("zh") or row.measure)
    return SanctionLine(row, (zh, str(row.title.get("en") or zh)), number)


def _counted(desk: Desk, people: list[str]) -> dict[str, int]:
    rows = desk.session.execute(
        sa.select(SanctionRow.person_id, SanctionRow.decision_id, SanctionRow.measure)
        .where(SanctionRow.person_id.in_(people), SanctionRow.state.in_(("in_force", "ended")))
        .distinct()
    )
    counted: dict[str, int] = defaultdict(int)
    for person_id, _, _ in rows:
        counted[person_id] += 1
    return counted


def _line(desk: Desk, row: PersonRow, unit: str, sanctions: int, today: date) -> StandingLine:
    held = restrictions_on(desk, row.id)
    now = [one for one in held if one.holds_on(today)]
    return StandingLine(
        id=row.id,
        name=row.name,
        title=row.title,
        unit=unit,
        status=row.status,
        sanctions=sanctions,
        kinds=tuple(dict.fromkeys(one.kind for one in now)),
        until=max((one.last_day for one in now), default=None),
        warnings=warnings_in_force(held, today),
    )
