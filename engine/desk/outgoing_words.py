"""What goes out for each kind of event until an administrator says it otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.model.notifying import Event


@dataclass(frozen=True, slots=True)
class Words:
    """Subject and body of a message in both languages, with variables in braces."""

    subject: Mapping[str, str]
    body: Mapping[str, str]


def _words(zh: str, en: str, zh_body: str, en_body: str) -> Words:
    return Words({"zh": zh, "en": en}, {"zh": zh_body, "en": en_body})


_SIGN_IN = "详情请登录平台查看。"
_SIGN_IN_EN = "Sign in to see it."

PLATFORM: Mapping[Event, Words] = {
    Event.ASSIGNED: _words(
        "有事项交您办理：{case_number}",
        "Work for you: {case_number}",
        f"案件{{case_number}}（{{procedure}}）的“{{step}}”交您办理，期限：{{due}}。{_SIGN_IN}",
        f"“{{step}}” in case {{case_number}} ({{procedure}}) is yours; due: {{due}}. {_SIGN_IN_EN}",
    ),
    Event.NEAR: _words(
        "期限临近：{case_number}",
        "Due soon: {case_number}",
        f"案件{{case_number}}（{{procedure}}）的“{{step}}”期限临近：{{due}}。{_SIGN_IN}",
        f"“{{step}}” in case {{case_number}} ({{procedure}}) is due: {{due}}. {_SIGN_IN_EN}",
    ),
    Event.YELLOW: _words(
        "黄牌：{case_number}",
        "Yellow card: {case_number}",
        f"案件{{case_number}}（{{procedure}}）的“{{step}}”已于{{due}}届满，尚未办结。{_SIGN_IN}",
        "“{step}” in case {case_number} ({procedure}) was due {due} and is not done. "
        + _SIGN_IN_EN,
    ),
    Event.RED: _words(
        "红牌：{case_number}",
        "Red card: {case_number}",
        f"案件{{case_number}}（{{procedure}}）的“{{step}}”严重逾期，期限：{{due}}。{_SIGN_IN}",
        "“{step}” in case {case_number} ({procedure}) is long overdue: {due}. " + _SIGN_IN_EN,
    ),
    Event.RETURNED: _words(
        "事项退回：{case_number}",
        "Sent back: {case_number}",
        f"案件{{case_number}}（{{procedure}}）的“{{step}}”有退回或收回。{_SIGN_IN}",
        f"“{{step}}” in case {{case_number}} ({{procedure}}) was sent or taken back. {_SIGN_IN_EN}",
    ),
    Event.COPIED: _words(
        "抄送：{case_number}",
        "Copied to you: {case_number}",
        f"案件{{case_number}}（{{procedure}}）抄送您。{_SIGN_IN}",
        f"Case {{case_number}} ({{procedure}}) was copied to you. {_SIGN_IN_EN}",
    ),
    Event.MENTIONED: _words(
        "讨论：{case_number}",
        "Discussion: {case_number}",
        f"案件{{case_number}}（{{procedure}}）的讨论与您有关。{_SIGN_IN}",
        f"A comment on case {{case_number}} ({{procedure}}) concerns you. {_SIGN_IN_EN}",
    ),
    Event.ASKED: _words(
        "待您决定：{case_number}",
        "Your decision: {case_number}",
        f"案件{{case_number}}（{{procedure}}）有一件申请或会签待您办理：{{step}}。{_SIGN_IN}",
        "A request in case {case_number} ({procedure}) waits for you: {step}. " + _SIGN_IN_EN,
    ),
    Event.ANSWERED: _words(
        "有结果：{case_number}",
        "Answered: {case_number}",
        f"案件{{case_number}}（{{procedure}}）有新的进展。{_SIGN_IN}",
        f"There is news in case {{case_number}} ({{procedure}}). {_SIGN_IN_EN}",
    ),
    Event.SERVED: _words(
        "文书送达：{case_number}",
        "Served: {case_number}",
        f"案件{{case_number}}（{{procedure}}）有文书送达您。{_SIGN_IN}",
        f"A document of case {{case_number}} ({{procedure}}) was served on you. {_SIGN_IN_EN}",
    ),
    Event.BATCH: _words(
        "批量办理已完成",
        "Your batch is done",
        f"您发起的批量办理已完成。{_SIGN_IN}",
        f"A batch that you ordered is done. {_SIGN_IN_EN}",
    ),
    Event.FINDING: _words(
        "督办提示",
        "For supervision",
        f"有一条督办事项待您处理，案件：{{case_number}}。{_SIGN_IN}",
        f"A finding waits for you; case: {{case_number}}. {_SIGN_IN_EN}",
    ),
    Event.OTHER: _words(
        "有新的消息：{case_number}",
        "A notice: {case_number}",
        f"您有一条新的消息，案件：{{case_number}}（{{procedure}}）。{_SIGN_IN}",
        f"There is a notice for you; case: {{case_number}} ({{procedure}}). {_SIGN_IN_EN}",
    ),
}
"""Proposed; an authority may say each otherwise (`change_notice_template`)."""
