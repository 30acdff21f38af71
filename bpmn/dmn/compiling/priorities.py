"""The order that the lists of output values give to outputs (DMN 1.5, 8.2.8: P and O)."""

from collections.abc import Sequence

from bpmn.dmn.compiling.compiler import Compiler
from bpmn.dmn.item_types import Value
from bpmn.dmn.nodes import HitPolicy, Source, Table
from bpmn.feel import PLAIN


class Priorities:
    """Ranks outputs by the values listed for them, the first column first.

    A table that needs such an order and lists no values is a finding.
    """

    def __init__(self, values: Sequence[Source | None], table: Table, compiler: Compiler) -> None:
        self._lists: list[list[Value] | None] = [None] * len(values)
        if table.hit_policy not in {HitPolicy.PRIORITY, HitPolicy.OUTPUT_ORDER}:
            return
        if not any(values):
            compiler.findings.error(
                "dmn-priority-without-values",
                table.place,
                f"{table.hit_policy} 决策表没有列出输出值(outputValues),无从排序。请由先到后列出。",
                f"A table with {table.hit_policy} lists no output values to order by. "
                "List them, the most important first.",
            )
        for index, source in enumerate(values):
            if source is None:
                continue
            listed = Source(f"[{source.text}]", source.place)
            expression = compiler.expression(listed, frozenset())
            if expression is not None:
                found = expression.evaluate({}, PLAIN)
                self._lists[index] = found if isinstance(found, list) else None

    def order(self, outputs: Sequence[Sequence[Value]]) -> list[int]:
        """Return the indices of `outputs`, the most important first, equals as they stand."""
        return sorted(range(len(outputs)), key=lambda index: self._rank(outputs[index]))

    def _rank(self, values: Sequence[Value]) -> tuple[int, ...]:
        return tuple(
            _place(listed, value)
            for listed, value in zip(self._lists, values, strict=True)
            if listed is not None
        )


def _place(listed: list[Value], value: Value) -> int:
    for place, one in enumerate(listed):
        if type(one) is type(value) and one == value:
            return place
    return len(listed)
