"""The list of cases, filtered in SQL by what the reader may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from engine.desk.desk import Desk
from engine.desk.rights import Relation
from engine.desk.standing import BARRING
from engine.model.roles import Scope
from engine.store.queries.conditions import holds
from engine.store.queries.keyset import cursor_of, paged
from engine.store.tables import CaseRow, Participant, Recusal, VersionRow, WorkItemRow

OUTSIDE = ("subject", "reporter")
NEWEST = "newest"


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case as a list shows it."""

    id: str
    number: str
    title: str
    procedure: str
    version_id: str
    status: str
    stage: str
    outcome: str | None
    opened_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class CasePage:
    """A page of the list; `after` opens the next one, "" on the last."""

    lines: tuple[CaseLine, ...]
    after: str


def case_list(
    desk: Desk,
    *,
    search: str = "",
    procedure: str = "",
    status: str = "",
    is_closed: bool | None = None,
    after: str = "",
    limit: int = 20,
) -> CasePage:
    """Return the cases that the actor may see, the newest first.

    Those are the cases of procedures in which the actor holds an office, those in
    which the actor has a part inside the authority or has worked; all of the
    authority for a supervision officer. A recusal takes a case off the list.

    Args:
        desk: Of a query.
        search: In number and title.
        procedure: Only of this procedure.
        status: Only in this status.
        is_closed: Only closed, or only open ones.
        after: The `after` of the page before.
        limit: Lines on a page, 1 to 200.

    Raises:
        ValueError: `after` is no cursor of this list.
    """
    query = sa.select(CaseRow).where(
        CaseRow.authority_id == desk.actor.authority_id, visible_cases(desk)
    )
    if search.strip():
        query = query.where(holds(search, CaseRow.number, CaseRow.title))
    if procedure:
        query = query.where(CaseRow.procedure == procedure)
    if status:
        query = query.where(CaseRow.status == status)
    if is_closed is not None:
        query = query.where(
            CaseRow.closed_at.is_not(None) if is_closed else CaseRow.closed_at.is_(None)
        )
    keys = (CaseRow.opened_at, CaseRow.id)
    query = paged(query, keys, sort=NEWEST, after=after, limit=limit, newest_first=True)
    rows = list(desk.session.scalars(query))
    lines = tuple(case_line(row) for row in rows[:limit])
    last = rows[limit - 1] if len(rows) > limit else None
    return CasePage(lines, cursor_of(NEWEST, last.opened_at, last.id) if last is not None else "")


def visible_cases(desk: Desk) -> sa.ColumnElement[bool]:
    """Return the condition on cases that the actor finds in lists.

    Those of procedures in which the actor holds an office, those in which the actor has a part
    inside the authority or has worked; all for a supervision officer. A recusal takes a case
    away, and so does being its subject, whatever posts one holds (SUP-013). Rehearsals of a
    version that nobody has approved are in no list.
    """
    person = desk.actor.person_id
    held = desk.roles_held()
    if Relation.SUPERVISION.value in held:
        return countable_cases(desk)
    part = sa.exists().where(
        Participant.case_id == CaseRow.id,
        Participant.person_id == person,
        Participant.until_at.is_(None),
        Participant.role.not_in(OUTSIDE),
    )
    done = sa.exists().where(WorkItemRow.case_id == CaseRow.id, WorkItemRow.completed_by == person)
    held_by_oneself = sa.exists().where(
        WorkItemRow.case_id == CaseRow.id, WorkItemRow.claimed_by == person
    )
    office = CaseRow.version_id.in_(_versions_of_offices(desk, held))
    return sa.and_(countable_cases(desk), sa.or_(office, part, done, held_by_oneself))


def countable_cases(desk: Desk) -> sa.ColumnElement[bool]:
    """Return the condition on cases that the actor's figures count, as supervision lists them.

    All of the authority but rehearsals, what one is recused from, and what is about oneself.
    """
    person = desk.actor.person_id
    barred = (
        sa.exists()
        .where(
            Recusal.case_id == CaseRow.id, Recusal.person_id == person, Recusal.state.in_(BARRING)
        )
        .correlate(CaseRow)
    )
    about = (
        sa.exists()
        .where(
            Participant.case_id == CaseRow.id,
            Participant.person_id == person,
            Participant.role == Relation.SUBJECT.value,
            Participant.until_at.is_(None),
        )
        .correlate(CaseRow)
    )
    own = sa.and_(CaseRow.authority_id == desk.actor.authority_id, ~CaseRow.is_trial)
    return sa.and_(own, ~barred, ~about)


def versions_in_use(desk: Desk) -> list[str]:
    """Return the ids of the authority's versions under which there are cases, newest first."""
    newest = sa.select(sa.func.max(CaseRow.id)).where(CaseRow.version_id == VersionRow.id)
    used = newest.correlate(VersionRow).scalar_subquery().is_not(None)
    return list(
        desk.session.scalars(
            sa.select(VersionRow.id)
            .where(VersionRow.authority_id == desk.actor.authority_id, used)
            .order_by(VersionRow.id.desc())
        )
    )


def _versions_of_offices(desk: Desk, held: frozenset[str]) -> list[str]:
    """Return the versions in use in which one of the roles held is an office."""
    if not held:
        return []
    found = []
    for version_id in versions_in_use(desk):
        roles = desk.office.versions.get(desk.session, version_id).rules.roles
        offices = {str(r.key) for r in roles.values() if r.scope is not Scope.PARTICIPANT}
        if offices & held:
            found.append(version_id)
    return found


def case_line(row: CaseRow) -> CaseLine:
    """Return a case as a list shows it."""
    return CaseLine(
        id=row.id,
        number=row.number,
        title=row.title,
        procedure=row.procedure,
        version_id=row.version_id,
        status=row.status,
        stage=row.stage,
        outcome=row.outcome,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
    )
