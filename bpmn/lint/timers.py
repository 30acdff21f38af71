"""The literals that a timer may hold (ISO 8601, as BPMN 2.0.2 table 10.101 asks)."""

import re
from datetime import date, datetime

_DURATION = re.compile(
    r"P(?=.)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+(\.\d{1,9})?S)?)?", re.ASCII
)
_LITERAL_LIKE = re.compile(r"[-+]?P[\dT-]|R\d*/|\d{4}-?\d\d|[Pp]\d", re.ASCII)
_CYCLE_PARTS = 3


def looks_like_literal(text: str) -> bool:
    """The text begins as an ISO date, duration or repeating interval would."""
    return _LITERAL_LIKE.match(text) is not None


def is_literal(timer: str, text: str) -> bool:
    """The text is a literal that a `timeDate`, `timeDuration` or `timeCycle` may hold."""
    if timer == "timeDate":
        return _is_instant(text)
    if timer == "timeDuration":
        return _is_duration(text)
    return _is_cycle(text)


def _is_instant(text: str) -> bool:
    try:
        datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_duration(text: str) -> bool:
    return len(text) > 1 and _DURATION.fullmatch(text) is not None


def _is_cycle(text: str) -> bool:
    """`R[n]/duration`, `R[n]/start/duration` or `R[n]/duration/end`."""
    repeat, *parts = text.split("/")
    if re.fullmatch(r"R\d{0,6}", repeat, re.ASCII) is None or not 0 < len(parts) < _CYCLE_PARTS:
        return False
    if len(parts) == 1:
        return _is_duration(parts[0])
    first, second = parts
    return (_is_instant(first) and _is_duration(second)) or (
        _is_duration(first) and _is_instant(second)
    )
