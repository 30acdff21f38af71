"""Inboxes as they are written: lines put in, taken out, dated anew.

They are said to the table itself and not through mapped rows: nothing in a command reads
them back, and every completion writes them. So they wait for the next flush.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import sqlalchemy as sa

from engine.store.prepared import Prepared
from engine.store.tables import InboxRow, WorkItemRow
from engine.store.waiting import later

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy.orm import Session

_LINES = cast("sa.Table", InboxRow.__table__)
_ADD = Prepared(sa.insert(_LINES))
_TAKE_OUT = Prepared(sa.delete(_LINES).where(_LINES.c.work_item_id == sa.bindparam("work_item")))
_DATE = Prepared(
    sa.update(_LINES)
    .where(
        _LINES.c.work_item_id.in_(
            sa.select(WorkItemRow.__table__.c.id).where(
                WorkItemRow.__table__.c.case_id == sa.bindparam("of_case"),
                WorkItemRow.__table__.c.deadline_key == sa.bindparam("of_key"),
                WorkItemRow.__table__.c.state.in_(
                    (sa.literal_column("'open'"), sa.literal_column("'claimed'"))
                ),
            )
        )
    )
    .values(due_at=sa.bindparam("due"), warn_at=sa.bindparam("warn"))
)


def put_in(
    session: Session,
    item: WorkItemRow,
    principals: Collection[str],
    *,
    due_at: datetime,
    warn_at: datetime,
) -> None:
    """Put a work item into the inboxes of `principals`."""
    lines = [
        {
            "principal": principal,
            "due_at": due_at,
            "work_item_id": item.id,
            "warn_at": warn_at,
            "authority_id": item.authority_id,
            "case_id": item.case_id,
        }
        for principal in sorted(set(principals))
    ]
    if lines:
        later(session, _ADD, lines)


def take_out(session: Session, work_items: Collection[str]) -> None:
    """Take work items out of every inbox."""
    later(session, _TAKE_OUT, [{"work_item": one} for one in work_items])


def date_anew(
    session: Session, case_id: str, key: str, *, due_at: datetime, warn_at: datetime
) -> None:
    """Show another due date with what waits in a case for the deadline `key`."""
    later(session, _DATE, {"of_case": case_id, "of_key": key, "due": due_at, "warn": warn_at})
