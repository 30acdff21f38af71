"""Which closed cases may leave the daily tables, and what keeps the others there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, cast

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from engine.desk.restricting import STANDS
from engine.desk.settings import setting
from engine.model.settings import SettingKey
from engine.store.tables import (
    CaseRow,
    DeadlineRow,
    DueRow,
    Incident,
    ProcedureFile,
    RetirementItem,
    SanctionRow,
    VersionRow,
    WorkItemRow,
)
from engine.workflow import rules_in

if TYPE_CHECKING:
    from engine.desk.desk import Desk

WAITING = ("open", "claimed")
MOST = 2_000
DAYS_A_YEAR = 365.2425


class Obstacle(StrEnum):
    """What keeps a closed case in the daily tables; the first that holds is named."""

    OPEN = "open"
    TOO_EARLY = "too_early"
    LIFELONG = "lifelong"
    EFFECT = "effect"
    LINKED = "linked"
    WAITING = "waiting"
    TRIAL = "trial"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Retirable:
    """A closed case whose time is over."""

    case_id: str
    number: str
    title: str
    procedure: str
    closed_at: datetime


def retirable(desk: Desk) -> list[Retirable]:
    """Return the cases of the authority that may leave the daily tables, longest closed first.

    At most 2,000 of them; no case that is in a round already.

    Raises:
        NotAllowed: The actor is no administrator.
    """
    desk.require_admin()
    before = _before(desk, setting(desk, SettingKey.RETENTION_YEARS))
    over = sa.and_(
        CaseRow.authority_id == desk.actor.authority_id,
        CaseRow.closed_at < before,
        CaseRow.is_trial.is_(False),
    )
    blocked = sa.or_(
        *_kept_longer(desk, over),
        *(_of(obstacle) for obstacle in (Obstacle.LINKED, Obstacle.EFFECT, Obstacle.WAITING)),
        _lifelong(desk),
        sa.exists().where(
            RetirementItem.case_id == CaseRow.id, RetirementItem.state.in_(("todo", "retired"))
        ),
    )
    rows = desk.session.scalars(
        sa.select(CaseRow).where(over, ~blocked).order_by(CaseRow.closed_at, CaseRow.id).limit(MOST)
    )
    return [
        Retirable(row.id, row.number, row.title, row.procedure, row.closed_at)
        for row in rows
        if row.closed_at is not None
    ]


def obstacle_to(desk: Desk, case: CaseRow) -> Obstacle | None:
    """Return what keeps a case in the daily tables; None if it may leave.

    It is kept for the longer one of the authority's time (`SettingKey.RETENTION_YEARS`) and
    that of its procedure (`retention` of the version that it ran in).

    A case that still has an appeal, a measure in effect, a case that hangs on it, a timer
    or a step that waits stays; so does one that held somebody accountable, for as long as
    `SettingKey.RETENTION_LIFELONG_YEARS` says (0: for ever).

    Source: SUP-025 (终身问责); the years are proposed.
    """
    if case.is_trial:
        return Obstacle.TRIAL
    if case.closed_at is None:
        return Obstacle.OPEN
    years = max(setting(desk, SettingKey.RETENTION_YEARS), _years_of(desk, case.version_id))
    if case.closed_at >= _before(desk, years):
        return Obstacle.TOO_EARLY
    conditions = {
        Obstacle.RETIRED: sa.exists().where(
            RetirementItem.case_id == CaseRow.id, RetirementItem.state == "retired"
        ),
        Obstacle.EFFECT: _of(Obstacle.EFFECT),
        Obstacle.LINKED: _of(Obstacle.LINKED),
        Obstacle.WAITING: _of(Obstacle.WAITING),
        Obstacle.LIFELONG: _lifelong(desk),
    }
    for obstacle, holds in conditions.items():
        if desk.session.scalar(sa.select(CaseRow.id).where(CaseRow.id == case.id, holds)):
            return obstacle
    return None


def _before(desk: Desk, years: int) -> datetime:
    return desk.now() - timedelta(days=years * DAYS_A_YEAR)


def _kept_longer(desk: Desk, over: sa.ColumnElement[bool]) -> list[sa.ColumnElement[bool]]:
    """Return what holds of the cases that their own procedure keeps still.

    Only the versions of cases whose time is over by the authority's setting are read.
    """
    longer: dict[int, list[str]] = {}
    for version_id in desk.session.scalars(sa.select(CaseRow.version_id).where(over).distinct()):
        if years := _years_of(desk, version_id):
            longer.setdefault(years, []).append(version_id)
    return [
        sa.and_(CaseRow.version_id.in_(versions), CaseRow.closed_at >= _before(desk, years))
        for years, versions in longer.items()
    ]


def _years_of(desk: Desk, version_id: str) -> int:
    """Return for how many years a version keeps its closed cases, at least; 0 if it is silent."""
    version = desk.session.get_one(VersionRow, version_id)
    files = cast("dict[str, str]", version.manifest.get("files") or {})
    digest = files.get(f"{version.procedure}/procedure.yaml")
    row = desk.session.get(ProcedureFile, digest) if digest else None
    kept = rules_in(row.content).retention if row is not None else None
    return kept.years if kept is not None else 0


def _lifelong(desk: Desk) -> sa.ColumnElement[bool]:
    """A measure that was not revoked stood in the case, and its longer time is not over."""
    held = sa.exists().where(SanctionRow.case_id == CaseRow.id, SanctionRow.state.in_(STANDS))
    years = setting(desk, SettingKey.RETENTION_LIFELONG_YEARS)
    if years == 0:
        return held
    return sa.and_(held, CaseRow.closed_at >= _before(desk, years))


def _of(obstacle: Obstacle) -> sa.ColumnElement[bool]:
    other = aliased(CaseRow)
    if obstacle is Obstacle.EFFECT:
        return sa.exists().where(SanctionRow.case_id == CaseRow.id, SanctionRow.state == "in_force")
    if obstacle is Obstacle.LINKED:
        hangs = sa.or_(
            other.parent_id == CaseRow.id,
            other.merged_into_id == CaseRow.id,
            other.id == CaseRow.parent_id,
            other.id == CaseRow.merged_into_id,
        )
        return sa.exists().where(hangs, other.closed_at.is_(None))
    waits = (
        sa.exists().where(WorkItemRow.case_id == CaseRow.id, WorkItemRow.state.in_(WAITING)),
        sa.exists().where(DueRow.case_id == CaseRow.id, DueRow.state == "armed"),
        sa.exists().where(DeadlineRow.case_id == CaseRow.id, DeadlineRow.state == "running"),
        sa.exists().where(Incident.case_id == CaseRow.id, Incident.resolved_at.is_(None)),
    )
    return sa.or_(*waits)
