"""Why a case went as it did: the decisions it took, and the expressions that gave nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from engine.desk.facts import Fact
from engine.desk.values import plain

if TYPE_CHECKING:
    import bpmn
    from bpmn.feel import Warned
    from engine.desk.desk import Desk
    from engine.store.tables import CaseRow

LONGEST_CODE = 64
"""A longer text is no code that a table compares with. It stays with the answers, whose digest
is on the record; of the text only its length is kept here."""


def record_reasons(desk: Desk, case: CaseRow, step: bpmn.Step, version: int) -> None:
    """Put on the record which tables a step consulted, and what gave null on the way.

    Of the inputs only what a table reads is kept; a confidential one is a reference already.

    Args:
        desk: Of the command.
        case: Locked.
        step: Has just been taken.
        version: The number of the procedure's version that the case runs by.
    """
    for made in step.decisions:
        desk.record(
            case,
            Fact.TABLE_CONSULTED,
            element=made.element,
            decision=made.decision,
            file=made.file,
            digest=made.digest,
            version=version,
            inputs=_coded(plain(made.inputs)),
            matched=[
                {
                    "decision": rule.decision,
                    "rule": rule.index,
                    "id": rule.rule,
                    "annotation": rule.annotation,
                }
                for rule in made.matched
            ],
            results=_coded(plain(made.results)),
            output=_coded(plain(made.output)),
            warnings=_said(made.warnings),
        )
    for doubt in step.warned:
        desk.record(
            case,
            Fact.EXPRESSION_WARNED,
            element=doubt.element,
            expression=doubt.text,
            warnings=_said(doubt.warnings),
        )


def _said(warnings: Iterable[Warned]) -> list[dict[str, object]]:
    return [
        {"id": one.id, "line": one.line, "column": one.column, "zh": one.zh, "en": one.en}
        for one in warnings
    ]


def _coded(value: Any) -> Any:
    if isinstance(value, str) and len(value) > LONGEST_CODE:
        return {"length": len(value)}
    if isinstance(value, dict):
        return {key: _coded(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_coded(one) for one in value]
    return value
