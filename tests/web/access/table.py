"""The table: for each route and each relation the roles that are let in; read from a file."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.web.access.people import RELATIONS, ROLES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Flask

PATH = Path(__file__).with_name("access.toml")
EVERYBODY = "*"
NAMED = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass(frozen=True)
class Line:
    """A route with whoever is let in.

    Attributes:
        number: Of its group in the file.
        public: It asks for no log-in.
        why: What the file says of the group; why nobody is let in, for one.
        roles: By relation.
    """

    route: str
    public: bool
    roles: Mapping[str, frozenset[str]]
    why: str = ""
    number: int = 0

    @property
    def method(self) -> str:
        return self.route.split(" ")[0]

    @property
    def rule(self) -> str:
        return self.route.split(" ")[1]

    def address(self, ids: Mapping[str, str]) -> str:
        """Return the route's address with these ids in it."""
        return NAMED.sub(lambda found: ids[found[1]], self.rule)

    def names(self) -> list[str]:
        return NAMED.findall(self.rule)


def lines() -> list[Line]:
    """Return the table's lines."""
    data = tomllib.loads(PATH.read_text("utf-8"))
    return [
        Line(
            route,
            group.get("public", False),
            {one: _roles(group, one) for one in RELATIONS},
            group.get("why", ""),
            number,
        )
        for number, group in enumerate(data["group"])
        for route in group["routes"]
    ]


def _roles(group: Mapping[str, object], relation: str) -> frozenset[str]:
    named = group.get(relation, [])
    assert isinstance(named, list)
    if named == [EVERYBODY]:
        return frozenset(ROLES)
    assert set(named) <= set(ROLES), named
    return frozenset(named)


PROGRAMS = ("/api/", "/engine-rest", "/camunda/", "/.well-known/", "/static/")
"""What asks for a token and reads no cookie (or is no page at all): not in the table."""


def routes_of(app: Flask) -> set[str]:
    """Return every route of the pages as the table names it."""
    return {
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if not rule.rule.startswith(PROGRAMS)
    }
