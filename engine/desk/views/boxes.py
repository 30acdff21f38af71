"""The boxes beside the inbox: what one has done, begun, was sent, is writing, and watches.

Each box is one person's own, found by an index that begins with the person and read a page at
a time. What the reader may not see any more is left out of it: a box gives no right.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

import sqlalchemy as sa

from engine.desk.desk import Desk
from engine.desk.holders import names_of
from engine.desk.views.accompanying import CopyView, NoteView, case_is_seen, note_view
from engine.desk.views.case_list import CaseLine, case_line, visible_cases
from engine.desk.views.inbox import barred_cases
from engine.store.queries.conditions import holds
from engine.store.queries.counting import MOST_COUNTED, up_to
from engine.store.queries.keyset import cursor_of, paged
from engine.store.tables import CaseRow, CopyRow, Draft, OwnNote, WorkItemRow

T = TypeVar("T")

NEWEST, OLDEST, BY_DAY, BY_NUMBER = "newest", "oldest", "day", "number"
SORTS = (NEWEST, OLDEST)
NOTE_SORTS = (BY_DAY, BY_NUMBER)
NO_DAY = date(9999, 12, 31)
"""Sorts what has no follow-up day behind everything that has one."""


@dataclass(frozen=True, slots=True)
class Box(Generic[T]):
    """A page of a box; `after` opens the next one, "" on the last."""

    lines: tuple[T, ...]
    after: str


@dataclass(frozen=True, slots=True)
class WorkLine:
    """A step that one has done, or is writing.

    Attributes:
        version_id: Whose rules name its procedure.
        at: When it was completed, or the draft was saved.
    """

    work_item_id: str
    name: str
    name_en: str
    case_id: str
    case_number: str
    case_title: str
    version_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class BoxCounts:
    """How many lines each box has; of copies, those not read yet.

    Each number is exact up to 999; 1,000 (`MOST_COUNTED`) stands for that many or more.

    Attributes:
        is_capped: One of them has more than were counted.
    """

    done: int
    started: int
    unread: int
    drafts: int
    watched: int
    is_capped: bool = False


def done_work(
    desk: Desk, *, search: str = "", sort: str = NEWEST, after: str = "", limit: int = 20
) -> Box[WorkLine]:
    """Return what the actor has completed (已办).

    Args:
        desk: Of a query.
        search: In the step's name, and the number and title of its case.
        sort: ``newest`` or ``oldest``, by when it was completed.
        after: The `after` of the page before.
        limit: Lines on a page, 1 to 200.

    Raises:
        ValueError: `sort` is unknown or `after` is no cursor of this sort.
    """
    query = (
        sa.select(WorkItemRow, CaseRow)
        .join(CaseRow, CaseRow.id == WorkItemRow.case_id)
        .where(WorkItemRow.completed_by == desk.actor.person_id, *_unbarred(desk, WorkItemRow))
    )
    query = _found(query, search, WorkItemRow.name)
    keys = (WorkItemRow.completed_at, WorkItemRow.id)
    return _page(
        desk,
        query,
        keys,
        lambda row: _work(row[0], row[1], row[0].completed_at),
        sort,
        after,
        limit,
    )


def started_cases(
    desk: Desk, *, search: str = "", sort: str = NEWEST, after: str = "", limit: int = 20
) -> Box[CaseLine]:
    """Return the cases that the actor has registered and may see (我发起的).

    What one reported for oneself is not here but among one's own matters.

    Args:
        desk: Of a query.
        search: In number and title.
        sort: ``newest`` or ``oldest``, by when it was registered.
        after: The `after` of the page before.
        limit: Lines on a page, 1 to 200.

    Raises:
        ValueError: `sort` is unknown or `after` is no cursor of this sort.
    """
    query = _found(sa.select(CaseRow).where(_started(desk)), search)
    keys = (CaseRow.opened_at, CaseRow.id)
    return _page(desk, query, keys, lambda row: case_line(row[0]), sort, after, limit)


def copied_cases(
    desk: Desk, *, search: str = "", sort: str = NEWEST, after: str = "", limit: int = 20
) -> Box[CopyView]:
    """Return what was copied to the actor (抄送我的), as far as it may still be seen.

    Args:
        desk: Of a query.
        search: In number and title.
        sort: ``newest`` or ``oldest``, by when it was sent.
        after: The `after` of the page before.
        limit: Lines looked at for a page, 1 to 200.

    Raises:
        ValueError: `sort` is unknown or `after` is no cursor of this sort.
    """
    query = (
        sa.select(CopyRow, CaseRow)
        .join(CaseRow, CaseRow.id == CopyRow.case_id)
        .where(CopyRow.person_id == desk.actor.person_id, *_unbarred(desk, CopyRow))
    )
    keys = (CopyRow.sent_at, CopyRow.id)
    page = _page(
        desk, _found(query, search), keys, lambda row: (row[0], row[1]), sort, after, limit
    )
    names = names_of(desk, [copy.sent_by for copy, _ in page.lines])
    lines = tuple(
        CopyView(
            copy.id,
            case.id,
            case.number,
            case.title,
            names.get(copy.sent_by, ""),
            copy.note,
            copy.sent_at,
            copy.read_at,
        )
        for copy, case in page.lines
        if case_is_seen(desk, case)
    )
    return Box(lines, page.after)


def own_drafts(
    desk: Desk, *, search: str = "", sort: str = NEWEST, after: str = "", limit: int = 20
) -> Box[WorkLine]:
    """Return what the actor has begun to write and not handed in (草稿), while it can be.

    Args:
        desk: Of a query.
        search: In the step's name, and the number and title of its case.
        sort: ``newest`` or ``oldest``, by when it was saved.
        after: The `after` of the page before.
        limit: Lines on a page, 1 to 200.

    Raises:
        ValueError: `sort` is unknown or `after` is no cursor of this sort.
    """
    query = (
        sa.select(Draft, WorkItemRow, CaseRow)
        .join(WorkItemRow, WorkItemRow.id == Draft.work_item_id)
        .join(CaseRow, CaseRow.id == Draft.case_id)
        .where(*_drafted(desk), *_unbarred(desk, Draft))
    )
    query = _found(query, search, WorkItemRow.name)
    keys = (Draft.saved_at, Draft.work_item_id)
    return _page(
        desk, query, keys, lambda row: _work(row[1], row[2], row[0].saved_at), sort, after, limit
    )


def watched_cases(
    desk: Desk, *, search: str = "", sort: str = BY_DAY, after: str = "", limit: int = 20
) -> Box[NoteView]:
    """Return the cases that the actor watches or looks at again on a day (关注).

    Args:
        desk: Of a query.
        search: In number and title.
        sort: ``day`` of the follow-up, those without one last; or ``number``.
        after: The `after` of the page before.
        limit: Lines looked at for a page, 1 to 200.

    Raises:
        ValueError: `sort` is unknown or `after` is no cursor of this sort.
    """
    day = sa.func.coalesce(OwnNote.follow_up_on, sa.literal(NO_DAY, sa.Date()), type_=sa.Date())
    by_sort: dict[str, Any] = {BY_DAY: day, BY_NUMBER: CaseRow.number}
    if sort not in by_sort:
        raise ValueError(f"this box is not sorted by {sort!r}")
    query = (
        sa.select(OwnNote, CaseRow, by_sort[sort].label("key"))
        .join(CaseRow, CaseRow.id == OwnNote.case_id)
        .where(*_watched(desk), *_unbarred(desk, OwnNote))
    )
    keys = (by_sort[sort], OwnNote.case_id)
    rows = desk.session.execute(
        paged(_found(query, search), keys, sort=sort, after=after, limit=limit, newest_first=False)
    ).all()
    last = rows[limit - 1] if len(rows) > limit else None
    lines = tuple(
        note_view(note, case) for note, case, _ in rows[:limit] if case_is_seen(desk, case)
    )
    return Box(lines, cursor_of(sort, last.key, last[0].case_id) if last is not None else "")


def box_counts(desk: Desk) -> BoxCounts:
    """Return how many lines each of the actor's boxes has; the inbox counts its own."""
    me = desk.actor.person_id
    barred = barred_cases(desk)

    def lines(table: Any, *conditions: Any) -> sa.Select[Any]:
        return sa.select(sa.literal(1)).select_from(table).where(*conditions)

    written = sa.join(Draft, WorkItemRow, WorkItemRow.id == Draft.work_item_id)
    not_read = (CopyRow.person_id == me, CopyRow.read_at.is_(None))
    every = (
        lines(WorkItemRow, WorkItemRow.completed_by == me, *_outside(barred, WorkItemRow)),
        lines(CaseRow, _started(desk)),
        lines(CopyRow, *not_read, *_outside(barred, CopyRow)),
        lines(written, *_drafted(desk), *_outside(barred, Draft)),
        lines(OwnNote, *_watched(desk), *_outside(barred, OwnNote)),
    )
    found: list[int] = list(desk.session.execute(sa.select(*map(up_to, every))).one())
    done, started, unread, drafts, watched = found
    return BoxCounts(done, started, unread, drafts, watched, is_capped=max(found) >= MOST_COUNTED)


def _page(  # noqa: PLR0917 -- a query and how a page of it is read
    desk: Desk,
    query: Any,
    keys: tuple[Any, Any],
    line: Callable[[Any], T],
    sort: str,
    after: str,
    limit: int,
) -> Box[T]:
    """Return a page of rows in the order of an instant and an id."""
    if sort not in SORTS:
        raise ValueError(f"this box is not sorted by {sort!r}")
    when, row_id = keys
    whole = query.add_columns(when.label("key_at"), row_id.label("key_id"))
    found = desk.session.execute(
        paged(whole, keys, sort=sort, after=after, limit=limit, newest_first=sort == NEWEST)
    ).all()
    last = found[limit - 1] if len(found) > limit else None
    return Box(
        tuple(line(row) for row in found[:limit]),
        cursor_of(sort, last.key_at, last.key_id) if last is not None else "",
    )


def _started(desk: Desk) -> sa.ColumnElement[bool]:
    return sa.and_(CaseRow.opened_by == desk.actor.person_id, visible_cases(desk))


def _drafted(desk: Desk) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        Draft.person_id == desk.actor.person_id,
        WorkItemRow.state.in_(("open", "claimed")),
        sa.or_(WorkItemRow.claimed_by.is_(None), WorkItemRow.claimed_by == desk.actor.person_id),
    )


def _watched(desk: Desk) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        OwnNote.person_id == desk.actor.person_id,
        sa.or_(OwnNote.watched_at.is_not(None), OwnNote.follow_up_on.is_not(None)),
    )


def _unbarred(desk: Desk, table: Any) -> tuple[sa.ColumnElement[bool], ...]:
    """Return what keeps cases out of which a recusal, or being their subject, keeps the actor."""
    return _outside(barred_cases(desk), table)


def _outside(cases: Collection[str], table: Any) -> tuple[sa.ColumnElement[bool], ...]:
    return (table.case_id.not_in(cases),) if cases else ()


def _found(query: Any, search: str, *more: Any) -> Any:
    if not search.strip():
        return query
    return query.where(holds(search, CaseRow.number, CaseRow.title, *more))


def _work(item: WorkItemRow, case: CaseRow, at: datetime) -> WorkLine:
    return WorkLine(
        work_item_id=item.id,
        name=item.name,
        name_en=str(item.properties.get("name_en") or ""),
        case_id=case.id,
        case_number=case.number,
        case_title=case.title,
        version_id=case.version_id,
        at=at,
    )
