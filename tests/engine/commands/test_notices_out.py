"""对外告知：在命令的事务中安排，提交后发送；只写案号、流程、环节和期限。"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from engine.commands.deliver_notices import (
    send_again,
    settle_deliveries,
)
from engine.commands.notice_preferences import (
    drop_notice_address,
    save_notice_preference,
)
from engine.commands.read_notices import read_notices
from engine.commands.recuse import declare_interest
from engine.desk.desk import Desk
from engine.desk.outgoing import DELIVER
from engine.desk.views.notices import notices, unread_notices
from engine.desk.views.notifying import sending
from engine.errors import NotAllowed, NotFound
from engine.model.notifying import Event
from engine.store.retrying import OUTWARD_ATTEMPTS
from engine.store.tables import (
    Account,
    OutboxJob,
)
from scheduler.channels import Outgoing, Reach
from scheduler.jobs import drain
from tests.engine.boardroom import Boardroom
from tests.engine.commands.outward import WORKERS, address, assign, deliveries, sent
from tests.listening import HOST
from tests.scheduler.channels.receivers import Kept

ZONE = ZoneInfo("Asia/Shanghai")
TOLD = "案件{number}（监事会小程序）的“调查”交您办理，期限：—。详情请登录平台查看。"
LATE = "案件{number}（监事会小程序）的“调查”已于{day}届满，尚未办结。详情请登录平台查看。"
TOLD_EN = (
    "“调查” in case {number} (The board's small procedure) is yours; due: —. Sign in to see it."
)
ALL = {event.value: ["mail", "robot", "webhook"] for event in Event}


class TestAtOnce:
    """随时逐条：分派之后即发给留有地址的人。"""

    def test_an_assignment_is_told(self, room: Boardroom, kept: Kept) -> None:
        address(room, kept)
        case = assign(room)

        assert drain(room.office, WORKERS) == 1
        assert sent(kept) == [
            {
                "events": ["assigned"],
                "subject": f"有事项交您办理：{case.number}",
                "lines": [TOLD.format(number=case.number)],
            }
        ]
        assert deliveries(room) == [("sent", "")]

    def test_nothing_of_the_matter_and_nobody_in_it_is_said(
        self, room: Boardroom, kept: Kept
    ) -> None:
        address(room, kept)
        assign(room, room.open(facts="停产五日的详情", reporter_id=room.people["举报人"]))
        drain(room.office, WORKERS)
        said = kept.bodies[0].decode()

        assert not [word for word in ("停产", "陈某", "举报", "承办") if word in said]

    def test_who_left_no_address_is_told_on_the_pages_only(
        self, room: Boardroom, kept: Kept
    ) -> None:
        assign(room)

        assert drain(room.office, WORKERS) == 0
        assert room.told("承办乙") == ["work.assigned"]

    def test_what_is_not_wished_does_not_go_out(self, room: Boardroom, kept: Kept) -> None:
        address(room, kept)
        room.give("承办乙", save_notice_preference, {"red": ["webhook"]})
        assign(room)

        assert deliveries(room) == []

    def test_a_channel_without_an_address_is_passed_over(self, room: Boardroom, kept: Kept) -> None:
        address(room, kept)
        room.give("承办乙", save_notice_preference, {"assigned": ["mail", "webhook"]})
        assign(room)

        assert deliveries(room) == [("waiting", "")]

    def test_a_job_that_comes_twice_sends_once(self, room: Boardroom, kept: Kept) -> None:
        address(room, kept)
        assign(room)
        drain(room.office, WORKERS)
        job = room.one(sa.select(OutboxJob).where(OutboxJob.kind == DELIVER))
        with room.office.database.begin() as session:
            session.get_one(OutboxJob, job.id).state = "todo"

        assert drain(room.office, WORKERS) == 1
        assert len(kept.bodies) == 1

    def test_a_deadline_s_day_goes_with_it(self, room: Boardroom, kept: Kept) -> None:
        address(room, kept, "承办甲")
        room.give("承办甲", save_notice_preference, ALL)
        case = room.open()
        room.claim("承办甲", case, "ut_inquire")
        room.at(2026, 3, 16)  # from Monday 9 February, with the Spring Festival: Friday 6 March
        drain(room.office, WORKERS)
        yellow = [one for one in sent(kept) if one["events"] == ["yellow"]]

        assert yellow[0]["lines"] == [LATE.format(number=case.number, day="2026年3月6日")]

    def test_who_reads_english_is_told_in_english(self, room: Boardroom, kept: Kept) -> None:
        with room.office.database.begin() as session:
            session.get_one(Account, room.accounts["承办乙"]).language = "en"
        address(room, kept)
        case = assign(room)
        drain(room.office, WORKERS)

        assert sent(kept)[0]["lines"] == [TOLD_EN.format(number=case.number)]


class TestDigest:
    """汇总和免打扰：到时一并发一条；其间已读的不再发。"""

    def test_two_notices_go_together(self, room: Boardroom, kept: Kept) -> None:
        address(room, kept)
        room.give("承办乙", save_notice_preference, ALL, digest="daily", digest_at="18:00")
        assign(room)
        assign(room)
        assert drain(room.office, WORKERS) == 0
        room.clock.move_to(datetime(2026, 2, 9, 18, tzinfo=ZONE))

        assert drain(room.office, WORKERS) == 1
        assert [one["subject"] for one in sent(kept)] == ["问责流程平台：2条消息"]
        assert len(sent(kept)[0]["lines"]) == 2  # type: ignore[arg-type]

    def test_what_was_read_meanwhile_is_left_out(self, room: Boardroom, kept: Kept) -> None:
        address(room, kept)
        room.give("承办乙", save_notice_preference, ALL, quiet_from="08:00", quiet_to="10:00")
        assign(room)
        room.give("承办乙", read_notices)
        room.clock.move_to(datetime(2026, 2, 9, 10, tzinfo=ZONE))
        drain(room.office, WORKERS)

        assert kept.bodies == []
        assert deliveries(room) == [("dropped", "read")]

    def test_who_was_recused_meanwhile_is_not_told(self, room: Boardroom, kept: Kept) -> None:
        address(room, kept)
        room.give("承办乙", save_notice_preference, ALL, digest="daily", digest_at="18:00")
        case = assign(room)
        room.give("承办乙", declare_interest, case.id, reasons="同学。")
        room.clock.move_to(datetime(2026, 2, 9, 18, tzinfo=ZONE))
        drain(room.office, WORKERS)

        assert kept.bodies == []
        assert ("dropped", "not_visible") in deliveries(room)

    def test_a_closed_account_is_not_told(self, room: Boardroom, kept: Kept) -> None:
        address(room, kept)
        assign(room)
        with room.office.database.begin() as session:
            session.get_one(Account, room.accounts["承办乙"]).is_active = False
        drain(room.office, WORKERS)

        assert deliveries(room) == [("dropped", "no_account")]

    def test_an_address_that_has_gone_is_not_sent_to(self, room: Boardroom, kept: Kept) -> None:
        address(room, kept)
        assign(room)
        room.give("承办乙", drop_notice_address, "webhook")
        drain(room.office, WORKERS)

        assert kept.bodies == []
        assert deliveries(room) == [("dropped", "no_address")]


class TestRehearsal:
    """演练库发出的，标明演练。"""

    def test_it_says_so(self, room: Boardroom, kept: Kept) -> None:
        room.office.kind = "rehearsal"
        address(room, kept)
        assign(room)
        drain(room.office, WORKERS)

        assert str(sent(kept)[0]["subject"]).startswith("【演练】有事项交您办理")


class TestDeadLetters:
    """多次重试仍未送达的，列给管理员，可以重发。"""

    @pytest.fixture
    def dead(self, room: Boardroom, kept: Kept) -> OutboxJob:
        address(room, kept)
        assign(room)
        room.office.channels = Outgoing(reach=Reach(("elsewhere.example",)))
        for _attempt in range(OUTWARD_ATTEMPTS):
            drain(room.office, WORKERS)
            room.clock.move_to(room.clock.now() + timedelta(hours=15))
        found: OutboxJob = room.one(sa.select(OutboxJob).where(OutboxJob.kind == DELIVER))
        return found

    def test_they_are_listed(self, room: Boardroom, dead: OutboxJob) -> None:
        shown = room.office.ask(room.actor("管理员"), sending)

        assert shown.counts == {"waiting": 1}
        (stuck,) = shown.stuck
        assert (stuck.job_id, stuck.channel, stuck.person) == (dead.id, "webhook", "承办乙")
        assert (stuck.count, stuck.attempts) == (1, 12)
        assert stuck.error == "ValueError: this address may not be sent to"

    def test_they_are_sent_again(self, room: Boardroom, kept: Kept, dead: OutboxJob) -> None:
        room.office.channels = Outgoing(reach=Reach((HOST,), private=True))
        room.give("管理员", send_again, dead.id)
        drain(room.office, WORKERS)

        assert len(kept.bodies) == 1
        assert room.office.ask(room.actor("管理员"), sending).stuck == ()
        assert room.last(None, "notice_sent_again") == {
            "channel": "webhook",
            "person": room.people["承办乙"],
        }

    def test_once_sent_there_is_nothing_to_send_again(
        self, room: Boardroom, dead: OutboxJob
    ) -> None:
        room.give("管理员", send_again, dead.id)
        with pytest.raises(NotFound):
            room.give("管理员", send_again, dead.id)

    def test_only_administrators_see_and_send(self, room: Boardroom, dead: OutboxJob) -> None:
        with pytest.raises(NotAllowed):
            room.office.ask(room.actor("承办甲"), sending)
        with pytest.raises(NotAllowed):
            room.give("承办甲", send_again, dead.id)

    def test_another_job_is_none_of_theirs(self, room: Boardroom) -> None:
        row = OutboxJob(
            kind="preview", key="k", payload={}, not_before=room.clock.now(), state="dead"
        )
        with room.office.database.begin() as session:
            session.add(row)

        with pytest.raises(NotFound):
            room.give("管理员", send_again, row.id)

    def test_without_channels_a_job_waits_as_a_dead_letter(
        self, room: Boardroom, kept: Kept
    ) -> None:
        address(room, kept)
        assign(room)
        room.office.channels = None
        drain(room.office, WORKERS)

        job = room.one(sa.select(OutboxJob).where(OutboxJob.kind == DELIVER))
        assert job.last_error == "Fault: this installation sends no notices"

    def test_only_the_platform_settles(self, room: Boardroom) -> None:
        with pytest.raises(NotAllowed):
            room.give("管理员", settle_deliveries, (), {})


class TestOwnNotices:
    """页面上的消息按种类筛选；未读有数。"""

    def test_by_kind(self, room: Boardroom) -> None:
        assign(room)
        actor = room.actor("承办乙")

        assert [one.event for one in room.office.ask(actor, notices, event="assigned").lines] == [
            "assigned"
        ]
        assert room.office.ask(actor, notices, event="red").lines == ()

    def test_unread(self, room: Boardroom) -> None:
        actor = room.actor("承办乙")
        assert room.office.ask(actor, unread_notices) == (0, "")
        assign(room)
        assert room.office.ask(actor, unread_notices)[0] == 1

    def test_an_outcome_s_title_never_goes_out(self, room: Boardroom) -> None:
        case = room.open()

        def tell(desk: Desk) -> dict[str, object]:
            notice = desk.notify(
                room.people["主席"], "case.ended", {"zh": "x"}, case, step="给予警告"
            )
            return notice.about

        assert room.give("system", tell) == {}
