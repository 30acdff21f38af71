"""Mail: over TLS, to the listed domains, with one id for every attempt."""

from __future__ import annotations

import email
import email.policy
from dataclasses import replace
from pathlib import Path

import pytest

from engine.ports import Message
from scheduler.channels.mail import MailServer, NotPosted
from scheduler.channels.outgoing import Outgoing
from tests.scheduler.channels import receivers
from tests.scheduler.channels.test_robots import AT

MESSAGE = Message("a1b2", "期限临近：1号", ("第一条。", "第二条。"), ("near",), AT)
SERVER = MailServer(
    "localhost", tls="none", sender="wenze@example.gov.cn", domains=("example.gov.cn",)
)


class TestWhatIsSent:
    """一封信：标题、正文、固定的信件编号。"""

    def test_a_message(self) -> None:
        with receivers.mail() as kept:
            here = Outgoing(mail=replace(SERVER, port=kept.port))
            assert here.offers("mail")
            here.send("mail", "lin@example.gov.cn", "", MESSAGE)
        sent = email.message_from_bytes(kept.bodies[0], policy=email.policy.default)

        assert sent["Subject"] == "期限临近：1号"
        assert sent["From"] == "wenze@example.gov.cn"
        assert sent["To"] == "lin@example.gov.cn"
        assert sent["Message-ID"] == "<a1b2@example.gov.cn>"
        assert sent["Date"] == "Mon, 02 Mar 2026 01:00:00 +0000"
        assert sent["Auto-Submitted"] == "auto-generated"
        assert sent.get_content().replace("\r\n", "\n") == "第一条。\n\n第二条。\n"

    def test_over_starttls_with_a_log_in(self, tmp_path: Path) -> None:
        serving, trusting = receivers.certificates(tmp_path)
        with receivers.mail(context=serving) as kept:
            server = replace(
                SERVER, port=kept.port, tls="starttls", user="u", password="p", context=trusting
            )
            server.send("lin@example.gov.cn", MESSAGE)

        said = [line.split(" ")[0].upper() for line in kept.said]
        assert said == ["EHLO", "STARTTLS", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "QUIT"]

    def test_a_server_that_is_not_trusted_gets_nothing(self, tmp_path: Path) -> None:
        serving, _ = receivers.certificates(tmp_path)
        with receivers.mail(context=serving) as kept:
            server = replace(SERVER, port=kept.port, tls="starttls", user="u", password="p")
            with pytest.raises(NotPosted, match="SSLCertVerificationError"):
                server.send("lin@example.gov.cn", MESSAGE)

        assert kept.said == ["ehlo " + kept.said[0][5:], "STARTTLS"]

    def test_with_tls_from_the_first_byte_plain_talk_is_none(self) -> None:
        with receivers.mail() as kept:
            server = replace(SERVER, port=kept.port, tls="tls")
            with pytest.raises(NotPosted):
                server.send("lin@example.gov.cn", MESSAGE)


class TestRefusals:
    """拒收的说明服务器和代码，不说内容。"""

    def test_the_server_s_code_is_told(self) -> None:
        with receivers.mail(refuses="DATA") as kept:
            server = replace(SERVER, port=kept.port)
            with pytest.raises(NotPosted, match="localhost: 451"):
                server.send("lin@example.gov.cn", MESSAGE)

    def test_who_refuses_the_receiver(self) -> None:
        with receivers.mail(refuses="RCPT") as kept:
            server = replace(SERVER, port=kept.port)
            with pytest.raises(NotPosted, match="SMTPRecipientsRefused"):
                server.send("lin@example.gov.cn", MESSAGE)

    @pytest.mark.parametrize(
        "address",
        [
            "lin@elsewhere.example",
            "lin@sub.example.gov.cn",
            "lin@example.gov.cn, other@elsewhere.example",
            "<lin@example.gov.cn>",
            "lin@example.gov.cn\r\nBcc: x@elsewhere.example",
            '"a b"@example.gov.cn',
            "林@example.gov.cn",
            "@example.gov.cn",
            "",
            "a" * 300 + "@example.gov.cn",
        ],
    )
    def test_no_other_address_gets_mail(self, address: str) -> None:
        with pytest.raises(ValueError, match="does not go"):
            SERVER.send(address, MESSAGE)
