"""File something that a case waits for: an appeal, a defence, a report of obstruction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from engine.desk import Desk, Fact, Right
from engine.desk.advance import deliver, set_variables
from engine.desk.answers import checked, keep_answers, must_not_lie_ahead
from engine.desk.deadlines import state_fact
from engine.desk.happenings import HAPPENED
from engine.desk.notices import tell
from engine.desk.rounds import deadline_now
from engine.desk.sending import is_switched_on, keep_early, takes_early
from engine.desk.values import day_of, plain
from engine.desk.worlds import environment_of
from engine.errors import NotAllowed, NotFound, PeriodExpired, Refusal
from engine.model.deadlines import Deadline
from engine.model.procedure_rules import FilingRule
from engine.store.tables import Answers, CaseRow

LATE_REASONS = "late_reasons"
"""The answer by which a late filing claims force majeure or an earlier, proved filing."""


def file(
    desk: Desk,
    case_id: str,
    key: str,
    answers: Mapping[str, Any],
    *,
    happened_on: date | None = None,
    proof: str = "",
    filed_for: str = "",
) -> Answers:
    """File `key` in a case, for oneself or on paper for somebody else.

    In time is what happened on or before the last day of its deadline, by its
    proved day, however late it is recorded. A right whose period runs may be used although
    the case has not come to wait for it, where its diagram keeps early messages. What is
    late is refused, unless it
    claims reasons for being late and the procedure has a way for such claims; so is
    what was in time but is recorded after the window has closed.

    Args:
        desk: Of the person, or of an officer who files for one.
        case_id: The case.
        key: Of the procedure's `filings`.
        answers: To its form; hostile. `late_reasons` claims that being late is excused.
        happened_on: The proved day; the answer `happened_on`, else today, if it is not given.
        proof: What proves an earlier day, such as a postmark or receipt; needed where a
            deadline depends on it.
        filed_for: The participant for whom an officer files.

    Returns:
        The answers as kept.

    Raises:
        NotFound: There is no such case or filing, or the actor may not know of it.
        NotAllowed: The person has no part in the case that may file this.
        PeriodExpired: The period is over; the refusal says since which day.
        AnswersRefused: The form is not satisfied.
        Refusal: The case does not wait for it, or the day is not proved.

    Source: S0篇1§11 for appeals; procedures §0.3 `cal.cutoff`, C11.
    """
    case = desk.case(case_id, may=Right.FILE_FOR if filed_for else Right.FILE)
    rule = desk.version(case).rules.filings.get(key)
    if rule is None:
        raise NotFound(key)
    person = filed_for or desk.actor.person_id
    if not {str(role) for role in rule.by} & desk.standing(case, person).roles:
        raise NotAllowed("filing.not_yours", filing=rule.title.zh, rule=rule.source)
    if not is_switched_on(desk, case, rule):
        raise Refusal(
            "filing.switched_off", filing=rule.title.zh, switch=rule.switch, rule=rule.source
        )
    today = desk.calendar(case.authority_id).day_of(desk.now())
    given = _answers(desk, case, rule, answers)
    day = happened_on or day_of(given.get(HAPPENED)) or today
    must_not_lie_ahead(desk, case, day)
    if rule.deadline and day < today and not (filed_for and proof.strip()):
        raise Refusal("filing.not_proved", filing=rule.title.zh, day=day.isoformat())
    in_time, message = _door(desk, case, rule, day, given)
    row, digest = keep_answers(
        desk,
        case,
        given,
        form=rule.form,
        happened_on=day,
        filing=key,
        filed_for=filed_for or None,
        proof=proof,
    )
    desk.record(
        case,
        Fact.FILED,
        filing=key,
        happened_on=day.isoformat(),
        is_proved=bool(proof.strip()),
        filed_for=filed_for,
        in_time=in_time,
        answers_id=row.id,
        answers=digest,
    )
    if rule.fact and message == rule.message:
        state_fact(desk, case, rule.fact, happened_on=day, proof=proof)
    payload = {
        **given,
        "filing": {
            "key": key,
            "by": person,
            "happened_on": day,
            "in_time": in_time,
            "proof": proof,
        },
    }
    if message in case.awaited:
        deliver(desk, case, message, payload, variables=payload)
    else:
        set_variables(desk, case, payload)
        keep_early(desk, case, message, plain(payload))
    tell(desk, case, [person], "filing.received", title=rule.title.zh, happened_on=day.isoformat())
    return row


def _answers(
    desk: Desk, case: CaseRow, rule: FilingRule, answers: Mapping[str, Any]
) -> dict[str, Any]:
    version = desk.version(case)
    return checked(
        desk,
        version,
        case,
        version.form(version.definition.process_id, rule.form),
        answers,
        variables=case.variables,
        environment=environment_of(desk, case),
    )


def _door(
    desk: Desk, case: CaseRow, rule: FilingRule, day: date, given: Mapping[str, Any]
) -> tuple[bool, str]:
    """Return whether the filing is in time, and the message by which the case takes it."""
    deadline = deadline_now(desk, case, str(rule.deadline)) if rule.deadline else None
    if rule.deadline and deadline is None:
        raise Refusal("filing.not_begun", filing=rule.title.zh, rule=rule.source)
    in_time = deadline is None or _is_in_time(desk, case, deadline, day)
    late_is_open = bool(rule.late_message) and rule.late_message in case.awaited
    if in_time and rule.message in case.awaited:
        return True, rule.message
    if in_time and deadline is not None and takes_early(desk, case, rule.message):
        return True, rule.message
    if in_time and late_is_open and deadline is not None and deadline.is_over(desk.now()):
        return True, rule.late_message
    if in_time:
        raise Refusal("filing.not_awaited", filing=rule.title.zh, rule=rule.source)
    if late_is_open and str(given.get(LATE_REASONS) or "").strip():
        return False, rule.late_message
    raise PeriodExpired(
        "filing.over",
        filing=rule.title.zh,
        last_day=deadline.last_day.isoformat() if deadline else "",
        rule=rule.source,
    )


def _is_in_time(desk: Desk, case: CaseRow, deadline: Deadline, day: date) -> bool:
    """Whether a filing of `day` keeps the period; hours are kept by the clock."""
    today = desk.calendar(case.authority_id).day_of(desk.now())
    if day == today:
        return not deadline.is_over(desk.now())
    return day <= deadline.last_day
