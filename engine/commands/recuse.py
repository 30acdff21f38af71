"""Recusal (回避): declare an interest, ask for somebody's recusal, decide on it."""

from __future__ import annotations

import sqlalchemy as sa

from engine.desk import Desk, Fact, Right
from engine.desk.advance import set_variables
from engine.desk.conflicts import INVESTIGATORS
from engine.desk.deadlines import state_fact
from engine.desk.holders import SUBJECT, participants, people_in_role
from engine.desk.notices import tell
from engine.desk.working import give_back, reoffer
from engine.errors import NotAllowed, NotFound, Refusal
from engine.model.conflicts import RECUSAL_SOURCE
from engine.store.tables import CaseRow, Participant, PersonRow, Recusal, WorkItemRow

CHIEF = "supervisory_board"


class RecusalSettled(Refusal):
    """There is an application on this person already, or it has been decided."""


def declare_interest(desk: Desk, case_id: str, *, reasons: str) -> Recusal:
    """Declare an interest of one's own; contact with the file stops until it is decided.

    Raises:
        NotFound, Recused, NotAllowed: As `Desk.case` says.
        RecusalSettled: There is an application already.
        Refusal: The actor is the subject, who handles nothing, or the reasons are missing.

    Source: S0篇1§14; procedures C03 ①.
    """
    case = desk.case(case_id, may=Right.REQUEST)
    return _ask(desk, case, desk.actor.person_id, kind="declared", reasons=reasons)


def request_recusal(desk: Desk, case_id: str, person_id: str, *, reasons: str) -> Recusal:
    """Ask that somebody who handles the case be recused; contact stops until decided.

    The period of the investigation goes on (C03).

    Args:
        desk: Of the subject, or of somebody who handles the case.
        case_id: The case.
        person_id: Who should not act in it.
        reasons: Why; what the decision weighs.

    Raises:
        NotFound: No such case, or no such person at the authority.
        RecusalSettled: There is an application already.
        Refusal: The person is the subject, who handles nothing, or the reasons are missing.

    Source: S0篇1§14; procedures C03 ②.
    """
    case = desk.case(case_id, may=Right.REQUEST)
    person = desk.session.get(PersonRow, person_id)
    if person is None or person.authority_id != case.authority_id:
        raise NotFound(person_id)
    return _ask(desk, case, person_id, kind="applied", reasons=reasons)


def decide_recusal(desk: Desk, recusal_id: str, *, granted: bool, reasons: str) -> Recusal:
    """Decide on an application: grant it and replace the handler, or reject it with reasons.

    Granted, the person's work goes back to the others, the part in the investigation
    ends, and what the person did is to be looked at again. No deadline starts anew.

    Raises:
        NotFound: There is none, or the actor may not know of the case.
        NotAllowed: The actor's role does not decide, or it is on the actor.
        RecusalSettled: It has been decided.
        Refusal: The reasons are missing.

    Source: S0篇1§14; procedures C03 (who decides is proposed).
    """
    recusal = desk.session.get(Recusal, recusal_id)
    if recusal is None:
        raise NotFound(recusal_id)
    case = desk.case(recusal.case_id, may=Right.DECIDE)
    desk.session.refresh(recusal, with_for_update=True)
    if recusal.state != "pending":
        raise RecusalSettled("recusal.decided", rule=RECUSAL_SOURCE, state=recusal.state)
    if desk.actor.person_id in {recusal.person_id, recusal.requested_by}:
        raise NotAllowed("recusal.own", rule=RECUSAL_SOURCE)
    if desk.standing(case).roles.isdisjoint(deciders_of(desk, case)):
        raise NotAllowed("recusal.not_decider", rule=RECUSAL_SOURCE)
    _must_have(reasons)
    recusal.state = "granted" if granted else "rejected"
    recusal.decided_by = desk.actor.person_id
    recusal.decided_at = desk.now()
    recusal.decision_reasons = reasons
    desk.record(
        case,
        Fact.RECUSAL_DECIDED,
        person=recusal.person_id,
        granted=granted,
        kind=recusal.kind,
    )
    state_fact(desk, case, "recusal_decided", happened_on=desk.today())
    if granted:
        replace_handler(desk, case, recusal.person_id)
    told = {recusal.person_id, recusal.requested_by}
    tell(desk, case, told, "recusal.granted" if granted else "recusal.rejected")
    return recusal


def deciders_of(desk: Desk, case: CaseRow) -> frozenset[str]:
    """Return the roles that decide on recusals: the parameter `recusal.deciders`.

    Source: procedures C03, "组织调查的机关负责人", proposed.
    """
    recusal = desk.version(case).parameters.get("recusal", {})
    named = recusal.get("deciders", CHIEF) if isinstance(recusal, dict) else CHIEF
    return frozenset(part.strip() for part in str(named).split(";") if part.strip())


def _ask(desk: Desk, case: CaseRow, person_id: str, *, kind: str, reasons: str) -> Recusal:
    _must_have(reasons)
    if person_id in participants(desk, case, SUBJECT):
        raise Refusal("recusal.subject", rule=RECUSAL_SOURCE, case=case.number)
    earlier = desk.session.scalar(
        sa.select(Recusal.state).where(
            Recusal.case_id == case.id,
            Recusal.person_id == person_id,
            Recusal.state.in_(("pending", "granted")),
        )
    )
    if earlier is not None:
        raise RecusalSettled("recusal.asked", rule=RECUSAL_SOURCE, state=earlier)
    recusal = Recusal(
        authority_id=case.authority_id,
        case_id=case.id,
        person_id=person_id,
        kind=kind,
        state="pending",
        reasons=reasons,
        requested_by=desk.actor.person_id,
        requested_at=desk.now(),
    )
    desk.session.add(recusal)
    desk.session.flush()
    fact = Fact.INTEREST_DECLARED if kind == "declared" else Fact.RECUSAL_REQUESTED
    desk.record(case, fact, person=person_id, recusal=recusal.id)
    state_fact(desk, case, "recusal_requested", happened_on=desk.today())
    deciders = {one for role in deciders_of(desk, case) for one in people_in_role(desk, case, role)}
    tell(desk, case, deciders - {person_id}, "recusal.asked")
    desk.forget_standing(case)
    return recusal


def replace_handler(desk: Desk, case: CaseRow, person_id: str) -> None:
    """Take a case out of a person's hands and mark what the person did for review."""
    held = desk.session.scalars(
        sa.select(WorkItemRow).where(
            WorkItemRow.case_id == case.id,
            WorkItemRow.state == "claimed",
            WorkItemRow.claimed_by == person_id,
        )
    )
    for item in list(held):
        give_back(desk, case, item)
        desk.record(case, Fact.WORK_HANDED_ON, item=item.id, element=item.element, by=person_id)
    parts = desk.session.scalars(
        sa.select(Participant).where(
            Participant.case_id == case.id,
            Participant.person_id == person_id,
            Participant.role.in_(INVESTIGATORS),
            Participant.until_at.is_(None),
        )
    )
    for part in list(parts):
        part.until_at = desk.now()
        desk.record(case, Fact.PARTICIPANT_LEFT, person=person_id, role=part.role)
    desk.session.flush()
    reoffer(desk, case)
    done = desk.session.scalars(
        sa.select(WorkItemRow).where(
            WorkItemRow.case_id == case.id, WorkItemRow.completed_by == person_id
        )
    )
    for item in list(done):
        item.properties = {**item.properties, "to_review": "recused"}
    gone = case.variables.get("recusals")
    set_variables(desk, case, {"recusals": [*(gone if isinstance(gone, list) else []), person_id]})
    lead = participants(desk, case, "investigation_lead")
    tell(desk, case, lead, "recusal.review")


def _must_have(reasons: str) -> None:
    if not reasons.strip():
        raise Refusal("reasons.missing", rule=RECUSAL_SOURCE)
