"""Entries of `procedure.yaml`: read for a page, and written as they were typed."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

import yaml

from engine.publishing.drawing import YamlEditRefused, with_value, without
from engine.workflow.yaml_text import read_yaml
from web.designer.choosing import KEEP
from web.designer.fields import Entry, Section, Shape

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

BESIDE = frozenset({"source", "proposed"})
"""What is said about a part that holds nothing else any more, and goes with it."""


class ValueUnread(Exception):
    """What was typed is no YAML; carries the field."""

    def __init__(self, field: str, reason: str) -> None:
        """Say which field, and why."""
        super().__init__(reason)
        self.field = field


def data_of(content: bytes) -> dict[str, Any]:
    """Return the data of a `procedure.yaml`; nothing where it cannot be read."""
    try:
        data = read_yaml(content)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


def entries_of(data: Mapping[str, Any], name: str, section: Section) -> dict[str, Any]:
    """Return the entries of a part by their keys; none where something else stands there."""
    found = data.get(name)
    if section.shape is Shape.TOP:
        return {name: data} if data else {}
    if section.shape is Shape.WHOLE:
        return {name: found} if isinstance(found, dict) else {}
    if section.shape is Shape.LISTED:
        listed = found if isinstance(found, list) else []
        return {
            _key_in(section, place, one): {**one, "place": place}
            for place, one in enumerate(listed, start=1)
            if isinstance(one, dict)
        }
    return {str(key): one for key, one in found.items()} if isinstance(found, dict) else {}


def place_of(data: Mapping[str, Any], name: str, section: Section, key: str) -> str:
    """Return where findings say that an entry stands, such as ``measures.2``."""
    if section.shape is Shape.TOP:
        return ""
    if section.shape is Shape.WHOLE:
        return name
    if section.shape is Shape.LISTED:
        listed = data.get(name)
        for place, one in enumerate(listed if isinstance(listed, list) else []):
            if isinstance(one, dict) and _key_in(section, place + 1, one) == key:
                return f"{name}.{place}"
        return name
    return f"{name}.{key}"


def with_entry(
    content: bytes, name: str, section: Section, key: str, typed: Mapping[str, str]
) -> bytes:
    """Return the file with an entry as it was typed; what the page does not ask stays in it.

    Raises:
        YamlEditRefused: The file cannot be edited so.
        ValueUnread: A value is no YAML.
    """
    data = data_of(content)
    old = entries_of(data, name, section).get(key)
    if section.shape is Shape.TOP:
        return _with_top(content, section, data, typed)
    if section.fields[0].name == "":
        only = section.fields[0]
        return with_value(content, (name, key), _value(only, typed.get("f.", "").strip()))
    entry = _entry(section, old if isinstance(old, dict) else {}, typed)
    if section.shape is Shape.WHOLE:
        return with_value(content, (name,), entry)
    if section.shape is Shape.LISTED:
        return with_value(content, (name,), _listed(data, name, section, key, entry))
    return with_value(content, (name, key), entry)


def without_entry(content: bytes, name: str, section: Section, key: str) -> bytes:
    """Return the file without an entry.

    Raises:
        YamlEditRefused: There is none, or the file cannot be edited so.
    """
    if section.shape is Shape.TOP:
        raise YamlEditRefused(f"{name} stays")
    if section.shape is Shape.WHOLE:
        return without(content, (name,))
    if section.shape is Shape.LISTED:
        found = data_of(content).get(name)
        listed = found if isinstance(found, list) else []
        left = [
            one
            for place, one in enumerate(listed, start=1)
            if not (isinstance(one, dict) and _key_in(section, place, one) == key)
        ]
        if len(left) == len(listed):
            raise YamlEditRefused(f"there is no {name}.{key}")
        return with_value(content, (name,), left) if left else without(content, (name,))
    return without(content, (name, key))


def typed_of(one: Entry, entry: Any) -> str:
    """Return what stands in a field for an entry as it is."""
    value = entry if one.name == "" else _at(one, entry)
    if one.kind == "expiry":
        return KEEP if is_special(value) else str(value[0]) if value else ""
    if one.kind == "flag":
        return "on" if value else ""
    if one.kind == "yaml":
        return _as_yaml(value)
    if isinstance(value, list):
        return " ".join(str(each) for each in value)
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None or isinstance(value, dict) else str(value)


def is_special(value: Any) -> bool:
    """Return whether an arrangement is another than the one word that the page offers."""
    is_one = isinstance(value, list) and len(value) == 1 and not isinstance(value[0], dict)
    return bool(value) and not is_one


def _key_in(section: Section, place: int, one: Mapping[str, Any]) -> str:
    return str(one.get(section.named_by, "")) if section.named_by else str(place)


def _listed(
    data: Mapping[str, Any], name: str, section: Section, key: str, entry: dict[str, Any]
) -> list[Any]:
    """Return the list with an entry in its place, or where another place was typed."""
    found = data.get(name)
    if found is not None and not isinstance(found, list):
        raise YamlEditRefused(f"{name} is no list")
    listed = list(found or [])
    place = entry.pop("place", None)
    if section.named_by:
        entry = {section.named_by: key, **{k: v for k, v in entry.items() if k != section.named_by}}
    at = next(
        (
            number
            for number, one in enumerate(listed)
            if isinstance(one, dict) and _key_in(section, number + 1, one) == key
        ),
        None,
    )
    if at is not None:
        listed.pop(at)
    wanted = place - 1 if isinstance(place, int) and place > 0 else at
    listed.insert(len(listed) if wanted is None else wanted, entry)
    return listed


def _with_top(
    content: bytes, section: Section, data: Mapping[str, Any], typed: Mapping[str, str]
) -> bytes:
    entry = _entry(section, data, typed)
    for key in dict.fromkeys(one.name.partition(".")[0] for one in section.fields):
        if key in entry and entry[key] != data.get(key):
            content = with_value(content, (key,), entry[key])
        elif key not in entry and key in data:
            content = without(content, (key,))
    return content


def _entry(section: Section, old: Mapping[str, Any], typed: Mapping[str, str]) -> dict[str, Any]:
    """Return the entry that was typed; what the page does not ask for stays in it."""
    entry: dict[str, Any] = deepcopy(dict(old))
    for one in section.fields:
        is_sent = f"f.{one.name}" in typed or one.kind == "flag"
        if one.name.endswith(".en") or not is_sent:
            continue
        text = typed.get(f"f.{one.name}", "").strip()
        if one.kind == "expiry" and text == KEEP:
            continue
        if one.said:
            _say(entry, one.name, text, typed)
            continue
        value = _value(one, text)
        is_kept = one.kind == "flag" and one.name == "default"
        _put(
            entry, one.name.split("."), None if value in ("", [], False) and not is_kept else value
        )
    if section.is_sourced:
        if "source" not in entry:
            entry.setdefault("proposed", True)
        elif entry.get("proposed") is True:
            del entry["proposed"]
    first = [name for name in ("title",) if name in entry]
    return {**{name: entry[name] for name in first}, **entry}


def _say(entry: dict[str, Any], name: str, zh: str, typed: Mapping[str, str]) -> None:
    """Put a text for readers in its place; English that the page does not show stays."""
    was = entry.get(name)
    if not zh:
        entry.pop(name, None)
        return
    shown = f"f.{name}.en"
    kept = str(was.get("en") or "") if isinstance(was, dict) and shown not in typed else ""
    en = typed.get(shown, "").strip() or kept
    entry[name] = {"zh": zh, **({"en": en} if en else {})}


def _put(entry: dict[str, Any], path: list[str], value: Any) -> None:
    """Put a value at a path, or take it away; what is empty then goes with it."""
    head, *rest = path
    if not rest:
        if value is None:
            entry.pop(head, None)
        else:
            entry[head] = value
        return
    inner = entry.get(head)
    if not isinstance(inner, dict):
        if value is None:
            return
        inner = entry[head] = {}
    _put(inner, rest, value)
    if set(inner) <= BESIDE:
        entry.pop(head, None)


def _value(one: Entry, typed: str) -> Any:
    read = _READ.get(one.kind)
    return (
        read(typed) if read is not None else _from_yaml(one, typed) if one.kind == "yaml" else typed
    )


def _scalar(typed: str) -> Any:
    """Return a number or a truth value where one is typed, else the text."""
    if typed in {"true", "false"}:
        return typed == "true"
    try:
        return int(typed)
    except ValueError:
        return typed


def _from_yaml(one: Entry, typed: str) -> Any:
    try:
        return read_yaml(typed.encode()) if typed else None
    except (yaml.YAMLError, RecursionError) as error:
        raise ValueUnread(one.name, str(error).partition("\n")[0]) from error


def _as_yaml(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dict):
        return "\n".join(f"{key}: {_flow(one)}" for key, one in value.items())
    return _flow(value)


def _flow(value: Any) -> str:
    text: str = yaml.safe_dump(
        value, allow_unicode=True, sort_keys=False, default_flow_style=True, width=1_000_000
    )
    return text.removesuffix("\n").removesuffix("\n...").rstrip("\n")


def _at(one: Entry, entry: Any) -> Any:
    name, _dot, en = one.name.rpartition(".")
    if en == "en":
        text = entry.get(name) if isinstance(entry, dict) else None
        return text.get("en") if isinstance(text, dict) else None
    for part in one.name.split("."):
        entry = entry.get(part) if isinstance(entry, dict) else None
    return entry.get("zh") if one.said and isinstance(entry, dict) else entry


_READ: Mapping[str, Callable[[str], Any]] = {
    "flag": lambda typed: typed == "on",
    "number": lambda typed: int(typed) if typed.isdecimal() else typed,
    "names": lambda typed: typed.replace(",", " ").replace("、", " ").split(),
    "scalar": _scalar,
    "expiry": lambda typed: [typed] if typed else [],
}
"""How what was typed in a field of a kind is read; other kinds are text."""
