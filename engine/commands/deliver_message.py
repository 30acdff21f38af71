"""Carry messages between cases: each receiver once, in a transaction of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import sqlalchemy as sa

from engine.commands.open_by_message import begun_by, open_by_message
from engine.desk import Desk, Fact, Office, Right, system_actor
from engine.desk.advance import deliver
from engine.desk.linking import CHILDREN, PARENT
from engine.desk.sending import KEYED
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

    A message goes to the case that its correlation names: a case's id or number, or the case
    in which something waits for it with this key (the property `correlation` of the catching
    element). A message without one, or with `parent`, goes to the sender's parent; one with
    `children` to all its children, with `children:joint` to those of that relation. A case
    that does not wait for it yet gets it too where its diagram says how long it may be early.
    A signal goes to
    every case of the authority that waits for it. A message that no case takes, and every
    signal, opens a case of each procedure in force that begins with it.
    """
    sent = job.payload
    actor = system_actor(str(sent["authority_id"]))
    found = office.ask(actor, _receivers, sent)
    for case_id, correlation in found:
        office.give(
            actor,
            deliver_message,
            case_id,
            key=str(sent["key"]),
            name=str(sent["name"]),
            payload=sent["payload"],
            is_signal=sent["kind"] == SIGNAL,
            correlation=correlation,
        )
    if found and sent["kind"] != SIGNAL:
        return
    for procedure in office.ask(actor, begun_by, str(sent["kind"]), str(sent["name"])):
        office.give(actor, open_by_message, procedure, sent)


def deliver_early(office: Office, job: RouteJob) -> None:
    """Deliver a message that came early, now that its case waits for it."""
    actor = system_actor(str(job.payload["authority_id"]))
    office.give(actor, take_early, str(job.payload["message_id"]))


def take_early(desk: Desk, message_id: str) -> bool:
    """Take a message that came early; one that was taken, or is too old by now, is passed over.

    Returns:
        Whether the case took it.
    """
    row = desk.session.get(MessageRow, message_id)
    if row is None:
        return False
    case = desk.case(row.receiver_id, may=Right.ADVANCE)
    desk.session.refresh(row)
    early = desk.version(case).definition.early_for.get(row.name)
    zone = desk.calendar(case.authority_id).zone
    if row.delivered_at is not None or early is None:
        return False
    if early.after(row.sent_at, zone) <= desk.now():
        return False
    if not deliver(desk, case, row.name, row.payload):
        return False
    row.delivered_at = desk.now()
    desk.record(case, Fact.MESSAGE_DELIVERED, key=row.key, name=row.name, taken=True)
    return True


def deliver_message(
    desk: Desk,
    case_id: str,
    *,
    key: str,
    name: str,
    payload: Mapping[str, Any],
    is_signal: bool = False,
    correlation: str | None = None,
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
    taken = deliver(desk, case, name, payload, is_signal=is_signal, correlation=correlation)
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


def _receivers(desk: Desk, sent: Mapping[str, Any]) -> list[tuple[str, str | None]]:
    """Return the cases that are meant, and the key by which each is, if it is one of its own."""
    name, correlation = str(sent["name"]), sent.get("correlation")
    query = sa.select(CaseRow).where(
        CaseRow.authority_id == sent["authority_id"],
        CaseRow.id != sent["sender_id"],
        CaseRow.closed_at.is_(None),
    )
    if sent["kind"] == SIGNAL:
        cases = desk.session.scalars(query.order_by(CaseRow.id))
        waiting = [case.id for case in cases if name in case.awaited]
        return [(case_id, None) for case_id in waiting[:MOST_RECEIVERS]]
    if correlation == PARENT:
        correlation = None
    kin, _, relation = str(correlation or "").partition(":")
    if kin == CHILDREN:
        named = query.where(CaseRow.parent_id == sent["sender_id"])
        if relation:
            named = named.where(CaseRow.relation == relation)
    elif not correlation:
        sender = desk.session.get_one(CaseRow, sent["sender_id"])
        named = query.where(CaseRow.id == sender.parent_id)
    else:
        named = query.where(sa.or_(CaseRow.id == correlation, CaseRow.number == correlation))
    found: list[tuple[str, str | None]] = [
        (case.id, None)
        for case in desk.session.scalars(named.order_by(CaseRow.id).limit(MOST_RECEIVERS))
        if name in case.awaited or name in desk.version(case).definition.early_for
    ]
    if found or not correlation or kin == CHILDREN:
        return found
    keyed = f"{name}{KEYED}{correlation}"
    cases = desk.session.scalars(query.order_by(CaseRow.id))
    found = [(case.id, str(correlation)) for case in cases if keyed in case.awaited]
    return found[:1]
