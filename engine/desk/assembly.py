"""A collective body at work on a motion: who belongs, who is out, how it stands."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from engine.desk.conflicts import conflicts_of
from engine.desk.desk import Desk
from engine.desk.holders import names_of, people_in_role
from engine.model.collective import (
    CHECKS,
    Box,
    Condition,
    Opinion,
    Tally,
    Vote,
    Voting,
    conditions,
    secret_tally,
    signers_missing,
    tally,
)
from engine.model.identifiers import PersonId
from engine.store.record import seal
from engine.store.tables import (
    BallotBox,
    CaseRow,
    DocumentRow,
    Meeting,
    MinutesSignature,
    Motion,
    OpinionRow,
    Recusal,
    WorkItemRow,
)

COLLECTIVE = "collective"
CHECKED = "checks"


@dataclass(frozen=True, slots=True)
class Member:
    """A member of the body.

    Attributes:
        person_id: Who.
        name: The person's name.
        recused: Why the member is out, as a conflict's kind; empty for who is in.
        opinion: What the member gave on the newest motion, if anything.
        deputy: The name of who voted for the member; empty for who voted oneself.
    """

    person_id: str
    name: str
    recused: str
    opinion: OpinionRow | None
    deputy: str = ""


@dataclass(frozen=True, slots=True)
class Assembly:
    """A body and its newest motion at this moment.

    Attributes:
        members: Everybody who holds the organ's role today, by name.
        motion: The newest motion; None before one was put.
        tally: How it stands.
        conditions: What a decision needs, each with its evidence.
        voting: Whether the vote is open or secret.
        meeting: The newest meeting called for the step; None without one.
        signatures: Under the minutes as they stand now.
        signatures_needed: 0 where the minutes need none.
    """

    members: tuple[Member, ...]
    motion: Motion | None
    tally: Tally
    conditions: tuple[Condition, ...]
    voting: Voting = Voting.OPEN
    meeting: Meeting | None = None
    signatures: tuple[MinutesSignature, ...] = ()
    signatures_needed: int = 0

    def member(self, person_id: str) -> Member | None:
        """Return the member with this id."""
        return next((one for one in self.members if one.person_id == person_id), None)


def assembly_of(desk: Desk, case: CaseRow, item: WorkItemRow) -> Assembly:
    """Return the body that decides on `item`, with conflicts looked at again.

    Members are those who hold the role now. Who is recused, has an application
    pending, or has a conflict that the records show, is out of the quorum and does
    not vote; an opinion given before no longer counts. Nor does one given by a deputy who
    is out for such a reason.

    Source: procedures C07; the shares are proposed and configurable.
    """
    people = people_in_role(desk, case, organ_of(item))
    motion = newest_motion(desk, item)
    opinions = opinions_on(desk, motion)
    deputies = {one: row.deputy_id for one, row in opinions.items() if row.deputy_id}
    names = names_of(desk, {*people, *deputies.values()})
    members = tuple(
        Member(
            one,
            names.get(one, one),
            _out(desk, case, item, one)
            or (_out(desk, case, item, deputies[one]) if one in deputies else ""),
            opinions.get(one),
            names.get(deputies.get(one, ""), ""),
        )
        for one in sorted(people, key=lambda one: names.get(one, one))
    )
    voting = voting_of(item)
    counted = _tally(desk, case, members, motion, voting)
    checked, checks = _checks(desk, case, item, motion)
    meeting = newest_meeting(desk, item)
    needed = signatures_needed(item)
    signed = _signatures(desk, motion)
    found = conditions(
        counted,
        checked=checked,
        checks=checks,
        minutes_signed=_counting(signed, meeting, needed),
        minutes_needed=needed,
    )
    return Assembly(members, motion, counted, found, voting, meeting, signed, needed)


def organ_of(item: WorkItemRow) -> str:
    """Return the role whose holders decide on `item` together."""
    return str(item.properties.get("organ") or item.role)


def voting_of(item: WorkItemRow) -> Voting:
    """Return how a step is voted on; open unless its property `vote` says `secret`."""
    return Voting.SECRET if item.properties.get("vote") == Voting.SECRET else Voting.OPEN


def signatures_needed(item: WorkItemRow) -> int:
    """Return how many signatures the minutes of a step need, by `minutes_signatures`."""
    stated = str(item.properties.get("minutes_signatures") or "")
    return int(stated) if stated.isdecimal() else 0


def newest_meeting(desk: Desk, item: WorkItemRow) -> Meeting | None:
    """Return the newest meeting called for a step."""
    return desk.session.scalar(
        sa.select(Meeting)
        .where(Meeting.work_item_id == item.id)
        .order_by(Meeting.called_at.desc(), Meeting.id.desc())
        .limit(1)
    )


def digest_of_minutes(desk: Desk, motion: Motion) -> str:
    """Return the digest of what the minutes of a motion say now; "" before they are drafted.

    It needs no salt: who may read the record of the case may read the minutes.
    """
    row = desk.session.get(DocumentRow, motion.minutes_id) if motion.minutes_id else None
    return seal(dict(row.data), motion.id)[1] if row is not None else ""


def newest_motion(desk: Desk, item: WorkItemRow) -> Motion | None:
    """Return the newest motion put on `item`."""
    return desk.session.scalar(
        sa.select(Motion)
        .where(Motion.work_item_id == item.id)
        .order_by(Motion.number.desc())
        .limit(1)
    )


def opinions_on(desk: Desk, motion: Motion | None) -> dict[str, OpinionRow]:
    """Return the opinions and absences on a motion, by person."""
    if motion is None:
        return {}
    rows = desk.session.scalars(sa.select(OpinionRow).where(OpinionRow.motion_id == motion.id))
    return {row.person_id: row for row in rows}


def checks_of(desk: Desk, case: CaseRow, item: WorkItemRow) -> list[tuple[str, str]]:
    """Return the checks that the form of `item` asks for, each with its label (SUP-031)."""
    form = desk.version(case).form(item.process, item.form)
    return [
        (str(option["value"]), str(option.get("label", option["value"])))
        for field in (form.fields() if form is not None else ())
        if field.get("key") == CHECKED
        for option in field.get("values", ())
    ]


def _out(desk: Desk, case: CaseRow, item: WorkItemRow, person_id: str) -> str:
    recusal = desk.session.scalar(
        sa.select(Recusal.kind).where(
            Recusal.case_id == case.id,
            Recusal.person_id == person_id,
            Recusal.state.in_(("pending", "granted")),
        )
    )
    if recusal:
        return recusal
    found = conflicts_of(desk, case, person_id, item=item)
    return found[0].kind.value if found else ""


def _tally(
    desk: Desk,
    case: CaseRow,
    members: tuple[Member, ...],
    motion: Motion | None,
    voting: Voting,
) -> Tally:
    rules = desk.version(case).rules.collective
    everybody = [PersonId(one.person_id) for one in members]
    recused = [PersonId(one.person_id) for one in members if one.recused]
    spoken = [
        (PersonId(one.person_id), one.opinion) for one in members if not one.recused and one.opinion
    ]
    absent = [person for person, opinion in spoken if not opinion.present]
    if voting is Voting.SECRET:
        voted = [person for person, opinion in spoken if opinion.present]
        return secret_tally(
            everybody, voted, _box(desk, motion), recused=recused, absent=absent, rules=rules
        )
    opinions = [
        Opinion(person, Vote(opinion.vote), opinion.reasons)
        for person, opinion in spoken
        if opinion.present
    ]
    return tally(everybody, opinions, recused=recused, absent=absent, rules=rules)


def _box(desk: Desk, motion: Motion | None) -> Box:
    row = desk.session.get(BallotBox, motion.id) if motion is not None else None
    return Box(row.agree, row.disagree, row.abstain) if row is not None else Box()


def _signatures(desk: Desk, motion: Motion | None) -> tuple[MinutesSignature, ...]:
    """Return the signatures under the minutes as they stand; one under others does not count."""
    if motion is None:
        return ()
    rows = desk.session.scalars(
        sa.select(MinutesSignature)
        .where(
            MinutesSignature.motion_id == motion.id,
            MinutesSignature.digest == digest_of_minutes(desk, motion),
        )
        .order_by(MinutesSignature.signed_at, MinutesSignature.person_id)
    )
    return tuple(rows)


def _counting(signed: tuple[MinutesSignature, ...], meeting: Meeting | None, needed: int) -> int:
    """Return how many signatures count: none of others makes up for the chair's or recorder's."""
    if meeting is None:
        return 0
    people = {one.person_id for one in signed}
    lacking = signers_missing(needed, chair=meeting.chair, recorder=meeting.recorder, signed=people)
    return min(len(people), needed - len(lacking))


def _checks(
    desk: Desk, case: CaseRow, item: WorkItemRow, motion: Motion | None
) -> tuple[list[str], list[str]]:
    """Return the checks ticked in the motion, and those that its form asks for (SUP-031)."""
    needed = [value for value, _ in checks_of(desk, case, item)]
    ticked = motion.answers.get(CHECKED, []) if motion is not None else []
    return (
        [str(one) for one in ticked] if isinstance(ticked, list) else [],
        needed or list(CHECKS),
    )
