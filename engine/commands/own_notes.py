"""What one keeps about a case for oneself: watch it, tag it, look at it again on a day.

Nothing of the case changes by it, so nothing of it is on the case's record.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from engine.desk import Desk, Right
from engine.errors import NotFound, Refusal
from engine.store.tables import CaseRow, OwnNote

MOST_TAGS = 10
TAG_LENGTH = 20
TEXT_LENGTH = 200


def watch_case(desk: Desk, case_id: str, *, watched: bool) -> OwnNote:
    """Watch a case (关注), or watch it no longer.

    Raises:
        NotFound, Recused, NotAllowed: The actor may not see the case.
    """
    note = _note(desk, case_id)
    note.watched_at = (note.watched_at or desk.now()) if watched else None
    return note


def tag_case(desk: Desk, case_id: str, tags: Sequence[str]) -> OwnNote:
    """Put one's own tags on a case, in the place of those it had.

    Raises:
        NotFound, Recused, NotAllowed: The actor may not see the case.
        Refusal: They are too many or too long.
    """
    note = _note(desk, case_id)
    wanted = list(dict.fromkeys(one.strip() for one in tags if one.strip()))
    if len(wanted) > MOST_TAGS or any(len(one) > TAG_LENGTH for one in wanted):
        raise Refusal("note.tags", most=MOST_TAGS, length=TAG_LENGTH)
    note.tags = wanted
    return note


def follow_up(desk: Desk, case_id: str, on: date | None, *, what: str = "") -> OwnNote:
    """Have a case come up in one's inbox on a day; no day takes it away.

    Raises:
        NotFound, Recused, NotAllowed: The actor may not see the case.
        Refusal: The day has passed.
    """
    note = _note(desk, case_id)
    if on is not None and on < desk.today():
        raise Refusal("note.past", day=on.isoformat())
    note.follow_up_on = on
    note.follow_up = what.strip()[:TEXT_LENGTH] if on is not None else ""
    return note


def _note(desk: Desk, case_id: str) -> OwnNote:
    case = desk.session.get(CaseRow, case_id)
    if case is None:
        raise NotFound(case_id)
    desk.authorise(case, Right.SEE)
    note = desk.session.get(OwnNote, (desk.actor.person_id, case.id))
    if note is None:
        note = OwnNote(
            person_id=desk.actor.person_id, case_id=case.id, authority_id=case.authority_id
        )
        desk.session.add(note)
    return note
