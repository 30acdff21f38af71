"""Answers as a scenario writes them: names for ids, `=today` for the day, nothing confidential."""

from __future__ import annotations

from dataclasses import dataclass, field
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
    """What ids stand for.

    Attributes:
        by_id: The people of the cast.
        files: Attachments, by the names under which they were sent.
    """

    by_id: Mapping[str, str]
    files: Mapping[str, str] = field(default_factory=dict)

    def of(self, person_id: str) -> str:
        """Return a person's name; "" for nobody of the cast."""
        return self.by_id.get(person_id, "")


def scenario_answers(
    data: Mapping[str, Any], form: Form | None, names: Names, day: str
) -> dict[str, Any]:
    """Return answers for a scenario; files that were attached are there by their names.

    Args:
        data: As they lie in their row: ids of people, references for confidential values.
        form: Whose; None where there is none.
        names: The cast.
        day: The civil day on which they were given, such as ``2026-04-08``.
    """
    keys, files = set(PEOPLE_KEYS), set[str]()
    for one in form.fields() if form is not None else ():
        name = str(one.get("key") or "").rpartition(".")[2]
        if (one.get("properties") or {}).get("person"):
            keys.add(name)
        if one.get("type") == FILES:
            files.add(name)
    saying = _Saying(names, keys, files, day)
    found = {key: saying.said(key, value) for key, value in data.items()}
    return {key: value for key, value in found.items() if value is not None}


@dataclass(frozen=True, slots=True)
class _Saying:
    """How a scenario says the values of one form.

    Attributes:
        people: Keys of fields that hold persons.
        files: Keys of fields that hold files.
    """

    names: Names
    people: set[str]
    files: set[str]
    day: str

    def said(self, key: str, value: Any) -> Any:
        """Return a value; None for what a scenario leaves out."""
        if key in self.files:
            return self._files(value)
        if is_reference(value):
            return INVENTED
        return self._open(key, value)

    def _open(self, key: str, value: Any) -> Any:
        if isinstance(value, dict):
            inner = {name: self.said(name, one) for name, one in value.items()}
            return {name: one for name, one in inner.items() if one is not None}
        if isinstance(value, list):
            return [self.said(key, one) for one in value]
        if key in self.people and value in self.names.by_id:
            return self.names.by_id[value]
        if isinstance(value, Decimal):
            return int(value) if value == value.to_integral_value() else float(value)
        return TODAY if value == self.day else value

    def _files(self, value: Any) -> list[str] | None:
        """Return the names of files; None where none were sent."""
        if is_reference(value):
            return [f"{INVENTED}.pdf"]
        return [self.names.files.get(one, one) for one in value or ()] or None
