"""Move somebody to another unit, or call the post of somebody otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.desk import Desk, Fact
from engine.desk.indexing import index_person
from engine.desk.organisation import must_be_open, person_state, person_title
from engine.desk.settings import SOURCE, note_change, optional_reasons
from engine.errors import Refusal
from engine.model.settings import Area
from engine.store.tables import PersonRow, UnitRow

if TYPE_CHECKING:
    from collections.abc import Mapping


def move_person(
    desk: Desk, person_id: str, *, unit_id: str | None, title: str, reasons: str = ""
) -> PersonRow:
    """Say to what unit a person belongs and what the person's post is called.

    Conflicts of interest (同一单位) are looked at by the new unit from the next act on. Work that
    waits stays with those to whom it was offered; what is offered from now on, or anew after a
    recusal or a repair, goes by the new unit, and so do the units above it. A case that was
    opened on the person keeps the unit and the title of its day. Posts stay where they are held:
    who leaves one is given its last day by `end_post`, and until then the unit of the post counts
    among the person's own.

    Args:
        desk: Of an administrator.
        person_id: Which.
        unit_id: The unit; None for none.
        title: The post as people call it, in up to 100 characters; may be empty.
        reasons: Why, in up to 500 characters; may be empty.

    Raises:
        NotFound: The authority has no such person or unit.
        NotAllowed: The actor is no administrator.
        Refusal: The unit is closed, the title or the reasons are too long, or it is so already.

    Source: SUP-017; issue 7 (every setting change is versioned, on the record and revertible).
    """
    desk.require_admin()
    person = desk.own(PersonRow, person_id, lock=True)
    called = person_title(title)
    old = person_state(desk, person)
    if unit_id is not None and unit_id != person.unit_id:
        # locked, so that nobody closes it as empty meanwhile
        must_be_open(desk.own(UnitRow, unit_id, lock=True))
    person.unit_id, person.title = unit_id, called
    new = person_state(desk, person)
    if new == old:
        raise Refusal("setting.same", rule=SOURCE)
    index_person(desk, person)
    desk.record(None, Fact.PERSON_CHANGED, person=person.id, before=_told(old), after=_told(new))
    note_change(desk, Area.PERSON, person.id, old=old, new=new, reasons=optional_reasons(reasons))
    return person


def _told(state: Mapping[str, object]) -> dict[str, object]:
    """Return a state as the record has it, which names the person already."""
    return {key: value for key, value in state.items() if key != "person"}
