"""页面能办的事，接口都能办：逐条比对页面的路由与接口的操作，没有操作的写明理由。"""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from tests.office import Town
from tests.web.access.table import routes_of
from web.api.area import PREFIX
from web.api.document import document
from web.api.table import OPERATIONS

FILE = Path(__file__).with_name("everything.toml")
TABLE = tomllib.loads(FILE.read_text("utf-8"))
DONE: dict[str, list[str]] = TABLE["operations"]
NOT_DONE: dict[str, str] = TABLE["none"]
NAMED = {f"{one.method} {one.path}": one for one in OPERATIONS}
BODIES = {
    f"{method} {path}": one["requestBody"]["content"]["application/json"]
    for path, methods in document(OPERATIONS, PREFIX)["paths"].items()
    for method, one in methods.items()
    if "requestBody" in one
}


class TestEveryRouteOfThePages:
    """A page brings its operation, or says why programs have no need of one."""

    def test_each_stands_in_the_table_once(self, town: Town) -> None:
        assert set(DONE) | set(NOT_DONE) == routes_of(town.app)
        assert set(DONE).isdisjoint(NOT_DONE)

    def test_each_operation_that_it_names_is_there(self) -> None:
        assert {one for named in DONE.values() for one in named} <= set(NAMED)
        assert [route for route, named in DONE.items() if not named] == []

    def test_where_there_is_none_it_says_why(self) -> None:
        assert [route for route, why in NOT_DONE.items() if not why.endswith(".")] == []

    def test_what_a_page_changes_an_operation_changes(self) -> None:
        """A form's route names at least one command; what only reads would do nothing."""
        idle = [
            route
            for route, named in DONE.items()
            if route.startswith("POST ") and not any(NAMED[one].changes for one in named)
        ]
        assert idle == []

    def test_no_operation_does_what_no_page_does(self) -> None:
        assert set(NAMED) - {one for named in DONE.values() for one in named} == {
            "GET /accounts",  # on each person's page, one by one
        }


class TestTheDocument:
    """The document shows each body once as it may be sent; what it shows fits."""

    @pytest.mark.parametrize("name", BODIES)
    def test_the_example_of_a_body_fits_its_schema(self, name: str) -> None:
        schema, example = BODIES[name]["schema"], BODIES[name]["example"]
        assert example or not schema["required"]
        assert list(Draft202012Validator(schema).iter_errors(example)) == []

    def test_what_is_done_once_says_so(self) -> None:
        """Every command by POST takes an Idempotency-Key, but those that may come twice anyway."""
        paths = document(OPERATIONS, PREFIX)["paths"]
        without = {
            one.name
            for one in OPERATIONS
            if one.changes
            and one.method == "POST"
            and "Idempotency-Key"
            not in {each["name"] for each in paths[one.path]["post"]["parameters"]}
        }
        again = {one.name for one in OPERATIONS if one.by_office or not one.keeps}
        assert without <= again

    def test_names_are_unique(self) -> None:
        assert len({one.name for one in OPERATIONS}) == len(OPERATIONS)
