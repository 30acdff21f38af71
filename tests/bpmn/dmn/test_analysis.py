"""Gaps and overlaps of tables, with an example of each (issue 3: Analysis)."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpmn.dmn import Analysis, UnknownDecision, analyse
from bpmn.feel import to_text
from tests.bpmn.dmn.drawing import decision, input_data, literal, read, table


def analysed(
    inputs: Sequence[str], rules: Sequence[str], *parts: str, steps: int = 50_000, **options: Any
) -> Analysis:
    outputs = options.pop("outputs", ["y"])
    model = read(*parts, decision("d", table(inputs, outputs, rules, **options)))
    return analyse(model, "d", steps=steps)


def conditions(found: Analysis) -> list[dict[str, str]]:
    return [dict(gap.conditions) for gap in found.gaps]


class TestGapsOfOneInput:
    """A gap is what no rule covers; its example lies in it."""

    @pytest.mark.parametrize(
        ("rules", "gap"),
        [
            (["< 3 => 1", "> 3 => 2"], "3"),
            (["< 3 => 1", ">= 5 => 2"], "[3..5)"),
            (["[1..5] => 1", "> 6 => 2"], "< 1, (5..6]"),
            (["not(7) => 1"], "7"),
            (["<= 3 => 1"], "> 3"),
        ],
    )
    def test_of_numbers(self, rules: list[str], gap: str) -> None:
        assert conditions(analysed(["x"], rules)) == [{"x": gap}]

    def test_the_example_is_covered_by_no_rule(self) -> None:
        (gap,) = analysed(["x"], ["< 3 => 1", ">= 5 => 2"]).gaps

        assert gap.example == {"x": 3}

    @pytest.mark.parametrize(
        "rules", [["< 3 => 1", ">= 3 => 2"], ["- => 1"], ["not(1) => 1", "1 => 2"]]
    )
    def test_none_where_everything_is_covered(self, rules: list[str]) -> None:
        found = analysed(["x"], rules)

        assert found.gaps == ()
        assert found.is_complete

    def test_of_truth(self) -> None:
        assert conditions(analysed(["x"], ["true => 1"])) == [{"x": "false"}]
        assert analysed(["x"], ["true => 1", "false => 2"]).gaps == ()

    def test_of_texts(self) -> None:
        (gap,) = analysed(["x"], ['"轻" => 1', '"重" => 2']).gaps

        assert gap.conditions == {"x": 'not("轻", "重")'}
        assert gap.example == {"x": "其他"}

    def test_of_texts_with_allowed_values(self) -> None:
        allowed = {"x": '"轻", "中", "重"'}
        found = analysed(["x"], ['"轻" => 1', '"重" => 2'], allowed_inputs=allowed)

        assert conditions(found) == [{"x": '"中"'}]
        assert analysed(["x"], ['"轻" => 1', 'not("轻") => 2'], allowed_inputs=allowed).gaps == ()

    def test_the_values_of_a_type_count_as_allowed(self) -> None:
        kind = (
            '<itemDefinition name="t"><typeRef>string</typeRef>'
            + literal('"轻", "重"', tag="allowedValues")
            + "</itemDefinition>"
        )

        assert analysed(["x"], ['"轻" => 1', '"重" => 2'], kind, types={"x": "t"}).gaps == ()

    def test_of_dates(self) -> None:
        (gap,) = analysed(
            ["x"], ['< date("2026-01-01") => 1', '>= @"2026-01-03" => 2'], types={"x": "date"}
        ).gaps

        assert to_text(gap.example["x"]) == "2026-01-01"

    def test_between_two_days_lies_nothing(self) -> None:
        rules = ['<= date("2026-01-01") => 1', '>= date("2026-01-02") => 2']

        assert analysed(["x"], rules, types={"x": "date"}).gaps == ()

    def test_between_two_whole_numbers_lies_nothing(self) -> None:
        rules = ["<= 3 => 1", ">= 4 => 2"]

        assert analysed(["x"], rules, types={"x": "integer"}).gaps == ()
        assert conditions(analysed(["x"], rules, types={"x": "number"})) == [{"x": "(3..4)"}]

    def test_a_default_leaves_no_gap(self) -> None:
        assert analysed(["x"], ["> 3 => 1"], defaults={"y": "0"}).gaps == ()

    def test_a_table_without_rules_covers_nothing(self) -> None:
        found = analysed(["x"], [])

        assert [gap.conditions for gap in found.gaps] == [{}]


class TestGapsOfSeveralInputs:
    """Inputs are taken together; what does not matter for a gap is not mentioned."""

    def test_one_combination_is_missing(self) -> None:
        rules = ["true | true => 1", "true | false => 2", "false | true => 3"]

        assert conditions(analysed(["a", "b"], rules)) == [{"a": "false", "b": "false"}]

    def test_an_input_that_does_not_matter_is_left_out_but_has_an_example(self) -> None:
        (gap,) = analysed(["a", "b"], ["> 3 | true => 1", "> 3 | false => 2"]).gaps

        assert gap.conditions == {"a": "<= 3"}
        assert gap.example == {"a": 3, "b": False}

    def test_two_columns_that_read_the_same_are_one_input(self) -> None:
        rules = [">= 0 | < 5 => 1", ">= 5 | - => 2", "- | < 0 => 3"]

        assert analysed(["x", "x"], rules).gaps == ()

    def test_dt_ca_2_with_a_row_left_out(self) -> None:
        """篇1§5:情节与影响不一致须另有规定。"""
        found = analysed(
            ["情节", "影响"],
            ['"轻微" | "较小" => "T1"', '"严重" | "较大" => "T2"', '"特别严重" | "重大" => "T3"'],
            allowed_inputs={"情节": '"轻微", "严重", "特别严重"', "影响": '"较小", "较大", "重大"'},
        )

        assert len(found.gaps) == 3
        assert found.gaps[0].conditions["影响"].count('"') == 4
        assert found.is_complete


class TestMembersOfLists:
    """A list that is only asked for constants is one question for each of them."""

    RULES = ('list contains(?, "a") => 1', 'list contains(?, "b") => 2')

    def test_the_gap_is_a_list_without_any_of_them(self) -> None:
        (gap,) = analysed(["x"], self.RULES, policy="COLLECT").gaps

        assert gap.conditions == {
            'list contains(x, "a")': "false",
            'list contains(x, "b")': "false",
        }
        assert gap.example == {"x": []}

    def test_under_collect_a_gap_gives_an_empty_list(self) -> None:
        assert analysed(["x"], self.RULES, policy="COLLECT").lists_results
        assert not analysed(["x"], self.RULES).lists_results

    def test_a_list_with_two_of_them_is_an_overlap(self) -> None:
        (overlap,) = analysed(["x"], self.RULES).overlaps

        assert overlap.rules == (1, 2)
        assert overlap.example == {"x": ["a", "b"]}

    @pytest.mark.parametrize("lacks", ['not(list contains(?, "a"))', "not(list contains(?, 'a'))"])
    def test_a_list_that_must_lack_one_excludes_the_other(self, lacks: str) -> None:
        rules = [self.RULES[0], lacks.replace("'", '"') + " => 2"]
        found = analysed(["x"], rules)

        assert found.is_complete
        assert (found.gaps, found.overlaps) == ((), ())

    def test_several_may_be_asked_at_once(self) -> None:
        rules = [
            'list contains(?, "a") and list contains(?, "b") => 1',
            'list contains(?, "a") and not(list contains(?, "b")) => 2',
            'list contains(?, "b") => 3',
            "- => 4",
        ]
        found = analysed(["x"], rules[:3])

        assert [one.example for one in found.gaps] == [{"x": []}]
        assert [one.rules for one in found.overlaps] == [(1, 3)]
        assert analysed(["x"], rules).gaps == ()

    @pytest.mark.parametrize(
        "cell",
        [
            "list contains(?, y)",
            'list contains(y, "a")',
            'not(list contains(?, "a") and list contains(?, "b"))',
            'not(list contains(?, "a"), list contains(?, "b"))',
            'list contains(?, "a") and count(?) > 1',
            "count(?) = 0",
        ],
    )
    def test_anything_else_is_left_undecided(self, cell: str) -> None:
        assert analysed(["x"], [*self.RULES, f"{cell} => 3"]).undecided != ()


class TestOverlaps:
    """Under UNIQUE two rules may not match at once, under ANY not with different outputs."""

    def test_unique_rules_that_share_an_input(self) -> None:
        (overlap,) = analysed(["x"], ["<= 3 => 1", ">= 3 => 2"]).overlaps

        assert overlap.rules == (1, 2)
        assert overlap.example == {"x": 3}
        assert not overlap.agrees

    def test_unique_rules_that_give_the_same_still_overlap(self) -> None:
        (overlap,) = analysed(["x"], ["< 4 => 1", "> 3 => 1.0"]).overlaps

        assert overlap.agrees
        assert Decimal(3) < overlap.example["x"] < Decimal(4)

    def test_any_rules_that_give_the_same_do_not(self) -> None:
        assert analysed(["x"], ["< 4 => 1", "> 3 => 1.0"], policy="ANY").overlaps == ()

    def test_any_rules_that_give_something_else_do(self) -> None:
        rules = ["< 4 => 1", "> 3 => 2", "> 5 => a", "> 5 => a"]
        found = analysed(["x"], rules, policy="ANY")

        assert [one.rules for one in found.overlaps] == [(1, 2), (2, 3), (2, 4)]

    def test_rules_kept_apart_by_one_input_do_not(self) -> None:
        assert analysed(["a", "b"], ["> 3 | true => 1", "> 3 | false => 2"]).overlaps == ()

    def test_an_input_that_is_not_allowed_is_no_example(self) -> None:
        found = analysed(["x"], ["<= 3 => 1", ">= 3 => 2"], allowed_inputs={"x": "1, 2, 4"})

        assert found.overlaps == ()
        assert found.gaps == ()

    @pytest.mark.parametrize("policy", ["FIRST", "COLLECT", "RULE ORDER"])
    def test_other_policies_allow_it(self, policy: str) -> None:
        assert analysed(["x"], ["- => 1", "- => 2"], policy=policy).overlaps == ()


class TestLimitsOfTheAnalysis:
    """What was not decided is said."""

    def test_a_cell_that_computes_is_undecided(self) -> None:
        found = analysed(["x"], ["even(?) => 1", "> 3 => 2"])

        assert [(one.rule, one.input, one.text) for one in found.undecided] == [(1, "x", "even(?)")]
        assert not found.is_complete
        assert found.gaps == ()
        assert found.overlaps == ()

    def test_a_gap_that_is_reported_is_one_whatever_undecided_cells_mean(self) -> None:
        found = analysed(["x", "b"], ["even(?) | true => 1", "> 3 | - => 2"])

        assert conditions(found) == [{"x": "<= 3", "b": "false"}]

    def test_a_cell_of_another_kind_than_the_input_covers_nothing(self) -> None:
        found = analysed(["x"], ['"a" => 1', ">= 3 => 2"], types={"x": "number"})

        assert conditions(found) == [{"x": "< 3"}]

    def test_an_input_whose_kind_nobody_says_is_left_aside(self) -> None:
        assert analysed(["x"], ["- => 1"]).gaps == ()
        assert len(analysed(["x"], ["f(?) => 1"]).undecided) == 1

    def test_allowed_values_that_compute_do_not_narrow(self) -> None:
        found = analysed(["x"], ["> 3 => 1"], allowed_inputs={"x": "even(?)"})

        assert conditions(found) == [{"x": "<= 3"}]

    def test_where_no_value_is_allowed_there_is_no_gap(self) -> None:
        found = analysed(
            ["a", "x"], ["1 | > 3 => 1"], allowed_inputs={"x": "? > 3 and ? < 2", "a": "1, 2"}
        )

        assert found.gaps == ()

    def test_a_search_that_passes_its_bound_says_so(self) -> None:
        names = [f"x{one}" for one in range(14)]
        rules = [
            " | ".join("true" if other == one else "-" for other in range(14)) + " => 1"
            for one in range(13)
        ]

        assert analysed(names, rules, steps=5).gave_up

    def test_no_more_than_a_hundred_gaps_are_listed(self) -> None:
        rules = [f"{one} | {one} => 1" for one in range(120)]
        found = analysed(["a", "b"], rules)

        assert len(found.gaps) == 100
        assert found.gave_up

    def test_what_is_no_table_is_not_analysed(self) -> None:
        model = read(decision("d", literal("1")))

        assert not analyse(model, "d").is_table
        assert not analyse(model, "d").is_complete

    def test_an_unknown_decision_is_an_error(self) -> None:
        with pytest.raises(UnknownDecision):
            analyse(read(input_data("x")), "d")


CELLS = st.sampled_from(["-", "< 2", "<= 2", "2", "> 2", "[1..3]", "(1..3)", "not(2)", ">= 3"])


class TestAgainstEvaluation:
    """The analysis agrees with what the table gives when it is evaluated."""

    @given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=4))
    def test_gaps_and_overlaps_are_exact(self, cells: list[tuple[str, str]]) -> None:
        rules = [f"{one} | {two} => {number}" for number, (one, two) in enumerate(cells)]
        model = read(decision("d", table(["a", "b"], ["y"], rules)))
        found = analyse(model, "d")
        hits = {
            pair: len(model.evaluate("d", {"a": pair[0], "b": pair[1]}).matched)
            for pair in product([Decimal(one) / 2 for one in range(-1, 10)], repeat=2)
        }

        assert found.is_complete
        assert bool(found.gaps) is (0 in hits.values())
        assert bool(found.overlaps) is any(count > 1 for count in hits.values())
        for gap in found.gaps:
            assert model.evaluate("d", gap.example).matched == ()
        for overlap in found.overlaps:
            matched = {one.index for one in model.evaluate("d", overlap.example).matched}
            assert set(overlap.rules) <= matched
