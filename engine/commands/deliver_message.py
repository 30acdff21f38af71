"""Carry messages between cases: each receiver once, in a transaction of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import sqlalchemy as sa

from engine.desk import Desk, Fact, Office, Right, system_actor
from engine.desk.advance import deliver
from engine.store.tables import CaseRow, MessageRow

MOST_RECEIVERS = 1_000
SIGNAL = "signal"


class RouteJob(Protocol):
    """The job that `engine.desk.sending` enqueues."""

    @property
    def payload(self) -> Mapping[str, Any]:
        """Key, kind, name, payload, correlation, sender and authority."""
        ...


def route_message(office: Office, job: RouteJob) -> None:
    """Find the cases that wait for a message and deliver to each, exactly once.

    A message goes to the case that its correlation names: a case's id or number. A
    message without one goes to the sender's parent. A signal goes to every case of
    the authority that waits for it.
    """
    sent = job.payload
    actor = system_actor(str(sent["authority_id"]))
    for case_id in office.ask(actor, _receivers, sent):
        office.give(
            actor,
            deliver_message,
            case_id,
            key=str(sent["key"]),
            name=str(sent["name"]),
            payload=sent["payload"],
            is_signal=sent["kind"] == SIGNAL,
        )


def deliver_message(
    desk: Desk,
    case_id: str,
    *,
    key: str,
    name: str,
    payload: Mapping[str, Any],
    is_signal: bool = False,
) -> bool:
    """Deliver a message to one case; a second delivery of the same key does nothing.

    Returns:
        Whether the case waited for it and took it now.

    Source: design.md §3.5.
    """
    case = desk.case(case_id, may=Right.ADVANCE)
    if desk.session.scalar(
        sa.select(MessageRow.id).where(MessageRow.key == key, MessageRow.receiver_id == case.id)
    ):
        return False
    taken = deliver(desk, case, name, payload, is_signal=is_signal)
    desk.session.add(
        MessageRow(
            authority_id=case.authority_id,
            case_id=case.id,
            key=key,
            name=name,
            receiver_id=case.id,
            payload=dict(payload),
            sent_at=desk.now(),
            delivered_at=desk.now() if taken else None,
        )
    )
    desk.record(case, Fact.MESSAGE_DELIVERED, key=key, name=name, taken=taken)
    return taken


def _receivers(desk: Desk, sent: Mapping[str, Any]) -> list[str]:
    query = sa.select(CaseRow.id, CaseRow.awaited).where(
        CaseRow.authority_id == sent["authority_id"], CaseRow.id != sent["sender_id"]
    )
    correlation = sent.get("correlation")
    if sent["kind"] == SIGNAL:
        query = query.where(CaseRow.awaited.is_not(None)).order_by(CaseRow.id)
    elif correlation:
        query = query.where(sa.or_(CaseRow.id == correlation, CaseRow.number == correlation))
    else:
        sender = desk.session.get_one(CaseRow, sent["sender_id"])
        query = query.where(CaseRow.id == sender.parent_id)
    rows = desk.session.execute(query)
    return [row.id for row in rows if sent["name"] in row.awaited][:MOST_RECEIVERS]
