"""Hit policies (DMN 1.5, 8.2.8 to 8.2.11)."""

from decimal import Decimal
from typing import Any

import pytest

from bpmn.dmn import Outcome
from tests.bpmn.dmn.drawing import decision, read, table

PLANS = ['>= 5 => "停职检查"', ">= 3 => " + '"通报批评"', '- => "书面检查"']
VALUES = '"停职检查", "通报批评", "书面检查"'


def decide(given: dict[str, Any], logic: str) -> Outcome:
    return read(decision("处理", logic)).evaluate("处理", given)


def by_points(points: int, policy: str, **options: Any) -> Outcome:
    return decide({"points": points}, table(["points"], ["方式"], PLANS, policy=policy, **options))


def numbers(value: object) -> list[int]:
    assert isinstance(value, list)
    return [int(one) for one in value]


class TestUnique:
    """U: only one rule may match; each result is that rule's output."""

    RULES = ('< 3 => "A"', '[3..5] => "B"', '>= 5 => "C"')

    def test_the_rule_that_matches_gives_the_result(self) -> None:
        outcome = decide({"points": 4}, table(["points"], ["tier"], self.RULES))

        assert outcome.value == "B"
        assert [(one.index, one.rule) for one in outcome.matched] == [(2, "r2")]
        assert outcome.warnings == ()

    def test_two_rules_at_once_give_null_and_are_named(self) -> None:
        outcome = decide({"points": 5}, table(["points"], ["tier"], self.RULES))

        assert outcome.value is None
        assert [one.id for one in outcome.warnings] == ["dmn-not-unique"]
        assert "2, 3" in outcome.warnings[0].zh
        assert [one.index for one in outcome.matched] == [2, 3]

    def test_no_rule_gives_null(self) -> None:
        outcome = decide({"points": None}, table(["points"], ["tier"], self.RULES))

        assert outcome.value is None
        assert outcome.matched == ()

    def test_no_rule_gives_the_default_where_there_is_one(self) -> None:
        logic = table(["points"], ["tier"], self.RULES[:1], defaults={"tier": '"人工"'})

        assert decide({"points": 9}, logic).value == "人工"


class TestAny:
    """A: several rules may match if they all give the same."""

    RULES = ('> 1 | - => "受理"', '- | true => "受理"', '- | false => "不受理"')

    def test_rules_that_agree_give_their_common_output(self) -> None:
        outcome = decide({"a": 2, "b": True}, table(["a", "b"], ["x"], self.RULES, policy="ANY"))

        assert outcome.value == "受理"
        assert [one.index for one in outcome.matched] == [1, 2]

    def test_rules_that_contradict_each_other_give_null_and_are_named(self) -> None:
        outcome = decide({"a": 2, "b": False}, table(["a", "b"], ["x"], self.RULES, policy="ANY"))

        assert outcome.value is None
        assert [one.id for one in outcome.warnings] == ["dmn-not-any"]


class TestPriority:
    """P: of the rules that match, the output that is listed first wins."""

    def test_the_output_listed_first_wins_whatever_the_order_of_the_rules(self) -> None:
        rules = list(reversed(PLANS))
        logic = table(
            ["points"], ["方式"], rules, policy="PRIORITY", allowed_outputs={"方式": VALUES}
        )
        outcome = decide({"points": 6}, logic)

        assert outcome.value == "停职检查"
        assert [one.index for one in outcome.matched] == [3, 2, 1]

    def test_several_outputs_are_compared_one_after_the_other(self) -> None:
        logic = table(
            ["points"],
            ["档", "序"],
            ['- => "轻" | 2', '- => "重" | 1', '- => "重" | 2'],
            policy="PRIORITY",
            allowed_outputs={"档": '"重", "轻"', "序": "2, 1"},
        )

        assert decide({"points": 1}, logic).value == {"档": "重", "序": Decimal(2)}

    def test_an_output_that_is_not_listed_comes_last(self) -> None:
        logic = table(
            ["points"],
            ["档"],
            ["- => other", '- => "轻"'],
            policy="OUTPUT ORDER",
            allowed_outputs={"档": '"重", "轻"'},
        )

        outcome = decide({"points": 1, "other": "无"}, logic)

        assert outcome.value == ["轻", None]
        assert [one.id for one in outcome.warnings] == ["dmn-output-not-allowed"]


class TestFirst:
    """F: the first rule that matches, in the order in which they stand."""

    def test_the_first_that_matches_gives_the_result_and_is_the_only_one_noted(self) -> None:
        outcome = by_points(6, "FIRST")

        assert outcome.value == "停职检查"
        assert [one.index for one in outcome.matched] == [1]


class TestSeveralResults:
    """R, O and C: the outputs of all rules that match, as a list."""

    def test_rule_order_keeps_the_order_of_the_rules(self) -> None:
        assert by_points(6, "RULE ORDER").value == ["停职检查", "通报批评", "书面检查"]

    def test_output_order_sorts_by_the_listed_values(self) -> None:
        logic = table(
            ["points"],
            ["方式"],
            list(reversed(PLANS)),
            policy="OUTPUT ORDER",
            allowed_outputs={"方式": VALUES},
        )

        assert decide({"points": 6}, logic).value == ["停职检查", "通报批评", "书面检查"]

    def test_collect_gives_contexts_where_there_are_several_outputs(self) -> None:
        logic = table(["points"], ["a", "b"], ["> 0 => 1 | 2", "> 1 => 3 | 4"], policy="COLLECT")

        assert decide({"points": 2}, logic).value == [{"a": 1, "b": 2}, {"a": 3, "b": 4}]

    @pytest.mark.parametrize("policy", ["RULE ORDER", "COLLECT"])
    def test_no_rule_gives_an_empty_list(self, policy: str) -> None:
        assert decide({"a": 0}, table(["a"], ["x"], ["> 1 => 1"], policy=policy)).value == []

    def test_no_rule_gives_the_default_as_a_list(self) -> None:
        logic = table(["a"], ["x"], ["> 1 => 1"], policy="COLLECT", defaults={"x": "7"})

        assert numbers(decide({"a": 0}, logic).value) == [7]


class TestAggregation:
    """C+, C<, C>, C#: sum, least, greatest and number of the outputs."""

    RULES = ("> 0 => 1", "> 5 => 2.5", "> 9 => 2.5")

    @pytest.mark.parametrize(
        ("aggregation", "expected"), [("SUM", "6.0"), ("MIN", "1"), ("MAX", "2.5"), ("COUNT", "3")]
    )
    def test_the_outputs_of_all_rules_that_match_count(
        self, aggregation: str, expected: str
    ) -> None:
        logic = table(["a"], ["分"], self.RULES, policy="COLLECT", aggregation=aggregation)

        assert decide({"a": 10}, logic).value == Decimal(expected)

    @pytest.mark.parametrize("aggregation", ["SUM", "MIN", "MAX"])
    def test_nothing_has_no_sum_least_or_greatest(self, aggregation: str) -> None:
        logic = table(["a"], ["分"], self.RULES, policy="COLLECT", aggregation=aggregation)

        assert decide({"a": 0}, logic).value is None

    def test_nothing_counts_as_none(self) -> None:
        logic = table(["a"], ["分"], self.RULES, policy="COLLECT", aggregation="COUNT")

        assert decide({"a": 0}, logic).value == 0

    def test_a_default_stands_for_the_sum_of_nothing(self) -> None:
        logic = table(
            ["a"], ["分"], self.RULES, policy="COLLECT", aggregation="SUM", defaults={"分": "0"}
        )

        assert decide({"a": 0}, logic).value == 0


class TestAllowedValues:
    """Input values and output values restrict what may come and leave (DMN 1.5, 8.2.5)."""

    def test_an_input_that_is_not_allowed_gives_null_and_says_so(self) -> None:
        logic = table(["level"], ["x"], ["- => 1"], allowed_inputs={"level": '"轻", "重"'})
        outcome = decide({"level": "中"}, logic)

        assert outcome.value is None
        assert [one.id for one in outcome.warnings] == ["dmn-input-not-allowed"]

    def test_an_input_that_is_allowed_passes(self) -> None:
        logic = table(["level"], ["x"], ["- => 1"], allowed_inputs={"level": '"轻", "重"'})

        assert decide({"level": "轻"}, logic).value == 1

    def test_a_missing_input_is_left_to_the_rules(self) -> None:
        logic = table(["level"], ["x"], ["null => 1"], allowed_inputs={"level": '"轻", "重"'})

        assert decide({"level": None}, logic).value == 1

    def test_an_output_of_another_type_counts_as_null(self) -> None:
        outcome = decide({"a": 1}, table(["a"], ["x"], ['- => "一"'], types={"x": "number"}))

        assert outcome.value is None
        assert [one.id for one in outcome.warnings] == ["dmn-type"]


class TestConditions:
    """A cell lets a value through by comparison with constants or by any unary test."""

    @pytest.mark.parametrize(
        ("cell", "value", "matches"),
        [
            ("-", None, True),
            ("5", 5, True),
            ("5", 5.5, False),
            ("-5", -5, True),
            ("< 5", 5, False),
            ("<= 5", 5, True),
            ("> 5", 5, False),
            (">= 5", 5, True),
            ("!= 5", 5, False),
            ("[1..5)", 1, True),
            ("[1..5)", 5, False),
            ("(1..5]", 1, False),
            ("(1..5]", 5, True),
            ("not(1, 2)", 3, True),
            ("not(1, 2)", 2, False),
            ("1, 3, [7..9]", 8, True),
            ("1, 3, [7..9]", 4, False),
            ("? > 3 and ? < 5", 4, True),
            ("? > 3 and ? < 5", 5, False),
            ("? < 3 or ? > 5", 4, False),
            ("? between 3 and 5", 5, True),
            ("? in (1, 2)", 2, True),
            ("3 < ?", 4, True),
            ("[1, 2]", 2, True),
            ("even(?)", 4, True),
            ("even(?)", 3, False),
            ("> other", 9, True),
            ("> other", 1, False),
            ("< 5", None, False),
            ("null", None, True),
            ("null", 1, False),
            ("< 5", "text", False),
            ('"甲", "乙"', "乙", True),
            ('not("甲", "乙")', "乙", False),
            ('not("甲", "乙")', "丙", True),
            ('< "b"', "a", True),
            ("true", True, True),
            ("true", False, False),
            ("not(true)", False, True),
            ("1", True, False),
            ('@"2026-04-08"', "@2026-04-08", True),
            ('< date("2026-04-08")', "@2026-04-07", True),
            ('[date("2026-01-01")..date("2026-12-31")]', "@2027-01-01", False),
        ],
    )
    def test_a_cell_means_what_feel_says(self, cell: str, value: Any, matches: bool) -> None:  # noqa: FBT001
        reads = "x"
        if isinstance(value, str) and value.startswith("@"):
            reads, value = "date(x)", value[1:]
        outcome = decide({"x": value, "other": 3}, table([reads], ["y"], [f"{cell} => 1"]))

        assert (outcome.value == 1) is matches

    def test_columns_of_several_kinds_of_test_are_taken_together(self) -> None:
        logic = table(
            ["a", "b"],
            ["x"],
            ['< 3 | "甲" => 1', '< 3 | starts with(?, "乙") => 2', "odd(?) | - => 3"],
        )

        model = read(decision("处理", logic))

        assert model.evaluate("处理", {"a": 2, "b": "乙方"}).value == 2
        assert model.evaluate("处理", {"a": 5, "b": "丙"}).value == 3
        assert model.evaluate("处理", {"a": 1, "b": "甲"}).value is None

    def test_cells_may_call_their_input_by_the_name_that_camunda_gives_it(self) -> None:
        logic = table(["points * 2"], ["x"], ["even(doubled) => 1"]).replace(
            "<input>", '<input camunda:inputVariable="doubled">'
        )

        assert decide({"points": 3}, logic).value == 1

    def test_a_table_without_inputs_or_rules_still_runs(self) -> None:
        assert decide({}, table([], ["x"], ["=> 1"])).value == 1
        assert decide({"a": 1}, table(["a"], ["x"], [])).value is None


class TestAnnotations:
    """What the author noted beside a rule goes into the record with it."""

    def test_a_single_annotation_stands_alone(self) -> None:
        outcome = decide({"a": 1}, table(["a"], ["x"], ["- => 1 // 篇1§5"], annotations=["依据"]))

        assert outcome.matched[0].annotation == "篇1§5"

    def test_several_are_named(self) -> None:
        logic = table(["a"], ["x"], ["- => 1 // 篇1§5 | 存疑"], annotations=["依据", "备注"])

        assert decide({"a": 1}, logic).matched[0].annotation == "依据: 篇1§5; 备注: 存疑"

    def test_a_description_stands_in_for_them(self) -> None:
        logic = table(["a"], ["x"], ["- => 1"]).replace(
            '<rule id="r1">', '<rule id="r1"><description>旧例</description>'
        )

        assert decide({"a": 1}, logic).matched[0].annotation == "旧例"
