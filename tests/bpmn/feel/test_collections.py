"""DMN 1.5, 10.3.2.5 to 10.3.2.9: lists, contexts, paths, filters, iteration, functions, types."""

from decimal import Decimal

import pytest

from bpmn.feel import Environment, FeelError, Warned, compile_expression, host_function
from tests.bpmn.feel.conftest import Feel


def numbers(*values: int) -> list[Decimal]:
    return [Decimal(value) for value in values]


class TestPathsAndFilters:
    """A path goes into every item of a list; a filter picks by number or by condition."""

    @pytest.mark.parametrize(
        ("source", "value"),
        [
            ("{a: {b: 1}}.a.b", 1),
            ("[{a: 1}, {a: 2}].a", numbers(1, 2)),
            ("[{a: 1}, {b: 2}].a", [Decimal(1), None]),
            ("{a: 1}.b", None),
            ("[1, 2, 3][2]", 2),
            ("[1, 2, 3][-1]", 3),
            ("[1, 2, 3][0]", None),
            ("[1, 2, 3][1 + 1]", 2),
            ("[1, 2, 3][item > 1]", numbers(2, 3)),
            ("[{a: 1}, {a: 2}][a > 1]", [{"a": Decimal(2)}]),
            ("[{a: 1}, {a: 2}][item.a > 1].a", numbers(2)),
            ("[{item: 1}, {item: 2}][item > 1]", [{"item": Decimal(2)}]),
            ('[1, "a", 3][item > 1]', numbers(3)),
            ('[1, 2]["a"]', []),
            ("[][1 + 0]", None),
            ("[][item > 1]", []),
            ("null[1]", None),
            ("5[1]", 5),
            ("5[item > 6]", []),
            ("{a: 1, b: [a, a + 1]}.b[2]", 2),
            ("xs[y = n][1].v", "two"),
        ],
    )
    def test_what_comes_out(self, feel: Feel, source: str, value: object) -> None:
        scope: dict[str, object] = {"n": 2, "xs": [{"y": 1, "v": "one"}, {"y": 2, "v": "two"}]}
        assert feel(source, scope) == value


class TestIteration:
    """`for`, `some`, `every`: the last variable runs fastest; `partial` is what there is so far."""

    @pytest.mark.parametrize(
        ("source", "value"),
        [
            ("for x in [1, 2] return x * 2", numbers(2, 4)),
            ("for x in 1..3 return x", numbers(1, 2, 3)),
            ("for x in 3..1 return x", numbers(3, 2, 1)),
            ("for x in [1..3] return x", numbers(1, 2, 3)),
            ("for x in (1..3) return x", numbers(2)),
            ("for x in (1..1) return x", []),
            ("for x in [3..1] return x", []),
            ("for x in 1..2, y in x..2 return x * 10 + y", numbers(11, 12, 22)),
            (
                "for i in 1..5 return if i < 3 then 1 else partial[-1] + partial[-2]",
                numbers(1, 1, 2, 3, 5),
            ),
            ('for d in @"2026-04-30"..@"2026-05-01" return d.day', numbers(30, 1)),
            ('for d in [@"2026-04-30"..@"2026-05-01"] return d.day', numbers(30, 1)),
            ("for x in 5 return x", numbers(5)),
            ("for x in null return x", None),
            ("for x in (< 5) return x", None),
            ("for x in [1..2.5] return x", None),
            ('for x in 1.."a" return x', None),
            ('for x in ["a".."c"] return x', None),
            ("some x in [1, 2] satisfies x > 1", True),
            ("some x in [1, null] satisfies x > 1", None),
            ("some x in [] satisfies true", False),
            ("some x in [1, 2], y in [2, 3] satisfies x = y", True),
            ("every x in [1, 2] satisfies x > 0", True),
            ("every x in [1, null] satisfies x > 1", False),
            ("every x in [] satisfies false", True),
            ("every x in null satisfies true", None),
            ("some x in [1] satisfies 1", None),
        ],
    )
    def test_an_iteration(self, feel: Feel, source: str, value: object) -> None:
        assert feel(source) == value


class TestFunctions:
    """Functions are values: defined, closed over names, passed on, called by position or name."""

    @pytest.mark.parametrize(
        ("source", "value"),
        [
            ("(function(a, b) a - b)(3, 1)", 2),
            ("(function(a, b) a - b)(b: 3, a: 1)", -2),
            ("{add: function(a) function(b) a + b, r: add(1)(2)}.r", 3),
            ("(function() 1)()", 1),
            ("(function(a) a)()", None),
            ("(function(a: number) a)(1)", 1),
            ('(function(a: number) a)("x")', None),
            ("(function(a: number) a)([1])", 1),
            ("(function(a: list<number>) a)(1)", numbers(1)),
            ("(function(a: number) a)(null)", None),
            ("abs(n: -1)", 1),
            ("5(n: 1)", None),
            ("{f: function(n) if n < 2 then 1 else n * f(n - 1), r: f(10)}.r", 3628800),
            ('(function(x) external {java: {class: "a.B"}})(1)', None),
        ],
    )
    def test_a_call(self, feel: Feel, source: str, value: object) -> None:
        assert feel(source) == value

    def test_an_external_function_is_refused_by_name(self) -> None:
        source = (
            '(function(x) external {java: {class: "java.lang.Math", n: 1, '
            'method signature: "cos(double)"}})(1)'
        )
        found: list[Warned] = []
        assert compile_expression(source).evaluate({}, warnings=found) is None
        assert "java.lang.Math cos(double)" in found[0].en

    def test_a_function_keeps_the_names_it_was_made_with(self) -> None:
        made = compile_expression("function(x) x + rate").evaluate({"rate": 1})
        used = compile_expression("f(10)").evaluate({"f": made, "rate": 100})
        assert used == 11


class TestHostFunctions:
    """The host adds functions; they are called like any other."""

    ENV = Environment(
        functions={
            "add workdays": host_function("add workdays", ["date", "n?"], lambda *a: len(a)),
            "fails": host_function("fails", [], lambda: int("没有日历")),
            "every one": host_function("every one", ["list..."], lambda *a: list(a)),
        }
    )

    @pytest.mark.parametrize(
        ("source", "value"),
        [
            ("add workdays(1, 2)", 2),
            ("add workdays(date: 1)", 1),
            ("add workdays(n: 1, date: 2)", 2),
            ("add workdays(n: 1)", None),
            ("add workdays(x: 1)", None),
            ("every one(1, 2, 3)", numbers(1, 2, 3)),
            ("fails()", None),
            ("count(every one)", 1),
        ],
    )
    def test_a_host_function_is_called(self, source: str, value: object) -> None:
        names = self.ENV.functions
        assert compile_expression(source, names=names).evaluate({}, self.ENV) == value

    def test_its_refusal_is_a_warning_with_its_sentence(self) -> None:
        warnings: list[Warned] = []
        compile_expression("fails()").evaluate({}, self.ENV, warnings=warnings)
        assert "没有日历" in warnings[0].zh
        assert warnings[0].id == "host-function"


class TestTypes:
    """`instance of`, for built-in types, structures, and the item definitions of the host."""

    @pytest.mark.parametrize(
        ("source", "value"),
        [
            ("1 instance of number", True),
            ('"a" instance of number', False),
            ("null instance of Any", False),
            ("1 instance of Any", True),
            ("null instance of Null", True),
            ("null instance of number", False),
            ('@"P1D" instance of days and time duration', True),
            ('@"P1Y" instance of duration', True),
            ('@"2026-01-01T00:00:00" instance of date and time', True),
            ("[1, 2] instance of list<number>", True),
            ('[1, "a"] instance of list<number>', False),
            ("[1, null] instance of list<number>", True),
            ("[1] instance of list", True),
            ("{a: 1, b: 2} instance of context<a: number>", True),
            ("{b: 2} instance of context<a: number>", False),
            ("{a: 1} instance of context", True),
            ("[1..2] instance of range<number>", True),
            ("[1..2] instance of range<string>", False),
            ("(function(a) a) instance of function<number> -> number", True),
            ("count instance of function<number, number> -> number", False),
            ("count instance of function", True),
            ("3 instance of Level", True),
            ("9 instance of Level", False),
            ("9 instance of my.Other Type", None),
        ],
    )
    def test_instance_of(self, source: str, value: object) -> None:
        env = Environment(types={"Level": lambda level: level in numbers(1, 2, 3)})
        assert compile_expression(source).evaluate({}, env) is value

    def test_an_unknown_type_of_a_parameter_refuses_every_argument(self, feel: Feel) -> None:
        assert feel("(function(a: Foo) a)(1)") is None

    def test_a_type_must_be_complete(self) -> None:
        with pytest.raises(FeelError):
            compile_expression("1 instance of context<a number>")
