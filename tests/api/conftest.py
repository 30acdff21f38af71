"""The office of P01 with programs that come with tokens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from engine.commands.tokens import create_token
from engine.model.scopes import Scope
from tests.office import Template, Town, build_template, copy_of

EVERY = tuple(scope.value for scope in Scope)


@dataclass
class Program:
    """A program that acts for one person."""

    client: FlaskClient
    secret: str

    def get(self, path: str, **headers: str) -> TestResponse:
        return self._call("GET", path, None, headers)

    def post(self, path: str, body: Any = None, **headers: str) -> TestResponse:
        return self._call("POST", path, body, headers)

    def put(self, path: str, body: Any = None, **headers: str) -> TestResponse:
        return self._call("PUT", path, body, headers)

    def _call(self, method: str, path: str, body: Any, headers: dict[str, str]) -> TestResponse:
        sent = {"Authorization": f"Bearer {self.secret}"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        data = orjson.dumps(body) if body is not None else None
        kind = "application/json" if data is not None else None
        return self.client.open(
            f"/api/v1{path}", method=method, headers=sent, data=data, content_type=kind
        )


Bring = Callable[..., Program]


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """The office of P01, built once."""
    return build_template(tmp_path_factory.mktemp("office"))


@pytest.fixture
def town(template: Template, tmp_path: Path) -> Iterator[Town]:
    """The office on Monday 2 March 2026, 9 o'clock."""
    copy = copy_of(template, tmp_path)
    yield copy
    copy.leave()


def secret_of(town: Town, name: str, *scopes: str) -> str:
    """Return a new token of a person's log-in, for every scope if none is named."""
    actor = replace(town.actor(name), has_signed=True)
    day = (town.clock.now() + timedelta(days=300)).date()
    made = town.office.give(actor, create_token, "试", scopes or EVERY, expires_on=day)
    return made.secret


@pytest.fixture
def program(town: Town) -> Bring:
    """Return a program that acts for a person."""

    def bring(name: str, *scopes: str) -> Program:
        return Program(town.app.test_client(), secret_of(town, name, *scopes))

    return bring
