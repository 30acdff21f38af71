"""消息设置：各人选渠道、时间，填地址。"""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from engine.commands.deliver_notices import send_proof
from engine.desk.outgoing import PROVE
from engine.store.tables import NoticeAddress, NoticePreference, OutboxJob
from scheduler.channels import MailServer, Outgoing, Reach
from scheduler.jobs import drain
from tests.listening import HOST
from tests.office import Town
from tests.scheduler.channels import receivers
from tests.scheduler.channels.receivers import code_in
from tests.web.reading import words

HERE = "/notices/settings"


@pytest.fixture
def open_town(town: Town) -> Town:
    """The office, which may send mail and to one host."""
    mail = MailServer("mail.example", sender="w@a.cn", domains=("a.cn",))
    town.office.channels = Outgoing(mail, Reach(("hook.example",)))
    return town


class TestWishes:
    """怎样通知我。"""

    def test_nothing_is_offered_where_nothing_is_set_up(self, town: Town) -> None:
        assert words(town.visit("冯某").get(HERE)).count("平台没有开通这种渠道。") == 3

    def test_they_are_kept_and_shown_again(self, open_town: Town) -> None:
        browser = open_town.visit("冯某")
        sent = {
            "on-red": ["mail", "robot"],
            "digest": "daily",
            "digest_at": "09:15",
            "quiet_from": "22:00",
            "quiet_to": "07:00",
            "workdays_only": "yes",
        }
        browser.post(HERE, data=sent)
        row = open_town.one(sa.select(NoticePreference))
        page = browser.get(HERE).text

        assert row.wanted["red"] == ["mail", "robot"]
        assert row.wanted["near"] == []
        assert 'value="09:15"' in page
        assert 'aria-label="红牌与升级：邮件" checked' in page
        assert 'aria-label="期限临近：邮件">' in page

    def test_a_refusal_is_said(self, open_town: Town) -> None:
        browser = open_town.visit("冯某")
        sent = {"digest": "daily", "digest_at": "08:30", "quiet_from": "22:00"}

        page = browser.post(HERE, data=sent, follow_redirects=True)

        assert "免打扰时段的起止须同时填写" in page.text


class TestAddresses:
    """地址存入后不再显示。"""

    def test_an_address_is_kept_tried_and_dropped(self, open_town: Town) -> None:
        browser = open_town.visit("冯某")
        given = {
            "kind-robot": "dingtalk",
            "address-robot": "https://hook.example/robot?access_token=geheim",
            "secret-robot": "SEC123456",
        }
        page = browser.post("/notices/addresses/robot", data=given, follow_redirects=True)
        assert "钉钉：<b" in page.text
        assert "hook.example" in page.text
        assert "geheim" not in page.text
        assert "SEC123456" not in page.text

        browser.post("/notices/addresses/robot/try")
        job = open_town.one(sa.select(OutboxJob).where(OutboxJob.kind == "try_notice_address"))
        assert "geheim" not in str(job.payload)

        browser.post("/notices/addresses/robot/drop")
        assert open_town.all(sa.select(NoticeAddress)) == []

    def test_one_that_is_not_allowed_is_refused(self, open_town: Town) -> None:
        browser = open_town.visit("冯某")
        given = {"kind-mail": "mail", "address-mail": "x@elsewhere.example"}

        page = browser.post("/notices/addresses/mail", data=given, follow_redirects=True)

        assert "不在管理员允许发送的范围内" in page.text

    def test_a_channel_without_an_address_is_not_there(self, open_town: Town) -> None:
        assert open_town.visit("冯某").post("/notices/addresses/mail/try").status_code == 404


class TestProvingAMailAddress:
    """新邮箱填入确认码才启用，填错的照说。"""

    def test_the_code_is_asked_for_and_taken(self, open_town: Town) -> None:
        with receivers.mail() as post:
            server = MailServer(HOST, post.port, "none", sender="w@a.cn", domains=("a.cn",))
            open_town.office.channels = Outgoing(mail=server)
            browser = open_town.visit("冯某")
            given = {"kind-mail": "mail", "address-mail": "feng@a.cn"}

            page = browser.post("/notices/addresses/mail", data=given, follow_redirects=True)

            assert "确认码已发往该邮箱，填入后才启用" in page.text
            assert "已发往 f***@a.cn" in page.text
            drain(open_town.office, {PROVE: send_proof})
            code = code_in(post)
        wrong = {"code-mail": "1"}
        page = browser.post("/notices/addresses/mail/proof", data=wrong, follow_redirects=True)
        assert "确认码不对，新地址没有启用。" in page.text
        right = {"code-mail": code}
        page = browser.post("/notices/addresses/mail/proof", data=right, follow_redirects=True)
        assert "地址已确认，即日起启用。" in page.text
        assert "code-mail" not in page.text
