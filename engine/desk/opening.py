"""Work items and timers as rows: opened, offered, withdrawn, armed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import sqlalchemy as sa

import bpmn
from engine.desk.desk import Desk
from engine.desk.external import close_external, open_external
from engine.desk.facts import Fact
from engine.desk.holders import offer_of, people_behind
from engine.desk.incidents import NOBODY, raise_incident
from engine.desk.rounds import NEVER, TIMER, due_of, timer_due_at
from engine.desk.values import plain
from engine.store import inboxes
from engine.store.tables import CaseRow, DueRow, WorkItemRow
from engine.store.waiting import add_later


def open_work(desk: Desk, case: CaseRow, items: Iterable[bpmn.Item]) -> None:
    """Make rows of items that began to wait, and offer them.

    Where nobody holds the role, the item waits and an incident is raised.
    """
    for item in items:
        offer = offer_of(desk, case, item)
        row = WorkItemRow(
            authority_id=case.authority_id,
            case_id=case.id,
            item=item.id,
            kind=item.kind.value,
            process=item.process,
            element=item.element,
            callers=list(item.callers),
            name=item.name or item.element,
            lane=item.lane,
            role=offer.role,
            form=item.form_ref or "",
            topic=item.topic or "",
            properties=plain(dict(item.properties)),
            candidates=list(offer.principals),
            deadline_key=item.properties.get("deadline", ""),
            opened_at=desk.now(),
        )
        desk.session.add(row)
        desk.record(
            case,
            Fact.WORK_OPENED,
            item=row.id,
            element=row.element,
            name=row.name,
            candidates=row.candidates,
        )
        if row.kind == bpmn.ItemKind.EXTERNAL:
            desk.session.flush()
            open_external(desk, row, item)
            continue
        list_work(desk, case, row, offer.principals, is_new=True)
        if not people_behind(desk, case, offer.principals):
            raise_incident(
                desk,
                case,
                row.element,
                NOBODY,
                zh=f"“{row.name}”没有可办理的人：角色“{offer.role}”无人担任。",
                en=f"Nobody can take {row.name!r}: nobody holds {offer.role!r}.",
            )


def list_work(
    desk: Desk,
    case: CaseRow,
    row: WorkItemRow,
    principals: Sequence[str],
    *,
    is_new: bool = False,
) -> None:
    """Put a work item into the inboxes of `principals`, and out of all others.

    Args:
        desk: Of the command.
        case: Locked.
        row: Of the case.
        principals: Whose inboxes.
        is_new: It is in nobody's yet.
    """
    if not is_new:
        inboxes.take_out(desk.session, [row.id])
    due_at, warn_at = due_of(desk, case, row.deadline_key)
    inboxes.put_in(desk.session, row, principals, due_at=due_at, warn_at=warn_at)


def withdraw_work(
    desk: Desk, case: CaseRow, items: Sequence[str], *, also: Iterable[WorkItemRow] = ()
) -> None:
    """Take items that wait no longer out of the inboxes.

    Args:
        items: The ids that `bpmn` gave to items that were withdrawn.
        also: Rows that ended otherwise; their state stays.
    """
    also = list(also)
    rows: list[WorkItemRow] = []
    if items:
        rows = list(
            desk.session.scalars(
                sa.select(WorkItemRow).where(
                    WorkItemRow.case_id == case.id,
                    WorkItemRow.item.in_(items),
                    WorkItemRow.state.in_(("open", "claimed")),
                )
            )
        )
    for row in rows:
        row.state = "withdrawn"
        desk.record(case, Fact.WORK_WITHDRAWN, item=row.id, element=row.element)
    ended = [row.id for row in (*rows, *also)]
    if ended:
        inboxes.take_out(desk.session, ended)
    external = [row.id for row in (*rows, *also) if row.kind == bpmn.ItemKind.EXTERNAL]
    if external:
        close_external(desk, case, external)


def arm_timers(desk: Desk, case: CaseRow, timers: Iterable[bpmn.Timer]) -> None:
    """Make rows of timers; one that names a deadline is due when the deadline is over."""
    for timer in timers:
        due_at = timer.due_at or NEVER
        if timer.deadline:
            due_at = timer_due_at(desk, case, timer.deadline)
        add_later(
            desk.session,
            DueRow(
                authority_id=case.authority_id,
                case_id=case.id,
                kind=TIMER,
                ref=timer.id,
                deadline_key=timer.deadline or "",
                due_at=due_at,
                repeat=timer.repeat or "",
            ),
        )


def disarm_timers(desk: Desk, case: CaseRow, timers: Sequence[str]) -> None:
    """Withdraw timers that wait no longer."""
    if timers:
        desk.session.flush()
        for due in desk.session.scalars(
            sa.select(DueRow).where(
                DueRow.case_id == case.id,
                DueRow.kind == TIMER,
                DueRow.ref.in_(timers),
                DueRow.state == "armed",
            )
        ):
            due.state = "withdrawn"
