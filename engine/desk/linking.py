"""Cases that belong together: children asked for by a parent, and what it knows of them.

A parent never reads its children's rows: each tells it, by a job, how it stands. So both may live
apart, and no command holds one case and waits for another.

Source: S0篇5§13 (相关、附加、连带问责); S1四 L299 (一案双查); procedures C25, P15.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from engine.desk.desk import Desk
from engine.desk.facts import Fact
from engine.desk.trials import must_be_real
from engine.desk.values import plain
from engine.store.tables import CaseRow, LinkedCase, new_id

OPEN_CHILD = "open_child"
"""The kind of job that opens a child in a transaction of its own."""
TELL_PARENT = "tell_parent"
"""The kind of job that tells a parent how its child stands."""
AWAIT = "wenze.await-children"
"""The topic of a service task that waits for children."""
CHILDREN, PARENT, CONCLUSION = "children", "parent", "conclusion"
"""The variables by which diagrams know children, parent and what a child came to."""
RELATED = "related"
OPENING, OPEN, CLOSED = "opening", "open", "closed"
UNTIL = ("opened", "concluded", "closed")
"""How far children may have to be; the last where nothing is said."""


def ask_for_child(
    desk: Desk,
    case: CaseRow,
    key: str,
    *,
    element: str,
    procedure: str,
    relation: str,
    subject_id: str,
    answers: Mapping[str, Any],
) -> LinkedCase:
    """Ask for a child; it is opened after the commit, once for each `key`.

    Args:
        desk: Of the command.
        case: The parent, locked.
        key: Unique for the child: parent, item and number.
        element: Which asks.
        procedure: The child's, in force at the same authority.
        relation: How it belongs to the parent.
        subject_id: The person in question; empty for none.
        answers: To the start form, which has let them pass.
    """
    must_be_real(case)
    row = LinkedCase(
        authority_id=case.authority_id,
        case_id=case.id,
        child_id=new_id(),
        item=element,
        procedure=procedure,
        relation=relation,
        subject_id=subject_id or None,
        asked_at=desk.now(),
    )
    desk.session.add(row)
    desk.enqueue(
        OPEN_CHILD,
        key,
        {
            "key": key,
            "child_id": row.child_id,
            "parent_id": case.id,
            "parent_number": case.number,
            "parent_procedure": case.procedure,
            "authority_id": case.authority_id,
            "procedure": procedure,
            "relation": relation,
            "subject_id": subject_id,
            "answers": plain(dict(answers)),
        },
    )
    desk.record(
        case,
        Fact.CHILD_ASKED,
        child=row.child_id,
        procedure=procedure,
        relation=relation,
        element=element,
        person=subject_id,
    )
    return row


def children_of(desk: Desk, case: CaseRow) -> list[LinkedCase]:
    """Return the children that a case knows of, in the order in which they were asked for."""
    desk.session.flush()
    return list(
        desk.session.scalars(
            sa.select(LinkedCase)
            .where(LinkedCase.case_id == case.id)
            .order_by(LinkedCase.asked_at, LinkedCase.id)
        )
    )


def as_variable(rows: Iterable[LinkedCase]) -> list[dict[str, Any]]:
    """Return children as the variable `children` shows them."""
    return [
        {
            "id": row.child_id,
            "number": row.number,
            "procedure": row.procedure,
            "relation": row.relation,
            "subject_id": row.subject_id,
            "state": row.state,
            "status": row.status,
            "outcome": row.outcome,
            CONCLUSION: row.conclusion.get("value"),
        }
        for row in rows
    ]


def are_far_enough(rows: Iterable[LinkedCase], relations: frozenset[str], until: str) -> bool:
    """Return whether every child of these relations (all, if none is named) is far enough.

    Source: procedures P15: 两份调查结论都完成才进入决定; C25: 母案结案须子案至少已立案.
    """
    return all(
        _is_far_enough(row, until) for row in rows if not relations or row.relation in relations
    )


def _is_far_enough(row: LinkedCase, until: str) -> bool:
    if until == "opened":
        return row.state != OPENING
    concluded = until == "concluded" and row.conclusion.get("value") is not None
    return row.state == CLOSED or concluded


Standing = tuple[str, str | None, bool, Any]


def standing_for_parent(case: CaseRow) -> Standing:
    """Return all of a case that its parent is told, to see whether it has changed."""
    conclusion = case.variables.get(CONCLUSION)
    return case.status, case.outcome, case.closed_at is not None, conclusion


def tell_parent(desk: Desk, case: CaseRow, before: Standing | None = None) -> None:
    """Have the parent of `case`, if it has one, told how it stands, where that has changed.

    Args:
        desk: Of the command.
        case: The child, locked.
        before: As it stood; None tells in any case.
    """
    if case.parent_id is None or before == standing_for_parent(case):
        return
    payload = {"child_id": case.id, "authority_id": case.authority_id}
    desk.enqueue(TELL_PARENT, f"{TELL_PARENT}:{case.id}:{new_id()}", payload)
