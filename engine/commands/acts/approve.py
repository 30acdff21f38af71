"""Act `approve`: an organ above approves, or refuses with reasons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from engine.desk import Desk, Fact
from engine.errors import Refusal
from engine.store.tables import CaseRow, DecisionRow, Motion, WorkItemRow

SOURCE = "S0篇1§4"


class Approve:
    """Approval by the organ that has the authority over cadres.

    Source: S0篇1§4: 采用第6项至第10项问责方式的，按照干部管理权限和规定的程序办理; SC-018.
    """

    def check(
        self, desk: Desk, case: CaseRow, item: WorkItemRow, answers: Mapping[str, Any]
    ) -> None:
        """Refuse an approval by whoever put the decision, and a refusal without reasons."""
        decision = newest_decision(desk, case)
        if decision is not None and decision.motion_id is not None:
            motion = desk.session.get_one(Motion, decision.motion_id)
            if motion.put_by == desk.actor.person_id:
                raise Refusal("approval.own", rule=SOURCE)
        reasons = next(
            (str(value) for key, value in answers.items() if key.endswith("reasons") and value), ""
        )
        if answers.get("approved") is False and not reasons.strip():
            raise Refusal("approval.reasons_missing", rule=SOURCE)

    def apply(
        self, desk: Desk, case: CaseRow, item: WorkItemRow, answers: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """Keep the organ's approval with the decision; the diagram decides what follows.

        The organ is the step's property `organ`, or the role to which it is offered, as far
        as the actor holds it: nobody approves for another organ.

        Source: SUP-070; S2 L44; S0篇5§25.
        """
        decision = newest_decision(desk, case)
        if decision is not None and approves(answers):
            held = desk.standing(case).roles
            offered = str(item.properties.get("organ") or item.role).split(",")
            organs = [one for one in offered if one in held]
            decision.approved_by = sorted({*decision.approved_by, *organs})
            desk.record(case, Fact.DECISION_APPROVED, decision=decision.id, organs=organs)
        return {}


def approves(answers: Mapping[str, Any]) -> bool:
    """Return whether the answers approve: `approved`, or a name that ends so, is true."""
    return any(
        value is True
        for key, value in answers.items()
        if key == "approved" or key.endswith("_approved")
    )


def newest_decision(desk: Desk, case: CaseRow) -> DecisionRow | None:
    """Return the latest decision of a case."""
    return desk.session.scalar(
        sa.select(DecisionRow)
        .where(DecisionRow.case_id == case.id)
        .order_by(DecisionRow.made_at.desc(), DecisionRow.id.desc())
        .limit(1)
    )
