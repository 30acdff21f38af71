"""Sets of values on an axis: membership, complement, union and intersection agree."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpmn.dmn.cells import BOOLEAN, DATE, INTEGER, NUMBER, STRING, cover_of
from bpmn.dmn.regions import EVERYTHING, NOTHING, Region, above, below, point, segments
from bpmn.feel import compile_unary_tests

KEYS = st.integers(-6, 6)
HALVES = [Decimal(one) / 2 for one in range(-16, 17)]


def simple() -> st.SearchStrategy[Region]:
    return st.one_of(
        st.just(EVERYTHING),
        st.just(NOTHING),
        KEYS.map(point),
        st.builds(lambda key, included: below(key, included=included), KEYS, st.booleans()),
        st.builds(lambda key, included: above(key, included=included), KEYS, st.booleans()),
    )


REGIONS = st.recursive(
    simple(),
    lambda inner: st.one_of(
        inner.map(lambda one: ~one),
        st.tuples(inner, inner).map(lambda both: both[0] & both[1]),
        st.tuples(inner, inner).map(lambda both: both[0] | both[1]),
    ),
    max_leaves=8,
)


class TestLaws:
    """What holds for every region."""

    @given(REGIONS, REGIONS)
    def test_membership_follows_the_operations(self, one: Region, two: Region) -> None:
        for key in HALVES:
            assert (key in ~one) is (key not in one)
            assert (key in one & two) is (key in one and key in two)
            assert (key in one | two) is (key in one or key in two)

    @given(REGIONS)
    def test_equal_sets_are_equal_regions(self, one: Region) -> None:
        assert ~~one == one
        assert one & one == one | one == one
        assert one & ~one == NOTHING
        assert one | ~one == EVERYTHING

    @given(REGIONS)
    def test_segments_divide_the_axis(self, one: Region) -> None:
        parts = list(segments(one.cuts))

        for key in HALVES:
            assert sum(key in part for part in parts) == 1

    @given(REGIONS)
    def test_an_example_lies_in_the_region(self, one: Region) -> None:
        if one:
            assert NUMBER.example(one) in one

    @given(REGIONS)
    def test_whole_numbers_leave_out_gaps_without_one(self, one: Region) -> None:
        occupied = INTEGER.occupied(one)

        assert INTEGER.occupied(occupied) == occupied
        assert all((Decimal(key) in occupied) is (Decimal(key) in one) for key in range(-9, 10))
        if occupied:
            example = INTEGER.example(occupied)
            assert example == int(example)
            assert example in one

    @given(REGIONS)
    def test_the_text_of_a_region_means_the_region(self, one: Region) -> None:
        if not one or one == EVERYTHING:
            return
        cover = cover_of(compile_unary_tests(NUMBER.text(one)).tree)

        assert cover is not None
        assert cover.region == one


class TestExamples:
    """An example is a value that an author would think of."""

    def test_a_text_beside_the_listed_ones(self) -> None:
        assert STRING.example(~(point("甲") | point("乙"))) == "其他"
        assert STRING.example(~point("其他")) == ""
        assert STRING.example(above("其他", included=False)) == "其他 "
        assert STRING.text(~point("甲")) == 'not("甲")'
        assert STRING.text(point("甲") | point("乙")) == '"乙", "甲"'

    def test_nothing_has_no_example(self) -> None:
        with pytest.raises(ValueError, match="nothing lies"):
            NUMBER.example(NOTHING)
        with pytest.raises(ValueError, match="nothing lies"):
            STRING.example(NOTHING)

    def test_everything_has_one_on_every_axis(self) -> None:
        examples = [axis.example(axis.all) for axis in (NUMBER, INTEGER, STRING, BOOLEAN, DATE)]

        assert [str(one) for one in examples[:2]] == ["0", "0"]
        assert examples[3] is False
        assert NUMBER.text(NOTHING) == "not(-)"
        assert BOOLEAN.text(BOOLEAN.all) == "-"

    def test_whole_numbers_between_halves(self) -> None:
        half = Decimal("0.5")

        assert (
            INTEGER.text(above(half, included=True) & below(3 + half, included=False)) == "[1..3]"
        )
        assert INTEGER.text(above(-3 - half, included=True) & below(-half, included=True)) == (
            "[-3..-1]"
        )
        assert INTEGER.text(below(half, included=True)) == "<= 0"
        assert INTEGER.text(above(half, included=True)) == ">= 1"

    def test_dates_are_days(self) -> None:
        cover = cover_of(compile_unary_tests('(@"2026-04-08"..@"2026-04-09")').tree)

        assert cover is not None
        assert not DATE.occupied(cover.region)


class TestCells:
    """What a cell covers is read from its syntax, where it compares with constants."""

    @pytest.mark.parametrize(
        ("text", "inside", "outside"),
        [
            ("5", ["5"], ["4.9"]),
            ("-5", ["-5"], ["5"]),
            ("[1..3)", ["1", "2.99"], ["3"]),
            ("not([1..3), 9)", ["3", "0"], ["1", "9"]),
            ("? >= 3", ["3"], ["2"]),
            ("3 >= ?", ["3"], ["4"]),
            ("? = 3 or ? != 4", ["3", "5"], ["4"]),
            ("? between 1 and 3", ["1", "3"], ["4"]),
            ("? in [1..3]", ["1"], ["4"]),
            ("? > 1 and (? < 3 or ? = 7)", ["2", "7"], ["3"]),
            ("[1, 2, 3]", ["2"], ["4"]),
        ],
    )
    def test_it_covers(self, text: str, inside: list[str], outside: list[str]) -> None:
        cover = cover_of(compile_unary_tests(text).tree)

        assert cover is not None
        assert cover.kind == "number"
        assert all(Decimal(one) in cover.region for one in inside)
        assert not any(Decimal(one) in cover.region for one in outside)

    @pytest.mark.parametrize(
        "text",
        [
            "x",
            "> x",
            "[1..x]",
            "even(?)",
            "null",
            "not(null)",
            '1, "a"',
            "< true",
            "[]",
            "? > x",
            "x > 1",
            "? between 1 and x",
            "x between 1 and 3",
            "x in (1, 2)",
            "? in x",
            "? > 1 and x",
            "? > 1 or x",
            '? > 1 and ? < "a"',
            "? > 1 and true",
            '@"10:00:00"',
            'date("no date")',
            "date(x)",
            '@"2026-02-30"',
        ],
    )
    def test_anything_else_is_left_undecided(self, text: str) -> None:
        assert cover_of(compile_unary_tests(text).tree) is None

    @given(
        st.lists(st.sampled_from(["<2", ">=4", "[1..3]", "5", "not(2)", "?>0 and ?<6"]), min_size=1)
    )
    def test_it_agrees_with_feel(self, texts: list[str]) -> None:
        for text in texts:
            tests = compile_unary_tests(text)
            cover = cover_of(tests.tree)
            assert cover is not None
            for key in HALVES:
                value: Any = key
                assert (key in cover.region) is (tests.matches(value, {}) is True)
