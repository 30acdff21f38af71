"""Fields of the pages over `procedure.yaml`, and the parts that they make up."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from web.texts import gettext as _


class Shape(StrEnum):
    """How a part stands in the file."""

    KEYED = "keyed"
    """A mapping of entries by their keys."""
    LISTED = "listed"
    """A list of entries in an order that matters."""
    WHOLE = "whole"
    """One entry: the part itself."""
    TOP = "top"
    """Keys at the top of the file."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A field of an entry.

    Attributes:
        name: In the YAML, a dot leading into what stands inside; ``title.en`` and the like are
            the English of a text.
        kind: ``text``, ``long``, ``number``, ``flag``, ``names``, ``scalar``, ``yaml``,
            ``unit``, ``scope``, ``role``, ``expiry``, ``roll``, ``calendar`` or ``deputies``.
        said: Whether it is a text for readers, which may be `{zh, en}`.
    """

    name: str
    label: Any
    kind: str = "text"
    optional: bool = True
    hint: Any = ""
    said: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A part of `procedure.yaml`.

    Attributes:
        named_by: In a list, the field that names an entry; empty where its place does.
        is_sourced: An entry without a source is marked `proposed`.
    """

    title: Any
    key_label: Any
    key_hint: Any
    fields: tuple[Entry, ...]
    shape: Shape = Shape.KEYED
    named_by: str = ""
    is_sourced: bool = False


def said_field(name: str, label: Any, *, optional: bool = True, kind: str = "text") -> Entry:
    """Return a field for a text that readers see."""
    return Entry(name, label, kind, optional, said=True)


def title_field() -> tuple[Entry, ...]:
    """Return the fields of a title in both languages."""
    return (said_field("title", _("名称"), optional=False), Entry("title.en", _("英文名称")))


def source_field() -> Entry:
    """Return the field of a provision."""
    return Entry("source", _("出处"), hint=_("条款，如 S0篇1§8；留空即标明为平台默认。"))
