"""Collective decisions: put a motion, give opinions, decide; nobody decides alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.commands.acts.collective import check_motion, record_decision
from engine.commands.complete_work import finish_work
from engine.desk import Desk, Fact
from engine.desk.advance import visible
from engine.desk.answers import checked
from engine.desk.assembly import (
    Assembly,
    assembly_of,
    checks_of,
    newest_motion,
    opinions_on,
    voting_of,
)
from engine.desk.holders import names_of
from engine.desk.minutes import keep_minutes
from engine.desk.sitting import (
    collective_step,
    motion_at_hand,
    must_sit,
    must_sit_or_convene,
    must_stand_in,
)
from engine.desk.values import plain
from engine.desk.worlds import environment_of
from engine.errors import NotAllowed, Refusal
from engine.model.collective import COLLECTIVE_SOURCE, Opinion, Vote, Voting
from engine.model.identifiers import PersonId
from engine.store.tables import BallotBox, CaseRow, DecisionRow, Motion, OpinionRow, WorkItemRow


class NotDecidable(Refusal):
    """A condition of a collective decision is not met; the parameters say which."""


def put_motion(desk: Desk, work_item_id: str, answers: Mapping[str, Any]) -> Motion:
    """Put a motion to the body; an earlier one and its votes no longer count.

    Args:
        desk: Of a member who is not recused.
        work_item_id: A step with the act `collective`.
        answers: To the step's form; hostile.

    Raises:
        NotFound, NotAllowed, Recused, AlreadyTaken: As for any work item.
        AnswersRefused: The form is not satisfied.
        Refusal: The proposal is heavier after a defence (S0篇1§7), outside of the set
            without reasons, or not the procedure's.
    """
    case, item = collective_step(desk, work_item_id)
    must_sit(desk, case, item)
    version = desk.version(case)
    seen = visible(desk, case, item)
    given = checked(
        desk,
        version,
        case,
        version.form(item.process, item.form),
        answers,
        variables=seen,
        environment=environment_of(desk, case),
    )
    check_motion(desk, case, item, given, seen)
    before = newest_motion(desk, item)
    assembly = assembly_of(desk, case, item)
    _must_have_met(desk, assembly)
    motion = Motion(
        authority_id=case.authority_id,
        case_id=case.id,
        work_item_id=item.id,
        number=1 if before is None else before.number + 1,
        answers=_kept(given),
        members=[
            {"person": one.person_id, "name": one.name, "recused": one.recused}
            for one in assembly.members
        ],
        put_by=desk.actor.person_id,
        put_at=desk.now(),
    )
    desk.session.add(motion)
    desk.session.flush()
    desk.record(
        case,
        Fact.MOTION_PUT,
        item=item.id,
        motion=motion.id,
        number=motion.number,
        members=len(assembly.members),
        recused=[one.person_id for one in assembly.members if one.recused],
    )
    return motion


def give_opinion(
    desk: Desk, motion_id: str, *, vote: str, reasons: str, member_id: str = ""
) -> OpinionRow:
    """Give one's vote with its reasons; it is never edited, and not dated back.

    In a secret vote the ballot goes into the box, and what the member says beside it
    (which may be nothing) is kept with the name: no row, no entry and no page joins the two.

    Args:
        desk: Of a member, or of a member's deputy where the body lets deputies vote.
        motion_id: The newest motion.
        vote: ``agree``, ``disagree`` or ``abstain``.
        reasons: Of the vote.
        member_id: For whom a deputy votes; empty for oneself.

    Raises:
        NotAllowed: The actor does not belong to the body, or may not vote for the member.
        Recused: A conflict keeps the actor out.
        Refusal: The motion is not the newest one or its ballot is closed, an opinion was
            given, the vote is unknown or, in an open vote, the reasons are missing.

    Source: procedures C07 (逐人表态记录); SUP-022.
    """
    case, item, motion = motion_at_hand(desk, motion_id)
    voter, deputy = desk.actor.person_id, ""
    if member_id and member_id != voter:
        must_stand_in(desk, case, item, member_id)
        voter, deputy = member_id, voter
    else:
        must_sit(desk, case, item)
    if voting_of(item) is Voting.SECRET:
        if vote not in set(Vote):
            raise Refusal("opinion.vote_unknown", rule=COLLECTIVE_SOURCE, vote="")
        row = _enter(desk, case, motion, _Entry(voter, Voting.SECRET, reasons, deputy))
        _drop(desk, motion, Vote(vote))
        return row
    try:
        opinion = Opinion(PersonId(voter), Vote(vote), reasons)
    except ValueError as unknown:
        raise Refusal("opinion.vote_unknown", rule=COLLECTIVE_SOURCE, vote=vote) from unknown
    entry = _Entry(opinion.person, opinion.vote, opinion.reasons, deputy)
    return _enter(desk, case, motion, entry)


def note_absence(desk: Desk, motion_id: str, person_id: str, *, reasons: str) -> OpinionRow:
    """Note that a member is absent, and why; somebody else does it than the member voting.

    Besides members, whoever looks after the meeting may (property `convener`, the recorder).

    Raises:
        NotAllowed: The actor or the absent person does not belong to the body.
        Refusal: The member has given an opinion or is the actor, or the reasons are missing.

    Source: procedures C07 (到会人数校验).
    """
    case, item, motion = motion_at_hand(desk, motion_id)
    must_sit_or_convene(desk, case, item)
    if not reasons.strip():
        raise Refusal("reasons.missing", rule=COLLECTIVE_SOURCE)
    if person_id == desk.actor.person_id:
        raise Refusal("opinion.own_absence", rule=COLLECTIVE_SOURCE)
    member = assembly_of(desk, case, item).member(person_id)
    if member is None:
        raise NotAllowed("opinion.not_member", rule=COLLECTIVE_SOURCE)
    return _enter(desk, case, motion, _Entry(person_id, None, reasons))


def decide(desk: Desk, motion_id: str) -> DecisionRow:
    """Make the decision that the body has carried, and let the procedure go on.

    Everything is looked at again in this transaction: who belongs to the body, who is
    recused, who is present, who voted how, and the five checks.

    Raises:
        NotAllowed: The actor does not belong to the body.
        Recused: A conflict keeps the actor out.
        NotDecidable: A condition is not met.
        Refusal: The motion is not the newest one, or its proposal no longer allowed.

    Source: S0篇1§9; procedures C07; SUP-022, SUP-031, SUP-019, SUP-029.
    """
    case, item, motion = motion_at_hand(desk, motion_id)
    must_sit(desk, case, item)
    assembly = assembly_of(desk, case, item)
    unmet = [condition for condition in assembly.conditions if not condition.met]
    if unmet:
        first = unmet[0]
        raise NotDecidable(
            f"decision.{first.id}",
            rule=COLLECTIVE_SOURCE,
            **{
                name: _named(desk, case, item, assembly, value)
                for name, value in first.evidence.items()
            },
        )
    seen = visible(desk, case, item)
    answers: dict[str, Any] = dict(motion.answers)
    check_motion(desk, case, item, answers, seen)
    decision, variables = record_decision(desk, case, item, motion, assembly, seen=seen)
    known = {**seen, **answers, **variables}
    if not assembly.signatures_needed:
        keep_minutes(desk, case, item, assembly, kind=decision.kind, seen=known)
    finish_work(desk, case, item, {**answers, **variables}, checked_elsewhere=True)
    return decision


@dataclass(frozen=True, slots=True)
class _Entry:
    """What is entered of a member: how the vote is said, or None for an absence."""

    person_id: str
    vote: Vote | Voting | None
    reasons: str
    deputy_id: str = ""


def _must_have_met(desk: Desk, assembly: Assembly) -> None:
    """Refuse a motion where minutes are signed and nobody has called the meeting yet."""
    if not assembly.signatures_needed:
        return
    if assembly.meeting is None:
        raise Refusal("meeting.not_called", rule=COLLECTIVE_SOURCE)
    if desk.now() < assembly.meeting.held_at:
        raise Refusal("meeting.not_yet", rule=COLLECTIVE_SOURCE)


def _enter(desk: Desk, case: CaseRow, motion: Motion, entry: _Entry) -> OpinionRow:
    if entry.person_id in opinions_on(desk, motion):
        name = _name(desk, entry.person_id)
        raise Refusal("opinion.given", rule=COLLECTIVE_SOURCE, person=name)
    if motion.closed_at is not None:
        raise Refusal("motion.closed", rule=COLLECTIVE_SOURCE, number=motion.number)
    row = OpinionRow(
        authority_id=case.authority_id,
        case_id=case.id,
        motion_id=motion.id,
        person_id=entry.person_id,
        present=entry.vote is not None,
        vote=entry.vote.value if entry.vote is not None else "",
        reasons=entry.reasons,
        given_at=desk.now(),
        deputy_id=entry.deputy_id or None,
    )
    desk.session.add(row)
    desk.session.flush()
    known = {"motion": motion.id, "person": entry.person_id}
    if entry.deputy_id:
        known["deputy"] = entry.deputy_id
    if entry.vote is None:
        desk.record(case, Fact.ABSENCE_NOTED, **known, reasons=entry.reasons)
    else:
        desk.record(case, Fact.OPINION_GIVEN, **known, vote=row.vote)
    return row


def _drop(desk: Desk, motion: Motion, vote: Vote) -> None:
    """Drop a ballot into the box: one count more, and nothing else."""
    box = desk.session.get(BallotBox, motion.id)
    if box is None:
        box = BallotBox(motion_id=motion.id)
        desk.session.add(box)
    setattr(box, vote.value, getattr(box, vote.value) + 1)
    desk.session.flush()


def _named(
    desk: Desk, case: CaseRow, item: WorkItemRow, assembly: Assembly, value: object
) -> object:
    """Return evidence with the names of persons and checks in place of their ids."""
    if isinstance(value, list):
        names = {one.person_id: one.name for one in assembly.members}
        names |= dict(checks_of(desk, case, item))
        return "、".join(names.get(str(one), str(one)) for one in value)
    return value


def _name(desk: Desk, person_id: str) -> str:
    return names_of(desk, [person_id]).get(person_id, person_id)


def _kept(answers: Mapping[str, Any]) -> dict[str, object]:
    kept: dict[str, object] = plain(dict(answers))
    return kept
