"""案件之间的消息：提交后送出，每个收件案恰好一次。"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa

from engine.commands.deliver_message import deliver_early, deliver_message, route_message
from engine.commands.file import file
from engine.commands.open_by_message import begun_by, open_by_message
from engine.desk import Desk, system_actor
from engine.desk.advance import set_variables
from engine.desk.rights import Right
from engine.errors import NotAllowed
from engine.store.outbox import claim_jobs
from engine.store.tables import CaseRow, MessageRow, Notice, Participant
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


def opinion(town: Town, sender: CaseRow, correlation: str) -> None:
    """Send the message that `ev_opinion` waits for, as a case sends it."""
    job = SimpleNamespace(
        payload={
            "key": f"message:{correlation}:{town.clock.now().isoformat()}",
            "kind": "message",
            "name": "opinion_given",
            "payload": {},
            "correlation": correlation,
            "sender_id": sender.id,
            "authority_id": town.authority_id,
        }
    )
    route_message(town.office, job)


def carry(town: Town) -> int:
    """Deliver what came early; return how many jobs there were."""
    early = [job for job in jobs(town) if job.kind == "deliver_early"]
    for job in early:
        deliver_early(town.office, job)
    return len(early)


def weighed(town: Town, case: CaseRow, file_no: str) -> None:
    """Bring a case to where `ut_ready` is open, after which it waits for an opinion."""
    town.give("system", put, case.id, weight=2, file_no=file_no)
    town.office.give(
        system_actor(town.authority_id),
        deliver_message,
        case.id,
        key="w",
        name="weighing_wanted",
        payload={},
    )


def kept(town: Town) -> MessageRow:
    row: MessageRow = town.one(sa.select(MessageRow).where(MessageRow.name == "opinion_given"))
    return row


def put(desk: Desk, case_id: str, **variables: Any) -> None:
    set_variables(desk, desk.case(case_id, may=Right.ADVANCE), variables)


class TestADeclaredKey:
    """等待消息的环节可声明关联键；键相符的案件收到消息（issue 4）。"""

    def test_names_the_receiver(self, town: Town) -> None:
        sender, first, second = town.open(), town.open(), town.open()
        for case, file_no in ((first, "F-1"), (second, "F-2")):
            weighed(town, case, file_no)
            town.do("初核甲", case, "ut_ready")

        opinion(town, sender, "F-2")

        assert "ut_opinion" in town.open_elements(second)
        assert "ut_opinion" not in town.open_elements(first)
        assert kept(town).receiver_id == second.id

    def test_that_nobody_has_reaches_nobody(self, town: Town) -> None:
        sender, case = town.open(), town.open()
        weighed(town, case, "F-1")
        town.do("初核甲", case, "ut_ready")

        opinion(town, sender, "F-9")

        assert town.all(sa.select(MessageRow).where(MessageRow.name == "opinion_given")) == []


class TestAnEarlyMessage:
    """A message that came too early is kept as long as the diagram declares: 7 days."""

    def test_is_taken_when_the_case_comes_to_wait_for_it(self, town: Town) -> None:
        sender, case = town.open(), town.open()
        weighed(town, case, "F-1")
        opinion(town, sender, case.number)
        assert kept(town).delivered_at is None
        town.at(2026, 2, 13)
        town.do("初核甲", case, "ut_ready")

        assert carry(town) == 1

        assert "ut_opinion" in town.open_elements(case)
        assert kept(town).delivered_at == town.clock.now()

    def test_is_taken_once_however_often_it_is_called_up(self, town: Town) -> None:
        sender, case = town.open(), town.open()
        weighed(town, case, "F-1")
        opinion(town, sender, case.number)
        town.do("初核甲", case, "ut_ready")
        (job,) = [job for job in jobs(town) if job.kind == "deliver_early"]

        for _ in range(2):
            deliver_early(town.office, job)

        assert town.open_elements(case).count("ut_opinion") == 1

    def test_is_too_old_after_its_time(self, town: Town) -> None:
        sender, case = town.open(), town.open()
        weighed(town, case, "F-1")
        opinion(town, sender, case.number)
        town.at(2026, 2, 16)
        town.do("初核甲", case, "ut_ready")

        assert carry(town) == 0
        assert "ut_opinion" not in town.open_elements(case)

    def test_grows_too_old_while_its_job_waits(self, town: Town) -> None:
        sender, case = town.open(), town.open()
        weighed(town, case, "F-1")
        opinion(town, sender, case.number)
        town.do("初核甲", case, "ut_ready")
        (job,) = [job for job in jobs(town) if job.kind == "deliver_early"]
        town.at(2026, 2, 17)

        deliver_early(town.office, job)

        assert "ut_opinion" not in town.open_elements(case)

    def test_is_not_kept_for_a_case_that_is_closed(self, town: Town) -> None:
        sender, case = town.open(), town.open()
        town.do("初核甲", case, "ut_verify", established=False)

        opinion(town, sender, case.number)

        assert town.all(sa.select(MessageRow).where(MessageRow.name == "opinion_given")) == []


class TestAMessageThatBegins:
    """没有案件接收的消息，由以它为开始事件的程序立一个新案，仅一次（issue 4）。"""

    def send(self, town: Town, sender: CaseRow, **payload: Any) -> None:
        sent = {
            "key": f"message:{sender.id}:1",
            "kind": "message",
            "name": "clue_arrived",
            "payload": payload,
            "correlation": None,
            "sender_id": sender.id,
            "authority_id": town.authority_id,
        }
        for _ in range(2):  # the job may come again
            route_message(town.office, SimpleNamespace(payload=sent))

    def test_opens_one_case_as_the_sender_s_child(self, town: Town) -> None:
        sender = town.open()

        self.send(town, sender, subject_id=town.people["陈某"], reporter_id="nobody")

        opened: CaseRow = town.one(sa.select(CaseRow).where(CaseRow.id != sender.id))
        assert len(town.all(sa.select(CaseRow))) == 2
        assert (opened.parent_id, opened.opened_by) == (sender.id, "system")
        assert opened.number != sender.number
        assert town.open_elements(opened) == ["ut_verify"]
        subject = town.one(sa.select(Participant).where(Participant.case_id == opened.id))
        assert (subject.person_id, subject.role) == (town.people["陈某"], "subject")

    def test_opens_nothing_for_a_person(self, town: Town) -> None:
        sender = town.open()

        with pytest.raises(NotAllowed):
            town.give("受理甲", open_by_message, "tiny", {"key": "k", "sender_id": sender.id})

    def test_that_no_procedure_begins_with_opens_nothing(self, town: Town) -> None:
        sender = town.open()

        assert (
            town.office.ask(
                system_actor(town.authority_id), begun_by, "signal", "holiday_announced"
            )
            == []
        )
        assert town.all(sa.select(CaseRow.id)) == [sender.id]


class TestASignalThatBegins:
    """信号由以它为开始事件的每个程序各立一个新案，仅一次（issue 4）。"""

    def test_opens_one_case_where_its_start_event_says(self, town: Town) -> None:
        sender = town.open()
        sent = {
            "key": f"signal:{sender.id}:1",
            "kind": "signal",
            "name": "review_ordered",
            "payload": {"topic": "安全生产", "subject_id": town.people["陈某"]},
            "correlation": None,
            "sender_id": sender.id,
            "authority_id": town.authority_id,
        }

        for _ in range(2):  # the job may come again
            route_message(town.office, SimpleNamespace(payload=sent))

        (opened,) = town.all(sa.select(CaseRow).where(CaseRow.id != sender.id))
        assert (opened.parent_id, opened.opened_by) == (sender.id, "system")
        assert town.open_elements(opened) == ["ut_verify"]
        assert opened.variables["order"] == "安全生产"
        assert town.deadline(opened, "DL-T-1").state == "running"
        assert town.open_elements(sender) == ["ut_verify"]
