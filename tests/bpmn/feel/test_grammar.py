"""DMN 1.5, 10.3.1: what is an expression, and what its parts bind to."""

from decimal import Decimal

import pytest

from bpmn.feel import FeelError, LimitExceeded, compile_expression, compile_unary_tests
from tests.bpmn.feel.conftest import Feel


class TestPrecedence:
    """Or, and, comparison, sum, product, power, sign: each binds tighter than those before it."""

    @pytest.mark.parametrize(
        ("source", "value"),
        [
            ("1 + 2 * 3", 7),
            ("(1 + 2) * 3", 9),
            ("2 * 3 ** 2", 18),
            ("2 ** 3 ** 2", 64),
            ("-3 ** 2", 9),
            ("10 - 4 - 3", 3),
            ("--5", 5),
            ("8 / 4 / 2", 1),
            (".5 + 1e1", Decimal("10.5")),
            ("true or false and false", True),
            ("1 + 1 = 2 and 2 < 3", True),
            ("5 between 1 + 1 and 3 * 2 and true", True),
            ("-1 instance of number", None),
            ("1 + if true then 1 else 2", 2),
        ],
    )
    def test_an_expression_groups_as_the_standard_says(
        self, feel: Feel, source: str, value: object
    ) -> None:
        assert feel(source) == value


class TestNames:
    """Names may hold spaces, operators and any letter; the longest name in scope is meant."""

    @pytest.mark.parametrize(
        ("source", "scope", "value"),
        [
            ("干部级别", {"干部级别": "县处级"}, "县处级"),
            ("is late and urgent", {"is late and urgent": 1}, 1),
            ("a-b", {"a-b": 1, "a": 5, "b": 2}, 1),
            ("a - b", {"a-b": 1, "a": 5, "b": 2}, 3),
            ("Teacher's Evaluation", {"Teacher's Evaluation": "good"}, "good"),
            ("first name + last name", {"first name": "Li", "last name": "Na"}, "LiNa"),
            ("person.home address", {"person": {"home address": "here"}}, "here"),
            ("decision A 2.1", {"decision A 2.1": 3}, 3),
            ("date", {"date": "mine"}, "mine"),
            ("{a+b: 1, c: a+b + 1}.c", {}, 2),
            ("{a.b: 1}.a.b", {}, 1),
            ("🐎", {"🐎": 1}, 1),
            ("if then or else", {"if then or else": 7}, 7),
            ("for review", {"for review": 8}, 8),
            ("true north", {"true north": 9}, 9),
        ],
    )
    def test_a_name_is_found(
        self, feel: Feel, source: str, scope: dict[str, object], value: object
    ) -> None:
        assert feel(source, scope) == value

    def test_a_known_name_may_hold_words_of_the_language(self, feel: Feel) -> None:
        assert feel('date and time("2026-04-08T00:00:00").day') == 8

    def test_free_names_are_those_read_from_the_scope(self) -> None:
        expression = compile_expression(
            "for x in 名单 return {a: x, b: a + 系数}.b + count(其他[item > 上限])"
        )
        assert expression.names == {"名单", "系数", "其他", "上限"}

    def test_names_bound_inside_are_not_free(self) -> None:
        source = (
            "some y in ys satisfies (function(z) z + y)(k) between low and high "
            "and y in (1, m) and y instance of number"
        )
        assert compile_expression(source).names == {"ys", "k", "low", "high", "m"}

    def test_unary_tests_have_free_names_too(self) -> None:
        assert compile_unary_tests("> 上限, ? = 下限").names == {"上限", "下限"}


class TestComments:
    """`//` to the end of the line, `/* … */` anywhere."""

    @pytest.mark.parametrize("source", ["1 + /* 1 + */ 1", "1 // one\n+ 1", "/**/ 1 + 1 // end"])
    def test_comments_mean_nothing(self, feel: Feel, source: str) -> None:
        assert feel(source) == 2


class TestStrings:
    """Escapes as in JSON, and code points of six digits."""

    @pytest.mark.parametrize(
        ("source", "value"),
        [
            (r'"a\nb\tc\rd\"e\\f"', 'a\nb\tc\rd"e\\f'),
            (r'"\u4e2d\u6587"', "中文"),
            (r'"\U01F40E"', "🐎"),
            (r'"\uD83D\uDCA9"', "💩"),
            (r'"\uD83D"', "\ufffd"),
            (r'"\d"', r"\d"),
            (r'"\UFFFFFF"', r"\UFFFFFF"),
        ],
    )
    def test_an_escape_is_read(self, feel: Feel, source: str, value: str) -> None:
        assert feel(source) == value


class TestErrors:
    """An error says where, and what was expected."""

    @pytest.mark.parametrize(
        ("source", "line", "column"),
        [
            ("1 +", 1, 4),
            ("(1", 1, 3),
            ("[1, 2", 1, 6),
            ("[1..2", 1, 6),
            ("]1]", 1, 3),
            ("{a: 1", 1, 6),
            ("{a 1}", 1, 5),
            ("{1: 1}", 1, 2),
            ('"abc', 1, 1),
            ("1 /* x", 1, 3),
            ("1 +\n  * 2", 2, 3),
            ("f(1", 1, 4),
            ("f(a: 1", 1, 7),
            ("f(a: 1, 2)", 1, 9),
            ("if a then b", 1, 12),
            ("if a", 1, 5),
            ("for x in xs", 1, 12),
            ("for x return x", 1, 15),
            ("some x in xs return x", 1, 14),
            ("function(a b", 1, 13),
            ("function(a, a) a", 1, 1),
            ("function(a", 1, 11),
            ("a.", 1, 3),
            ("a.1", 1, 2),
            ("1 between 2", 1, 12),
            ("x instance of", 1, 14),
            ("x instance of list<number", 1, 26),
            ("“abc”", 1, 1),
            ("a ; b", 1, 3),
            ("1e9999", 1, 1),
            ("9" * 500, 1, 1),
            ("x in (1, 2", 1, 11),
            ("a[1", 1, 4),
            ("", 1, 1),
            ("@", 1, 1),
            ("f(x y: )", 1, 8),
        ],
    )
    def test_the_place_is_that_of_the_first_misfit(
        self, source: str, line: int, column: int
    ) -> None:
        with pytest.raises(FeelError) as caught:
            compile_expression(source)
        assert (caught.value.line, caught.value.column) == (line, column)
        assert caught.value.zh
        assert caught.value.message in str(caught.value)

    def test_the_error_names_what_was_expected(self) -> None:
        with pytest.raises(FeelError) as caught:
            compile_expression("(1 + 2")
        assert ")" in caught.value.expected

    @pytest.mark.parametrize("source", ["1, ", "not(1", "- 1 -", '"a" "b"'])
    def test_unary_tests_have_errors_too(self, source: str) -> None:
        with pytest.raises(FeelError):
            compile_unary_tests(source)

    def test_an_unknown_name_suggests_those_that_come_close(self) -> None:
        with pytest.raises(FeelError) as caught:
            compile_expression(
                "处分等级 = 1 and 处份等级 = 2", names={"处分等级"}, strict_names=True
            )
        assert caught.value.suggestions == ("处分等级",)
        assert (caught.value.line, caught.value.column) == (1, 14)

    def test_an_unknown_name_without_a_close_one_is_an_error_as_well(self) -> None:
        with pytest.raises(FeelError, match="not defined"):
            compile_unary_tests("> zzz", names={"金额"}, strict_names=True)

    def test_strict_names_know_functions_bound_names_and_entries_of_items(self) -> None:
        source = "for x in xs return count(xs[level > x]) + {a: 1, b: a}.b"
        assert compile_expression(source, names={"xs"}, strict_names=True).names == {"xs", "level"}

    @pytest.mark.parametrize(
        ("source", "column", "meant"),
        [
            ("金额 ＞ 100", 4, ">"),
            ("金额＞100", 3, ">"),
            ("count（名单）", 6, "("),
            ("f(a， b)", 4, ","),
        ],
    )
    def test_a_full_width_sign_is_pointed_out(self, source: str, column: int, meant: str) -> None:
        with pytest.raises(FeelError) as caught:
            compile_expression(source)
        assert (caught.value.column, caught.value.expected) == (column, (meant,))

    def test_a_known_name_may_hold_full_width_signs(self, feel: Feel) -> None:
        assert feel("金额（万元） + 比例：甲", {"金额（万元）": 1, "比例：甲": 2}) == 3

    def test_nesting_has_a_bound(self) -> None:
        with pytest.raises(LimitExceeded) as caught:
            compile_expression("(" * 1000 + "1" + ")" * 1000)
        assert caught.value.limit == "depth"

    def test_the_source_has_a_bound(self) -> None:
        with pytest.raises(LimitExceeded) as caught:
            compile_expression(" " * 60_000)
        assert caught.value.limit == "source_length"

    def test_chains_have_a_bound(self) -> None:
        with pytest.raises(LimitExceeded):
            compile_expression("1" + "+1" * 500)


class TestCache:
    """The same source with the same names is compiled once."""

    def test_compiling_twice_gives_the_same_object(self) -> None:
        one = compile_expression("a + 1", names=["a"])
        assert compile_expression("a + 1", names={"a"}) is one
        assert compile_unary_tests("< 1") is compile_unary_tests("< 1")
        assert repr(one) == "Expression('a + 1')"
        assert repr(compile_unary_tests("< 1")) == "UnaryTests('< 1')"
