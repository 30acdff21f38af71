"""The inbox: what waits for somebody, with its lamp, in pages (scale.md §4, choice C)."""

from __future__ import annotations

import base64
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.model.lamps import Lamp
from engine.store.tables import Card, CaseRow, DeadlineRow, InboxRow, WorkItemRow

NO_DEADLINE_YEAR = 9000
SORTS = ("due", "opened", "number")
LONGEST_SEARCH = 100


@dataclass(frozen=True, slots=True)
class InboxLine:
    """One work item as an inbox lists it.

    Attributes:
        due_at: Expiry, exclusive; None without a deadline.
        last_day: The deadline's last day; None without a deadline.
        lamp: Computed at the instant of the query.
        is_mine: It is in the reader's own hands.
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


@dataclass(frozen=True, slots=True)
class InboxPage:
    """A page of an inbox; `after` opens the next one, "" on the last."""

    lines: tuple[InboxLine, ...]
    after: str


@dataclass(frozen=True, slots=True)
class InboxCounts:
    """How many work items of each lamp a reader has, each item once.

    Attributes:
        mine: Those in the reader's own hands.
    """

    total: int
    mine: int
    lamps: dict[Lamp, int]


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
    lines_of = _lines(principals, now, mine=mine, barred_cases=barred_cases)
    query = lines_of.query
    by_sort: dict[str, list[Any]] = {
        "due": [lines_of.due_at, WorkItemRow.id],
        "opened": [WorkItemRow.opened_at, WorkItemRow.id],
        "number": [CaseRow.number, WorkItemRow.id],
    }
    keys = by_sort[sort]
    if procedure:
        query = query.where(CaseRow.procedure == procedure)
    if search.strip():
        pattern = like_pattern(search)
        query = query.where(
            sa.or_(
                CaseRow.number.ilike(pattern, escape="\\"),
                CaseRow.title.ilike(pattern, escape="\\"),
                WorkItemRow.name.ilike(pattern, escape="\\"),
            )
        )
    if lamp is not None:
        query = query.where(lines_of.lamp == lamp.value)
    newest_first = sort == "opened"
    if after:
        query = query.where(_beyond(keys, _read_cursor(after, sort), newest_first=newest_first))
    order = [key.desc() if newest_first else key.asc() for key in keys]
    found = session.execute(query.order_by(*order).limit(limit + 1)).all()
    lines = tuple(_line(row, person_id) for row in found[:limit])
    more = len(found) > limit
    return InboxPage(lines, _cursor(found[limit - 1], sort) if more else "")


def inbox_counts(
    session: Session,
    principals: Collection[str],
    now: datetime,
    *,
    barred_cases: Collection[str] = (),
) -> InboxCounts:
    """Return how many items of each lamp wait for `principals`."""
    found = _lines(principals, now, mine=None, barred_cases=barred_cases)
    lines = found.query.with_only_columns(
        found.lamp.label("lamp"), WorkItemRow.state, maintain_column_froms=True
    ).subquery()
    rows = session.execute(
        sa.select(lines.c.lamp, lines.c.state, sa.func.count()).group_by(
            lines.c.lamp, lines.c.state
        )
    )
    lamps = dict.fromkeys(Lamp, 0)
    mine = 0
    for colour, state, count in rows:
        lamps[Lamp(colour)] += count
        mine += count if state == "claimed" else 0
    return InboxCounts(sum(lamps.values()), mine, lamps)


@dataclass(frozen=True, slots=True)
class _Lines:
    """The query of an inbox's lines, each item once, with two of its columns."""

    query: sa.Select[Any]
    due_at: sa.ColumnElement[datetime]
    lamp: sa.ColumnElement[str]


def _lines(
    principals: Collection[str],
    now: datetime,
    *,
    mine: bool | None,
    barred_cases: Collection[str],
) -> _Lines:
    per_item = (
        sa.select(
            InboxRow.work_item_id.label("item_id"),
            sa.func.min(InboxRow.due_at).label("due_at"),
            sa.func.min(InboxRow.warn_at).label("warn_at"),
        )
        .where(InboxRow.principal.in_(set(principals)))
        .group_by(InboxRow.work_item_id)
        .subquery()
    )
    has_red = sa.exists().where(Card.deadline_id == DeadlineRow.id, Card.colour == Lamp.RED.value)
    lamp = sa.case(
        (DeadlineRow.state == "suspended", Lamp.HELD.value),
        (DeadlineRow.id.is_(None), Lamp.NONE.value),
        (has_red, Lamp.RED.value),
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
        .outerjoin(
            DeadlineRow,
            sa.and_(
                DeadlineRow.case_id == WorkItemRow.case_id,
                DeadlineRow.key == WorkItemRow.deadline_key,
                DeadlineRow.state.in_(("running", "suspended")),
            ),
        )
    )
    if mine is not None:
        query = query.where(WorkItemRow.state == ("claimed" if mine else "open"))
    if barred_cases:
        query = query.where(WorkItemRow.case_id.not_in(set(barred_cases)))
    return _Lines(query, per_item.c.due_at, lamp)


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
        due_at=row.due_at if has_deadline and row.due_at.year < NO_DEADLINE_YEAR else None,
        last_day=row.last_day,
        provisional=bool(row.provisional),
        extensions=row.extensions or 0,
        lamp=Lamp(row.lamp),
        is_mine=item.claimed_by == person_id,
    )


def _beyond(keys: list[Any], values: list[Any], *, newest_first: bool) -> sa.ColumnElement[bool]:
    first, second = keys
    if newest_first:
        return sa.or_(first < values[0], sa.and_(first == values[0], second < values[1]))
    return sa.or_(first > values[0], sa.and_(first == values[0], second > values[1]))


def _cursor(row: Any, sort: str) -> str:
    value = {"due": row.due_at, "opened": row.WorkItemRow.opened_at, "number": row.number}[sort]
    plain = value.isoformat() if isinstance(value, datetime) else value
    return base64.urlsafe_b64encode(orjson.dumps([sort, plain, row.WorkItemRow.id])).decode()


def _read_cursor(after: str, sort: str) -> list[Any]:
    try:
        kind, value, item_id = orjson.loads(base64.urlsafe_b64decode(after))
        found = datetime.fromisoformat(value) if kind in {"due", "opened"} else str(value)
    except (ValueError, TypeError) as error:
        raise ValueError("this is no cursor of an inbox") from error
    if kind != sort:
        raise ValueError("this cursor is of another sort")
    return [found, str(item_id)]


def like_pattern(search: str) -> str:
    """Return the pattern of LIKE that finds `search` anywhere; its own signs mean themselves."""
    text = search.strip()[:LONGEST_SEARCH]
    for special in ("\\", "%", "_"):
        text = text.replace(special, "\\" + special)
    return f"%{text}%"
