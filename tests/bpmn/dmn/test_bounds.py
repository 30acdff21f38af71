"""One evaluation of a decision has one bound, however its work is divided."""

from dataclasses import replace

import pytest

from bpmn.feel import Environment, LimitExceeded, Limits
from tests.bpmn.dmn.drawing import decision, literal, read, table

SMALL = Environment(limits=replace(Limits(), steps=1_000))
COSTLY = "count(for i in 1..100 return i) = ?"


class TestSteps:
    """Steps are counted over all cells, expressions and functions together."""

    def test_a_few_costly_cells_pass(self) -> None:
        model = read(decision("d", table(["x"], ["y"], [f"{COSTLY} => 1"])))

        assert model.evaluate("d", {"x": 100}, SMALL).value == 1

    def test_many_costly_cells_do_not(self) -> None:
        rules = [f"{COSTLY} + {one} => 1" for one in range(30)]
        model = read(decision("d", table(["x"], ["y"], rules)))

        with pytest.raises(LimitExceeded):
            model.evaluate("d", {"x": 1_000}, SMALL)

    def test_nor_do_many_decisions(self) -> None:
        costly = "count(for i in 1..100 return i)"
        parts = [decision(f"n{one}", literal(costly)) for one in range(30)]
        names = [f"n{one}" for one in range(30)]
        model = read(
            *parts,
            decision("d", literal(" + ".join(names)), requires=[f"d_{one}" for one in names]),
        )

        assert model.evaluate("n0", {}, SMALL).value == 100
        with pytest.raises(LimitExceeded):
            model.evaluate("d", {}, SMALL)

    def test_nor_do_calls_of_a_function_of_the_file(self) -> None:
        model = read(
            '<businessKnowledgeModel id="b" name="f"><variable name="f"/><encapsulatedLogic>'
            '<formalParameter name="n"/>'
            + literal("count(for i in 1..100 return i)")
            + "</encapsulatedLogic></businessKnowledgeModel>",
            decision("few", literal("f(1) + f(2)"), knows=["b"]),
            decision("many", literal("for i in 1..30 return f(i)"), knows=["b"]),
            decision(
                "invoked",
                f'<for iteratorVariable="i"><in>{literal("[1..30]")}</in><return><invocation>'
                f'{literal("f")}<binding><parameter name="n"/>{literal("i")}</binding>'
                "</invocation></return></for>",
                knows=["b"],
            ),
        )

        assert model.evaluate("few", {}, SMALL).value == 200
        for one in ("many", "invoked"):
            with pytest.raises(LimitExceeded):
                model.evaluate(one, {}, SMALL)

    def test_each_evaluation_begins_anew(self) -> None:
        model = read(decision("d", literal("count(for i in 1..600 return i)")))

        assert [model.evaluate("d", {}, SMALL).value for _ in range(3)] == [600, 600, 600]
