"""DMN 1.5, 10.3.4: strings, lists, contexts, ranges, sorting."""

from decimal import Decimal

import pytest

from tests.bpmn.feel.conftest import Feel


def numbers(*values: int) -> list[Decimal]:
    return [Decimal(value) for value in values]


class TestStrings:
    """10.3.4.3: positions count code points from 1."""

    @pytest.mark.parametrize(
        ("source", "value"),
        [
            ('substring("干部问责", 3)', "问责"),
            ('substring("foobar", -2, 1)', "a"),
            ('substring("foobar", 3, 100)', "obar"),
            ('substring("foobar", 0)', None),
            ('substring("foobar", 7)', None),
            ('substring("foobar", 1, 0)', None),
            ('string length("🐎a")', 2),
            ('upper case("aBc4")', "ABC4"),
            ('lower case("aBc4")', "abc4"),
            ('trim("  a ")', "a"),
            ('substring before("foobar", "bar")', "foo"),
            ('substring before("foobar", "x")', ""),
            ('substring after("foobar", "ob")', "ar"),
            ('substring after("foobar", "")', "foobar"),
            ('contains("foobar", "of")', False),
            ('starts with("foobar", "fo")', True),
            ('ends with("foobar", "r")', True),
            ("string length(1)", None),
            ('split("John Doe", "\\s")', ["John", "Doe"]),
            ('split("a;b;;", ";")', ["a", "b", "", ""]),
            ('split("abc", "x*")', None),
            ('string join(["a", null, "b"])', "ab"),
            ('string join(["a", "b"], "-")', "a-b"),
            ('string join(["a", "b"], "-", "<", ">")', "<a-b>"),
            ('string join([1], "-")', None),
            ('encode for URI("a b/中~")', "a%20b%2F%E4%B8%AD~"),
        ],
    )
    def test_a_string_function(self, feel: Feel, source: str, value: object) -> None:
        assert feel(source) == value


class TestLists:
    """10.3.4.4: positions count from 1, and from the end below zero."""

    @pytest.mark.parametrize(
        ("source", "value"),
        [
            ("list contains([1, null], null)", True),
            ('list contains([1], "1")', False),
            ("count([1, null])", 2),
            ("count(1)", 1),
            ("min([3, 1, 2])", 1),
            ("max(1, 2)", 2),
            ('max(["a", "b"])', "b"),
            ("min([])", None),
            ("min()", None),
            ('min([1, "a"])', None),
            ("sum([1, 2])", 3),
            ("sum(1, 2)", 3),
            ("sum([])", None),
            ('sum([1, "a"])', None),
            ("mean([1, 2, 3])", 2),
            ("mean([])", None),
            ("product([2, 3])", 6),
            ("product([])", None),
            ("product([1e6000, 1e6000])", None),
            ("median([8, 2, 5, 3, 4])", 4),
            ("median([6, 1, 2, 3])", Decimal("2.5")),
            ("median([])", None),
            ("stddev([2, 4, 7, 5])", Decimal("2.081665999466132735282297706979931")),
            ("stddev([47])", None),
            ("mode([6, 3, 9, 6, 6])", numbers(6)),
            ("mode([6, 1, 9, 6, 1])", numbers(1, 6)),
            ("mode([])", []),
            ("sublist([4, 5, 6], 1, 2)", numbers(4, 5)),
            ("sublist([4, 5, 6], -2)", numbers(5, 6)),
            ("sublist([4, 5, 6], 2, 5)", None),
            ("append([1], 2, 3)", numbers(1, 2, 3)),
            ("concatenate([1, 2], [3])", numbers(1, 2, 3)),
            ("concatenate([1], null)", None),
            ("concatenate()", None),
            ("insert before([1, 3], 1, 2)", numbers(2, 1, 3)),
            ("remove([1, 2, 3], -1)", numbers(1, 2)),
            ("remove([1], 2)", None),
            ("reverse([1, 2, 3])", numbers(3, 2, 1)),
            ("index of([1, 2, 3, 2], 2)", numbers(2, 4)),
            ("union([1, 2], [2, 3])", numbers(1, 2, 3)),
            ("distinct values([1, 2, 1, [3], [3]])", [*numbers(1, 2), numbers(3)]),
            ("distinct values([true, 1])", [True, Decimal(1)]),
            ("flatten([[1, [2]], 3])", numbers(1, 2, 3)),
            ("list replace([2, 4, 7, 8], 3, 6)", numbers(2, 4, 6, 8)),
            ("list replace([2, 4], function(item, newItem) item < newItem, 3)", numbers(3, 4)),
            ("list replace([2, 4], function(item, newItem) item, 3)", None),
        ],
    )
    def test_a_list_function(self, feel: Feel, source: str, value: object) -> None:
        assert feel(source) == value


class TestSorting:
    """`sort(list, precedes)`: stable, by any order; without one by the values' own."""

    @pytest.mark.parametrize(
        ("source", "value"),
        [
            ("sort([3, 1, 4, 2], function(x, y) x < y)", numbers(1, 2, 3, 4)),
            ("sort(precedes: function(x, y) x > y, list: [1, 2])", numbers(2, 1)),
            ("sort([3, 1, 1])", numbers(1, 1, 3)),
            ('sort([1, "a"])', None),
            ("sort([1, 2], 3)", None),
            ("sort([1, 2], function(x, y) null)", None),
        ],
    )
    def test_a_list_is_sorted(self, feel: Feel, source: str, value: object) -> None:
        assert feel(source) == value


class TestContexts:
    """10.3.4.10."""

    @pytest.mark.parametrize(
        ("source", "value"),
        [
            ('get value({a: 1}, "a")', 1),
            ('get value({a: {b: 1}}, ["a", "b"])', 1),
            ('get value({a: 1}, "b")', None),
            ("get value({a: 1}, [])", None),
            ('get value({a: 1}, ["a", "b"])', None),
            ("get entries({a: 1})", [{"key": "a", "value": 1}]),
            ('context([{key: "a", value: 1}])', {"a": 1}),
            ('context({key: "a", value: 1})', {"a": 1}),
            ('context([{key: "a"}])', None),
            ('context([{key: "a", value: 1}, {key: "a", value: 2}])', None),
            ('context put({a: 1}, "b", 2)', {"a": 1, "b": 2}),
            ('context put({a: {b: 1}}, ["a", "b"], 2)', {"a": {"b": 2}}),
            ('context put({}, ["a", "b"], 2)', {"a": {"b": 2}}),
            ('context put({a: 1}, ["a", "b"], 2)', None),
            ("context put({}, [], 2)", None),
            ("context merge([{a: 1, b: 1}, {b: 2}])", {"a": 1, "b": 2}),
            ("context merge([1])", None),
        ],
    )
    def test_a_context_function(self, feel: Feel, source: str, value: object) -> None:
        assert feel(source) == value


class TestRanges:
    """10.3.4.9: how points and ranges lie to each other."""

    @pytest.mark.parametrize(
        ("source", "value"),
        [
            ("before(1, 10)", True),
            ("before(1, [1..10])", False),
            ("before(1, (1..10])", True),
            ("before([1..10], 10)", False),
            ("before([1..10), 10)", True),
            ("before([1..10], [10..20])", False),
            ("before([1..10], (10..20])", True),
            ("before([1..10], 15)", True),
            ("after([5..10], [1..5))", True),
            ("after(12, [2..5])", True),
            ("meets([1..5], [5..10])", True),
            ("meets([1..5), [5..10])", False),
            ("met by([5..10], [1..5])", True),
            ("overlaps([1..5], [3..8])", True),
            ("overlaps([1..5), [5..8])", False),
            ("overlaps before([1..5], [3..8])", True),
            ("overlaps before([1..5], [1..8])", False),
            ("overlaps before([1..5], (1..5])", True),
            ("overlaps before([1..5], [6..8])", False),
            ("overlaps before([1..9], [3..8])", False),
            ("overlaps after([3..8], [1..5])", True),
            ("overlaps after([1..5], [3..8])", False),
            ("finishes(10, [1..10])", True),
            ("finishes(10, [1..10))", False),
            ("finishes([5..10], [1..10])", True),
            ("finishes([1..10], (1..10])", False),
            ("finished by([1..10], 10)", True),
            ("includes([1..10], 5)", True),
            ("includes([1..10), 10)", False),
            ("includes([1..10], [1..10))", True),
            ("includes([1..10), [1..10])", False),
            ("during(5, [1..10])", True),
            ("during([0..5], [1..10])", False),
            ("starts(1, [1..10])", True),
            ("starts([1..5], [1..10])", True),
            ("starts([1..10], [1..10))", False),
            ("started by([1..10], [1..5))", True),
            ("coincides(5, 5)", True),
            ("coincides([1..5], [1..5))", False),
            ("coincides(point1: 1, point2: 2)", False),
            ("before(point: 1, range: [2..3])", True),
            ("before(null, 1)", None),
            ("meets(1, [1..2])", None),
            ("meets((< 5), [1..2])", None),
        ],
    )
    def test_a_relation(self, feel: Feel, source: str, value: object) -> None:
        assert feel(source) is value

    @pytest.mark.parametrize(
        ("source", "value"),
        [
            ('range("[1..3]") = [1..3]', True),
            ('range("(1..3)") = (1..3)', True),
            ('range("[..3]")', None),
            ('range("(..3]").end', 3),
            ('range("[1..null)").start', 1),
            ('range("(..)")', None),
            ('range("x")', None),
            ('range("[1..x]")', None),
            ('range("[1..@\\"P1D\\"]")', None),
            ('range("[\\"a\\"..\\"c\\"]").start', "a"),
            (
                'string(range("[@\\"2026-01-01\\"..date(\\"2026-02-01\\")]"))',
                "[2026-01-01..2026-02-01]",
            ),
        ],
    )
    def test_a_range_is_read_from_a_text(self, feel: Feel, source: str, value: object) -> None:
        assert feel(source) == value


class TestIs:
    """`is` is stricter than `=`: the same instant in another zone is another value."""

    @pytest.mark.parametrize(
        ("source", "value"),
        [
            ('is(@"23:00:50Z", @"23:00:50+00:00")', True),
            ('is(@"23:00:50Z", @"00:00:50+01:00")', False),
            ('is(@"2026-04-08", @"23:00:50")', False),
            ("is(1, 1.0)", True),
            ("is([1], [1])", True),
        ],
    )
    def test_is(self, feel: Feel, source: str, value: object) -> None:
        assert feel(source) is value
