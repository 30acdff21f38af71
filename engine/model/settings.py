"""Values of the platform that an administrator may change for the authority (平台参数).

None of the texts states them: each default is proposed, and bounded so that a change can
harm neither people's rights nor the office.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from engine.model.texts import Text


class Area(StrEnum):
    """What kind of setting a change is about."""

    PLATFORM = "platform"
    PARAMETER = "parameter"
    SWITCH = "switch"
    NOTICE = "notice"
    CALENDAR = "calendar"
    POST = "post"
    ACCOUNT = "account"
    UNIT = "unit"
    PERSON = "person"
    SEAL = "seal"


class SettingKey(StrEnum):
    """The platform's values, by the names that the record keeps."""

    ALLOWED_FAILURES = "log_in.failures"
    LOCKED_MINUTES = "log_in.locked_minutes"
    REMINDER_HOURS = "reminder.hours"
    EXPORT_HOURS = "export.kept_hours"
    EXPORTS_AT_ONCE = "export.at_once"
    DEPUTY_DAYS = "deputy.days"
    RETENTION_YEARS = "retention.years"
    RETENTION_LIFELONG_YEARS = "retention.lifelong_years"


@dataclass(frozen=True, slots=True)
class Setting:
    """A value of the platform.

    Attributes:
        key: Its name.
        title: What it is.
        unit: In what it is counted.
        default: While nobody has set another; proposed.
        least: The smallest value.
        most: The largest value.
        source: What it belongs to; every value here is proposed.
    """

    key: SettingKey
    title: Text
    unit: Text
    default: int
    least: int
    most: int
    source: str

    def admits(self, value: int) -> bool:
        """Return whether a value lies within the bounds; both belong to them."""
        return self.least <= value <= self.most


_YEARS = Text("年", "years")
_TIMES, _DAYS = Text("次", "times"), Text("日", "days")
_MINUTES, _HOURS = Text("分钟", "minutes"), Text("小时", "hours")

SETTINGS: Mapping[SettingKey, Setting] = MappingProxyType(
    {
        one.key: one
        for one in (
            Setting(
                SettingKey.ALLOWED_FAILURES,
                Text("连续输错几次口令后锁定账号", "Wrong passwords that lock an account"),
                _TIMES,
                5,
                3,
                20,
                "SUP-014",
            ),
            Setting(
                SettingKey.LOCKED_MINUTES,
                Text("账号锁定多久", "How long an account stays locked"),
                _MINUTES,
                15,
                5,
                1_440,
                "SUP-014",
            ),
            Setting(
                SettingKey.REMINDER_HOURS,
                Text("同一事项两次提醒至少间隔", "Between two reminders of one item"),
                _HOURS,
                4,
                1,
                168,
                "operations, 催办",
            ),
            Setting(
                SettingKey.EXPORT_HOURS,
                Text("导出文件保留多久", "How long an export can be fetched"),
                _HOURS,
                24,
                1,
                720,
                "SUP-018",
            ),
            Setting(
                SettingKey.EXPORTS_AT_ONCE,
                Text("一人同时进行的导出", "Exports of one person at once"),
                Text("件", "exports"),
                3,
                1,
                20,
                "SUP-018",
            ),
            Setting(
                SettingKey.DEPUTY_DAYS,
                Text("一次代理最长", "The longest time of one substitution"),
                _DAYS,
                366,
                1,
                1_100,
                "operations, 代理",
            ),
            Setting(
                SettingKey.RETENTION_YEARS,
                Text("案件办结多少年后可移出日常库", "Years until a closed case may be retired"),
                _YEARS,
                10,
                1,
                100,
                "operations, 归档",
            ),
            Setting(
                SettingKey.RETENTION_LIFELONG_YEARS,
                Text(
                    "追究了责任的案件办结多少年后可移出，0 为永不",
                    "Years until one that held somebody accountable may be; 0 for never",
                ),
                _YEARS,
                0,
                0,
                100,
                "SUP-025",
            ),
        )
    }
)
"""Every value of the platform, in the order in which the page shows them."""
