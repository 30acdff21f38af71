"""Somebody leaves (离职转办): all work goes to another, item by item, each with its result."""

from __future__ import annotations

import sqlalchemy as sa

from engine.commands.hand_over import DEPARTED, put_into_hands
from engine.desk import Desk, Fact, Office, system_actor
from engine.desk.handing import DELEGATED, delegation_of, must_be_fit
from engine.desk.rights import Right
from engine.desk.signing import held_answers
from engine.errors import NotFound, Refusal
from engine.store.outbox import Job
from engine.store.tables import (
    Departure,
    DepartureItem,
    HandOver,
    InboxRow,
    PersonRow,
    WorkItemRow,
)

JOB = "departure"
RUNNING, STOPPED, DONE = "running", "stopped", "done"
WAITING, HANDED, REFUSED, GONE = "waiting", "handed", "refused", "gone"


def begin_departure(desk: Desk, person_id: str, to: str, *, reasons: str) -> Departure:
    """Begin to hand all work of a person to another; a job carries it on.

    What lies in the person's hands, what only the person is offered, and what the
    person has delegated are listed now; each is handed over in a transaction of its own.

    Args:
        desk: Of an administrator.
        person_id: Who leaves.
        to: Who takes over.
        reasons: Go on the record of each.

    Raises:
        NotAllowed: The actor is no administrator.
        NotFound: The authority has no such person.
        Refusal: Both are one, reasons are missing, or such a hand-over is running.

    Source: operations.md (离职转办); SUP-040 (离岗立即停用); proposed.
    """
    desk.require_admin()
    for one in (person_id, to):
        desk.own(PersonRow, one)
    if person_id == to:
        raise Refusal("departure.oneself")
    if not reasons.strip():
        raise Refusal("reasons.missing", rule="SUP-001")
    # whoever begins at the same time waits here, and finds what the first has begun
    desk.session.get_one(PersonRow, person_id, with_for_update=True)
    if desk.session.scalar(
        sa.select(Departure.id).where(Departure.person_id == person_id, Departure.state == RUNNING)
    ):
        raise Refusal("departure.running")
    row = Departure(
        authority_id=desk.actor.authority_id,
        person_id=person_id,
        to_id=to,
        reasons=reasons.strip(),
        started_by=desk.actor.person_id,
        started_at=desk.now(),
    )
    desk.session.add(row)
    desk.session.flush()
    items = _work_of(desk, person_id)
    desk.session.add_all(
        DepartureItem(departure_id=row.id, work_item_id=item, case_id=case) for item, case in items
    )
    desk.record(
        None,
        Fact.DEPARTURE_BEGUN,
        departure=row.id,
        person=person_id,
        to=to,
        items=len(items),
        reasons=reasons[:400],
    )
    desk.enqueue(JOB, f"{JOB}:{row.id}", {"departure": row.id, "authority": row.authority_id})
    return row


def hand_over_departing(desk: Desk, work_item_id: str, departure_id: str) -> DepartureItem:
    """Hand one item of a departure over, or note why not; given again it changes nothing.

    Role and conflicts of the receiver are looked at for this very step. The clockwork
    gives this command.

    Raises:
        NotFound: The departure has no such item.
    """
    line = desk.session.get(DepartureItem, (departure_id, work_item_id))
    if line is None:
        raise NotFound(work_item_id)
    departure = desk.session.get_one(Departure, departure_id)
    case = desk.case_of_item(work_item_id, may=Right.ADVANCE)
    desk.session.refresh(line)
    if line.result != WAITING:
        return line
    item = desk.session.get_one(WorkItemRow, work_item_id, populate_existing=True)
    line.done_at = desk.now()
    whose = departure.person_id
    delegation = delegation_of(desk, item) if DELEGATED in item.holds else None
    is_offered = item.state == "open" and f"p:{whose}" in item.candidates
    is_delegated = delegation is not None and delegation.from_id == whose
    waits = item.state in {"open", "claimed"}
    if not waits or not (item.claimed_by == whose or is_offered or is_delegated):
        line.result = GONE
        return line
    try:
        must_be_fit(desk, case, item, departure.to_id)
        _must_be_free(desk, item, whose)
    except Refusal as refused:
        line.result, line.message = REFUSED, refused.message_id
        line.params = {key: str(value) for key, value in refused.params.items()}
        return line
    line.result = HANDED
    if delegation is not None:
        delegation.from_id = departure.to_id  # it comes back to who takes over
        desk.record(
            case,
            Fact.WORK_TRANSFERRED,
            item=item.id,
            element=item.element,
            kind=DEPARTED,
            before=whose,
            to=departure.to_id,
            by=departure.started_by,
            reasons=departure.reasons[:400],
        )
        return line
    put_into_hands(
        desk,
        case,
        item,
        departure.to_id,
        kind=DEPARTED,
        by=departure.started_by,
        reasons=departure.reasons,
        whose=whose,
    )
    return line


def stop_departure(desk: Desk, departure_id: str) -> Departure:
    """Stop a hand-over that is running; what was handed over stays so.

    Raises:
        NotAllowed: The actor is no administrator.
        NotFound: There is none.
        Refusal: It runs no longer.
    """
    desk.require_admin()
    row = desk.own(Departure, departure_id, lock=True)
    if row.state != RUNNING:
        raise Refusal("departure.over")
    row.state, row.ended_at = STOPPED, desk.now()
    desk.record(None, Fact.DEPARTURE_STOPPED, departure=row.id, person=row.person_id)
    return row


def end_departure(desk: Desk, departure_id: str) -> Departure:
    """Close a departure whose items have all been tried, and tell who takes over.

    Given again, or after a stop, it changes nothing. The clockwork gives this command.
    """
    row = desk.session.get_one(Departure, departure_id, with_for_update=True)
    if row.state != RUNNING:
        return row
    row.state, row.ended_at = DONE, desk.now()
    handed = desk.session.scalar(
        sa.select(sa.func.count()).where(
            DepartureItem.departure_id == row.id, DepartureItem.result == HANDED
        )
    )
    desk.record(
        None, Fact.DEPARTURE_DONE, departure=row.id, person=row.person_id, handed=handed or 0
    )
    desk.notify(
        row.to_id,
        "departure.done",
        {
            "zh": f"因人员变动，{handed}个事项已转由您办理。",
            "en": f"{handed} work items of somebody who left have been transferred to you.",
        },
    )
    return row


def carry_departure(office: Office, job: Job) -> None:
    """Do a job of kind ``departure``: item by item until none waits or somebody stops it."""
    departure_id = str(job.payload["departure"])
    system = system_actor(str(job.payload["authority"]))
    while item := office.ask(system, _next_of, departure_id):
        office.give(system, hand_over_departing, item, departure_id)
    office.give(system, end_departure, departure_id)


def _must_be_free(desk: Desk, item: WorkItemRow, whose: str) -> None:
    """Refuse what waits for signatures, or was only delegated to who leaves."""
    if held_answers(desk, item) is not None:
        raise Refusal("departure.signing", item=item.name)
    if DELEGATED in item.holds and item.claimed_by == whose:
        raise Refusal("departure.delegate", item=item.name)


def _next_of(desk: Desk, departure_id: str) -> str | None:
    return desk.session.scalar(
        sa.select(DepartureItem.work_item_id)
        .join(Departure, Departure.id == DepartureItem.departure_id)
        .where(
            DepartureItem.departure_id == departure_id,
            DepartureItem.result == WAITING,
            Departure.state == RUNNING,
        )
        .order_by(DepartureItem.work_item_id)
        .limit(1)
    )


def _work_of(desk: Desk, person_id: str) -> list[tuple[str, str]]:
    """Return the person's work items with their cases: held, offered to nobody else, delegated."""
    listed = desk.session.execute(
        sa.select(
            WorkItemRow.id, WorkItemRow.case_id, WorkItemRow.claimed_by, WorkItemRow.candidates
        )
        .join(InboxRow, InboxRow.work_item_id == WorkItemRow.id)
        .where(InboxRow.principal == f"p:{person_id}", WorkItemRow.state.in_(("open", "claimed")))
    )
    found = {
        row.id: row.case_id
        for row in listed
        if row.claimed_by == person_id
        or (row.claimed_by is None and list(row.candidates) == [f"p:{person_id}"])
    }
    delegated = desk.session.execute(
        sa.select(HandOver.work_item_id, HandOver.case_id).where(
            HandOver.from_id == person_id, HandOver.kind == DELEGATED, HandOver.state == "in_force"
        )
    )
    found |= {row.work_item_id: row.case_id for row in delegated}
    return sorted(found.items())
