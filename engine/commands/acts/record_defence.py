"""Act `record_defence`: each point of a defence is verified and answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.desk import Desk
from engine.errors import Refusal
from engine.store.tables import CaseRow, WorkItemRow

SOURCE = "S0篇1§7"
YES = (True, "true")


class RecordDefence:
    """What is sound in a defence is adopted; what is not is answered with reasons.

    Source: S0篇1§7-2: 应当听取……并进行核实，如其申辩成立，应当采纳.
    """

    def check(
        self, desk: Desk, case: CaseRow, item: WorkItemRow, answers: Mapping[str, Any]
    ) -> None:
        """Refuse a defence without points, or a point not adopted without reasons."""
        points = _points(answers)
        if not points:
            raise Refusal("defence.no_points", rule=SOURCE)
        silent = [
            number
            for number, point in enumerate(points, start=1)
            if point.get("adopted") not in YES and not str(point.get("reasons") or "").strip()
        ]
        if silent:
            raise Refusal("defence.reasons_missing", rule=SOURCE, points=silent)

    def apply(
        self, desk: Desk, case: CaseRow, item: WorkItemRow, answers: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """Give `defence_adopted`: whether any point was adopted."""
        return {"defence_adopted": any(one.get("adopted") in YES for one in _points(answers))}


def _points(answers: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    points = answers.get("points")
    return [one for one in points if isinstance(one, Mapping)] if isinstance(points, list) else []
