"""Reads the plain Markdown of a procedure's page for officers into blocks for a template.

Headings, paragraphs, bullets and tables, with **bold** and `code` in them; everything else is
text as it stands. No HTML, no address of a link or picture comes through: what was uploaded
with a procedure is hostile until checked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

_SPANS = re.compile(r"\*\*(?P<bold>[^*]+)\*\*|`(?P<code>[^`]+)`|!?\[(?P<link>[^\]]*)\]\([^)]*\)")
_RULE = re.compile(r"\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?")
_HEADING = re.compile(r"(#{1,6}) (.+)")


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text; `kind` is `text`, `bold` or `code`."""

    kind: str
    text: str


Spans: TypeAlias = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a page.

    Attributes:
        kind: `heading`, `paragraph`, `bullets` or `table`.
        level: Of a heading, 1 to 6; else 0.
        lines: A heading's or paragraph's one line; a bullet each; of a table none.
        head: The heads of a table.
        rows: The cells of a table.
    """

    kind: str
    level: int = 0
    lines: tuple[Spans, ...] = ()
    head: tuple[Spans, ...] = ()
    rows: tuple[tuple[Spans, ...], ...] = ()


def read_prose(text: str) -> tuple[Block, ...]:
    """Return the blocks of a page."""
    return tuple(_blocks([line.rstrip() for line in text.splitlines()]))


def _blocks(lines: list[str]) -> Iterator[Block]:
    at = 0
    while at < len(lines):
        kind = _kind(lines[at])
        end = at + 1
        while kind != "heading" and end < len(lines) and _kind(lines[end]) == kind:
            end += 1
        group, at = lines[at:end], end
        if kind == "table":
            yield _table(group)
        elif kind == "bullets":
            yield Block(kind, lines=tuple(_spans(line[2:]) for line in group))
        elif kind == "heading":
            found = _HEADING.fullmatch(group[0])
            assert found is not None  # noqa: S101 -- or it were no heading
            yield Block(kind, level=len(found[1]), lines=(_spans(found[2]),))
        elif kind == "paragraph":
            yield Block(kind, lines=(_spans("".join(group)),))


def _kind(line: str) -> str:
    if not line.strip():
        return ""
    if line.startswith("|"):
        return "table"
    if line.startswith(("* ", "- ")):
        return "bullets"
    return "heading" if _HEADING.fullmatch(line) else "paragraph"


def _table(lines: list[str]) -> Block:
    rows = [_cells(line) for line in lines if not _RULE.fullmatch(line)]
    return Block("table", head=rows[0], rows=tuple(rows[1:])) if rows else Block("paragraph")


def _cells(line: str) -> tuple[Spans, ...]:
    return tuple(_spans(cell.strip()) for cell in line.strip("|").split("|"))


def _spans(text: str) -> Spans:
    spans: list[Span] = []
    at = 0
    for found in _SPANS.finditer(text):
        spans.append(Span("text", text[at : found.start()]))
        kind = str(found.lastgroup)
        spans.append(Span("text" if kind == "link" else kind, found[kind]))
        at = found.end()
    spans.append(Span("text", text[at:]))
    return tuple(one for one in spans if one.text)
