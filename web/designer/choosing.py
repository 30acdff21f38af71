"""What may be chosen in the fields of `procedure.yaml`, and what it is called."""

from __future__ import annotations

from web.texts import gettext as _

KEEP = "keep"
UNITS = ("working_days", "days", "weeks", "months", "years", "hours", "to_year_end", "to_month_end")
SCOPES = ("authority", "subject_unit", "unit_above", "participant")
EXPIRIES = ("", "yellow_card", "close", "remind_daily")
ROLLS = ("", "forward", "none")
DEPUTIES = ("refused", "allowed")
CALENDAR = ("", "week", "month", "quarter", "year")


def choice_words() -> dict[str, str]:
    """Return what the values of choices are called."""
    return {
        "working_days": _("工作日"),
        "days": _("日"),
        "weeks": _("周"),
        "months": _("个月"),
        "years": _("年"),
        "hours": _("小时"),
        "to_year_end": _("至当年年底"),
        "to_month_end": _("至当月最后一个工作日"),
        "authority": _("本机关"),
        "subject_unit": _("当事人所在单位"),
        "unit_above": _("上级单位"),
        "participant": _("本案参与人"),
        "": _("（无）"),
        "yellow_card": _("黄牌"),
        "close": _("按期满结束"),
        "remind_daily": _("每日提醒"),
        "forward": _("顺延"),
        "none": _("不顺延"),
        "week": _("每周"),
        "month": _("每月"),
        "quarter": _("每季"),
        "year": _("每年"),
        "refused": _("不可以"),
        "allowed": _("可以"),
        KEEP: _("保持原有安排"),
    }
