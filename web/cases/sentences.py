"""What each entry of a case's record says, in the reader's language."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from engine.desk.facts import Fact
from engine.model.identifiers import MeasureCode
from web.cases.handing_sentences import WITH_REASONS, handing_sentences
from web.papers import document_title
from web.sentences import sentence
from web.statuses import outcome_text, relation_text, scope_text, status_text, vote_tag, way_text
from web.texts import gettext as _
from web.wording import step_name, weekday_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.desk.views import ActLine, CaseView

UNSAID = frozenset({Fact.FACT_STATED, Fact.MESSAGE_SENT, Fact.MESSAGE_DELIVERED, Fact.TIMER_FIRED})
"""What only the machinery is told; it stays in the record, the page leaves it out."""


class Sentences:
    """Says the entries of one case's record."""

    def __init__(self, view: CaseView, today: date, language: str) -> None:
        """Say them for this case, seen today, in this language."""
        self._view = view
        self._rules = view.version.rules
        self._today = today
        self._language = language
        self._documents = {row.id: row for row in view.documents}

    def said(self, line: ActLine) -> str:
        """Return what was done, after the actor's name."""
        fixed = {
            Fact.ATTACHED: _("添加了附件"),
            Fact.INTEREST_DECLARED: _("声明本人有利害关系"),
            Fact.CONFLICT_FOUND: _("发现利害关系"),
            Fact.DECISION_SUPERSEDED: _("原决定被撤销或变更"),
            Fact.TOLD: _("已告知有关人员"),
            Fact.INCIDENT_RAISED: _("流程受阻，待管理员处理"),
            Fact.INCIDENT_RESOLVED: _("流程受阻已处理"),
            Fact.WITHDRAWAL_PROPOSED: _("提请撤案"),
            Fact.MIGRATION_PROPOSED: _("提请迁移到另一流程版本"),
            Fact.SUSPENSION_REQUESTED: _("申请挂起案件"),
            Fact.CASE_RESUMED: _("恢复办理案件"),
            Fact.COPY_SENT: _("抄送了本案"),
            Fact.COPY_READ: _("已阅抄送的本案"),
            Fact.COMMENTED: _("发表了讨论"),
            Fact.EXPORT_ORDERED: _("导出了案卷"),
        }
        if line.fact in fixed:
            return fixed[line.fact]
        says: dict[Fact, Callable[[dict[str, Any]], str]] = {
            Fact.REFUSED: self._refused,
            Fact.CASE_OPENED: lambda d: _(
                "登记了线索，编号 %(number)s", number=d.get("number", "")
            ),
            Fact.CASE_CLOSED: self._closed,
            Fact.STATUS_CHANGED: lambda d: _(
                "案件状态：%(status)s", status=status_text(str(d.get("after", "")))
            ),
            Fact.WORK_OPENED: lambda d: _("打开事项“%(name)s”", name=self._item(d)),
            Fact.WORK_WITHDRAWN: lambda d: _("事项“%(name)s”不再办理", name=self._item(d)),
            Fact.WORK_CLAIMED: lambda d: _("领取“%(name)s”", name=self._item(d)),
            Fact.WORK_RELEASED: lambda d: _("退领“%(name)s”", name=self._item(d)),
            Fact.WORK_COMPLETED: lambda d: _("办结“%(name)s”", name=self._item(d)),
            Fact.WORK_HANDED_ON: lambda d: _("因回避，“%(name)s”交回本组", name=self._item(d)),
            Fact.EXTERNAL_DONE: lambda d: _("完成外部任务“%(name)s”", name=self._item(d)),
            Fact.EXTERNAL_FAILED: lambda d: _(
                "外部任务“%(name)s”失败，还可重试 %(retries)s 次",
                name=self._item(d),
                retries=d.get("retries", 0),
            ),
            Fact.EXTERNAL_ERROR: lambda d: _(
                "外部任务“%(name)s”报错 %(code)s", name=self._item(d), code=d.get("code", "")
            ),
            Fact.EXTERNAL_RETRIES: lambda d: _(
                "外部任务“%(name)s”可再试 %(retries)s 次",
                name=self._item(d),
                retries=d.get("retries", 0),
            ),
            Fact.WORK_SENT_BACK: lambda d: _(
                "把“%(name)s”退回到“%(to)s”", name=self._item(d), to=d.get("to_name", "")
            ),
            Fact.WORK_TAKEN_BACK: lambda d: _("撤回“%(name)s”", name=self._item(d)),
            Fact.WORK_JUMPED: lambda d: _(
                "把“%(name)s”跳转到“%(to)s”", name=self._item(d), to=d.get("to_name", "")
            ),
            Fact.WORK_ASSIGNED: lambda d: _("分派“%(name)s”", name=self._item(d)),
            Fact.ITEM_REMINDED: lambda d: _("提醒办理“%(title)s”", title=self._item(d)),
            Fact.SUSPENSION_DECIDED: lambda d: (
                _("同意挂起案件") if d.get("granted") else _("不同意挂起案件")
            ),
            Fact.CASE_RETIRED: lambda d: _(
                "案件期满移出日常库，档案包 %(digest)s", digest=str(d.get("sha256", ""))[:12]
            ),
            Fact.CASE_PAPERS_REMOVED: lambda d: _(
                "%(count)s 份材料移出文件库，此后从档案包 %(digest)s 中读取",
                count=d.get("papers", 0),
                digest=str(d.get("sha256", ""))[:12],
            ),
            Fact.CASE_WOKEN: lambda d: (
                _("重新立为案件 %(number)s", number=d["by_case"])
                if d.get("by_case")
                else _("由已办结的案件 %(number)s 唤醒", number=d.get("of_case", ""))
            ),
            Fact.CASE_MERGED: lambda d: (
                _("并入案件 %(number)s", number=d["into"])
                if d.get("into")
                else _("并入了案件 %(number)s", number=d.get("of_case", ""))
            ),
            Fact.FILED: self._filed,
            Fact.PARTICIPANT_NAMED: lambda d: _(
                "指定%(name)s为%(role)s", name=self._person(d), role=self._role(d)
            ),
            Fact.PARTICIPANT_LEFT: lambda d: _(
                "%(name)s不再担任%(role)s", name=self._person(d), role=self._role(d)
            ),
            Fact.RECUSAL_REQUESTED: lambda d: _("申请%(name)s回避", name=self._person(d)),
            Fact.RECUSAL_DECIDED: self._recusal,
            Fact.ORGAN_REPLACED: lambda d: _(
                "%(organ)s回避，指定%(designated)s承办",
                organ=self._role({"role": d.get("organ", "")}),
                designated=self._role({"role": d.get("designated", "")}),
            ),
            Fact.DEADLINE_STARTED: lambda d: _(
                "期限“%(title)s”起算，最后一日 %(day)s",
                title=self._deadline(d),
                day=self._day(d, "last_day"),
            ),
            Fact.DEADLINE_MET: lambda d: (
                _("期限“%(title)s”办结", title=self._deadline(d))
                + (_("（逾期）") if d.get("late") else "")
            ),
            Fact.DEADLINE_LAPSED: lambda d: _("期限“%(title)s”届满", title=self._deadline(d)),
            Fact.DEADLINE_WITHDRAWN: lambda d: _(
                "期限“%(title)s”不再计算", title=self._deadline(d)
            ),
            Fact.DEADLINE_RECOUNTED: lambda d: _(
                "期限“%(title)s”重新计算：%(before)s → %(after)s",
                title=self._deadline(d),
                before=self._day(d, "before"),
                after=self._day(d, "after"),
            ),
            Fact.EXTENSION_REQUESTED: lambda d: _("申请延长“%(title)s”", title=self._deadline(d)),
            Fact.EXTENSION_DECIDED: self._extension,
            Fact.REMINDED: lambda d: _("提醒办理“%(title)s”", title=self._deadline(d)),
            Fact.CARD_GIVEN: self._card,
            Fact.TABLE_CONSULTED: lambda d: _(
                "依决策表 %(table)s 得出结果", table=d.get("decision", "")
            ),
            Fact.EXPRESSION_WARNED: lambda d: _(
                "表达式“%(source)s”的一部分没有得出值", source=d.get("expression", "")
            ),
            Fact.ESCALATED: lambda d: _(
                "“%(title)s”逾期，升级督办至%(role)s", title=self._deadline(d), role=self._role(d)
            ),
            Fact.SUPERVISION_ASKED: lambda d: _(
                "上级机关发来第 %(number)s 号督办通知，答复期限 %(day)s",
                number=d.get("number", ""),
                day=self._day(d, "answer_by"),
            ),
            Fact.SUPERVISION_ANSWERED: lambda d: (
                _("答复上级第 %(number)s 号督办通知", number=d.get("number", ""))
                + (_("（逾期）") if d.get("late") else "")
            ),
            Fact.SUPERVISION_UNANSWERED: lambda d: _(
                "上级第 %(number)s 号督办通知逾期未答复", number=d.get("number", "")
            ),
            Fact.ESCALATION_RECEIPTED: lambda d: _(
                "签收“%(title)s”的督办", title=self._deadline(d)
            ),
            Fact.DUNNED: lambda d: _(
                "对“%(name)s”第 %(number)s 次催办", name=self._item(d), number=d.get("number", "")
            ),
            Fact.MATTER_TRANSFERRED: lambda d: _("移送%(organ)s", organ=d.get("organ", "")),
            Fact.MATTER_COPIED: lambda d: _("抄告%(organ)s", organ=d.get("organ", "")),
            Fact.RECEIPT_RECORDED: lambda d: (
                _("%(organ)s退回移送", organ=d.get("organ", ""))
                if d.get("state") == "returned"
                else _("登记%(organ)s的回执", organ=d.get("organ", ""))
            ),
            Fact.CHILD_ASKED: lambda d: _(
                "派生案件（%(relation)s）", relation=relation_text(str(d.get("relation", "")))
            ),
            Fact.CHILD_OPENED: lambda d: _(
                "派生案件已立案（%(relation)s）", relation=relation_text(str(d.get("relation", "")))
            ),
            Fact.CHILD_CHANGED: lambda d: _(
                "派生案件的进展：%(status)s", status=status_text(str(d.get("status", "")))
            ),
            Fact.CHILD_CLOSED: lambda d: _(
                "派生案件已办结（%(relation)s）", relation=relation_text(str(d.get("relation", "")))
            ),
            Fact.PROPOSED: lambda d: _("提出第 %(number)s 号处理建议", number=d.get("number", "")),
            Fact.MEETING_CALLED: lambda d: _("通知开会，地点：%(place)s", place=d.get("place", "")),
            Fact.DISSENT_KEPT: lambda _d: _("提出保留意见"),
            Fact.BALLOT_CLOSED: lambda d: _(
                "结束表决：同意 %(agree)s 票，不同意 %(against)s 票，弃权 %(abstain)s 票",
                agree=d.get("in_favour", 0),
                against=d.get("against", 0),
                abstain=d.get("abstained", 0),
            ),
            Fact.MINUTES_SIGNED: lambda _d: _("在会议纪要上签字"),
            Fact.DECISION_APPROVED: lambda _d: _("批准了决定"),
            Fact.HEARING_CALLED: lambda d: _(
                "告知陈述申辩会：%(day)s，%(place)s",
                day=self._day(d, "on"),
                place=d.get("place", ""),
            ),
            Fact.PUBLISHED: lambda d: _(
                "公布（范围：%(scope)s）", scope=scope_text(str(d.get("scope", "")))
            ),
            Fact.PUBLICATION_WITHHELD: lambda _d: _("批准不公开"),
            Fact.PUBLICATION_WITHDRAWN: lambda _d: _("撤下公布的内容"),
            Fact.MOTION_PUT: lambda d: _("提出第 %(number)s 号议案", number=d.get("number", "")),
            Fact.OPINION_GIVEN: self._opinion,
            Fact.ABSENCE_NOTED: lambda d: _("记录%(name)s缺席", name=self._person(d)),
            Fact.DECIDED: self._decided,
            Fact.DOCUMENT_DRAFTED: lambda d: _("拟制《%(title)s》", title=self._document(d)),
            Fact.DOCUMENT_ISSUED: lambda d: _(
                "签发《%(title)s》%(number)s", title=self._document(d), number=d.get("number") or ""
            ),
            Fact.DOCUMENT_SERVED: lambda d: _(
                "送达《%(title)s》：%(way)s",
                title=self._document(d),
                way=way_text(str(d.get("way", ""))),
            ),
            Fact.NUMBER_ALLOTTED: lambda d: _("取得文号 %(number)s", number=d.get("number", "")),
            Fact.NUMBER_EMPTY: lambda d: _(
                "文号 %(number)s 未使用，记为空号", number=d.get("number", "")
            ),
            Fact.SANCTION_RECORDED: lambda d: _(
                "登记问责方式：%(measure)s", measure=self._measure(d)
            ),
            Fact.SANCTION_ENDED: lambda d: _("影响期解除：%(measure)s", measure=self._measure(d)),
            Fact.WITHDRAWAL_DECIDED: lambda d: (
                _("同意撤案") if d.get("granted") else _("不同意撤案")
            ),
            Fact.MIGRATION_DECIDED: lambda d: (
                _("同意迁移版本") if d.get("granted") else _("不同意迁移版本")
            ),
            Fact.CASE_MIGRATED: lambda d: _(
                "由流程第 %(before)s 版迁移到第 %(after)s 版",
                before=d.get("from_number", ""),
                after=d.get("to_number", ""),
            ),
        }
        says |= handing_sentences(self._item)
        say = says.get(line.fact)
        return say(line.details) if say is not None else str(line.fact)

    def body(self, line: ActLine) -> str:
        """Return reasons or details of an entry; empty where it has none."""
        details = line.details
        if line.fact is Fact.REFUSED:
            return sentence(
                str(details.get("message", "")), details.get("params") or {}, self._language
            )
        if line.fact in {
            Fact.EXTENSION_REQUESTED,
            Fact.EXTENSION_DECIDED,
            Fact.ABSENCE_NOTED,
            Fact.WITHDRAWAL_PROPOSED,
            Fact.WITHDRAWAL_DECIDED,
            Fact.MIGRATION_PROPOSED,
            Fact.MIGRATION_DECIDED,
            Fact.WORK_RELEASED,
            Fact.WORK_SENT_BACK,
            Fact.WORK_JUMPED,
            Fact.SUSPENSION_REQUESTED,
            Fact.SUSPENSION_DECIDED,
            Fact.CASE_RESUMED,
            Fact.CASE_WOKEN,
        } | WITH_REASONS and details.get("reasons"):
            return _("理由：%(reasons)s", reasons=details["reasons"])
        if line.fact is Fact.INCIDENT_RAISED and isinstance(details.get("reason"), dict):
            return str(details["reason"].get(self._language) or details["reason"].get("zh") or "")
        if line.fact in {Fact.TABLE_CONSULTED, Fact.EXPRESSION_WARNED}:
            return " ".join(self._warned(one) for one in details.get("warnings") or ())
        return str(details.get("opinion") or details.get("note") or "")

    def _warned(self, warning: dict[str, Any]) -> str:
        return str(warning.get(self._language) or warning.get("zh") or "")

    def _refused(self, _details: dict[str, Any]) -> str:
        return _("的一项操作被拒绝")

    def _closed(self, details: dict[str, Any]) -> str:
        outcome = outcome_text(str(details.get("outcome") or ""), self._rules, self._language)
        return _(
            "案件办结：%(outcome)s", outcome=outcome or status_text(str(details.get("status", "")))
        )

    def _filed(self, details: dict[str, Any]) -> str:
        rule = self._rules.filings.get(str(details.get("filing", "")))
        title = rule.title.say(self._language) if rule is not None else ""
        if details.get("filed_for"):
            return _("代为登记“%(title)s”", title=title)
        return _("提出“%(title)s”", title=title)

    def _recusal(self, details: dict[str, Any]) -> str:
        name = self._person(details)
        return (
            _("准予%(name)s回避", name=name)
            if details.get("granted")
            else _("驳回对%(name)s的回避申请", name=name)
        )

    def _extension(self, details: dict[str, Any]) -> str:
        if details.get("granted"):
            return _(
                "批准延长“%(title)s”至 %(day)s",
                title=self._deadline(details),
                day=self._day(details, "last_day"),
            )
        return _("不批准延长“%(title)s”", title=self._deadline(details))

    def _card(self, details: dict[str, Any]) -> str:
        colour = _("黄牌") if details.get("colour") == "yellow" else _("红牌")
        return _(
            "记%(colour)s：“%(title)s”最后一日 %(day)s 已过",
            colour=colour,
            title=self._deadline(details),
            day=self._day(details, "last_day"),
        )

    def _opinion(self, details: dict[str, Any]) -> str:
        vote = str(details.get("vote", ""))
        if vote and details.get("deputy"):
            name = self._person(details)
            return _("代%(name)s表决：%(vote)s", name=name, vote=vote_tag(vote).text)
        return _("表态：%(vote)s", vote=vote_tag(vote).text) if vote else _("作出表态")

    def _decided(self, details: dict[str, Any]) -> str:
        titles = [
            self._rules.measures[code].title.say(self._language)
            for code in details.get("measures") or ()
            if code in self._rules.measures
        ]
        if titles:
            return _("集体作出决定：%(measures)s", measures=_("、").join(titles))
        return _("集体作出决定")

    def _item(self, details: dict[str, Any]) -> str:
        found = next((item for item in self._view.items if item.id == details.get("item")), None)
        if found is not None:
            return step_name(found.name, found.properties, self._language)
        return str(details.get("name") or details.get("element", ""))

    def _person(self, details: dict[str, Any]) -> str:
        return str(details.get("person_name") or _("有关人员"))

    def _role(self, details: dict[str, Any]) -> str:
        key = str(details.get("role", ""))
        titles = {str(role.key): role.title for role in self._rules.roles.values()}
        return titles[key].say(self._language) if key in titles else key

    def _deadline(self, details: dict[str, Any]) -> str:
        key = str(details.get("key") or details.get("deadline") or "")
        titles = {str(rule.key): rule.title for rule in self._rules.deadlines.values()}
        return titles[key].say(self._language) if key in titles else key

    def _document(self, details: dict[str, Any]) -> str:
        row = self._documents.get(str(details.get("document", "")))
        return document_title(row, self._rules, self._language) if row is not None else ""

    def _measure(self, details: dict[str, Any]) -> str:
        code = details.get("measure")
        if code is None:
            code = next(
                (row.measure for row in self._view.sanctions if row.id == details.get("sanction")),
                "",
            )
        measure = self._rules.measures.get(MeasureCode(str(code)))
        return measure.title.say(self._language) if measure is not None else str(code)

    def _day(self, details: dict[str, Any], name: str) -> str:
        text = str(details.get(name, ""))
        return weekday_text(date.fromisoformat(text), self._today) if text else ""
