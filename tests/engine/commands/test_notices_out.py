"""对外告知：在命令的事务中安排，提交后发送；只写案号、流程、环节和期限。"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from engine.commands.assign_work import assign_work
from engine.commands.deliver_notices import (
    deliver_notices,
    send_again,
    send_proof,
    settle_deliveries,
    try_address,
)
from engine.commands.notice_preferences import (
    drop_notice_address,
    prove_notice_address,
    save_notice_preference,
    set_notice_address,
    try_notice_address,
)
from engine.commands.notice_templates import change_notice_template, reset_notice_template
from engine.commands.read_notices import read_notices
from engine.commands.recuse import declare_interest
from engine.desk.desk import Desk
from engine.desk.outgoing import DELIVER, PROVE, TRY
from engine.desk.views.notices import notices, unread_notices
from engine.desk.views.notifying import own_wishes, sample, sending, template, templates
from engine.errors import NotAllowed, NotFound, Refusal
from engine.model.notifying import Channel, Digest, Event
from engine.store.retrying import OUTWARD_ATTEMPTS
from engine.store.tables import (
    Account,
    AuditEntry,
    CaseRow,
    NoticeAddress,
    NoticeDelivery,
    OutboxJob,
    VaultField,
)
from scheduler.channels import MailServer, Outgoing, Reach
from scheduler.jobs import drain
from tests.engine.boardroom import Boardroom
from tests.listening import HOST
from tests.scheduler.channels import receivers
from tests.scheduler.channels.receivers import Kept, code_in

ZONE = ZoneInfo("Asia/Shanghai")
TOLD = "案件{number}（监事会小程序）的“调查”交您办理，期限：—。详情请登录平台查看。"
LATE = "案件{number}（监事会小程序）的“调查”已于{day}届满，尚未办结。详情请登录平台查看。"
TOLD_EN = (
    "“调查” in case {number} (The board's small procedure) is yours; due: —. Sign in to see it."
)
WORKERS = {DELIVER: deliver_notices, TRY: try_address, PROVE: send_proof}
SECRET = "secret-of-ours"
ALL = {event.value: ["mail", "robot", "webhook"] for event in Event}


@pytest.fixture
def kept(room: Boardroom) -> Iterator[Kept]:
    """A receiver; the boardroom sends to this machine, and mail nowhere."""
    with receivers.web() as found:
        room.office.channels = Outgoing(reach=Reach((HOST,), private=True))
        yield found


def address(room: Boardroom, kept: Kept, name: str = "承办乙", path: str = "/in") -> None:
    """Let notices to somebody go to the receiver, too."""
    room.give(
        name, set_notice_address, "webhook", "generic", f"{kept.address}{path}", secret=SECRET
    )


def assign(room: Boardroom, case: CaseRow | None = None) -> CaseRow:
    """Assign the inquiry of a new case to 承办乙, who is told."""
    case = case or room.open()
    item = room.item(case, "ut_inquire").id
    room.give("承办甲", assign_work, item, room.people["承办乙"])
    return case


def sent(kept: Kept) -> list[dict[str, object]]:
    return [json.loads(body)["data"] for body in kept.bodies]


def deliveries(room: Boardroom) -> list[tuple[str, str]]:
    rows = room.all(sa.select(NoticeDelivery).order_by(NoticeDelivery.id))
    return [(row.state, row.reason) for row in rows]


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


class TestWishes:
    """各人自定：哪类消息、走哪个渠道、何时不打扰。"""

    def test_they_are_kept(self, room: Boardroom, kept: Kept) -> None:
        room.give(
            "主席",
            save_notice_preference,
            {"red": ["mail", "robot", "mail"], "near": []},
            digest="daily",
            digest_at="09:05",
            quiet_from="22:00",
            quiet_to="07:30",
            workdays_only=True,
        )
        found = room.office.ask(room.actor("主席"), own_wishes)
        wish = found.preference

        assert wish.wanted == {
            Event.RED: frozenset({Channel.MAIL, Channel.ROBOT}),
            Event.NEAR: frozenset(),
        }
        assert wish.digest is Digest.DAILY
        assert wish.digest_at.isoformat() == "09:05:00"
        assert wish.quiet is not None
        assert [one.hour for one in wish.quiet] == [22, 7]
        assert wish.workdays_only

    def test_what_is_offered_is_shown(self, room: Boardroom, kept: Kept) -> None:
        offered = room.office.ask(room.actor("主席"), own_wishes).offered

        assert offered == {
            Channel.MAIL: (),
            Channel.ROBOT: ("wecom", "dingtalk", "feishu"),
            Channel.WEBHOOK: ("generic",),
        }

    def test_without_channels_nothing_is(self, room: Boardroom) -> None:
        offered = room.office.ask(room.actor("主席"), own_wishes).offered

        assert set(offered.values()) == {()}

    @pytest.mark.parametrize(
        ("wanted", "named", "message"),
        [
            ({"birthday": []}, {}, "notify.unknown"),
            ({"red": ["pigeon"]}, {}, "notify.unknown"),
            ({}, {"digest": "weekly"}, "notify.unknown"),
            ({}, {"digest_at": "8 Uhr"}, "notify.time"),
            ({}, {"digest_at": " "}, "notify.time"),
            ({}, {"quiet_from": "22:00"}, "notify.quiet"),
            ({}, {"quiet_from": "22:00", "quiet_to": "22:00"}, "notify.quiet"),
        ],
    )
    def test_what_is_none_is_refused(
        self, room: Boardroom, wanted: dict[str, list[str]], named: dict[str, str], message: str
    ) -> None:
        with pytest.raises(Refusal, match=message):
            room.give("主席", save_notice_preference, wanted, **named)


class TestAddresses:
    """地址和密钥存入保密库；只向设置允许的地方发送。"""

    def test_the_address_is_nowhere_but_in_the_vault(self, room: Boardroom, kept: Kept) -> None:
        address(room, kept, path="/geheim?key=abc")
        row = room.one(sa.select(NoticeAddress))

        assert row.shown == f"127.0.0.1:{kept.port}"
        assert set(row.held) == {"$vault"}
        said = [str(entry.details) for entry in room.all(sa.select(AuditEntry))]
        assert not [text for text in said if "geheim" in text or SECRET in text]
        assert room.last(None, "notice_address_changed") == {
            "channel": "webhook",
            "kind": "generic",
            "change": "set",
        }

    def test_another_takes_its_place(self, room: Boardroom, kept: Kept) -> None:
        address(room, kept, path="/old")
        address(room, kept, path="/new")
        assign(room)
        drain(room.office, WORKERS)

        assert kept.said == ["/new"]
        fields = sa.select(VaultField).where(VaultField.field == "notice_address")
        assert len(room.all(fields)) == 1

    def test_a_trial_is_sent(self, room: Boardroom, kept: Kept) -> None:
        address(room, kept)
        room.give("承办乙", try_notice_address, "webhook")
        room.give("承办乙", try_notice_address, "webhook")  # within the same minute
        drain(room.office, WORKERS)

        assert [one["subject"] for one in sent(kept)] == ["问责流程平台：试发"]

    def test_a_trial_to_an_address_that_has_gone_sends_nothing(
        self, room: Boardroom, kept: Kept
    ) -> None:
        address(room, kept)
        room.give("承办乙", try_notice_address, "webhook")
        room.give("承办乙", drop_notice_address, "webhook")

        assert drain(room.office, WORKERS) == 1
        assert kept.bodies == []

    @pytest.mark.parametrize("command", [try_notice_address, drop_notice_address])
    def test_without_an_address_there_is_nothing_to_do(
        self, room: Boardroom, command: object
    ) -> None:
        with pytest.raises(NotFound):
            room.give("承办乙", command, "mail")

    def test_mail_goes_to_the_listed_domains(self, room: Boardroom) -> None:
        with receivers.mail() as post:
            server = MailServer(HOST, post.port, "none", sender="w@a.gov.cn", domains=("a.gov.cn",))
            room.office.channels = Outgoing(mail=server)
            room.give("承办乙", set_notice_address, "mail", "mail", "zhang@a.gov.cn")
            drain(room.office, WORKERS)
            row = room.give("承办乙", prove_notice_address, "mail", code_in(post))
            assign(room)
            drain(room.office, WORKERS)

        assert row.shown == "z***@a.gov.cn"
        assert len(post.bodies) == 2
        assert "RCPT TO:<zhang@a.gov.cn>" in [line.replace("rcpt", "RCPT") for line in post.said]

    @pytest.mark.parametrize(
        ("channel", "kind", "where", "secret", "message"),
        [
            ("pigeon", "generic", "x", SECRET, "notify.unknown"),
            ("robot", "generic", "x", SECRET, "notify.unknown"),
            ("mail", "mail", "a@a.gov.cn", "", "notify.not_offered"),
            ("webhook", "generic", "https://evil.example/", SECRET, "notify.address"),
            ("webhook", "generic", "http://127.0.0.1/" + "a" * 500, SECRET, "notify.address"),
            ("webhook", "generic", "http://127.0.0.1/", "short", "notify.secret"),
            ("robot", "dingtalk", "http://127.0.0.1/", "", "notify.secret"),
        ],
    )
    def test_what_may_not_be_is_refused(  # noqa: PLR0917 -- a row of the table
        self,
        room: Boardroom,
        kept: Kept,
        channel: str,
        kind: str,
        where: str,
        secret: str,
        message: str,
    ) -> None:
        with pytest.raises(Refusal, match=message):
            room.give("承办乙", set_notice_address, channel, kind, where, secret=secret)

    def test_without_channels_nothing_is_kept(self, room: Boardroom) -> None:
        with pytest.raises(Refusal, match=r"notify\.not_offered"):
            room.give("承办乙", set_notice_address, "mail", "mail", "a@a.gov.cn")


SUBJECT = {"zh": "【督办】{case_number}", "en": "Now: {case_number}"}
BODY = {"zh": "{procedure}：{step}，{due}。", "en": "{procedure}: {step}, {due}."}


class TestTemplates:
    """模板由管理员修改，逐版留存，可以恢复。"""

    def test_other_words_go_out_from_then_on(self, room: Boardroom, kept: Kept) -> None:
        address(room, kept)
        room.give("管理员", change_notice_template, "assigned", SUBJECT, BODY)
        case = assign(room)
        drain(room.office, WORKERS)

        assert sent(kept)[0]["subject"] == f"【督办】{case.number}"
        assert sent(kept)[0]["lines"] == ["监事会小程序：调查，—。"]

    def test_every_change_is_a_version_on_the_record(self, room: Boardroom) -> None:
        room.give("管理员", change_notice_template, "red", SUBJECT, BODY)
        room.give("管理员", reset_notice_template, "red")
        line, history = room.office.ask(room.actor("管理员"), template, "red")

        assert [(row.number, row.is_reset, name) for row, name in history] == [
            (2, True, "管理员"),
            (1, False, "管理员"),
        ]
        assert not line.is_own
        assert line.words.subject["zh"] == "红牌：{case_number}"
        assert room.last(None, "notice_template_changed")["reset"] is True

    def test_the_words_in_use_are_shown(self, room: Boardroom) -> None:
        room.give("管理员", change_notice_template, "red", SUBJECT, BODY)
        lines = room.office.ask(room.actor("管理员"), templates)

        assert [line.event for line in lines if line.is_own] == [Event.RED]
        assert len(lines) == len(Event)

    def test_the_same_words_are_no_new_version(self, room: Boardroom) -> None:
        assert room.give("管理员", reset_notice_template, "red") is None
        room.give("管理员", change_notice_template, "red", SUBJECT, BODY)
        assert room.give("管理员", change_notice_template, "red", SUBJECT, BODY) is None

    @pytest.mark.parametrize(
        ("subject", "body", "message"),
        [
            ({"zh": "x"}, BODY, "notify.template"),
            ({"zh": "x\ny", "en": "x"}, BODY, "notify.template"),
            ({"zh": "x" * 101, "en": "x"}, BODY, "notify.template"),
            (SUBJECT, {"zh": "x" * 501, "en": "x"}, "notify.template"),
            (SUBJECT, {"zh": "{reporter}", "en": "x"}, "notify.variables"),
            ({"zh": "{case_number.x}", "en": "x"}, BODY, "notify.variables"),
        ],
    )
    def test_what_may_not_go_out_is_refused(
        self, room: Boardroom, subject: dict[str, str], body: dict[str, str], message: str
    ) -> None:
        with pytest.raises(Refusal, match=message):
            room.give("管理员", change_notice_template, "red", subject, body)

    def test_only_administrators_change_them(self, room: Boardroom) -> None:
        with pytest.raises(NotAllowed):
            room.give("主席", change_notice_template, "red", SUBJECT, BODY)
        with pytest.raises(NotAllowed):
            room.office.ask(room.actor("主席"), templates)

    def test_an_unknown_kind_is_refused(self, room: Boardroom) -> None:
        with pytest.raises(Refusal, match=r"notify\.unknown"):
            room.give("管理员", reset_notice_template, "birthday")
        with pytest.raises(NotFound):
            room.office.ask(room.actor("管理员"), template, "birthday")

    def test_a_preview_tells_of_a_case_that_is_made_up(self) -> None:
        assert sample("{case_number} {due}", "zh") == "某司问〔2026〕1号 2026年4月29日"
        assert sample("{reporter}", "zh") == "{reporter}"


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
