"""YAML that others wrote: read without code, and not larger than it looks."""

from __future__ import annotations

import yaml

LARGEST = 200_000
"""The most values that a text may stand for once its aliases are written out."""


class YamlTooLarge(yaml.YAMLError):
    """Aliases make the text stand for more than it may, or for itself."""


def read_yaml(content: bytes) -> object:
    """Return what `content` says.

    Aliases are read as references; whoever walks through the result would meet a value
    as often as it is referred to, so that a few lines could keep the platform busy for
    ever. What is too large written out is refused.

    Raises:
        yaml.YAMLError: It is not YAML, holds tags that would build objects, or is
            larger than 200,000 values with its aliases written out.
        UnicodeDecodeError: It is not UTF-8.
    """
    data: object = yaml.safe_load(content)
    _weigh(data, {}, set())
    return data


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
