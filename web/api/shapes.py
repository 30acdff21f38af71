"""Types as JSON Schema (draft 2020-12, as OpenAPI 3.1 has it), and values as JSON."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from engine.errors import Refusal
from engine.store import tables
from engine.store.tables import Record
from engine.workflow import Form
from web.api.shown import SHOWN
from web.failures import say

Schema = dict[str, Any]

NO_NUL = r"^[^\u0000]*$"
LONGEST_TEXT = 20_000
LARGEST = 2_000_000_000
_SAYS_NOTHING: Schema = {}
_PLAIN: Mapping[object, Schema] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bytes: {"type": "string", "contentEncoding": "base64"},
    date: {"type": "string", "format": "date"},
    datetime: {"type": "string", "format": "date-time"},
    type(None): {"type": "null"},
    Any: _SAYS_NOTHING,
    object: _SAYS_NOTHING,
}
_CLAIMED: dict[str, object] = {}
"""Which class a name in the document stands for: the first that had it."""
NAMES: dict[str, Any] = {
    **{name: getattr(tables, name) for name in tables.__all__},
    **{name: getattr(typing, name) for name in ("Any",)},
    **{one.__name__: one for one in (Collection, Iterable, Mapping, Sequence, date, datetime)},
}
"""What annotations name that their modules import for type checkers only."""


def hints_of(thing: Any) -> dict[str, Any]:
    """Return the annotations of a class or function, read as types.

    A name that only its own module's type checker knows counts as anything.
    """
    names = dict(NAMES)
    while True:
        try:
            return get_type_hints(thing, localns=names, include_extras=False)
        except NameError as error:
            names[str(error.name)] = Any


def schema_of(kind: Any, parts: dict[str, Schema]) -> Schema:  # noqa: PLR0911 -- one a kind
    """Return the schema of a type in an answer; classes go into `parts` by name.

    Raises:
        TypeError: It is a record that `SHOWN` does not name, or no type that JSON has.
    """
    if kind in _PLAIN:
        return dict(_PLAIN[kind])
    origin, inside = get_origin(kind), get_args(kind)
    if origin is Annotated or getattr(origin, "__name__", "") == "Mapped":
        return schema_of(inside[0], parts)
    if origin in {Union, types.UnionType}:
        return {"anyOf": [schema_of(one, parts) for one in inside]}
    if origin in {Mapping, dict} or (isinstance(origin, type) and issubclass(origin, Mapping)):
        return {"type": "object", "additionalProperties": schema_of(inside[1], parts)}
    if origin is tuple and Ellipsis not in inside:
        kinds = [schema_of(one, parts) for one in inside]
        count = len(inside)
        return {
            "type": "array",
            "items": {"anyOf": kinds},
            "minItems": count,
            "maxItems": count,
        }
    if isinstance(origin, type) and issubclass(origin, Iterable):
        return {"type": "array", "items": schema_of(inside[0], parts)}
    if isinstance(kind, typing.TypeVar):
        return _SAYS_NOTHING
    if isinstance(origin, type) and dataclasses.is_dataclass(origin):
        return _class_schema(origin, parts, dict(zip(_parameters(origin), inside, strict=True)))
    if isinstance(kind, type):
        return _class_schema(kind, parts, {})
    raise TypeError(f"no schema for {kind!r}")


def _parameters(kind: Any) -> tuple[Any, ...]:
    return tuple(kind.__parameters__)


def _class_schema(kind: Any, parts: dict[str, Schema], given: Mapping[Any, Any]) -> Schema:
    if issubclass(kind, Enum):
        return {"type": "string", "enum": [str(one.value) for one in kind]}
    if kind is Form:
        return {"type": "object", "description": "A form in form-js JSON."}
    if issubclass(kind, Refusal):
        return {"type": "string", "description": "Why not, in the reader's language."}
    name = kind.__name__ + "".join(one.__name__ for one in given.values())
    if _CLAIMED.setdefault(name, kind) is not kind:  # two views may call a line the same
        name = kind.__module__.rpartition(".")[2].title().replace("_", "") + name
    if name not in parts:
        parts[name] = {}
        hints = hints_of(kind)
        fields = {
            field: schema_of(given.get(hint, _filled(hint, given)), parts)
            for field, hint in ((one, hints[one]) for one in fields_of(kind))
        }
        parts[name].update(
            type="object",
            description=(kind.__doc__ or "").partition("\n")[0],
            properties=fields,
            required=list(fields),
        )
    return {"$ref": f"#/components/schemas/{name}"}


def _filled(hint: Any, given: Mapping[Any, Any]) -> Any:
    """Return a generic annotation with the class's parameters filled in."""
    held = getattr(hint, "__parameters__", ())
    return hint[tuple(given.get(one, one) for one in held)] if held else hint


@cache
def fields_of(kind: type) -> tuple[str, ...]:
    """Return what answers show of a class: what `SHOWN` says, or all of a dataclass.

    Raises:
        TypeError: It is a record that `SHOWN` does not name, or no dataclass.
    """
    if kind in SHOWN:
        return SHOWN[kind]
    if issubclass(kind, Record) or not dataclasses.is_dataclass(kind):
        raise TypeError(f"answers do not show {kind.__name__}")
    return tuple(one.name for one in dataclasses.fields(kind))


def plain(value: Any) -> Any:  # noqa: PLR0911 -- one a kind
    """Return a value as JSON has it.

    Raises:
        TypeError: As `fields_of` says.
    """
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, str):
        return value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Form):
        return value.schema
    if isinstance(value, Refusal):
        return say(value)
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(one) for key, one in value.items()}
    if isinstance(value, AbstractSet):
        return sorted(plain(one) for one in value)
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    kind: type = type(value)
    return {name: plain(getattr(value, name)) for name in fields_of(kind)}


def taken_schema(kind: Any) -> Schema:  # noqa: PLR0911 -- one a kind
    """Return the schema of what a request may send for an annotation."""
    origin, inside = get_origin(kind), get_args(kind)
    if kind is str:
        return {"type": "string", "maxLength": LONGEST_TEXT, "pattern": NO_NUL}
    if kind is int:
        return {"type": "integer", "minimum": 0, "maximum": LARGEST}
    if kind in _PLAIN:
        return dict(_PLAIN[kind])
    if isinstance(kind, type) and issubclass(kind, Enum):
        return {"type": "string", "enum": [str(one.value) for one in kind]}
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        fields = {name: taken_schema(hint) for name, hint in hints_of(kind).items()}
        needed = [
            one.name
            for one in dataclasses.fields(kind)
            if one.default is dataclasses.MISSING and one.default_factory is dataclasses.MISSING
        ]
        return {
            "type": "object",
            "properties": fields,
            "required": needed,
            "additionalProperties": False,
        }
    if origin in {Union, types.UnionType}:
        return {"anyOf": [taken_schema(one) for one in inside]}
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": taken_schema(inside[1])}
    if isinstance(origin, type) and issubclass(origin, Iterable):
        return {"type": "array", "items": taken_schema(inside[0]), "maxItems": 1000}
    raise TypeError(f"no request takes {kind!r}")
