"""Units of the organisation as they change: renamed, moved below another, closed, opened again."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from engine.commands.organise import SERVING
from engine.desk import Desk, Fact
from engine.desk.indexing import index_person
from engine.desk.organisation import must_be_open, unit_name, unit_state
from engine.desk.settings import SOURCE, note_change, optional_reasons
from engine.errors import Refusal
from engine.model.settings import Area
from engine.store.tables import PersonRow, PostRow, UnitRow


class UnitInUse(Refusal):
    """People serve in it, posts are held in it, or units stand below it."""


def describe_unit(
    desk: Desk, unit_id: str, name: str, *, parent_id: str | None = None, reasons: str = ""
) -> UnitRow:
    """Call a unit otherwise, or put it below another unit or at the top.

    What was done under the old name keeps it. Who stands above it is looked up anew at each
    step: steps that open afterwards, and acts on open ones, go by the new place.

    Args:
        desk: Of an administrator.
        unit_id: Which.
        name: In 1 to 100 characters.
        parent_id: The unit above; None for the top.
        reasons: Why, in up to 500 characters; may be empty.

    Raises:
        NotFound: The authority has no such unit, or none to put it below.
        NotAllowed: The actor is no administrator.
        Refusal: The name is empty or too long; it would stand below itself or below a
            closed unit; or it is so already.
    """
    desk.require_admin()
    unit = desk.own(UnitRow, unit_id, lock=True)
    put_unit(desk, unit, name=name, parent_id=parent_id, closed_on=unit.closed_on, reasons=reasons)
    return unit


def close_unit(desk: Desk, unit_id: str, *, reasons: str = "") -> UnitRow:
    """Close a unit (撤销): from today on it takes in nobody; what it was part of still names it.

    Args:
        desk: Of an administrator.
        unit_id: Which.
        reasons: Why, in up to 500 characters; may be empty.

    Raises:
        NotFound: The authority has no such unit.
        NotAllowed: The actor is no administrator.
        UnitInUse: People serve in it, posts run in it, or open units stand below it.
        Refusal: It is closed already.
    """
    desk.require_admin()
    unit = desk.own(UnitRow, unit_id, lock=True)
    day = unit.closed_on or desk.today()
    put_unit(desk, unit, name=unit.name, parent_id=unit.parent_id, closed_on=day, reasons=reasons)
    return unit


def reopen_unit(desk: Desk, unit_id: str, *, reasons: str = "") -> UnitRow:
    """Open a closed unit again.

    Args:
        desk: Of an administrator.
        unit_id: Which.
        reasons: Why, in up to 500 characters; may be empty.

    Raises:
        NotFound: The authority has no such unit.
        NotAllowed: The actor is no administrator.
        Refusal: It is open already, or the unit above it is closed.
    """
    desk.require_admin()
    unit = desk.own(UnitRow, unit_id, lock=True)
    put_unit(desk, unit, name=unit.name, parent_id=unit.parent_id, closed_on=None, reasons=reasons)
    return unit


def put_unit(
    desk: Desk,
    unit: UnitRow,
    *,
    name: str,
    parent_id: str | None,
    closed_on: date | None,
    reasons: str,
) -> None:
    """Let a unit be called, stand and be open as is said here, on the record and in the history.

    Raises:
        NotFound, UnitInUse, Refusal: As the commands of this module say.
    """
    called = unit_name(name)
    old = unit_state(desk, unit)
    if parent_id is not None and (parent_id != unit.parent_id or closed_on is None):
        _must_fit_below(desk, unit, must_be_open(desk.own(UnitRow, parent_id)))
    if closed_on is not None and unit.closed_on is None:
        _must_be_empty(desk, unit)
    unit.name, unit.parent_id, unit.closed_on = called, parent_id, closed_on
    new = unit_state(desk, unit)
    if new == old:
        raise Refusal("setting.same", rule=SOURCE)
    if new["name"] != old["name"]:
        people = sa.select(PersonRow).where(PersonRow.unit_id == unit.id)
        for person in desk.session.scalars(people).all():
            index_person(desk, person)
    desk.record(None, Fact.UNIT_CHANGED, unit=unit.id, before=old, after=new)
    note_change(desk, Area.UNIT, unit.id, old=old, new=new, reasons=optional_reasons(reasons))


def _must_fit_below(desk: Desk, unit: UnitRow, above: UnitRow) -> None:
    """Refuse a place below itself; the walk ends at the top, or where it has been."""
    seen: set[str] = set()
    one: UnitRow | None = above
    while one is not None and one.id not in seen:
        if one.id == unit.id:
            raise Refusal("unit.below_itself", rule=SOURCE, name=unit.name, above=above.name)
        seen.add(one.id)
        one = desk.session.get(UnitRow, one.parent_id) if one.parent_id is not None else None


def _must_be_empty(desk: Desk, unit: UnitRow) -> None:
    today = desk.today()
    counts = [
        desk.session.scalar(sa.select(sa.func.count()).where(*rule)) or 0
        for rule in (
            (PersonRow.unit_id == unit.id, PersonRow.status == SERVING),
            (
                PostRow.unit_id == unit.id,
                sa.or_(PostRow.valid_to.is_(None), PostRow.valid_to >= today),
            ),
            (UnitRow.parent_id == unit.id, UnitRow.closed_on.is_(None)),
        )
    ]
    if any(counts):
        people, posts, below = counts
        raise UnitInUse(
            "unit.in_use", rule=SOURCE, name=unit.name, people=people, posts=posts, units=below
        )
