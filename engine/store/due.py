"""What is due: a query over rows, each claimed by one sweep."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, cast

import sqlalchemy as sa
from sqlalchemy.orm import undefer

from engine.store.prepared import Prepared
from engine.store.tables import CaseRow, DueRow
from engine.store.waiting import later

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy.orm import Session

LONGEST_WAIT = timedelta(hours=1)

_CASE_AND_DUE = (
    sa.select(CaseRow, DueRow)
    .join(DueRow, DueRow.case_id == CaseRow.id)
    .where(
        DueRow.id == sa.bindparam("due"),
        DueRow.state == "armed",
        DueRow.due_at <= sa.bindparam("now"),
    )
    .options(undefer(CaseRow.state))
    .with_for_update()
    .execution_options(populate_existing=True)
)
_TOGETHER = (
    sa.select(CaseRow, DueRow)
    .join(DueRow, DueRow.case_id == CaseRow.id)
    .where(
        DueRow.id.in_(sa.bindparam("those", expanding=True)),
        DueRow.state == "armed",
        DueRow.due_at <= sa.bindparam("now"),
    )
    .order_by(DueRow.due_at, DueRow.id)
    .with_for_update(skip_locked=True)
    .execution_options(populate_existing=True)
)
_DUE = cast("sa.Table", DueRow.__table__)
_FIRED = Prepared(
    sa.update(_DUE)
    .where(_DUE.c.id == sa.bindparam("due"))
    .values(state="fired", fired_at=sa.bindparam("now"))
)


@dataclass(frozen=True, slots=True)
class Due:
    """An armed row that is due, as a sweep needs it; see `DueRow`."""

    id: str
    authority_id: str
    kind: str


def due_now(session: Session, now: datetime, limit: int) -> list[Due]:
    """Return armed rows that are due, oldest first."""
    rows = session.execute(
        sa.select(DueRow.id, DueRow.authority_id, DueRow.kind)
        .where(
            DueRow.state == "armed",
            DueRow.due_at <= now,
            sa.or_(DueRow.not_before.is_(None), DueRow.not_before <= now),
        )
        .order_by(DueRow.due_at, DueRow.id)
        .limit(limit)
    )
    return [Due(row.id, row.authority_id, row.kind) for row in rows]


def claim_due(session: Session, due_id: str, now: datetime) -> DueRow | None:
    """Lock an armed row of no case that is due and mark it fired; None if it no longer is.

    A second sweep on another node passes over a row that is locked.
    """
    row = session.scalar(
        sa.select(DueRow)
        .where(
            DueRow.id == due_id,
            DueRow.case_id.is_(None),
            DueRow.state == "armed",
            DueRow.due_at <= now,
        )
        .with_for_update(skip_locked=True)
    )
    if row is not None:
        row.state = "fired"
        row.fired_at = now
    return row


def claim_due_of_case(
    session: Session, due_id: str, now: datetime
) -> tuple[CaseRow, DueRow] | None:
    """Lock a case, then what is armed and due in it, and mark that fired; None if it is not.

    A second sweep on another node waits for the case, and then finds nothing armed.
    """
    found = session.execute(_CASE_AND_DUE, {"due": due_id, "now": now}).one_or_none()
    if found is None:
        return None
    case, row = found
    row.state = "fired"
    row.fired_at = now
    return case, row


def claim_together(
    session: Session, due_ids: Collection[str], now: datetime
) -> list[tuple[CaseRow, DueRow]]:
    """Lock several cases with what is armed and due in them, and have that marked fired.

    What somebody else holds, another sweep or a command in the case, is passed over and stays
    armed: who holds several cases never waits for one more.

    Args:
        session: Of a command that changes the rows of these cases no further.
        due_ids: Rows of cases.
        now: Aware.

    Returns:
        Those that are claimed, oldest first; the rows still say `armed` until they are written.
    """
    found = session.execute(_TOGETHER, {"those": list(due_ids), "now": now}).all()
    if found:
        later(session, _FIRED, [{"due": row.id, "now": now} for _, row in found])
    return [(case, row) for case, row in found]


def next_due(session: Session) -> datetime | None:
    """Return the earliest instant at which something is due."""
    return session.scalar(sa.select(sa.func.min(DueRow.due_at)).where(DueRow.state == "armed"))


def put_off(session: Session, due_id: str, now: datetime) -> int:
    """Try a row whose firing failed again later; return how often it has failed."""
    row = session.get_one(DueRow, due_id, with_for_update=True)
    row.failures += 1
    row.not_before = now + min(LONGEST_WAIT, timedelta(seconds=2**row.failures))
    return row.failures
