"""External tasks: fetched once, locked until a moment, completed, failed, given back."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from engine.store.tables import CaseRow
from tests.camunda.programs import Program
from tests.office import Town


class TestFetchAndComplete:
    def test_a_task_is_given_out_and_completed(self, town: Town, designer: Program) -> None:
        case = designer.start(amount=3)
        [task] = designer.fetch()
        assert task["processInstanceId"] == case
        assert task["variables"]["amount"] == {"type": "Integer", "value": 3, "valueInfo": {}}
        designer.post(f"/external-task/{task['id']}/complete", {"workerId": "w1", "variables": {"ok": {"value": True}}})
        [task] = designer.fetch("check")
        assert task["variables"]["ok"]["value"] is True
        designer.post(f"/external-task/{task['id']}/complete", {"workerId": "w1"})
        row = town.one(sa.select(CaseRow).where(CaseRow.id == case))
        assert row.closed_at is not None
