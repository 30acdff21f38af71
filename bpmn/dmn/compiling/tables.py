"""Decision tables: which rules match, and what the hit policy makes of them (DMN 1.5, 8.2.8)."""

from collections.abc import Callable, Sequence
from decimal import Decimal

from bpmn.dmn.compiling.columns import Column
from bpmn.dmn.compiling.compiler import Compiler, Names
from bpmn.dmn.compiling.priorities import Priorities
from bpmn.dmn.evaluation import Code, Evaluation, MatchedRule, Scope
from bpmn.dmn.item_types import Value
from bpmn.dmn.nodes import Aggregation, HitPolicy, InputClause, OutputClause, Rule, Table
from bpmn.feel import Environment, compile_expression

_AGGREGATES = {
    kind: compile_expression(f"{kind.lower()}(outputs)", names=frozenset({"outputs"}))
    for kind in (Aggregation.SUM, Aggregation.MIN, Aggregation.MAX)
}
_LISTS = frozenset({HitPolicy.RULE_ORDER, HitPolicy.OUTPUT_ORDER, HitPolicy.COLLECT})

Allows = Callable[[Value, Environment], bool]


class CompiledTable:
    """A table that can be evaluated.

    Args:
        table: The table as it was read.
        compiler: Where its FEEL is compiled.
        names: The names in scope.
        owner: Id of the decision or business knowledge model to which it belongs.
        result_type: The type of the decision's variable, which may list the outputs' values.
    """

    def __init__(
        self,
        table: Table,
        compiler: Compiler,
        names: Names,
        owner: str,
        result_type: str | None = None,
    ) -> None:
        self.table = table
        self._columns = [
            (
                _input(clause, compiler, names),
                _allowed_input(clause, compiler),
                Column(
                    [rule.inputs[index] for rule in table.rules], compiler, names, clause.variable
                ).mask,
            )
            for index, clause in enumerate(table.inputs)
        ]
        self._all = (1 << len(table.rules)) - 1
        only = len(table.outputs) == 1
        self._outputs = [
            _Output(clause, compiler, (table.type_ref or result_type) if only else None)
            for clause in table.outputs
        ]
        self._entries = [
            tuple(
                output.entry(compiler.literal(source, names))
                for output, source in zip(self._outputs, rule.outputs, strict=True)
            )
            for rule in table.rules
        ]
        self._defaults = [
            None
            if clause.default is None
            else output.entry(compiler.literal(clause.default, names))
            for output, clause in zip(self._outputs, table.outputs, strict=True)
        ]
        self._matched = [
            MatchedRule(owner, number, rule.id, _annotation(table, rule))
            for number, rule in enumerate(table.rules, start=1)
        ]
        self._priorities = Priorities([output.values for output in self._outputs], table, compiler)
        # Enumerations are slow to compare; what hangs on them is known now.
        policy = table.hit_policy
        self._is_first = policy is HitPolicy.FIRST
        self._is_unique = policy is HitPolicy.UNIQUE
        self._is_any = policy is HitPolicy.ANY
        self._is_ordered = policy in {HitPolicy.PRIORITY, HitPolicy.OUTPUT_ORDER}
        self._is_list = policy in _LISTS
        self._is_single = only
        self._names = [
            clause.name or clause.label or table.label or owner for clause in table.outputs
        ]

    def run(self, scope: Scope, run: Evaluation) -> Value:
        """Return what the table gives; the rules that matched are noted in `run`."""
        hits = self._hits(scope, run)
        if hits is None:
            run.rows = ()
            return None
        if self._is_first:
            hits = hits[:1]
        if not hits:
            return self._without_hit(scope, run)
        entries, matched = self._entries, self._matched
        outputs = [[code(scope, run) for code in entries[hit]] for hit in hits]
        if self._is_ordered and len(hits) > 1:
            order = self._priorities.order(outputs)
            hits = [hits[index] for index in order]
            outputs = [outputs[index] for index in order]
        run.matched += [matched[hit] for hit in hits]
        return self._result(hits, outputs, run)

    def _hits(self, scope: Scope, run: Evaluation) -> list[int] | None:
        """Return the indices of the rules that match, or None where an input is not allowed."""
        alive = self._all
        for read, allows, mask in self._columns:
            value = read(scope, run)
            if allows is not None and value is not None and not allows(value, run.env):
                run.warn(
                    "dmn-input-not-allowed",
                    self.table.place,
                    "决策表的一个输入值不在允许的取值之内,结果为空值。",
                    "An input of the table is none of the allowed values; the result is null.",
                )
                return None
            alive &= mask(value, alive, scope, run)
            if not alive:
                return []
        return _bits(alive)

    def _without_hit(self, scope: Scope, run: Evaluation) -> Value:
        run.rows = ()
        aggregation = self.table.aggregation
        if any(code is not None for code in self._defaults):
            values = [None if code is None else code(scope, run) for code in self._defaults]
            run.rows = (dict(zip(self._names, values, strict=True)),)
            value = self._shape(values)
            if not self._is_list or aggregation is not None:
                return value
            return value if isinstance(value, list) else [value]
        if aggregation is Aggregation.COUNT:
            return Decimal(0)
        return [] if self._is_list and aggregation is None else None

    def _result(
        self, hits: Sequence[int], outputs: Sequence[Sequence[Value]], run: Evaluation
    ) -> Value:
        if self._is_unique and len(hits) > 1:
            return self._violated("dmn-not-unique", hits, run)
        if self._is_any and any(one != outputs[0] for one in outputs[1:]):
            return self._violated("dmn-not-any", hits, run)
        if not self._is_list:
            run.rows = (dict(zip(self._names, outputs[0], strict=True)),)
            return self._shape(outputs[0])
        values = [self._shape(one) for one in outputs]
        aggregation = self.table.aggregation
        if aggregation is None:
            run.rows = tuple(dict(zip(self._names, one, strict=True)) for one in outputs)
            return values
        value = self._aggregate(aggregation, values, run)
        run.rows = ({self._names[0]: value},)
        return value

    def _aggregate(self, aggregation: Aggregation, values: list[Value], run: Evaluation) -> Value:
        before = len(run.warnings)
        code = _COUNT if aggregation is Aggregation.COUNT else _AGGREGATES[aggregation]
        value = code.evaluate({"outputs": values}, run.env, warnings=run.warnings, meter=run)
        run.locate(before, self.table.place.line)
        return value

    def _violated(self, kind: str, hits: Sequence[int], run: Evaluation) -> Value:
        run.rows = ()
        numbers = ", ".join(str(hit + 1) for hit in hits)
        policy = self.table.hit_policy
        run.warn(
            kind,
            self.table.place,
            f"{policy} 决策表的第 {numbers} 条规则同时匹配,结果为空值。请让规则互不重叠。",
            f"Rules {numbers} of a {policy} table match at once; the result is null. "
            "Make the rules exclude each other.",
        )
        return None

    def _shape(self, values: Sequence[Value]) -> Value:
        return values[0] if self._is_single else dict(zip(self._names, values, strict=True))


_COUNT = compile_expression("count(outputs)", names=frozenset({"outputs"}))


class _Output:
    """One output: its type and the values that may leave."""

    def __init__(self, clause: OutputClause, compiler: Compiler, table_type: str | None) -> None:
        self._clause = clause
        self._check = compiler.check(clause.type_ref, clause.place)
        self.values = (
            clause.allowed
            or compiler.types.allowed(clause.type_ref)
            or compiler.types.allowed(table_type)
        )
        self._allows: Allows | None = (
            None if clause.allowed is None else compiler.allows(clause.allowed, frozenset())
        )

    def entry(self, code: Code) -> Code:
        """Return code whose result is of the output's type and among its values, or null."""
        check, allows, clause = self._check, self._allows, self._clause
        if check is None and allows is None:
            return code

        def run_entry(scope: Scope, run: Evaluation) -> Value:
            value = code(scope, run)
            if check is not None:
                value = run.conform(check, value, clause.place, clause.name, clause.type_ref or "")
            if value is None or allows is None or allows(value, run.env):
                return value
            run.warn(
                "dmn-output-not-allowed",
                clause.place,
                "决策表的输出值不在允许的取值之内,按空值处理。",
                "An output of the table is none of the allowed values; it counts as null.",
            )
            return None

        return run_entry


def _input(clause: InputClause, compiler: Compiler, names: Names) -> Code:
    evaluate = compiler.literal(clause.source, names)
    return compiler.typed(evaluate, clause.type_ref, clause.source.place, clause.source.text)


def _allowed_input(clause: InputClause, compiler: Compiler) -> Allows | None:
    return None if clause.allowed is None else compiler.allows(clause.allowed, frozenset())


def _annotation(table: Table, rule: Rule) -> str:
    if not any(rule.annotations):
        return rule.description
    if len(rule.annotations) == 1:
        return rule.annotations[0]
    heads = [*table.annotations, *([""] * len(rule.annotations))]
    return "; ".join(
        f"{head}: {text}" if head else text
        for head, text in zip(heads, rule.annotations, strict=False)
        if text
    )


def _bits(mask: int) -> list[int]:
    if not mask & (mask - 1):
        return [mask.bit_length() - 1]
    found = []
    while mask:
        lowest = mask & -mask
        found.append(lowest.bit_length() - 1)
        mask ^= lowest
    return found
