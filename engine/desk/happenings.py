"""What the trace of a step means for the case: status, stage, facts, outcome, notices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import bpmn
from bpmn import feel
from engine.desk.deadlines import state_fact
from engine.desk.desk import Desk
from engine.desk.facts import Fact
from engine.desk.notices import tell_parts
from engine.desk.values import day_of
from engine.errors import StepFault
from engine.model.cases import CaseStatus
from engine.store.tables import CaseRow

HAPPENED = "happened_on"
"""The answer that names the day of a fact, unless the property `happened` names another."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """What brought a step about, as far as its facts need to know.

    Attributes:
        item: The id that `bpmn` gave the completed item; "" if no item was completed.
        work_item_id: The row of that item.
        answers: What was answered.
        proof: What proves a day before today.
    """

    item: str = ""
    work_item_id: str | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)
    proof: str = ""


def stand(desk: Desk, case: CaseRow, trace: Iterable[bpmn.Trace]) -> None:
    """Set stage and status by the elements that a step entered, the last one stays."""
    for one in trace:
        if one.properties and one.event is bpmn.TraceEvent.ENTERED:
            case.stage = one.properties.get("stage") or case.stage
            set_status(desk, case, one.properties.get("status") or case.status)


def facts_of(trace: Iterable[bpmn.Trace]) -> set[str]:
    """Return the facts that a step may state, their conditions not looked at."""
    return {
        name
        for one in trace
        if one.event is bpmn.TraceEvent.COMPLETED
        for name, _ in facts_in(one.properties.get("fact", ""))
    }


def follow(desk: Desk, case: CaseRow, trace: Iterable[bpmn.Trace], occasion: Occasion) -> None:
    """State the facts of the elements that a step completed, and end as they say, in order."""
    for one in trace:
        if one.properties and one.event is bpmn.TraceEvent.COMPLETED:
            if one.properties.get("fact"):
                _state_facts(desk, case, one, occasion)
            _end(desk, case, one)


def _end(desk: Desk, case: CaseRow, one: bpmn.Trace) -> None:
    """Give the outcome that an end event names, and tell whom it names.

    Only the procedure's own end events close with an outcome, not those of a
    procedure that it calls.
    """
    definition = desk.version(case).definition
    if definition.elements[one.process, one.element].type != "endEvent":
        return
    outcome = one.properties.get("outcome", "")
    if outcome and one.process == definition.process_id:
        case.outcome = outcome
    if one.properties.get("notify"):
        tell_parts(
            desk,
            case,
            one.properties["notify"],
            one.properties.get("notice", ""),
            outcome=outcome,
        )


def set_status(desk: Desk, case: CaseRow, status: str) -> None:
    """Set the status of a case; one that says it is over closes it.

    What runs on behind the closing (影响期) keeps running: the aftermath does not
    keep a case open. Source: procedures §9.
    """
    if status == case.status:
        return
    before, case.status = case.status, status
    desk.record(case, Fact.STATUS_CHANGED, before=before, after=status)
    if status in set(CaseStatus) and CaseStatus(status).is_over and case.closed_at is None:
        case.closed_at = desk.now()
        desk.record(case, Fact.CASE_CLOSED, status=status, outcome=case.outcome)


def facts_in(text: str) -> list[tuple[str, str]]:
    """Return the facts that a property names, each with its condition or "".

    >>> facts_in("served; told if is_post")
    [('served', ''), ('told', 'is_post')]
    """
    found = []
    for part in text.split(";"):
        name, _, condition = part.strip().partition(" if ")
        if name:
            found.append((name.strip(), condition.strip()))
    return found


def _state_facts(desk: Desk, case: CaseRow, one: bpmn.Trace, occasion: Occasion) -> None:
    own = bool(occasion.item) and one.token == occasion.item
    for name, condition in facts_in(one.properties["fact"]):
        if condition and not _holds(desk, case, one, condition):
            continue
        state_fact(
            desk,
            case,
            name,
            happened_on=_day(desk, case, one, occasion, own=own),
            proof=occasion.proof if own else "",
            work_item_id=occasion.work_item_id if own else None,
            variables=one.variables,
        )


def _holds(desk: Desk, case: CaseRow, one: bpmn.Trace, condition: str) -> bool:
    environment = feel.Environment(
        now=desk.office.clock.now, zone=desk.calendar(case.authority_id).zone
    )
    try:
        expression = feel.compile_expression(condition)
        return expression.evaluate(one.variables, environment) is True
    except feel.FeelError as error:
        raise StepFault(
            case.id,
            one.element,
            f"事实条件“{condition}”无法计算：{error}",
            f"The condition {condition!r} of a fact fails: {error}",
        ) from error


def _day(desk: Desk, case: CaseRow, one: bpmn.Trace, occasion: Occasion, *, own: bool) -> date:
    """Return the day on which a fact happened: the answered one, else today."""
    named = one.properties.get("happened", "")
    sources: list[Mapping[str, Any]] = []
    if own:
        sources.append(occasion.answers)
    if named:
        sources.append(one.variables)
    for source in sources:
        value: Any = source
        for part in (named or HAPPENED).split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
        found = day_of(value)
        if found is not None:
            return found
    return desk.calendar(case.authority_id).day_of(desk.now())
