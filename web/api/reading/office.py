"""The register and what runs late, as programs read them."""

from __future__ import annotations

from dataclasses import dataclass

from engine.commands.accounts import accounts_in
from engine.desk import Desk
from engine.desk.views.oversight import late_work
from engine.desk.views.register import every_unit, person_card
from engine.model.lamps import Lamp
from engine.model.texts import Text
from engine.store.tables import (
    PersonRow,
    PostRow,
    UnitRow,
)


@dataclass(frozen=True, slots=True)
class Post:
    """A post with the name of its unit."""

    row: PostRow
    unit: str


@dataclass(frozen=True, slots=True)
class Person:
    """A person of the register with posts and relations."""

    row: PersonRow
    unit: str
    posts: tuple[Post, ...]
    accounts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LateDeadline:
    """A deadline of work that is near or over; no content of its case."""

    case_number: str
    procedure: Text
    key: str
    title: Text
    lamp: Lamp
    remaining: int
    unit: str
    is_overdue: bool
    holders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LateDeadlines:
    """A page of them; `after` opens the next one, "" on the last."""

    lines: tuple[LateDeadline, ...]
    after: str


def one_person(desk: Desk, person_id: str) -> Person:
    """Return a person of the register.

    Raises:
        NotFound, NotAllowed: As `person_card` says.
    """
    card = person_card(desk, person_id)
    return Person(
        row=card.row,
        unit=card.unit,
        posts=tuple(Post(row, unit) for row, unit in card.posts),
        accounts=tuple(one.name for one in card.accounts),
    )


def all_units(desk: Desk) -> list[UnitRow]:
    """Return the units of the authority, by name, the closed ones with the day of it.

    Raises:
        NotAllowed: The person is no administrator.
    """
    desk.require_admin()
    return every_unit(desk)


def log_ins(desk: Desk) -> list[str]:
    """Return the names of the authority's log-ins.

    Raises:
        NotAllowed: The person is no administrator.
    """
    return [one.name for one in accounts_in(desk)]


def late(desk: Desk, *, after: str = "", limit: int = 50) -> LateDeadlines:
    """Return the deadlines of work that are near or over, the earliest first.

    Raises:
        NotAllowed: The person neither administers nor supervises.
    """
    page = late_work(desk, after=after, limit=limit)
    lines = tuple(
        LateDeadline(
            case_number=one.case_number,
            procedure=one.procedure,
            key=str(one.deadline.rule.key),
            title=one.deadline.rule.title,
            lamp=one.lamp,
            remaining=one.remaining.count,
            unit=str(one.remaining.unit.value),
            is_overdue=one.remaining.is_overdue,
            holders=one.holders,
        )
        for one in page.lines
    )
    return LateDeadlines(lines, page.after)
