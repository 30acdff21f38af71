"""The inbox: what waits for somebody, with its lamp, in pages (scale.md §4, choice C)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.model.lamps import Lamp
from engine.store.queries.conditions import holds
from engine.store.queries.counting import MOST_COUNTED, items_up_to
from engine.store.queries.keyset import beyond, cursor_of, read_cursor
from engine.store.tables import Card, CaseRow, DeadlineRow, InboxRow, WorkItemRow

_FAR_OFF = datetime(9000, 1, 1, tzinfo=UTC)
"""What is due later has no deadline (`InboxRow`)."""
_SHOWN_WITH = sa.and_(
    DeadlineRow.case_id == WorkItemRow.case_id,
    DeadlineRow.key == WorkItemRow.deadline_key,
    DeadlineRow.state.in_(("running", "suspended")),
)
_IS_HELD = DeadlineRow.state == "suspended"
_HAS_RED = sa.exists().where(Card.deadline_id == DeadlineRow.id, Card.colour == Lamp.RED.value)
SORTS = ("due", "opened", "number")


@dataclass(frozen=True, slots=True)
class InboxLine:
    """One work item as an inbox lists it.

    Attributes:
        due_at: Expiry, exclusive; None without a deadline.
        last_day: The deadline's last day; None without a deadline.
        lamp: Computed at the instant of the query.
        is_mine: It is in the reader's own hands.
        name_en: The name in English; empty where the diagram gives none.
    """

    work_item_id: str
    case_id: str
    case_number: str
    case_title: str
    procedure: str
    version_id: str
    element: str
    name: str
    role: str
    state: str
    opened_at: datetime
    claimed_by: str | None
    deadline_key: str
    due_at: datetime | None
    last_day: date | None
    provisional: bool
    extensions: int
    lamp: Lamp
    is_mine: bool
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class InboxPage:
    """A page of an inbox; `after` opens the next one, "" on the last."""

    lines: tuple[InboxLine, ...]
    after: str


@dataclass(frozen=True, slots=True)
class InboxCounts:
    """How many work items of each lamp a reader has, each item once.

    Each number is exact up to 999; 1,000 (`MOST_COUNTED`) stands for that many or more.

    Attributes:
        mine: Those in the reader's own hands.
        groups: Those that wait for somebody of a group to take them.
        is_capped: There are more in all than were counted.
    """

    total: int
    mine: int
    lamps: dict[Lamp, int]
    groups: int = 0
    is_capped: bool = False


def inbox_page(
    session: Session,
    principals: Collection[str],
    now: datetime,
    *,
    person_id: str = "",
    lamp: Lamp | None = None,
    search: str = "",
    sort: str = "due",
    mine: bool | None = None,
    procedure: str = "",
    barred_cases: Collection[str] = (),
    after: str = "",
    limit: int = 20,
) -> InboxPage:
    """Return a page of what waits for `principals`.

    Args:
        session: Reads.
        principals: Those of the reader, today.
        now: Lamps are computed for this instant.
        person_id: The reader; decides `is_mine`.
        lamp: Only this colour.
        search: In number and title of the case and name of the step; case is ignored.
        sort: ``due`` (earliest first), ``opened`` (newest first), ``number``.
        mine: True for what the reader has claimed, False for what is open to groups.
        procedure: Only of this procedure.
        barred_cases: Cases whose items the reader may not see (recusal).
        after: The `after` of the page before.
        limit: Lines on a page, 1 to 200.

    Raises:
        ValueError: `sort` is unknown or `after` is no cursor of this sort.
    """
    if sort not in SORTS:
        raise ValueError(f"an inbox is not sorted by {sort!r}")
    kinds = (str if sort == "number" else datetime, str)
    last = read_cursor(after, sort, kinds) if after else None
    is_plain = sort == "due" and lamp is None and mine is None and not (search or procedure)
    per_item = _nearest(principals, barred_cases, last, limit + 1) if is_plain else _all(principals)
    shown = _lines(per_item, now, mine=mine, barred_cases=barred_cases)
    query = _chosen(shown.query, search, procedure)
    by_sort: dict[str, list[Any]] = {
        "due": [shown.due_at, WorkItemRow.id],
        "opened": [WorkItemRow.opened_at, WorkItemRow.id],
        "number": [CaseRow.number, WorkItemRow.id],
    }
    keys = by_sort[sort]
    if lamp is not None:
        query = query.where(shown.lamp == lamp.value)
    newest_first = sort == "opened"
    if last is not None:
        query = query.where(beyond(keys, last, newest_first=newest_first))
    order = [key.desc() if newest_first else key.asc() for key in keys]
    found = session.execute(query.order_by(*order).limit(limit + 1)).all()
    lines = tuple(_line(row, person_id) for row in found[:limit])
    more = len(found) > limit
    return InboxPage(lines, _cursor(found[limit - 1], sort) if more else "")


def lamps_under(
    session: Session,
    principals: Collection[str],
    now: datetime,
    *,
    search: str = "",
    mine: bool | None = None,
    procedure: str = "",
    barred_cases: Collection[str] = (),
) -> dict[Lamp, int]:
    """Return how many items of each lamp `inbox_page` shows under these filters, on all its pages.

    Every item is looked at: the whole inbox is counted by `inbox_counts`.
    """
    shown = _lines(_all(principals), now, mine=mine, barred_cases=barred_cases)
    query = _chosen(shown.query, search, procedure).with_only_columns(shown.lamp, sa.func.count())
    found = {Lamp(lamp): number for lamp, number in session.execute(query.group_by(shown.lamp))}
    return {lamp: found.get(lamp, 0) for lamp in Lamp}


def inbox_counts(
    session: Session,
    principals: Collection[str],
    now: datetime,
    *,
    barred_cases: Collection[str] = (),
) -> InboxCounts:
    """Return how many items of each lamp wait for `principals`, each up to `MOST_COUNTED`.

    What is red, held or in one's own hands is little, and counted to its end; all else is counted
    so far that what is left after taking that away is right up to where it is cut.
    """
    own = [principal for principal in principals if principal.startswith("p:")]
    mine, red, held = _looked_at(session, principals, own, now, barred_cases)
    found = items_up_to(
        session,
        principals,
        barred_cases=barred_cases,
        most=MOST_COUNTED + mine + red + held,
        overdue=(InboxRow.due_at <= now,),
        near=(InboxRow.warn_at <= now, InboxRow.due_at > now),
        fine=(InboxRow.warn_at > now, InboxRow.due_at < _FAR_OFF),
        none=(InboxRow.due_at >= _FAR_OFF,),
    )
    total = sum(found.values())
    lamps = {
        Lamp.OK: found["fine"],
        Lamp.NEAR: found["near"],
        Lamp.YELLOW: found["overdue"] - red,
        Lamp.RED: red,
        Lamp.HELD: held,
        Lamp.DONE: 0,
        Lamp.NONE: found["none"] - held,
    }
    return InboxCounts(
        min(total, MOST_COUNTED),
        min(mine, MOST_COUNTED),
        {lamp: min(number, MOST_COUNTED) for lamp, number in lamps.items()},
        min(total - mine, MOST_COUNTED),
        is_capped=total >= MOST_COUNTED,
    )


def _looked_at(
    session: Session,
    principals: Collection[str],
    own: Collection[str],
    now: datetime,
    barred_cases: Collection[str],
) -> tuple[int, int, int]:
    """Return how many items are in one's own hands, red, and held.

    Only what is late and of a case that has a red card at all is looked at closer, and only
    what has no time to run, so that a long inbox costs hardly more than a short one.
    """
    items = sa.select(sa.func.count(InboxRow.work_item_id.distinct())).join(
        WorkItemRow, WorkItemRow.id == InboxRow.work_item_id
    )
    if barred_cases:
        items = items.where(InboxRow.case_id.not_in(set(barred_cases)))
    clocks = items.join(DeadlineRow, _SHOWN_WITH).where(InboxRow.principal.in_(set(principals)))
    carded = sa.select(Card.case_id).where(Card.colour == Lamp.RED.value)
    mine = items.where(InboxRow.principal.in_(own), WorkItemRow.state == "claimed")
    red = clocks.where(InboxRow.due_at <= now, InboxRow.case_id.in_(carded), _HAS_RED)
    held = clocks.where(InboxRow.due_at >= _FAR_OFF, _IS_HELD)
    row = session.execute(sa.select(*(one.scalar_subquery() for one in (mine, red, held)))).one()
    return row[0], row[1], row[2]


@dataclass(frozen=True, slots=True)
class _Lines:
    """The query of an inbox's lines, each item once, with two of its columns."""

    query: sa.Select[Any]
    due_at: sa.ColumnElement[datetime]
    lamp: sa.ColumnElement[str]


def _all(principals: Collection[str]) -> sa.Subquery:
    """Return every item of `principals` once, with its due and warning instants."""
    return (
        sa.select(
            InboxRow.work_item_id.label("item_id"),
            sa.func.min(InboxRow.due_at).label("due_at"),
            sa.func.min(InboxRow.warn_at).label("warn_at"),
        )
        .where(InboxRow.principal.in_(set(principals)))
        .group_by(InboxRow.work_item_id)
        .subquery()
    )


def _nearest(
    principals: Collection[str],
    barred_cases: Collection[str],
    last: list[Any] | None,
    limit: int,
) -> sa.Subquery:
    """Return the items of `principals` that are due next, each once.

    Each principal gives its first lines from the index alone, so that a page costs
    the same however long the inbox is (scale.md §4, choice C).
    """
    arms = []
    for principal in sorted(set(principals)):
        arm = sa.select(InboxRow.work_item_id, InboxRow.due_at, InboxRow.warn_at).where(
            InboxRow.principal == principal
        )
        if barred_cases:
            arm = arm.where(InboxRow.case_id.not_in(set(barred_cases)))
        if last is not None:
            keys = [InboxRow.due_at, InboxRow.work_item_id]
            arm = arm.where(beyond(keys, last, newest_first=False))
        ordered = arm.order_by(InboxRow.due_at, InboxRow.work_item_id).limit(limit)
        arms.append(sa.select(ordered.subquery()))
    first = sa.union_all(*arms).subquery()
    due_at = sa.func.min(first.c.due_at).label("due_at")
    return (
        sa.select(
            first.c.work_item_id.label("item_id"),
            due_at,
            sa.func.min(first.c.warn_at).label("warn_at"),
        )
        .group_by(first.c.work_item_id)
        .order_by(due_at, first.c.work_item_id)
        .limit(limit)
        .subquery()
    )


def _lines(
    per_item: sa.Subquery,
    now: datetime,
    *,
    mine: bool | None,
    barred_cases: Collection[str],
) -> _Lines:
    lamp = sa.case(
        (_IS_HELD, Lamp.HELD.value),
        (DeadlineRow.id.is_(None), Lamp.NONE.value),
        (_HAS_RED, Lamp.RED.value),
        (per_item.c.due_at <= now, Lamp.YELLOW.value),
        (per_item.c.warn_at <= now, Lamp.NEAR.value),
        else_=Lamp.OK.value,
    )
    query = (
        sa.select(
            WorkItemRow,
            CaseRow.number,
            CaseRow.title,
            CaseRow.procedure,
            CaseRow.version_id,
            per_item.c.due_at,
            DeadlineRow.last_day,
            DeadlineRow.provisional,
            DeadlineRow.extensions,
            lamp.label("lamp"),
        )
        .join(per_item, per_item.c.item_id == WorkItemRow.id)
        .join(CaseRow, CaseRow.id == WorkItemRow.case_id)
        .outerjoin(DeadlineRow, _SHOWN_WITH)
    )
    if mine is not None:
        query = query.where(WorkItemRow.state == ("claimed" if mine else "open"))
    if barred_cases:
        query = query.where(WorkItemRow.case_id.not_in(set(barred_cases)))
    return _Lines(query, per_item.c.due_at, lamp)


def _chosen(query: sa.Select[Any], search: str, procedure: str) -> sa.Select[Any]:
    if procedure:
        query = query.where(CaseRow.procedure == procedure)
    if search.strip():
        query = query.where(holds(search, CaseRow.number, CaseRow.title, WorkItemRow.name))
    return query


def _line(row: Any, person_id: str) -> InboxLine:
    item: WorkItemRow = row.WorkItemRow
    has_deadline = row.last_day is not None
    return InboxLine(
        work_item_id=item.id,
        case_id=item.case_id,
        case_number=row.number,
        case_title=row.title,
        procedure=row.procedure,
        version_id=row.version_id,
        element=item.element,
        name=item.name,
        role=item.role,
        state=item.state,
        opened_at=item.opened_at,
        claimed_by=item.claimed_by,
        deadline_key=item.deadline_key,
        due_at=row.due_at if has_deadline and row.due_at < _FAR_OFF else None,
        last_day=row.last_day,
        provisional=bool(row.provisional),
        extensions=row.extensions or 0,
        lamp=Lamp(row.lamp),
        is_mine=item.claimed_by == person_id,
        name_en=str(item.properties.get("name_en") or ""),
    )


def _cursor(row: Any, sort: str) -> str:
    value = {"due": row.due_at, "opened": row.WorkItemRow.opened_at, "number": row.number}[sort]
    return cursor_of(sort, value, row.WorkItemRow.id)
