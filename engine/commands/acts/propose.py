"""Act `propose`: a proposal of tier and measures is kept, numbered, and compared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from engine.desk import Desk, Fact
from engine.model.identifiers import MeasureCode
from engine.model.proposals import Proposal, ProposalStage, must_not_be_heavier
from engine.store.tables import CaseRow, WorkItemRow
from engine.store.tables import Proposal as ProposalRow


class Propose:
    """Keeps what is proposed before or after the defence.

    Source: S0篇1§7: 不得因被调查人申辩而从重问责; SUP-019.
    """

    def check(
        self, desk: Desk, case: CaseRow, item: WorkItemRow, answers: Mapping[str, Any]
    ) -> None:
        """Refuse what became heavier after the defence without a numbered new fact."""
        scale = desk.version(case).rules.scale
        new = _proposal(desk, case, item, answers)
        scale.weights(new.measures)
        scale.place(new.tier)
        before = newest_proposal(desk, case, ProposalStage.BEFORE_DEFENCE)
        if before is not None:
            must_not_be_heavier(new, before, scale)

    def apply(
        self, desk: Desk, case: CaseRow, item: WorkItemRow, answers: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """Keep the proposal under the next number; give `proposal_number`."""
        new = _proposal(desk, case, item, answers)
        desk.session.add(
            ProposalRow(
                authority_id=case.authority_id,
                case_id=case.id,
                number=new.number,
                moment=new.stage.value,
                tier=new.tier,
                measures=sorted(new.measures),
                new_fact=new.new_fact,
                made_by=desk.actor.person_id,
                made_at=desk.now(),
            )
        )
        desk.record(
            case,
            Fact.PROPOSED,
            number=new.number,
            moment=new.stage.value,
            tier=new.tier,
            measures=sorted(new.measures),
            new_fact=new.new_fact,
        )
        return {"proposal_number": new.number}


def newest_proposal(desk: Desk, case: CaseRow, stage: ProposalStage) -> Proposal | None:
    """Return the latest proposal that was made before, or after, the defence."""
    row = desk.session.scalar(
        sa.select(ProposalRow)
        .where(ProposalRow.case_id == case.id, ProposalRow.moment == stage.value)
        .order_by(ProposalRow.number.desc())
        .limit(1)
    )
    if row is None:
        return None
    return Proposal(
        row.number,
        ProposalStage(row.moment),
        row.tier,
        frozenset(MeasureCode(code) for code in row.measures),
        row.new_fact,
    )


def _proposal(desk: Desk, case: CaseRow, item: WorkItemRow, answers: Mapping[str, Any]) -> Proposal:
    last = desk.session.scalar(
        sa.select(sa.func.max(ProposalRow.number)).where(ProposalRow.case_id == case.id)
    )
    measures = answers.get("measures")
    return Proposal(
        (last or 0) + 1,
        ProposalStage(str(item.properties.get("proposal", ProposalStage.BEFORE_DEFENCE))),
        str(answers.get("tier") or ""),
        frozenset(
            MeasureCode(str(code)) for code in (measures if isinstance(measures, list) else ())
        ),
        str(answers.get("new_fact") or "").strip(),
    )
