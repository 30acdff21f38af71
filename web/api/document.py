"""The OpenAPI 3.1 document, made from the operations and the types that they name."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from engine.model.scopes import Scope
from web.api.examples import body_example
from web.api.kept import KEY, LONGEST_KEY
from web.api.problems import MEDIA_TYPE
from web.api.shapes import schema_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from web.api.operations import Operation
    from web.api.shapes import Schema

VERSION = "1"
PROBLEM = "Problem"
ERRORS = {
    "400": "The request cannot be read.",
    "401": "No token, or none that counts.",
    "403": "The token's scopes or the person's rights do not allow it.",
    "404": "There is no such thing, or it is not visible to this person.",
    "409": "The rules do not permit it now; `code` names the sentence, `rule` the provision.",
    "422": "Something that was sent does not fit; `errors` says where.",
    "429": "Too many calls in this minute; `Retry-After` says when to come again.",
}
OF_COMMANDS = {
    "412": "The case or step was changed since it was read; read it again.",
    "413": "The request is too large.",
    "415": "The body is not JSON.",
}
PROBLEM_SCHEMA: Schema = {
    "type": "object",
    "description": "A problem (RFC 9457).",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What is wrong and what to do."},
        "code": {"type": "string", "description": "The same in every language."},
        "errors": {
            "type": "object",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
        "rule": {"type": "string", "description": "The provision relied on."},
    },
    "required": ["type", "title", "status", "detail", "code"],
}


def document(operations: Iterable[Operation], prefix: str) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of the operations.

    Raises:
        TypeError: An operation takes or shows what JSON has not, or what is not to be shown.
    """
    parts: dict[str, Schema] = {PROBLEM: PROBLEM_SCHEMA}
    paths: dict[str, dict[str, Any]] = {}
    for one in operations:
        paths.setdefault(one.path, {})[one.method.lower()] = _operation(one, parts)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "问责流程平台 Wenze",
            "version": VERSION,
            "description": "Every operation gives the same command, with the same rights and "
            "the same record, as the pages do.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": prefix}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": parts,
            "responses": {
                "Problem": {
                    "description": "A problem (RFC 9457).",
                    "content": {MEDIA_TYPE: {"schema": _part(PROBLEM)}},
                }
            },
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A token of the page 访问令牌; scopes: "
                    + ", ".join(scope.value for scope in Scope),
                }
            },
        },
    }


def _operation(one: Operation, parts: dict[str, Schema]) -> dict[str, Any]:
    first, _gap, rest = inspect.getdoc(one.call).partition("\n\n")  # type: ignore[union-attr]
    found: dict[str, Any] = {
        "operationId": one.name,
        "tags": [one.tag],
        "summary": " ".join(first.split()),
        "description": f"{rest}\n\nScope: `{one.scope.value}`.".strip(),
        "parameters": [
            {"name": name, "in": "path", "required": True, "schema": one.schema_of(name)}
            for name in one.in_path
        ],
        "responses": _responses(one, parts),
    }
    if one.method == "GET":
        found["parameters"] += [
            {
                "name": name,
                "in": "query",
                "required": name in one.taken["required"],
                "schema": schema,
            }
            for name, schema in one.taken["properties"].items()
        ]
        return found
    if one.changes and one.keeps and not one.by_office:
        found["parameters"].append(_header(KEY, "Done once; the same answer comes again."))
    if one.changes and one.revision_of:
        found["parameters"].append(_header("If-Match", "The ETag that was read.", longest=100))
    if one.taken["properties"]:
        found["requestBody"] = {
            "required": bool(one.taken["required"]),
            "content": {
                "application/json": {"schema": one.taken, "example": body_example(one.taken)}
            },
        }
    return found


def _responses(one: Operation, parts: dict[str, Schema]) -> dict[str, Any]:
    went_well: dict[str, Any] = {"description": "Done." if one.changes else "What was asked for."}
    if one.file:
        went_well["content"] = {"*/*": {"schema": {}}}
    elif not one.answers_nothing:
        schema = schema_of(one.hints["return"], parts)
        went_well["content"] = {"application/json": {"schema": schema}}
    if one.revision_of:
        went_well["headers"] = {"ETag": {"schema": {"type": "string"}}}
    errors = {**ERRORS, **(OF_COMMANDS if one.method != "GET" else {})}
    return {
        str(one.status.value): went_well,
        **{
            status: {"description": text, "content": {MEDIA_TYPE: {"schema": _part(PROBLEM)}}}
            for status, text in sorted(errors.items())
        },
    }


def _header(name: str, text: str, *, longest: int = LONGEST_KEY) -> dict[str, Any]:
    return {
        "name": name,
        "in": "header",
        "required": False,
        "description": text,
        "schema": {
            "type": "string",
            "minLength": 1,
            "maxLength": longest,
            "pattern": "^[!-~]+$",
        },
    }


def _part(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}
