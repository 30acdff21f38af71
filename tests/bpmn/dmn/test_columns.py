"""A column is searched where its cells are constants; what it lets through is what FEEL says."""

from itertools import product
from typing import Any

import pytest

from bpmn.dmn import DecisionModel
from bpmn.feel import Environment, compile_unary_tests
from tests.bpmn.dmn.drawing import decision, read, table

COLUMNS = {
    "single texts": ['"轻微"', '"严重"', "-", '"严重","特别严重"'],
    "a text left out": ['"轻微"', 'not("轻微")', 'not("严重","特别严重")'],
    "texts in order": ['"a"', '< "b"', '>= "b"', '["a".."c"]'],
    "a text by itself at the end": ['<= "a"', '"b"'],
    "a stretch of texts": ['["a".."c"]', "-"],
    "an open end": ['> "a"', '"b"'],
    "texts and a question": ['"轻微"', "string length(?) > 2", "-"],
    "texts and null": ['"轻微"', "null", "not(null)"],
    "numbers": ["1", "[1..5)", "> 3", "not(2)", "-"],
    "truth": ["true", "false", "-"],
    "several kinds": ['"1"', "1", "true", "-"],
}
VALUES: list[Any] = [
    "轻微",
    "严重",
    "特别严重",
    "a",
    "b",
    "bb",
    "c",
    "",
    1,
    2,
    3,
    5,
    True,
    False,
    None,
]


def _model(cells: list[str]) -> DecisionModel:
    rules = [f"{cell} => {number}" for number, cell in enumerate(cells, start=1)]
    return read(decision("d", table(["x"], ["y"], rules, policy="RULE ORDER")))


class TestAColumn:
    """A rule counts where its unary tests hold of the input (DMN 1.5, 8.3.3)."""

    @pytest.mark.parametrize("name", COLUMNS)
    def test_lets_through_what_each_cell_by_itself_does(self, name: str) -> None:
        cells = COLUMNS[name]
        model = _model(cells)
        for value in VALUES:
            expected = [
                number
                for number, cell in enumerate(cells, start=1)
                if compile_unary_tests(cell).matches(value, {}) is True
            ]

            assert model.evaluate("d", {"x": value}).value == expected, value

    def test_of_texts_gives_the_rules_of_the_text_and_those_that_ask_nothing(self) -> None:
        model = _model(['"轻微"', "-", 'not("轻微")'])

        assert model.evaluate("d", {"x": "轻微"}).value == [1, 2]
        assert model.evaluate("d", {"x": "严重"}).value == [2, 3]
        assert model.evaluate("d", {"x": None}).value == [2, 3]


class TestManyRules:
    """UNIQUE is checked over all rules, however many there are."""

    LEVELS = tuple(product(("轻", "中", "重"), ("小", "大"), range(5)))

    def _rules(self) -> list[str]:
        return [
            f'"{one}" | "{two}" | {three} => {number}'
            for number, (one, two, three) in enumerate(self.LEVELS)
        ]

    def test_each_input_finds_its_only_rule(self) -> None:
        model = read(decision("d", table(["a", "b", "c"], ["y"], self._rules())))

        for number, (one, two, three) in enumerate(self.LEVELS):
            assert model.evaluate("d", {"a": one, "b": two, "c": three}).value == number

    def test_a_second_match_is_found_wherever_it_stands(self) -> None:
        rules = [*self._rules(), '"重" | - | 4 => 99']
        model = read(decision("d", table(["a", "b", "c"], ["y"], rules)))

        outcome = model.evaluate("d", {"a": "重", "b": "大", "c": 4}, Environment())

        assert outcome.value is None
        assert [warned.id for warned in outcome.warnings] == ["dmn-not-unique"]
        assert "30, 31" in outcome.warnings[0].en
