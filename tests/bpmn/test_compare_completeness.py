"""比较是完整的：图中凡有含义的一处改动，都会说出来。

Every attribute and every text of the diagram is changed, every element taken away and every pair
of neighbours exchanged, one at a time. Each of these is told, but for what has no meaning.
"""

from copy import deepcopy
from pathlib import Path

import pytest
from lxml import etree

from bpmn.compare import compare
from bpmn.findings import DiagramRefused
from bpmn.reading import Element, read_diagram

FILE = Path(__file__).parent / "reading" / "case.bpmn"
OLD = read_diagram(FILE.read_bytes(), name="old")

# Flows tell their ends, and nodes their lane, themselves.
ELSEWHERE = {"incoming", "outgoing", "flowNodeRef"}
# What is exchanged and stays the same: what is known by its id or its name, in no order.
UNORDERED = {"participant", "lane", "property", "sequenceFlow"}


def drawn(root: Element) -> list[Element]:
    """Return the elements that are not layout."""
    return [
        element
        for element in root.iter("*")
        if not any(
            str(each.tag).endswith("}BPMNDiagram") for each in (element, *element.iterancestors())
        )
    ]


def local(element: Element) -> str:
    return etree.QName(element).localname


def other(value: str) -> str:
    """Return another value of the same kind."""
    if value in ("true", "false"):
        return "false" if value == "true" else "true"
    return str(int(value) + 1) if value.isdigit() else f"{value}9"


def edited(number: int) -> tuple[Element, Element]:
    """Return a copy of the document and its element of this number."""
    root = deepcopy(OLD.root)
    return root, drawn(root)[number]


def is_told(root: Element) -> bool:
    """Whether the change is told; one that the schema forbids is refused before."""
    try:
        new = read_diagram(etree.tostring(root), name="new")
    except DiagramRefused:
        return True
    return bool(compare(OLD, new))


ELEMENTS = drawn(OLD.root)
ATTRIBUTES = [(n, str(key)) for n, e in enumerate(ELEMENTS) for key in e.attrib if key != "id"]
TEXTS = [n for n, e in enumerate(ELEMENTS) if (e.text or "").strip() and local(e) not in ELSEWHERE]
GONE = [n for n, e in enumerate(ELEMENTS) if n > 0 and local(e) not in ELSEWHERE]
PAIRS = [
    n
    for n, e in enumerate(ELEMENTS)
    if (after := e.getnext()) is not None
    and after.tag == e.tag
    and local(e) not in ELSEWHERE | UNORDERED
]


class TestEveryPlace:
    """No place of the diagram can change without a word."""

    @pytest.mark.parametrize(("number", "key"), ATTRIBUTES)
    def test_an_attribute(self, number: int, key: str) -> None:
        root, element = edited(number)
        element.set(key, other(element.get(key) or ""))

        assert is_told(root)

    @pytest.mark.parametrize("number", TEXTS)
    def test_a_text(self, number: int) -> None:
        root, element = edited(number)
        element.text = f"{(element.text or '').strip()}9"

        assert is_told(root)

    @pytest.mark.parametrize("number", GONE)
    def test_an_element(self, number: int) -> None:
        root, element = edited(number)
        parent = element.getparent()
        assert parent is not None
        parent.remove(element)

        assert is_told(root)

    @pytest.mark.parametrize("number", PAIRS)
    def test_an_order_that_has_a_meaning(self, number: int) -> None:
        root, element = edited(number)
        after = element.getnext()
        assert after is not None
        element.addprevious(after)

        assert is_told(root)

    def test_all_kinds_of_parts_are_in_the_diagram(self) -> None:
        wanted = {"timeDuration", "conditionExpression", "property", "lane", "inputParameter"}

        assert wanted <= {local(element) for element in ELEMENTS}
