"""DMN 1.5, 10.3.2.3.1 and 10.3.4.5: decimals of 34 digits, and the numeric functions."""

from decimal import Context, Decimal, Inexact, Rounded, localcontext

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bpmn.feel import compile_expression
from tests.bpmn.feel.conftest import Feel

DECIMAL128 = Context(prec=34, Emin=-6143, Emax=6144)
NUMBERS = st.decimals(
    allow_nan=False, allow_infinity=False, places=4, min_value=-(10**12), max_value=10**12
)


class TestArithmetic:
    """Decimals, not floats; 34 digits, half to even."""

    @pytest.mark.parametrize(
        ("source", "value"),
        [
            ("0.1 + 0.2", "0.3"),
            ("1 / 3", "0.3333333333333333333333333333333333"),
            ("2 / 3", "0.6666666666666666666666666666666667"),
            ("10 ** -2", "0.01"),
            ("2 ** 0.5", "1.414213562373095048801688724209698"),
            ("9999999999999999999999999999999999 + 1", "10000000000000000000000000000000000"),
            ("1 - 0.9", "0.1"),
            ("-(-5)", "5"),
        ],
    )
    def test_a_result_is_exact(self, feel: Feel, source: str, value: str) -> None:
        assert feel(source) == Decimal(value)

    @pytest.mark.parametrize(
        "source", ["1 / 0", "0 / 0", "10 ** 9999", "1e6144 * 10", "(-8) ** 0.5"]
    )
    def test_what_is_no_number_is_null(self, feel: Feel, source: str) -> None:
        assert feel(source) is None

    @given(NUMBERS, NUMBERS, st.sampled_from(["add", "subtract", "multiply", "divide"]))
    def test_every_result_is_that_of_decimal128(
        self, a: Decimal, b: Decimal, operation: str
    ) -> None:
        assume(operation != "divide" or b != 0)
        symbol = {"add": "+", "subtract": "-", "multiply": "*", "divide": "/"}[operation]
        with localcontext(Context(prec=3)):  # the context of whoever calls has no say
            found = compile_expression(f"a {symbol} b").evaluate({"a": a, "b": b})
        assert found == getattr(DECIMAL128, operation)(a, b)

    def test_the_context_of_the_caller_has_no_say(self) -> None:
        source = (
            "[1001][-1] + abs(-1.23456) + (-9.87654) + floor(7.7777) + time(1, 2, 3.25).second "
            "+ sum(for i in -1001..-1000 return i) + (if odd(12345) then 1 else 0) "
            "+ decimal(1/3, 5)"
            '+ number("12345.6789") + (if -12345 in -12345 then 1 else 0) + @"P2Y".years * 1.5'
        )
        with localcontext(Context(prec=2, traps=[Inexact, Rounded])):
            found = compile_expression(source).evaluate({"x": Decimal("1.23456789")})
        assert found == Decimal("11352.37025")

    @given(NUMBERS, NUMBERS)
    def test_modulo_is_what_the_floor_of_the_quotient_leaves(self, a: Decimal, b: Decimal) -> None:
        assume(b != 0)
        found = compile_expression("modulo(a, b)").evaluate({"a": a, "b": b})
        assert abs(found) < abs(b)
        assert found == 0 or (found < 0) is (b < 0)


class TestFunctions:
    """10.3.4.5."""

    @pytest.mark.parametrize(
        ("source", "value"),
        [
            ("decimal(1/3, 2)", "0.33"),
            ("decimal(2.5, 0)", "2"),
            ("decimal(1234, -2)", "1200"),
            ("floor(-1.5)", "-2"),
            ("floor(-1.56, 1)", "-1.6"),
            ("ceiling(-1.5)", "-1"),
            ("ceiling(1.51, 1)", "1.6"),
            ("round up(-5.51, 1)", "-5.6"),
            ("round down(-5.59, 1)", "-5.5"),
            ("round half up(5.5, 0)", "6"),
            ("round half up(-5.5, 0)", "-6"),
            ("round half down(5.5, 0)", "5"),
            ("round half down(scale: 0, n: 5.51)", "6"),
            ("round half up(0.001, 2)", "0"),
            ("abs(-10)", "10"),
            ("abs([-10])", "10"),
            ("modulo(-12, 5)", "3"),
            ("modulo(12, -5)", "-3"),
            ("modulo(1e40, 7)", "4"),
            ("sqrt(16)", "4"),
            ("exp(0)", "1"),
            ("log(1)", "0"),
        ],
    )
    def test_a_result_is(self, feel: Feel, source: str, value: str) -> None:
        assert feel(source) == Decimal(value)

    @pytest.mark.parametrize(
        "source",
        [
            "sqrt(-1)",
            "log(0)",
            "log(-1)",
            "exp(1e9)",
            "modulo(1, 0)",
            "modulo(1e100, 0)",
            "decimal(1, 7000)",
            "floor(1, -7000)",
            'abs("1")',
            "abs(null)",
            'floor("1")',
        ],
    )
    def test_there_is_no_result(self, feel: Feel, source: str) -> None:
        assert feel(source) is None

    def test_odd_and_even(self, feel: Feel) -> None:
        assert feel("[odd(5), odd(-5), odd(1e40), even(2), even(0), even(2.5)]") == [
            True, True, False, True, True, False,
        ]  # fmt: skip


class TestConversion:
    """`number(from, grouping separator, decimal separator)` and `string(from)`."""

    @pytest.mark.parametrize(
        ("source", "value"),
        [
            ('number("1 000,5", " ", ",")', Decimal("1000.5")),
            ('number("1,000.5", ",", ".")', Decimal("1000.5")),
            ('number("1.5")', Decimal("1.5")),
            ("number(1.5)", Decimal("1.5")),
            ('number("-.5e2")', Decimal(-50)),
            ('number("1.5", ".", ".")', None),
            ('number("1.5", "x", ".")', None),
            ('number("1.5", "", ".")', None),
            ('number("1_000")', None),
            ('number("٣")', None),
            ('number("1e99999")', None),
            ("number(null)", None),
            ("string(1.50)", "1.5"),
            ("string(1e3)", "1000"),
            ("string(-0.0)", "0"),
            ("string(null)", None),
            ("string(true)", "true"),
            ('string("a")', "a"),
            (
                'string([1, "a", null, {b: "c", "d e+": [], "!": 1}])',
                '[1, "a", null, {b: "c", "d e+": [], "!": 1}]',
            ),
            ("string([1..2))", "[1..2)"),
            ("string((1..2])", "(1..2]"),
            ("string((< 5))", "(<5)"),
            ("string((>= 5))", "(>=5)"),
            ("string(function(a, b) a)", "function(a, b)"),
            ('string(@"2026-04-08")', "2026-04-08"),
        ],
    )
    def test_a_conversion(self, feel: Feel, source: str, value: object) -> None:
        assert feel(source) == value
