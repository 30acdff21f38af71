"""Boxed expressions (DMN 1.5, 7.3 and 10.2)."""

from typing import Any

import pytest

from bpmn.dmn import DecisionRefused, Outcome
from bpmn.feel import LimitExceeded
from tests.bpmn.dmn.drawing import decision, definitions, literal, read, table


def evaluate(logic: str, given: dict[str, Any] | None = None, *, lenient: bool = False) -> Outcome:
    return read(decision("结果", logic), lenient=lenient).evaluate("结果", given or {})


def entry(name: str, logic: str, type_ref: str = "") -> str:
    if not name:
        return f"<contextEntry>{logic}</contextEntry>"
    typed = f' typeRef="{type_ref}"' if type_ref else ""
    return f'<contextEntry><variable name="{name}"{typed}/>{logic}</contextEntry>'


def context(*entries: str) -> str:
    return f"<context>{''.join(entries)}</context>"


def function(parameters: str, logic: str, kind: str = "FEEL") -> str:
    formal = "".join(f'<formalParameter name="{one}"/>' for one in parameters.split())
    return f'<functionDefinition kind="{kind}">{formal}{logic}</functionDefinition>'


def warned(outcome: Outcome) -> list[str]:
    return [one.id for one in outcome.warnings]


class TestContext:
    """A context is evaluated entry by entry; each sees those before it (10.2.2.3)."""

    def test_an_entry_sees_those_before_it(self) -> None:
        logic = context(entry("起 点", literal("2")), entry("终点", literal("起 点 + 1")))

        assert evaluate(logic).value == {"起 点": 2, "终点": 3}

    def test_an_entry_without_a_name_is_the_result(self) -> None:
        assert evaluate(context(entry("a", literal("2")), entry("", literal("a * a")))).value == 4

    def test_an_entry_conforms_to_its_type_or_is_null(self) -> None:
        outcome = evaluate(context(entry("a", literal('"x"'), "number")))

        assert outcome.value == {"a": None}
        assert warned(outcome) == ["dmn-type"]


class TestListAndRelation:
    """A list gives its items; a relation a list of contexts (10.2.2.1, 10.2.2.4)."""

    def test_a_list_gives_its_items_in_order(self) -> None:
        assert evaluate(f"<list>{literal('1')}{literal('2')}</list>").value == [1, 2]

    def test_a_relation_gives_a_context_for_each_row(self) -> None:
        rows = "".join(
            f"<row>{literal(name)}{literal(days)}</row>"
            for name, days in (('"警告"', "180"), ('"记过"', "365"))
        )
        logic = f'<relation><column name="处分"/><column name="影响期"/>{rows}</relation>'

        assert evaluate(logic).value == [
            {"处分": "警告", "影响期": 180},
            {"处分": "记过", "影响期": 365},
        ]

    def test_a_row_of_another_length_is_refused(self) -> None:
        logic = f'<relation><column name="a"/><row>{literal("1")}{literal("2")}</row></relation>'

        with pytest.raises(DecisionRefused) as refused:
            read(decision("结果", logic))

        assert [one.rule for one in refused.value.findings] == ["dmn-row-length"]


class TestConditional:
    """Anything but true takes the other branch (10.2.2.7)."""

    @pytest.mark.parametrize(("condition", "expected"), [("true", 1), ("false", 2), ("null", 2)])
    def test_only_true_takes_the_first_branch(self, condition: str, expected: int) -> None:
        logic = (
            f"<conditional><if>{literal(condition)}</if><then>{literal('1')}</then>"
            f"<else>{literal('2')}</else></conditional>"
        )

        assert evaluate(logic).value == expected


class TestFilter:
    """A filter keeps the elements for which the condition is true (10.2.2.8)."""

    @staticmethod
    def kept(within: str, match: str) -> Outcome:
        return evaluate(
            f"<filter><in>{literal(within)}</in><match>{literal(match)}</match></filter>"
        )

    def test_item_is_the_element(self) -> None:
        assert self.kept("[1, 2, 3]", "item > 1").value == [2, 3]

    def test_the_entries_of_an_element_can_be_named(self) -> None:
        assert self.kept("[{a: 1}, {a: 2}]", "a = 2").value == [{"a": 2}]

    def test_a_single_value_counts_as_a_list_of_one(self) -> None:
        assert self.kept("5", "item > 1").value == [5]

    def test_a_condition_that_is_no_boolean_makes_the_result_null(self) -> None:
        outcome = self.kept("[1]", '"x"')

        assert outcome.value is None
        assert warned(outcome) == ["dmn-not-a-boolean"]

    def test_nothing_to_filter_gives_null(self) -> None:
        outcome = self.kept("null", "true")

        assert outcome.value is None
        assert warned(outcome) == ["dmn-not-a-list"]


class TestIterators:
    """for, some and every (10.2.2.9)."""

    @staticmethod
    def run(tag: str, within: str, body: str) -> Outcome:
        part = "return" if tag == "for" else "satisfies"
        return evaluate(
            f'<{tag} iteratorVariable="x"><in>{literal(within)}</in>'
            f"<{part}>{literal(body)}</{part}></{tag}>"
        )

    def test_for_gives_a_result_for_each_element(self) -> None:
        assert self.run("for", "[1, 2, 3]", "x * x").value == [1, 4, 9]

    def test_for_goes_through_a_range(self) -> None:
        assert self.run("for", "[2..4]", "x").value == [2, 3, 4]

    def test_partial_holds_the_results_so_far(self) -> None:
        assert self.run("for", "[1, 2, 3]", "x + sum(append(partial, 0))").value == [1, 3, 7]

    @pytest.mark.parametrize(
        ("tag", "within", "body", "expected"),
        [
            ("some", "[1, 2]", "x > 1", True),
            ("some", "[1, 2]", "x > 2", False),
            ("some", "[]", "x > 2", False),
            ("every", "[1, 2]", "x > 0", True),
            ("every", "[1, 2]", "x > 1", False),
            ("every", "[]", "x > 1", True),
            ("some", "[1, 2]", '"x"', None),
            ("every", "null", "true", None),
            ("for", "null", "1", None),
        ],
    )
    def test_quantifiers(self, tag: str, within: str, body: str, expected: bool | None) -> None:  # noqa: FBT001
        assert self.run(tag, within, body).value is expected


class TestFunctions:
    """Functions close over their scope; invocations bind by name (10.2.2.2, 10.2.2.5)."""

    def test_an_invocation_binds_parameters_by_name(self) -> None:
        logic = context(
            entry("差", function("a b", literal("a - b"))),
            entry(
                "",
                f"<invocation>{literal('差')}"
                f'<binding><parameter name="b"/>{literal("1")}</binding>'
                f'<binding><parameter name="a"/>{literal("9")}</binding></invocation>',
            ),
        )

        assert evaluate(logic).value == 8

    def test_a_binding_without_an_expression_is_null(self) -> None:
        logic = context(
            entry("f", function("a", literal("a = null"))),
            entry(
                "",
                f'<invocation>{literal("f")}<binding><parameter name="a"/></binding></invocation>',
            ),
        )

        assert evaluate(logic).value is True

    def test_a_binding_that_is_of_another_type_is_null(self) -> None:
        logic = context(
            entry("f", function("a", literal("a = null"))),
            entry(
                "",
                f'<invocation>{literal("f")}<binding><parameter name="a" typeRef="number"/>'
                f"{literal('true')}</binding></invocation>",
            ),
        )
        outcome = evaluate(logic)

        assert outcome.value is True
        assert warned(outcome) == ["dmn-type"]

    def test_standard_functions_can_be_invoked(self) -> None:
        logic = (
            f"<invocation>{literal('sum')}"
            f'<binding><parameter name="list"/>{literal("[1, 2]")}</binding></invocation>'
        )

        assert evaluate(logic).value == 3

    def test_what_is_no_function_gives_null_with_a_warning_at_its_line(self) -> None:
        outcome = evaluate(f"<invocation>{literal('5')}</invocation>")

        assert outcome.value is None
        assert [one.line for one in outcome.warnings] == [2]

    def test_a_function_may_call_itself(self) -> None:
        factorial = function("n", literal("if n <= 1 then 1 else n * 阶乘(n - 1)"))
        model = read(
            '<businessKnowledgeModel id="b" name="阶乘"><variable name="阶乘"/>'
            + factorial.replace("functionDefinition", "encapsulatedLogic")
            + "</businessKnowledgeModel>",
            decision("结果", literal("阶乘(5)"), knows=["b"]),
        )

        assert model.evaluate("结果", {}).value == 120

    def test_endless_recursion_is_an_error_and_no_hang(self) -> None:
        endless = function("n", literal("绕(n + 1)")).replace(
            "functionDefinition", "encapsulatedLogic"
        )
        model = read(
            '<businessKnowledgeModel id="b" name="绕"><variable name="绕"/>'
            f"{endless}</businessKnowledgeModel>",
            decision("结果", literal("绕(0)"), knows=["b"]),
        )

        with pytest.raises(LimitExceeded):
            model.evaluate("结果", {})

    def test_exponential_recursion_is_an_error_and_no_hang(self) -> None:
        doubling = function("n", literal("if n = 0 then 1 else 倍(n - 1) + 倍(n - 1)")).replace(
            "functionDefinition", "encapsulatedLogic"
        )
        model = read(
            '<businessKnowledgeModel id="b" name="倍"><variable name="倍"/>'
            f"{doubling}</businessKnowledgeModel>",
            decision("结果", literal("倍(18)"), knows=["b"]),
        )

        with pytest.raises(LimitExceeded):
            model.evaluate("结果", {})

    def test_an_argument_of_another_type_makes_the_result_null(self) -> None:
        model = read(
            '<businessKnowledgeModel id="b" name="f"><variable name="f"/><encapsulatedLogic>'
            '<formalParameter name="a" typeRef="number"/>'
            f"{literal('1')}</encapsulatedLogic></businessKnowledgeModel>",
            decision("结果", literal('f("x")'), knows=["b"]),
        )
        outcome = model.evaluate("结果", {})

        assert outcome.value is None
        assert "dmn-type" in warned(outcome)

    def test_the_result_conforms_to_the_functions_type(self) -> None:
        model = read(
            '<businessKnowledgeModel id="b" name="f"><variable name="f"/>'
            f'<encapsulatedLogic typeRef="number">{literal("[7]")}</encapsulatedLogic>'
            "</businessKnowledgeModel>",
            decision("结果", literal("f()"), knows=["b"]),
        )

        assert model.evaluate("结果", {}).value == 7

    def test_a_function_outside_feel_is_refused_by_name(self) -> None:
        java = function(
            "a",
            context(
                entry("class", literal('"java.lang.Runtime"')),
                entry("method signature", literal('"exec(java.lang.String)"')),
            ),
            kind="Java",
        )

        with pytest.raises(DecisionRefused) as refused:
            read(decision("结果", context(entry("f", java), entry("", literal("f(1)")))))

        (finding,) = refused.value.findings
        assert finding.rule == "dmn-external-function"
        assert "Java java.lang.Runtime exec(java.lang.String)" in finding.zh

    def test_read_leniently_it_gives_null_when_it_is_called(self) -> None:
        java = context(entry("f", function("a", "", kind="Java")), entry("", literal("f(1)")))
        outcome = evaluate(java, lenient=True)

        assert outcome.value is None
        assert "dmn-external-function" in warned(outcome)


class TestLiteral:
    """A literal expression is FEEL, checked when the file is read."""

    def test_what_is_no_feel_is_refused_with_its_line(self) -> None:
        content = definitions(decision("结果", literal("1 +")))

        with pytest.raises(DecisionRefused) as refused:
            read(decision("结果", literal("1 +")))

        (finding,) = refused.value.findings
        assert (finding.rule, finding.line, finding.element) == ("dmn-feel", 2, "d_结果")
        assert b"1 +" in content.splitlines()[finding.line - 1]

    def test_read_leniently_it_gives_null_with_a_warning(self) -> None:
        outcome = evaluate(literal("1 +"), lenient=True)

        assert outcome.value is None
        assert warned(outcome) == ["dmn-feel"]

    def test_a_warning_has_the_line_of_the_file(self) -> None:
        outcome = evaluate(literal('\n\n1 + "x"'))

        assert outcome.value is None
        assert [one.line for one in outcome.warnings] == [4]

    def test_python_is_not_reached(self) -> None:
        with pytest.raises(DecisionRefused):
            read(decision("结果", literal("__import__('os').getcwd()")))

    def test_a_table_may_stand_inside_a_context(self) -> None:
        logic = context(
            entry("档", table(["points"], ["x"], ['> 3 => "重"', '<= 3 => "轻"'])),
            entry("", literal('"档次：" + 档')),
        )
        outcome = evaluate(logic, {"points": 4})

        assert outcome.value == "档次：重"
        assert [(one.decision, one.index) for one in outcome.matched] == [("d_结果", 1)]
