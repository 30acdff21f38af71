"""Reading the data of a procedure's folder, with every flaw named by its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

from engine.errors import Fault
from engine.model.periods import LONGEST, Period, Roll, Unit
from engine.model.texts import Text, text_of

Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something in `procedure.yaml` that cannot be used.

    Attributes:
        path: Where, such as ``deadlines.DL-CA-3.extension``.
        zh: What is wrong and what to do, in Chinese.
        en: The same in English.
    """

    path: str
    zh: str
    en: str


class ProcedureFault(Fault):
    """A procedure's data cannot be used; every flaw is listed.

    Attributes:
        flaws: The flaws, in the order of reading; at least one.
    """

    def __init__(self, flaws: tuple[Flaw, ...]) -> None:
        """Refuse the data for its flaws."""
        super().__init__("; ".join(f"{flaw.path}: {flaw.en}" for flaw in flaws))
        self.flaws = flaws


@dataclass(frozen=True, slots=True)
class Section:
    """One mapping of the data, with its place. Wrong values are noted, never raised.

    Attributes:
        path: Its place; empty at the top.
        data: What stands there.
        flaws: Where flaws are noted; shared by all sections of one reading.
    """

    path: str
    data: Mapping[Any, Any]
    flaws: list[Flaw] = field(default_factory=list)

    def at(self, key: str) -> str:
        """Return the place of `key`."""
        return f"{self.path}.{key}" if self.path else key

    def note(self, key: str, zh: str, en: str) -> None:
        """Note a flaw at `key`."""
        self.flaws.append(Flaw(self.at(key), zh, en))

    def has(self, key: str) -> bool:
        """Return whether `key` is given with a value."""
        return self.data.get(key) is not None

    def word(self, key: str, default: str | None = None) -> str:
        """Return a text; `default` where it is missing, a flaw if there is none."""
        value = self.data.get(key, default)
        if isinstance(value, str) and (value or value == default):
            return value
        self._missing(key, "一段文字", "a text")
        return ""

    def text(self, key: str, default: Text | None = None) -> Text:
        """Return a text for people; `default` where it is missing, a flaw if there is none."""
        if not self.has(key) and default is not None:
            return default
        try:
            return text_of(self.data.get(key))
        except ValueError:
            self._missing(key, "中文文字，或 {zh, en}", "a Chinese text, or {zh, en}")
            return Text("？")

    def maybe_text(self, key: str) -> Text | None:
        """Return a text for people, or None where it is missing."""
        return self.text(key) if self.has(key) else None

    def number(self, key: str, default: int | None = None) -> int:
        """Return a whole number of 1 or more; `default` where it is missing."""
        value = self.data.get(key, default)
        if isinstance(value, int) and not isinstance(value, bool) and value >= 1:
            return value
        self._missing(key, "1 或更大的整数", "a whole number of 1 or more")
        return 1

    def flag(self, key: str, *, default: bool = False) -> bool:
        """Return a truth value; `default` where it is missing."""
        value = self.data.get(key, default)
        if isinstance(value, bool):
            return value
        self._missing(key, "true 或 false", "true or false")
        return default

    def choice(self, key: str, of: type[Choice], default: Choice | None = None) -> Choice:
        """Return one of a few words; `default` where it is missing."""
        value = self.data.get(key, default)
        if isinstance(value, str) and value in of.__members__.values():
            return of(value)
        words = ", ".join(of)
        self._missing(key, f"下列之一：{words}", f"one of {words}")
        return next(iter(of))

    def words(self, key: str) -> tuple[str, ...]:
        """Return a list of texts; empty where it is missing."""
        value = self.data.get(key)
        if value is None:
            return ()
        if isinstance(value, list) and all(isinstance(each, str) and each for each in value):
            return tuple(value)
        self._missing(key, "文字的列表", "a list of texts")
        return ()

    def section(self, key: str) -> Section:
        """Return the mapping at `key`; an empty one where it is missing."""
        value = self.data.get(key)
        if isinstance(value, Mapping):
            return Section(self.at(key), value, self.flaws)
        if value is not None:
            self._missing(key, "若干“名称: 值”", "a mapping")
        return Section(self.at(key), {}, self.flaws)

    def sections(self, key: str) -> Iterator[tuple[str, Section]]:
        """Return the named mappings in the mapping at `key`, in their order."""
        inner = self.section(key)
        for name in inner.names():
            yield name, inner.section(name)

    def items(self, key: str, bare: str | None = None) -> Iterator[Section]:
        """Return the mappings in the list at `key`, in their order.

        Args:
            key: The list's key.
            bare: What a text that stands alone in the list is the value of; a flaw if None.
        """
        value = self.data.get(key)
        if value is None:
            return
        if not isinstance(value, list):
            self._missing(key, "列表", "a list")
            return
        for index, each in enumerate(value):
            place = f"{key}[{index}]"
            if isinstance(each, Mapping):
                yield Section(self.at(place), each, self.flaws)
            elif bare and isinstance(each, str):
                yield Section(self.at(place), {bare: each}, self.flaws)
            else:
                self._said(place, each, "若干“名称: 值”", "a mapping")

    def names(self) -> tuple[str, ...]:
        """Return the keys of the section, as texts."""
        return tuple(str(key) for key in self.data)

    def period(self, value: str = "value", unit: Unit | None = None) -> Period:
        """Return the period that the section states by `value`, `unit` and `roll`.

        Args:
            value: The key of its length.
            unit: The unit where none is given; a flaw if there is none either.
        """
        unit = self.choice("unit", Unit, unit)
        count = self.number(value, 1 if unit in {Unit.TO_YEAR_END, Unit.TO_MONTH_END} else None)
        if count > LONGEST[unit]:
            self._missing(value, "不超过一百年的期限", "a period of a century at most")
            count = 1
        return Period(count, unit, self.choice("roll", Roll, Roll.FORWARD))

    def proposed(self) -> frozenset[str]:
        """Return the parts that the section says are proposed."""
        stated = self.data.get("proposed")
        return frozenset() if isinstance(stated, bool) else frozenset(self.words("proposed"))

    def must_have_source(self) -> None:
        """Note a flaw if the section neither cites a provision nor says that it is proposed."""
        if not self.has("source") and not self.data.get("proposed"):
            self.note(
                "source",
                "须写明依据（source），原文没有规定的写 proposed: true",
                "give the source, or proposed: true where the texts are silent",
            )

    def _missing(self, key: str, zh: str, en: str) -> None:
        self._said(key, self.data.get(key), zh, en)

    def _said(self, key: str, given: object, zh: str, en: str) -> None:
        said_zh, said_en = ("没有填写", "nothing") if given is None else (repr(given),) * 2
        self.note(key, f"此处应是{zh}，现在是：{said_zh}", f"expected {en}, found {said_en}")
