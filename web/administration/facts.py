"""What the kinds of entries of the record are called."""

from __future__ import annotations

from engine.desk.facts import Fact
from web.texts import gettext as _


def fact_text(fact: str) -> str:
    """Return what a kind of entry is called; an unknown one as it stands."""
    return _names().get(fact, fact)


def _names() -> dict[str, str]:
    return {
        Fact.REFUSED: _("拒绝"),
        Fact.CASE_OPENED: _("登记案件"),
        Fact.CASE_CLOSED: _("结案"),
        Fact.STATUS_CHANGED: _("状态变化"),
        Fact.WITHDRAWAL_PROPOSED: _("提请撤案"),
        Fact.WITHDRAWAL_DECIDED: _("决定撤案"),
        Fact.MIGRATION_PROPOSED: _("提请迁移版本"),
        Fact.MIGRATION_DECIDED: _("决定迁移版本"),
        Fact.CASE_MIGRATED: _("迁移到另一版本"),
        Fact.WORK_OPENED: _("事项打开"),
        Fact.WORK_WITHDRAWN: _("事项撤回"),
        Fact.WORK_CLAIMED: _("领取"),
        Fact.WORK_RELEASED: _("退领"),
        Fact.WORK_COMPLETED: _("办结事项"),
        Fact.WORK_HANDED_ON: _("交回本组"),
        Fact.FILED: _("提交材料"),
        Fact.FACT_STATED: _("登记事实"),
        Fact.ATTACHED: _("添加附件"),
        Fact.PARTICIPANT_NAMED: _("指定参与人"),
        Fact.PARTICIPANT_LEFT: _("参与人退出"),
        Fact.INTEREST_DECLARED: _("声明利害关系"),
        Fact.CONFLICT_FOUND: _("发现利害关系"),
        Fact.RECUSAL_REQUESTED: _("申请回避"),
        Fact.RECUSAL_DECIDED: _("决定回避"),
        Fact.DEADLINE_STARTED: _("期限起算"),
        Fact.DEADLINE_MET: _("期限内办结"),
        Fact.DEADLINE_LAPSED: _("期限届满"),
        Fact.DEADLINE_WITHDRAWN: _("期限撤销"),
        Fact.DEADLINE_RECOUNTED: _("期限重算"),
        Fact.EXTENSION_REQUESTED: _("申请延期"),
        Fact.EXTENSION_DECIDED: _("决定延期"),
        Fact.REMINDED: _("提醒"),
        Fact.CARD_GIVEN: _("记牌"),
        Fact.TIMER_FIRED: _("定时触发"),
        Fact.MESSAGE_SENT: _("发出消息"),
        Fact.MESSAGE_DELIVERED: _("消息送达"),
        Fact.TABLE_CONSULTED: _("查决策表"),
        Fact.PROPOSED: _("提出建议"),
        Fact.MOTION_PUT: _("提请表决"),
        Fact.OPINION_GIVEN: _("发表意见"),
        Fact.ABSENCE_NOTED: _("登记缺席"),
        Fact.DECIDED: _("作出决定"),
        Fact.DOCUMENT_DRAFTED: _("拟稿"),
        Fact.DOCUMENT_ISSUED: _("签发文书"),
        Fact.DOCUMENT_SERVED: _("送达文书"),
        Fact.NUMBER_ALLOTTED: _("取号"),
        Fact.NUMBER_EMPTY: _("空号"),
        Fact.SANCTION_RECORDED: _("登记问责方式"),
        Fact.SANCTION_ENDED: _("影响期解除"),
        Fact.DECISION_SUPERSEDED: _("决定被替代"),
        Fact.TOLD: _("告知"),
        Fact.INCIDENT_RAISED: _("流程受阻"),
        Fact.INCIDENT_RESOLVED: _("受阻已处理"),
        Fact.REVEALED: _("查看保密字段"),
        Fact.KEY_DESTROYED: _("销毁密钥"),
        Fact.VERSION_DRAFTED: _("流程版本起草"),
        Fact.VERSION_PUBLISHED: _("流程版本发布"),
        Fact.VERSION_RETIRED: _("流程版本停用"),
        Fact.CALENDAR_CHANGED: _("日历变更"),
        Fact.CLOCK_MOVED: _("拨动演练日期"),
        Fact.PERSON_ADDED: _("添加人员"),
        Fact.PERSON_CHANGED: _("变更人员"),
        Fact.POST_GIVEN: _("任职"),
        Fact.POST_ENDED: _("任职终止"),
        Fact.ACCOUNT_CHANGED: _("账号变更"),
        Fact.LOGGED_IN: _("登录"),
        Fact.LOG_IN_FAILED: _("登录失败"),
        Fact.LOGGED_OUT: _("退出登录"),
    }
