"""案件之间的消息：提交后送出，每个收件案恰好一次。"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from engine.commands.deliver_message import deliver_message, route_message
from engine.commands.file import file
from engine.desk import system_actor
from engine.store.outbox import claim_jobs
from engine.store.tables import CaseRow, MessageRow, Notice
from tests.engine.commands.conftest import Town


def jobs(town: Town) -> list[Any]:
    return claim_jobs(town.office.database, town.clock.now(), 10)


def throw(town: Town, sender: CaseRow) -> Any:
    """Let the sender's timer fire, after which it throws `obstruction_reported`."""
    town.give("初核甲", file, sender.id, "wait", {"request": "x"})
    town.at(2026, 2, 11, 9)
    (job,) = [one for one in jobs(town) if one.kind == "route_message"]
    return job


class TestDelivery:
    """消息投给母案；重复投递不生效（design.md §3.5）。"""

    def test_the_parent_gets_it_once_however_often_it_is_routed(self, town: Town) -> None:
        parent, child = town.open(), town.open()
        with town.office.database.begin() as session:
            session.get_one(CaseRow, child.id).parent_id = parent.id
        job = throw(town, child)

        for _ in range(2):
            route_message(town.office, job)

        told = town.all(sa.select(Notice).where(Notice.key == "not_established"))
        assert {notice.case_id for notice in told} == {parent.id}
        assert len(told) == 2  # both members of the board, once each
        row = town.one(sa.select(MessageRow))
        assert (row.receiver_id, row.name) == (parent.id, "obstruction_reported")
        assert row.delivered_at == town.clock.now()

    def test_without_a_parent_nobody_gets_it(self, town: Town) -> None:
        sender = town.open()
        town.open()
        route_message(town.office, throw(town, sender))

        assert town.all(sa.select(MessageRow)) == []

    def test_a_correlation_names_the_receiver_by_number(self, town: Town) -> None:
        sender, receiver = town.open(), town.open()
        job = throw(town, sender)
        job.payload["correlation"] = receiver.number

        route_message(town.office, job)

        assert town.one(sa.select(MessageRow)).receiver_id == receiver.id

    def test_a_signal_goes_to_every_case_that_waits(self, town: Town) -> None:
        sender, first, second = town.open(), town.open(), town.open()
        job = throw(town, sender)
        job.payload.update(kind="signal", name="holiday_announced")

        route_message(town.office, job)

        receivers = set(town.all(sa.select(MessageRow.receiver_id)))
        assert receivers == {first.id, second.id}
        assert "ut_signal" in town.open_elements(first)
        assert "ut_signal" not in town.open_elements(sender)

    def test_what_is_not_waited_for_is_recorded_as_not_taken(self, town: Town) -> None:
        case = town.open()

        taken = town.office.give(
            system_actor(town.authority_id),
            deliver_message,
            case.id,
            key="k",
            name="nothing",
            payload={},
        )

        assert taken is False
        assert town.one(sa.select(MessageRow)).delivered_at is None
