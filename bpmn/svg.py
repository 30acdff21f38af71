"""Cleaning a picture that a browser sent, before anybody else's browser shows it.

The modeller saves the diagram as SVG beside its XML. It is a client's word: only shapes, texts and
styles that draw are kept, and a shape keeps its element id only where the diagram has that element.
"""

import re
from collections.abc import Collection
from typing import NoReturn

from lxml import etree

from bpmn.findings import DiagramRefused, Finding, Severity
from bpmn.reading import Element, parse_xml
from bpmn.reading.markup import line_of

SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"

_DOCTYPE = (
    b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN"'
    b' "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'
)
"""What bpmn-js and Camunda Modeler write before a picture; it declares nothing of its own."""
_DRAWN = frozenset(
    {
        "circle",
        "clipPath",
        "defs",
        "desc",
        "ellipse",
        "g",
        "line",
        "linearGradient",
        "marker",
        "path",
        "polygon",
        "polyline",
        "radialGradient",
        "rect",
        "stop",
        "svg",
        "text",
        "title",
        "tspan",
        "use",
    }
)
_STRIPPED = frozenset({"script", "foreignObject", "style", "metadata", "pattern"})
"""Taken out; `pattern` is the modeller's grid, which no shape of its export uses."""
_PROPERTIES = frozenset(
    {
        "alignment-baseline",
        "clip-path",
        "clip-rule",
        "color",
        "display",
        "dominant-baseline",
        "fill",
        "fill-opacity",
        "fill-rule",
        "font-family",
        "font-size",
        "font-style",
        "font-weight",
        "letter-spacing",
        "marker-end",
        "marker-mid",
        "marker-start",
        "opacity",
        "shape-rendering",
        "stop-color",
        "stop-opacity",
        "stroke",
        "stroke-dasharray",
        "stroke-dashoffset",
        "stroke-linecap",
        "stroke-linejoin",
        "stroke-miterlimit",
        "stroke-opacity",
        "stroke-width",
        "text-anchor",
        "text-decoration",
        "text-rendering",
        "visibility",
        "white-space",
    }
)
_GEOMETRY = frozenset(
    {
        "class",
        "cx",
        "cy",
        "d",
        "dx",
        "dy",
        "gradientTransform",
        "gradientUnits",
        "height",
        "id",
        "lineHeight",
        "line-height",
        "markerHeight",
        "markerUnits",
        "markerWidth",
        "offset",
        "orient",
        "points",
        "preserveAspectRatio",
        "r",
        "refX",
        "refY",
        "role",
        "rx",
        "ry",
        "transform",
        "version",
        "viewBox",
        "width",
        "x",
        "x1",
        "x2",
        "y",
        "y1",
        "y2",
    }
)
_LOCAL_URL = re.compile(r"""url\(\s*(["']?)#[\w.:-]+\1\s*\)""", re.ASCII)
_DANGEROUS = re.compile(r"url\s*\(|\\|@|expression|javascript|data:|[<>{}]", re.IGNORECASE)


def clean_svg(content: bytes, *, ids: Collection[str]) -> bytes:
    """Return the picture without anything that acts, loads or is not known, as UTF-8.

    The document type that modellers write goes, any other is refused. Scripts, foreign objects,
    style sheets, event attributes, links that leave the picture and comments go;
    `data-element-id` stays where `ids` has it (a label's `X_label` where it has `X`).

    Args:
        content: The SVG as it was sent.
        ids: The ids of the elements of the diagram.

    Raises:
        DiagramRefused: It is no safe XML, no SVG, or holds an element that is not known.
    """
    root = parse_xml(content.replace(_DOCTYPE, b"", 1), name="svg")
    if root.tag != f"{{{SVG}}}svg":
        _refuse(root)
    waiting = [root]
    while waiting:
        node = waiting.pop()
        _clean_attributes(node, ids)
        waiting.extend(child for child in list(node) if _stays(node, child))
    etree.cleanup_namespaces(root)
    return etree.tostring(root, encoding="utf-8")


def _stays(parent: Element, child: Element) -> bool:
    """Take `child` out of `parent` if it does not belong in a picture.

    Raises:
        DiagramRefused: It is not known.
    """
    tag: object = child.tag
    is_element = isinstance(tag, str)  # else a comment or a processing instruction
    name = etree.QName(child) if is_element else None
    if name is None or name.localname in _STRIPPED:
        parent.remove(child)
        return False
    if name.namespace != SVG or name.localname not in _DRAWN:
        _refuse(child)
    return True


def _clean_attributes(node: Element, ids: Collection[str]) -> None:
    for key, value in list(node.attrib.items()):
        kept = _attribute(str(key), str(value), ids)
        if kept is None:
            del node.attrib[key]
        else:
            node.set(key, kept)


def _attribute(key: str, value: str, ids: Collection[str]) -> str | None:
    """Return the value that an attribute keeps, or None where it goes."""
    if key == "data-element-id":
        return value if value in ids or value.removesuffix("_label") in ids else None
    if key in ("href", f"{{{_XLINK}}}href"):
        return value if re.fullmatch(r"#[\w.:-]+", value, re.ASCII) else None
    if key == "style":
        return _style(value) or None
    if key in _PROPERTIES or key in _GEOMETRY:
        return value if _is_harmless(value) else None
    return None


def _style(text: str) -> str:
    kept = []
    for declaration in text.split(";"):
        name, _, value = declaration.partition(":")
        if name.strip().lower() in _PROPERTIES and _is_harmless(value):
            kept.append(f"{name.strip().lower()}: {value.strip()}")
    return "; ".join(kept)


def _is_harmless(value: str) -> bool:
    return _DANGEROUS.search(_LOCAL_URL.sub("", value)) is None


def _refuse(node: Element) -> NoReturn:
    raise DiagramRefused(
        [
            Finding(
                Severity.ERROR,
                "svg-unknown",
                "svg",
                node.get("id", ""),
                line_of(node),
                f"图中含有未知元素 {node.tag}。请在建模页面重新保存。",
                f"The picture holds an unknown element {node.tag}. Save it again in the modeller.",
            )
        ]
    )
