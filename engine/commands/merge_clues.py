"""Merge duplicate clues (并案): the later one is closed, the earlier goes on for both."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from engine.commands.withdraw_case import is_found_on
from engine.desk import Desk, Fact, Office, Right, system_actor
from engine.desk.conflicts import bar_conflicts
from engine.desk.ending import end_early
from engine.desk.holders import SUBJECT, add_participant, participants
from engine.desk.notices import tell
from engine.desk.rights import OUTSIDERS
from engine.errors import Fault, NotAllowed, NotFound, Refusal
from engine.model.cases import CaseStatus
from engine.store.outbox import effect_done
from engine.store.tables import CaseRow, WorkItemRow

if TYPE_CHECKING:
    from engine.store.outbox import Job

KIND = "merge"
"""The kind of the outbox job that tells the case that goes on."""

REPORTER = "reporter"
OUTCOME = "merged"
SOURCE = "procedures C01 ②"


def merge_clue(desk: Desk, case_id: str, into_id: str, *, reasons: str) -> CaseRow:
    """Close a clue as a duplicate of an earlier one, which goes on for both.

    The deadlines of the closed one end; those of the earlier one run on as they were, for
    they began first. Who reported the closed one is a reporter of the other from then on.
    The other case is told by a job of its own: no command holds one case and waits for another.

    Args:
        desk: Of who receives clues.
        case_id: The later clue; closed with a link to the other.
        into_id: The earlier one, of the same authority, procedure and subject.
        reasons: Why they are the same matter; on the record of the closed one.

    Raises:
        NotFound, Recused, NotAllowed: As `Desk.case` says, for both.
        Refusal: One of them is closed, found on or decided; they are the same case, or of
            different procedures or subjects; the other is the later one; the reasons are missing.

    Source: procedures C01 ② (查重并案); which one goes on is proposed.
    """
    case = desk.case(case_id, may=Right.MERGE)
    into = desk.session.get(CaseRow, into_id)
    if into is None or into.authority_id != case.authority_id:
        raise NotFound(into_id)
    desk.authorise(into, Right.MERGE)
    for one in (case, into):
        if desk.standing(one).relations & OUTSIDERS:
            raise NotAllowed("merge.outsider", rule=SOURCE)
        bar_conflicts(desk, one, desk.actor.person_id)
    _must_fit(desk, case, into)
    if not reasons.strip():
        raise Refusal("reasons.missing", rule=SOURCE)
    case.merged_into_id = into.id
    desk.record(case, Fact.CASE_MERGED, into=into.number, reasons=reasons.strip())
    tell(desk, case, participants(desk, case, REPORTER), "case.merged")
    end_early(desk, case, OUTCOME, CaseStatus.CLOSED)
    desk.enqueue(
        KIND,
        f"merge:{case.id}",
        {"authority": case.authority_id, "case": case.id, "into": into.id},
    )
    return case


def receive_merged(desk: Desk, into_id: str, case_id: str) -> None:
    """Take the reporters of a merged case over, and put the merger on the record, once.

    The platform gives this command.

    Raises:
        NotAllowed: Somebody else gives it.
        NotFound: There is no such case.
        Fault: The case was not merged into this one.
    """
    into = desk.case(into_id, may=Right.ADVANCE)
    case = desk.session.get(CaseRow, case_id)
    if case is None or case.merged_into_id != into.id:
        raise Fault(f"{case_id} was not merged into {into_id}")
    if effect_done(desk.session, f"merge:{case.id}", KIND, desk.now()):
        return
    for person_id in participants(desk, case, REPORTER):
        add_participant(desk, into, person_id, REPORTER)
    desk.record(into, Fact.CASE_MERGED, of_case=case.number)
    holders = desk.session.scalars(
        sa.select(WorkItemRow.claimed_by).where(
            WorkItemRow.case_id == into.id, WorkItemRow.state == "claimed"
        )
    )
    tell(desk, into, {one for one in holders if one}, "case.took", title=case.number)


def carry_merger(office: Office, job: Job) -> None:
    """Do a job of kind ``merge``."""
    given = job.payload
    system = system_actor(str(given["authority"]))
    office.give(system, receive_merged, str(given["into"]), str(given["case"]))


def _must_fit(desk: Desk, case: CaseRow, into: CaseRow) -> None:
    """Refuse what is not plainly an earlier clue on the same matter."""
    if case.id == into.id:
        raise Refusal("merge.same", rule=SOURCE)
    for one in (case, into):
        if one.closed_at is not None:
            raise Refusal("merge.not_open", rule=SOURCE, case=one.number)
        if is_found_on(desk, one):
            raise Refusal("merge.too_late", rule=SOURCE, case=one.number)
    numbers = {"case": case.number, "into": into.number}
    if case.procedure != into.procedure:
        raise Refusal("merge.other_procedure", rule=SOURCE, **numbers)
    if set(participants(desk, case, SUBJECT)).isdisjoint(participants(desk, into, SUBJECT)):
        raise Refusal("merge.other_subject", rule=SOURCE, **numbers)
    if (into.opened_at, into.id) > (case.opened_at, case.id):
        raise Refusal("merge.later", rule=SOURCE, **numbers)
