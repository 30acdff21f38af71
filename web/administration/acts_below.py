"""The acts of a case as an authority above reads them: no actor, no reasons."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from engine.desk.facts import Fact
from engine.model.identifiers import DeadlineKey
from web.statuses import outcome_text, status_text
from web.texts import gettext as _
from web.toolkit import ActKind, ActView
from web.visiting import civil
from web.wording import weekday_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.desk.views.supervising import LookBelow

_HAND = frozenset({Fact.WORK_SENT_BACK})
_CARDS = frozenset({Fact.CARD_GIVEN})
_STEPS = frozenset(
    {Fact.CASE_OPENED, Fact.CASE_CLOSED, Fact.STATUS_CHANGED, Fact.WORK_OPENED, Fact.WORK_COMPLETED}
)


def acts_below(view: LookBelow, today: date, language: str) -> tuple[ActView, ...]:
    """Return the acts of a case in words, the newest first.

    Args:
        view: The case as the engine shows it to the authority above.
        today: The reader's civil day.
        language: zh or en.
    """
    acts = []
    for act in view.acts:
        at = civil(act.recorded_at)
        said = _said(act.fact, act.details, view, today, language)
        acts.append(ActView(_kind(act.fact), view.case.authority, said, at.date(), f"{at:%H:%M}"))
    return tuple(acts)


def _kind(fact: Fact) -> ActKind:
    if fact in _CARDS:
        return ActKind.CARD
    if fact in _HAND:
        return ActKind.HAND
    return ActKind.STEP if fact in _STEPS else ActKind.DEADLINE


def _said(
    fact: Fact, details: Mapping[str, Any], view: LookBelow, today: date, language: str
) -> str:
    name, number = str(details.get("name", "")), str(details.get("number", ""))
    title = _title(str(details.get("key") or details.get("deadline") or ""), view, language)
    says: dict[Fact, Callable[[], str]] = {
        Fact.CASE_OPENED: lambda: _("登记了线索，编号 %(number)s", number=number),
        Fact.CASE_CLOSED: lambda: _(
            "办结：%(outcome)s",
            outcome=outcome_text(str(details.get("outcome") or ""), view.rules, language)
            or status_text(str(details.get("status", ""))),
        ),
        Fact.STATUS_CHANGED: lambda: _(
            "案件状态：%(status)s", status=status_text(str(details.get("after", "")))
        ),
        Fact.WORK_OPENED: lambda: _("打开事项“%(name)s”", name=name),
        Fact.WORK_COMPLETED: lambda: _("办结“%(name)s”", name=name),
        Fact.WORK_SENT_BACK: lambda: _(
            "把“%(name)s”退回到“%(to)s”", name=name, to=str(details.get("to_name", ""))
        ),
        Fact.DEADLINE_STARTED: lambda: _(
            "期限“%(title)s”起算，最后一日 %(day)s",
            title=title,
            day=_day(details, "last_day", today),
        ),
        Fact.DEADLINE_MET: lambda: (
            _("期限“%(title)s”办结", title=title) + (_("（逾期）") if details.get("late") else "")
        ),
        Fact.DEADLINE_LAPSED: lambda: _("期限“%(title)s”届满", title=title),
        Fact.DEADLINE_WITHDRAWN: lambda: _("期限“%(title)s”不再计算", title=title),
        Fact.DEADLINE_RECOUNTED: lambda: _(
            "期限“%(title)s”重新计算：%(before)s → %(after)s",
            title=title,
            before=_day(details, "before", today),
            after=_day(details, "after", today),
        ),
        Fact.EXTENSION_REQUESTED: lambda: _("申请延长“%(title)s”", title=title),
        Fact.EXTENSION_DECIDED: lambda: (
            _("批准延长“%(title)s”", title=title)
            if details.get("granted")
            else _("不批准延长“%(title)s”", title=title)
        ),
        Fact.SUSPENSION_DECIDED: lambda: (
            _("同意挂起案件") if details.get("granted") else _("不同意挂起案件")
        ),
        Fact.CASE_RESUMED: lambda: _("恢复办理案件"),
        Fact.CARD_GIVEN: lambda: (
            _("记红牌：“%(title)s”", title=title)
            if details.get("colour") == "red"
            else _("记黄牌：“%(title)s”", title=title)
        ),
        Fact.ESCALATED: lambda: _("“%(title)s”逾期，升级督办", title=title),
        Fact.DUNNED: lambda: _("对“%(name)s”第 %(number)s 次催办", name=name, number=number),
        Fact.SUPERVISION_ASKED: lambda: _("收到上级第 %(number)s 号督办通知", number=number),
        Fact.SUPERVISION_ANSWERED: lambda: (
            _("答复上级第 %(number)s 号督办通知", number=number)
            + (_("（逾期）") if details.get("late") else "")
        ),
        Fact.SUPERVISION_UNANSWERED: lambda: _(
            "上级第 %(number)s 号督办通知逾期未答复", number=number
        ),
    }
    return says[fact]()


def _title(key: str, view: LookBelow, language: str) -> str:
    rule = view.rules.deadlines.get(DeadlineKey(key))
    return rule.title.say(language) if rule is not None else key


def _day(details: Mapping[str, Any], name: str, today: date) -> str:
    text = str(details.get(name, ""))
    return weekday_text(date.fromisoformat(text), today) if text else ""
