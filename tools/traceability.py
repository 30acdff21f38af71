"""Writes docs/traceability.md: what each passage of the texts asks for, and who does it here.

    python -m tools.traceability

Reads docs/traceability.yaml (the rows of the specification) and everything that cites. A target
that nothing answers to must have its reason there, under `lacks`; a reason for what is there after
all is refused too. Ends with 1 where either is so.
"""

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import yaml

from tools.citations import PROCESSES, ROOT, Citation, Cited, all_cited, folders, read_citation

ROWS = ROOT / "docs" / "traceability.yaml"
DOCUMENT = ROOT / "docs" / "traceability.md"
SHOWN = 4
"""Pointers told for each target; the rest is counted."""

_WORDS = {
    "element": "",
    "diagram": "图 ",
    "rule": "表 ",
    "deadline": "期限 ",
    "measure": "方式 ",
    "channel": "渠道 ",
    "filing": "提交 ",
    "switch": "开关 ",
    "parameter": "参数 ",
    "document": "文书 ",
    "article": "引录 ",
}


class Untraced(Exception):
    """A row is missing without a reason, or has a reason for what is there."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the specification's table; see docs/traceability.yaml."""

    place: str
    content: str
    targets: tuple[str, ...]
    cites: tuple[Citation, ...]
    lacks: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Book:
    """The whole of docs/traceability.yaml.

    Attributes:
        sections: Titles with their rows.
        homes: The folder of each procedure and sub-process that is shipped, by its number.
        commands: What is no folder but a command of the platform, by its number.
        unshipped: Patterns of the targets that belong to procedures that are not shipped.
        proofs: Files (with an optional `#text` that stands in them), by requirement of supervision.
        lacking: Why a requirement of supervision is not held yet.
    """

    sections: tuple[tuple[str, tuple[Row, ...]], ...]
    homes: Mapping[str, str]
    commands: Mapping[str, Sequence[str]]
    unshipped: Sequence[str]
    proofs: Mapping[str, Sequence[str]]
    lacking: Mapping[str, str]


def read_book() -> Book:
    """Read docs/traceability.yaml."""
    raw = yaml.safe_load(ROWS.read_text("utf-8"))
    sections = tuple(
        (section["title"], tuple(read_row(one) for one in section["rows"]))
        for section in raw["sections"]
    )
    known = {key: raw[key] for key in raw if key != "sections"}
    return Book(sections, **known)


def read_row(raw: Mapping[str, Any]) -> Row:
    """Read a row of docs/traceability.yaml.

    Raises:
        Untraced: One of its citations cannot be read.
    """
    cites = tuple(one for text in raw["cites"] if (one := read_citation(text)) is not None)
    if len(cites) != len(raw["cites"]):
        raise Untraced(f"{raw['place']}: {raw['cites']} are no citations")
    return Row(raw["place"], raw["content"], tuple(raw["targets"]), cites, raw.get("lacks") or {})


def is_shipped(book: Book, target: str) -> bool:
    """Return whether `target` is of a procedure that is shipped, or of all."""
    return not any(re.fullmatch(rf"{pattern}", target) for pattern in book.unshipped)


def pointers(book: Book, row: Row, target: str) -> tuple[str, ...]:
    """Return who answers to a target of a row; empty where nobody does."""
    kind = {"DT-CH": "channel", "流程元数据": "article"}.get(target, "")
    if kind:
        return _telling([one for one in citing(row) if one.kind == kind])
    if target.startswith("SUP-"):
        return tuple(_held(book, target))
    if target.startswith(("DL-", "DT-")):
        return _deadlines(target) if target.startswith("DL-") else _decisions(target)
    if target in book.commands:
        return tuple(f"`{path}`" for path in book.commands[target] if _there(path))
    return _in_folder(book, row, target)


@cache
def _everything() -> tuple[Cited, ...]:
    return all_cited()


def citing(row: Row) -> tuple[Cited, ...]:
    """Return who cites the row's provisions or parts of them; else who cites what holds them."""
    found = [one for one in _everything() for cite in row.cites if one.citation.is_within(cite)]
    wider = [one for one in _everything() for cite in row.cites if cite.is_within(one.citation)]
    return tuple(dict.fromkeys(found or wider))


def _in_folder(book: Book, row: Row, target: str) -> tuple[str, ...]:
    home = book.homes.get(target)
    if home is None:
        return ()
    called = home.rpartition("/")[2]
    found = [one for one in citing(row) if one.folder == home or one.calls == called]
    doing = [one for one in found if one.kind != "article"]
    if not doing and not found and target.startswith("C"):
        doing = [one for one in _everything() if one.calls == called]
    return _telling(doing or found)


def _telling(found: Sequence[Cited]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_told(one) for one in found))


def _told(one: Cited) -> str:
    title = re.sub(r"\s+", "", one.title)
    name = f"`{one.folder}#{one.key}`"
    return f"{_WORDS.get(one.kind, '')}{name}" + (f" {title}" if title else "")


@cache
def _rules() -> Mapping[str, Mapping[str, Any]]:
    return {
        folder: yaml.safe_load((PROCESSES / folder / "procedure.yaml").read_text("utf-8"))
        for folder in folders()
    }


def _deadlines(key: str) -> tuple[str, ...]:
    return tuple(
        f"期限 `{folder}#{key}` {rules['deadlines'][key]['title']['zh']}"
        for folder, rules in _rules().items()
        if key in (rules.get("deadlines") or {})
    )


@cache
def _texts(pattern: str, base: str) -> Mapping[str, str]:
    found = sorted((ROOT / base).rglob(pattern))
    return {str(path.relative_to(ROOT)): path.read_text("utf-8") for path in found}


def _decisions(key: str) -> tuple[str, ...]:
    ids = [
        (path, one)
        for path, text in _texts("*.dmn", "processes").items()
        for one in re.findall(r"<decision id=\"([^\"]+)\"", text)
    ]
    return tuple(
        f"表 `{path.removeprefix('processes/')}#{one}`"
        for path, one in ids
        if one == key or one.startswith(f"{key}-")
    )


def _held(book: Book, requirement: str) -> Iterator[str]:
    for path, text in {**_texts("*.py", "tests"), **_texts("*.yaml", "processes")}.items():
        held = "scenarios/" in path or path.startswith("tests/")
        if held and re.search(rf"{requirement}\b", text):
            yield f"`{path}`"
    for path in book.proofs.get(requirement, ()):
        if not _there(path):
            raise Untraced(f"{requirement}: {path} is not there")
        yield f"`{path}`"


def _there(pointer: str) -> bool:
    path, _, text = pointer.partition("#")
    return (ROOT / path).is_file() and text in (ROOT / path).read_text("utf-8")


def troubles(book: Book) -> list[str]:
    """Return what is missing without a reason, and reasons for what is there."""
    found = []
    for title, rows in book.sections:
        for row in rows:
            for target in row.targets:
                there = pointers(book, row, target)
                reason = reason_for(book, row, target)
                place = f"{title} {row.place} {target}"
                if is_shipped(book, target) and not there and not reason:
                    found.append(f"{place}: nothing answers to it, and no reason is given")
                if there and reason:
                    found.append(f"{place}: is there ({there[0]}) but has a reason for missing")
                if there and not is_shipped(book, target) and not target.startswith("SUP-"):
                    found.append(f"{place}: is shipped after all ({there[0]})")
    return found


def reason_for(book: Book, row: Row, target: str) -> str:
    """Return why a target is not answered to, or ""."""
    return row.lacks.get(target) or book.lacking.get(target, "")


def document(book: Book) -> str:
    """Return docs/traceability.md.

    Raises:
        Untraced: A row is missing without a reason, or has a reason for what is there.
    """
    if wrong := troubles(book):
        raise Untraced("\n".join(wrong))
    return "\n".join(_lines(book)) + "\n"


def _lines(book: Book) -> Iterator[str]:
    rows = [(row, target) for _, rows in book.sections for row in rows for target in row.targets]
    shipped = [one for one in rows if is_shipped(book, one[1])]
    done = [one for one in shipped if pointers(book, *one)]
    yield "# Traceability"
    yield ""
    yield "Written by `python -m tools.traceability` from what diagrams, tables, deadlines and"
    yield "tests cite; do not edit. The rows are those of the specification (traceability.yaml)."
    yield "Each target points to the element, rule, deadline or test that answers to it, or says"
    yield "what is missing; `folder#key` is below `processes/`."
    yield ""
    yield (
        f"{len(rows)} targets: {len(done)} answered to, {len(shipped) - len(done)} missing with "
        f"their reason, {len(rows) - len(shipped)} of procedures that are not shipped yet."
    )
    for title, section in book.sections:
        yield ""
        yield f"## {title}"
        yield "| 条 | 内容 | 目标 | 在哪里 |"
        yield "|---|---|---|---|"
        for row in section:
            for number, target in enumerate(row.targets):
                head = f"| {row.place} | {row.content} |" if number == 0 else "| | |"
                yield f"{head} {target} | {_where(book, row, target)} |"


def _where(book: Book, row: Row, target: str) -> str:
    if there := pointers(book, row, target):
        more = f"；另 {len(there) - SHOWN} 处" if len(there) > SHOWN else ""
        return "；".join(there[:SHOWN]) + more
    if reason := reason_for(book, row, target):
        return f"**缺**：{reason}"
    return "流程尚未交付"


def main() -> int:
    """Write the document, or say what is wrong."""
    try:
        DOCUMENT.write_text(document(read_book()), encoding="utf-8")
    except Untraced as wrong:
        print(wrong)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
