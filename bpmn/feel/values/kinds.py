"""What a value is, and the names that FEEL has for it."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from bpmn.feel.errors import Semantic
from bpmn.feel.values.callables import Function
from bpmn.feel.values.dates import Date
from bpmn.feel.values.durations import DaysTime, YearsMonths
from bpmn.feel.values.ranges import Range
from bpmn.feel.values.times import DateTime, Time

Value = Any
"""None, bool, Decimal, str, Date, Time, DateTime, YearsMonths, DaysTime, Range, Function,
a list of values or a dict from str to values."""

KINDS: Mapping[type, str] = {
    type(None): "Null",
    bool: "boolean",
    Decimal: "number",
    str: "string",
    Date: "date",
    Time: "time",
    DateTime: "date and time",
    YearsMonths: "years and months duration",
    DaysTime: "days and time duration",
    list: "list",
    dict: "context",
    Range: "range",
    Function: "function",
}
_CHINESE = {
    "Null": "空值",
    "boolean": "布尔值",
    "number": "数值",
    "string": "文本",
    "date": "日期",
    "time": "时间",
    "date and time": "日期时间",
    "years and months duration": "年月时长",
    "days and time duration": "日时时长",
    "list": "列表",
    "context": "上下文",
    "range": "区间",
    "function": "函数",
    "duration": "时长",
    "date, time or duration": "日期、时间或时长",
    "time zone": "时区",
    "offset": "时差",
    "separator": "分隔符",
    "integer": "整数",
    "end of a range": "区间端点",
}


def type_of(value: Value) -> str:
    """Return FEEL's name for the kind of a value, as `instance of` takes it."""
    return KINDS[type(value)]


def type_in_chinese(kind: str) -> str:
    """Return the Chinese name of a kind for a text to users."""
    return _CHINESE.get(kind, kind)


def unwrapped(value: Value) -> Value:
    """Return the only element of a list of one, else the value (DMN 1.5, 10.3.2.9.4)."""
    return value[0] if type(value) is list and len(value) == 1 else value


def listed(value: Value) -> list[Value]:
    """Return a list as it is, and anything else as the only element of one."""
    return value if type(value) is list else [value]


def wrong_type(expected: str, value: Value) -> Semantic:
    """Return the reason why an operand does not fit."""
    found = type_of(value)
    return Semantic(
        "null-operand" if value is None else "type",
        f"应为{type_in_chinese(expected)}，实为{type_in_chinese(found)}。",
        f"A {expected} is needed here, not a {found}.",
    )
