"""Take units, people and posts from a list: first what would change, then all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import sqlalchemy as sa

from engine.commands.organise import add_person, add_unit, end_post, give_post
from engine.desk import Desk, Fact
from engine.desk.organisation import LONGEST_NAME
from engine.errors import Refusal
from engine.store.tables import PersonRow, PostRow, UnitRow

MOST = 5_000
SLASH = "/"
NEW = "new:"


@dataclass(frozen=True, slots=True)
class RosterLine:
    """One line of a list of the organisation.

    Attributes:
        number: Its place in the list, from 1.
        unit: The unit with those above it, such as ``机关/审计部``; empty for none.
        name: The person's.
        title: What the person is called.
        role: The role of a post; empty for a person without one.
        valid_from: First day of the post; None for today.
        valid_to: Last day of the post; None without an end.
    """

    number: int
    unit: str
    name: str
    title: str = ""
    role: str = ""
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class RosterChange:
    """Something that the list would change.

    Attributes:
        line: The line's number.
        kind: ``unit``, ``person``, ``post`` or ``end``.
        what: The unit or person, with the role of a post.
        day: Since when, or the last day; None for units and people.
    """

    line: int
    kind: str
    what: str
    day: date | None = None


def roster_changes(desk: Desk, lines: Sequence[RosterLine]) -> tuple[RosterChange, ...]:
    """Return what a list would change; a query. Who and what is not on it stays as it is.

    A person is known by name and unit, a post by person and role.

    Raises:
        NotAllowed: The actor is no administrator.
        Refusal: It is empty or too long, a line lacks a name, calls somebody, a unit or a post
            by more than 100 characters, ends a post before it begins, or two people of the unit
            have the name.
    """
    return tuple(_walked(desk, _fit(desk, lines), acts=False))


def import_roster(desk: Desk, lines: Sequence[RosterLine]) -> int:
    """Take a list into the organisation, whole; return how many changes it made.

    Raises:
        NotAllowed, Refusal: As `roster_changes` says.
    """
    changes = list(_walked(desk, _fit(desk, lines), acts=True))
    desk.record(None, Fact.ORGANISATION_IMPORTED, lines=len(lines), changes=len(changes))
    return len(changes)


def _fit(desk: Desk, lines: Sequence[RosterLine]) -> Sequence[RosterLine]:
    desk.require_admin()
    if not 1 <= len(lines) <= MOST:
        raise Refusal("roster.how_many", most=MOST)
    return [_fit_line(line) for line in lines]


def _fit_line(told: RosterLine) -> RosterLine:
    """Return a line with its words as the register keeps them: without white space around."""
    unit = SLASH.join(part for one in told.unit.split(SLASH) if (part := one.strip()))
    line = replace(told, unit=unit, name=told.name.strip(), title=told.title.strip())
    if not line.name:
        raise Refusal("roster.no_name", line=line.number)
    if any(len(one) > LONGEST_NAME for one in (line.name, line.title, *unit.split(SLASH))):
        raise Refusal("roster.long", line=line.number, most=LONGEST_NAME)
    if line.valid_to is not None and line.valid_to < (line.valid_from or line.valid_to):
        raise Refusal("roster.days", line=line.number, name=line.name)
    return line


def _walked(desk: Desk, lines: Iterable[RosterLine], *, acts: bool) -> Iterator[RosterChange]:
    """Yield each change in order; where `acts`, after it was made."""
    units = _units(desk)
    people = _people(desk, units)
    posts = _posts(desk)
    for line in lines:
        yield from _unit_changes(desk, line, units, acts=acts)
        key = (line.name, line.unit)
        known = people.setdefault(key, [])
        if len(known) > 1:
            raise Refusal("roster.two", line=line.number, name=line.name, unit=line.unit)
        if not known:
            unit = units.get(line.unit)
            known.append(
                add_person(desk, line.name, title=line.title, unit_id=unit).id
                if acts
                else f"{NEW}{line.name}/{line.unit}"
            )
            yield RosterChange(line.number, "person", line.name)
        if line.role:
            yield from _post_changes(desk, line, known[0], posts, acts=acts)


def _unit_changes(
    desk: Desk, line: RosterLine, units: dict[str, str], *, acts: bool
) -> Iterator[RosterChange]:
    """Yield the units of a line's path that there are not yet, from the top."""
    names = [one for one in line.unit.split(SLASH) if one]
    for depth in range(1, len(names) + 1):
        path = SLASH.join(names[:depth])
        if path in units:
            continue
        above = units.get(SLASH.join(names[: depth - 1]))
        units[path] = (
            add_unit(desk, names[depth - 1], parent_id=above).id if acts else f"{NEW}{path}"
        )
        yield RosterChange(line.number, "unit", path)


def _post_changes(
    desk: Desk,
    line: RosterLine,
    person_id: str,
    posts: dict[tuple[str, str], PostRow | None],
    *,
    acts: bool,
) -> Iterator[RosterChange]:
    what = f"{line.name} · {line.role}"
    key = (person_id, line.role)
    if key not in posts:
        since = line.valid_from or desk.today()
        posts[key] = (
            give_post(
                desk,
                person_id,
                line.role,
                valid_from=since,
                title=line.title,
                valid_to=line.valid_to,
            )
            if acts
            else None
        )
        yield RosterChange(line.number, "post", what, since)
        return
    held = posts[key]
    if held is not None and line.valid_to is not None and held.valid_to != line.valid_to:
        if acts:
            posts[key] = end_post(desk, held.id, last_day=line.valid_to)
        yield RosterChange(line.number, "end", what, line.valid_to)


def _units(desk: Desk) -> dict[str, str]:
    """Return the authority's units by their paths; of two with one path the first."""
    rows = {
        row.id: row
        for row in desk.session.scalars(
            sa.select(UnitRow)
            .where(UnitRow.authority_id == desk.actor.authority_id)
            .order_by(UnitRow.id)
        )
    }
    found: dict[str, str] = {}
    for row in rows.values():
        names, above, seen = [row.name], row.parent_id, {row.id}
        while above in rows and above not in seen:
            seen.add(above)
            names.append(rows[above].name)
            above = rows[above].parent_id
        found.setdefault(SLASH.join(reversed(names)), row.id)
    return found


def _people(desk: Desk, units: dict[str, str]) -> dict[tuple[str, str], list[str]]:
    paths = {unit_id: path for path, unit_id in units.items()}
    found: dict[tuple[str, str], list[str]] = {}
    for row in desk.session.scalars(
        sa.select(PersonRow).where(PersonRow.authority_id == desk.actor.authority_id)
    ):
        found.setdefault((row.name, paths.get(row.unit_id or "", "")), []).append(row.id)
    return found


def _posts(desk: Desk) -> dict[tuple[str, str], PostRow | None]:
    """Return the posts that are held today or will be, by person and role."""
    rows = desk.session.scalars(
        sa.select(PostRow)
        .where(
            PostRow.authority_id == desk.actor.authority_id,
            sa.or_(PostRow.valid_to.is_(None), PostRow.valid_to >= desk.today()),
        )
        .order_by(PostRow.valid_from.desc())
    )
    return {(row.person_id, row.role): row for row in rows}
