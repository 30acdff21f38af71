"""Who cites which provision: elements, rules of tables, deadlines and what else folders list."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

import bpmn
from bpmn.dmn import read_decisions, table_view

ROOT = Path(__file__).parents[1]
PROCESSES = ROOT / "processes"

_CITATION = re.compile(
    r"(?P<stem>S\d(?:篇\d|范文\d|[一二三四五](?=L))?)(?:L(?P<first>\d+)(?:[–-](?P<last>\d+))?)?(?P<tail>.*)"
)
_IN_TEXT = re.compile(r"S[0-4](?:篇\d|范文\d|[一二三四五])?\s?[L§一二三附第][^：:；;，,。“”\s]*")


@dataclass(frozen=True, slots=True)
class Citation:
    """A place in the texts.

    Attributes:
        stem: Source and part: `S0篇1`, `S1一`, `S3`.
        lines: First and last line, where it counts by lines; (0, 0) where not.
        tail: What follows: `§7-1`, `(五)2`, `二1`.
    """

    stem: str
    lines: tuple[int, int]
    tail: str

    def overlaps(self, other: "Citation") -> bool:
        """Return whether both are of one text and share a line, articles aside."""
        return (
            self.stem == other.stem
            and self.lines[0] <= other.lines[1]
            and other.lines[0] <= self.lines[1]
        )

    def is_within(self, other: "Citation") -> bool:
        """Return whether this is `other` or a part of it."""
        rest = self.tail.removeprefix(other.tail)
        return (
            self.overlaps(other)
            and self.tail.startswith(other.tail)
            and not (rest[:1].isdigit() and other.tail[-1:].isdigit())
        )


def read_citation(text: str) -> Citation | None:
    """Read a citation such as `S3 L59§10` or `S0篇1§6-1（2）：…`; None where it is none."""
    plain = text.replace("（", "(").replace("）", ")").replace(" ", "")
    plain = re.split(r"[：:，,。；;“]", plain)[0]
    if (found := _CITATION.fullmatch(plain)) is None:
        return None
    first = int(found["first"] or 0)
    return Citation(found["stem"], (first, int(found["last"] or first)), found["tail"])


@dataclass(frozen=True, slots=True)
class Cited:
    """Something in a folder that says by which provision it is.

    Attributes:
        folder: Relative to `processes`, such as `shared/clue-intake`.
        kind: `element`, `rule`, `deadline`, `measure` …; `article` where the text is only quoted.
        key: Its id there.
        title: What people call it, or "".
        calls: The folder that an element calls, or "".
    """

    folder: str
    kind: str
    key: str
    title: str
    citation: Citation
    calls: str = ""


def folders() -> tuple[str, ...]:
    """Return every shipped folder, those of shared sub-processes among them."""
    found = PROCESSES.rglob("procedure.yaml")
    return tuple(sorted(str(path.parent.relative_to(PROCESSES)) for path in found))


def all_cited() -> tuple[Cited, ...]:
    """Return everything in `processes` that cites, in the order of folders and files."""
    return tuple(one for folder in folders() for one in cited_in(folder))


def cited_in(folder: str) -> Iterator[Cited]:
    """Yield what cites in a folder: elements, rules of tables, and what procedure.yaml lists."""
    home = PROCESSES / folder
    for path in sorted(home.glob("*.bpmn")):
        yield from _of_diagram(folder, path)
    for path in sorted(home.glob("*.dmn")):
        yield from _of_tables(folder, path)
    rules = yaml.safe_load((home / "procedure.yaml").read_text("utf-8"))
    yield from _of_rules(folder, rules)


def _of_diagram(folder: str, path: Path) -> Iterator[Cited]:
    diagram = bpmn.read_diagram(path.read_bytes(), name=path.name)
    for node in diagram.nodes():
        said = f"{node.properties.get('article', '')} {node.documentation}"
        for citation in _citations(said):
            yield Cited(folder, "element", node.id, node.name, citation, node.called_element)
    for process in diagram.processes.values():
        for citation in _citations(process.documentation):
            yield Cited(folder, "diagram", path.name, process.name, citation)


def _of_tables(folder: str, path: Path) -> Iterator[Cited]:
    around = {
        str(one.relative_to(PROCESSES)): one.read_bytes()
        for one in PROCESSES.rglob("*.dmn")
        if one != path
    }
    model = read_decisions(path.read_bytes(), name=f"{folder}/{path.name}", imports=around)
    for decision in model.decisions.values():
        view = table_view(decision)
        for citation in _citations(decision.description):
            yield Cited(folder, "rule", decision.id, decision.name, citation)
        for row in view.rows if view is not None else ():
            for citation in _citations(" ".join(row.annotations)):
                yield Cited(folder, "rule", f"{decision.id} #{row.index}", decision.name, citation)


_KINDS = {"articles": "article", "law": "article", "measures": "measure", "switches": "switch"}


def _of_rules(folder: str, rules: Mapping[str, Any]) -> Iterator[Cited]:
    for top, value in rules.items():
        kind = _KINDS.get(top, top.removesuffix("s"))
        if top == "articles":
            for key, article in value.items():
                for citation in _citations(key):
                    yield Cited(folder, kind, key, article["title"], citation)
        elif top != "law":
            yield from _sources(folder, kind, top, value, "")


def _sources(folder: str, kind: str, key: str, value: Any, title: str) -> Iterator[Cited]:
    if isinstance(value, list):
        for number, one in enumerate(value):
            name = one.get("code") or one.get("id") if isinstance(one, dict) else None
            yield from _sources(folder, kind, name or f"{key}[{number}]", one, title)
    elif isinstance(value, dict):
        own = value.get("title", title)
        shown = own.get("zh", "") if isinstance(own, dict) else str(own)
        for citation in _citations(str(value.get("source", ""))):
            yield Cited(folder, kind, key, shown, citation)
        for name, one in value.items():
            if name not in ("source", "title", "text"):
                deeper = key if "source" in value or name in ("extension", "effect") else name
                yield from _sources(folder, kind, deeper, one, shown)


def _citations(text: str) -> Iterator[Citation]:
    seen = set()
    spaced = re.sub(r"(S\d(?:篇\d|范文\d|[一二三四五])?)\s+(?=[L第])", r"\1", text)
    for group in re.findall(_IN_TEXT, spaced):
        head = re.match(r"S\d(?:篇\d|范文\d|[一二三四五])?(?:L\d+(?:[–-]\d+)?)?", group)
        for part in re.split(r"、(?=[§LS])", group):
            whole = part if part.startswith("S") or head is None else _onto(head[0], part)
            if (citation := read_citation(whole)) is not None and citation not in seen:
                seen.add(citation)
                yield citation


def _onto(head: str, part: str) -> str:
    """Return `§24` after `S3L59§2` as `S3L59§24`, and `L45` after `S1一L19` as `S1一L45`."""
    return re.sub(r"L.*", "", head) + part if part.startswith("L") else head + part
