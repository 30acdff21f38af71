"""Clients over HTTP: one completes tasks as a program of the office would, one asks nothing."""

from __future__ import annotations

import http.client
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import orjson

from engine.publishing.bench.office import waiting_in
from engine.publishing.bench.timing import ANSWERS

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.desk import Office

OK = 200


def connected(port: int) -> http.client.HTTPConnection:
    """Return a connection to the pages on a port of this machine; the caller closes it."""
    return http.client.HTTPConnection("127.0.0.1", port, timeout=60)


@dataclass(frozen=True, slots=True)
class Calling:
    """Makes what one of several clients does; a value, so that processes are given it.

    Attributes:
        port: Of the pages on this machine.
        secret: A token with the scope ``work``.
    """

    port: int
    secret: str = field(repr=False)

    def __call__(self, office: Office, number: int, clients: int) -> Callable[[], bool]:
        """Return what completes a task that waits, in a case of this client's own."""
        return self.through(connected(self.port), office, number, clients)

    def through(
        self, connection: http.client.HTTPConnection, office: Office, number: int, clients: int
    ) -> Callable[[], bool]:
        """Return the same, through a connection that is there already."""
        return partial(self._complete, connection, waiting_in(office, number, clients))

    def _complete(self, connection: http.client.HTTPConnection, waiting: Callable[[], str]) -> bool:
        item = waiting()
        connection.request(
            "POST",
            f"/api/v1/work/{item}/complete",
            orjson.dumps({"answers": ANSWERS, "files": {}}),
            {"Authorization": f"Bearer {self.secret}", "Content-Type": "application/json"},
        )
        answer = connection.getresponse()
        answer.read()
        return bool(item) and answer.status == OK


@dataclass(frozen=True, slots=True)
class Asking:
    """Makes what one of several clients does that asks for a page without any content.

    What this takes, no completion over HTTP can do without.

    Attributes:
        port: Of the pages on this machine.
    """

    port: int

    def __call__(self, _office: Office, _number: int, _clients: int) -> Callable[[], bool]:
        """Return what asks whether the node lives."""
        return partial(self._ask, connected(self.port))

    def _ask(self, connection: http.client.HTTPConnection) -> bool:
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
        answer.read()
        return answer.status == OK
