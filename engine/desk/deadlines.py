"""A case's deadlines: begun and ended by facts, shifted by commands, with what falls due."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast

import sqlalchemy as sa

from engine.desk.cards import give_card
from engine.desk.desk import Desk
from engine.desk.facts import Fact
from engine.desk.holders import participants
from engine.desk.notices import tell
from engine.desk.values import value_at
from engine.errors import Refusal
from engine.model.days import day_of
from engine.model.deadline_changes import Event
from engine.model.deadline_rules import DeadlineRule
from engine.model.deadlines import Deadline, DeadlineState, begin
from engine.model.lamps import MarkKind
from engine.store.deadlines import NAMED, deadline_of, newest, row_of, write
from engine.store.inboxes import date_anew
from engine.store.prepared import Prepared
from engine.store.tables import CaseRow, DeadlineRow, DueRow, FactRow
from engine.store.waiting import add_later, asked, later

NEVER = datetime(9999, 12, 30, tzinfo=UTC)
"""When something without a deadline is due: it sorts behind everything else."""

TIMER = "timer"
KEPT = frozenset({"extension", "hold", NAMED})
"""What of a round's history the round that takes it up keeps."""
REPEAT = "repeat"
"""The kind of a due row by which the next round of a deadline that repeats begins."""
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
_ENDED = {DeadlineState.MET, DeadlineState.LAPSED, DeadlineState.WITHDRAWN}


def state_fact(
    desk: Desk,
    case: CaseRow,
    name: str,
    *,
    happened_on: date,
    proof: str = "",
    work_item_id: str | None = None,
    variables: Mapping[str, Any] | None = None,
) -> FactRow:
    """Put a fact of a case on the record; deadlines end and start on it.

    Args:
        desk: Of the command.
        case: Locked.
        name: As the procedure's deadlines name it.
        happened_on: The proved day; deadlines count from it.
        proof: What proves a day before today.
        work_item_id: The work item whose completion states it.
        variables: What is known where it is stated; the case's own if None.

    Raises:
        Refusal: The last day that is named for a deadline lies before `happened_on`.
    """
    fact = FactRow(
        authority_id=case.authority_id,
        case_id=case.id,
        name=name,
        happened_on=happened_on,
        recorded_at=desk.now(),
        proof=proof,
        work_item_id=work_item_id,
    )
    add_later(desk.session, fact)
    desk.record(
        case,
        Fact.FACT_STATED,
        name=name,
        happened_on=happened_on.isoformat(),
        is_proved=bool(proof),
    )
    rules = desk.version(case).rules.deadlines
    for rule in rules.values():
        if rule.ends == name:
            _meet(desk, case, str(rule.key), happened_on)
    for rule in rules.values():
        if rule.repeat is not None and rule.repeat.until == name:
            _stop_repeating(desk, case, str(rule.key), happened_on)
    for rule in rules.values():
        if rule.starts == name:
            until = _named_day(rule, variables or case.variables, happened_on)
            _begin(desk, case, str(rule.key), happened_on, until=until)
    return fact


def foresee(desk: Desk, case: CaseRow, facts: Collection[str], keys: Iterable[str]) -> None:
    """Read in one question the rounds of the deadlines that facts begin or end, and of `keys`.

    Only so that they are not asked for one by one.
    """
    rules = desk.version(case).rules.deadlines.values()
    moved = {str(rule.key) for rule in rules if rule.starts in facts or rule.ends in facts}
    _read_rounds(desk, case, moved.union(keys))


def _newest(desk: Desk, case: CaseRow, key: str) -> DeadlineRow | None:
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
    row = _newest(desk, case, key)
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
    _refresh_inbox(desk, case, row)
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
    return _timer_due_at(_newest(desk, case, key))


def _timer_due_at(row: DeadlineRow | None) -> datetime:
    runs = row is not None and row.state in {DeadlineState.RUNNING, DeadlineState.LAPSED}
    return row.expires_at if row is not None and runs else NEVER


def due_of(desk: Desk, case: CaseRow, key: str) -> tuple[datetime, datetime]:
    """Return when a work item of this deadline is due and when its lamp turns near."""
    return _due_of(_newest(desk, case, key) if key else None)


def _due_of(row: DeadlineRow | None) -> tuple[datetime, datetime]:
    if row is None or row.state != DeadlineState.RUNNING:
        return NEVER, NEVER
    return row.expires_at, row.warn_at


def _refresh_inbox(desk: Desk, case: CaseRow, row: DeadlineRow) -> None:
    """Show the present last day of a deadline in the inboxes of its work items."""
    due_at, warn_at = _due_of(row)
    date_anew(desk.session, case.id, row.key, due_at=due_at, warn_at=warn_at)


def withdraw_deadlines(desk: Desk, case: CaseRow) -> None:
    """End what still runs: the case is over and nothing is waited for any more."""
    rows = desk.session.scalars(
        sa.select(DeadlineRow).where(
            DeadlineRow.case_id == case.id, DeadlineRow.state.not_in(_ENDED)
        )
    )
    today = desk.calendar(case.authority_id).day_of(desk.now())
    for row in list(rows):
        keep(desk, case, row, loaded(desk, case, row).withdrawn(today), kind="withdrawn")
        desk.record(case, Fact.DEADLINE_WITHDRAWN, key=row.key, round=row.round)
    _disarm_rounds(desk, case)


def void_round(desk: Desk, case: CaseRow, key: str) -> bool:
    """End the running round of a deadline whose step was left; return whether there was one.

    A person's right is never taken back.

    Source: operations, 驳回; proposed.
    """
    row = _newest(desk, case, key)
    if row is None or row.state in _ENDED or desk.version(case).deadline(key).right_of:
        return False
    today = desk.calendar(case.authority_id).day_of(desk.now())
    keep(desk, case, row, loaded(desk, case, row).withdrawn(today), kind="withdrawn")
    desk.record(case, Fact.DEADLINE_WITHDRAWN, key=key, round=row.round)
    return True


def begin_anew(desk: Desk, case: CaseRow, key: str) -> bool:
    """Begin a round of a deadline whose step is done again, from today; return whether it did.

    Only where an earlier round has ended: one that runs goes on, one that never began begins
    on its fact. A person's right begins on its fact alone.

    Source: operations, 驳回; proposed.
    """
    row = _newest(desk, case, key)
    if row is None or row.state not in _ENDED or desk.version(case).deadline(key).right_of:
        return False
    _begin(desk, case, key, desk.calendar(case.authority_id).day_of(desk.now()))
    return True


def take_up(desk: Desk, case: CaseRow, key: str) -> bool:
    """Let the round that was met run on, as the step that met it was taken back.

    The new round has the event, the extensions and so the last day of the old one: nobody gains
    time by handing in and taking back. Return whether there was such a round.
    """
    row = _newest(desk, case, key)
    if row is None or row.state != DeadlineState.MET or desk.version(case).deadline(key).right_of:
        return False
    calendar = desk.calendar(case.authority_id)
    again = replace(
        loaded(desk, case, row), state=DeadlineState.RUNNING, ended_on=None, ended_at=None
    )
    new = row_of(
        again,
        calendar,
        authority_id=case.authority_id,
        case_id=case.id,
        number=row.round + 1,
        event_at=row.event_at,
    )
    changes = (cast("dict[str, Any]", entry) for entry in row.history)
    new.history = [dict(entry) for entry in changes if entry["kind"] in KEPT]
    new.extensions = row.extensions
    desk.session.add(new)
    desk.rounds[case.id, key] = new
    _refresh_inbox(desk, case, new)
    arm(desk, case, new, again, before=row)
    desk.record(
        case,
        Fact.DEADLINE_STARTED,
        key=key,
        round=new.round,
        event_on=new.event_on.isoformat(),
        last_day=new.last_day.isoformat(),
        provisional=new.provisional,
    )
    return True


def begin_next_round(desk: Desk, case: CaseRow, due: DueRow) -> None:
    """Begin the round of a deadline that repeats for which `due` stands, and arm the next one.

    The round before it stays as it is: what was not done in its time is not forgotten.

    Source: S0篇5§15-4 (定期督促检查，直至纠正); SUP-053: each missed round begins in its order.
    """
    first, _, turn = due.repeat.partition("/")
    _begin(desk, case, due.deadline_key, date.fromisoformat(first), turn=int(turn))


def _arm_next_round(desk: Desk, case: CaseRow, key: str, first: date, turn: int) -> None:
    """Let round `turn`, counted from the first day of all, begin on the morning after its day."""
    repeat = desk.version(case).deadline(key).repeat
    if repeat is None:
        return
    calendar = desk.calendar(case.authority_id)
    begins_on = repeat.counts_from(first, turn, calendar) + timedelta(days=1)
    desk.session.add(
        DueRow(
            authority_id=case.authority_id,
            case_id=case.id,
            kind=REPEAT,
            ref=key,
            deadline_key=key,
            due_at=calendar.start_of(begins_on),
            repeat=f"{first.isoformat()}/{turn}",
        )
    )


def _stop_repeating(desk: Desk, case: CaseRow, key: str, on: date) -> None:
    """Let no further round begin, and withdraw those that run."""
    for row in _running_rounds(desk, case, key):
        keep(desk, case, row, loaded(desk, case, row).withdrawn(on), kind="withdrawn")
        desk.record(case, Fact.DEADLINE_WITHDRAWN, key=key, round=row.round)
    _disarm_rounds(desk, case, key)


def _running_rounds(desk: Desk, case: CaseRow, key: str) -> list[DeadlineRow]:
    """Return the rounds that have not ended, the oldest first."""
    desk.session.flush()
    return list(
        desk.session.scalars(
            sa.select(DeadlineRow)
            .where(
                DeadlineRow.case_id == case.id,
                DeadlineRow.key == key,
                DeadlineRow.state.not_in(_ENDED),
            )
            .order_by(DeadlineRow.round)
        )
    )


def _disarm_rounds(desk: Desk, case: CaseRow, key: str = "") -> None:
    armed = sa.update(DueRow).where(
        DueRow.case_id == case.id, DueRow.kind == REPEAT, DueRow.state == "armed"
    )
    desk.session.flush()
    desk.session.execute(
        (armed.where(DueRow.deadline_key == key) if key else armed).values(state="withdrawn")
    )


def _begin(
    desk: Desk,
    case: CaseRow,
    key: str,
    happened_on: date,
    *,
    turn: int = 1,
    until: date | None = None,
) -> None:
    """Begin a round that counts from a fact; of one that repeats, the `turn`-th from it."""
    calendar = desk.calendar(case.authority_id)
    repeat = desk.version(case).deadline(key).repeat
    first = happened_on
    if repeat is not None and turn == 1:
        _stop_repeating(desk, case, key, happened_on)
    if repeat is not None:
        happened_on = repeat.counts_from(first, turn, calendar)
    before = _newest(desk, case, key)
    superseded = before if before is not None and before.state not in _ENDED else None
    if repeat is not None:
        superseded = None  # what was not done in its round is still to be done
    if superseded is not None:
        ended = loaded(desk, case, superseded).withdrawn(happened_on)
        write(superseded, ended, calendar, kind="withdrawn", now=desk.now())
        desk.record(case, Fact.DEADLINE_WITHDRAWN, key=key, round=superseded.round)
    event_at = _instant(desk, case, happened_on)
    rule = desk.version(case).deadline(key)
    deadline = begin(rule, Event(happened_on, desk.now(), event_at, until), calendar)
    if deadline.rule.right_of:
        deadline = deadline.told()
    row = row_of(
        deadline,
        calendar,
        authority_id=case.authority_id,
        case_id=case.id,
        number=1 if before is None else before.round + 1,
        event_at=event_at,
    )
    desk.session.add(row)
    desk.rounds[case.id, key] = row
    _refresh_inbox(desk, case, row)
    arm(desk, case, row, deadline, before=superseded)
    desk.record(
        case,
        Fact.DEADLINE_STARTED,
        key=key,
        round=row.round,
        event_on=happened_on.isoformat(),
        last_day=row.last_day.isoformat(),
        provisional=row.provisional,
    )
    _arm_next_round(desk, case, key, first, turn + 1)
    if deadline.rule.right_of:
        people = participants(desk, case, str(deadline.rule.right_of))
        title, last_day = deadline.rule.title.zh, row.last_day.isoformat()
        tell(desk, case, people, "right.began", title=title, last_day=last_day)


def _named_day(rule: DeadlineRule, variables: Mapping[str, Any], happened_on: date) -> date | None:
    """Return the last day that a case's variables name for a deadline, or None where it names none.

    Raises:
        Refusal: It lies before the day from which the deadline counts.
    """
    until = day_of(value_at(variables, rule.until))
    if until is not None and until < happened_on:
        raise Refusal(
            "deadline.day_past",
            rule=rule.source,
            deadline=rule.title.zh,
            day=until.isoformat(),
            since=happened_on.isoformat(),
        )
    return until


def _meet(desk: Desk, case: CaseRow, key: str, happened_on: date) -> None:
    row = _newest(desk, case, key)
    if row is None:
        return
    if desk.version(case).deadline(key).repeat is None:
        _meet_round(desk, case, row, happened_on)
        return
    for each in _running_rounds(desk, case, key):
        if not _meet_round(desk, case, each, happened_on):
            break  # it was in time: what comes after it has a time of its own
    if row.state not in _ENDED:
        _refresh_inbox(desk, case, row)  # the round met before it has taken its place there
        arm(desk, case, row, loaded(desk, case, row))


def _meet_round(desk: Desk, case: CaseRow, row: DeadlineRow, happened_on: date) -> bool:
    """Let a fact meet a round; return whether it was late."""
    if row.state in {DeadlineState.MET, DeadlineState.WITHDRAWN}:
        return False
    if row.state == DeadlineState.LAPSED and happened_on > row.last_day:
        return False
    met = loaded(desk, case, row).met(happened_on, desk.now())
    if met.was_late:
        _give_overdue_cards(desk, case, row, happened_on)
    keep(desk, case, row, met, kind="met")
    desk.record(
        case,
        Fact.DEADLINE_MET,
        key=row.key,
        round=row.round,
        on=happened_on.isoformat(),
        late=met.was_late,
    )
    return met.was_late


def _give_overdue_cards(desk: Desk, case: CaseRow, row: DeadlineRow, happened_on: date) -> None:
    """Give the cards that the sweep, not having come by yet, has not given (SUP-053)."""
    end_of_day = desk.calendar(case.authority_id).start_of(happened_on + timedelta(days=1))
    overdue = desk.session.scalars(
        sa.select(DueRow)
        .where(
            DueRow.case_id == case.id,
            DueRow.ref == row.id,
            DueRow.state == "armed",
            DueRow.kind.in_((MarkKind.YELLOW.value, MarkKind.RED.value)),
            DueRow.due_at < min(end_of_day, desk.now()),
        )
        .order_by(DueRow.due_at)
    )
    for due in list(overdue):
        give_card(desk, case, row, due)


def _instant(desk: Desk, case: CaseRow, happened_on: date) -> datetime:
    """Return the instant of a fact: now if it is today's, else the start of its day."""
    calendar = desk.calendar(case.authority_id)
    now = desk.now()
    return now if calendar.day_of(now) == happened_on else calendar.start_of(happened_on)
