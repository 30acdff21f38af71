"""What the record's entries on hand-overs and signatures say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.desk.facts import Fact
from web.texts import gettext as _

if TYPE_CHECKING:
    from collections.abc import Callable

Details = dict[str, Any]

WITH_REASONS = frozenset(
    {
        Fact.WORK_TRANSFERRED,
        Fact.WORK_DELEGATED,
        Fact.DELEGATION_RECALLED,
        Fact.SIGNATURE_ASKED,
        Fact.SIGNATURE_DROPPED,
        Fact.SIGNER_ADDED,
        Fact.SIGNER_REMOVED,
        Fact.DEVIATION_SETTLED,
        Fact.BRANCH_STOPPED,
        Fact.BRANCH_RELEASED,
    }
)
"""Entries whose reasons are shown below them."""


def handing_sentences(item: Callable[[Details], str]) -> dict[Fact, Callable[[Details], str]]:
    """Return how each entry is said, after the actor's name; `item` names a step."""
    return {
        Fact.WORK_TRANSFERRED: lambda d: (
            _("因离职转办“%(name)s”", name=item(d))
            if d.get("kind") == "departed"
            else _("转办“%(name)s”", name=item(d))
        ),
        Fact.WORK_DELEGATED: lambda d: _("委派他人办理“%(name)s”", name=item(d)),
        Fact.WORK_RETURNED: lambda d: _("交回委派的“%(name)s”", name=item(d)),
        Fact.DELEGATION_RECALLED: lambda d: _("收回委派的“%(name)s”", name=item(d)),
        Fact.SIGNATURE_ASKED: lambda d: _("请人会签“%(name)s”", name=item(d)),
        Fact.SIGNATURE_GIVEN: lambda d: (
            _("会签“%(name)s”：同意", name=item(d))
            if d.get("agrees")
            else _("会签“%(name)s”：不同意", name=item(d))
        ),
        Fact.SIGNATURE_DROPPED: lambda d: _("“%(name)s”减签", name=item(d)),
        Fact.ANSWERS_HELD: lambda d: _("提交“%(name)s”，待会签后生效", name=item(d)),
        Fact.SIGNER_ADDED: lambda d: _("“%(name)s”增加会签人", name=item(d)),
        Fact.SIGNER_REMOVED: lambda d: _("“%(name)s”减去会签人", name=item(d)),
        Fact.DEVIATION_RAISED: lambda _d: _("生成一条偏差，待督办专员处理"),
        Fact.DEVIATION_SETTLED: lambda d: (
            _("偏差不予认定") if d.get("dismissed") else _("偏差已知悉")
        ),
        Fact.BRANCH_STOPPED: lambda d: _("确认“%(name)s”越权，其后的办理中止", name=item(d)),
        Fact.BRANCH_RELEASED: lambda _d: _("解除中止，继续办理"),
    }
