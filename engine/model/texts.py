"""Texts for people: Chinese first, English where it is given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """A text in the platform's two languages.

    Attributes:
        zh: The Chinese text; never empty.
        en: The English text; empty where nobody has given one.
    """

    zh: str
    en: str = ""

    def __post_init__(self) -> None:
        if not self.zh:
            raise ValueError("a text has at least its Chinese")

    def say(self, language: str) -> str:
        """Return the text in `language` (``en``, ``zh``, ``zh_CN`` …).

        Chinese stands in wherever English is asked for and missing, and for
        every other language.
        """
        return self.en if self.en and language.lower().startswith("en") else self.zh

    def __str__(self) -> str:
        """Return the Chinese text."""
        return self.zh


def text_of(value: object) -> Text:
    """Read a text as a procedure's folder writes it: a string, or ``{zh, en}``.

    Raises:
        ValueError: It is neither, the Chinese is missing, or it has another key.
    """
    if isinstance(value, str):
        return Text(value)
    if isinstance(value, Mapping) and set(value) <= {"zh", "en"}:
        zh, en = value.get("zh", ""), value.get("en", "")
        if isinstance(zh, str) and isinstance(en, str):
            return Text(zh, en)
    raise ValueError(f"a text is a string or {{zh, en}}, not {value!r}")
