"""Operations: a command or a query under a method and a path."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from http import HTTPStatus
from typing import Any

from jsonschema import Draft202012Validator

from engine.model.scopes import Scope
from web.api.shapes import Schema, hints_of, taken_schema

LARGEST_PAGE = 200
ID = r"^[0-9A-Za-z._:~-]{1,100}$"
SAID = r"^[^\u0000-\u001f/?#]{1,100}$"
"""What stands in a path and is no id of ours: numbers of cases and names of log-ins."""
SAID_IN_PATH = frozenset({"number", "name"})
SIGNATURE = "signature"
GIVEN = frozenset({"desk", "office", "actor", "language"})
"""Parameters that no request sends."""
BOUNDS: Mapping[str, Schema] = {
    "limit": {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE},
    "year": {"type": "integer", "minimum": 1950, "maximum": 2200},
}
"""Bounds of parameters by name, where the type alone says too little."""


@dataclass(frozen=True)
class Operation:
    """One operation of the interface, made from the signature of what it calls.

    Attributes:
        method: GET, POST or PUT.
        path: Below `/api/v1`, with `{parameters}` named as the callee names them.
        call: A command or a query; its first parameter is the desk.
        scope: What a token needs.
        tag: The group in the document.
        changes: A command, which is given; a query is asked.
        choices: What some parameters are limited to.
        signs: The body may carry the password or code with which it is signed.
        keeps: Its answer may be kept for an idempotency key: nothing confidential in it.
        says: The operation's name where the callee's would stand twice.
        file: It answers with a file: the callee returns what it is and its bytes.
        by_office: The callee takes the office and who acts instead of a desk, since it does
            more than one transaction; such a call may safely come twice, and no key is kept.
    """

    method: str
    path: str
    call: Callable[..., Any]
    scope: Scope
    tag: str
    changes: bool
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    signs: bool = False
    keeps: bool = True
    says: str = ""
    file: bool = False
    by_office: bool = False

    @property
    def name(self) -> str:
        """Return the operation's id."""
        return self.says or self.call.__name__

    @cached_property
    def hints(self) -> dict[str, Any]:
        """Return the types of the callee's parameters, and of what it returns."""
        return hints_of(self.call)

    @cached_property
    def parameters(self) -> dict[str, inspect.Parameter]:
        """Return the callee's parameters without the desk, or the office and who acts."""
        every = inspect.signature(self.call).parameters
        return {
            name: one
            for name, one in every.items()
            if name not in GIVEN and one.kind is not one.VAR_KEYWORD
        }

    @property
    def takes_language(self) -> bool:
        """Return whether the callee wants the reader's language."""
        return "language" in inspect.signature(self.call).parameters

    @cached_property
    def in_path(self) -> tuple[str, ...]:
        """Return the parameters that stand in the path."""
        return tuple(one for one in self.parameters if f"{{{one}}}" in self.path)

    @cached_property
    def sent(self) -> dict[str, inspect.Parameter]:
        """Return the parameters that the query or the body carries."""
        return {name: one for name, one in self.parameters.items() if name not in self.in_path}

    @cached_property
    def taken(self) -> Schema:
        """Return the schema of the query's parameters, or of the body."""
        fields = {name: self.schema_of(name) for name in self.sent}
        if self.signs:
            fields[SIGNATURE] = {
                "type": "string",
                "maxLength": 200,
                "description": "The password or one-time code, entered again to sign.",
            }
        needed = [name for name, one in self.sent.items() if one.default is one.empty]
        return {
            "type": "object",
            "properties": fields,
            "required": needed,
            "additionalProperties": False,
        }

    def schema_of(self, name: str) -> Schema:
        """Return the schema of one parameter."""
        if name in self.choices:
            return {"type": "string", "enum": list(self.choices[name])}
        if name in self.in_path and self.hints[name] is str:
            return {"type": "string", "pattern": SAID if name in SAID_IN_PATH else ID}
        bounds = BOUNDS.get(name, {}) if self.hints[name] is int else {}
        schema = {**taken_schema(self.hints[name]), **bounds}
        default = self.parameters[name].default
        if isinstance(default, str | int | bool):
            schema["default"] = default
        return schema

    @cached_property
    def fits(self) -> Draft202012Validator:
        """Return what checks the query's parameters, or the body."""
        return Draft202012Validator(self.taken)

    @cached_property
    def fits_in_path(self) -> Mapping[str, Draft202012Validator]:
        """Return what checks each parameter that stands in the path."""
        return {name: Draft202012Validator(self.schema_of(name)) for name in self.in_path}

    @property
    def answers_nothing(self) -> bool:
        """Return whether there is nothing to say but that it was done."""
        return self.hints.get("return") is type(None)

    @property
    def status(self) -> HTTPStatus:
        """Return the status of an answer that went well."""
        return HTTPStatus.NO_CONTENT if self.answers_nothing else HTTPStatus.OK

    @property
    def revision_of(self) -> str:
        """Return which of the path's parameters names the case or step with an ETag, or ""."""
        if self.by_office:
            return ""
        return next((one for one in ("work_item_id", "case_id") if one in self.in_path), "")
