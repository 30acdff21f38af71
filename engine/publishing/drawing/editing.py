"""Changes of one place in a YAML text, so that the rest stays as its author wrote it.

Comments, order and layout outside of the place are kept byte by byte. What was written is read
again and compared with what was meant, so that no edit changes anything else.
"""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

import yaml

from engine.workflow.yaml_text import read_yaml

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH = 1_000_000


class YamlEditRefused(Exception):
    """The place cannot be edited in this text; it is edited as text instead."""


def with_value(content: bytes, path: Sequence[str], value: object) -> bytes:
    """Return `content` with a value at a place, put there anew or in place of another.

    Args:
        content: YAML whose top is a mapping.
        path: Keys from the top, such as ``("deadlines", "DL-CA-3")``; the mappings around
            the last key are made where they are missing.
        value: What YAML can say: texts, numbers, lists, mappings.

    Raises:
        YamlEditRefused: The text cannot be read, or holds something else on the way.
    """
    text, before = _read(content)
    meant = deepcopy(before)
    target = meant
    for key in path[:-1]:
        inner = target.get(key)
        if inner is None:
            inner = target[key] = {}
        if not isinstance(inner, dict):
            raise YamlEditRefused(f"{key} is no mapping")
        target = inner
    target[path[-1]] = value
    return _same(_put(text, list(path), value), meant)


def without(content: bytes, path: Sequence[str]) -> bytes:
    """Return `content` without the entry at a place.

    Raises:
        YamlEditRefused: There is none, or the text cannot be read.
    """
    text, before = _read(content)
    meant = deepcopy(before)
    target: Any = meant
    for key in path[:-1]:
        target = target.get(key) if isinstance(target, dict) else None
    if not isinstance(target, dict) or path[-1] not in target:
        raise YamlEditRefused(f"there is no {'.'.join(path)}")
    del target[path[-1]]
    node, pair = _find(text, list(path))
    if node.flow_style or len(node.value) == 1:
        return _same(_put(text, list(path[:-1]), target), meant) if path[:-1] else b""
    start = _line_start(text, pair[0].start_mark.index)
    end = _next_line(text, _end(pair[1]))
    return _same(text[:start] + text[end:], meant)


def _read(content: bytes) -> tuple[str, dict[str, Any]]:
    try:
        data = read_yaml(content)
        text = content.decode("utf-8")
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise YamlEditRefused(str(error)) from error
    if not isinstance(data, dict) or "\r" in text:
        raise YamlEditRefused("the top is no mapping, or lines end in CR")
    return text, data


def _same(text: str, meant: object) -> bytes:
    """Return the text as bytes, if it says exactly what is meant."""
    content = text.encode()
    try:
        found = read_yaml(content)
    except yaml.YAMLError as error:
        raise YamlEditRefused(str(error)) from error
    if found != meant:
        raise YamlEditRefused("the text would say something else")
    return content


def _put(text: str, path: list[str], value: object) -> str:
    top = _mapping(yaml.compose(text, Loader=yaml.SafeLoader))
    node, depth = top, 0
    while True:
        pair = _pair(node, path[depth])
        if pair is None:
            for key in reversed(path[depth + 1 :]):
                value = {key: value}
            return _added(text, node, path[depth], value)
        depth += 1
        if depth == len(path):
            return _replaced(text, node, pair, value)
        inner = pair[1]
        if not isinstance(inner, yaml.MappingNode):  # an empty value becomes a mapping
            for key in reversed(path[depth:]):
                value = {key: value}
            return _replaced(text, node, pair, value)
        node = inner


def _find(text: str, path: list[str]) -> tuple[yaml.MappingNode, tuple[yaml.Node, yaml.Node]]:
    node = _mapping(yaml.compose(text, Loader=yaml.SafeLoader))
    for key in path[:-1]:
        pair = _pair(node, key)
        assert pair is not None  # noqa: S101 -- the data were looked at before
        node = _mapping(pair[1])
    pair = _pair(node, path[-1])
    assert pair is not None  # noqa: S101
    return node, pair


def _mapping(node: yaml.Node | None) -> yaml.MappingNode:
    if not isinstance(node, yaml.MappingNode):
        raise YamlEditRefused("there is no mapping")
    return node


def _pair(node: yaml.MappingNode, key: str) -> tuple[yaml.Node, yaml.Node] | None:
    return next((pair for pair in node.value if pair[0].value == key), None)


def _replaced(
    text: str, node: yaml.MappingNode, pair: tuple[yaml.Node, yaml.Node], value: object
) -> str:
    key, old = pair
    written = _written(key.value, value, key.start_mark.column, is_flow=bool(node.flow_style))
    return text[: key.start_mark.index] + written + text[_end(old) :]


def _added(text: str, node: yaml.MappingNode, key: str, value: object) -> str:
    if node.flow_style or not node.value:
        written = _written(key, value, 0, is_flow=True)
        end = node.end_mark.index - 1
        separator = ", " if node.value else ""
        return text[:end].rstrip() + separator + written + text[end:]
    column = node.start_mark.column
    end = _next_line(text, _end(node))
    head = text[:end] if text[:end].endswith("\n") else text[:end] + "\n"
    return head + " " * column + _written(key, value, column, is_flow=False) + "\n" + text[end:]


def _written(key: str, value: object, column: int, *, is_flow: bool) -> str:
    name = _flow(key)
    is_empty = value in ({}, [])
    if is_flow or not isinstance(value, dict | list) or is_empty or not _is_wide(value):
        return f"{name}: {_flow(value)}"
    text = yaml.safe_dump(
        value, allow_unicode=True, sort_keys=False, default_flow_style=None, width=WIDTH
    )
    indent = " " * (column + 2)
    return f"{name}:\n" + "\n".join(f"{indent}{line}" for line in text.rstrip("\n").split("\n"))


def _is_wide(value: object) -> bool:
    """Whether a value holds containers, and so is written over several lines."""
    inner = value.values() if isinstance(value, dict) else value
    return any(isinstance(one, dict | list) and one for one in inner)  # type: ignore[attr-defined]


def _flow(value: object) -> str:
    text = yaml.safe_dump(
        value, allow_unicode=True, sort_keys=False, default_flow_style=True, width=WIDTH
    )
    return text.removesuffix("\n").removesuffix("\n...").rstrip("\n")


def _end(node: yaml.Node) -> int:
    """Return where a value ends; a block's own mark lies behind the comments that follow it."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(last[1] if isinstance(last, tuple) else last)
    return int(node.end_mark.index)


def _line_start(text: str, index: int) -> int:
    return text.rfind("\n", 0, index) + 1


def _next_line(text: str, index: int) -> int:
    """Return where the line after `index` begins; at once where a line begins already."""
    if index and text[index - 1] == "\n":
        return index
    found = text.find("\n", index)
    return len(text) if found < 0 else found + 1
