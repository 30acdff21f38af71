"""Whether a body can decide, as its page draws it: meters, conditions, the one button."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.model.collective import Voting
from web.forms import form_view
from web.texts import gettext as _
from web.toolkit import ActionView, CheckState, CheckView, MeterView

if TYPE_CHECKING:
    from engine.desk.assembly import Assembly
    from engine.desk.views.meeting import MeetingView
    from engine.model.collective import Condition

KEY = "motion"
"""What the form of a motion is called on its page."""


def quorum_meter(assembly: Assembly) -> MeterView | None:
    """Return how many came, of those who must; None where nobody is entitled."""
    counted = assembly.tally
    if not counted.entitled:
        return None
    return MeterView(
        counted.present,
        counted.quorum_needed,
        counted.entitled,
        _("法定 %(needed)s 人", needed=counted.quorum_needed),
        _(
            "到会 %(present)s 人，应到 %(entitled)s 人，法定人数 %(needed)s 人",
            present=counted.present,
            entitled=counted.entitled,
            needed=counted.quorum_needed,
        ),
    )


def majority_meter(assembly: Assembly) -> MeterView | None:
    """Return how many agree, of those who must; None where nobody is entitled."""
    counted = assembly.tally
    if not counted.entitled:
        return None
    return MeterView(
        counted.in_favour,
        counted.majority_needed,
        counted.entitled,
        _("过半 %(needed)s 票", needed=counted.majority_needed),
        _(
            "同意 %(votes)s 票，应到 %(entitled)s 人，须 %(needed)s 票",
            votes=counted.in_favour,
            entitled=counted.entitled,
            needed=counted.majority_needed,
        ),
    )


def condition_check(condition: Condition, meeting: MeetingView, language: str) -> CheckView:
    """Return a condition of the decision with what shows that it is met, or what is missing."""
    found = condition.evidence
    names = {one.person_id: one.name for one in meeting.assembly.members}
    if condition.id == "quorum":
        text = _("到会达法定人数")
        evidence = _(
            "%(present)s / 应到 %(entitled)s，须 %(needed)s",
            present=found["present"],
            entitled=found["entitled"],
            needed=found["needed"],
        )
    elif condition.id == "opinions":
        text = _("到会者逐人表态并记录理由")
        missing = _listed(found["missing"])
        evidence = (
            _("还差 %(names)s", names=_("、").join(names.get(one, one) for one in missing))
            if missing
            else _("已有 %(given)s 人表态", given=found["given"])
        )
    elif condition.id == "ballots":
        text = _("无记名投票有效")
        evidence = _("有成员投票后回避，其票无法取出，须另提议案")
    elif condition.id == "minutes":
        text = _("会议纪要已签字")
        evidence = _("已签 %(signed)s / %(needed)s", signed=found["signed"], needed=found["needed"])
    elif condition.id == "majority" and is_hidden(meeting):
        text, evidence = _("同意过应到半数"), _("全体到会成员投票后计票")
    elif condition.id == "majority":
        text = _("同意过应到半数")
        evidence = _(
            "同意 %(votes)s / 应到 %(entitled)s，须 %(needed)s",
            votes=found["in_favour"],
            entitled=found["entitled"],
            needed=found["needed"],
        )
    else:
        text = _("五项质检已勾选")
        titles = _check_titles(meeting, language)
        open_ones = _listed(found["missing"])
        evidence = (
            _("还差 %(checks)s", checks=_("、").join(titles.get(one, one) for one in open_ones))
            if open_ones
            else _("事实清楚、证据确凿、定性准确、处理恰当、程序合法")
        )
    state = CheckState.YES if condition.met else CheckState.WAIT
    return CheckView(text, state, evidence)


def is_hidden(meeting: MeetingView) -> bool:
    """Return whether the votes may not be shown yet: a secret ballot goes on."""
    assembly = meeting.assembly
    return assembly.voting is Voting.SECRET and not assembly.tally.is_complete


def _listed(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else []


def _check_titles(meeting: MeetingView, language: str) -> dict[str, str]:
    form = meeting.task.form
    if form is None:
        return {}
    view = form_view(KEY, form, {}, language, action_url="")
    components: Any = view.schema.get("components") or ()
    return {
        str(option["value"]): str(option["label"])
        for component in components
        if component.get("key") == "checks"
        for option in component.get("values") or ()
    }


def decide_action(assembly: Assembly, checks: tuple[CheckView, ...], *, sits: bool) -> ActionView:
    """Return the button; when it cannot be pressed it says what is missing."""
    why_not = ""
    if not sits:
        why_not = _("只有未回避的成员可以形成决定。")
    elif assembly.motion is None:
        why_not = _("还没有议案。请先填写并提交议案。")
    else:
        missing = [check for check in checks if check.state is not CheckState.YES]
        if missing:
            named = _("；").join(f"{one.text}（{one.evidence}）" for one in missing)
            why_not = _(
                "还差 %(count)s 项：%(named)s。不能由一人代为形成决定。",
                count=len(missing),
                named=named,
            )
    return ActionView(_("形成决定"), "decide", icon="gavel", why_not=why_not)
