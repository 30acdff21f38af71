"""Rounds of a case's deadlines: read once in a command, kept with what falls due by them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from typing import cast

import sqlalchemy as sa

from engine.desk.desk import Desk
from engine.model.deadlines import Deadline, DeadlineState
from engine.model.lamps import MarkKind
from engine.store.deadlines import deadline_of, newest, write
from engine.store.inboxes import date_anew
from engine.store.prepared import Prepared
from engine.store.tables import CaseRow, DeadlineRow, DueRow
from engine.store.waiting import add_later, asked, later

NEVER = datetime(9999, 12, 30, tzinfo=UTC)
"""When something without a deadline is due: it sorts behind everything else."""

TIMER = "timer"
_DUE = cast("sa.Table", DueRow.__table__)
_ROUNDS = _DUE.c.ref.in_((sa.bindparam("round"), sa.bindparam("before")))
_ITS_TIMER = sa.and_(_DUE.c.kind == TIMER, _DUE.c.deadline_key == sa.bindparam("deadline"))
_HANGING = Prepared(
    sa.select(_DUE.c.kind, _DUE.c.state, _DUE.c.ref).where(
        _DUE.c.case_id == sa.bindparam("case"), sa.or_(_ROUNDS, _ITS_TIMER)
    )
)
_ARMED = sa.update(_DUE).where(_DUE.c.case_id == sa.bindparam("case"), _DUE.c.state == "armed")
_MOVE = Prepared(_ARMED.where(_ITS_TIMER).values(due_at=sa.bindparam("to")))
_WITHDRAW = Prepared(_ARMED.where(_ROUNDS, _DUE.c.kind != TIMER).values(state="withdrawn"))


def foresee(desk: Desk, case: CaseRow, facts: Collection[str], keys: Iterable[str]) -> None:
    """Read in one question the rounds of the deadlines that facts begin or end, and of `keys`.

    Only so that they are not asked for one by one.
    """
    rules = desk.version(case).rules.deadlines.values()
    moved = {str(rule.key) for rule in rules if rule.starts in facts or rule.ends in facts}
    _read_rounds(desk, case, moved.union(keys))


def newest_round(desk: Desk, case: CaseRow, key: str) -> DeadlineRow | None:
    """Return the latest round of a deadline; asked for once in a command.

    Rounds are begun here alone, in the transaction that holds the case.
    """
    _read_rounds(desk, case, (key,))
    return desk.rounds[case.id, key]


def _read_rounds(desk: Desk, case: CaseRow, keys: Iterable[str]) -> None:
    """Read the latest rounds that the command has not read yet."""
    unread = sorted({key for key in keys if (case.id, key) not in desk.rounds})
    if unread:
        with desk.session.no_autoflush:  # a round that is not in the table yet is in `rounds`
            found = newest(desk.session, case.id, unread)
        for key in unread:
            desk.rounds[case.id, key] = found.get(key)


def deadline_now(desk: Desk, case: CaseRow, key: str) -> Deadline | None:
    """Return the latest round of a deadline, or None if it never began."""
    row = newest_round(desk, case, key)
    return None if row is None else loaded(desk, case, row)


def loaded(desk: Desk, case: CaseRow, row: DeadlineRow) -> Deadline:
    """Return the deadline that a row of `case` keeps."""
    return deadline_of(row, desk.version(case).deadline(row.key), desk.calendar(case.authority_id))


def keep(desk: Desk, case: CaseRow, row: DeadlineRow, deadline: Deadline, *, kind: str) -> None:
    """Write a changed deadline, and move everything that hangs on it.

    Marks and timers of the diagram are armed anew, inboxes show the new last day.
    The caller records the fact.

    Args:
        kind: As `engine.store.deadlines.write` says.
    """
    write(row, deadline, desk.calendar(case.authority_id), kind=kind, now=desk.now())
    refresh_inbox(desk, case, row)
    arm(desk, case, row, deadline)


def arm(
    desk: Desk,
    case: CaseRow,
    row: DeadlineRow,
    deadline: Deadline,
    *,
    before: DeadlineRow | None = None,
) -> None:
    """Make the rows of what falls due by a deadline those that it sets now.

    A mark that has fired does not come again (SUP-053). Timers of the diagram that
    wait for the deadline are moved to its expiry.

    Args:
        desk: Of the command.
        case: Locked.
        row: Of the deadline.
        deadline: As it stands now.
        before: The round that this one supersedes: what it set is withdrawn, and what of it
            has fired does not count for this round.
    """
    session = desk.session
    fired: set[str] = set()
    armed: set[bool] = set()  # whether as a timer of the diagram
    superseded = row.id if before is None else before.id
    known = {"case": case.id, "round": row.id, "before": superseded, "deadline": row.key}
    for kind, state, ref in asked(session, _HANGING, known, DueRow):
        if state == "fired" and ref == row.id:
            fired.add(kind)
        elif state == "armed":
            armed.add(kind == TIMER)
    if True in armed:
        timers = {"case": case.id, "deadline": row.key, "to": _timer_due_at(row)}
        later(session, _MOVE, timers)
    if False in armed:
        later(session, _WITHDRAW, {"case": case.id, "round": row.id, "before": superseded})
    marks = [
        DueRow(
            authority_id=case.authority_id,
            case_id=case.id,
            kind=mark.kind.value,
            ref=row.id,
            deadline_key=row.key,
            due_at=mark.at,
        )
        for mark in deadline.marks(desk.calendar(case.authority_id))
        if not (mark.kind is not MarkKind.REMIND_DAILY and mark.kind.value in fired)
        and not (mark.kind is MarkKind.REMIND and deadline.expires_at <= desk.now())
    ]
    add_later(session, *marks)


def timer_due_at(desk: Desk, case: CaseRow, key: str) -> datetime:
    """Return when a timer that waits for a deadline fires; far off while it does not run."""
    return _timer_due_at(newest_round(desk, case, key))


def _timer_due_at(row: DeadlineRow | None) -> datetime:
    runs = row is not None and row.state in {DeadlineState.RUNNING, DeadlineState.LAPSED}
    return row.expires_at if row is not None and runs else NEVER


def due_of(desk: Desk, case: CaseRow, key: str) -> tuple[datetime, datetime]:
    """Return when a work item of this deadline is due and when its lamp turns near."""
    return _due_of(newest_round(desk, case, key) if key else None)


def _due_of(row: DeadlineRow | None) -> tuple[datetime, datetime]:
    if row is None or row.state != DeadlineState.RUNNING:
        return NEVER, NEVER
    return row.expires_at, row.warn_at


def refresh_inbox(desk: Desk, case: CaseRow, row: DeadlineRow) -> None:
    """Show the present last day of a deadline in the inboxes of its work items."""
    due_at, warn_at = _due_of(row)
    date_anew(desk.session, case.id, row.key, due_at=due_at, warn_at=warn_at)
