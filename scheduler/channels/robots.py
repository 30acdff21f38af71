"""What each kind of receiver is posted, and how it is signed.

Sources: the vendors' pages on group robots (企业微信 群机器人, 钉钉 自定义机器人 加签,
飞书 自定义机器人 签名校验); Standard Webhooks 1.0.0 for the generic one.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote_plus

if TYPE_CHECKING:
    from engine.ports import Message

LONGEST = 1_900
"""Characters of a text; 企业微信 takes 2,048 bytes, so Chinese texts are cut shorter there."""
WECOM_BYTES = 2_000
PREFIX = "whsec_"
MILLISECONDS = 1_000


@dataclass(frozen=True, slots=True)
class Posting:
    """A request ready to be posted."""

    address: str = field(repr=False)
    body: bytes
    headers: Mapping[str, str]


def wecom(address: str, _secret: str, message: Message) -> Posting:
    """Return a text for a 企业微信 robot; its key stands in the address."""
    text = message.text.encode()[:WECOM_BYTES].decode(errors="ignore")
    return _json(address, {"msgtype": "text", "text": {"content": text}})


def dingtalk(address: str, secret: str, message: Message) -> Posting:
    """Return a text for a 钉钉 robot, signed in the address."""
    at = int(message.sent_at.timestamp() * MILLISECONDS)
    signed = dingtalk_signature(secret, at)
    joint = "&" if "?" in address else "?"
    target = f"{address}{joint}timestamp={at}&sign={quote_plus(signed)}"
    return _json(target, {"msgtype": "text", "text": {"content": message.text[:LONGEST]}})


def feishu(address: str, secret: str, message: Message) -> Posting:
    """Return a text for a 飞书 robot, signed in its body."""
    at = int(message.sent_at.timestamp())
    return _json(
        address,
        {
            "timestamp": str(at),
            "sign": feishu_signature(secret, at),
            "msg_type": "text",
            "content": {"text": message.text[:LONGEST]},
        },
    )


def generic(address: str, secret: str, message: Message) -> Posting:
    """Return a message for any receiver, signed as Standard Webhooks says."""
    at = int(message.sent_at.timestamp())
    content = {
        "type": "notice",
        "timestamp": message.sent_at.isoformat(),
        "data": {
            "events": list(message.events),
            "subject": message.subject,
            "lines": list(message.lines),
        },
    }
    posting = _json(address, content)
    signed = {
        "webhook-id": message.id,
        "webhook-timestamp": str(at),
        "webhook-signature": webhook_signature(secret, message.id, at, posting.body),
    }
    return Posting(address, posting.body, {**posting.headers, **signed})


KINDS: Mapping[str, Callable[[str, str, Message], Posting]] = {
    "wecom": wecom,
    "dingtalk": dingtalk,
    "feishu": feishu,
    "generic": generic,
}


def dingtalk_signature(secret: str, at: int) -> str:
    """Return 钉钉's signature: HMAC-SHA256 with the secret over instant (ms) and secret."""
    return _base64(_hmac(secret.encode(), f"{at}\n{secret}".encode()))


def feishu_signature(secret: str, at: int) -> str:
    """Return 飞书's signature: HMAC-SHA256 of nothing, the key being instant (s) and secret."""
    return _base64(_hmac(f"{at}\n{secret}".encode(), b""))


def webhook_signature(secret: str, message_id: str, at: int, body: bytes) -> str:
    """Return the signature of Standard Webhooks over id, instant (s) and body."""
    key = secret.encode()
    if secret.startswith(PREFIX):
        try:
            key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
        except binascii.Error as error:
            raise ValueError("the secret is not base64 behind whsec_") from error
    return "v1," + _base64(_hmac(key, f"{message_id}.{at}.".encode() + body))


def refusal_in(answer: bytes) -> str:
    """Return the code by which a robot says that it did not take a message; "" if it did."""
    try:
        found = json.loads(answer)
    except ValueError:
        return ""
    if not isinstance(found, dict):
        return ""
    for name in ("errcode", "code", "StatusCode"):
        code = found.get(name)
        if isinstance(code, int) and code != 0:
            return f"{name} {code}"
    return ""


def _json(address: str, content: object) -> Posting:
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    return Posting(address, body, {"Content-Type": "application/json; charset=utf-8"})


def _hmac(key: bytes, content: bytes) -> bytes:
    return hmac.new(key, content, hashlib.sha256).digest()


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()
