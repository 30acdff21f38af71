"""What kinds of events, channels and addresses are called."""

from __future__ import annotations

from engine.model.notifying import Channel, Event
from web.texts import gettext as _


def event_text(event: Event) -> str:
    """Return what a kind of event is called."""
    return {
        Event.ASSIGNED: _("分派与交办"),
        Event.NEAR: _("期限临近"),
        Event.YELLOW: _("逾期（黄牌）"),
        Event.RED: _("红牌与升级"),
        Event.RETURNED: _("退回与收回"),
        Event.COPIED: _("抄送"),
        Event.MENTIONED: _("提及与讨论"),
        Event.ASKED: _("待我决定"),
        Event.ANSWERED: _("申请结果与办结"),
        Event.SERVED: _("文书送达"),
        Event.BATCH: _("批量办理完成"),
        Event.FINDING: _("督办与偏差"),
        Event.OTHER: _("其他"),
    }[event]


def channel_text(channel: Channel) -> str:
    """Return what a channel is called."""
    return {
        Channel.MAIL: _("邮件"),
        Channel.ROBOT: _("群机器人"),
        Channel.WEBHOOK: _("通用回调"),
    }[channel]


def kind_text(kind: str) -> str:
    """Return what a kind of address is called."""
    return {
        "mail": _("邮箱"),
        "wecom": _("企业微信"),
        "dingtalk": _("钉钉"),
        "feishu": _("飞书"),
        "generic": _("通用回调（Standard Webhooks）"),
    }[kind]
