"""Putting a running case into another version: every obstacle first, then its rows anew.

Deadlines keep their rows, timers their instants, values what they were; rules, roles, forms and
texts are the new version's from now on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import sqlalchemy as sa

import bpmn
from engine.desk.advance import settle_in, tried_in
from engine.desk.desk import Desk
from engine.desk.facts import Fact
from engine.desk.happenings import set_status
from engine.desk.holders import offer_of, people_behind
from engine.desk.incidents import NOBODY, raise_incident
from engine.desk.mandatory import after_mapping, steps_ahead
from engine.desk.opening import list_work, withdraw_work
from engine.desk.topics import TOPICS
from engine.desk.values import plain
from engine.desk.working import give_back
from engine.store.tables import CaseRow, DeadlineRow, WorkItemRow
from engine.workflow import LoadedVersion

WAITING = ("open", "claimed")


def migration_of(
    desk: Desk, case: CaseRow, to: LoadedVersion, mapping: Mapping[str, str]
) -> bpmn.Migration:
    """Return what would become of a case in another version, or every reason against it.

    A deadline that the case has counted and the new version does not know is one: its row could
    not be read any more.

    Args:
        desk: Of the command or query; nothing is changed.
        case: Read with its state.
        to: Another version of the same procedure.
        mapping: The new id of each element or flow whose id changed.
    """
    migration = tried_in(desk, case, to, mapping)
    keys = desk.session.scalars(
        sa.select(DeadlineRow.key)
        .where(DeadlineRow.case_id == case.id)
        .distinct()
        .order_by(DeadlineRow.key)
    )
    lost = tuple(
        bpmn.Obstacle(
            case.procedure,
            key,
            f"案件已起算期限“{key}”，新版本没有这个期限。请在新版本中保留它。",
            f"The deadline {key!r} has begun in the case; the new version lacks it. Keep it there.",
        )
        for key in keys
        if key not in to.rules.deadlines
    )
    skipped = _skipped(desk, case, to, mapping)
    if not lost and not skipped:
        return migration
    return bpmn.Migration(None, (*migration.obstacles, *lost, *skipped))


def _skipped(
    desk: Desk, case: CaseRow, to: LoadedVersion, mapping: Mapping[str, str]
) -> tuple[bpmn.Obstacle, ...]:
    """Return the mandatory steps ahead of the case that it would have behind it.

    Source: design.md §4, procedures §0.9: they cannot be jumped over.
    """
    rows = desk.session.execute(
        sa.select(WorkItemRow.process, WorkItemRow.element, WorkItemRow.callers)
        .where(WorkItemRow.case_id == case.id, WorkItemRow.state.in_(WAITING))
        .order_by(WorkItemRow.id)
    )
    before: dict[str, tuple[str, str]] = {}
    after: set[str] = set()
    old = desk.version(case).definition
    for process, element, callers in rows:
        for step in steps_ahead(old, element, callers):
            before.setdefault(step, (process, element))
        at = mapping.get(element, element)
        after |= steps_ahead(to.definition, at, after_mapping(callers, mapping))
    return tuple(
        bpmn.Obstacle(
            *before[step],
            f"必经环节“{step}”尚未办理，迁移后将被越过。请把该处映射到此环节之前。",
            f"The mandatory step {step!r} lies ahead and would be jumped over. Map before it.",
        )
        for step in sorted(before.keys() - after)
    )


def put_into(desk: Desk, case: CaseRow, to: LoadedVersion, step: bpmn.Step) -> list[dict[str, str]]:
    """Write the step that puts a case into another version.

    Returns:
        The work items whose element has another id now: `item`, `before`, `after`.

    Raises:
        StepFault: What follows at once in the new version failed; nothing may be kept.
    """
    case.version_id = to.id
    desk.forget_standing(case)
    rows = {
        row.item: row
        for row in desk.session.scalars(
            sa.select(WorkItemRow).where(
                WorkItemRow.case_id == case.id, WorkItemRow.state.in_(WAITING)
            )
        )
    }
    kept = {item.id: item for item in step.opened if item.id in rows and item.topic not in TOPICS}
    renamed = [
        {"item": rows[key].id, "before": rows[key].element, "after": item.element}
        for key, item in kept.items()
        if rows[key].element != item.element
    ]
    for key, item in kept.items():
        _describe_anew(desk, case, rows[key], item)
    new = tuple(item for item in step.opened if item.id not in kept)
    waiting = settle_in(desk, case, replace(step, opened=new))
    _withdraw(desk, case, (row for key, row in rows.items() if key not in waiting))
    return renamed


def _describe_anew(desk: Desk, case: CaseRow, row: WorkItemRow, item: bpmn.Item) -> None:
    """Give a work item its element, form and holders of the new version.

    Whoever has it keeps it while it is offered to them; else it is offered anew.
    """
    offer = offer_of(desk, case, item)
    before, after = row.properties, item.properties
    if case.stage and before.get("stage") == case.stage:
        case.stage = after.get("stage") or case.stage
    if before.get("status") == case.status:
        set_status(desk, case, after.get("status") or case.status)
    row.process, row.element, row.callers = item.process, item.element, list(item.callers)
    row.name, row.lane, row.role = item.name or item.element, item.lane, offer.role
    row.form, row.topic = item.form_ref or "", item.topic or ""
    row.properties = plain(dict(after))
    row.deadline_key = after.get("deadline", "")
    row.candidates = list(offer.principals)
    if row.kind == bpmn.ItemKind.EXTERNAL:
        return
    if row.claimed_by is None:
        list_work(desk, case, row, row.candidates)
    elif desk.standing(case, row.claimed_by).principals.isdisjoint(offer.principals):
        give_back(desk, case, row)
        desk.record(case, Fact.WORK_RELEASED, item=row.id, element=row.element, reasons="")
    else:
        list_work(desk, case, row, [f"p:{row.claimed_by}"])
    if not people_behind(desk, case, offer.principals):
        raise_incident(
            desk,
            case,
            row.element,
            NOBODY,
            zh=f"“{row.name}”没有可办理的人：新版本的角色“{offer.role}”无人担任。",
            en=f"Nobody can take {row.name!r}: nobody holds {offer.role!r} of the new version.",
        )


def _withdraw(desk: Desk, case: CaseRow, rows: Iterable[WorkItemRow]) -> None:
    """Withdraw what does not wait in the new version, or is carried out by the engine there."""
    gone = [row.item for row in rows if row.state in WAITING]
    withdraw_work(desk, case, gone)
