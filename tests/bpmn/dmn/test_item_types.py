"""Types, what conforms to them, and the conversions made for them (DMN 1.5, 7.3.2, 10.3.2.9.4)."""

from datetime import date
from typing import Any

import pytest

from bpmn.dmn import DecisionRefused, Outcome
from bpmn.feel import to_text
from tests.bpmn.dmn.drawing import decision, input_data, literal, read


def item(name: str, body: str, *, many: bool = False, tag: str = "itemDefinition") -> str:
    return f'<{tag} name="{name}" isCollection="{str(many).lower()}">{body}</{tag}>'


def of(kind: str, *, allowed: str = "", constraint: str = "") -> str:
    body = f"<typeRef>{kind}</typeRef>"
    if allowed:
        body += literal(allowed, tag="allowedValues")
    if constraint:
        body += literal(constraint, tag="typeConstraint")
    return body


def part(name: str, kind: str, *, many: bool = False) -> str:
    return item(name, of(kind), many=many, tag="itemComponent")


def given(value: Any, type_ref: str, *types: str) -> Outcome:
    model = read(*types, input_data("x", type_ref), decision("结果", literal("x"), inputs=["i_x"]))
    return model.evaluate("结果", {"x": value})


def as_read(value: Any, type_ref: str, *types: str) -> Any:
    return given(value, type_ref, *types).value


class TestConversions:
    """A list of one, a single value and a date are converted where the type asks for it."""

    def test_a_list_of_one_gives_its_element(self) -> None:
        assert as_read([5], "number") == 5

    def test_a_single_value_becomes_a_list_of_one(self) -> None:
        assert as_read("甲", "names", item("names", of("string"), many=True)) == ["甲"]
        assert as_read("甲", "list") == ["甲"]
        assert as_read("甲", "list&lt;string&gt;") == ["甲"]

    def test_a_date_becomes_its_midnight_in_utc(self) -> None:
        assert to_text(as_read(date(2026, 4, 8), "dateTime")) == "2026-04-08T00:00:00Z"

    def test_a_context_of_a_list_of_one_is_taken_out(self) -> None:
        assert as_read([{"a": 1}], "t", item("t", part("a", "number"))) == {"a": 1}

    def test_components_are_converted_too(self) -> None:
        kind = item("t", part("人", "string", many=True))

        assert as_read({"人": "甲", "其他": 1}, "t", kind) == {"人": ["甲"], "其他": 1}


class TestConformance:
    """What does not conform is null with a warning; null conforms to everything."""

    @pytest.mark.parametrize(
        ("value", "kind"),
        [
            ("5", "number"),
            (5, "string"),
            ("true", "boolean"),
            ([1, 2], "number"),
            ("2026-04-08", "date"),
            (1, "context"),
            ([1, "x"], "numbers"),
            ("x", "pair"),
            ({"a": "x", "b": 1}, "pair"),
            ({"a": 1}, "pair"),
            ({"b": 2}, "pair"),
            ([[1]], "number"),
            ([[{"a": 1, "b": 2}]], "pair"),
            ("中", "level"),
            (["轻", "中"], "levels"),
            ([1, 2, 3], "few"),
        ],
    )
    def test_the_value_counts_as_null(self, value: Any, kind: str) -> None:
        outcome = given(value, kind, *KINDS)

        assert outcome.value is None
        assert [one.id for one in outcome.warnings] == ["dmn-type"]

    @pytest.mark.parametrize(
        ("value", "kind"),
        [
            (5, "number"),
            (5, "integer"),
            (5, "feel:number"),
            ([1, 2], "tns:numbers"),
            ("x", "Any"),
            ("x", ""),
            ([1, 2], "numbers"),
            ({"a": 1, "b": 2}, "pair"),
            ({"a": 1, "b": None, "c": 3}, "pair"),
            ("轻", "level"),
            (["轻", "重"], "levels"),
            ([1, 2], "few"),
            ({"name": "甲", "children": [{"name": "乙", "children": []}]}, "tree"),
            ({"name": "甲", "children": None}, "tree"),
            ([1, "x"], "anything"),
        ],
    )
    def test_the_value_passes(self, value: Any, kind: str) -> None:
        outcome = given(value, kind, *KINDS)

        assert outcome.value == value
        assert outcome.warnings == ()

    @pytest.mark.parametrize("kind", ["number", "numbers", "pair", "level", "list", "context"])
    def test_null_passes(self, kind: str) -> None:
        outcome = given(None, kind, *KINDS)

        assert outcome.value is None
        assert outcome.warnings == ()

    def test_a_decisions_result_is_checked_as_well(self) -> None:
        outcome = read(decision("结果", literal('"x"'), type_ref="number")).evaluate("结果", {})

        assert outcome.value is None
        assert [one.id for one in outcome.warnings] == ["dmn-type"]

    def test_functions_are_a_type(self) -> None:
        kind = item("f", '<functionItem outputTypeRef="number"/>')
        model = read(
            kind,
            decision("函数", literal("function(a) a"), type_ref="f"),
            decision("不是", literal("1"), type_ref="f"),
        )

        assert model.evaluate("函数", {}).value is not None
        assert model.evaluate("不是", {}).value is None

    def test_generic_types_are_known_by_what_stands_first(self) -> None:
        assert as_read({"a": 1}, "context&lt;a: number&gt;") == {"a": 1}
        assert as_read(1, "context&lt;a: number&gt;") is None


KINDS = (
    item("numbers", of("number"), many=True),
    item("pair", part("a", "number") + part("b", "Any")),
    item("level", of("string", allowed='"轻", "重"')),
    item("levels", of("level"), many=True),
    item("few", of("number", constraint="count(?) < 3"), many=True),
    item("tree", part("name", "string") + part("children", "tree", many=True)),
    item("anything", of("Any"), many=True),
)


class TestInstanceOf:
    """FEEL's `instance of` knows the file's types; no conversion counts there."""

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ('"轻" instance of level', True),
            ('"中" instance of level', False),
            ("[1] instance of level", False),
            ('"轻" instance of levels', False),
            ("null instance of level", False),
            ("{a: 1, b: 2} instance of pair", True),
            ("{a: 1} instance of pair", False),
        ],
    )
    def test_types_by_name(self, text: str, expected: bool) -> None:  # noqa: FBT001
        assert read(*KINDS, decision("结果", literal(text))).evaluate("结果", {}).value is expected

    def test_a_type_without_restrictions_has_everything_but_null(self) -> None:
        model = read(
            item("some", of("Any")),
            decision("有", literal("1 instance of some")),
            decision("无", literal("null instance of some")),
        )

        assert model.evaluate("有", {}).value is True
        assert model.evaluate("无", {}).value is False


class TestUnknownTypes:
    """A type that nobody defined refuses the file."""

    @pytest.mark.parametrize("kind", ["tNichts", "other.t", "list&lt;tNichts&gt;"])
    def test_the_file_is_refused(self, kind: str) -> None:
        with pytest.raises(DecisionRefused) as refused:
            read(input_data("x", kind))

        assert refused.value.findings[0].rule == "dmn-unknown-type"
        assert refused.value.findings[0].element == "i_x"

    def test_so_is_one_inside_another(self) -> None:
        with pytest.raises(DecisionRefused):
            read(item("t", part("a", "tNichts")))

    def test_tests_of_a_type_that_are_no_feel_refuse_it(self) -> None:
        with pytest.raises(DecisionRefused) as refused:
            read(item("t", of("number", allowed="< <")))

        assert refused.value.findings[0].rule == "dmn-feel"

    def test_read_leniently_such_a_type_has_no_values(self) -> None:
        model = read(
            item("t", of("number", allowed="< <")),
            input_data("x", "t"),
            decision("结果", literal("x"), inputs=["i_x"]),
            lenient=True,
        )

        assert model.evaluate("结果", {"x": 1}).value is None
