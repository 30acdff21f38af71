"""Steps of a scenario that a supervision officer takes (督办): reports and rulings on findings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.commands.oversee import (
    confirm_overreach,
    lift_stop,
    report_overreach,
    settle_deviation,
)
from engine.desk.deviations import ACKNOWLEDGED, CONFIRMED, DISMISSED, LIFTED, OPEN
from engine.publishing.scenarios.results import StepFailed
from engine.publishing.scenarios.telling import failed
from engine.store.tables import Deviation, WorkItemRow

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.desk import Desk
    from engine.publishing.scenarios.playing import Run
    from engine.publishing.scenarios.steps import Operate


def report(run: Run, step: Operate) -> None:
    """Report that the newest completion of an element was outside somebody's rights."""
    item = run.stage.office.ask(run.stage.platform, _newest_done, run.case_id(step), step.on)
    if not item:
        raise StepFailed(
            failed(step, f"{step.on} 没有已办结的工作", f"{step.on} has no work that is done")
        )
    reasons = step.given["reasons"]
    run.stage.office.give(run.stage.actor(step.by), report_overreach, item, reasons=reasons)


def rule(run: Run, step: Operate) -> None:
    """Rule on the oldest finding of a kind that waits for this ruling."""
    stage, ruling, of = run.stage, step.given["ruling"], step.given["of"]
    state = CONFIRMED if ruling == LIFTED else OPEN
    meant = stage.people.get(of, of)
    rows = stage.office.ask(stage.platform, _findings, run.case_id(step))
    found = next(
        (
            one
            for one, kind, its_state, *names in rows
            if kind == step.on and its_state == state and (not of or meant in names)
        ),
        "",
    )
    if not found:
        told = [f"{kind} {'/'.join(names[1:])} {now}" for _, kind, now, *names in rows]
        known = "、".join(told)
        raise StepFailed(
            failed(
                step,
                f"没有待{_WORDS[ruling]}的偏差（{step.on} {of}）；本案有：{known or '无'}",
                f"no finding {step.on} {of} can be {ruling}; there are: {known or 'none'}",
            )
        )
    command, given = _RULINGS[ruling]
    actor, reasons = stage.actor(step.by), step.given["reasons"]
    stage.office.give(actor, command, found, reasons=reasons, **given)


OVERSIGHT: Mapping[str, Callable[[Run, Operate], None]] = {
    "report_overreach": report,
    "finding": rule,
}
"""What each verb does."""

_RULINGS: Mapping[str, tuple[Any, dict[str, bool]]] = {
    ACKNOWLEDGED: (settle_deviation, {"dismissed": False}),
    DISMISSED: (settle_deviation, {"dismissed": True}),
    CONFIRMED: (confirm_overreach, {}),
    LIFTED: (lift_stop, {}),
}
_WORDS = {ACKNOWLEDGED: "知悉", DISMISSED: "不予认定", CONFIRMED: "确认", LIFTED: "解除"}


def _newest_done(desk: Desk, case_id: str, element: str) -> str:
    query = sa.select(WorkItemRow.id).where(
        WorkItemRow.case_id == case_id,
        WorkItemRow.element == element,
        WorkItemRow.state == "done",
    )
    return desk.session.scalar(query.order_by(WorkItemRow.completed_at.desc()).limit(1)) or ""


def _findings(desk: Desk, case_id: str) -> list[tuple[str, ...]]:
    """Return the findings of a case, the oldest first: id, kind, state, and what each is called.

    The names are who did it, the element that was done or the command that was refused, and the
    title of the deadline that passed.
    """
    query = (
        sa.select(Deviation, WorkItemRow.element)
        .join(WorkItemRow, WorkItemRow.id == Deviation.work_item_id, isouter=True)
        .where(Deviation.case_id == case_id)
        .order_by(Deviation.first_at, Deviation.id)
    )
    return [
        (
            row.id,
            row.kind,
            row.state,
            row.person_id,
            element or row.command,
            *([str(row.params["title"])] if "title" in row.params else []),
        )
        for row, element in desk.session.execute(query)
    ]
