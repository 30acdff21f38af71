"""Printing gives source that reads back as the same tree."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpmn.feel import compile_expression, compile_unary_tests, literal, print_expression, same
from bpmn.feel.nodes import (
    Arithmetic,
    AtLiteral,
    Between,
    Call,
    Comparison,
    Conjunction,
    ContextLiteral,
    Disjunction,
    Filter,
    For,
    If,
    In,
    InstanceOf,
    Lambda,
    ListLiteral,
    ListType,
    Literal,
    Name,
    NamedCall,
    NamedType,
    Negation,
    Node,
    OneSided,
    Path,
    Quantified,
    RangeLiteral,
    Steps,
)
from bpmn.feel.printing import print_node
from bpmn.feel.values.ranges import Form

NAME = st.sampled_from(["a", "b2", "干部级别", "first name", "x_y"])
LEAF = st.one_of(
    st.builds(Literal, st.sampled_from([None, True, False])),
    st.builds(Literal, st.text(max_size=8).filter(lambda text: text.isprintable())),
    st.builds(Literal, st.decimals(0, 10**20, allow_nan=False, places=3)),
    st.builds(AtLiteral, st.just("2026-04-08")),
    st.builds(Name, NAME),
)


def _wider(part: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    def plain(kinds: tuple[type[Node], ...]) -> st.SearchStrategy[Node]:
        return part.map(lambda node: ListLiteral((node,)) if isinstance(node, kinds) else node)

    def tuples(
        strategy: st.SearchStrategy[Node], least: int = 0
    ) -> st.SearchStrategy[tuple[Node, ...]]:
        return st.lists(strategy, min_size=least, max_size=3).map(tuple)

    pairs = st.lists(st.tuples(NAME, part), min_size=1, max_size=2).map(tuple)
    domain = st.one_of(part, st.builds(Steps, part, part))
    iterations = st.lists(st.tuples(NAME, domain), min_size=1, max_size=2).map(tuple)
    return st.one_of(
        st.builds(ListLiteral, tuples(part)),
        st.builds(ContextLiteral, pairs),
        st.builds(RangeLiteral, part, part, st.booleans(), st.booleans()),
        st.builds(
            OneSided, st.sampled_from([form for form in Form if form is not Form.INTERVAL]), part
        ),
        st.builds(Path, part, NAME),
        st.builds(Filter, part, part),
        st.builds(Call, part, tuples(part)),
        st.builds(NamedCall, part, pairs),
        st.builds(Negation, part),
        st.builds(Arithmetic, st.sampled_from(["+", "-", "*", "/", "**"]), part, part),
        st.builds(Comparison, st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), part, part),
        st.builds(Conjunction, tuples(plain((Conjunction,)), 2)),
        st.builds(Disjunction, tuples(plain((Disjunction,)), 2)),
        st.builds(Between, part, part, part),
        st.builds(In, part, tuples(part, 1)),
        st.builds(InstanceOf, part, st.just(ListType(NamedType("date and time")))),
        st.builds(If, part, part, part),
        st.builds(For, iterations, part),
        st.builds(Quantified, st.sampled_from(["some", "every"]), iterations, part),
        st.builds(
            Lambda,
            st.sampled_from([(), (("a", None),), (("a", NamedType("number")), ("b c", None))]),
            part,
        ),
    )


TREES = st.recursive(LEAF, _wider, max_leaves=12)


class TestRoundTrip:
    """parse(print(tree)) = tree."""

    @given(TREES)
    def test_a_printed_tree_reads_back(self, tree: Node) -> None:
        assert compile_expression(print_node(tree)).tree == tree

    @pytest.mark.parametrize(
        "source",
        [
            "1 instance of context<a: number, b: list<string>>",
            "1 instance of function<number, date> -> range<number>",
            'function(a) external {java: {class: "x"}}',
            "(function(a) a)(1)",
            "-(-1)",
            "(a or b) and (c or d)",
            "a - (b - c)",
            "(1..2].start included",
            '{"a!": 1, "if": 2, "": 3}',
            "1e300 + 1.50",
            "(if a then b else c) + 1",
            "1 in (< 2, [3..4])",
            "1 in < 2",
            "(a in b) in c",
        ],
    )
    def test_what_is_printed_reads_back(self, source: str) -> None:
        expression = compile_expression(source)
        printed = print_expression(expression)
        assert compile_expression(printed).tree == expression.tree
        assert print_expression(compile_expression(printed)) == printed

    @pytest.mark.parametrize("source", ["-", "not(1, 2)", "< 5, [1..2], ? > 3", '"a"'])
    def test_unary_tests_are_printed_too(self, source: str) -> None:
        tests = compile_unary_tests(source)
        assert compile_unary_tests(print_expression(tests)).tree == tests.tree

    def test_only_nodes_are_printed(self) -> None:
        with pytest.raises(TypeError):
            print_node(Node())
        with pytest.raises(TypeError):
            print_node(InstanceOf(Name("a"), Node()))  # type: ignore[arg-type]


class TestLiterals:
    """`literal(value)` is source that evaluates to the value."""

    @given(
        st.recursive(
            st.one_of(
                st.none(),
                st.booleans(),
                st.decimals(
                    allow_nan=False,
                    allow_infinity=False,
                    places=4,
                    min_value=-(10**20),
                    max_value=10**20,
                ),
                st.text().filter(lambda text: not any("\ud800" <= c <= "\udfff" for c in text)),
            ),
            lambda part: (
                st.lists(part, max_size=3)
                | st.dictionaries(
                    st.text(max_size=5).filter(lambda t: t.isprintable()), part, max_size=3
                )
            ),
            max_leaves=8,
        )
    )
    def test_a_value_reads_back(self, value: object) -> None:
        assert same(compile_expression(literal(value)).evaluate({}), value)

    def test_temporal_values_and_ranges_read_back(self) -> None:
        source = '[@"2026-04-08", @"10:30:00@Asia/Shanghai", @"P1Y2M", [1..2), (<= 5)]'
        value = compile_expression(source).evaluate({})
        assert same(compile_expression(literal(value)).evaluate({}), value)
        assert literal(Decimal("1E+3")) == "1000"
