"""Yellow and red cards: acts on the record, given once for each deadline and colour."""

from __future__ import annotations

import sqlalchemy as sa

from engine.desk.desk import Desk
from engine.desk.deviations import note_late
from engine.desk.facts import Fact
from engine.desk.holders import people_behind, people_in_role
from engine.desk.ladder import climb
from engine.desk.notices import tell
from engine.model.lamps import MarkKind
from engine.store.prepared import Prepared
from engine.store.tables import Card, CaseRow, DeadlineRow, DueRow, WorkItemRow
from engine.store.waiting import asked

_OPEN_WORK = Prepared(
    sa.select(WorkItemRow.claimed_by, WorkItemRow.candidates).where(
        WorkItemRow.case_id == sa.bindparam("case"),
        WorkItemRow.deadline_key == sa.bindparam("deadline"),
        sa.or_(WorkItemRow.state == "open", WorkItemRow.state == "claimed"),
    )
)


def give_card(desk: Desk, case: CaseRow, row: DeadlineRow, due: DueRow) -> Card | None:
    """Give the card that `due` stands for, tell whom it concerns, and mark it fired.

    Whoever holds the work is told, and the role that the procedure names. The
    card's instant is the one at which it fell due, however late the sweep comes.

    Returns:
        The card; None if the deadline already has one of this colour.

    Source: supervision 督办牌规则, SUP-003, SUP-053; proposed.
    """
    due.state, due.fired_at = "fired", desk.now()
    colour = due.kind
    if desk.session.scalar(
        sa.select(Card.id).where(Card.deadline_id == row.id, Card.colour == colour)
    ):
        return None
    rule = desk.version(case).deadline(row.key)
    holders = holders_of(desk, case, row.key)
    told = set(holders)
    for act in rule.on_expiry:
        if act.kind.value.startswith(colour) and act.tell:
            told |= set(people_in_role(desk, case, str(act.tell)))
    named = tell(
        desk,
        case,
        told,
        f"deadline.{colour}",
        title=rule.title.zh,
        last_day=row.last_day.isoformat(),
    )
    card = Card(
        authority_id=case.authority_id,
        case_id=case.id,
        deadline_id=row.id,
        colour=colour,
        given_on=desk.calendar(case.authority_id).day_of(due.due_at),
        given_at=desk.now(),
        told=named,
        holders=holders,
        reason=row.key,
    )
    desk.session.add(card)
    desk.record(
        case,
        Fact.CARD_GIVEN,
        colour=colour,
        deadline=row.key,
        round=row.round,
        last_day=row.last_day.isoformat(),
        given_on=card.given_on.isoformat(),
        told=named,
    )
    note_late(desk, case, colour, rule.title.zh)
    if colour == MarkKind.YELLOW:
        climb(desk, case, row)
    return card


def holders_of(desk: Desk, case: CaseRow, deadline_key: str) -> list[str]:
    """Return who holds, or could take, the open work under a deadline."""
    people: set[str] = set()
    known = {"case": case.id, "deadline": deadline_key}
    for holder, candidates in asked(desk.session, _OPEN_WORK, known, WorkItemRow):
        people |= {holder} if holder else set(people_behind(desk, case, candidates))
    return sorted(people)
