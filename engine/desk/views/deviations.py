"""The list of deviations (偏差清单), for supervision officers."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from engine.desk.desk import Desk
from engine.desk.deviations import CONFIRMED, OPEN, SOURCE
from engine.desk.holders import names_of
from engine.desk.rights import Relation
from engine.desk.views.inbox import barred_cases
from engine.desk.views.seeing import HIDDEN, hidden_people
from engine.errors import NotAllowed
from engine.store.tables import CaseRow, Deviation

MOST = 200


@dataclass(frozen=True, slots=True)
class DeviationLine:
    """A finding with names.

    Attributes:
        person: Who; empty for the platform, `hidden` for a reporter (SUP-014).
        case_number: Empty where it concerns the platform.
        settled_by: Empty while it is open.
    """

    row: Deviation
    person: str
    case_number: str
    settled_by: str


def deviations(desk: Desk, *, is_settled: bool = False) -> tuple[DeviationLine, ...]:
    """Return the authority's findings, the newest first; at most 200.

    Of a case about oneself, or from which one is recused, there are none (SUP-013, SUP-017).

    Args:
        desk: Of a supervision officer.
        is_settled: Those that were acknowledged, dismissed or lifted, instead of those
            that wait or stop something.

    Raises:
        NotAllowed: The reader is no supervision officer.

    Source: SUP-006.
    """
    if Relation.SUPERVISION.value not in desk.roles_held():
        raise NotAllowed("deviation.not_supervision", rule=SOURCE)
    live = Deviation.state.in_((OPEN, CONFIRMED))
    found = list(
        desk.session.execute(
            sa.select(Deviation, CaseRow)
            .outerjoin(CaseRow, CaseRow.id == Deviation.case_id)
            .where(
                Deviation.authority_id == desk.actor.authority_id,
                sa.not_(live) if is_settled else live,
                sa.or_(Deviation.case_id.is_(None), Deviation.case_id.not_in(barred_cases(desk))),
            )
            .order_by(Deviation.last_at.desc(), Deviation.id.desc())
            .limit(MOST)
        ).all()
    )
    rows: list[tuple[Deviation, CaseRow | None]] = [(row[0], row[1]) for row in found]
    people = {row.person_id for row, _ in rows} | {row.settled_by for row, _ in rows}
    names = names_of(desk, {one for one in people if one})
    hidden = {case.id: hidden_people(desk, case) for _, case in rows if case is not None}
    return tuple(
        DeviationLine(
            row,
            HIDDEN
            if row.person_id in hidden.get(row.case_id or "", ())
            else names.get(row.person_id, ""),
            case.number if case is not None else "",
            names.get(row.settled_by or "", ""),
        )
        for row, case in rows
    )
