"""What a business rule task takes of an outcome (`camunda:mapDecisionResult`)."""

import pytest

from bpmn.dmn import Outcome, ResultMapping, ResultMisfit, map_result
from tests.bpmn.dmn.drawing import decision, literal, read, table


def outcome(points: int, outputs: list[str], policy: str = "COLLECT") -> Outcome:
    cells = " | ".join(["1"] * len(outputs))
    logic = table(["points"], outputs, [f"> 0 => {cells}", f"> 5 => {cells}"], policy=policy)
    return read(decision("d", logic)).evaluate("d", {"points": points})


class TestMappings:
    """singleEntry, singleResult, collectEntries, resultList."""

    def test_single_entry_is_the_only_output_of_the_only_rule(self) -> None:
        assert map_result(outcome(1, ["y"]), "singleEntry") == 1

    def test_single_result_is_its_context(self) -> None:
        assert map_result(outcome(1, ["y", "z"]), "singleResult") == {"y": 1, "z": 1}

    def test_collect_entries_is_the_list_of_outputs(self) -> None:
        assert map_result(outcome(6, ["y"]), "collectEntries") == [1, 1]

    def test_result_list_is_the_list_of_contexts(self) -> None:
        assert map_result(outcome(6, ["y"]), ResultMapping.RESULT_LIST) == [{"y": 1}, {"y": 1}]

    @pytest.mark.parametrize(
        ("how", "expected"),
        [("singleEntry", None), ("singleResult", None), ("collectEntries", []), ("resultList", [])],
    )
    def test_nothing_matched(self, how: str, expected: object) -> None:
        assert map_result(outcome(0, ["y"]), how) == expected

    def test_a_decision_that_is_no_table_counts_as_one_rule_with_one_output(self) -> None:
        found = read(decision("d", literal("[1, 2]"))).evaluate("d", {})

        assert map_result(found, "singleEntry") == [1, 2]
        assert map_result(found, "singleResult") == {"d": [1, 2]}

    def test_a_default_counts_as_one_rule(self) -> None:
        logic = table(["x"], ["y"], ["1 => 1"], defaults={"y": "9"})
        found = read(decision("d", logic)).evaluate("d", {"x": 2})

        assert map_result(found, "resultList") == [{"y": 9}]

    def test_a_sum_counts_as_one_rule(self) -> None:
        logic = table(["x"], ["分"], ["- => 1", "- => 2"], policy="COLLECT", aggregation="SUM")
        found = read(decision("d", logic)).evaluate("d", {"x": 2})

        assert map_result(found, "singleResult") == {"分": 3}

    def test_a_contradiction_has_no_result(self) -> None:
        assert map_result(outcome(6, ["y"], policy="UNIQUE"), "singleEntry") is None

    @pytest.mark.parametrize("how", ["singleEntry", "singleResult"])
    def test_several_rules_do_not_fit_a_single_one(self, how: str) -> None:
        with pytest.raises(ResultMisfit, match="2 rules") as misfit:
            map_result(outcome(6, ["y"]), how)

        assert "collectEntries" in misfit.value.zh

    @pytest.mark.parametrize("how", ["singleEntry", "collectEntries"])
    def test_several_outputs_do_not_fit_a_single_one(self, how: str) -> None:
        with pytest.raises(ResultMisfit, match="several outputs"):
            map_result(outcome(1, ["y", "z"]), how)

    def test_there_is_no_other_mapping(self) -> None:
        with pytest.raises(ValueError, match="anything"):
            map_result(outcome(1, ["y"]), "anything")
