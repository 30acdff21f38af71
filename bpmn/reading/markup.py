"""Hardened reading of XML: everything that is uploaded is hostile until it is checked."""

from typing import Any, NoReturn, TypeAlias

from lxml import etree

from bpmn.findings import DiagramRefused, Finding, Severity

Element: TypeAlias = etree._Element  # noqa: SLF001 - lxml has no public name for its element

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
CAMUNDA = "http://camunda.org/schema/1.0/bpmn"
XSI = "http://www.w3.org/2001/XMLSchema-instance"

MAX_BYTES = 5_000_000
MAX_DEPTH = 100


class _Doctype(Exception):
    """The prolog holds a document type declaration."""


class _Prolog:
    """A parser target that looks at what stands before the first element, and stops there."""

    def __init__(self) -> None:
        self.done = False

    def doctype(self, name: str, public: str | None, system: str | None) -> NoReturn:
        raise _Doctype

    def start(self, tag: str, attributes: object) -> NoReturn:
        raise StopIteration

    def close(self) -> None:
        return None


def parse_xml(content: bytes, *, name: str, limit: int = MAX_BYTES) -> Element:
    """Return the root of an XML document that declares no types, no entities, and is no bomb.

    Nothing is fetched, no entity is expanded, and nothing is parsed before its size is known.

    Args:
        content: The bytes as they were uploaded.
        name: The name by which findings call the file.
        limit: The greatest size in bytes that is accepted.

    Raises:
        DiagramRefused: The document is too large, too deep, not well-formed, or has a DOCTYPE.
    """
    if len(content) > limit:
        _refuse(
            name,
            "size",
            0,
            f"文件有 {len(content)} 字节，上限为 {limit} 字节。请删去图片等嵌入内容或拆分流程图。",
            f"The file has {len(content)} bytes; at most {limit} are accepted. "
            "Remove embedded content or split the diagram.",
        )
    try:
        _look_at_prolog(content)
        root = etree.fromstring(content, _hardened())
    except _Doctype:
        _refuse_doctype(name)
    except etree.XMLSyntaxError as error:
        line = error.lineno or 0
        _refuse(
            name,
            "xml",
            line,
            f"第 {line} 行不是合格的 XML（{error.msg}）。请用建模工具重新导出。",
            f"Line {line} is not well-formed XML ({error.msg}). Export it again from the modeller.",
        )
    _refuse_depth(root, name)
    return root


def element_id(node: Element) -> str:
    """Return the id of `node` or of the nearest ancestor that has one, or ""."""
    current: Element | None = node
    while current is not None:
        found = current.get("id")
        if found:
            return str(found)
        current = current.getparent()
    return ""


def line_of(node: Element) -> int:
    """Return the line on which `node` begins, 0 where it is not known."""
    untyped: Any = node  # the stubs do not say what `sourceline` is
    return int(untyped.sourceline or 0)


def local_name(node: Element) -> str:
    """Return the tag of `node` without its namespace."""
    return etree.QName(node).localname


def _hardened(target: Any = None) -> etree.XMLParser:
    return etree.XMLParser(
        target=target,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_pis=False,
    )


def _look_at_prolog(content: bytes) -> None:
    try:
        etree.fromstring(content, _hardened(_Prolog()))
    except StopIteration:
        return


def _refuse_depth(root: Element, name: str) -> None:
    for node, depth in _walk(root):
        if depth > MAX_DEPTH:
            raise DiagramRefused(
                [
                    Finding(
                        Severity.ERROR,
                        "depth",
                        name,
                        element_id(node),
                        line_of(node),
                        f"元素嵌套超过 {MAX_DEPTH} 层。请把内层子流程改为调用活动。",
                        f"Elements are nested more than {MAX_DEPTH} deep. "
                        "Turn inner sub-processes into call activities.",
                    )
                ]
            )


def _walk(root: Element) -> list[tuple[Element, int]]:
    found: list[tuple[Element, int]] = []
    waiting = [(root, 1)]
    while waiting:
        node, depth = waiting.pop()
        found.append((node, depth))
        if depth <= MAX_DEPTH:
            waiting.extend((child, depth + 1) for child in node)
    return found


def _refuse_doctype(name: str) -> NoReturn:
    _refuse(
        name,
        "doctype",
        1,
        "文件含有 DOCTYPE 声明，可能夹带外部实体。请删去该声明。",
        "The file has a DOCTYPE, which may carry entities. Remove the declaration.",
    )


def _refuse(name: str, rule: str, line: int, zh: str, en: str) -> NoReturn:
    raise DiagramRefused([Finding(Severity.ERROR, rule, name, "", line, zh, en)])
