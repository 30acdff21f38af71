"""The parts of `procedure.yaml` that have a page: what each of their entries asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from web.designer.fields import (
    Entry,
    Section,
    Shape,
    said_field,
    source_field,
    title_field,
)
from web.designer.rarer_sections import rarer_sections
from web.texts import gettext as _

if TYPE_CHECKING:
    from collections.abc import Mapping


def sections() -> Mapping[str, Section]:
    """Return the parts of `procedure.yaml` in the order of their pages, as the reader reads."""
    return {**_what_it_is(), **_who_and_when(), **_what_it_ends_in(), **rarer_sections()}


def _what_it_is() -> dict[str, Section]:
    names = _("以空格分开。")
    return {
        "basics": Section(
            _("基本情况"),
            _("项目"),
            "",
            (
                *title_field(),
                said_field("summary", _("说明"), kind="long"),
                Entry("summary.en", _("英文说明"), "long"),
                Entry(
                    "process", _("主流程图的流程标识（process id）"), hint=_("留空与流程标识相同。")
                ),
                Entry(
                    "mandatory",
                    _("必经环节"),
                    "names",
                    hint=_("如 investigation defence service；以空格分开。"),
                ),
                Entry("tiers", _("档次，由轻到重"), "names", hint=names),
                Entry("uses", _("另用的公共流程"), "names", hint=names),
                Entry("opens", _("本流程开立的流程"), "names", hint=names),
            ),
            Shape.TOP,
        ),
        "start": Section(
            _("登记"),
            _("项目"),
            "",
            (
                Entry(
                    "form",
                    _("登记表单"),
                    optional=False,
                    hint=_("如 clue 或者 shared/clue-intake:clue。"),
                ),
                Entry("roles", _("谁可以登记（角色）"), "names", optional=False, hint=names),
                Entry("fact", _("登记即成立的事实")),
                Entry("happened", _("载明发生日期的栏目")),
                Entry("message", _("启动消息")),
                Entry("timer.every", _("按日历自动开立"), "calendar"),
                Entry("timer.day", _("在哪一天"), "scalar", hint=_("1 至 28，或者 last。")),
                Entry("timer.at", _("在几点"), hint=_("如 00:00。")),
                Entry("timer.answers", _("自动开立时的登记内容"), "yaml"),
            ),
            Shape.WHOLE,
        ),
        "number": Section(
            _("案号"),
            _("项目"),
            "",
            (
                Entry("series", _("编号系列"), optional=False, hint=_("如 case。")),
                Entry(
                    "rule", _("编号规则"), optional=False, hint="{authority_short}问〔{year}〕{n}号"
                ),
            ),
            Shape.WHOLE,
        ),
        "law": Section(
            _("依据的文件"),
            _("标识"),
            _("条款的引用以它开头，如 S0篇1。"),
            (Entry("place", _("次序"), "number"), *title_field()),
            Shape.LISTED,
            "id",
        ),
        "articles": Section(
            _("条款原文"),
            _("引用"),
            _("如 S0篇1§8。"),
            (
                said_field("title", _("名称")),
                Entry("title.en", _("英文名称")),
                Entry("text", _("原文"), "long", optional=False),
                said_field("note", _("注"), kind="long"),
            ),
        ),
        "stages": Section(
            _("阶段"),
            _("标识"),
            _("如 intake；流程图的步骤以属性 stage 指明。最多九个。"),
            (Entry("place", _("次序"), "number"), *title_field()),
            Shape.LISTED,
            "id",
        ),
    }


def _who_and_when() -> dict[str, Section]:
    return {
        "deadlines": Section(
            _("期限"),
            _("编号"),
            _("如 DL-CQ-1。流程图只引用编号，不写天数。"),
            (
                *title_field(),
                Entry("value", _("长度"), "number"),
                Entry("unit", _("单位"), "unit", optional=False),
                Entry("starts", _("起算的事实"), hint=_("如 registered；由步骤的“事实”登记。")),
                Entry("ends", _("办结的事实")),
                Entry("on_expiry", _("逾期时"), "expiry"),
                Entry("extension.by", _("可以延长多久"), "number"),
                Entry("extension.unit", _("延长的单位"), "unit"),
                Entry("extension.times", _("最多延长几次"), "number"),
                Entry("extension.approver", _("谁批准延长"), "role"),
                Entry("right_of", _("是谁的权利"), "role"),
                Entry("roll", _("届满遇节假日"), "roll"),
                source_field(),
            ),
            is_sourced=True,
        ),
        "roles": Section(
            _("角色"),
            _("标识"),
            _("如 investigator。"),
            (
                *title_field(),
                Entry("scope", _("范围"), "scope", optional=False),
                Entry("outside", _("本单位以外的人（当事人等）"), "flag"),
            ),
        ),
        "lanes": Section(
            _("泳道"),
            _("泳道名称"),
            _("与流程图上所写一致。"),
            (Entry("", _("角色"), "role", optional=False),),
        ),
        "channels": Section(
            _("线索渠道"),
            _("编号"),
            _("如 CA1。"),
            (*title_field(), source_field()),
            is_sourced=True,
        ),
        "parameters": Section(
            _("参数"),
            _("名称"),
            _("如 repeat.window。"),
            (
                Entry("value", _("值"), "scalar", optional=False),
                Entry("unit", _("单位"), "unit"),
                said_field("title", _("名称")),
                source_field(),
            ),
            is_sourced=True,
        ),
        "switches": Section(
            _("开关"),
            _("名称"),
            _("如 reform.pre_notice。"),
            (
                said_field("title", _("名称")),
                Entry("default", _("默认开启"), "flag"),
                source_field(),
            ),
            is_sourced=True,
        ),
        "handing": Section(
            _("转办与加签"),
            _("项目"),
            "",
            (
                Entry(
                    "transfer",
                    _("可以转给谁"),
                    "yaml",
                    hint=_("每行一个角色，如 investigator: [investigator_pool]。"),
                ),
                Entry(
                    "signers",
                    _("可以请谁加签"),
                    "yaml",
                    hint=_("每行一个角色，如 verifier: [supervisory_chair]。"),
                ),
                source_field(),
            ),
            Shape.WHOLE,
            is_sourced=True,
        ),
        "votes": Section(
            _("表决"),
            _("项目"),
            "",
            (
                Entry(
                    "deputies",
                    _("代理人代为表决"),
                    "deputies",
                    optional=False,
                    hint=_("只在会议组织的议事规则允许时选“可以”；记录为“代某某表决”。"),
                ),
            ),
            Shape.WHOLE,
        ),
        "retention": Section(
            _("保存年限"),
            _("项目"),
            "",
            (
                Entry(
                    "years",
                    _("办结后至少保存多少年"),
                    "number",
                    optional=False,
                    hint=_("1 至 100；与本单位设置的年限不同的，以较长的为准。"),
                ),
                source_field(),
            ),
            Shape.WHOLE,
            is_sourced=True,
        ),
        "dunning": Section(
            _("催办"),
            _("项目"),
            "",
            (
                Entry(
                    "by", _("谁可以催办（角色）"), "names", optional=False, hint=_("以空格分开。")
                ),
                Entry("document", _("催办文书")),
                source_field(),
            ),
            Shape.WHOLE,
            is_sourced=True,
        ),
        "ladder": Section(
            _("逐级上报"),
            _("项目"),
            "",
            (
                Entry(
                    "levels", _("由低到高的角色"), "names", optional=False, hint=_("以空格分开。")
                ),
                Entry("every.value", _("隔多久上报一级"), "number"),
                Entry("every.unit", _("单位"), "unit"),
                source_field(),
            ),
            Shape.WHOLE,
            is_sourced=True,
        ),
    }


def _what_it_ends_in() -> dict[str, Section]:
    return {
        "measures": Section(
            _("处理方式"),
            _("代码"),
            _("如 talk_admonish；由轻到重排列。"),
            (
                Entry("place", _("次序，由轻到重"), "number"),
                *title_field(),
                Entry(
                    "approval",
                    _("谁批准"),
                    "yaml",
                    hint=_("direct 为直接决定；或者角色；或者按级别，如 {division: 角色}。"),
                ),
                Entry("effect.kind", _("影响"), hint=_("如 bars_awards、bars_equal_post。")),
                Entry("effect.until", _("影响到哪个期限届满"), hint=_("期限的编号。")),
                Entry("effect.for.value", _("影响多久"), "number"),
                Entry("effect.for.unit", _("影响的单位"), "unit"),
                source_field(),
            ),
            Shape.LISTED,
            "code",
            is_sourced=True,
        ),
        "outcomes": Section(
            _("办结情形"),
            _("标识"),
            _("如 sanctioned；流程图的结束事件以属性 outcome 指明。"),
            (*title_field(), Entry("source", _("出处"))),
        ),
        "filings": Section(
            _("提交事项"),
            _("标识"),
            _("如 appeal。"),
            (
                *title_field(),
                Entry("message", _("流程图等候的消息"), optional=False),
                Entry("form", _("表单"), optional=False),
                Entry(
                    "by", _("谁可以提交（角色）"), "names", optional=False, hint=_("以空格分开。")
                ),
                Entry("deadline", _("期限"), hint=_("期限的编号。")),
                Entry("fact", _("提交即成立的事实")),
                Entry("late.message", _("逾期提交时的消息")),
                Entry("late.form", _("逾期提交时的表单")),
                said_field("help", _("给提交人的说明"), kind="long"),
                Entry("confidential", _("内容保密"), "flag"),
                source_field(),
            ),
            is_sourced=True,
        ),
        "documents": Section(
            _("文书"),
            _("标识"),
            _("如 decision-letter。"),
            (
                *title_field(),
                Entry("template", _("模板（.typ）"), optional=False),
                Entry("docx", _("可编辑模板（.docx）")),
                Entry("number.series", _("编号系列")),
                Entry("number.rule", _("编号规则")),
                Entry("required", _("必填项"), "names", hint=_("以空格分开。")),
                Entry("data", _("内容"), "yaml", hint=_("每行一项，如 facts: =report.facts。")),
                Entry("served_to", _("送达对象（角色）"), "names", hint=_("以空格分开。")),
                Entry("right_notice", _("告知权利"), "flag"),
            ),
        ),
        "notices": Section(
            _("通知"),
            _("标识"),
            _("如 closed；流程图以属性 notice 指明。"),
            (
                said_field("title", _("名称")),
                Entry("title.en", _("英文名称")),
                said_field("text", _("内容"), optional=False, kind="long"),
                Entry("text.en", _("英文内容"), "long"),
            ),
        ),
    }
