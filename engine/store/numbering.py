"""Number series: one row for each authority, procedure, series and year."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.model.numbering import NumberRule
from engine.store.tables import NumberAllotted, NumberSeries


def allot(
    session: Session,
    rule: NumberRule,
    *,
    authority_id: str,
    authority_short: str,
    procedure: str,
    series: str,
    year: int,
    now: datetime,
    case_id: str,
    used_for: str | None = None,
) -> NumberAllotted:
    """Allot the next number of a series, in the caller's transaction.

    The series' row stays locked until its end, so that numbers have no gap but
    those which `mark_empty` records. A transaction that is rolled back leaves none.

    Args:
        session: The command's.
        rule: How the number is written.
        authority_id: Whose series.
        authority_short: As the rule writes it.
        procedure: The procedure's id.
        series: ``case``, ``decision`` … as `procedure.yaml` names it.
        year: The civil year in which it is allotted.
        now: Aware.
        case_id: The case for which it is allotted.
        used_for: The document, if it is not the case's own number.
    """
    key = (authority_id, procedure, series, year)
    row = session.get(NumberSeries, key, with_for_update=True)
    if row is None:
        row = NumberSeries(
            authority_id=authority_id, procedure=procedure, series=series, year=year, last=0
        )
        session.add(row)
        session.flush()
    row.last += 1
    allotted = NumberAllotted(
        authority_id=authority_id,
        procedure=procedure,
        series=series,
        year=year,
        n=row.last,
        text=rule.render(authority_short=authority_short, year=year, n=row.last),
        state="used" if used_for else "allotted",
        used_for=used_for,
        case_id=case_id,
        allotted_at=now,
    )
    session.add(allotted)
    return allotted


def mark_empty(session: Session, authority_id: str, text: str) -> bool:
    """Record that an allotted number was not used (空号); return whether there was one."""
    row = session.scalar(
        sa.select(NumberAllotted).where(
            NumberAllotted.authority_id == authority_id,
            NumberAllotted.text == text,
            NumberAllotted.state != "empty",
        )
    )
    if row is None:
        return False
    row.state = "empty"
    return True


def mark_used(session: Session, authority_id: str, text: str, used_for: str) -> None:
    """Record what an allotted number is used for."""
    session.execute(
        sa.update(NumberAllotted)
        .where(NumberAllotted.authority_id == authority_id, NumberAllotted.text == text)
        .values(state="used", used_for=used_for)
    )
