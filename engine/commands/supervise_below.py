"""Watch over cases of authorities below as they grant it: look, ask, be answered (督办)."""

from __future__ import annotations

from datetime import date, timedelta

import sqlalchemy as sa

from engine.desk import Desk, Fact, Right
from engine.desk.conflicts import bar_conflicts
from engine.desk.notices import tell
from engine.desk.reasons import reason_for_looking
from engine.desk.supervising import (
    LISTED,
    LOOKED,
    SOURCE,
    UNANSWERED,
    answerers,
    grant_for,
    grants_here,
    must_watch,
    reason_given,
)
from engine.errors import NotFound, Refusal
from engine.model.periods import expires_at
from engine.store.access import note_look
from engine.store.tables import CaseRow, DueRow, SupervisionGrant, SupervisionNotice

LONGEST = 2_000
LONGEST_WAIT = timedelta(days=366)
"""How far ahead the day of an answer lies at most; proposed."""


def list_below(desk: Desk) -> list[SupervisionGrant]:
    """Note a look at the list of cases that are watched from above; return the grants for it.

    Each authority below finds it on its own access record, with who looked and by which grant.

    Raises:
        NotAllowed: The actor is no supervision officer.

    Source: SUP-001, SUP-042.
    """
    must_watch(desk)
    grants = grants_here(desk)
    for grant in grants:
        _note(desk, grant, None, LISTED, grant.reasons[:400])
    return grants


def look_below(desk: Desk, case_id: str, *, reason: str = "") -> SupervisionGrant:
    """Note a look at a case of an authority below, with the reason for it; return the grant.

    A reason is asked for once a day and case; each look is noted, with it.

    Args:
        desk: Of a supervision officer of an authority above.
        case_id: The case.
        reason: Why one looks, 4 to 400 characters; may be empty later on the same day.

    Raises:
        NotFound: There is none, or the authority below does not let it be watched.
        Recused: A recusal or a conflict of interest bars the actor.
        NotAllowed: The actor knows of the case by another part in it, and does not watch.
        Refusal: The reason is missing or too long.

    Source: SUP-042, SUP-062; S4范文1§14.
    """
    case, grant = _watched(desk, case_id)
    given = reason or reason_given(desk, case.id)
    _note(desk, grant, case, LOOKED, reason_for_looking(given, "supervision.reason", rule=SOURCE))
    return grant


def ask_below(desk: Desk, case_id: str, *, text: str, answer_by: date) -> SupervisionNotice:
    """Send a notice about a case that the authority below has to answer (督办通知).

    It goes to its supervision officers and to who has the work. One that nobody answers in time
    is a finding there, and is told to both sides.

    Args:
        desk: Of a supervision officer of an authority above.
        case_id: The case.
        text: What is asked.
        answer_by: The last day for the answer, after today, at most 366 days ahead.

    Raises:
        NotFound, Recused, NotAllowed: As `look_below` says.
        Refusal: The case is closed, an earlier notice of the authority waits for its answer,
            the text is missing or too long, or the day does not do.

    Source: SUP-042; S4范文1§14 (对上级负责); the answer and its day are proposed.
    """
    case, grant = _watched(desk, case_id, lock=True)
    calendar = desk.calendar(case.authority_id)
    if case.closed_at is not None:
        raise Refusal("supervision.closed", rule=SOURCE, case=case.number)
    if not text.strip() or len(text) > LONGEST:
        raise Refusal("supervision.text", rule=SOURCE, most=LONGEST)
    if not timedelta() < answer_by - calendar.day_of(desk.now()) <= LONGEST_WAIT:
        raise Refusal(
            "supervision.answer_by",
            rule=SOURCE,
            day=answer_by.isoformat(),
            longest=LONGEST_WAIT.days,
        )
    known = desk.session.scalars(
        sa.select(SupervisionNotice).where(SupervisionNotice.case_id == case.id)
    ).all()
    if any(one.superior_id == grant.superior_id and one.answered_at is None for one in known):
        raise Refusal("supervision.waits", rule=SOURCE, case=case.number)
    row = SupervisionNotice(
        authority_id=case.authority_id,
        case_id=case.id,
        superior_id=grant.superior_id,
        number=len(known) + 1,
        text=text.strip(),
        answer_by=answer_by,
        sent_by=desk.actor.person_id,
        sent_at=desk.now(),
    )
    desk.session.add(row)
    desk.session.flush()
    desk.session.add(
        DueRow(
            authority_id=case.authority_id,
            case_id=case.id,
            kind=UNANSWERED,
            ref=row.id,
            due_at=expires_at(answer_by, calendar),
        )
    )
    told = tell(
        desk,
        case,
        answerers(desk, case),
        "supervision.noticed",
        last_day=answer_by.isoformat(),
    )
    desk.record(
        case,
        Fact.SUPERVISION_ASKED,
        notice=row.id,
        number=row.number,
        superior=grant.superior_id,
        grant=grant.id,
        answer_by=answer_by.isoformat(),
        text=row.text[:400],
        told=told,
    )
    return row


def answer_above(desk: Desk, notice_id: str, *, answer: str) -> SupervisionNotice:
    """Answer what an authority above asked about a case; once, late where it is late.

    Args:
        desk: Of who handles the case, or supervises at its authority.
        notice_id: The notice.
        answer: What is answered; it is shown to the authority above as it stands.

    Raises:
        NotFound: There is none, or the actor may not know of its case.
        Recused: A recusal or a conflict of interest bars the actor.
        NotAllowed: The actor neither handles nor supervises.
        Refusal: It has been answered, or the answer is missing or too long.

    Source: SUP-042; S4范文1§14.
    """
    row = desk.session.get(SupervisionNotice, notice_id)
    if row is None:
        raise NotFound(notice_id)
    case = desk.case(row.case_id, may=Right.ANSWER)
    desk.session.refresh(row, with_for_update=True)
    bar_conflicts(desk, case, desk.actor.person_id)
    if row.answered_at is not None:
        raise Refusal("supervision.answered", rule=SOURCE, number=row.number)
    if not answer.strip() or len(answer) > LONGEST:
        raise Refusal("supervision.text", rule=SOURCE, most=LONGEST)
    row.answer, row.answered_by, row.answered_at = (
        answer.strip(),
        desk.actor.person_id,
        desk.now(),
    )
    desk.session.execute(
        sa.update(DueRow)
        .where(DueRow.ref == row.id, DueRow.kind == UNANSWERED, DueRow.state == "armed")
        .values(state="withdrawn")
    )
    late = desk.calendar(case.authority_id).day_of(desk.now()) > row.answer_by
    told = tell(desk, case, {row.sent_by}, "supervision.answered")
    desk.record(
        case,
        Fact.SUPERVISION_ANSWERED,
        notice=row.id,
        number=row.number,
        late=late,
        text=row.answer[:400],
        told=told,
    )
    return row


def _watched(desk: Desk, case_id: str, *, lock: bool = False) -> tuple[CaseRow, SupervisionGrant]:
    """Return a case that the actor watches over from above, and by which grant."""
    case = desk.case(case_id, may=Right.OVERSEE) if lock else desk.session.get(CaseRow, case_id)
    if case is None:
        raise NotFound(case_id)
    if not lock:
        desk.authorise(case, Right.OVERSEE)
    bar_conflicts(desk, case, desk.actor.person_id)
    grant = grant_for(desk, case)
    if grant is None:
        raise NotFound(case_id)
    return case, grant


def _note(
    desk: Desk, grant: SupervisionGrant, case: CaseRow | None, what: str, reason: str
) -> None:
    note_look(
        desk.session,
        authority_id=grant.authority_id,
        case_id=case.id if case is not None else None,
        person_id=desk.actor.person_id,
        what=what,
        ref=grant.id,
        reason=reason,
        at=desk.now(),
    )
