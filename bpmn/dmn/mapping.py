"""Which part of an outcome a business rule task takes (`camunda:mapDecisionResult`)."""

from enum import StrEnum

from bpmn.dmn.evaluation import Outcome
from bpmn.dmn.item_types import Value


class ResultMapping(StrEnum):
    """The four ways that Camunda 7 has."""

    SINGLE_ENTRY = "singleEntry"
    SINGLE_RESULT = "singleResult"
    COLLECT_ENTRIES = "collectEntries"
    RESULT_LIST = "resultList"


class ResultMisfit(ValueError):
    """The decision gave more than the mapping takes.

    Attributes:
        zh: The sentence in Chinese.
        en: The sentence in English; `str()` gives it.
    """

    def __init__(self, zh: str, en: str) -> None:
        self.zh = zh
        self.en = en
        super().__init__(en)


def map_result(outcome: Outcome, how: ResultMapping | str) -> Value:
    """Return the outcome as a business rule task stores it.

    * `singleEntry`: the only output of the only rule; null where none matched.
    * `singleResult`: the outputs of the only rule as a context; null where none matched.
    * `collectEntries`: the only output of each rule, as a list.
    * `resultList`: the outputs of each rule, as a list of contexts.

    A decision that is no table counts as one rule with one output, called like the decision.

    Raises:
        ResultMisfit: There is more than one rule or output where the mapping takes one.
        ValueError: There is no such mapping.
    """
    rows = [dict(row) for row in outcome.rows]
    match ResultMapping(how):
        case ResultMapping.RESULT_LIST:
            return rows
        case ResultMapping.COLLECT_ENTRIES:
            return [_only_entry(row, outcome) for row in rows]
        case ResultMapping.SINGLE_RESULT:
            return _only_row(rows, outcome)
        case ResultMapping.SINGLE_ENTRY:
            row = _only_row(rows, outcome)
            return None if row is None else _only_entry(row, outcome)


def _only_row(rows: list[dict[str, Value]], outcome: Outcome) -> dict[str, Value] | None:
    if len(rows) > 1:
        raise ResultMisfit(
            f"决策“{outcome.decision}”有 {len(rows)} 条规则给出结果，而结果映射只取一条。"
            "请改用 collectEntries 或 resultList。",
            f"{len(rows)} rules of the decision {outcome.decision!r} gave a result, and the "
            "mapping takes one. Use collectEntries or resultList.",
        )
    return rows[0] if rows else None


def _only_entry(row: dict[str, Value], outcome: Outcome) -> Value:
    if len(row) > 1:
        names = ", ".join(row)
        raise ResultMisfit(
            f"决策“{outcome.decision}”有多个输出（{names}），而结果映射只取一个。"
            "请改用 singleResult 或 resultList。",
            f"The decision {outcome.decision!r} has several outputs ({names}), and the mapping "
            "takes one. Use singleResult or resultList.",
        )
    return next(iter(row.values()))
