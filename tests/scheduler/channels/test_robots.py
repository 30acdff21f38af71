"""Robots and webhooks: what is posted, and how it is signed.

The signatures were worked by hand with `openssl dgst -sha256 -hmac`; that of the generic webhook is
the example of the Standard Webhooks specification.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from engine.ports import Message
from scheduler.channels import robots
from scheduler.channels.outgoing import Outgoing
from scheduler.channels.reaching import NotReached, Reach
from tests.listening import HOST
from tests.scheduler.channels import receivers

SECRET = "SEC000000000000000000000"
AT = datetime(2026, 3, 2, 1, tzinfo=UTC)  # 1772413200 seconds
MESSAGE = Message("a1b2", "期限临近：1号", ("案件1号的“调查”期限临近。",), ("near",), AT)
HERE = Outgoing(reach=Reach((HOST,), private=True))


class TestSignatures:
    """签名按各家的算法计算。"""

    def test_dingtalk_signs_instant_and_secret(self) -> None:
        signed = robots.dingtalk_signature(SECRET, 1_772_413_200_000)

        assert signed == "mPvAGQr/ho+/g5GyHYk5RWiddC15J8cFILIuqsEr0+8="

    def test_feishu_signs_nothing_with_both_as_the_key(self) -> None:
        signed = robots.feishu_signature(SECRET, 1_772_413_200)

        assert signed == "8LrWK6F/FwTiXSdmFolb8Xh+3W14ztxNaK/poY8Bqnc="

    def test_the_generic_one_is_that_of_standard_webhooks(self) -> None:
        signed = robots.webhook_signature(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            b'{"test": 2432232314}',
        )

        assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="

    def test_a_secret_that_is_no_base64_behind_whsec_is_refused(self) -> None:
        with pytest.raises(ValueError, match="base64"):
            robots.webhook_signature("whsec_***", "id", 1, b"")


class TestPostings:
    """各家机器人收到的内容。"""

    def test_wecom_has_its_key_in_the_address(self) -> None:
        with receivers.web() as kept:
            HERE.send("wecom", f"{kept.address}/send?key=k", "", MESSAGE)

        assert kept.said == ["/send?key=k"]
        assert json.loads(kept.bodies[0]) == {
            "msgtype": "text",
            "text": {"content": "期限临近：1号\n案件1号的“调查”期限临近。"},
        }

    def test_a_long_text_is_cut_between_characters(self) -> None:
        long = Message("x", "问" * 3_000, ("责",), ("near",), AT)

        body = json.loads(robots.wecom("https://x/", "", long).body)

        assert body["text"]["content"] == "问" * 666  # 1,998 of 2,000 bytes

    def test_dingtalk_is_signed_in_the_address(self) -> None:
        with receivers.web() as kept:
            HERE.send("dingtalk", f"{kept.address}/robot?access_token=t", SECRET, MESSAGE)

        path, signed = kept.said[0].split("&sign=")
        assert path == "/robot?access_token=t&timestamp=1772413200000"
        assert signed == "mPvAGQr%2Fho%2B%2Fg5GyHYk5RWiddC15J8cFILIuqsEr0%2B8%3D"

    def test_without_a_query_of_its_own_as_well(self) -> None:
        assert "/robot?timestamp=" in robots.dingtalk("https://x/robot", SECRET, MESSAGE).address

    def test_feishu_is_signed_in_its_body(self) -> None:
        with receivers.web(answer=b'{"code":0}') as kept:
            HERE.send("feishu", f"{kept.address}/hook", SECRET, MESSAGE)

        assert json.loads(kept.bodies[0]) == {
            "timestamp": "1772413200",
            "sign": "8LrWK6F/FwTiXSdmFolb8Xh+3W14ztxNaK/poY8Bqnc=",
            "msg_type": "text",
            "content": {"text": "期限临近：1号\n案件1号的“调查”期限临近。"},
        }

    def test_the_generic_one_bears_id_instant_and_signature(self) -> None:
        with receivers.web(answer=b"") as kept:
            HERE.send("generic", f"{kept.address}/in", "secret-of-ours", MESSAGE)
        headers, body = kept.headers[0], kept.bodies[0]

        assert headers["webhook-id"] == "a1b2"
        assert headers["webhook-timestamp"] == "1772413200"
        assert headers["webhook-signature"] == robots.webhook_signature(
            "secret-of-ours", "a1b2", 1_772_413_200, body
        )
        assert json.loads(body) == {
            "type": "notice",
            "timestamp": "2026-03-02T01:00:00+00:00",
            "data": {
                "events": ["near"],
                "subject": "期限临近：1号",
                "lines": ["案件1号的“调查”期限临近。"],
            },
        }


class TestRefusals:
    """机器人以返回码拒收的，视为没有送到。"""

    @pytest.mark.parametrize("answer", [b'{"errcode":310000}', b'{"code":19021,"StatusCode":1}'])
    def test_a_code_other_than_nought_is_a_refusal(self, answer: bytes) -> None:
        with receivers.web(answer=answer) as kept, pytest.raises(NotReached, match="refused"):
            HERE.send("dingtalk", f"{kept.address}/r", SECRET, MESSAGE)

    @pytest.mark.parametrize("answer", [b"ok", b"[]", b'{"code":"0"}', b'{"errcode":0}'])
    def test_other_answers_are_none(self, answer: bytes) -> None:
        assert robots.refusal_in(answer) == ""

    def test_a_generic_receiver_says_so_by_its_status(self) -> None:
        with receivers.web(answer=b'{"code":7}') as kept:
            HERE.send("generic", f"{kept.address}/r", SECRET, MESSAGE)

        assert len(kept.bodies) == 1
