"""No input, however hostile, reaches Python or runs past its bounds."""

import random
import sys
from types import FrameType

import pytest

from bpmn.feel import (
    Environment,
    FeelError,
    LimitExceeded,
    Limits,
    compile_expression,
    compile_unary_tests,
    translate_camunda,
)

FEW_STEPS = Environment(limits=Limits(steps=50_000))

LAUGHS = "[1, 1]" + "".join(f", a{i + 1}: [a{i}, a{i}]" for i in range(60))
OTHERS = "[1, 1]" + "".join(f", b{i + 1}: [b{i}, b{i}]" for i in range(60))
DOUBLING = '"aaaaaaaaaa"' + "".join(f", s{i + 1}: s{i} + s{i}" for i in range(60))

BOMBS = {
    "iteration": "for i in 1..40000, j in 1..40000 return i * j",
    "a long range": "for i in 1..1000000000 return i",
    "a huge range": "for i in 1..1e6000 return i",
    "a quantifier": "some i in 1..40000, j in 1..40000 satisfies i * j < 0",
    "recursion": "{f: function(n) f(n), r: f(1)}.r",
    "a function of itself": "(function(f) f(f))(function(f) f(f))",
    "laughs as text": f"{{a0: {LAUGHS}, r: string(a60)}}.r",
    "laughs compared": f"{{a0: {LAUGHS}, b0: {OTHERS}, r: a60 = b60}}.r",
    "laughs flattened": f"{{a0: {LAUGHS}, r: flatten(a60)}}.r",
    "laughs given back": f"{{a0: {LAUGHS}}}",
    "strings doubled": f"{{s0: {DOUBLING}}}",
    "a deep list": "for i in 1..500 return [partial[-1]]",
    "partial kept": "for i in 1..40000 return partial",
    "powers": "for i in 1..40000 return 1.234 ** 5.678",
    "exponentials": "for i in 1..40000 return exp(i)",
    "huge division": "for i in 1..40000 return modulo(1e6000, 7e-6000)",
    "long strings joined": f'string join(for i in 1..40000 return "{"x" * 1000}", ",")',
    "long strings searched": f'for i in 1..40000 return contains("{"ab" * 5000}", "ba")',
    "pairs": "for i in 1..2000, j in 1..2000 return [i, j]",
    "distinct lists": "distinct values(for i in 1..40000 return [i])",
    "concatenation": "{x: for i in 1..30000 return i, r: concatenate(x, x)}.r",
    "a regular expression": 'matches("' + "a" * 40 + 'b", "(a*)*\\1c")',
}


class TestBombs:
    """A bound stops what would grow or run without end."""

    @pytest.mark.parametrize("name", sorted(BOMBS))
    def test_a_bomb_is_an_error_and_not_a_hang(self, name: str) -> None:
        with pytest.raises(LimitExceeded) as caught:
            compile_expression(BOMBS[name]).evaluate({}, FEW_STEPS)
        assert caught.value.limit in Limits.__dataclass_fields__

    @pytest.mark.parametrize(
        "source",
        [
            "(" * 5000, "[" * 5000, "-" * 5000, "{a:" * 3000, "x in (" * 3000, "if " * 3000,
            "function() " * 3000, "not(" * 3000, "a" + ".a" * 5000, "f" + "()" * 3000,
            "true" + " and true" * 5000, "for a in b, " * 3000, "[1..[" * 3000, "1 in " * 3000,
            "x instance of " + "list<" * 3000, "[1..1[" * 2000,
        ],
    )  # fmt: skip
    def test_deep_nesting_is_an_error_and_not_a_crash(self, source: str) -> None:
        with pytest.raises(FeelError):
            compile_expression(source)

    def test_the_bounds_are_the_hosts(self) -> None:
        env = Environment(limits=Limits(steps=100))
        assert compile_expression("sum(for i in 1..5 return i)").evaluate({}, env) == 15
        with pytest.raises(LimitExceeded, match="100"):
            compile_expression("sum(for i in 1..50 return i)").evaluate({}, env)

    def test_unary_tests_have_bounds_too(self) -> None:
        tests = compile_unary_tests("? in (for i in 1..1e9 return i)")
        with pytest.raises(LimitExceeded):
            tests.matches(1, {})

    @pytest.mark.parametrize("source", ["{f: function(n) f(n), r: f(1)}.r"])
    def test_pythons_own_bound_is_ours(self, source: str) -> None:
        env = Environment(limits=Limits(depth=10_000_000))
        with pytest.raises(LimitExceeded):
            compile_expression(source).evaluate({}, env)
        with pytest.raises(LimitExceeded):
            compile_unary_tests(f"{source} = ?").matches(1, {}, env)

    def test_a_stack_that_is_nearly_full_is_an_error_of_the_source(self) -> None:
        def deeper(left: int) -> None:
            if left:
                deeper(left - 1)
            else:
                compile_expression("(" * 120 + "1" + ")" * 120, names={"only here"})

        with pytest.raises(LimitExceeded):
            deeper(sys.getrecursionlimit() - _height() - 150)


def _height() -> int:
    frame: FrameType | None = sys._getframe()  # noqa: SLF001 - only frames tell the stack's depth
    height = 0
    while frame is not None:
        frame, height = frame.f_back, height + 1
    return height


class TestNoPython:
    """Python's names mean nothing in FEEL."""

    @pytest.mark.parametrize(
        "source",
        [
            "__class__", '"".__class__', "x.__class__.__mro__", "x.__dict__", "count.invoke",
            "count.__globals__", 'open("/etc/passwd")', '__import__("os")', 'eval("1")',
            "globals()", "x.items()", "(1).real", '"a".upper()', "item.__class__",
            '@"10:00:00@../../etc/passwd"', 'time("10:00:00@/etc/localtime")',
            "[1].append(2)", '"{0.__class__}".format(1)',
            "now.__self__", '@"2026-01-01".ordinal', '@"10:00:00".nanoseconds', "[1..2].form",
        ],
    )  # fmt: skip
    def test_it_is_null(self, source: str) -> None:
        assert compile_expression(source).evaluate({"x": {"a": 1}}) is None


PIECES = [
    "1", "2.5", "1e9", "1e-9", "9999999999999999999", "null", "true", "false", "?", "item",
    "partial", "a", "b", "上限", "__class__", "count", "sum", "string", 'date("2026-01-01")',
    '@"P1D"', '@"x"', '""', '"a"', '"\\u0041"', "for", "in", "return", "some", "every",
    "satisfies", "if", "then", "else", "function", "external", "and", "or", "not", "between",
    "instance", "of", "number", "list", "<", ">", "<=", ">=", "=", "!=", "+", "-", "*", "/",
    "**", "(", ")", "[", "]", "{", "}", ",", ":", ".", "..", "->", "'", "//", "/*", "*/",
    "matches", "replace", "split", "sort", "now()", "1..9999", "$", "\\", ";", "“", "\x00",
    "\n", "🐎", "\ud800",
]  # fmt: skip


class TestFuzz:
    """Ten thousand random expressions: each gives a value, or one of our own errors."""

    @pytest.mark.parametrize("seed", range(20))
    def test_no_other_error_ever_comes_out(self, seed: int) -> None:
        chance = random.Random(seed)  # noqa: S311 - a seeded sequence of inputs, no secret
        scope = {"a": [1, {"b": "c"}], "b": {"a": 5}, "上限": 10}
        env = Environment(limits=Limits(steps=2_000, list_length=500, string_length=500))
        values = 0
        for _ in range(250):
            source = " ".join(chance.choices(PIECES, k=chance.randint(1, 12)))
            for compiled in (compile_expression, compile_unary_tests, translate_camunda):
                try:
                    found = compiled(f"${{{source}}}" if compiled is translate_camunda else source)
                    if compiled is compile_expression:
                        found.evaluate(scope, env)  # type: ignore[union-attr]
                    elif compiled is compile_unary_tests:
                        found.matches(5, scope, env)  # type: ignore[union-attr]
                    values += 1
                except FeelError as error:
                    assert error.line >= 1  # noqa: PT017 - either outcome is good, no other is
        assert values > 0
