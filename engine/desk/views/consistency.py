"""The consistency board: how like cases of the authority were decided (SUP-030)."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from engine.desk.desk import Desk
from engine.desk.rights import Relation
from engine.errors import EngineError, NotAllowed
from engine.model.consistency import Comparison, Outcome, compared
from engine.model.identifiers import MeasureCode
from engine.model.procedure_rules import ProcedureRules
from engine.model.texts import Text
from engine.store.tables import CaseRow, DecisionRow

MOST = 2000
"""How many decisions are compared, the newest ones."""


@dataclass(frozen=True, slots=True)
class ConsistencyBoard:
    """Like cases side by side.

    Attributes:
        comparisons: Those that differ most first.
        procedures: Titles by procedure.
        measures: Titles by procedure and measure.
        hints: How many lie two steps apart or more.
    """

    comparisons: tuple[Comparison, ...]
    procedures: dict[str, Text]
    measures: dict[tuple[str, str], Text]

    @property
    def hints(self) -> int:
        """How many comparisons somebody should look at."""
        return sum(one.is_hint for one in self.comparisons)


def consistency_board(desk: Desk, *, procedure: str = "") -> ConsistencyBoard:
    """Return how like cases were decided, for supervision.

    Counted are original decisions that stand; persons are not named.

    Args:
        desk: Of a supervision officer.
        procedure: Only of this one, if given.

    Raises:
        NotAllowed: The actor does not supervise.

    Source: SUP-030; S1一 L81; S2 L140.
    """
    if Relation.SUPERVISION.value not in desk.roles_held():
        raise NotAllowed("consistency.not_supervision")
    query = (
        sa.select(DecisionRow, CaseRow)
        .join(CaseRow, CaseRow.id == DecisionRow.case_id)
        .where(
            DecisionRow.authority_id == desk.actor.authority_id,
            DecisionRow.kind == "original",
            DecisionRow.state.in_(("made", "in_force")),
        )
        .order_by(DecisionRow.made_at.desc(), DecisionRow.id.desc())
        .limit(MOST)
    )
    if procedure:
        query = query.where(CaseRow.procedure == procedure)
    outcomes: list[Outcome] = []
    titles: dict[str, Text] = {}
    measures: dict[tuple[str, str], Text] = {}
    for decision, case in desk.session.execute(query).all():
        rules = _rules(desk, case)
        if rules is None:
            continue
        titles.setdefault(case.procedure, rules.title)
        for code in decision.measures:
            measure = rules.measures.get(MeasureCode(code))
            if measure is not None:
                measures.setdefault((case.procedure, code), measure.title)
        outcomes.append(_outcome(decision, case, rules))
    return ConsistencyBoard(compared(outcomes), titles, measures)


def _rules(desk: Desk, case: CaseRow) -> ProcedureRules | None:
    try:
        return desk.version(case).rules
    except EngineError:
        return None  # a version that no longer loads compares with nothing; its page says why


def _outcome(decision: DecisionRow, case: CaseRow, rules: ProcedureRules) -> Outcome:
    weights = [
        rules.measures[MeasureCode(code)].weight
        for code in decision.measures
        if MeasureCode(code) in rules.measures
    ]
    tiers = list(rules.tiers)
    return Outcome(
        case=case.number,
        case_id=case.id,
        procedure=case.procedure,
        situation=decision.situation,
        tier=decision.tier,
        tier_place=tiers.index(decision.tier) + 1 if decision.tier in tiers else 0,
        weight=max(weights, default=0),
        measures=tuple(decision.measures),
        organ=decision.organ,
        made_on=decision.made_on.isoformat(),
    )
