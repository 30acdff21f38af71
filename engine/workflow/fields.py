"""The fields of a form: what may stand in each, by its type and its rules.

The types and keys are those of form-js (schemaVersion 19). A value is judged
here again, whatever the browser said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

KEYED = frozenset(
    {
        "textfield",
        "textarea",
        "number",
        "datetime",
        "checkbox",
        "radio",
        "select",
        "checklist",
        "taglist",
        "filepicker",
        "expression",
    }
)
LONGEST_TEXT = 20_000
LONGEST_LIST = 200
LONGEST_NUMBER = 40

Error = tuple[str, dict[str, object]]
"""A message id and its parameters."""

_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}")
_PHONE = re.compile(r"(\+|00)?[0-9][0-9 \-]{4,22}")


@dataclass(frozen=True, slots=True)
class Judge:
    """What judging a value needs to know.

    Attributes:
        options: The values that a choice offers now.
        evaluate: Gives the value of FEEL text in the form's context.
        matches: Whether a text matches a pattern; bounded in time.
        today: The authority's civil day.
    """

    options: Callable[[Mapping[str, Any]], Sequence[Any]]
    evaluate: Callable[[str], Any]
    matches: Callable[[str, str], bool]
    today: date


def errors_of(field: Mapping[str, Any], value: Any, judge: Judge) -> list[Error]:
    """Return what is wrong with `value` in `field`; empty if nothing is."""
    rules = field.get("validate") or {}
    kind = field["type"]
    if value is None or value in ("", []) or (kind == "checkbox" and value is False):
        return [("field.required", {})] if rules.get("required") else []
    return _JUDGES.get(kind, _anything)(field, value, rules, judge)


def _text(
    field: Mapping[str, Any], value: Any, rules: Mapping[str, Any], judge: Judge
) -> list[Error]:
    if not isinstance(value, str):
        return [("field.type", {})]
    length, found = len(value.strip()), list[Error]()
    least = _bound(rules.get("minLength"), judge)
    most = _bound(rules.get("maxLength"), judge)
    most = Decimal(LONGEST_TEXT) if most is None else most
    if least is not None and length < least:
        found.append(("field.too_short", {"least": int(least)}))
    if length > most:
        return [*found, ("field.too_long", {"most": int(most)})]
    kind = rules.get("validationType")
    if rules.get("pattern") and not judge.matches(value, str(rules["pattern"])):
        found.append(("field.pattern", {"message": str(rules.get("patternErrorMessage") or "")}))
    if kind == "email" and not _EMAIL.fullmatch(value.strip()):
        found.append(("field.email", {}))
    if kind == "phone" and not _PHONE.fullmatch(value.strip()):
        found.append(("field.phone", {}))
    return found


def _number(
    field: Mapping[str, Any], value: Any, rules: Mapping[str, Any], judge: Judge
) -> list[Error]:
    number = _decimal(value)
    if number is None:
        return [("field.number", {})]
    found = list[Error]()
    digits, step = field.get("decimalDigits"), _decimal(field.get("increment"))
    exponent = number.normalize().as_tuple().exponent
    if digits is not None and isinstance(exponent, int) and -exponent > int(digits):
        found.append(("field.decimals", {"most": int(digits)}))
    if step and number % step:
        found.append(("field.step", {"step": str(step)}))
    least, most = _bound(rules.get("min"), judge), _bound(rules.get("max"), judge)
    if least is not None and number < least:
        found.append(("field.least", {"least": str(least)}))
    if most is not None and number > most:
        found.append(("field.most", {"most": str(most)}))
    return found


def _datetime(
    field: Mapping[str, Any], value: Any, rules: Mapping[str, Any], judge: Judge
) -> list[Error]:
    kind = field.get("subtype", "date")
    if not isinstance(value, str):
        return [("field.date", {})]
    try:
        if kind == "time":
            time.fromisoformat(value)
            return []
        day = date.fromisoformat(value) if kind == "date" else datetime.fromisoformat(value).date()
    except ValueError:
        return [("field.date", {})]
    if field.get("disallowPassedDates") and day < judge.today:
        return [("field.past", {})]
    return []


def _choice(
    field: Mapping[str, Any], value: Any, rules: Mapping[str, Any], judge: Judge
) -> list[Error]:
    return [] if value in judge.options(field) else [("field.option", {})]


def _choices(
    field: Mapping[str, Any], value: Any, rules: Mapping[str, Any], judge: Judge
) -> list[Error]:
    offered = judge.options(field)
    if not isinstance(value, list) or len(value) > LONGEST_LIST:
        return [("field.option", {})]
    return [] if all(one in offered for one in value) else [("field.option", {})]


def _checkbox(
    field: Mapping[str, Any], value: Any, rules: Mapping[str, Any], judge: Judge
) -> list[Error]:
    return [] if isinstance(value, bool) else [("field.type", {})]


def _files(
    field: Mapping[str, Any], value: Any, rules: Mapping[str, Any], judge: Judge
) -> list[Error]:
    if not isinstance(value, list) or len(value) > LONGEST_LIST:
        return [("field.type", {})]
    return [] if all(isinstance(one, str) for one in value) else [("field.type", {})]


def _anything(
    field: Mapping[str, Any], value: Any, rules: Mapping[str, Any], judge: Judge
) -> list[Error]:
    return []


_JUDGES = {
    "textfield": _text,
    "textarea": _text,
    "number": _number,
    "datetime": _datetime,
    "radio": _choice,
    "select": _choice,
    "checklist": _choices,
    "taglist": _choices,
    "checkbox": _checkbox,
    "filepicker": _files,
}


def _bound(value: Any, judge: Judge) -> Decimal | None:
    if isinstance(value, str) and value.startswith("="):
        value = judge.evaluate(value)
    return _decimal(value)


def _decimal(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return None
    text = str(value).strip()
    if not text or len(text) > LONGEST_NUMBER:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    is_sane = number.is_finite() and abs(number.adjusted()) < LONGEST_NUMBER
    return number if is_sane else None
