"""Open the children that a case asked for, and tell parents how their children stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.commands.open_case import Parent, in_force, register
from engine.desk import Desk, Fact, Office, Right, system_actor
from engine.desk.advance import set_variables, wake
from engine.desk.holders import SUBJECT, participants
from engine.desk.linking import (
    AWAIT,
    CHILDREN,
    CLOSED,
    CONCLUSION,
    OPEN,
    OPEN_CHILD,
    OPENING,
    as_variable,
    children_of,
)
from engine.errors import NotAllowed
from engine.store.outbox import effect_done
from engine.store.tables import CaseRow, LinkedCase

if TYPE_CHECKING:
    from engine.store.outbox import Job


@dataclass(frozen=True, slots=True)
class ChildNow:
    """How a child stands, as its parent is told.

    Attributes:
        revision: Of its row; what is older than what the parent knows is passed over.
    """

    id: str
    parent_id: str
    number: str
    procedure: str
    relation: str
    subject_id: str
    status: str
    outcome: str | None
    is_closed: bool
    conclusion: Any
    revision: int


def carry_child(office: Office, job: Job) -> None:
    """Do a job of kind ``open_child``."""
    office.give(system_actor(str(job.payload["authority_id"])), open_child, job.payload)


def carry_standing(office: Office, job: Job) -> None:
    """Do a job of kind ``tell_parent``."""
    actor = system_actor(str(job.payload["authority_id"]))
    now = office.ask(actor, _child_now, str(job.payload["child_id"]))
    if now is not None:
        office.give(actor, note_child, now.parent_id, now)


def open_child(desk: Desk, asked: Mapping[str, Any]) -> CaseRow | None:
    """Open a child that a case asked for, once; None where it is open already.

    It is registered like any other; only that the parent, and no person, opens it.

    Args:
        desk: Of the platform.
        asked: What `engine.desk.linking.ask_for_child` enqueued.

    Raises:
        NotAllowed: Somebody other than the platform asks.
        NotFound: No version of the procedure is in force any more.
        AnswersRefused: A version published meanwhile has another form; the job is tried
            again, and then waits for an administrator.

    Source: S0篇5§13; procedures C25.
    """
    if not desk.actor.is_system:
        raise NotAllowed("linked.system_only")
    if effect_done(desk.session, str(asked["key"]), OPEN_CHILD, desk.now()):
        return None
    return register(
        desk,
        in_force(desk, str(asked["procedure"])),
        asked["answers"],
        subject_id=str(asked["subject_id"]),
        case_id=str(asked["child_id"]),
        parent=Parent(
            str(asked["parent_id"]),
            str(asked["parent_number"]),
            str(asked["parent_procedure"]),
            str(asked["relation"]),
        ),
    )


def note_child(desk: Desk, parent_id: str, now: ChildNow) -> bool:
    """Note how a child stands, and let go on what waited for it.

    Returns:
        Whether that was news.

    Raises:
        NotAllowed: Somebody other than the platform says so.

    Source: procedures C25, P15.
    """
    if not desk.actor.is_system:
        raise NotAllowed("linked.system_only")
    case = desk.case(parent_id, may=Right.ADVANCE)
    row = desk.session.scalar(sa.select(LinkedCase).where(LinkedCase.child_id == now.id))
    if row is None:  # it was opened by a message
        row = LinkedCase(
            authority_id=case.authority_id,
            case_id=case.id,
            child_id=now.id,
            procedure=now.procedure,
            relation=now.relation,
            subject_id=now.subject_id or None,
            asked_at=desk.now(),
        )
        desk.session.add(row)
    if row.seen >= now.revision:
        return False
    fact = _fact(row, now)
    row.seen = now.revision
    row.number, row.status, row.outcome = now.number, now.status, now.outcome
    row.state = CLOSED if now.is_closed else OPEN
    row.conclusion = {} if now.conclusion is None else {"value": now.conclusion}
    if fact is None:
        return False
    desk.record(
        case,
        fact,
        child=now.id,
        number=now.number,
        procedure=now.procedure,
        relation=now.relation,
        status=now.status,
        outcome=now.outcome,
    )
    if case.closed_at is None:
        set_variables(desk, case, {CHILDREN: as_variable(children_of(desk, case))})
        wake(desk, case, AWAIT)
    return True


def _fact(row: LinkedCase, now: ChildNow) -> Fact | None:
    """Return what the news is; None where there is none."""
    if now.is_closed and row.state != CLOSED:
        return Fact.CHILD_CLOSED
    if row.state == OPENING:
        return Fact.CHILD_OPENED
    known = row.status, row.outcome, row.conclusion.get("value")
    return None if known == (now.status, now.outcome, now.conclusion) else Fact.CHILD_CHANGED


def _child_now(desk: Desk, child_id: str) -> ChildNow | None:
    case = desk.session.get(CaseRow, child_id)
    if case is None or case.parent_id is None:
        return None
    subjects = participants(desk, case, SUBJECT)
    return ChildNow(
        id=case.id,
        parent_id=case.parent_id,
        number=case.number,
        procedure=case.procedure,
        relation=case.relation,
        subject_id=subjects[0] if subjects else "",
        status=case.status,
        outcome=case.outcome,
        is_closed=case.closed_at is not None,
        conclusion=case.variables.get(CONCLUSION),
        revision=case.revision,
    )
