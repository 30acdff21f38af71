"""The reports that came without a log-in, for who receives them; never what they say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from engine.desk.desk import Desk
from engine.desk.reports import PROTECTORS, RECEIVED, must_hold
from engine.store.tables import CaseRow, Report, ReportMessage

MOST = 200


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A report in the list.

    Attributes:
        state: ``received``, ``registered`` or ``not_accepted``.
        said_at: When the reporter last said something.
        case_number: Of the case that it became; empty before.
    """

    id: str
    state: str
    received_at: datetime
    said_at: datetime
    case_number: str


def report_lines(desk: Desk, *, settled: bool = False) -> tuple[ReportLine, ...]:
    """Return the authority's reports, what was added to last first; at most 200.

    Raises:
        NotAllowed: The reader neither receives reports nor protects reporters.
    """
    must_hold(desk, PROTECTORS)
    last = (
        sa.select(sa.func.max(ReportMessage.said_at))
        .where(ReportMessage.report_id == Report.id, ReportMessage.by_id.is_(None))
        .scalar_subquery()
    )
    waits = Report.state == RECEIVED
    rows = desk.session.execute(
        sa.select(Report, CaseRow.number, last.label("said_at"))
        .outerjoin(CaseRow, CaseRow.id == Report.case_id)
        .where(Report.authority_id == desk.actor.authority_id, sa.not_(waits) if settled else waits)
        .order_by(last.desc(), Report.id.desc())
        .limit(MOST)
    )
    return tuple(
        ReportLine(row.id, row.state, row.received_at, said_at, number or "")
        for row, number, said_at in rows
    )
