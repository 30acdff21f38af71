"""What gave null while scenarios were played, read from the record of their cases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from bpmn import Finding, Severity
from engine.desk.facts import Fact
from engine.publishing.scenarios.results import Doubt
from engine.store.tables import AuditEntry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from engine.desk import Desk
    from engine.publishing.scenarios.results import ScenarioResult


def recorded_doubts(desk: Desk) -> tuple[Doubt, ...]:
    """Return what gave null in all cases, each once, in the order of the record."""
    query = (
        sa.select(AuditEntry)
        .where(AuditEntry.fact.in_([Fact.TABLE_CONSULTED, Fact.EXPRESSION_WARNED]))
        .order_by(AuditEntry.recorded_at, AuditEntry.stream, AuditEntry.sequence)
    )
    found: dict[Doubt, None] = {}
    for entry in desk.session.scalars(query):
        details: dict[str, Any] = dict(entry.details)
        source = details.get("expression") or f"{details['decision']} ({details['file']})"
        for warning in details["warnings"]:
            found[
                Doubt(
                    details["element"],
                    source,
                    warning["id"],
                    warning["line"],
                    warning["zh"],
                    warning["en"],
                )
            ] = None
    return tuple(found)


def told(results: Iterable[ScenarioResult]) -> Iterator[Finding]:
    """Yield a warning for whatever gave null in scenarios, at the first that met it."""
    seen: set[Doubt] = set()
    for result in results:
        for doubt in result.doubts:
            if doubt in seen:
                continue
            seen.add(doubt)
            yield Finding(
                Severity.WARNING,
                "gave-null",
                result.file,
                doubt.element,
                0,
                f"场景 {result.id} 中，“{doubt.source}”第 {doubt.line} 行：{doubt.zh}"
                "如属有意，请先给变量赋值。",
                f"In the scenario {result.id}, {doubt.source!r}, line {doubt.line}: {doubt.en} "
                "If that is meant, give the variable a value first.",
            )
