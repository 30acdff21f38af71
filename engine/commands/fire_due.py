"""Let happen what has fallen due: timers, reminders, cards, lapses, ends of effects."""

from __future__ import annotations

from collections.abc import Callable

from engine.commands.fire_reminders import DAILY, NEAR, remind
from engine.commands.open_by_calendar import open_by_calendar
from engine.desk import Desk, Fact
from engine.desk.advance import fire_timer, retry_step
from engine.desk.cards import give_card, holders_of
from engine.desk.deadlines import REPEAT, begin_next_round
from engine.desk.holders import participants
from engine.desk.incidents import RETRY
from engine.desk.ladder import ESCALATE, climb_on
from engine.desk.notices import tell
from engine.desk.rounds import TIMER, keep, loaded
from engine.desk.supervising import UNANSWERED, note_unanswered
from engine.errors import Fault, NotAllowed
from engine.model.deadlines import DeadlineState
from engine.model.identifiers import MeasureCode
from engine.store.deadlines import running
from engine.store.tables import CaseRow, DeadlineRow, DueRow, SanctionRow


def fire_due(desk: Desk, due_id: str) -> bool:
    """Fire one due row, exactly once, in a transaction of its own.

    Returns:
        Whether it fired; false if it was fired or withdrawn before, or is not due yet.

    Raises:
        NotAllowed: Somebody other than the platform asks.
        StepFault: The diagram failed; the row stays armed and is tried again later.

    Source: SUP-053: a sweep that did not run is late, never lost, and tells once.
    """
    if not desk.actor.is_system:
        raise NotAllowed("due.system_only")
    found = desk.case_and_due(due_id)
    if found is None:
        return open_by_calendar(desk, due_id)
    case, due = found
    if due.kind not in _KINDS:
        raise Fault(f"nothing is known to happen for a due row of kind {due.kind}")
    _KINDS[due.kind](desk, case, due)
    return True


def _timer(desk: Desk, case: CaseRow, due: DueRow) -> None:
    desk.record(case, Fact.TIMER_FIRED, timer=due.ref, deadline=due.deadline_key)
    fire_timer(desk, case, due.ref, due.due_at)


def _retry(desk: Desk, case: CaseRow, due: DueRow) -> None:
    retry_step(desk, case, due.ref)


def _remind(desk: Desk, case: CaseRow, due: DueRow) -> None:
    remind(desk, [(case, due)])


def _card(desk: Desk, case: CaseRow, due: DueRow) -> None:
    give_card(desk, case, desk.session.get_one(DeadlineRow, due.ref), due)


def _lapse(desk: Desk, case: CaseRow, due: DueRow) -> None:
    row = desk.session.get_one(DeadlineRow, due.ref)
    if row.state != DeadlineState.RUNNING:
        return
    keep(desk, case, row, loaded(desk, case, row).lapsed(), kind="lapsed")
    desk.record(
        case, Fact.DEADLINE_LAPSED, key=row.key, round=row.round, on=row.last_day.isoformat()
    )


def _effect(desk: Desk, case: CaseRow, due: DueRow) -> None:
    """Lift a sanction's effect on its day. Source: S0篇1§4-2; procedures C18, DL-CA-9."""
    sanction = desk.session.get_one(SanctionRow, due.ref)
    if sanction.state != "in_force":
        return
    sanction.state = "ended"
    sanction.ended_on = sanction.until
    sanction.ended_reason = "expired"
    desk.record(case, Fact.SANCTION_ENDED, sanction=sanction.id, reason="expired")
    measure = desk.version(case).rules.measures.get(MeasureCode(sanction.measure))
    tell(
        desk,
        case,
        [sanction.person_id],
        "effect.ended",
        title=measure.title.zh if measure else sanction.measure,
        last_day=sanction.until.isoformat() if sanction.until else "",
    )


def _recount(desk: Desk, case: CaseRow, due: DueRow) -> None:
    """Count the running deadlines again by the calendar as it stands now.

    Each shift is recorded, and told to those whom it concerns.

    Source: procedures §0.3 `cal.year_data`; SC-179.
    """
    for row in running(desk.session, case.id):
        before = loaded(desk, case, row)
        again = before.recounted(desk.calendar(case.authority_id))
        moved = again.deadline.last_day != before.last_day
        if not moved and again.deadline.provisional == before.provisional:
            continue
        keep(desk, case, row, again.deadline, kind="recount")
        desk.record(
            case,
            Fact.DEADLINE_RECOUNTED,
            key=row.key,
            round=row.round,
            before=again.before.isoformat(),
            after=row.last_day.isoformat(),
            reason=again.reason.value,
            provisional=row.provisional,
        )
        if moved:
            right_of = str(before.rule.right_of or "")
            people = participants(desk, case, right_of) if right_of else []
            tell(
                desk,
                case,
                people or holders_of(desk, case, row.key),
                "deadline.recounted",
                title=before.rule.title.zh,
                last_day=row.last_day.isoformat(),
            )


_KINDS: dict[str, Callable[[Desk, CaseRow, DueRow], None]] = {
    TIMER: _timer,
    RETRY: _retry,
    REPEAT: begin_next_round,
    ESCALATE: climb_on,
    UNANSWERED: note_unanswered,
    NEAR: _remind,
    DAILY: _remind,
    "yellow": _card,
    "red": _card,
    "lapse": _lapse,
    "close": _lapse,
    "effect": _effect,
    "recount": _recount,
}
