"""The minutes of a collective decision: who was there, who said what, how it stood."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.desk.assembly import Assembly
from engine.desk.desk import Desk
from engine.desk.papers import draft, open_draft
from engine.store.tables import CaseRow, DecisionRow, WorkItemRow

MINUTES = "minutes"
"""The property that names the document of a step's minutes."""


def keep_minutes(
    desk: Desk,
    case: CaseRow,
    item: WorkItemRow,
    assembly: Assembly,
    decision: DecisionRow,
    *,
    seen: Mapping[str, Any],
) -> None:
    """Draft the minutes of a decision just made, where the step names a document for them.

    Minutes of an earlier deliberation of the same step are superseded, not overwritten.

    Args:
        desk: Of the command.
        case: Locked.
        item: The collective step.
        assembly: As it stood when it decided.
        decision: What it decided.
        seen: The variables in scope, with the motion's answers; the document reads them
            and `deliberation`.

    Source: procedures C07 (会议纪要), §6 (时间、到会、回避、表态、表决、结论).
    """
    key = str(item.properties.get(MINUTES) or "")
    if not key:
        return
    earlier = open_draft(desk, case, key)
    if earlier is not None:
        earlier.state = "superseded"
        desk.session.flush()
    draft(desk, case, key, {**seen, "deliberation": deliberation(assembly, decision)})


def deliberation(assembly: Assembly, decision: DecisionRow) -> dict[str, Any]:
    """Return what minutes record of a deliberation, with names in place of ids."""
    names = {one.person_id: one.name for one in assembly.members}
    counted = assembly.tally
    return {
        "decision": decision.kind,
        "held_on": decision.made_on,
        "entitled": counted.entitled,
        "present": counted.present,
        "in_favour": counted.in_favour,
        "against": counted.against,
        "abstained": counted.abstained,
        "recused": [names.get(one, one) for one in counted.recused],
        "absent": [names.get(one, one) for one in counted.absent],
        "opinions": [
            {
                "name": one.name,
                "vote": one.opinion.vote if one.opinion.present else "absent",
                "reasons": one.opinion.reasons,
            }
            for one in assembly.members
            if one.opinion is not None and not one.recused
        ],
    }
