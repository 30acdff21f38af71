"""Yellow and red cards: acts on the record, given once for each deadline and colour."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from engine.desk.desk import Desk
from engine.desk.deviations import note_late
from engine.desk.facts import Fact
from engine.desk.holders import people_behind, people_in_role
from engine.desk.ladder import climb
from engine.desk.notices import tell
from engine.model.lamps import MarkKind
from engine.store.tables import Card, CaseRow, DeadlineRow, DueRow, WorkItemRow

_OPEN_WORK = sa.select(
    WorkItemRow.case_id, WorkItemRow.deadline_key, WorkItemRow.claimed_by, WorkItemRow.candidates
).where(
    WorkItemRow.case_id.in_(sa.bindparam("cases", expanding=True)),
    WorkItemRow.deadline_key.in_(sa.bindparam("deadlines", expanding=True)),
    sa.or_(WorkItemRow.state == "open", WorkItemRow.state == "claimed"),
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
    return holders_of_each(desk, [(case, deadline_key)])[0]


def holders_of_each(desk: Desk, work: Sequence[tuple[CaseRow, str]]) -> list[list[str]]:
    """Return who holds, or could take, the open work under each of several deadlines.

    Args:
        desk: Of the command.
        work: Cases, each with the key of a deadline; one question for all of them.

    Returns:
        Person ids for each, sorted, in the order of `work`.
    """
    cases = {case.id: case for case, _ in work}
    known = {"cases": list(cases), "deadlines": list({key for _, key in work})}
    people: dict[tuple[str, str], set[str]] = {}
    behind: dict[tuple[str, ...], list[str]] = {}
    for case_id, key, holder, candidates in desk.session.execute(_OPEN_WORK, known):
        case = cases[case_id]
        offered = (case.authority_id, *candidates)
        if not holder and offered not in behind:
            behind[offered] = people_behind(desk, case, candidates)
        people.setdefault((case_id, key), set()).update([holder] if holder else behind[offered])
    return [sorted(people.get((case.id, key), ())) for case, key in work]
