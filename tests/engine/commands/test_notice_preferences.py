"""对外告知：各人自定的渠道、时段和地址。"""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from engine.commands.notice_preferences import (
    drop_notice_address,
    prove_notice_address,
    save_notice_preference,
    set_notice_address,
    try_notice_address,
)
from engine.desk.views.notifying import own_wishes
from engine.errors import NotFound, Refusal
from engine.model.notifying import Channel, Digest, Event
from engine.store.tables import (
    AuditEntry,
    NoticeAddress,
    VaultField,
)
from scheduler.channels import MailServer, Outgoing
from scheduler.jobs import drain
from tests.engine.boardroom import Boardroom
from tests.engine.commands.outward import SECRET, WORKERS, address, assign, sent
from tests.listening import HOST
from tests.scheduler.channels import receivers
from tests.scheduler.channels.receivers import Kept, code_in


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
