"""Send a case to somebody to read (抄送), and confirm that one has read it (已阅)."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from engine.desk import Desk, Fact, Right
from engine.desk.notices import tell
from engine.desk.reported import may_read, must_not_reach_reported
from engine.errors import NotFound, Refusal
from engine.store.tables import CopyRow, PersonRow

SOURCE = "operations, 抄送"
MOST = 50
NOTE_LENGTH = 400


def send_copies(desk: Desk, case_id: str, people: Collection[str], *, note: str = "") -> int:
    """Send a case to people of the authority to read; return how many are new.

    A copy gives no right: whoever may not see the case is not sent one. Whoever has it already
    is not told again.

    Args:
        desk: Of somebody who handles the case.
        case_id: The case.
        people: To whom.
        note: A word with it; on the record.

    Raises:
        NotFound: No such case, or no such person at the authority.
        NotAllowed, Recused: The actor does not handle the case.
        GoesToReported: One of them is the subject, or of the subject's unit (SUP-013).
        Refusal: One of them may not see the case, or there are none or too many.

    Source: operations, 抄送 (no token; a read receipt); SUP-013, SUP-016.
    """
    case = desk.case(case_id, may=Right.SEE_FILE)
    wanted = sorted(set(people) - {desk.actor.person_id})
    if not wanted or len(wanted) > MOST:
        raise Refusal("copy.how_many", most=MOST)
    named = {}
    for person_id in wanted:
        person = desk.session.get(PersonRow, person_id)
        if person is None or person.authority_id != case.authority_id:
            raise NotFound(person_id)
        named[person_id] = person.name
    for person_id, name in named.items():
        must_not_reach_reported(desk, case, person_id)
        if not may_read(desk, case, person_id, Right.SEE):
            raise Refusal("copy.may_not_see", rule=SOURCE, name=name, case=case.number)
    have = set(
        desk.session.scalars(
            sa.select(CopyRow.person_id).where(
                CopyRow.case_id == case.id, CopyRow.person_id.in_(wanted)
            )
        )
    )
    new = [one for one in wanted if one not in have]
    for person_id in new:
        desk.session.add(
            CopyRow(
                authority_id=case.authority_id,
                case_id=case.id,
                person_id=person_id,
                note=note.strip()[:NOTE_LENGTH],
                sent_by=desk.actor.person_id,
                sent_at=desk.now(),
            )
        )
    if new:
        tell(desk, case, new, "copy.sent")
        desk.record(case, Fact.COPY_SENT, people=new, note=note.strip()[:NOTE_LENGTH])
    return len(new)


def read_copy(desk: Desk, copy_id: str) -> CopyRow:
    """Confirm that one has read a case that was copied to one; once.

    Raises:
        NotFound: There is none for the actor.
        Recused, NotAllowed: The actor may not see the case any more.
    """
    row = desk.session.get(CopyRow, copy_id)
    if row is None or row.person_id != desk.actor.person_id:
        raise NotFound(copy_id)
    case = desk.case(row.case_id, may=Right.SEE)
    desk.session.refresh(row, with_for_update=True)
    if row.read_at is None:
        row.read_at = desk.now()
        desk.record(case, Fact.COPY_READ, person=row.person_id)
    return row
