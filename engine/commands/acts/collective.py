"""`collective`: what a motion may propose, and the decision that a body makes of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa

from engine.desk import Desk, Fact
from engine.desk.assembly import Assembly, organ_of
from engine.desk.holders import SUBJECT, participants
from engine.desk.values import day_of, plain, value_at
from engine.errors import Refusal
from engine.model.identifiers import MeasureCode
from engine.model.proposals import (
    Proposal as ProposalNoun,
)
from engine.model.proposals import (
    ProposalStage,
    Scale,
    approvals_for,
    heavier,
    must_not_be_heavier,
    outside_the_set,
)
from engine.store.tables import CaseRow, DecisionRow, Motion, PersonRow, Proposal, WorkItemRow

ORIGINAL, APPEAL = "original", "appeal"
OUTSIDE_SOURCE = "SUP-029"
NO_AGGRAVATION_SOURCE = "procedures C11"
RESULTS = {ORIGINAL: "kind", APPEAL: "appeal_result"}
REASONS = ("decision_reasons", "appeal_reasons", "reasons")
GROUNDS = ("grounds_cited", "appeal_facts", "grounds")


class Collective:
    """The act's door is `decide`; completing the step like any other is refused."""

    def check(
        self, desk: Desk, case: CaseRow, item: WorkItemRow, answers: Mapping[str, Any]
    ) -> None:
        """Refuse: no single person's decision can exist (SUP-022)."""
        raise Refusal("decision.collective_only", rule="S0篇5§8-4;S3 L59§16", item=item.name)

    def apply(
        self, desk: Desk, case: CaseRow, item: WorkItemRow, answers: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """Add nothing: `decide` has recorded the decision."""
        return {}


def scale_of(desk: Desk, case: CaseRow) -> Scale:
    """Return the procedure's order of tiers and measures."""
    rules = desk.version(case).rules
    return Scale(list(rules.tiers), rules.measures)


def check_motion(
    desk: Desk,
    case: CaseRow,
    item: WorkItemRow,
    answers: Mapping[str, Any],
    seen: Mapping[str, Any],
) -> None:
    """Refuse a motion that the rules do not let a body carry.

    Args:
        desk: Of the command.
        case: Locked.
        item: The collective step.
        answers: The motion's.
        seen: The variables in scope of the step.

    Raises:
        Refusal: It is heavier than what was proposed before the defence and names no new
            fact (S0篇1§7); heavier than the decision appealed against (C11, proposed);
            or outside of the table's set without written reasons (SUP-029).
    """
    measures = _codes(answers.get("measures"))
    if not measures:
        return
    scale = scale_of(desk, case)
    motion = ProposalNoun(
        0,
        ProposalStage.AFTER_DEFENCE,
        str(answers.get("tier") or ""),
        measures,
        str(answers.get("new_fact") or ""),
    )
    if item.properties.get("decision") == APPEAL:
        before = _appealed_against(desk, case)
        if before is not None and heavier(motion, _decided(before), scale):
            raise Refusal("decision.heavier_on_appeal", rule=NO_AGGRAVATION_SOURCE)
        return
    for earlier in _proposed_before(desk, case):
        must_not_be_heavier(motion, earlier, scale)
    outside = _outside(item, measures, seen, scale)
    if outside and not str(answers.get("beyond_reasons") or "").strip():
        titles = "、".join(scale.measures[code].title.zh for code in outside)
        raise Refusal("decision.beyond_set", rule=OUTSIDE_SOURCE, measures=titles)


def record_decision(
    desk: Desk,
    case: CaseRow,
    item: WorkItemRow,
    motion: Motion,
    assembly: Assembly,
    *,
    seen: Mapping[str, Any],
) -> tuple[DecisionRow, dict[str, Any]]:
    """Record the decision that a body has carried; return it with its variables.

    The variables say what the diagram needs: `needs_approval` where measures go by
    another organ or lie outside of the set, and the list of organs in `approvers`.
    """
    answers = motion.answers
    kind = str(item.properties.get("decision") or ORIGINAL)
    measures = _codes(answers.get("measures"))
    scale = scale_of(desk, case)
    outside = _outside(item, measures, seen, scale) if kind == ORIGINAL else ()
    levels = levels_of(desk, participants(desk, case, SUBJECT))
    approvers = [str(role) for role in approvals_for(measures, scale, levels)]
    if outside and item.properties.get("beyond_approver"):
        approvers.append(str(item.properties["beyond_approver"]))
    approvers = list(dict.fromkeys(approvers))
    before = _appealed_against(desk, case) if kind == APPEAL else None
    today = desk.calendar(case.authority_id).day_of(desk.now())
    counted = assembly.tally
    decision = DecisionRow(
        authority_id=case.authority_id,
        case_id=case.id,
        kind=kind,
        organ=organ_of(item),
        outcome=str(answers.get(RESULTS.get(kind, "kind")) or ""),
        tier=str(answers.get("tier") or ""),
        measures=_ordered(measures, scale),
        reasons=_first(answers, REASONS),
        ground=_first(answers, GROUNDS),
        tally={
            "entitled": counted.entitled,
            "present": counted.present,
            "in_favour": counted.in_favour,
            "against": counted.against,
            "abstained": counted.abstained,
            "recused": list(counted.recused),
            "absent": list(counted.absent),
        },
        made_on=today,
        made_at=desk.now(),
        effective_on=day_of(answers.get("effective_on")),
        supersedes_id=before.id if before is not None else None,
        motion_id=motion.id,
        approvers=approvers,
        situation=_situation(item, seen),
    )
    desk.session.add(decision)
    desk.session.flush()
    desk.record(
        case,
        Fact.DECIDED,
        decision=decision.id,
        kind=kind,
        organ=decision.organ,
        outcome=decision.outcome,
        tier=decision.tier,
        measures=list(decision.measures),
        tally=plain(decision.tally),
        beyond=[str(code) for code in outside],
        approvers=approvers,
    )
    return decision, {
        "needs_approval": bool(approvers),
        "approvers": approvers,
        "beyond_set": bool(outside),
        "decided_on": today,
    }


def levels_of(desk: Desk, people: Collection[str]) -> tuple[str, ...]:
    """Return the levels of persons, each once; "" for one without, or for nobody."""
    found = desk.session.scalars(sa.select(PersonRow.level).where(PersonRow.id.in_(people)))
    return tuple(sorted(set(found))) or ("",)


def original_of(desk: Desk, case: CaseRow) -> DecisionRow | None:
    """Return the newest decision of a case that is not an appeal's."""
    return desk.session.scalar(
        sa.select(DecisionRow)
        .where(DecisionRow.case_id == case.id, DecisionRow.kind == ORIGINAL)
        .order_by(DecisionRow.made_at.desc(), DecisionRow.id.desc())
        .limit(1)
    )


def _appealed_against(desk: Desk, case: CaseRow) -> DecisionRow | None:
    """Return what an appeal is about: the original, or what an earlier appeal changed it to."""
    changed = desk.session.scalar(
        sa.select(DecisionRow)
        .where(
            DecisionRow.case_id == case.id,
            DecisionRow.kind == APPEAL,
            DecisionRow.state == "in_force",
        )
        .order_by(DecisionRow.made_at.desc(), DecisionRow.id.desc())
        .limit(1)
    )
    return changed or original_of(desk, case)


def _proposed_before(desk: Desk, case: CaseRow) -> list[ProposalNoun]:
    rows = desk.session.scalars(
        sa.select(Proposal).where(
            Proposal.case_id == case.id, Proposal.moment == ProposalStage.BEFORE_DEFENCE
        )
    )
    newest = sorted(rows, key=lambda row: row.number)[-1:]
    return [
        ProposalNoun(row.number, ProposalStage.BEFORE_DEFENCE, row.tier, _codes(list(row.measures)))
        for row in newest
    ]


def _decided(decision: DecisionRow) -> ProposalNoun:
    return ProposalNoun(
        0, ProposalStage.AFTER_DEFENCE, decision.tier, _codes(list(decision.measures))
    )


def _outside(
    item: WorkItemRow,
    measures: frozenset[MeasureCode],
    seen: Mapping[str, Any],
    scale: Scale,
) -> tuple[MeasureCode, ...]:
    allowed = seen.get(str(item.properties.get("allowed") or "allowed_measures"))
    if not isinstance(allowed, list):
        return ()
    return outside_the_set(measures, _codes(allowed), scale)


def _situation(item: WorkItemRow, seen: Mapping[str, Any]) -> str:
    """Return what the decision is about: the variable that the property `situation` names."""
    value = value_at(seen, str(item.properties.get("situation") or "situation"))
    several = sorted(str(one) for one in value) if isinstance(value, list) else [value]
    return ";".join(str(one) for one in several if one not in (None, ""))[:400]


def _codes(value: object) -> frozenset[MeasureCode]:
    return (
        frozenset(MeasureCode(str(one)) for one in value)
        if isinstance(value, list)
        else frozenset()
    )


def _ordered(measures: frozenset[MeasureCode], scale: Scale) -> list[str]:
    return [str(code) for code in scale.measures if code in measures]


def _first(answers: Mapping[str, Any], names: tuple[str, ...]) -> str:
    return next((str(answers[name]) for name in names if answers.get(name)), "")
