"""Sentences for message ids: what the engine refuses, said in the reader's language."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER = Path(__file__).parent / "messages"


@cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """Return every sentence by message id, then by language.

    Raises:
        ValueError: Two files say the same id, or a language is missing.
    """
    sentences: dict[str, Mapping[str, str]] = {}
    for path in sorted(FOLDER.glob("*.toml")):
        for message_id, texts in tomllib.loads(path.read_text(encoding="utf-8")).items():
            if message_id in sentences:
                raise ValueError(f"{message_id} is said twice, again in {path.name}")
            if set(texts) != {"zh", "en"}:
                raise ValueError(f"{message_id} needs zh and en, in {path.name}")
            sentences[message_id] = texts
    return sentences


def sentence(message_id: str, params: Mapping[str, object], language: str) -> str:
    """Return the sentence of a message id with its parameters filled in.

    A message id without a sentence is shown as it is: the record has it too, so that
    support can find it.
    """
    texts = catalogue().get(message_id)
    if texts is None:
        return message_id
    return _Lenient().vformat(texts[language], (), dict(params))


class _Lenient(Formatter):
    """Leaves a dash where a parameter is missing; a sentence is better than a fault."""

    def get_value(self, key: int | str, args: object, kwargs: Mapping[str, object]) -> object:
        value = kwargs.get(str(key))
        if isinstance(value, list | tuple):
            value = "、".join(str(one) for one in value)
        return "—" if value is None or value == "" else value

    def get_field(self, field_name: str, args: object, kwargs: Mapping[str, object]) -> object:
        return self.get_value(field_name, args, kwargs), field_name
