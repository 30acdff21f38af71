"""What is wrong with a scenario's file, said so that its designer can mend it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import yaml

from engine.workflow.yaml_text import read_yaml

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

OPENING = time(9)
"""What a bare day means: the beginning of office hours."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake.

    Attributes:
        file: The file.
        step: Where in it: a step's number, a section's name, or "".
        zh: What is wrong and what to do, in Chinese.
        en: The same in English.
    """

    file: str
    step: str
    zh: str
    en: str

    def __str__(self) -> str:
        """Return the mistake as one line."""
        return f"{self.file} {self.step}: {self.en}"


class ScenarioRefused(Exception):
    """A scenario, a part or a cast cannot be read.

    Attributes:
        mistakes: At least one, in the file's order.
    """

    def __init__(self, mistakes: Collection[Mistake]) -> None:
        """Refuse with every mistake found."""
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(str(mistake) for mistake in self.mistakes))


def name_of(key: object) -> str:
    """Return a key as it was written: YAML 1.1 takes a bare ``on`` for true."""
    return {True: "on", False: "off"}[key] if isinstance(key, bool) else str(key)


@dataclass(frozen=True, slots=True)
class Page:
    """A mapping in a file, with its place; what is wrong in it is noted, not raised.

    Attributes:
        file: The file's path.
        step: The place in it.
        data: What stands there.
        mistakes: Where mistakes are noted; shared by all pages of one reading.
    """

    file: str
    step: str
    data: Mapping[str, Any]
    mistakes: list[Mistake] = field(default_factory=list)

    def note(self, zh: str, en: str) -> None:
        """Note a mistake at this place."""
        self.mistakes.append(Mistake(self.file, self.step, zh, en))

    def inside(self, step: str, data: object) -> Page:
        """Return the page of something within this one; what is no mapping is noted."""
        found: Mapping[str, Any] = {}
        if isinstance(data, dict):
            found = {name_of(key): value for key, value in data.items()}
        page = Page(self.file, step, found, self.mistakes)
        if data is not None and not isinstance(data, dict):
            page.note("应是“名称: 值”的形式。", "It must be a mapping of names to values.")
        return page

    def only(self, known: Collection[str]) -> None:
        """Note every name that means nothing here."""
        for name in self.data:
            if name not in known:
                self.note(
                    f"不认识“{name}”；可用：{'、'.join(known)}。",
                    f"{name!r} means nothing here; known: {', '.join(known)}.",
                )

    def text(self, name: str, *, needed: bool = False) -> str:
        """Return a text, or "" where it is not given."""
        value = self.data.get(name)
        if value is None or value == "":
            if needed:
                self.note(f"缺少 {name}，请补上。", f"{name} is missing; add it.")
            return ""
        if isinstance(value, dict | list):
            self.note(f"{name} 应是一段文字。", f"{name} must be a text.")
            return ""
        return str(value)

    def flag(self, name: str, *, default: bool) -> bool:
        """Return true or false."""
        value = self.data.get(name, default)
        if not isinstance(value, bool):
            self.note(f"{name} 应为 true 或 false。", f"{name} must be true or false.")
            return default
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of texts; a single one counts as a list of one."""
        value = self.data.get(name)
        if value is None:
            return ()
        return tuple(str(one) for one in (value if isinstance(value, list) else [value]))

    def mapping(self, name: str) -> Page:
        """Return the mapping under a name; empty where it is not given."""
        return self.inside(f"{self.step} {name}".strip(), self.data.get(name))

    def pages(self, name: str) -> list[Page]:
        """Return the mappings that a list under a name holds."""
        value = self.data.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            self.note(f"{name} 应是列表。", f"{name} must be a list.")
            return []
        place = f"{self.step} {name}".strip()
        return [self.inside(f"{place}[{at}]", one) for at, one in enumerate(value, start=1)]

    def moment(self, name: str) -> datetime | None:
        """Return a civil moment without a zone; a bare day means nine o'clock."""
        value = self.data.get(name)
        if isinstance(value, datetime):
            return value.replace(tzinfo=None)
        if isinstance(value, date):
            return datetime.combine(value, OPENING)
        try:
            found = datetime.fromisoformat(str(value))
        except ValueError:
            self.note(
                f"{name} 应写成 2026-03-05 09:00，现为 {value!r}。",
                f"{name} must be written 2026-03-05 09:00, not {value!r}.",
            )
            return None
        return found.replace(tzinfo=None)

    def day(self, name: str) -> date | None:
        """Return a day, or None where it is not given."""
        value = self.data.get(name)
        if value is None:
            return None
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.note(
                f"{name} 应写成 2026-03-05，现为 {value!r}。",
                f"{name} must be written 2026-03-05, not {value!r}.",
            )
            return None

    def refuse(self) -> None:
        """Raise what was noted, if anything was.

        Raises:
            ScenarioRefused: With every mistake.
        """
        if self.mistakes:
            raise ScenarioRefused(self.mistakes)


def parsed(files: Mapping[str, bytes], path: str) -> object:
    """Return what a YAML file of a folder holds.

    Raises:
        ScenarioRefused: There is none, or it is not YAML.
    """
    if path not in files:
        raise ScenarioRefused(
            [Mistake(path, "", "没有这个文件，请补上或改正名称。", "There is no such file.")]
        )
    try:
        return _loaded(files[path])
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise ScenarioRefused(
            [Mistake(path, "", f"不是有效的 YAML：{error}", f"It is not YAML: {error}")]
        ) from error


@lru_cache(maxsize=512)
def _loaded(content: bytes) -> object:
    """Return what YAML says; parts and casts are read once, and never changed."""
    return read_yaml(content)
