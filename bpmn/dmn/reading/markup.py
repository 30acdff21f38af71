"""The XML of a decision file: its namespaces, its children, where they stand."""

from collections.abc import Iterable, Iterator

from lxml import etree

from bpmn.dmn.nodes import Place, Source
from bpmn.dmn.refusals import Findings
from bpmn.reading.markup import Element, element_id, line_of, local_name

VERSIONS = {
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd": "1.1",
    "http://www.omg.org/spec/DMN/20151101/dmn11.xsd": "1.1",
    "http://www.omg.org/spec/DMN/20180521/MODEL/": "1.2",
    "https://www.omg.org/spec/DMN/20191111/MODEL/": "1.3",
    "https://www.omg.org/spec/DMN/20211108/MODEL/": "1.4",
    "https://www.omg.org/spec/DMN/20230324/MODEL/": "1.5",
}

# What any element may hold beside its own children.
EVERYWHERE = frozenset({"description", "extensionElements"})


def place_of(node: Element) -> Place:
    """Return where `node` stands."""
    return Place(element_id(node), line_of(node))


def children(node: Element, *names: str) -> Iterator[Element]:
    """Yield the children of `node` in its own namespace, those called `names` if any are given."""
    namespace = etree.QName(node).namespace
    for child in node:
        tag: object = child.tag  # of a comment it is a function, which the stubs do not say
        if not isinstance(tag, str) or etree.QName(child).namespace != namespace:
            continue
        if not names or local_name(child) in names:
            yield child


def child(node: Element, name: str) -> Element | None:
    """Return the first child called `name`."""
    return next(children(node, name), None)


def text_of(node: Element | None) -> str:
    """Return the text of `node`, or of its `text` child, without the spaces around it."""
    if node is None:
        return ""
    inner = child(node, "text")
    holder = node if inner is None else inner
    return "".join(str(part) for part in holder.itertext()).strip()


def check_names(named: Iterable[tuple[str, Place]], findings: Findings) -> None:
    """Note every name that stands twice among things that are told apart by their names."""
    seen: set[str] = set()
    for name, place in named:
        if name in seen:
            findings.error(
                "dmn-duplicate-name",
                place,
                f"名称“{name}”出现了两次。请改掉其中一个。",
                f"The name {name!r} stands twice. Change one of them.",
            )
        seen.add(name)


def source_of(node: Element, empty: str = "") -> Source:
    """Return the FEEL in the `text` of `node`, and the line on which it begins.

    Args:
        node: An element with a `text`.
        empty: What an empty text means.
    """
    inner = child(node, "text")
    holder = node if inner is None else inner
    written = "".join(str(part) for part in holder.itertext())
    before = written[: len(written) - len(written.lstrip())]
    place = Place(element_id(node), line_of(holder) + before.count("\n"))
    return Source(written.strip() or empty, place)


def only(node: Element, allowed: frozenset[str], findings: Findings) -> None:
    """Note every child in the DMN namespace that does not belong into `node`."""
    for found in children(node):
        name = local_name(found)
        if name not in allowed and name not in EVERYWHERE:
            owner = local_name(node)
            findings.error(
                "dmn-unexpected-element",
                place_of(found),
                f"<{owner}> 中不能有 <{name}>。请删去它，或用建模工具重新导出。",
                f"<{name}> does not belong into <{owner}>. "
                "Remove it or export the file again from the modeller.",
            )
