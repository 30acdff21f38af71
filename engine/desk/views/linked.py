"""What a case is linked with, as far as its reader may know: cases, transfers, reminders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from engine.desk.desk import Desk
from engine.desk.dunning import may_dun, next_notice
from engine.desk.holders import names_of, people_in_role
from engine.desk.linking import children_of
from engine.desk.rights import Right, permits
from engine.desk.views.seeing import seen
from engine.errors import Refusal
from engine.model.identifiers import RoleKey
from engine.model.texts import Text
from engine.store.tables import (
    CaseRow,
    DeadlineRow,
    DocumentRow,
    Dunning,
    Escalation,
    Transfer,
    WorkItemRow,
)

_SEEING = (Right.SEE, Right.WATCH)


@dataclass(frozen=True, slots=True)
class LinkLine:
    """A case that another one is linked with.

    Attributes:
        case_id, number, title: Empty where the reader may not know of it.
        relation: How it belongs to its parent.
        state: ``opening``, ``open`` or ``closed``.
    """

    case_id: str
    number: str
    title: str
    procedure: Text
    relation: str
    state: str
    status: str
    outcome: Text | None


@dataclass(frozen=True, slots=True)
class Linked:
    """What a case is linked with.

    Attributes:
        parent: The case that opened it, or None.
        children: In the order in which they were asked for.
        transfers: Transfers and copies, in their order.
        dunnings: Reminder notices by work item, the first one first.
        may_dun: The work items for which the reader may send a notice now.
        titles: Of documents, by id.
        names: Of people, by id.
    """

    parent: LinkLine | None
    children: tuple[LinkLine, ...]
    transfers: tuple[Transfer, ...]
    dunnings: Mapping[str, tuple[Dunning, ...]]
    may_dun: frozenset[str]
    titles: Mapping[str, str]
    names: Mapping[str, str]


def linked(desk: Desk, case_id: str) -> Linked:
    """Return what a case is linked with; of a case that the reader may not see only its state.

    Raises:
        NotFound, Recused, NotAllowed: As `engine.desk.views.seeing.seen` says.
    """
    case = seen(desk, case_id, _SEEING)
    parent = desk.session.get(CaseRow, case.parent_id) if case.parent_id else None
    query = sa.select(Transfer).where(Transfer.case_id == case.id)
    transfers = tuple(desk.session.scalars(query.order_by(Transfer.sent_at, Transfer.id)))
    dunnings: dict[str, tuple[Dunning, ...]] = {}
    sent = sa.select(Dunning).where(Dunning.case_id == case.id).order_by(Dunning.number)
    for one in desk.session.scalars(sent):
        dunnings[one.work_item_id] = (*dunnings.get(one.work_item_id, ()), one)
    documents = desk.session.scalars(sa.select(DocumentRow).where(DocumentRow.case_id == case.id))
    people = {row.sent_by for row in transfers}
    people |= {one.sent_by for each in dunnings.values() for one in each}
    return Linked(
        parent=_of_parent(desk, case, parent) if parent is not None else None,
        children=tuple(_children(desk, case)),
        transfers=transfers,
        dunnings=dunnings,
        may_dun=_may_dun(desk, case),
        titles={row.id: row.title for row in documents},
        names=names_of(desk, people),
    )


@dataclass(frozen=True, slots=True)
class EscalationLine:
    """Lateness before one level of the ladder.

    Attributes:
        role: The level's title.
        by: Who acknowledged it; empty until then.
        may_receipt: The reader may acknowledge it.
    """

    row: Escalation
    deadline: Text
    role: Text
    by: str
    may_receipt: bool


def escalations(desk: Desk, case_id: str) -> tuple[EscalationLine, ...]:
    """Return the escalations of a case, in their order.

    Raises:
        NotFound, Recused, NotAllowed: As `engine.desk.views.seeing.seen` says.
    """
    case = seen(desk, case_id, _SEEING)
    version = desk.version(case)
    query = (
        sa.select(Escalation, DeadlineRow.key)
        .join(DeadlineRow, DeadlineRow.id == Escalation.deadline_id)
        .where(Escalation.case_id == case.id)
        .order_by(Escalation.raised_at, Escalation.id)
    )
    found = desk.session.execute(query).all()
    names = names_of(desk, {row.receipted_by for row, _ in found if row.receipted_by})
    roles = version.rules.roles
    return tuple(
        EscalationLine(
            row=row,
            deadline=version.deadline(key).title,
            role=roles[RoleKey(row.role)].title,
            by=names.get(row.receipted_by or "", ""),
            may_receipt=row.receipted_by is None
            and desk.actor.person_id in people_in_role(desk, case, row.role),
        )
        for row, key in found
    )


def dunnable(desk: Desk, work_item_id: str) -> tuple[WorkItemRow, bool, date]:
    """Return a work item that may be dunned now, whether there is a paper, and today.

    Raises:
        NotFound, Recused, NotAllowed, Refusal: As `send_dunning` says.
    """
    item = desk.session.get(WorkItemRow, work_item_id)
    case = seen(desk, item.case_id if item is not None else work_item_id, _SEEING)
    may_dun(desk, case)
    found = desk.session.get_one(WorkItemRow, work_item_id)
    next_notice(desk, case, found, "-")
    rule = desk.version(case).rules.dunning
    today = desk.calendar(case.authority_id).day_of(desk.now())
    return found, bool(rule and rule.document), today


def _of_parent(desk: Desk, case: CaseRow, parent: CaseRow) -> LinkLine:
    known = _may_see(desk, parent)
    return LinkLine(
        case_id=parent.id if known else "",
        number=parent.number if known else "",
        title=parent.title if known else "",
        procedure=desk.version(parent).rules.title,
        relation=case.relation,
        state="closed" if parent.closed_at is not None else "open",
        status=parent.status,
        outcome=_outcome(desk, parent) if known else None,
    )


def _children(desk: Desk, case: CaseRow) -> list[LinkLine]:
    lines = []
    for row in children_of(desk, case):
        child = desk.session.get(CaseRow, row.child_id)
        known = child is not None and _may_see(desk, child)
        lines.append(
            LinkLine(
                case_id=row.child_id if known else "",
                number=row.number if known else "",
                title=child.title if child is not None and known else "",
                procedure=Text(row.procedure) if child is None else desk.version(child).rules.title,
                relation=row.relation,
                state=row.state,
                status=row.status,
                outcome=_outcome(desk, child) if child is not None and known else None,
            )
        )
    return lines


def _outcome(desk: Desk, case: CaseRow) -> Text | None:
    return desk.version(case).rules.outcomes.get(case.outcome or "")


def _may_see(desk: Desk, case: CaseRow) -> bool:
    standing = desk.standing(case)
    return not standing.recusal and any(permits(one, standing.relations) for one in _SEEING)


def _may_dun(desk: Desk, case: CaseRow) -> frozenset[str]:
    """Return the work items for which the reader may send a notice now."""
    try:
        may_dun(desk, case)
    except Refusal:
        return frozenset()
    items = desk.session.scalars(
        sa.select(WorkItemRow).where(
            WorkItemRow.case_id == case.id,
            WorkItemRow.state.in_(("open", "claimed")),
            WorkItemRow.deadline_key != "",
        )
    )
    return frozenset(item.id for item in items if _is_due(desk, case, item))


def _is_due(desk: Desk, case: CaseRow, item: WorkItemRow) -> bool:
    try:
        next_notice(desk, case, item, "-")
    except Refusal:
        return False
    return True
