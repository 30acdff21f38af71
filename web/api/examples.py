"""An example of each request's body: what the document shows, made of its schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from web.api.shapes import Schema

BY_NAME: Mapping[str, Any] = {
    "after": "",
    "agenda": "研究处理意见",
    "answers": {"summary": "大修中推诿扯皮，致停产五日。"},
    "day": "2026-03-05",
    "digest_at": "08:30",
    "happened_on": "2026-03-02",
    "held_at": "2026-03-05T01:00:00Z",
    "name": "报告.pdf",
    "note": "请阅。",
    "number": 1,
    "on": "2026-03-09",
    "path": "procedure.yaml",
    "place": "第一会议室",
    "procedure": "corporate-accountability",
    "reason": "核对举报人陈述",
    "reasons": "情况复杂，证据尚待补充。",
    "role": "investigator_pool",
    "text": "请注意时限。",
    "title": "企业领导干部问责",
    "valid_from": "2026-03-05",
    "valid_to": "2026-03-12",
    "year": 2026,
}
"""What stands for a name where it fits what the schema says; ids are invented."""
ID = "0197f3a2-7c1e-7b44-9d52-3e6a1f0c8d21"
IDS = ("_id", "person", "people", "to", "item", "mention", "reference")
"""How names end that stand for ids."""
BY_FORMAT = {"date": "2026-03-05", "date-time": "2026-03-05T01:00:00Z"}


def body_example(schema: Schema) -> dict[str, Any]:
    """Return a body that fits a schema of an object: what is required, and reasons where asked."""
    fields: Mapping[str, Schema] = schema["properties"]
    shown = [one for one in fields if one in schema["required"] or one == "reasons"] or list(fields)
    return {name: value_example(name, fields[name]) for name in shown}


def value_example(name: str, schema: Schema) -> Any:
    """Return a value that fits the schema of a parameter of this name."""
    if "enum" in schema:
        return schema["enum"][-1]
    if "anyOf" in schema:
        return value_example(name, schema["anyOf"][0])
    kind, known = schema.get("type"), BY_NAME.get(name)
    fits = {"string": str, "integer": int, "object": dict}.get(str(kind))
    is_bare = schema.keys().isdisjoint(("format", "contentEncoding", "properties"))
    if fits is not None and is_bare and isinstance(known, fits):
        return known
    if kind == "array":
        return [value_example(name.removesuffix("s"), schema["items"])]
    if kind == "object":
        return _object(schema)
    return _plain(name, schema)


def _object(schema: Schema) -> dict[str, Any]:
    if "properties" in schema:
        return body_example(schema)
    return {"key": value_example("", schema["additionalProperties"])}


def _plain(name: str, schema: Schema) -> Any:
    kind = schema.get("type")
    if kind in {"integer", "number"}:
        return schema.get("minimum", 1)
    if kind == "boolean":
        return True
    if kind == "string" and "contentEncoding" in schema:
        return "5L6L"
    if kind == "string" and "format" in schema:
        return BY_FORMAT[schema["format"]]
    return ID if name.endswith(IDS) or not name else "文字"
