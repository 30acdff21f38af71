"""不同机关数据隔离：另一机关的失败任务，看不到，也不能重试（SUP-062）。"""

from __future__ import annotations

import pytest

from engine.commands.repair import retry_job
from engine.desk import Actor
from engine.desk.views.oversight import troubles
from engine.errors import NotFound
from engine.store.tables import CaseRow, OutboxJob
from tests.engine.boardroom import Boardroom


def dead(room: Boardroom, about: CaseRow, **payload: object) -> str:
    """Put a job that was given up; `case=True` has its payload name the case."""
    named = {key: about.id if value is True else value for key, value in payload.items()}
    with room.office.database.begin() as session:
        row = OutboxJob(
            kind="tell_parent",
            key=f"dead:{named}",
            payload=named,
            state="dead",
            not_before=room.clock.now(),
        )
        session.add(row)
        session.flush()
        return row.id


class TestWhoseJobs:
    """A job belongs to the authority that its payload names, or whose row it names."""

    @pytest.mark.parametrize("payload", [{"authority_id": "elsewhere"}, {"case": True}])
    def test_another_authority_s_is_not_there(
        self, room: Boardroom, payload: dict[str, object]
    ) -> None:
        case = room.open()
        job_id = dead(room, case, **payload)
        here = room.actor("管理员")
        away = Actor(here.person_id, "elsewhere", here.account_id, is_admin=True)
        who = here if "authority_id" in payload else away

        with pytest.raises(NotFound):
            room.office.give(who, retry_job, job_id)
        if who is here:
            assert room.office.ask(here, troubles).dead == ()

    def test_one_s_own_and_the_platform_s_are_tried_again(self, room: Boardroom) -> None:
        case = room.open()
        jobs = [dead(room, case, case=True), dead(room, case, number=7, note="none")]

        assert len(room.office.ask(room.actor("管理员"), troubles).dead) == 2
        for job_id in jobs:
            room.give("管理员", retry_job, job_id)
        assert room.office.ask(room.actor("管理员"), troubles).dead == ()
