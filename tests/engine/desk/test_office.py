"""One command, one transaction: what meets somebody else's act is told, or tried again."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, OperationalError

from engine.desk import Desk
from engine.desk.office import RETRIES
from engine.desk.voiding import void
from engine.errors import ConcurrentChange, Refusal, StepFault
from engine.store.tables import AuditEntry, CaseRow, Incident, UnitRow
from tests.engine.boardroom import Boardroom
from tests.engine.on_postgresql import boardroom_on_postgresql


class Contention(Exception):
    """What a driver raises; the code is PostgreSQL's."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.sqlstate = code


class TestMeetingOthers:
    """A lost update is never: the second writer is told."""

    def test_a_row_that_somebody_changed_meanwhile_is_told(self, room: Boardroom) -> None:
        case = room.open()

        def change(desk: Desk) -> None:
            row = desk.session.get_one(CaseRow, case.id)
            desk.session.execute(
                sa.text("UPDATE case_file SET revision = revision + 1 WHERE id = :id"),
                {"id": case.id},
            )
            row.title = "改"

        with pytest.raises(ConcurrentChange) as refused:
            room.give("system", change)
        assert refused.value.params == {"command": "change"}

    @pytest.mark.parametrize("code", ["40001", "40P01", "23505"])
    def test_what_the_database_could_not_bring_together_is_tried_again(
        self, room: Boardroom, code: str
    ) -> None:
        tries: list[int] = []

        def meet(desk: Desk) -> int:
            tries.append(len(tries))
            if len(tries) < RETRIES:
                raise OperationalError("x", {}, Contention(code))
            return len(tries)

        assert room.give("system", meet) == RETRIES

    @pytest.mark.parametrize(("code", "times"), [("40001", RETRIES), ("42P01", 1)])
    def test_not_for_ever_and_not_for_anything_else(
        self, room: Boardroom, code: str, times: int
    ) -> None:
        tries: list[int] = []

        def fail(desk: Desk) -> None:
            tries.append(1)
            raise DBAPIError("x", {}, Contention(code))

        with pytest.raises(DBAPIError):
            room.give("system", fail)
        assert len(tries) == times


class TestUnfit:
    """What a column cannot keep is a refusal that says so, not a fault of ours."""

    @pytest.mark.postgres
    def test_a_name(self, tmp_path: Path) -> None:
        def keep(desk: Desk, name: str) -> str:
            unit = UnitRow(authority_id=desk.actor.authority_id, name=name)
            desk.session.add(unit)
            return unit.name

        with boardroom_on_postgresql(tmp_path) as room:
            for name in ("长" * 401, "陈\x00某"):
                with pytest.raises(Refusal) as refused:
                    room.give("system", keep, name)
                assert refused.value.message_id == "value.unfit"
            refusals = room.all(sa.select(AuditEntry).where(AuditEntry.fact == "refused"))
            assert [row.details["command"] for row in refusals] == ["keep"] * 2
            assert room.give("system", keep, "长" * 400) == "长" * 400


class TestIncidents:
    """A step that failed is put before the administrators once, while its case waits."""

    def test_once_for_a_step_and_never_for_a_case_that_is_gone(self, room: Boardroom) -> None:
        case = room.open()

        def fail(desk: Desk, case_id: str) -> None:
            raise StepFault(case_id, "ut_inquire", "坏了", "broken")

        for case_id in (case.id, case.id, "gone"):
            with pytest.raises(StepFault):
                room.give("system", fail, case_id)
        assert [row.element for row in room.all(sa.select(Incident))] == ["ut_inquire"]


class TestVoiding:
    """空号只记一次。"""

    def test_a_number_that_is_empty_already_is_not_recorded_again(self, room: Boardroom) -> None:
        case = room.prepared()

        def end(desk: Desk) -> None:
            void(desk, case)

        room.give("system", end)
        room.give("system", end)
        assert room.facts(case).count("number_empty") == 1
