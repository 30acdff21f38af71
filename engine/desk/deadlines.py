"""A case's deadlines: begun, met and withdrawn by facts, one round after another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, cast

import sqlalchemy as sa

from engine.desk.cards import give_card
from engine.desk.desk import Desk
from engine.desk.facts import Fact
from engine.desk.holders import participants
from engine.desk.notices import tell
from engine.desk.rounds import arm, keep, loaded, newest_round, refresh_inbox
from engine.desk.values import value_at
from engine.errors import Refusal
from engine.model.days import day_of
from engine.model.deadline_changes import Event
from engine.model.deadline_rules import DeadlineRule
from engine.model.deadlines import Deadline, DeadlineState, begin
from engine.model.lamps import MarkKind
from engine.store.deadlines import NAMED, row_of, write
from engine.store.tables import CaseRow, DeadlineRow, DueRow, FactRow
from engine.store.waiting import add_later

KEPT = frozenset({"extension", "hold", NAMED})
"""What of a round's history the round that takes it up keeps."""
REPEAT = "repeat"
"""The kind of a due row by which the next round of a deadline that repeats begins."""
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


def withdraw_deadlines(desk: Desk, case: CaseRow) -> None:
    """End what still runs: the case is over and nothing is waited for any more."""
    rows = desk.session.scalars(
        sa.select(DeadlineRow).where(
            DeadlineRow.case_id == case.id, DeadlineRow.state.not_in(_ENDED)
        )
    )
    today = desk.calendar(case.authority_id).day_of(desk.now())
    for row in list(rows):
        _withdraw(desk, case, row, today)
    _disarm_rounds(desk, case)


def void_round(desk: Desk, case: CaseRow, key: str) -> bool:
    """End the running round of a deadline whose step was left; return whether there was one.

    A person's right is never taken back.

    Source: operations, 驳回; proposed.
    """
    row = newest_round(desk, case, key)
    if row is None or row.state in _ENDED or desk.version(case).deadline(key).right_of:
        return False
    _withdraw(desk, case, row, desk.calendar(case.authority_id).day_of(desk.now()))
    return True


def _withdraw(desk: Desk, case: CaseRow, row: DeadlineRow, on: date) -> None:
    keep(desk, case, row, loaded(desk, case, row).withdrawn(on), kind="withdrawn")
    desk.record(case, Fact.DEADLINE_WITHDRAWN, key=row.key, round=row.round)


def begin_anew(desk: Desk, case: CaseRow, key: str) -> bool:
    """Begin a round of a deadline whose step is done again, from today; return whether it did.

    Only where an earlier round has ended: one that runs goes on, one that never began begins
    on its fact. A person's right begins on its fact alone.

    Source: operations, 驳回; proposed.
    """
    row = newest_round(desk, case, key)
    if row is None or row.state not in _ENDED or desk.version(case).deadline(key).right_of:
        return False
    _begin(desk, case, key, desk.calendar(case.authority_id).day_of(desk.now()))
    return True


def take_up(desk: Desk, case: CaseRow, key: str) -> bool:
    """Let the round that was met run on, as the step that met it was taken back.

    The new round has the event, the extensions and so the last day of the old one: nobody gains
    time by handing in and taking back. Return whether there was such a round.
    """
    row = newest_round(desk, case, key)
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
    _start(desk, case, new, again, before=row)
    return True


def _start(
    desk: Desk, case: CaseRow, row: DeadlineRow, deadline: Deadline, *, before: DeadlineRow | None
) -> None:
    """Let a new round run, in place of the one that it supersedes."""
    desk.session.add(row)
    desk.rounds[case.id, row.key] = row
    refresh_inbox(desk, case, row)
    arm(desk, case, row, deadline, before=before)
    desk.record(
        case,
        Fact.DEADLINE_STARTED,
        key=row.key,
        round=row.round,
        event_on=row.event_on.isoformat(),
        last_day=row.last_day.isoformat(),
        provisional=row.provisional,
    )


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
        _withdraw(desk, case, row, on)
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
    before = newest_round(desk, case, key)
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
    _start(desk, case, row, deadline, before=superseded)
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
    row = newest_round(desk, case, key)
    if row is None:
        return
    if desk.version(case).deadline(key).repeat is None:
        _meet_round(desk, case, row, happened_on)
        return
    for each in _running_rounds(desk, case, key):
        if not _meet_round(desk, case, each, happened_on):
            break  # it was in time: what comes after it has a time of its own
    if row.state not in _ENDED:
        refresh_inbox(desk, case, row)  # the round met before it has taken its place there
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
