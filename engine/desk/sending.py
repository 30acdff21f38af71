"""Messages and signals that leave a case: one job each, delivered after the commit."""

from __future__ import annotations

from collections.abc import Iterable

import bpmn
from engine.desk.desk import Desk
from engine.desk.facts import Fact
from engine.desk.values import plain
from engine.store.tables import CaseRow, new_id

ROUTE = "route_message"
"""The kind of job that finds the receivers and delivers to each in its own transaction."""


def send(desk: Desk, case: CaseRow, thrown: Iterable[bpmn.Thrown]) -> None:
    """Send what a step threw; the receivers are found after the commit.

    No command locks two cases (design.md §3). The key makes each delivery happen
    once for each receiver.
    """
    for one in thrown:
        key = f"{one.kind}:{case.id}:{new_id()}"
        payload = {
            "key": key,
            "kind": one.kind,
            "name": one.name,
            "payload": plain(one.payload),
            "correlation": one.correlation,
            "sender_id": case.id,
            "authority_id": case.authority_id,
        }
        desk.enqueue(ROUTE, key, payload)
        desk.record(
            case, Fact.MESSAGE_SENT, key=key, name=one.name, kind=one.kind, element=one.element
        )
