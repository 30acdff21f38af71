"""A decision table as a page shows it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bpmn.dmn.evaluation import MatchedRule
from bpmn.dmn.nodes import Decision, HitPolicy, Orientation, RuleId, Table

_LETTERS = {
    HitPolicy.UNIQUE: "U",
    HitPolicy.ANY: "A",
    HitPolicy.PRIORITY: "P",
    HitPolicy.FIRST: "F",
    HitPolicy.RULE_ORDER: "R",
    HitPolicy.OUTPUT_ORDER: "O",
    HitPolicy.COLLECT: "C",
}
_SIGNS = {"SUM": "+", "MIN": "<", "MAX": ">", "COUNT": "#"}


@dataclass(frozen=True, slots=True)
class ColumnView:
    """The head of a column.

    Attributes:
        label: What the column is called.
        expression: What an input reads; the name of an output.
        allowed: The values listed for it, as FEEL, or "".
        default: The default of an output, as FEEL, or "".
    """

    label: str
    expression: str
    allowed: str = ""
    default: str = ""


@dataclass(frozen=True, slots=True)
class RowView:
    """A rule, cell by cell, as it is written.

    Attributes:
        index: Its number, from 1.
        rule: Its id, or "".
        inputs: Its conditions; `-` where anything goes.
        outputs: Its conclusions.
        annotations: What its author noted; the description where there are no annotation columns.
        is_lit: Whether it matched in the outcome that is shown.
    """

    index: int
    rule: RuleId
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    annotations: tuple[str, ...]
    is_lit: bool = False


@dataclass(frozen=True, slots=True)
class TableView:
    """A table for pages to render.

    Attributes:
        decision: The decision's id.
        title: The decision's name.
        hit_policy: The letter and sign of the standard, such as `U` or `C+`.
        orientation: How the author wants it drawn.
        inputs: The heads of the conditions.
        outputs: The heads of the conclusions.
        annotations: The heads of the annotations.
        rows: The rules, in order.
    """

    decision: str
    title: str
    hit_policy: str
    orientation: Orientation
    inputs: tuple[ColumnView, ...]
    outputs: tuple[ColumnView, ...]
    annotations: tuple[str, ...]
    rows: tuple[RowView, ...]

    def lit(self, matched: Iterable[MatchedRule]) -> "TableView":
        """Return the view with the rows lit that matched in this decision's table."""
        found = {one.index for one in matched if one.decision == self.decision}
        rows = tuple(replace(row, is_lit=row.index in found) for row in self.rows)
        return replace(self, rows=rows)


def table_view(decision: Decision) -> TableView | None:
    """Return the decision's table as a page shows it, or None where its logic is none."""
    table = decision.logic
    if not isinstance(table, Table):
        return None
    noted = table.annotations or (("",) if any(rule.description for rule in table.rules) else ())
    return TableView(
        decision=decision.id,
        title=decision.name,
        hit_policy=_LETTERS[table.hit_policy] + _SIGNS.get(table.aggregation or "", ""),
        orientation=table.orientation,
        inputs=tuple(
            ColumnView(one.label, one.source.text, "" if one.allowed is None else one.allowed.text)
            for one in table.inputs
        ),
        outputs=tuple(
            ColumnView(
                one.label or table.label or decision.name,
                one.name,
                "" if one.allowed is None else one.allowed.text,
                "" if one.default is None else one.default.text,
            )
            for one in table.outputs
        ),
        annotations=noted,
        rows=tuple(
            RowView(
                number,
                rule.id,
                tuple(one.text for one in rule.inputs),
                tuple(one.text for one in rule.outputs),
                rule.annotations or ((rule.description,) if noted else ()),
            )
            for number, rule in enumerate(table.rules, start=1)
        ),
    )
