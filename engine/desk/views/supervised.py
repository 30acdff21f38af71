"""What an authority sees of its being watched from above: grants, looks, what was asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from engine.desk.desk import Desk
from engine.desk.holders import names_of
from engine.desk.rights import Relation, Right, permits
from engine.desk.supervising import LISTED, LOOKED
from engine.desk.views.inbox import barred_cases
from engine.desk.views.oversight import must_oversee
from engine.model.texts import Text
from engine.store.supervising import authorities_above
from engine.store.tables import (
    AccessEntry,
    AuthorityRow,
    CaseRow,
    SupervisionGrant,
    SupervisionNotice,
    VersionRow,
)

MOST = 100


@dataclass(frozen=True, slots=True)
class GrantLine:
    """A grant as the authority that made it sees it.

    Attributes:
        by: Who made it.
        ended_by: Who took it back; empty while it counts.
        in_force: Whether it counts today.
    """

    row: SupervisionGrant
    superior: str
    by: str
    ended_by: str
    in_force: bool


@dataclass(frozen=True, slots=True)
class LookLine:
    """A look from above; `number` is empty for one at the list."""

    row: AccessEntry
    number: str
    who: str


@dataclass(frozen=True, slots=True)
class Watched:
    """How an authority is watched from above.

    Attributes:
        above: Names of the authorities above by id, the nearest first.
        procedures: Titles of what may be granted, by id.
        grants: The newest first.
        looks: The newest first, at most 100.
    """

    above: Mapping[str, str]
    procedures: Mapping[str, Text]
    grants: tuple[GrantLine, ...]
    looks: tuple[LookLine, ...]


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """What an authority above asked about a case.

    Attributes:
        may_answer: The reader may answer it now.
        is_late: It waits, and its day is over.
    """

    row: SupervisionNotice
    number: str
    superior: str
    answered_by: str
    may_answer: bool
    is_late: bool


def watched_from_above(desk: Desk) -> Watched:
    """Return how the actor's authority is watched: by whom, since when, and every look.

    Raises:
        NotAllowed: The actor neither administers nor supervises here.

    Source: SUP-042; SUP-001.
    """
    must_oversee(desk)
    above = authorities_above(desk.session, desk.actor.authority_id)
    grants = desk.session.scalars(
        sa.select(SupervisionGrant)
        .where(SupervisionGrant.authority_id == desk.actor.authority_id)
        .order_by(SupervisionGrant.made_at.desc(), SupervisionGrant.id)
    ).all()
    looks = desk.session.execute(
        sa.select(AccessEntry, CaseRow.number)
        .outerjoin(CaseRow, CaseRow.id == AccessEntry.case_id)
        .where(
            AccessEntry.authority_id == desk.actor.authority_id,
            AccessEntry.what.in_((LISTED, LOOKED)),
        )
        .order_by(AccessEntry.looked_at.desc(), AccessEntry.id)
        .limit(MOST)
    ).all()
    names = names_of(
        desk,
        {one for row in grants for one in (row.made_by, row.ended_by) if one}
        | {entry.person_id for entry, _number in looks},
    )
    places = _places(desk, {*above, *(row.superior_id for row in grants)})
    today = desk.today()
    return Watched(
        above={one: places[one] for one in above},
        procedures=_procedures(desk),
        grants=tuple(
            GrantLine(
                row,
                places[row.superior_id],
                names.get(row.made_by, ""),
                names.get(row.ended_by or "", ""),
                row.ended_at is None
                and row.valid_from <= today <= row.valid_to
                and row.superior_id in above,
            )
            for row in grants
        ),
        looks=tuple(
            LookLine(entry, number or "", names.get(entry.person_id, "")) for entry, number in looks
        ),
    )


def asked_from_above(
    desk: Desk, *, answered: bool = False, case_id: str = ""
) -> tuple[NoticeLine, ...]:
    """Return what authorities above asked about cases that the actor knows of.

    Those that wait come by their day; answered ones the newest first. At most 100.

    Args:
        desk: Of a query.
        answered: Those that were answered, instead of those that wait.
        case_id: Only about this case.
    """
    query = (
        sa.select(SupervisionNotice, CaseRow)
        .join(CaseRow, CaseRow.id == SupervisionNotice.case_id)
        .where(
            SupervisionNotice.authority_id == desk.actor.authority_id,
            SupervisionNotice.answered_at.is_not(None)
            if answered
            else SupervisionNotice.answered_at.is_(None),
            CaseRow.id.not_in(barred_cases(desk)),
        )
        .order_by(
            SupervisionNotice.answered_at.desc() if answered else SupervisionNotice.answer_by,
            SupervisionNotice.id,
        )
        .limit(MOST)
    )
    if case_id:
        query = query.where(CaseRow.id == case_id)
    rows = [
        (notice, case)
        for notice, case in desk.session.execute(query)
        if permits(Right.SEE, desk.standing(case).relations)
    ]
    places = _places(desk, {notice.superior_id for notice, _case in rows})
    names = names_of(desk, {notice.answered_by for notice, _case in rows if notice.answered_by})
    today = desk.today()
    return tuple(
        NoticeLine(
            notice,
            case.number,
            places[notice.superior_id],
            names.get(notice.answered_by or "", ""),
            may_answer=not answered and permits(Right.ANSWER, desk.standing(case).relations),
            is_late=not answered and today > notice.answer_by,
        )
        for notice, case in rows
    )


def is_watched(desk: Desk) -> bool:
    """Return whether the actor's authority may have supervision from above at all."""
    return bool(authorities_above(desk.session, desk.actor.authority_id))


def watches(desk: Desk) -> bool:
    """Return whether the actor supervises at an authority above others."""
    if Relation.SUPERVISION.value not in desk.roles_held():
        return False
    return (
        desk.session.scalar(
            sa.select(AuthorityRow.id)
            .where(AuthorityRow.parent_id == desk.actor.authority_id)
            .limit(1)
        )
        is not None
    )


def _places(desk: Desk, ids: set[str]) -> dict[str, str]:
    rows = desk.session.execute(
        sa.select(AuthorityRow.id, AuthorityRow.name).where(AuthorityRow.id.in_(ids))
    )
    return {row.id: row.name for row in rows}


def _procedures(desk: Desk) -> dict[str, Text]:
    rows = desk.session.execute(
        sa.select(VersionRow.procedure, sa.func.max(VersionRow.id))
        .where(
            VersionRow.authority_id == desk.actor.authority_id,
            VersionRow.state.in_(("published", "retired")),
        )
        .group_by(VersionRow.procedure)
    )
    titles = {
        procedure: desk.office.versions.get(desk.session, version_id).rules.title
        for procedure, version_id in rows
    }
    return dict(sorted(titles.items(), key=lambda one: one[1].zh))
