"""One's own notices, in pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from engine.desk.desk import Desk
from engine.desk.rights import RIGHTS, Relation, Right
from engine.store.tables import CaseRow, Notice

LARGEST_PAGE = 200


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A notice with the number of its case.

    Attributes:
        text: In the platform's two languages, and the title where it has one:
            ``zh``, ``en``, ``title``, ``title_en``.
        opens_case: The reader may see the case's page, not only own matters in it.
    """

    id: str
    case_id: str
    case_number: str
    key: str
    text: dict[str, object]
    sent_at: datetime
    is_read: bool
    opens_case: bool
    event: str = "other"


@dataclass(frozen=True, slots=True)
class NoticePage:
    """A page of notices, the newest first; `after` opens the next one, "" on the last."""

    lines: tuple[NoticeLine, ...]
    after: str


def notices(
    desk: Desk, *, unread: bool = False, event: str = "", after: str = "", limit: int = 20
) -> NoticePage:
    """Return the actor's notices.

    Args:
        desk: Of a query.
        unread: Only those not read yet.
        event: Only of this kind of event; "" for all.
        after: The `after` of the page before: the id of its last notice. Ids follow time.
        limit: Lines on a page, 1 to 200.
    """
    limit = min(max(limit, 1), LARGEST_PAGE)
    query = (
        sa.select(Notice, CaseRow)
        .outerjoin(CaseRow, CaseRow.id == Notice.case_id)
        .where(Notice.person_id == desk.actor.person_id)
    )
    if unread:
        query = query.where(Notice.read_at.is_(None))
    if event:
        query = query.where(Notice.event == event)
    if after:
        query = query.where(Notice.id < after)
    found = desk.session.execute(query.order_by(Notice.id.desc()).limit(limit + 1)).all()
    lines = tuple(_line(desk, row[0], row[1]) for row in found[:limit])
    return NoticePage(lines, lines[-1].id if len(found) > limit else "")


def unread_notices(desk: Desk) -> tuple[int, str]:
    """Return how many of the actor's notices are unread, and the id of the newest of all."""
    row = desk.session.execute(
        sa.select(
            sa.func.sum(sa.case((Notice.read_at.is_(None), 1), else_=0)), sa.func.max(Notice.id)
        ).where(Notice.person_id == desk.actor.person_id)
    ).one()
    return int(row[0] or 0), str(row[1] or "")


def _line(desk: Desk, notice: Notice, case: CaseRow | None) -> NoticeLine:
    relations: frozenset[Relation] = frozenset()
    if case is not None:
        relations = desk.standing(case).relations
    return NoticeLine(
        id=notice.id,
        case_id=case.id if case is not None else "",
        case_number=case.number if case is not None else "",
        key=notice.key,
        text=dict(notice.text),
        sent_at=notice.sent_at,
        is_read=notice.read_at is not None,
        opens_case=not relations.isdisjoint(RIGHTS[Right.SEE]),
        event=notice.event,
    )
