"""Topics on sanctions: count earlier ones, record, lift, supersede.

Persons are their own record: whoever counts or changes a person's sanctions locks
the person's row first, so that two cases on one person come one after the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

import bpmn
from engine.desk.desk import Desk
from engine.desk.facts import Fact
from engine.desk.holders import SUBJECT, participants
from engine.desk.publications import withdraw_publications
from engine.desk.trials import must_be_real
from engine.desk.values import day_of
from engine.errors import Fault, Refusal
from engine.model.identifiers import MeasureCode, RoleKey
from engine.model.periods import Period, Unit
from engine.model.procedure_rules import ProcedureRules
from engine.model.proposals import not_approved
from engine.model.sanctions import (
    Effect,
    EffectKind,
    EffectRule,
    Measure,
    decisions_within,
    effect_of,
    is_repeat,
)
from engine.store.tables import CaseRow, DecisionRow, DueRow, PersonRow, SanctionRow

EFFECT = "effect"
AWARDS_FOR_ALL = "effects.awards_for_all"
"""The parameter by which every sanction bars awards until the year's end."""
ORIGINAL, APPEAL = "original", "appeal"
IN_FORCE, ENDED = "in_force", "ended"
SUPERSEDED, REVOKED = "superseded", "revoked"


def count_earlier_sanctions(
    desk: Desk, case: CaseRow, item: bpmn.Item, variables: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Count the subject's earlier decisions within the window, across all cases.

    Returns:
        Under the name in the property `into` (`earlier_sanctions`) the number, and
        `repeat_offender`, `earlier_decided_on`.

    What was revoked, or changed by a later decision, counts no more; the later one does.

    Source: S0篇1§6-1(1); DL-CA-8; SUP-024.
    """
    today = desk.calendar(case.authority_id).day_of(desk.now())
    rule = desk.version(case).rules.repeat
    if rule is None:
        raise Fault(f"{case.procedure} counts earlier sanctions without repeat.window")
    earlier: set[date] = set()
    for person_id in participants(desk, case, SUBJECT):
        _lock(desk, person_id)
        earlier |= set(
            desk.session.scalars(
                sa.select(SanctionRow.decided_on).where(
                    SanctionRow.person_id == person_id,
                    SanctionRow.state.in_((IN_FORCE, ENDED)),
                    sa.or_(SanctionRow.case_id.is_(None), SanctionRow.case_id != case.id),
                )
            )
        )
    calendar = desk.calendar(case.authority_id)
    found = decisions_within(earlier, today, rule.window, calendar)
    return {
        str(item.properties.get("into") or "earlier_sanctions"): len(found),
        "earlier_decided_on": list(found),
        "repeat_offender": is_repeat(earlier, today, rule, calendar),
    }


def record_sanctions(
    desk: Desk, case: CaseRow, item: bpmn.Item, variables: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Put the newest decision into force: its measures become sanctions with their effects.

    A decision without measures is in force too; it leaves no sanction.

    Raises:
        Refusal: An organ whose approval its measures need has not approved it (SUP-070).

    Source: S0篇1§4; procedures C18; SUP-023, SUP-024.
    """
    decision = _newest(desk, case, ORIGINAL)
    must_be_approved(desk, case, decision)
    approved_on = day_of(variables.get("approved_effective_on"))
    _put_into_force(desk, case, decision, approved_on or decision.effective_on)
    return {}


def _changed_since(desk: Desk, case: CaseRow) -> list[DecisionRow]:
    """Return the decisions on appeals that took the original's place, and are in force."""
    return list(
        desk.session.scalars(
            sa.select(DecisionRow).where(
                DecisionRow.case_id == case.id,
                DecisionRow.kind == APPEAL,
                DecisionRow.state == IN_FORCE,
            )
        )
    )


def must_be_approved(desk: Desk, case: CaseRow, decision: DecisionRow) -> None:
    """Refuse what follows from a decision that an organ has still to approve.

    Raises:
        Refusal: The organs are named.

    Source: SUP-070 处分批准权限校验：方式×级别→批准机关匹配，否则拒绝签发; S2 L44; S0篇5§25.
    """
    lacking = not_approved(decision.approvers, decision.approved_by, decision.organ)
    if lacking:
        roles = desk.version(case).rules.roles
        titles = [roles[key].title.zh if (key := RoleKey(one)) in roles else one for one in lacking]
        raise Refusal("decision.not_approved", rule="SUP-070", organs="、".join(titles))


def supersede_decision(
    desk: Desk, case: CaseRow, item: bpmn.Item, variables: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Let the decision on the appeal take the place of the original (变更原决定).

    Source: S0篇1§12-2.
    """
    changed = _newest(desk, case, APPEAL)
    for standing in _standing(desk, case):
        _end_sanctions(desk, case, standing, "changed")
        standing.state = SUPERSEDED
        desk.record(
            case, Fact.DECISION_SUPERSEDED, decision=standing.id, by=changed.id, reason="changed"
        )
    _put_into_force(desk, case, changed, changed.effective_on)
    return {}


def lift_sanctions(
    desk: Desk, case: CaseRow, item: bpmn.Item, variables: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Undo a decision that was revoked: its effects end as if they had not been.

    What was published of the case is withdrawn with it (撤下公开信息); the register shows
    the decision as revoked, which corrects the file.

    Source: S0篇1§12-3; procedures C20.
    """
    for standing in _standing(desk, case):
        _end_sanctions(desk, case, standing, REVOKED)
        standing.state = REVOKED
        desk.record(case, Fact.DECISION_SUPERSEDED, decision=standing.id, by="", reason=REVOKED)
    withdraw_publications(desk, case, "revoked")
    return {}


def _standing(desk: Desk, case: CaseRow) -> list[DecisionRow]:
    """Return what stands of the decisions: the original, or what an appeal put in its place.

    After a first appeal has changed the original, a second one (C12) is about the change.
    """
    original = _newest(desk, case, ORIGINAL)
    changed = desk.session.scalars(
        sa.select(DecisionRow)
        .where(
            DecisionRow.case_id == case.id,
            DecisionRow.kind == APPEAL,
            DecisionRow.state == IN_FORCE,
        )
        .order_by(DecisionRow.made_at, DecisionRow.id)
    )
    return [one for one in (original, *changed) if one.state not in {SUPERSEDED, REVOKED}]


def _put_into_force(
    desk: Desk, case: CaseRow, decision: DecisionRow, effective_on: date | None
) -> None:
    calendar = desk.calendar(case.authority_id)
    rules = desk.version(case).rules
    for_all = rules.truth(AWARDS_FOR_ALL, default=False)
    decision.state = IN_FORCE
    decision.effective_on = effective_on or decision.made_on
    for person_id in participants(desk, case, SUBJECT):
        _lock(desk, person_id)
        for code in decision.measures:
            measure = rules.measures[MeasureCode(code)]
            stated = list(measure.effects)
            if for_all and all(one.kind != EffectKind.BARS_AWARDS for one in stated):
                stated.append(_until_year_end(rules))
            ends = [
                (rule, effect_of(rule, decision.effective_on, rules.deadlines, calendar))
                for rule in stated
            ]
            if not ends:
                _add(desk, case, decision, person_id, measure)
            for rule, effect in ends:
                row = _add(
                    desk, case, decision, person_id, measure, effect=effect, source=rule.source
                )
                desk.session.add(
                    DueRow(
                        authority_id=case.authority_id,
                        case_id=case.id,
                        kind=EFFECT,
                        ref=row.id,
                        due_at=calendar.start_of(effect.last_day + timedelta(days=1)),
                    )
                )


def _until_year_end(rules: ProcedureRules) -> EffectRule:
    """Return the effect that every sanction has on awards where the procedure says so.

    Source: S3 L59§10: 受到问责的，取消当年年度考核评优和评选各类先进的资格; SUP-023.
    """
    source = rules.parameters[AWARDS_FOR_ALL].source
    return EffectRule(EffectKind.BARS_AWARDS, Period(1, Unit.TO_YEAR_END), source)


def _add(
    desk: Desk,
    case: CaseRow,
    decision: DecisionRow,
    person_id: str,
    measure: Measure,
    *,
    effect: Effect | None = None,
    source: str = "",
) -> SanctionRow:
    must_be_real(case)
    row = SanctionRow(
        authority_id=case.authority_id,
        case_id=case.id,
        decision_id=decision.id,
        person_id=person_id,
        measure=str(measure.code),
        effect=effect.kind if effect is not None else "",
        decided_on=decision.made_on,
        effective_on=decision.effective_on or decision.made_on,
        until=effect.last_day if effect is not None else None,
        title={"zh": measure.title.zh, "en": measure.title.say("en")},
        source=source or measure.source,
    )
    desk.session.add(row)
    desk.session.flush()
    desk.record(
        case,
        Fact.SANCTION_RECORDED,
        sanction=row.id,
        person=person_id,
        measure=row.measure,
        effect=row.effect,
        until=row.until.isoformat() if row.until else None,
    )
    return row


def _end_sanctions(desk: Desk, case: CaseRow, decision: DecisionRow, state: str) -> None:
    today = desk.calendar(case.authority_id).day_of(desk.now())
    rows = desk.session.scalars(
        sa.select(SanctionRow).where(
            SanctionRow.decision_id == decision.id, SanctionRow.state.in_((IN_FORCE, ENDED))
        )
    )
    for row in list(rows):
        _lock(desk, row.person_id)
        row.state, row.ended_on, row.ended_reason = state, today, state
        desk.session.execute(
            sa.update(DueRow)
            .where(DueRow.kind == EFFECT, DueRow.ref == row.id, DueRow.state == "armed")
            .values(state="withdrawn")
        )
        desk.record(case, Fact.SANCTION_ENDED, sanction=row.id, measure=row.measure, reason=state)


def _newest(desk: Desk, case: CaseRow, kind: str) -> DecisionRow:
    decision = desk.session.scalar(
        sa.select(DecisionRow)
        .where(DecisionRow.case_id == case.id, DecisionRow.kind == kind)
        .order_by(DecisionRow.made_at.desc(), DecisionRow.id.desc())
        .limit(1)
    )
    if decision is None:
        raise Refusal("decision.none", case=case.number)
    return decision


def _lock(desk: Desk, person_id: str) -> None:
    desk.session.get(PersonRow, person_id, with_for_update=True)
