"""平台自行推进时出错：该环节停住并报事件，其余照常；可重试（issue 4）。"""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from engine.commands.deliver_message import deliver_message
from engine.commands.repair import retry_incident
from engine.desk import Desk, system_actor
from engine.desk.advance import set_variables
from engine.desk.rights import Right
from engine.errors import StepFault
from engine.store.record import verify
from engine.store.tables import Account, AuditEntry, CaseRow, DueRow, Incident
from tests.engine.commands.conftest import Town


def weigh(town: Town, case: CaseRow) -> None:
    """Let the message arrive after which a choice asks for a variable that has no value."""
    assert town.office.give(
        system_actor(town.authority_id),
        deliver_message,
        case.id,
        key="k1",
        name="weighing_wanted",
        payload={},
    )


def put(desk: Desk, case_id: str, **variables: Any) -> None:
    set_variables(desk, desk.case(case_id, may=Right.ADVANCE), variables)


def incidents(town: Town, *, resolved: bool = False) -> list[Incident]:
    over = Incident.resolved_at.is_not(None) if resolved else Incident.resolved_at.is_(None)
    return town.all(sa.select(Incident).where(Incident.kind == "step", over))


def retries(town: Town, state: str = "armed") -> list[DueRow]:
    return town.all(sa.select(DueRow).where(DueRow.kind == "retry", DueRow.state == state))


def retry(town: Town, incident: Incident) -> None:
    person = town.people["外人"]
    with town.office.database.begin() as session:
        session.add(Account(person_id=person, name="admin", is_admin=True))
    town.give("外人", retry_incident, incident.id)


class TestAStepOfThePlatform:
    """What failed is held; what else the case does goes on; nothing is half advanced."""

    def test_is_kept_with_its_incident(self, town: Town) -> None:
        case = town.open()

        weigh(town, case)

        (incident,) = incidents(town)
        assert incident.element == "q_1"
        assert "weight" in str(incident.reason["zh"])
        assert incident.reason["retries"] == 3
        assert town.open_elements(case) == ["ut_verify"]
        with town.office.database.reading() as session:
            assert list(verify(session)) == []

    def test_lets_people_go_on_elsewhere(self, town: Town) -> None:
        case = town.open()
        weigh(town, case)

        town.do("初核甲", case, "ut_verify", established=False)

        assert town.case(case).closed_at is None  # what is held keeps it open
        assert len(incidents(town)) == 1

    def test_is_tried_again_after_one_two_and_four_minutes_and_then_left(self, town: Town) -> None:
        case = town.open()  # at 9 o'clock
        weigh(town, case)

        left = []
        for minute in (1, 3, 7):
            town.at(2026, 2, 9, 9, minute)
            left.append(incidents(town)[0].reason["retries"])

        assert left == [2, 1, 0]
        assert len(incidents(town)) == 1
        assert retries(town) == []
        assert len(retries(town, "fired")) == 3

    def test_that_succeeds_when_tried_again_is_settled_by_itself(self, town: Town) -> None:
        case = town.open()
        weigh(town, case)
        town.give("system", put, case.id, weight=2)

        town.at(2026, 2, 9, 9, 1)

        assert incidents(town) == []
        assert len(incidents(town, resolved=True)) == 1
        assert "ut_ready" in town.open_elements(case)


class TestARetry:
    """An administrator tries again once the cause is gone."""

    def test_goes_on_and_resolves_the_incident(self, town: Town) -> None:
        case = town.open()
        weigh(town, case)
        town.give("system", put, case.id, weight=2)

        retry(town, incidents(town)[0])

        assert incidents(town) == []
        assert retries(town) == []
        assert "ut_ready" in town.open_elements(case)
        facts = town.all(sa.select(AuditEntry.fact).where(AuditEntry.case_id == case.id))
        assert facts.count("incident_resolved") == 1

    def test_that_fails_again_tells_the_person_and_changes_nothing(self, town: Town) -> None:
        case = town.open()
        weigh(town, case)

        with pytest.raises(StepFault):
            retry(town, incidents(town)[0])

        (incident,) = incidents(town)
        assert incident.reason["retries"] == 3
        assert len(retries(town)) == 1
