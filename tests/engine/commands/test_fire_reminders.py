"""多件到期提醒在一个事务中发出：各发一次，占用中的案件留待下次。"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from engine.commands.fire_reminders import DAILY, NEAR, fire_reminders
from engine.errors import NotAllowed
from engine.store.tables import AuditEntry, CaseRow, DeadlineRow, DueRow, Notice
from tests.engine.commands.conftest import Town

NEAR_AT = datetime(2026, 2, 27, 2, tzinfo=UTC)
"""When a fifth of the ten working days from 9 February is left."""


def reminders(town: Town, state: str = "armed") -> list[DueRow]:
    query = sa.select(DueRow).where(DueRow.kind.in_((NEAR, DAILY)), DueRow.state == state)
    return town.all(query.order_by(DueRow.due_at, DueRow.id))


def told(town: Town) -> list[tuple[str, str | None]]:
    rows = town.all(sa.select(Notice).where(Notice.key.in_(("deadline.near", "deadline.daily"))))
    return sorted((row.person_id, row.case_id) for row in rows)


class TestTogether:
    """同时到期的提醒：每件案件告知其承办人，并入各自的卷。"""

    @pytest.fixture
    def cases(self, town: Town) -> list[CaseRow]:
        """Two cases whose verification is near its end, each held by somebody else."""
        cases = [town.open(), town.open()]
        for name, case in zip(("初核甲", "初核乙"), cases, strict=True):
            town.claim(name, case, "ut_verify")
        town.clock.move_to(NEAR_AT)
        return cases

    def test_each_holder_is_told_of_the_own_case_once(
        self, town: Town, cases: list[CaseRow]
    ) -> None:
        ids = [row.id for row in reminders(town)]
        assert len(ids) == 2

        assert town.give("system", fire_reminders, ids) == 2
        assert town.give("system", fire_reminders, ids) == 0

        people = [town.people[name] for name in ("初核甲", "初核乙")]
        assert told(town) == sorted(zip(people, [case.id for case in cases], strict=True))
        assert [(row.state, row.fired_at) for row in reminders(town, "fired")] == [
            ("fired", NEAR_AT)
        ] * 2
        for person, case in zip(people, cases, strict=True):
            entry = town.one(
                sa.select(AuditEntry).where(
                    AuditEntry.case_id == case.id, AuditEntry.fact == "reminded"
                )
            )
            assert entry.details == {"deadline": "DL-T-1", "kind": "remind", "told": [person]}

    def test_what_is_offered_to_a_role_is_told_to_all_who_hold_it(self, town: Town) -> None:
        case = town.open()
        town.clock.move_to(NEAR_AT)

        town.give("system", fire_reminders, [row.id for row in reminders(town)])

        assert told(town) == sorted(
            (town.people[name], case.id) for name in ("初核甲", "初核乙", "初核丙")
        )

    def test_what_is_not_due_yet_waits(self, town: Town, cases: list[CaseRow]) -> None:
        first, second = reminders(town)
        with town.office.database.begin() as session:
            session.get_one(DueRow, second.id).due_at = NEAR_AT + timedelta(hours=1)

        assert town.give("system", fire_reminders, [first.id, second.id, "none"]) == 1
        assert [row.id for row in reminders(town)] == [second.id]

    def test_a_daily_reminder_comes_again_on_the_next_day(
        self, town: Town, cases: list[CaseRow]
    ) -> None:
        deadline = town.one(sa.select(DeadlineRow).where(DeadlineRow.case_id == cases[0].id))
        with town.office.database.begin() as session:
            row = session.get_one(DueRow, reminders(town)[0].id)
            row.kind, row.ref, row.case_id = DAILY, deadline.id, cases[0].id
            given = row.id

        assert town.give("system", fire_reminders, [given]) == 1

        (again,) = [row for row in reminders(town) if row.kind == DAILY]
        assert (again.case_id, again.ref) == (cases[0].id, deadline.id)
        assert again.due_at == datetime(2026, 2, 27, 16, tzinfo=UTC)  # midnight in China
        assert told(town) == [(town.people["初核甲"], cases[0].id)]

    def test_a_person_may_not(self, town: Town, cases: list[CaseRow]) -> None:
        with pytest.raises(NotAllowed, match=r"due\.system_only"):
            town.give("监事甲", fire_reminders, [row.id for row in reminders(town)])
        assert told(town) == []
