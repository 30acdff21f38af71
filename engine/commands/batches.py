"""Many like work items, or cases, at once (批量办理): in the background, one by one, stoppable."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.commands.assign_work import assign_work
from engine.commands.claim_work import claim_work
from engine.commands.complete_work import complete_work
from engine.commands.hand_over import transfer_work
from engine.commands.migrate_case import decide_migration, propose_migration, try_migration
from engine.commands.remind_work import remind_work
from engine.desk import Actor, Desk, Fact, Office
from engine.errors import EngineError, Fault, NotFound, Refusal
from engine.store.tables import Account, Batch, BatchItem, CaseRow, WorkItemRow

if TYPE_CHECKING:
    from engine.store.outbox import Job

KIND = "batch"
"""The kind of the outbox job."""

MOST = 2_000
AT_ONCE = 200
SLICE_SECONDS = 1.0
"""How many items, and how long, one job does before it lets other jobs go first: at least one
item. A completion takes some 15 ms on the embedded database, one that makes a paper 200 ms."""

SOURCE = "operations, 批量"


def start_batch(
    desk: Desk, kind: str, items: Sequence[str], given: Mapping[str, Any] | None = None
) -> Batch:
    """Order that many like work items be done, one after the other, each in its own transaction.

    What may not be done is refused item by item, as if it had been given alone; the rest goes on.

    Args:
        desk: Of whoever may do them.
        kind: ``claim``, ``assign``, ``remind``, ``transfer`` or ``complete``.
        items: The work items, 1 to 2,000.
        given: What each is given: `to` and `reasons`, or `answers`.

    Raises:
        NotFound: An item is not of the actor's authority.
        Refusal: The kind is unknown, there are none or too many, or those to be completed are
            not alike, or are signed or decided by a body.

    Source: operations; issue 6; proposed.
    """
    wanted = list(dict.fromkeys(items))
    if kind not in KINDS:
        raise Refusal("batch.kind", kind=kind)
    if not wanted or len(wanted) > MOST:
        raise Refusal("batch.how_many", most=MOST)
    rows = _rows(desk, wanted)
    if kind == "complete":
        _must_be_alike(desk, [row for row, _ in rows])
    labelled = [
        Entry(f"{case_number} {row.name}", work_item_id=row.id) for row, case_number in rows
    ]
    return order(desk, kind, labelled, given or {})


@dataclass(frozen=True, slots=True)
class Entry:
    """What one item of a batch is about: a work item or a case."""

    label: str
    work_item_id: str = ""
    case_id: str | None = None


def order(desk: Desk, kind: str, entries: Sequence[Entry], given: Mapping[str, Any]) -> Batch:
    """Write a batch and send it on its way; the caller has looked at what it is about."""
    batch = Batch(
        authority_id=desk.actor.authority_id,
        kind=kind,
        given=dict(given),
        ordered_by=desk.actor.person_id,
        account_id=desk.actor.account_id,
        ordered_at=desk.now(),
        total=len(entries),
    )
    desk.session.add(batch)
    desk.session.flush()
    desk.session.execute(
        sa.insert(BatchItem),
        [
            {
                "batch_id": batch.id,
                "number": number,
                "work_item_id": one.work_item_id,
                "case_id": one.case_id,
                "label": one.label[:400],
                "state": "todo",
                "message": "",
                "params": {},
            }
            for number, one in enumerate(entries, start=1)
        ],
    )
    desk.record(None, Fact.BATCH_STARTED, batch=batch.id, kind=kind, total=batch.total)
    desk.enqueue(KIND, f"batch:{batch.id}:1", {"batch": batch.id, "from": 1})
    return batch


def stop_batch(desk: Desk, batch_id: str) -> Batch:
    """Stop a batch of one's own: what is done stays done, the rest is left alone.

    Raises:
        NotFound: The actor ordered none such.
        Refusal: It runs no longer.
    """
    batch = desk.session.get(Batch, batch_id, with_for_update=True)
    if batch is None or batch.ordered_by != desk.actor.person_id:
        raise NotFound(batch_id)
    if batch.state != "running":
        raise Refusal("batch.over", rule=SOURCE)
    batch.state, batch.ended_at = "stopped", desk.now()
    desk.record(None, Fact.BATCH_STOPPED, batch=batch.id, done=batch.done, refused=batch.refused)
    return batch


def do_batch_item(desk: Desk, batch_id: str, number: int) -> bool:
    """Do one item of a batch with its own command; return whether it was still to be done.

    The mark that it is done stands in the transaction of what it does: it happens once.

    Raises:
        NotFound: The actor ordered no such batch.
        Refusal, NotFound: As the item's command says.
    """
    batch, item = _locked(desk, batch_id, number)
    if batch.state != "running" or item.state != "todo":
        return False
    if item.case_id is not None:
        OF_CASES[batch.kind](desk, item.case_id, batch.given)
    else:
        KINDS[batch.kind](desk, item.work_item_id, batch.given)
    _tried(desk, batch, item, "done")
    return True


def note_batch_refusal(
    desk: Desk, batch_id: str, number: int, message: str, params: Mapping[str, Any]
) -> None:
    """Keep why one item of a batch was refused.

    Raises:
        NotFound: The actor ordered no such batch.
    """
    batch, item = _locked(desk, batch_id, number)
    if batch.state != "running" or item.state != "todo":
        return
    item.message, item.params = message, {key: _said(value) for key, value in params.items()}
    _tried(desk, batch, item, "refused")


def go_on_with_batch(desk: Desk, batch_id: str, after: int) -> None:
    """Send the rest of a batch on its way as another job."""
    desk.enqueue(KIND, f"batch:{batch_id}:{after + 1}", {"batch": batch_id, "from": after + 1})


def run_batch(office: Office, job: Job) -> None:
    """Do the next items of a batch, as whoever ordered it; the worker of the job `batch`."""
    batch_id, first = str(job.payload["batch"]), int(job.payload["from"])
    actor, last = _ordered(office, batch_id)
    if actor is None:
        return
    upto, until = min(first + AT_ONCE - 1, last), monotonic() + SLICE_SECONDS
    for number in range(first, upto + 1):
        try:
            going = office.give(actor, do_batch_item, batch_id, number)
        except Refusal as refused:
            office.give(
                actor, note_batch_refusal, batch_id, number, refused.message_id, refused.params
            )
        except NotFound:
            office.give(actor, note_batch_refusal, batch_id, number, "batch.not_found", {})
        except EngineError:
            office.give(actor, note_batch_refusal, batch_id, number, "batch.failed", {})
        else:
            if not going and _is_over(office, batch_id):
                return
        if number < last and (number == upto or monotonic() >= until):
            office.give(actor, go_on_with_batch, batch_id, number)
            return


def _said(value: Any) -> str:
    return "、".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _claim(desk: Desk, item: str, _given: Mapping[str, Any]) -> None:
    claim_work(desk, item)


def _assign(desk: Desk, item: str, given: Mapping[str, Any]) -> None:
    assign_work(desk, item, str(given.get("to", "")))


def _remind(desk: Desk, item: str, _given: Mapping[str, Any]) -> None:
    remind_work(desk, item)


def _transfer(desk: Desk, item: str, given: Mapping[str, Any]) -> None:
    transfer_work(desk, item, str(given.get("to", "")), reasons=str(given.get("reasons", "")))


def _complete(desk: Desk, item: str, given: Mapping[str, Any]) -> None:
    answers = given.get("answers")
    complete_work(desk, item, answers if isinstance(answers, Mapping) else {})


def _try_migration(desk: Desk, case: str, given: Mapping[str, Any]) -> None:
    try_migration(desk, case, str(given["to"]), dict(given["mapping"]))


def _propose_migration(desk: Desk, case: str, given: Mapping[str, Any]) -> None:
    to, mapping = str(given["to"]), dict(given["mapping"])
    propose_migration(desk, case, to, mapping, reasons=str(given["reasons"]))


def _decide_migration(desk: Desk, case: str, given: Mapping[str, Any]) -> None:
    decide_migration(desk, case, granted=bool(given["granted"]), reasons=str(given["reasons"]))


KINDS: Mapping[str, Callable[[Desk, str, Mapping[str, Any]], None]] = {
    "claim": _claim,
    "assign": _assign,
    "remind": _remind,
    "transfer": _transfer,
    "complete": _complete,
}

OF_CASES: Mapping[str, Callable[[Desk, str, Mapping[str, Any]], None]] = {
    "migration_try": _try_migration,
    "migration_propose": _propose_migration,
    "migration_decide": _decide_migration,
}
"""The kinds that are about cases; `engine.commands.migrate_many` orders them."""


def _rows(desk: Desk, wanted: Sequence[str]) -> list[tuple[WorkItemRow, str]]:
    """Return the items with the numbers of their cases, in the order that was asked for."""
    found = {
        row.id: (row, number)
        for row, number in desk.session.execute(
            sa.select(WorkItemRow, CaseRow.number)
            .join(CaseRow, CaseRow.id == WorkItemRow.case_id)
            .where(
                WorkItemRow.id.in_(wanted),
                WorkItemRow.authority_id == desk.actor.authority_id,
            )
        )
    }
    missing = [one for one in wanted if one not in found]
    if missing:
        raise NotFound(missing[0])
    return [found[one] for one in wanted]


def _must_be_alike(desk: Desk, rows: Sequence[WorkItemRow]) -> None:
    """Refuse to complete together what is not the same plain step of the same version."""
    versions = set(
        desk.session.scalars(
            sa.select(CaseRow.version_id).where(CaseRow.id.in_([row.case_id for row in rows]))
        )
    )
    kinds = {(row.process, row.element, row.form) for row in rows}
    if len(versions) > 1 or len(kinds) > 1:
        raise Refusal("batch.not_alike", rule=SOURCE)
    acts = {str(row.properties.get("act", "")) for row in rows}
    if acts - {""} or any(row.properties.get("mandatory") for row in rows):
        raise Refusal("batch.one_by_one", rule=SOURCE, item=rows[0].name)


def _locked(desk: Desk, batch_id: str, number: int) -> tuple[Batch, BatchItem]:
    batch = desk.session.get(Batch, batch_id, with_for_update=True)
    item = desk.session.get(BatchItem, (batch_id, number))
    if batch is None or item is None or batch.ordered_by != desk.actor.person_id:
        raise NotFound(batch_id)
    return batch, item


def _tried(desk: Desk, batch: Batch, item: BatchItem, state: str) -> None:
    item.state, item.tried_at = state, desk.now()
    if state == "done":
        batch.done += 1
    else:
        batch.refused += 1
    if batch.done + batch.refused == batch.total:
        batch.state, batch.ended_at = "done", desk.now()
        desk.record(None, Fact.BATCH_DONE, batch=batch.id, done=batch.done, refused=batch.refused)
        desk.notify(batch.ordered_by, "batch.done", _done(batch))


def _done(batch: Batch) -> dict[str, object]:
    """Return what is told of a batch whose items have all been tried."""
    return {
        "zh": f"批量办理已完成：共{batch.total}件，已办{batch.done}件，未能办理{batch.refused}件。",
        "en": f"Your batch is done: {batch.done} of {batch.total}, {batch.refused} refused.",
    }


def _ordered(office: Office, batch_id: str) -> tuple[Actor | None, int]:
    """Return who acts and the last item's number; nobody once the account is closed."""
    with office.database.reading() as session:
        batch = session.get(Batch, batch_id)
        if batch is None:
            raise Fault(f"there is no batch {batch_id}")
        account = session.get(Account, batch.account_id)
        if account is None or not account.is_active or batch.state != "running":
            return None, 0
        actor = Actor(batch.ordered_by, batch.authority_id, account.id, is_admin=account.is_admin)
        return actor, batch.total


def _is_over(office: Office, batch_id: str) -> bool:
    with office.database.reading() as session:
        return session.get_one(Batch, batch_id).state != "running"


__all__ = [
    "KIND",
    "KINDS",
    "MOST",
    "OF_CASES",
    "Entry",
    "do_batch_item",
    "go_on_with_batch",
    "note_batch_refusal",
    "order",
    "run_batch",
    "start_batch",
    "stop_batch",
]
