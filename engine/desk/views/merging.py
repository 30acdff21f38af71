"""Which cases may be the same matter, and which were merged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from engine.desk.desk import Desk
from engine.desk.holders import SUBJECT, participants
from engine.desk.rights import Right
from engine.desk.views.accompanying import case_is_seen
from engine.desk.views.case_list import CaseLine, case_line
from engine.desk.views.seeing import seen
from engine.store.tables import CaseRow, Participant

MOST_LIKELY = 20


@dataclass(frozen=True, slots=True)
class Mergers:
    """What a case was merged into, and what into it, as far as the reader may see it."""

    into: CaseLine | None
    merged: tuple[CaseLine, ...]


def mergers(desk: Desk, case_id: str) -> Mergers:
    """Return the mergers of a case.

    Raises:
        NotFound, Recused, NotAllowed: As `engine.desk.views.seeing.seen` says.
    """
    case = seen(desk, case_id, (Right.SEE, Right.WATCH))
    others = desk.session.scalars(
        sa.select(CaseRow).where(CaseRow.merged_into_id == case.id).order_by(CaseRow.opened_at)
    ).all()
    into = desk.session.get(CaseRow, case.merged_into_id) if case.merged_into_id else None
    return Mergers(
        case_line(into) if into is not None and case_is_seen(desk, into) else None,
        _lines(desk, others),
    )


def likely_duplicates(desk: Desk, case_id: str) -> tuple[CaseLine, ...]:
    """Return open cases of the same procedure on the same person, the earliest first.

    Whether they are the same matter is for a person to say; only those are named that the
    reader may see.

    Raises:
        NotFound, Recused, NotAllowed: As `engine.desk.views.seeing.seen` says.

    Source: procedures C01 ② (查重并案); proposed.
    """
    case = seen(desk, case_id, (Right.SEE,))
    subjects = participants(desk, case, SUBJECT)
    if not subjects or case.closed_at is not None:
        return ()
    same = sa.select(Participant.case_id).where(
        Participant.person_id.in_(subjects),
        Participant.role == SUBJECT,
        Participant.until_at.is_(None),
    )
    rows = desk.session.scalars(
        sa.select(CaseRow)
        .where(
            CaseRow.id.in_(same),
            CaseRow.id != case.id,
            CaseRow.authority_id == case.authority_id,
            CaseRow.procedure == case.procedure,
            CaseRow.closed_at.is_(None),
        )
        .order_by(CaseRow.opened_at, CaseRow.id)
        .limit(MOST_LIKELY)
    ).all()
    return _lines(desk, rows)


def _lines(desk: Desk, rows: Sequence[CaseRow]) -> tuple[CaseLine, ...]:
    return tuple(case_line(row) for row in rows if case_is_seen(desk, row))
