"""Put a running case into another version (迁移): tried, proposed with reasons, decided by another.

A running case keeps the version that it began with; this is the exception.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import undefer

import bpmn
from engine.desk import Desk, Fact, Right
from engine.desk.migrating import WAITING, migration_of, put_into
from engine.desk.notices import tell
from engine.desk.rounds import TIMER
from engine.errors import NotAllowed, Refusal, StepFault
from engine.store.tables import (
    Account,
    AuditEntry,
    CaseRow,
    DueRow,
    PersonRow,
    VersionRow,
    WorkItemRow,
)
from engine.workflow import LoadedVersion

SOURCE = "design §4"
BATCH = 100
MOST_NAMED = 1_000

_RUNS = sa.or_(
    CaseRow.closed_at.is_(None),
    sa.exists().where(WorkItemRow.case_id == CaseRow.id, WorkItemRow.state.in_(WAITING)),
    sa.exists().where(DueRow.case_id == CaseRow.id, DueRow.kind == TIMER, DueRow.state == "armed"),
)
"""A case that is closed runs on while its aftermath (影响期) does."""


class MigrationRefused(Refusal):
    """The case cannot go on in the other version.

    Attributes:
        obstacles: Every reason, in both languages; empty where it is not the diagram's.
    """

    def __init__(
        self, message_id: str, *, obstacles: tuple[bpmn.Obstacle, ...] = (), **params: object
    ) -> None:
        """Refuse with the obstacles, if there are any."""
        super().__init__(message_id, rule=SOURCE, **params)
        self.obstacles = obstacles


@dataclass(frozen=True, slots=True)
class TrialLine:
    """What would become of one running case.

    Attributes:
        obstacles: Every reason why it cannot be migrated; empty where it can.
    """

    case_number: str
    case_id: str
    obstacles: tuple[bpmn.Obstacle, ...]


def migration_trial(
    desk: Desk, from_version_id: str, to_version_id: str, mapping: Mapping[str, str]
) -> list[TrialLine]:
    """List every running case of a version, with every reason against migrating it; a query.

    Args:
        desk: Of an administrator.
        from_version_id: The version that the cases run in.
        to_version_id: Another one of the same procedure, published.
        mapping: The new id of each element or flow whose id changed.

    Raises:
        NotAllowed: The actor does not administer the platform.
        NotFound: The authority has no such version.
        MigrationRefused: The versions or the mapping do not fit each other.
    """
    desk.require_admin()
    old = desk.own(VersionRow, from_version_id)
    to = _target(desk, old, to_version_id, mapping)
    ids = [case_id for case_id, _number in running_in(desk, old)]
    lines: list[TrialLine] = []
    for first in range(0, len(ids), BATCH):
        cases = desk.session.scalars(
            sa.select(CaseRow)
            .options(undefer(CaseRow.state))
            .where(CaseRow.id.in_(ids[first : first + BATCH]))
            .order_by(CaseRow.opened_at, CaseRow.id)
        )
        lines += [
            TrialLine(case.number, case.id, migration_of(desk, case, to, mapping).obstacles)
            for case in cases.all()
        ]
    return lines


def running_in(desk: Desk, version: VersionRow) -> list[tuple[str, str]]:
    """Return ids and numbers of the authority's cases that run in a version, oldest first."""
    rows = desk.session.execute(
        sa.select(CaseRow.id, CaseRow.number)
        .where(
            CaseRow.version_id == version.id,
            CaseRow.authority_id == desk.actor.authority_id,
            _RUNS,
        )
        .order_by(CaseRow.opened_at, CaseRow.id)
    )
    return [(row.id, row.number) for row in rows]


def try_migration(desk: Desk, case_id: str, to_version_id: str, mapping: Mapping[str, str]) -> None:
    """Look whether a case could go on in another version; nothing is changed.

    Raises:
        NotFound, Recused, NotAllowed: As `Desk.case` says.
        MigrationRefused: Something stands in the way; it names every obstacle.
    """
    case = desk.case(case_id, may=Right.MIGRATE)
    _step_into(desk, case, to_version_id, mapping)


def fitting(
    desk: Desk, from_version_id: str, to_version_id: str, mapping: Mapping[str, str]
) -> VersionRow:
    """Return the version that cases are to leave, once the two and the mapping fit each other.

    Raises:
        NotFound: The authority has no such version.
        MigrationRefused: They do not fit.
    """
    old = desk.own(VersionRow, from_version_id)
    _target(desk, old, to_version_id, mapping)
    return old


def propose_migration(
    desk: Desk, case_id: str, to_version_id: str, mapping: Mapping[str, str], *, reasons: str
) -> None:
    """Propose that a running case go on in another version; another administrator decides.

    Args:
        desk: Of an administrator of the case's authority.
        case_id: Which.
        to_version_id: A version of the same procedure that is published and in effect.
        mapping: The new id of each element or flow whose id changed.
        reasons: Why; on the record.

    Raises:
        NotFound, Recused, NotAllowed: As `Desk.case` says.
        MigrationRefused: It is over, a proposal is open, or something stands in the way.
        Refusal: The reasons are missing.

    Source: design.md §4 (migration is the exception: two persons, a reason, on the record).
    """
    case = desk.case(case_id, may=Right.MIGRATE)
    if not reasons.strip():
        raise Refusal("reasons.missing", rule=SOURCE)
    if _open_proposal(desk, case) is not None:
        raise MigrationRefused("migration.asked", case=case.number)
    to, _ = _step_into(desk, case, to_version_id, mapping)
    desk.record(
        case,
        Fact.MIGRATION_PROPOSED,
        to=to.id,
        number=to.number,
        mapping=dict(mapping),
        reasons=reasons,
    )
    tell(desk, case, _administrators(desk, case) - {desk.actor.person_id}, "migration.asked")


def decide_migration(desk: Desk, case_id: str, *, granted: bool, reasons: str) -> CaseRow:
    """Decide on the proposal; granted, the case goes on in the other version, whole or not at all.

    Values, deadlines and timers are kept; work that waits is described and offered anew.

    Raises:
        NotFound, Recused: As `Desk.case` says.
        NotAllowed: The actor is no administrator, or proposed it.
        MigrationRefused: No proposal is open, or something stands in the way by now.
        Refusal: The reasons are missing.
    """
    case = desk.case(case_id, may=Right.MIGRATE)
    proposal = _open_proposal(desk, case)
    if proposal is None:
        raise MigrationRefused("migration.none", case=case.number)
    if proposal.actor == desk.actor.person_id:
        raise NotAllowed("migration.own", rule=SOURCE)
    if not reasons.strip():
        raise Refusal("reasons.missing", rule=SOURCE)
    asked: dict[str, Any] = dict(proposal.details)
    desk.record(case, Fact.MIGRATION_DECIDED, to=asked["to"], granted=granted, reasons=reasons)
    if not granted:
        return case
    before = _named(desk, case, "from")
    left = desk.session.get_one(VersionRow, case.version_id)
    to, step = _step_into(desk, case, asked["to"], asked["mapping"])
    try:
        renamed = put_into(desk, case, to, step)
    except StepFault as fault:
        obstacle = bpmn.Obstacle(case.procedure, fault.element, fault.zh, fault.en)
        raise _refused(case, (obstacle,)) from fault
    left.has_been_left = True
    desk.record(
        case,
        Fact.CASE_MIGRATED,
        **before,
        **_named(desk, case, "to"),
        mapping=asked["mapping"],
        items=renamed,
    )
    return case


def _step_into(
    desk: Desk, case: CaseRow, to_version_id: str, mapping: Mapping[str, str]
) -> tuple[LoadedVersion, bpmn.Step]:
    """Return the version and the step that puts the case into it, or refuse as a whole."""
    if desk.session.scalar(sa.select(CaseRow.id).where(CaseRow.id == case.id, _RUNS)) is None:
        raise MigrationRefused("migration.over", case=case.number)
    to = _target(desk, desk.own(VersionRow, case.version_id), to_version_id, mapping)
    row = desk.session.get_one(VersionRow, to.id)
    if row.effective_on is not None and row.effective_on > desk.today():
        raise MigrationRefused(
            "migration.not_in_effect", number=row.number, day=row.effective_on.isoformat()
        )
    migration = migration_of(desk, case, to, mapping)
    if migration.step is None:
        raise _refused(case, migration.obstacles)
    return to, migration.step


def _refused(case: CaseRow, obstacles: tuple[bpmn.Obstacle, ...]) -> MigrationRefused:
    return MigrationRefused(
        "migration.obstacles",
        obstacles=obstacles,
        case=case.number,
        elements=[one.element for one in obstacles][:MOST_NAMED],
    )


def _target(
    desk: Desk, old: VersionRow, to_version_id: str, mapping: Mapping[str, str]
) -> LoadedVersion:
    row = desk.own(VersionRow, to_version_id)
    if row.id == old.id or row.procedure != old.procedure:
        raise MigrationRefused("migration.other_version", procedure=old.procedure)
    if row.state != "published":
        raise MigrationRefused("migration.not_published", number=row.number)
    versions = desk.office.versions
    to = versions.get(desk.session, row.id)
    unknown = sorted(set(mapping) - _ids(versions.get(desk.session, old.id)))
    unknown += sorted(set(mapping.values()) - _ids(to))
    if unknown:
        raise MigrationRefused("migration.mapping_unknown", ids=unknown[:MOST_NAMED])
    return to


def _ids(version: LoadedVersion) -> set[str]:
    """Return the ids of all nodes and flows of a version."""
    return {
        key
        for process, diagram in version.definition.diagrams.items()
        for part in (diagram.processes[process].nodes, diagram.processes[process].flows)
        for key in part
    }


def _named(desk: Desk, case: CaseRow, side: str) -> dict[str, object]:
    """Return a case's version as the record names it, with the digest of its manifest."""
    row = desk.session.get_one(VersionRow, case.version_id)
    return {side: row.id, f"{side}_number": row.number, f"{side}_digest": row.digest}


def _open_proposal(desk: Desk, case: CaseRow) -> AuditEntry | None:
    newest = desk.session.scalar(
        sa.select(AuditEntry)
        .where(
            AuditEntry.case_id == case.id,
            AuditEntry.fact.in_((Fact.MIGRATION_PROPOSED, Fact.MIGRATION_DECIDED)),
        )
        .order_by(AuditEntry.sequence.desc())
        .limit(1)
    )
    return newest if newest is not None and newest.fact == Fact.MIGRATION_PROPOSED else None


def _administrators(desk: Desk, case: CaseRow) -> set[str]:
    return set(
        desk.session.scalars(
            sa.select(Account.person_id)
            .join(PersonRow, PersonRow.id == Account.person_id)
            .where(Account.is_admin, Account.is_active, PersonRow.authority_id == case.authority_id)
        )
    )
