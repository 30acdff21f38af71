"""One signer's answer in a step that several sign (会签, 或签, 票签)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

import sqlalchemy as sa

from engine.desk import Desk
from engine.errors import Refusal
from engine.store.tables import Answers, CaseRow, WorkItemRow

AGREES, REASONS = "agrees", "reasons"
WEIGHT = "weight"


class Countersign:
    """Counts the signatures of a multi-instance step by their weights.

    The diagram's completion condition then says when it is enough: sequential or
    parallel, all, any one, or a share. It sees `votes_for`, `votes_against` and
    `votes_given`, this signature among them, beside BPMN's own `nrOfInstances`.

    Source: operations.md (顺序会签, 并行会签, 或签, 票签); proposed.
    """

    def check(
        self, desk: Desk, case: CaseRow, item: WorkItemRow, answers: Mapping[str, Any]
    ) -> None:
        """Refuse a signature without a plain yes or no, or a no without reasons.

        Raises:
            Refusal: As said.
        """
        if not isinstance(answers.get(AGREES), bool):
            raise Refusal("countersign.answer", item=item.name)
        if not answers[AGREES] and not str(answers.get(REASONS) or "").strip():
            raise Refusal("reasons.missing")

    def apply(
        self, desk: Desk, case: CaseRow, item: WorkItemRow, answers: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """Return the weights for and against so far, this signature's among them."""
        agree, against = Decimal(0), Decimal(0)
        for agrees, weight in [
            *_signed_before(desk, case, item),
            (bool(answers[AGREES]), weight_of(item)),
        ]:
            agree += weight if agrees else 0
            against += 0 if agrees else weight
        return {
            "signer": desk.actor.person_id,
            "votes_for": agree,
            "votes_against": against,
            "votes_given": agree + against,
        }


def weight_of(item: WorkItemRow) -> Decimal:
    """Return the weight of a signer: the property `weight`, 1 where it says none."""
    stated = str(item.properties.get(WEIGHT, "")).strip()
    try:
        weight = Decimal(stated) if stated else Decimal(1)
    except InvalidOperation as error:
        raise Refusal("countersign.weight", item=item.name, weight=stated[:40]) from error
    if not weight.is_finite() or weight < 0:
        raise Refusal("countersign.weight", item=item.name, weight=stated[:40])
    return weight


def _signed_before(desk: Desk, case: CaseRow, item: WorkItemRow) -> Iterator[tuple[bool, Decimal]]:
    """Yield what was signed in this run of the step: as often as the diagram has counted."""
    # advance imports the topics, and those the commands: not at the top
    from engine.desk.advance import visible  # noqa: PLC0415

    done = int(visible(desk, case, item).get("nrOfCompletedInstances") or 0)
    rows = desk.session.execute(
        sa.select(WorkItemRow, Answers.data)
        .join(Answers, Answers.work_item_id == WorkItemRow.id)
        .where(
            WorkItemRow.case_id == case.id,
            WorkItemRow.process == item.process,
            WorkItemRow.element == item.element,
            WorkItemRow.state == "done",
        )
        .order_by(WorkItemRow.completed_at.desc(), WorkItemRow.id.desc())
        .limit(done)
    )
    for row, data in rows:
        if list(row.callers) == list(item.callers):
            yield bool(data.get(AGREES)), weight_of(row)
