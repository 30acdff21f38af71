"""Deadlines between their rows and their rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.model.calendars import WorkingCalendar
from engine.model.deadline_changes import Change, Event, Extension, Hold, count
from engine.model.deadline_rules import DeadlineRule
from engine.model.deadlines import Deadline, DeadlineState
from engine.model.identifiers import PersonId
from engine.model.periods import Period, Unit
from engine.store.tables import DeadlineRow

NAMED = "named"
"""The kind of a history's first entry where the last day was named (限期到某日)."""


def newest(session: Session, case_id: str, keys: Sequence[str]) -> dict[str, DeadlineRow]:
    """Return the latest round of each of these deadlines in a case, whatever became of it."""
    known = {f"key_{number}": key for number, key in enumerate(keys)}
    rows = session.scalars(_newest_of(len(keys)), {"case": case_id, **known})
    return {row.key: row for row in rows}


@cache
def _newest_of(number: int) -> sa.Select[DeadlineRow]:
    """Return the question for so many deadlines: each gives the end of its index alone."""
    ends = [
        sa.select(DeadlineRow.id)
        .where(
            DeadlineRow.case_id == sa.bindparam("case"),
            DeadlineRow.key == sa.bindparam(f"key_{at}"),
        )
        .order_by(DeadlineRow.round.desc())
        .limit(1)
        .subquery()
        for at in range(number)
    ]
    return sa.select(DeadlineRow).where(
        DeadlineRow.id.in_(sa.union_all(*(sa.select(end.c.id) for end in ends)))
    )


def running(session: Session, case_id: str) -> list[DeadlineRow]:
    """Return the deadlines of a case that run or stand still, the earliest first."""
    return list(
        session.scalars(
            sa.select(DeadlineRow)
            .where(
                DeadlineRow.case_id == case_id,
                DeadlineRow.state.in_((DeadlineState.RUNNING, DeadlineState.SUSPENDED)),
            )
            .order_by(DeadlineRow.expires_at, DeadlineRow.key)
        )
    )


def deadline_of(row: DeadlineRow, rule: DeadlineRule, calendar: WorkingCalendar) -> Deadline:
    """Return the deadline that a row keeps; its last day is the row's, not counted again."""
    event = Event(row.event_on, row.recorded_at, row.event_at, _named_day(row))
    changes = tuple(change for entry in row.history if (change := _change(entry)) is not None)
    return Deadline(
        rule=rule,
        event=event,
        counted=count(rule, event, changes, calendar),
        last_day=row.last_day,
        expires_at=row.expires_at,
        changes=changes,
        state=DeadlineState(row.state),
        told_last_day=row.told_last_day,
        ended_on=row.ended_on,
    )


def row_of(
    deadline: Deadline,
    calendar: WorkingCalendar,
    *,
    authority_id: str,
    case_id: str,
    number: int,
    event_at: datetime,
) -> DeadlineRow:
    """Return a new row for a deadline that begins, as round `number` in its case."""
    return DeadlineRow(
        authority_id=authority_id,
        case_id=case_id,
        key=deadline.rule.key,
        round=number,
        state=deadline.state.value,
        event_on=deadline.event_day,
        event_at=event_at,
        recorded_at=deadline.event.recorded_at,
        last_day=deadline.last_day,
        expires_at=deadline.expires_at,
        warn_at=min(deadline.reminder_at(calendar), deadline.expires_at),
        provisional=deadline.provisional,
        calendar_version=calendar.version,
        told_last_day=deadline.told_last_day,
        history=_named(deadline),
    )


def write(
    row: DeadlineRow, deadline: Deadline, calendar: WorkingCalendar, *, kind: str, now: datetime
) -> None:
    """Bring a row up to date; a shift or change goes into its history.

    Args:
        row: The row of this deadline.
        deadline: As it stands now.
        calendar: By which it was counted.
        kind: ``extension``, ``hold``, ``resume``, ``recount``, ``told``, ``met``, ``lapsed``
            or ``withdrawn``.
        now: The present instant.
    """
    entry: dict[str, Any] = {
        "kind": kind,
        "at": now.isoformat(),
        "from": row.last_day.isoformat(),
        "to": deadline.last_day.isoformat(),
    }
    if kind in {"extension", "hold"}:
        entry |= _written(deadline.changes[-1])
    history = [dict(cast("dict[str, Any]", old)) for old in row.history]
    if kind == "resume":
        ended = [change for change in deadline.changes if isinstance(change, Hold)][-1]
        history = [
            old | _written(ended) if old["kind"] == "hold" and not old["resumed_on"] else old
            for old in history
        ]
    row.history = [*history, entry]
    row.state = deadline.state.value
    row.last_day = deadline.last_day
    row.expires_at = deadline.expires_at
    row.warn_at = min(deadline.reminder_at(calendar), deadline.expires_at)
    row.provisional = deadline.provisional
    row.calendar_version = calendar.version
    row.extensions = len(deadline.extensions)
    row.told_last_day = deadline.told_last_day
    row.ended_on = deadline.ended_on


def _named(deadline: Deadline) -> list[object]:
    """Return a new row's history: the last day that was named for it, if one was."""
    until = deadline.event.until
    return [] if until is None else [{"kind": NAMED, "to": until.isoformat()}]


def _named_day(row: DeadlineRow) -> date | None:
    entries = (cast("dict[str, Any]", entry) for entry in row.history)
    return next((date.fromisoformat(one["to"]) for one in entries if one["kind"] == NAMED), None)


def _written(change: Change) -> dict[str, Any]:
    if isinstance(change, Extension):
        return {
            "value": change.by.value,
            "unit": change.by.unit.value,
            "approved_by": change.approved_by,
            "reasons": change.reasons,
            "granted_at": change.granted_at.isoformat(),
        }
    return {
        "began_on": change.began_on.isoformat(),
        "approved_by": change.approved_by,
        "reasons": change.reasons,
        "resumed_on": change.resumed_on.isoformat() if change.resumed_on else None,
    }


def _change(entry: object) -> Change | None:
    known = cast("dict[str, Any]", entry)
    if known["kind"] == "extension":
        return Extension(
            Period(known["value"], Unit(known["unit"])),
            PersonId(known["approved_by"]),
            known["reasons"],
            datetime.fromisoformat(known["granted_at"]),
        )
    if known["kind"] == "hold":
        resumed = known["resumed_on"]
        return Hold(
            date.fromisoformat(known["began_on"]),
            PersonId(known["approved_by"]),
            known["reasons"],
            date.fromisoformat(resumed) if resumed else None,
        )
    return None
