"""Validation against the schema that the OMG publishes with BPMN 2.0.2."""

from functools import cache
from importlib import resources
from threading import Lock
from typing import Any

from lxml import etree

from bpmn.findings import Finding, Severity
from bpmn.reading.markup import Element, element_id

_lock = Lock()


@cache
def _schema() -> etree.XMLSchema:
    # SpiffWorkflow carries the OMG's files with it; they refer to one another by relative path.
    folder = resources.files("SpiffWorkflow") / "bpmn" / "parser" / "schema"
    with resources.as_file(folder) as path:
        return etree.XMLSchema(etree.parse(path / "BPMN20.xsd"))


def schema_findings(root: Element, name: str) -> list[Finding]:
    """Return what in `root` the BPMN 2.0 schema does not allow, each with element and line.

    Source: OMG formal/2013-12-09, BPMN20.xsd.
    """
    with _lock:  # the error log belongs to the schema object, which threads share
        schema = _schema()
        if schema.validate(root):
            return []
        log: Any = schema.error_log  # iterable, though the stubs do not say so
        entries = [(entry.line, entry.message, entry.path) for entry in log]
    return [
        Finding(
            Severity.ERROR,
            "bpmn-schema",
            name,
            _element_at(root, path),
            line,
            f"不符合 BPMN 2.0 模式：{_plain(message)} 请用建模工具修正该元素。",
            f"Not valid BPMN 2.0: {_plain(message)} Mend this element in the modeller.",
        )
        for line, message, path in entries
    ]


def _plain(message: str) -> str:
    return message.replace("{http://www.omg.org/spec/BPMN/20100524/MODEL}", "")


def _element_at(root: Element, path: str | None) -> str:
    namespaces = {prefix: uri for prefix, uri in root.nsmap.items() if prefix}
    try:
        found: Any = root.getroottree().xpath(path or ".", namespaces=namespaces)
    except etree.XPathError:  # a prefix that is declared further down
        return ""
    return element_id(found[0]) if isinstance(found, list) and found else ""
