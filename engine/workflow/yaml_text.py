"""YAML that others wrote: read without code, and not larger than it looks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterable

LARGEST = 200_000
"""The most values that a text may stand for once its aliases are written out."""
DEEPEST = 100
"""The most that values may stand within each other."""
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Reads ten times as fast where libyaml is there; it builds no objects either."""


class YamlTooLarge(yaml.YAMLError):
    """The text is too deep, or its aliases make it stand for more than it may, or for itself."""


def read_yaml(content: bytes) -> object:
    """Return what `content` says.

    Aliases are read as references; whoever walks through the result would meet a value
    as often as it is referred to, so that a few lines could keep the platform busy for
    ever. What is too large written out is refused.

    Raises:
        yaml.YAMLError: It is not YAML, holds tags that would build objects, is nested more
            than 100 deep, or is larger than 200,000 values with its aliases written out.
    """
    _hold_depth(content)
    data: object = yaml.load(content, Loader=LOADER)  # noqa: S506 -- both are safe loaders
    _weigh(data, {}, set())
    return data


def nodes_of(content: bytes) -> yaml.Node | None:
    """Return what `content` says as nodes, which know their lines; None where it is empty.

    Raises:
        yaml.YAMLError: It is not YAML, or is nested more than 100 deep.
    """
    _hold_depth(content)
    found: yaml.Node | None = yaml.compose(content, Loader=LOADER)
    return found


def _hold_depth(content: bytes) -> None:
    """Refuse what is nested too deep: libyaml builds nodes by recursion, and has no limit.

    A few thousand brackets would end the process, which no `RecursionError` guards in C.
    Events come one by one, and none is kept.
    """
    depth = 0
    events: Iterable[object] = yaml.parse(content, Loader=LOADER)
    for event in events:
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEEPEST:
                raise YamlTooLarge(f"values stand more than {DEEPEST} deep in each other")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _weigh(value: object, known: dict[int, int], above: set[int]) -> int:
    """Return how many values `value` stands for; each container is looked into once."""
    if not isinstance(value, dict | list | set):
        return 1
    if id(value) in above:
        raise YamlTooLarge("an alias refers to the value that it stands in")
    if id(value) not in known:
        above.add(id(value))
        inside = [*value, *value.values()] if isinstance(value, dict) else list(value)
        known[id(value)] = 1 + sum(_weigh(one, known, above) for one in inside)
        above.discard(id(value))
        if known[id(value)] > LARGEST:
            raise YamlTooLarge(f"it stands for more than {LARGEST} values")
    return known[id(value)]
