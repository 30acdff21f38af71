"""Looking at a case from a scenario: the rows as they are, values as they are written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from engine.desk.values import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from engine.desk import Desk
    from engine.store.tables import CaseRow

NONE: tuple[object, ...] = (None, "none", [], {})
"""How a scenario writes that there is nothing."""


@dataclass(frozen=True, slots=True)
class Unmet:
    """Something that is not as expected, in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Look:
    """A look at one case, within one reading of the database.

    Attributes:
        people: Id by name, of the cast.
    """

    desk: Desk
    case: CaseRow
    people: Mapping[str, str]

    def name(self, person_id: str) -> str:
        """Return the name of a person of the cast."""
        return next((name for name, one in self.people.items() if one == person_id), person_id)


def differs(what: str, expected: object, found: object) -> Unmet:
    """Return that something is not what was expected."""
    return Unmet(
        f"{what}：应为 {shown(expected)}，实为 {shown(found)}",
        f"{what}: expected {shown(expected)}, found {shown(found)}",
    )


def shown(value: object) -> str:
    """Return a value as a scenario would write it."""
    if value in NONE:
        return "none"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(shown(one) for one in value) + "]"
    return str(value)


def written(value: object) -> Any:
    """Return a value as JSON has it: days and instants as text, numbers as numbers."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(key): written(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [written(part) for part in value]
    return plain(value)


def several(value: object) -> list[Any]:
    """Return what is expected as a list; a single value counts as one."""
    if value in NONE:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def compared(what: str, expected: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[Unmet]:
    """Yield what differs between the keys that are expected and what was found."""
    for key, value in expected.items():
        if key not in found:
            names = ", ".join(found)
            yield Unmet(
                f"{what} 没有“{key}”；可用：{names}", f"{what} has no {key!r}; known: {names}"
            )
        elif not agrees(value, found[key]):
            yield differs(f"{what}.{key}", value, found[key])


def agrees(expected: object, found: object) -> bool:
    """Whether a value is what is written; of a mapping only the keys that are named count."""
    if expected in NONE:
        return found in (None, "", [], {})
    expected, found = written(expected), written(found)
    if isinstance(expected, dict):
        return isinstance(found, dict) and all(
            key in found and agrees(value, found[key]) for key, value in expected.items()
        )
    if isinstance(expected, list):
        return (
            isinstance(found, list)
            and len(expected) == len(found)
            and all(agrees(one, two) for one, two in zip(expected, found, strict=True))
        )
    if isinstance(expected, bool) or isinstance(found, bool):
        return expected is found
    return bool(expected == found)
