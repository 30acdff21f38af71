"""Answers of a scenario as a page would send them: ids for names, days as text."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from engine.publishing.scenarios.mistakes import name_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.workflow import Form

PEOPLE_KEYS = frozenset({"subject", "subject_id", "reporter_id", "members", "lead"})
"""Keys under which commands read people, whatever the form says."""

TODAY = "=today"
"""How an answer names the day on which it is given, so that parts serve at any time."""


def sent(
    answers: Mapping[str, Any], form: Form | None, people: Mapping[str, str], today: date
) -> dict[str, Any]:
    """Return answers with the ids of people in place of their names.

    A name is replaced in the fields that the form marks with the property `person`, and
    under the keys that commands read people from.

    Args:
        answers: As the scenario writes them.
        form: Whose answers they are.
        people: Id by name.
        today: The civil day that ``=today`` stands for.
    """
    keys = set(PEOPLE_KEYS)
    for field in form.fields() if form is not None else ():
        if (field.get("properties") or {}).get("person"):
            keys.add(str(field["key"]).rpartition(".")[2])
    named = {"": {TODAY: today.isoformat()}, **dict.fromkeys(keys, people)}
    return {key: _sent(key, value, named) for key, value in answers.items()}


def _sent(key: str, value: object, named: Mapping[str, Mapping[str, str]]) -> Any:
    """Return a value as it is sent; `named` has by key what its texts stand for."""
    if isinstance(value, dict):
        return {name_of(key): _sent(name_of(key), one, named) for key, one in value.items()}
    if isinstance(value, list):
        return [_sent(key, one, named) for one in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, str):
        meant = named.get(key, {}).get(value, value)
        return named[""].get(meant, meant)
    return value
