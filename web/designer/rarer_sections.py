"""The rarer parts of `procedure.yaml`: what the editor of most procedures never opens."""

from __future__ import annotations

from web.designer.fields import Entry, Section, Shape, said_field, source_field
from web.texts import gettext as _


def rarer_sections() -> dict[str, Section]:
    """Return them in the order of their pages, as the reader reads."""
    return {
        "calls": Section(
            _("公共环节的设定"),
            _("调用活动"),
            _("流程图中调用活动的 id，如 ca_serve。"),
            (
                Entry(
                    "",
                    _("设定"),
                    "yaml",
                    optional=False,
                    hint=_("每行一项，如 deadline: DL-CM-6。"),
                ),
            ),
        ),
        "policy": Section(
            _("公共流程的默认设定"),
            _("名称"),
            _("只用于公共流程（kind: shared）。"),
            (Entry("", _("值"), "yaml", optional=False),),
        ),
        "variables": Section(
            _("变量的初值"),
            _("名称"),
            _("表达式在有值之前要读的名称。"),
            (Entry("", _("值"), "yaml", hint=_("留空为 null。")),),
        ),
        "gaps": Section(
            _("决策表的缺口"),
            _("决策表"),
            _("如 DT-CQ-1。"),
            (
                said_field("reason", _("理由"), optional=False, kind="long"),
                Entry("reason.en", _("英文理由"), "long"),
                source_field(),
            ),
            Shape.LISTED,
            "table",
            is_sourced=True,
        ),
        "exempt": Section(
            _("检查规则的豁免"),
            _("序号"),
            _("新增的写一个新的序号。"),
            (
                Entry("rule", _("规则"), optional=False),
                Entry("element", _("流程图元素")),
                said_field("reason", _("理由"), optional=False, kind="long"),
                Entry("reason.en", _("英文理由"), "long"),
                Entry("source", _("出处")),
            ),
            Shape.LISTED,
        ),
    }
