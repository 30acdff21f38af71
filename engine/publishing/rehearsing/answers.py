"""Answers as a scenario writes them: names for ids, `=today` for the day, nothing confidential."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from engine.publishing.scenarios.answering import PEOPLE_KEYS, TODAY
from engine.vault import is_reference

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.workflow import Form

FILES = "filepicker"
INVENTED = "演练内容"
"""What stands where a confidential value was; nothing of the value is known here."""


@dataclass(frozen=True, slots=True)
class Names:
    """The people of the cast: name by id."""

    by_id: Mapping[str, str]

    def of(self, person_id: str) -> str:
        """Return a person's name; "" for nobody of the cast."""
        return self.by_id.get(person_id, "")


def scenario_answers(
    data: Mapping[str, Any], form: Form | None, names: Names, day: str
) -> dict[str, Any]:
    """Return answers for a scenario; files that were attached are left out.

    Args:
        data: As they lie in their row: ids of people, references for confidential values.
        form: Whose; None where there is none.
        names: The cast.
        day: The civil day on which they were given, such as ``2026-04-08``.
    """
    keys, files = set(PEOPLE_KEYS), set()
    for field in form.fields() if form is not None else ():
        name = str(field.get("key") or "").rpartition(".")[2]
        if (field.get("properties") or {}).get("person"):
            keys.add(name)
        if field.get("type") == FILES:
            files.add(name)
    found = {
        key: _said(key, value, keys, names, day) for key, value in data.items() if key not in files
    }
    return {key: value for key, value in found.items() if value is not None}


def _said(key: str, value: Any, people: set[str], names: Names, day: str) -> Any:
    if is_reference(value):
        return INVENTED
    if isinstance(value, dict):
        inner = {name: _said(name, one, people, names, day) for name, one in value.items()}
        return {name: one for name, one in inner.items() if one is not None}
    if isinstance(value, list):
        return [_said(key, one, people, names, day) for one in value]
    if key in people and value in names.by_id:
        return names.by_id[value]
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return TODAY if value == day else value
