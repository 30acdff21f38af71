"""DMN 1.5, 10.3.2.11 to 10.3.2.16: logic of three values, comparison, membership."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from bpmn.feel import Date, Warned, compile_unary_tests
from tests.bpmn.feel.conftest import Feel


class TestThreeValues:
    """What is neither true nor false is null, unless the other side decides."""

    @pytest.mark.parametrize(
        ("source", "value"),
        [
            ("true and null", None),
            ("false and null", False),
            ("null and false", False),
            ('true and "x"', None),
            ("true or null", True),
            ("null or true", True),
            ("false or 1", None),
            ("true and true and false", False),
            ("false or false or true", True),
            ("not(true)", False),
            ("not(null)", None),
            ('not("a")', None),
            ("if null then 1 else 2", 2),
            ("if 1 then 1 else 2", 2),
            ("if true then 1 else 2", 1),
            ("all([true, null, false])", False),
            ("all([])", True),
            ("any([])", False),
            ("any([false, null])", None),
            ("any(false, true)", True),
            ("or([false, true])", True),
            ("and([true, true])", True),
            ("all(1)", None),
            ("any()", None),
            ("all()", None),
        ],
    )
    def test_the_table_of_the_standard(self, feel: Feel, source: str, value: object) -> None:
        assert feel(source) is value or feel(source) == value


class TestEquality:
    """Equal by value; different kinds have no equality, and null equals only null."""

    @pytest.mark.parametrize(
        ("source", "value"),
        [
            ("1 = 1.0", True),
            ('1 = "1"', None),
            ("null = 1", False),
            ("null = null", True),
            ("1 != null", True),
            ("true = 1", None),
            ("[1, [2]] = [1, [2]]", True),
            ("[1] = [1, 2]", False),
            ('[1] = ["1"]', False),
            ("{a: 1, b: 2} = {b: 2, a: 1}", True),
            ("{a: 1} = {b: 1}", False),
            ("{a: 1} = {a: 2}", False),
            ("[1..2] = [1..2]", True),
            ("[1..2] = [1..2)", False),
            ("(1..2] = [1..2]", False),
            ("(< 10) = (null..10)", False),
            ("(=1) = (=1)", True),
            ('@"10:00:00Z" = @"12:00:00+02:00"', True),
            ('@"10:00:00" = @"10:00:00Z"', False),
            ('@"2026-01-01T00:00:00@Asia/Shanghai" = @"2025-12-31T16:00:00Z"', True),
            ('@"10:00:00@Asia/Shanghai" = @"02:00:00Z"', True),
            ('@"P1Y" = @"P12M"', True),
            ('@"P1Y" = @"P365D"', None),
            ('@"2026-01-01" = @"2026-01-01T00:00:00"', None),
            ("count = count", True),
        ],
    )
    def test_equality(self, feel: Feel, source: str, value: object) -> None:
        assert feel(source) is value


class TestOrder:
    """Numbers, strings, dates, times and durations have an order, each among themselves."""

    @pytest.mark.parametrize(
        ("source", "value"),
        [
            ("1 < 2", True),
            ("2 <= 2", True),
            ("3 > 4", False),
            ("x >= 5", True),
            ('"a" < "b"', True),
            ('"a" < 1', None),
            ("null < 1", None),
            ("1 > null", None),
            ("true < false", None),
            ('@"2026-01-02" > @"2026-01-01"', True),
            ('@"-0001-01-02" < @"2026-01-01"', True),
            ('@"P1Y" < @"P13M"', True),
            ('@"PT1H" < @"PT61M"', True),
            ('@"10:00:00" < @"11:00:00"', True),
            ('@"2026-01-01T00:00:00" < @"2026-01-01T00:00:00Z"', None),
            ('@"2026-01-01T09:00:00+08:00" < @"2026-01-01T02:00:00Z"', True),
            ("[1] < [2]", None),
        ],
    )
    def test_order(self, feel: Feel, source: str, value: object) -> None:
        assert feel(source, {"x": 5}) is value

    @pytest.mark.parametrize(
        ("source", "value"),
        [
            ("5 between 1 and 10", True),
            ("0 between 1 and 10", False),
            ("11 between 1 and 10", False),
            ("null between 1 and 2", None),
            ("0 between 1 and null", False),
            ("2 between 1 and null", None),
        ],
    )
    def test_between_includes_both_ends(self, feel: Feel, source: str, value: object) -> None:
        assert feel(source) is value


class TestMembership:
    """`in` asks whether any of its tests holds."""

    @pytest.mark.parametrize(
        ("source", "value"),
        [
            ("1 in [2, 3, 1]", True),
            ("1 in (2, 3)", False),
            ("1 in (1)", True),
            ("1 in < 2", True),
            ("1 in (< 0, >= 1)", True),
            ("1 in =1", True),
            ("1 in !=1", False),
            ("1 in ]0..1]", True),
            ("1 in [0..1[", False),
            ("0 in (0..1]", False),
            ("5 in (> 4)", True),
            ("5 in (>= 5)", True),
            ("5 in (<= 4)", False),
            ("1 in [[2..4], [1..3]]", True),
            ('1 in [["a".."b"], [1..3]]', True),
            ("[1] in [[1], [2]]", True),
            ("[1, 2] in [1, 2]", True),
            ("[1..2] in [[1..2]]", True),
            ("[1..2] in [1..2]", True),
            ('1 in "a"', None),
            ('1 in ("a", 1)', True),
            ("5 in [1..null)", None),
            ("0 in [1..null)", None),
            ("null in [1..2]", None),
            ("null in null", True),
            ("1 in (xs)[1]", True),
            ("1 in (xs[1] + 0) and true", True),
            ("3 in (? > 2)", True),
            ("3 in (? > 2 and null)", None),
        ],
    )
    def test_in(self, feel: Feel, source: str, value: object) -> None:
        assert feel(source, {"xs": [1]}) is value


class TestUnaryTests:
    """The cell of a decision table: any of its tests, `not(…)` of them, or `-` for anything."""

    @pytest.mark.parametrize(
        ("source", "value", "met"),
        [
            ("-", None, True),
            ("5", 5, True),
            ("5, 6", 6, True),
            ("< 5", 4, True),
            ("[1..5]", 6, False),
            ("> 1, < -1", -2, True),
            ('"A","B"', "B", True),
            ('not("A","B")', "C", True),
            ('not("A","B")', "A", False),
            ("not(< 5)", 5, True),
            ("not(true)", False, True),
            ("not(null)", 1, True),
            ("not(? > 3) and true", 2, True),
            ("true", False, False),
            ("false", False, True),
            ("true", None, False),  # nobody has said yet: neither rule of a yes-no pair holds
            ("false", None, False),
            ("true, false", None, False),
            ("true", 1, None),
            ("? > 3 and ? < 5", 4, True),
            ("? > 3", None, None),
            ("? + 1", 1, False),
            ("上限", 10, True),
            ("> 上限", 11, True),
            ("count([1, 2]) = 2", 3, True),
            ("count([1, 2]) = 1", 3, False),
            ("[1, 2, 3]", 2, True),
            ('@"2026-04-08"', Date(2026, 4, 8), True),
            ("null", None, True),
            ("-1", -1, True),
            ('"x"', 1, None),
            ('not("x")', 1, None),
        ],
    )
    def test_a_value_meets_the_tests(self, source: str, value: object, met: object) -> None:
        scope = {"上限": Decimal(10)}
        assert compile_unary_tests(source, names=scope).matches(value, scope) is met

    def test_only_a_dash_is_any(self) -> None:
        assert compile_unary_tests("-").is_any
        assert not compile_unary_tests("5").is_any

    def test_a_test_that_cannot_tell_says_why(self) -> None:
        found: list[Warned] = []
        assert compile_unary_tests('"x"').matches(1, {}, warnings=found) is None
        assert [one.id for one in found] == ["type"]


class TestWarnings:
    """A semantic error gives null, and says why and where."""

    @pytest.mark.parametrize(
        ("source", "kind", "column"),
        [
            ("1 + nothing", "unknown-name", 5),
            ('1 + "a"', "type", 3),
            ("1 / 0", "number-range", 3),
            ("1 < null", "null-operand", 3),
            ("null + 1", "null-operand", 6),
            ("[1, 2][3]", "index", 7),
            ("(1).x", "no-member", 4),
            ("null.x", "null-operand", 5),
            ("(1)(2)", "no-function", 4),
            ("abs()", "arguments", 4),
            ("abs(m: 1)", "arguments", 4),
            ('date("x")', "unreadable", 5),
            ('@"x"', "unreadable", 1),
            ("{a: 1, a: 2}", "duplicate-key", 1),
            ('[1.."a"]', "type", 1),
            ("for x in null return x", "null-operand", 10),
            ("some x in null satisfies x", "null-operand", 11),
            ("-true", "type", 1),
            ("10 ** 7000", "number-range", 4),
        ],
    )
    def test_the_reason_is_recorded(
        self,
        warnings_of: Callable[..., list[Warned]],
        source: str,
        kind: str,
        column: int,
    ) -> None:
        first = warnings_of(source)[0]
        assert (first.id, first.line, first.column) == (kind, 1, column)
        assert first.zh
        assert first.en
