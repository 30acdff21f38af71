"""A collective body at work on a motion: who belongs, who is out, how it stands."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from engine.desk.conflicts import conflicts_of
from engine.desk.desk import Desk
from engine.desk.holders import names_of, people_in_role
from engine.model.collective import (
    CHECKS,
    Condition,
    Opinion,
    Tally,
    Vote,
    conditions,
    tally,
)
from engine.model.identifiers import PersonId
from engine.store.tables import CaseRow, Motion, OpinionRow, Recusal, WorkItemRow

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
    """

    person_id: str
    name: str
    recused: str
    opinion: OpinionRow | None


@dataclass(frozen=True, slots=True)
class Assembly:
    """A body and its newest motion at this moment.

    Attributes:
        members: Everybody who holds the organ's role today, by name.
        motion: The newest motion; None before one was put.
        tally: How it stands.
        conditions: What a decision needs, each with its evidence.
    """

    members: tuple[Member, ...]
    motion: Motion | None
    tally: Tally
    conditions: tuple[Condition, ...]

    def member(self, person_id: str) -> Member | None:
        """Return the member with this id."""
        return next((one for one in self.members if one.person_id == person_id), None)


def assembly_of(desk: Desk, case: CaseRow, item: WorkItemRow) -> Assembly:
    """Return the body that decides on `item`, with conflicts looked at again.

    Members are those who hold the role now. Who is recused, has an application
    pending, or has a conflict that the records show, is out of the quorum and does
    not vote; an opinion given before no longer counts.

    Source: procedures C07; the shares are proposed and configurable.
    """
    people = people_in_role(desk, case, organ_of(item))
    names = names_of(desk, people)
    motion = newest_motion(desk, item)
    opinions = opinions_on(desk, motion)
    members = tuple(
        Member(one, names.get(one, one), _out(desk, case, item, one), opinions.get(one))
        for one in sorted(people, key=lambda one: names.get(one, one))
    )
    counted = _tally(desk, case, members)
    checked, needed = _checks(desk, case, item, motion)
    return Assembly(members, motion, counted, conditions(counted, checked=checked, checks=needed))


def organ_of(item: WorkItemRow) -> str:
    """Return the role whose holders decide on `item` together."""
    return str(item.properties.get("organ") or item.role)


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


def _tally(desk: Desk, case: CaseRow, members: tuple[Member, ...]) -> Tally:
    voting = [one for one in members if not one.recused and one.opinion is not None]
    return tally(
        [PersonId(one.person_id) for one in members],
        [
            Opinion(PersonId(one.person_id), Vote(one.opinion.vote), one.opinion.reasons)
            for one in voting
            if one.opinion is not None and one.opinion.present
        ],
        recused=[PersonId(one.person_id) for one in members if one.recused],
        absent=[
            PersonId(one.person_id)
            for one in voting
            if one.opinion is not None and not one.opinion.present
        ],
        rules=desk.version(case).rules.collective,
    )


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
