"""Camunda 7's `${…}` becomes FEEL, or is refused where it stands."""

import pytest

from bpmn.feel import FeelError, LimitExceeded, compile_expression, is_camunda, translate_camunda


class TestMeaning:
    """What a designer of Camunda 7 wrote means the same here."""

    @pytest.mark.parametrize(
        ("source", "value"),
        [
            ("${amount > 1000 && level == 'A'}", True),
            ('#{amount gt 1000 and level eq "A"}', True),
            ("${not (amount le 1000) or false}", True),
            ("${!approved}", False),
            ("${amount * 2 + 1 - 1}", 4000),
            ("${7 % 4}", 3),
            ("${7 mod 4 div 2}", 1.5),
            ("${-amount}", -2000),
            ("${person.name}", "Li"),
            ("${person['name']}", "Li"),
            ("${list[0]}", 1),
            ("${approved ? 'yes' : 'no'}", "yes"),
            ("${level != null}", True),
            ("${empty nothing}", True),
            ("${!empty person.name}", True),
            ("${empty list}", False),
            ("${empty person}", False),
            ("${empty amount}", False),
            ("${1.5e1}", 15),
            ("${'it\\'s'}", "it's"),
            ("Case ${amount} of ${person.name}", "Case 2000 of Li"),
            ("${amount}!", "2000!"),
            ("plain", "plain"),
            ("", ""),
        ],
    )
    def test_it_evaluates_as_drawn(self, source: str, value: object) -> None:
        scope = {
            "amount": 2000, "level": "A", "approved": True, "person": {"name": "Li"},
            "list": [1, 2], "nothing": None,
        }  # fmt: skip
        assert compile_expression(translate_camunda(source)).evaluate(scope) == value

    def test_an_expression_of_camunda_is_recognised(self) -> None:
        assert is_camunda("${x}")
        assert is_camunda("a #{x}")
        assert not is_camunda("x > 1")


class TestRefusals:
    """Whatever could run code, or has no meaning in FEEL, is refused by position."""

    @pytest.mark.parametrize(
        ("source", "column"),
        [
            ("${execution.getVariable('x')}", 13),
            ("${bean()}", 3),
            ("${a = 1}", 5),
            ("${a; b}", 4),
            ("${a[b]}", 5),
            ("${a.1}", 5),
            ("${for}", 3),
            ("${a instanceof b}", 5),
            ("${a", 4),
            ("${a + }", 7),
            ("${(a}", 5),
            ("${a ? b}", 8),
            ("${empty (a)}", 9),
            ("${a @ b}", 5),
            ("x\n${ a[0 }", 8),
            ("${}", 3),
        ],
    )
    def test_the_place_is_named(self, source: str, column: int) -> None:
        with pytest.raises(FeelError) as caught:
            translate_camunda(source)
        assert caught.value.column == column
        assert caught.value.zh

    @pytest.mark.parametrize(
        "source", ["${" + "(" * 500, "${" + "!" * 500, "x" * 60_000, "${" + "a?b:" * 500 + "c}"]
    )
    def test_nesting_and_length_have_bounds(self, source: str) -> None:
        with pytest.raises(LimitExceeded):
            translate_camunda(source)
