"""The rules that `bench_dmn.py` times, as the `if`s that somebody would write by hand.

All are tried, since UNIQUE wants to know of a second match. Inputs come by name, as a table gets
them.
"""

# A chain of thirty rules is what is measured.
# ruff: noqa: C901, PLR0912, PLR0915, PLR2004

from collections.abc import Mapping
from typing import Any


def numbers_first(given: Mapping[str, Any]) -> str | None:
    """Return the tier; compares numbers first."""
    times = given["times"]
    delay = given["delay"]
    severity = given["severity"]
    harm = given["harm"]
    confessed = given["confessed"]
    found = []
    if times >= 0 and 0 <= delay < 30 and severity == "轻微" and harm == "无" and confessed:
        found.append("T0")
    if times >= 1 and 0 <= delay < 60 and severity == "轻微" and harm == "较小":
        found.append("T1")
    if times >= 2 and 0 <= delay < 90 and severity == "轻微" and harm == "较大" and not confessed:
        found.append("T2")
    if times >= 0 and 0 <= delay < 120 and severity == "轻微" and harm == "重大" and confessed:
        found.append("T3")
    if times >= 1 and 0 <= delay < 30 and severity == "轻微" and harm == "特大":
        found.append("T4")
    if times >= 2 and 0 <= delay < 60 and severity == "较轻" and harm == "无" and not confessed:
        found.append("T5")
    if times >= 0 and 0 <= delay < 90 and severity == "较轻" and harm == "较小" and confessed:
        found.append("T6")
    if times >= 1 and 0 <= delay < 120 and severity == "较轻" and harm == "较大":
        found.append("T7")
    if times >= 2 and 0 <= delay < 30 and severity == "较轻" and harm == "重大" and not confessed:
        found.append("T8")
    if times >= 0 and 0 <= delay < 60 and severity == "较轻" and harm == "特大" and confessed:
        found.append("T9")
    if times >= 1 and 0 <= delay < 90 and severity == "一般" and harm == "无":
        found.append("T10")
    if times >= 2 and 0 <= delay < 120 and severity == "一般" and harm == "较小" and not confessed:
        found.append("T11")
    if times >= 0 and 0 <= delay < 30 and severity == "一般" and harm == "较大" and confessed:
        found.append("T12")
    if times >= 1 and 0 <= delay < 60 and severity == "一般" and harm == "重大":
        found.append("T13")
    if times >= 2 and 0 <= delay < 90 and severity == "一般" and harm == "特大" and not confessed:
        found.append("T14")
    if times >= 0 and 0 <= delay < 120 and severity == "较重" and harm == "无" and confessed:
        found.append("T15")
    if times >= 1 and 0 <= delay < 30 and severity == "较重" and harm == "较小":
        found.append("T16")
    if times >= 2 and 0 <= delay < 60 and severity == "较重" and harm == "较大" and not confessed:
        found.append("T17")
    if times >= 0 and 0 <= delay < 90 and severity == "较重" and harm == "重大" and confessed:
        found.append("T18")
    if times >= 1 and 0 <= delay < 120 and severity == "较重" and harm == "特大":
        found.append("T19")
    if times >= 2 and 0 <= delay < 30 and severity == "严重" and harm == "无" and not confessed:
        found.append("T20")
    if times >= 0 and 0 <= delay < 60 and severity == "严重" and harm == "较小" and confessed:
        found.append("T21")
    if times >= 1 and 0 <= delay < 90 and severity == "严重" and harm == "较大":
        found.append("T22")
    if times >= 2 and 0 <= delay < 120 and severity == "严重" and harm == "重大" and not confessed:
        found.append("T23")
    if times >= 0 and 0 <= delay < 30 and severity == "严重" and harm == "特大" and confessed:
        found.append("T24")
    if times >= 1 and 0 <= delay < 60 and severity == "特别严重" and harm == "无":
        found.append("T25")
    if (
        times >= 2
        and 0 <= delay < 90
        and severity == "特别严重"
        and harm == "较小"
        and not confessed
    ):
        found.append("T26")
    if times >= 0 and 0 <= delay < 120 and severity == "特别严重" and harm == "较大" and confessed:
        found.append("T27")
    if times >= 1 and 0 <= delay < 30 and severity == "特别严重" and harm == "重大":
        found.append("T28")
    if (
        times >= 2
        and 0 <= delay < 60
        and severity == "特别严重"
        and harm == "特大"
        and not confessed
    ):
        found.append("T29")
    return found[0] if len(found) == 1 else None


def texts_first(given: Mapping[str, Any]) -> str | None:
    """Return the tier; compares texts first."""
    severity = given["severity"]
    harm = given["harm"]
    times = given["times"]
    delay = given["delay"]
    confessed = given["confessed"]
    found = []
    if severity == "轻微" and harm == "无" and times >= 0 and 0 <= delay < 30 and confessed:
        found.append("T0")
    if severity == "轻微" and harm == "较小" and times >= 1 and 0 <= delay < 60:
        found.append("T1")
    if severity == "轻微" and harm == "较大" and times >= 2 and 0 <= delay < 90 and not confessed:
        found.append("T2")
    if severity == "轻微" and harm == "重大" and times >= 0 and 0 <= delay < 120 and confessed:
        found.append("T3")
    if severity == "轻微" and harm == "特大" and times >= 1 and 0 <= delay < 30:
        found.append("T4")
    if severity == "较轻" and harm == "无" and times >= 2 and 0 <= delay < 60 and not confessed:
        found.append("T5")
    if severity == "较轻" and harm == "较小" and times >= 0 and 0 <= delay < 90 and confessed:
        found.append("T6")
    if severity == "较轻" and harm == "较大" and times >= 1 and 0 <= delay < 120:
        found.append("T7")
    if severity == "较轻" and harm == "重大" and times >= 2 and 0 <= delay < 30 and not confessed:
        found.append("T8")
    if severity == "较轻" and harm == "特大" and times >= 0 and 0 <= delay < 60 and confessed:
        found.append("T9")
    if severity == "一般" and harm == "无" and times >= 1 and 0 <= delay < 90:
        found.append("T10")
    if severity == "一般" and harm == "较小" and times >= 2 and 0 <= delay < 120 and not confessed:
        found.append("T11")
    if severity == "一般" and harm == "较大" and times >= 0 and 0 <= delay < 30 and confessed:
        found.append("T12")
    if severity == "一般" and harm == "重大" and times >= 1 and 0 <= delay < 60:
        found.append("T13")
    if severity == "一般" and harm == "特大" and times >= 2 and 0 <= delay < 90 and not confessed:
        found.append("T14")
    if severity == "较重" and harm == "无" and times >= 0 and 0 <= delay < 120 and confessed:
        found.append("T15")
    if severity == "较重" and harm == "较小" and times >= 1 and 0 <= delay < 30:
        found.append("T16")
    if severity == "较重" and harm == "较大" and times >= 2 and 0 <= delay < 60 and not confessed:
        found.append("T17")
    if severity == "较重" and harm == "重大" and times >= 0 and 0 <= delay < 90 and confessed:
        found.append("T18")
    if severity == "较重" and harm == "特大" and times >= 1 and 0 <= delay < 120:
        found.append("T19")
    if severity == "严重" and harm == "无" and times >= 2 and 0 <= delay < 30 and not confessed:
        found.append("T20")
    if severity == "严重" and harm == "较小" and times >= 0 and 0 <= delay < 60 and confessed:
        found.append("T21")
    if severity == "严重" and harm == "较大" and times >= 1 and 0 <= delay < 90:
        found.append("T22")
    if severity == "严重" and harm == "重大" and times >= 2 and 0 <= delay < 120 and not confessed:
        found.append("T23")
    if severity == "严重" and harm == "特大" and times >= 0 and 0 <= delay < 30 and confessed:
        found.append("T24")
    if severity == "特别严重" and harm == "无" and times >= 1 and 0 <= delay < 60:
        found.append("T25")
    if (
        severity == "特别严重"
        and harm == "较小"
        and times >= 2
        and 0 <= delay < 90
        and not confessed
    ):
        found.append("T26")
    if severity == "特别严重" and harm == "较大" and times >= 0 and 0 <= delay < 120 and confessed:
        found.append("T27")
    if severity == "特别严重" and harm == "重大" and times >= 1 and 0 <= delay < 30:
        found.append("T28")
    if (
        severity == "特别严重"
        and harm == "特大"
        and times >= 2
        and 0 <= delay < 60
        and not confessed
    ):
        found.append("T29")
    return found[0] if len(found) == 1 else None
