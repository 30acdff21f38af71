"""Messages and signals that leave a case: one job each, delivered after the commit.

And messages that came before the case waited for them: they are kept for as long as the
diagram declares, and called up when it does.
"""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

import bpmn
from engine.desk.desk import Desk
from engine.desk.facts import Fact
from engine.desk.values import plain, value_at
from engine.model.procedure_rules import FilingRule
from engine.store.tables import CaseRow, MessageRow, new_id

ROUTE = "route_message"
"""The kind of job that finds the receivers and delivers to each in its own transaction."""
EARLY = "deliver_early"
"""The kind of job that delivers a message that came before it was waited for."""
KEYED = "#"
"""Stands between a message's name and what it must be correlated by, in `CaseRow.awaited`."""


def send(desk: Desk, case: CaseRow, thrown: Iterable[bpmn.Thrown]) -> None:
    """Send what a step threw; the receivers are found after the commit.

    No command holds one case and waits for another (design.md §3). The key makes each
    delivery happen once for each receiver. Nothing leaves a rehearsal.
    """
    if case.is_trial:
        return
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


def awaited_as_kept(awaited: Iterable[bpmn.Awaited]) -> list[str]:
    """Return what a case waits for as its row keeps it: names, and names with their keys."""
    kept: set[str] = set()
    for one in awaited:
        kept.add(one.name)
        if one.correlation:
            kept.add(f"{one.name}{KEYED}{one.correlation}")
    return sorted(kept)


def call_early(desk: Desk, case: CaseRow) -> None:
    """Have the messages delivered that came early and are waited for by now.

    Each is delivered after the commit, in a transaction of its own, while it is still kept.
    """
    early = desk.version(case).definition.early_for
    wanted = [name for name in case.awaited if name in early]
    if not wanted:
        return
    zone = desk.calendar(case.authority_id).zone
    for row in desk.session.scalars(
        sa.select(MessageRow)
        .where(
            MessageRow.receiver_id == case.id,
            MessageRow.name.in_(wanted),
            MessageRow.delivered_at.is_(None),
        )
        .order_by(MessageRow.sent_at, MessageRow.id)
    ):
        if early[row.name].after(row.sent_at, zone) > desk.now():
            desk.enqueue(
                EARLY,
                f"{EARLY}:{row.id}:{new_id()}",
                {"message_id": row.id, "authority_id": case.authority_id},
            )


def is_switched_on(desk: Desk, case: CaseRow, rule: FilingRule) -> bool:
    """Return whether the switch that a filing needs is on; one that needs none always is."""
    return not rule.switch or value_at(desk.version(case).switches, rule.switch) is True


def takes_early(desk: Desk, case: CaseRow, name: str) -> bool:
    """Return whether a message may come now although it is not waited for yet.

    So it is where the catching element says how long it is kept (`earlyFor`) and none of
    this name is kept already.
    """
    if name in case.awaited or name not in desk.version(case).definition.early_for:
        return False
    kept = desk.session.scalar(
        sa.select(MessageRow.id)
        .where(
            MessageRow.receiver_id == case.id,
            MessageRow.name == name,
            MessageRow.delivered_at.is_(None),
        )
        .limit(1)
    )
    return kept is None


def keep_early(desk: Desk, case: CaseRow, name: str, payload: dict[str, object]) -> None:
    """Keep a message until the case waits for it; it is then delivered by itself."""
    desk.session.add(
        MessageRow(
            authority_id=case.authority_id,
            case_id=case.id,
            key=f"early:{case.id}:{new_id()}",
            name=name,
            receiver_id=case.id,
            payload=payload,
            sent_at=desk.now(),
        )
    )
