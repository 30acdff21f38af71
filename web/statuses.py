"""What the engine's codes are called: statuses, outcomes, states of documents, ways of service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from web.texts import gettext as _
from web.toolkit import TagView, Tone

if TYPE_CHECKING:
    from engine.model.procedure_rules import ProcedureRules


def status_text(status: str) -> str:
    """Return what a case's status is called (procedures.md §9); unknown ones as they stand."""
    return {
        "registered": _("已登记"),
        "verifying": _("初步核实"),
        "proposed": _("已提出启动建议"),
        "started": _("已启动"),
        "investigating": _("调查中"),
        "reported": _("已提交调查报告"),
        "deciding": _("集体讨论中"),
        "approving": _("报批中"),
        "decided": _("已作出决定"),
        "served": _("已送达"),
        "in_force": _("执行中"),
        "appeal_pending": _("申诉复查中"),
        "appeal_decided": _("已作出复查决定"),
        "rectifying": _("整改中"),
        "archiving": _("归档中"),
        "closed": _("已结案"),
        "clock_suspended": _("计时中止"),
        "aborted_by_watch": _("监督终止"),
        "transferred": _("已移送"),
        "withdrawn": _("已撤案"),
        "merged": _("已并案"),
    }.get(status, status)


def relation_text(relation: str) -> str:
    """Return how a child case belongs to its parent; a procedure's own word as it stands."""
    return {
        "related": _("相关问责"),
        "additional": _("附加问责"),
        "joint": _("连带问责"),
        "parallel": _("双查"),
    }.get(relation, relation)


def outcome_text(outcome: str | None, rules: ProcedureRules, language: str) -> str:
    """Return what a closing code is called, by the procedure; empty while a case runs."""
    if not outcome:
        return ""
    title = rules.outcomes.get(outcome)
    if title is not None:
        return title.say(language)
    return status_text(outcome)


def secrecy_text(secrecy: str) -> str:
    """Return what a level of secrecy is called."""
    return {"public": _("公开"), "internal": _("内部"), "secret": _("保密")}.get(secrecy, secrecy)


def document_tag(state: str) -> TagView:
    """Return the state of a document as a mark."""
    return {
        "draft": TagView(_("草稿"), Tone.OPEN),
        "prepared": TagView(_("待签发"), Tone.NEAR, "hourglass"),
        "issued": TagView(_("已签发"), Tone.OK, "check"),
        "served": TagView(_("已送达"), Tone.OK, "checks"),
        "superseded": TagView(_("已被替代"), Tone.OPEN),
    }.get(state, TagView(state))


def way_text(way: str) -> str:
    """Return what a way of service is called (procedures C09)."""
    return {
        "in_person": _("直接送达"),
        "through_unit": _("所在单位转交"),
        "post": _("邮寄送达"),
        "electronic": _("电子送达"),
        "left": _("留置送达"),
        "public_notice": _("公告送达"),
    }.get(way, way)


def vote_tag(vote: str) -> TagView:
    """Return a vote as a mark."""
    return {
        "agree": TagView(_("同意"), Tone.OK, "check"),
        "disagree": TagView(_("不同意"), Tone.BAD, "x"),
        "abstain": TagView(_("弃权"), icon="minus"),
        "secret": TagView(_("已投票"), Tone.OK, "check"),
    }.get(vote, TagView(vote))


def person_status(status: str) -> str:
    """Return whether a person is in service; all of them can be held to account (SUP-025)."""
    return {
        "serving": _("在职"),
        "left": _("离岗"),
        "retired": _("退休"),
        "moved": _("调出"),
    }.get(status, status)


def scope_text(scope: str) -> str:
    """Return what the scope of a publication is called (SUP-054)."""
    return {"unit": _("本单位"), "system": _("本系统"), "society": _("社会")}.get(scope, scope)


def recusal_tag(state: str) -> TagView:
    """Return what became of a recusal as a mark."""
    return {
        "pending": TagView(_("待决定"), Tone.NEAR, "hourglass"),
        "granted": TagView(_("准予回避"), Tone.BAD, "eye-off"),
        "rejected": TagView(_("驳回"), Tone.PLAIN, "x"),
    }.get(state, TagView(state))


def conflict_text(kind: str) -> str:
    """Return what a conflict of interest is called (S0篇1§14; SUP-017)."""
    return {
        "subject": _("系被问责人本人"),
        "declared": _("本人声明利害关系"),
        "applied": _("被申请回避"),
        "same_unit": _("与被问责人同单位"),
        "relation": _("与被问责人有亲属、上下级或利益关系"),
        "earlier_involvement": _("参与过前一环节"),
        "original_handler": _("原案承办人"),
    }.get(kind, kind)
