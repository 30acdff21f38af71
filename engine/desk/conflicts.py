"""Conflicts of interest, looked for in the records again at every act."""

from __future__ import annotations

import sqlalchemy as sa

from engine.desk.desk import Desk
from engine.desk.holders import SUBJECT, participants
from engine.errors import Recused
from engine.model.conflicts import (
    RECUSAL_SOURCE,
    Conflict,
    ConflictRules,
    Involvement,
    Relation,
    RelationKind,
    conflicts_between,
)
from engine.model.identifiers import PersonId, UnitId
from engine.store.prepared import Prepared
from engine.store.tables import (
    CaseRow,
    Participant,
    PersonRow,
    PostRow,
    Recusal,
    RelationRow,
    WorkItemRow,
)
from engine.store.waiting import asked

INVESTIGATION = "investigation"
INVESTIGATORS = frozenset({"investigator", "investigation_lead"})
OUTSIDE = frozenset({SUBJECT, "reporter"})

_UNIT: sa.ColumnElement[str] = sa.literal_column("'unit'")
_NONE: sa.ColumnElement[str] = sa.literal_column("''")
_SUBJECTS = sa.select(Participant.person_id).where(
    Participant.case_id == sa.bindparam("case"),
    Participant.role == SUBJECT,
    Participant.until_at.is_(None),
)
_PEOPLE = sa.union_all(sa.select(sa.bindparam("person", type_=sa.String)), _SUBJECTS)
_TIES = Prepared(
    sa.union_all(
        _SUBJECTS.with_only_columns(
            sa.literal_column("'subject'"), Participant.person_id, _NONE, Participant.id
        ),
        sa.select(_UNIT, PersonRow.id, PersonRow.unit_id, _NONE).where(
            PersonRow.id.in_(_PEOPLE), PersonRow.unit_id.is_not(None)
        ),
        sa.select(_UNIT, PostRow.person_id, PostRow.unit_id, _NONE).where(
            PostRow.person_id.in_(_PEOPLE),
            PostRow.unit_id.is_not(None),
            PostRow.valid_from <= sa.bindparam("day"),
            sa.or_(PostRow.valid_to.is_(None), PostRow.valid_to >= sa.bindparam("day")),
        ),
        sa.select(
            sa.literal_column("'relation'"),
            RelationRow.person_id,
            RelationRow.other_id,
            RelationRow.kind,
        ).where(
            sa.or_(
                RelationRow.person_id == sa.bindparam("person"),
                RelationRow.other_id == sa.bindparam("person"),
            )
        ),
    )
)
"""The subjects of a case, the units of theirs and of one person's by person and post, and that
person's relations, in one question."""


APPEAL = "appeal"
"""The value of the property `decision` of a step that decides on an appeal."""


def bar_conflicts(
    desk: Desk, case: CaseRow, person_id: str, *, item: WorkItemRow | None = None
) -> None:
    """Refuse somebody whom a conflict of interest bars from `case` or from one step.

    Outsiders act for themselves on what is theirs; the platform has no interests.

    Args:
        desk: Of the command.
        case: Locked.
        person_id: Who is to act.
        item: The step; its property `excludes` names earlier steps whose actors it bars.

    Raises:
        Recused: With the kind of the conflict.

    Source: S0篇1§14; SUP-017; procedures C03, C11.
    """
    found = conflicts_of(desk, case, person_id, item=item)
    if found:
        raise Recused(
            f"conflict.{found[0].kind.value}",
            rule=RECUSAL_SOURCE,
            detail=found[0].detail,
            case=case.number,
        )


def conflicts_of(
    desk: Desk, case: CaseRow, person_id: str, *, item: WorkItemRow | None = None
) -> tuple[Conflict, ...]:
    """Return the conflicts that the records show between a person and a case.

    A recusal that was applied for and rejected clears what was known of same unit
    and relation: the decision on it stands.
    """
    if desk.actor.is_system and person_id == desk.actor.person_id:
        return ()
    if _is_outside(desk, case, person_id, item):
        return ()
    excluded = _tags(item)
    subjects, units, relations = _ties(desk, case, PersonId(person_id))
    found = conflicts_between(
        PersonId(person_id),
        subjects,
        units,
        relations,
        involvement_of(desk, case, person_id) if excluded else (),
        ConflictRules(excluded_involvement=excluded),
    )
    if found and _cleared(desk, case, person_id):
        return tuple(one for one in found if one.kind not in {"same_unit", "relation"})
    return found


def involvement_of(desk: Desk, case: CaseRow, person_id: str) -> list[Involvement]:
    """Return the parts that a person has had: steps done, places in the team.

    In `case`, and in the cases that it comes from: whoever investigated in a parent (P15, P09)
    has investigated what its children decide.
    """
    person, chain = PersonId(person_id), _lineage(desk, case)
    tags = {
        str(tag).strip()
        for properties in desk.session.scalars(
            sa.select(WorkItemRow.properties).where(
                WorkItemRow.case_id.in_(chain), WorkItemRow.completed_by == person_id
            )
        )
        for tag in str(properties.get("involves", "")).split(";")
        if str(tag).strip()
    }
    roles = set(
        desk.session.scalars(
            sa.select(Participant.role).where(
                Participant.case_id.in_(chain), Participant.person_id == person_id
            )
        )
    )
    if roles & INVESTIGATORS:
        tags.add(INVESTIGATION)
    return [Involvement(person, tag) for tag in sorted(tags)]


def _lineage(desk: Desk, case: CaseRow) -> list[str]:
    """Return the case and those that opened it, the nearest first."""
    chain, above = [case.id], case.parent_id
    while above is not None and above not in chain:
        chain.append(above)
        above = desk.session.scalar(sa.select(CaseRow.parent_id).where(CaseRow.id == above))
    return chain


def _tags(item: WorkItemRow | None) -> frozenset[str]:
    """Return what somebody must not have taken part in for this step.

    A decision on an appeal is never made by who investigated, whatever the diagram says.

    Source: procedures C11 (原承办人员回避, 避免自查自纠); issue 5.
    """
    if item is None:
        return frozenset()
    text = str(item.properties.get("excludes", ""))
    stated = frozenset(tag.strip() for tag in text.split(";") if tag.strip())
    return stated | {INVESTIGATION} if item.properties.get("decision") == APPEAL else stated


def _is_outside(desk: Desk, case: CaseRow, person_id: str, item: WorkItemRow | None) -> bool:
    """Whether the step is the person's own as subject or reporter, not an officer's."""
    if item is None:
        return False
    roles = set(item.role.split(","))
    return bool(roles & OUTSIDE) and any(
        person_id in participants(desk, case, role) for role in roles & OUTSIDE
    )


def _ties(
    desk: Desk, case: CaseRow, person: PersonId
) -> tuple[list[PersonId], dict[PersonId, frozenset[UnitId]], list[Relation]]:
    """Return the subjects of a case, their units and the person's today, and the relations."""
    subjects: list[tuple[str, PersonId]] = []
    units: dict[PersonId, set[UnitId]] = {}
    relations: list[Relation] = []
    known = set(RelationKind)
    rows = asked(
        desk.session,
        _TIES,
        {"person": person, "case": case.id, "day": desk.today()},
        Participant,
        PersonRow,
        PostRow,
        RelationRow,
    )
    for what, of, to, kind in rows:
        if what == "subject":
            subjects.append((kind, PersonId(of)))
        elif what == "relation":
            if kind in known:
                relations.append(Relation(PersonId(of), PersonId(to), RelationKind(kind)))
        elif to:
            units.setdefault(PersonId(of), set()).add(UnitId(to))
    return (
        [one for _, one in sorted(subjects)],
        {one: frozenset(found) for one, found in units.items()},
        relations,
    )


def _cleared(desk: Desk, case: CaseRow, person_id: str) -> bool:
    return bool(
        desk.session.scalar(
            sa.select(Recusal.id).where(
                Recusal.case_id == case.id,
                Recusal.person_id == person_id,
                Recusal.state == "rejected",
            )
        )
    )
