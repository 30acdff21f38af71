"""What makes a case heavier, lighter or exempt, from the tables that it consulted."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from bpmn import dmn
from engine.desk.desk import Desk
from engine.desk.facts import Fact
from engine.model.circumstances import Circumstance, circumstance
from engine.store.tables import AuditEntry, CaseRow


def circumstances_of(desk: Desk, case: CaseRow) -> tuple[Circumstance, ...]:
    """Return the circumstances that the case's tables found, each once, heavier ones first.

    Of a decision that was taken again only the newest counts. What is read is the record:
    the rules that matched then, with their provisions, in the version that the case runs in.

    Source: issue 5; DT-CA-3, S0篇1§6.
    """
    entries = desk.session.scalars(
        sa.select(AuditEntry)
        .where(AuditEntry.case_id == case.id, AuditEntry.fact == Fact.TABLE_CONSULTED)
        .order_by(AuditEntry.sequence)
    )
    newest: dict[str, list[Circumstance]] = {}
    for entry in entries:
        details: dict[str, Any] = dict(entry.details)
        newest[str(details.get("decision"))] = _found(desk, case, details)
    found = dict.fromkeys(one for several in newest.values() for one in several)
    order = ["heavier", "lighter", "exempt"]
    return tuple(sorted(found, key=lambda one: order.index(one.weight.value)))


def _found(desk: Desk, case: CaseRow, details: dict[str, Any]) -> list[Circumstance]:
    models = desk.version(case).definition.decisions
    found = []
    for matched in details.get("matched") or ():
        model = models.get(str(matched.get("decision")))
        decision = model.decisions.get(matched["decision"]) if model is not None else None
        table = dmn.table_view(decision) if decision is not None else None
        if decision is None or table is None or not table.outputs:
            continue
        row = table.rows[int(matched["rule"]) - 1]
        one = circumstance(
            table.outputs[0].expression or decision.variable.name,
            row.outputs[0],
            table.title,
            str(matched.get("annotation") or ""),
        )
        if one is not None:
            found.append(one)
    return found
