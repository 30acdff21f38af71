"""Take up a closed matter again (唤醒): as a new case, linked to the closed one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from engine.commands.open_case import open_case
from engine.desk import Desk, Fact, Right
from engine.desk.answers import SALT
from engine.desk.conflicts import bar_conflicts
from engine.errors import Refusal
from engine.store.tables import Answers, CaseRow

WOKEN = "woken"
"""How the new case belongs to the closed one (`CaseRow.relation`)."""

SOURCE = "operations, 唤醒"


def wake_case(desk: Desk, case_id: str, answers: Mapping[str, Any], *, reasons: str) -> CaseRow:
    """Open a new case on the matter of a closed one; the closed one stays as it is.

    Args:
        desk: Of somebody who may see the closed case and register under its procedure.
        case_id: The closed case.
        answers: To the start form, which is given anew; hostile.
        reasons: Why; on the record of both.

    Returns:
        The new case, whose parent is the closed one.

    Raises:
        NotFound, Recused, NotAllowed: The actor may not see the case, or not register.
        Refusal: It is not closed, or the reasons are missing; and as `open_case` says.

    Source: operations, 唤醒 (new instance seeded from history); SUP-025; proposed.
    """
    closed = desk.case(case_id, may=Right.SEE)
    bar_conflicts(desk, closed, desk.actor.person_id)
    if closed.closed_at is None:
        raise Refusal("wake.not_closed", rule=SOURCE, case=closed.number)
    if not reasons.strip():
        raise Refusal("reasons.missing", rule=SOURCE)
    case = open_case(desk, closed.procedure, answers)
    case.parent_id, case.relation = closed.id, WOKEN
    desk.record(closed, Fact.CASE_WOKEN, by_case=case.number, reasons=reasons.strip())
    desk.record(case, Fact.CASE_WOKEN, of_case=closed.number, reasons=reasons.strip())
    return case


def answers_to_start(desk: Desk, case: CaseRow) -> dict[str, Any]:
    """Return what was answered when a case was registered, without confidential values; a query."""
    data = desk.session.scalar(
        sa.select(Answers.data)
        .where(Answers.case_id == case.id, Answers.work_item_id.is_(None), Answers.filing == "")
        .order_by(Answers.recorded_at)
        .limit(1)
    )
    version = desk.version(case)
    start = version.rules.start
    form = version.form(version.definition.process_id, start.form) if start is not None else None
    if data is None or form is None:
        return {}
    kept, _ = form.without_secrets({key: value for key, value in data.items() if key != SALT})
    return dict(kept)
