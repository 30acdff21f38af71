"""What the steps of a scenario act upon: the work item of an element, the form of an answer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import sqlalchemy as sa

from engine.errors import NotFound
from engine.store.tables import CaseRow, LinkedCase, WorkItemRow
from engine.store.versions import version_in_force

if TYPE_CHECKING:
    from engine.desk import Desk
    from engine.workflow import Form


def start_form(desk: Desk, procedure: str) -> Form | None:
    """Return the form with which a case of `procedure` is registered today, or None.

    Raises:
        NotFound: No version of it is in force.
    """
    row = version_in_force(desk.session, desk.actor.authority_id, procedure, desk.today())
    if row is None:
        raise NotFound(procedure)
    version = desk.office.versions.get(desk.session, row.id)
    start = version.rules.start
    return version.form(version.definition.process_id, start.form) if start else None


def filing_form(desk: Desk, case_id: str, key: str) -> Form | None:
    """Return the form of a filing, or None."""
    version = desk.version(desk.session.get_one(CaseRow, case_id))
    rule = version.rules.filings.get(key)
    return version.form(version.definition.process_id, rule.form) if rule else None


def find_item(
    desk: Desk, case_id: str, element: str, person_id: str
) -> tuple[WorkItemRow, Form | None] | None:
    """Return an element's item with its form.

    The person's own first, then the newest open one that is offered to the person alone, as to
    each signer of a step of many; then one that falls to a role of the person: two calls of one
    process may have the same element open at the same time. Then the newest.
    """
    items = list(
        desk.session.scalars(
            sa.select(WorkItemRow)
            .where(WorkItemRow.case_id == case_id, WorkItemRow.element == element)
            .order_by(WorkItemRow.opened_at.desc(), WorkItemRow.id.desc())
        )
    )
    waiting = [item for item in items if item.state in {"open", "claimed"}]
    if not waiting:
        return None
    case = desk.session.get_one(CaseRow, case_id)
    own = [item for item in waiting if item.claimed_by == person_id]
    free = [item for item in waiting if item.state == "open"]
    named = [item for item in free if f"p:{person_id}" in item.candidates]
    roles = desk.standing(case, person_id).roles if len(free) > 1 else frozenset()
    meant = [item for item in free if not roles.isdisjoint(item.role.split(","))]
    found = (own or named or meant or free or waiting)[0]
    version = desk.version(case)
    return found, version.form(found.process, found.form)


def waiting_in(desk: Desk, case_id: str) -> list[str]:
    """Return the elements of a case that have open work."""
    return sorted(
        desk.session.scalars(
            sa.select(WorkItemRow.element).where(
                WorkItemRow.case_id == case_id, WorkItemRow.state.in_(("open", "claimed"))
            )
        )
    )


_CHILD = re.compile(r"child\[([1-9]\d*)\]")
_NTH = re.compile(r"(.+)\[([1-9]\d*)\]")


def case_named(desk: Desk, label: str, base: str, procedure: str) -> str:
    """Return the case that a step means which no step has opened; "" where there is none.

    Args:
        desk: Of a query.
        label: ``child[2]``, ``child[1].child[1]``, ``parent``, the id of a procedure, for its
            newest case, with ``[n]`` for the one that was opened as its n-th, or ``case``.
        base: The case from which children and the parent are reached; "" for the newest of
            `procedure`, as the clock has opened it.
        procedure: Of the folder that is played.
    """
    found = base or _newest(desk, procedure)
    if label == "case":
        return found
    first, *_ = parts = label.split(".")
    if first != "parent" and not _CHILD.fullmatch(first):
        found, parts = _of_procedure(desk, first), parts[1:]
    for part in parts:
        found = _kin(desk, found, part)
    return found


def _of_procedure(desk: Desk, label: str) -> str:
    """Return the newest case of a procedure, or the one opened as its n-th."""
    nth = _NTH.fullmatch(label)
    if nth is None:
        return _newest(desk, label)
    query = sa.select(CaseRow.id).where(CaseRow.procedure == nth[1])
    query = query.order_by(CaseRow.opened_at, CaseRow.id).offset(int(nth[2]) - 1).limit(1)
    return desk.session.scalar(query) or ""


def _newest(desk: Desk, procedure: str) -> str:
    query = sa.select(CaseRow.id).where(CaseRow.procedure == procedure)
    newest = query.order_by(CaseRow.opened_at.desc(), CaseRow.id.desc()).limit(1)
    return desk.session.scalar(newest) or ""


def _kin(desk: Desk, case_id: str, part: str) -> str:
    child = _CHILD.fullmatch(part)
    if child is None:
        case = desk.session.get(CaseRow, case_id) if part == "parent" else None
        return case.parent_id or "" if case is not None else ""
    query = sa.select(LinkedCase.child_id).where(LinkedCase.case_id == case_id)
    ordered = query.order_by(LinkedCase.asked_at, LinkedCase.id)
    return desk.session.scalar(ordered.offset(int(child[1]) - 1).limit(1)) or ""
