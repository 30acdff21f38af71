"""What a closed case has in the tables: read for its package, removed where it is heavy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
import sqlalchemy as sa

from engine.store.tables import (
    CaseRow,
    Draft,
    DueRow,
    HeldAnswers,
    InboxRow,
    Notice,
    NoticeDelivery,
    Record,
    SearchEntry,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

LEFT_OUT = frozenset(
    {
        "access_entry",
        "audit_entry",
        "search_entry",
        "vault_field",
        "vault_key",
        "report",
        "report_message",
    }
)
"""Tables with a case's id that no package repeats: the record has a form of its own, secrets stay
in the vault under the case's key, and who reported stays with the report."""

REPORTER = "reporter"


def rows_of(session: Session, case_id: str) -> Iterator[tuple[str, bytes]]:
    """Yield each table of a case and its rows, one JSON object a line; empty tables are left out.

    Whoever reported is in none of them, nor is the running state of the diagram.
    """
    for name, table in sorted(Record.metadata.tables.items()):
        column = table.c.id if name == CaseRow.__tablename__ else table.c.get("case_id")
        if column is None or name in LEFT_OUT:
            continue
        query = sa.select(table).where(column == case_id).order_by(*table.primary_key.columns)
        if name == "participant":
            query = query.where(table.c.role != REPORTER)
        lines = [_line(row) for row in session.execute(query).mappings()]
        if lines:
            yield name, b"".join(lines)


def remove_heavy_rows(session: Session, case: CaseRow) -> int:
    """Remove what only a running case needs; return how many rows went.

    The case, its steps, answers, decisions, papers, services, measures, the record and the
    vault stay.
    """
    notices = sa.select(Notice.id).where(Notice.case_id == case.id)
    removals = (
        sa.delete(NoticeDelivery).where(NoticeDelivery.notice_id.in_(notices)),
        sa.delete(Notice).where(Notice.case_id == case.id),
        sa.delete(InboxRow).where(InboxRow.case_id == case.id),
        sa.delete(Draft).where(Draft.case_id == case.id),
        sa.delete(HeldAnswers).where(HeldAnswers.case_id == case.id),
        sa.delete(DueRow).where(DueRow.case_id == case.id),
        sa.delete(SearchEntry).where(SearchEntry.case_id == case.id),
    )
    gone = 0
    for one in removals:
        gone += session.connection().execute(one).rowcount
    case.state, case.variables, case.awaited = None, {}, []
    return gone


def _line(row: Any) -> bytes:
    shown = {
        name: value.hex() if isinstance(value, bytes) else value
        for name, value in row.items()
        if name != "state" or not isinstance(value, bytes)
    }
    return orjson.dumps(shown, option=orjson.OPT_APPEND_NEWLINE)
