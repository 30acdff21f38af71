"""A decision file that would not run as it is drawn is refused, with every reason at once."""

from copy import deepcopy
from pathlib import Path

import pytest
from lxml import etree

from bpmn.dmn import DecisionRefused, read_decisions
from bpmn.findings import DiagramRefused, Finding
from tests.bpmn.dmn.drawing import decision, definitions, input_data, literal, read, table


def findings(*parts: str) -> tuple[Finding, ...]:
    with pytest.raises(DecisionRefused) as refused:
        read(*parts)
    return refused.value.findings


def rules_of(*parts: str) -> list[str]:
    return [one.rule for one in findings(*parts)]


class TestFile:
    """Only a decision file, whole and harmless, is read."""

    @pytest.mark.parametrize(
        ("content", "rule"),
        [
            (b"", "xml"),
            (b"<definitions>", "xml"),
            (b"<!DOCTYPE a><a/>", "doctype"),
            (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "doctype"),
            (b"<definitions/>", "dmn-not-a-decision-file"),
            (b'<definitions xmlns="urn:x"/>', "dmn-not-a-decision-file"),
            (definitions().replace(b"definitions", b"decision"), "dmn-not-a-decision-file"),
        ],
    )
    def test_anything_else_is_refused(self, content: bytes, rule: str) -> None:
        with pytest.raises(DecisionRefused) as refused:
            read_decisions(content, name="t.dmn")

        assert [one.rule for one in refused.value.findings] == [rule]
        assert refused.value.findings[0].file == "t.dmn"

    def test_a_refusal_is_one_of_diagrams(self) -> None:
        with pytest.raises(DiagramRefused):
            read_decisions(b"", name="t.dmn")

    def test_a_file_that_is_too_large_is_not_parsed(self) -> None:
        with pytest.raises(DecisionRefused) as refused:
            read_decisions(definitions(), name="t.dmn", limit=10)

        assert refused.value.findings[0].rule == "size"

    def test_what_is_wrong_in_an_imported_file_names_that_file(self) -> None:
        with pytest.raises(DecisionRefused) as refused:
            read(decision("结果", literal("1")), imports={"other.dmn": b"<a/>"})

        assert refused.value.findings[0].file == "other.dmn"

    def test_diagrams_notes_and_extensions_are_left_aside(self) -> None:
        model = read(
            "<!-- drawn by hand -->",
            "<description>说明</description>",
            "<extensionElements><camunda:x/></extensionElements>",
            '<knowledgeSource id="k" name="条例"/>',
            '<textAnnotation id="t"><text>注</text></textAnnotation>',
            '<dmndi:DMNDI xmlns:dmndi="https://www.omg.org/spec/DMN/20230324/DMNDI/"/>',
            '<decision id="d" name="d" camunda:historyTimeToLive="P1Y">'
            "<question>如何处理?</question><allowedAnswers>是/否</allowedAnswers><description>说明</description>"
            f"{literal('1')}</decision>",
        )

        assert model.decisions["d"].question == "如何处理?"
        assert model.decisions["d"].allowed_answers == "是/否"
        assert model.evaluate("d", {}).value == 1


class TestStructure:
    """Each element stands where the standard puts it."""

    def test_an_element_that_does_not_belong_is_named(self) -> None:
        (finding,) = findings('<decision id="d" name="d"><rule/></decision>')

        assert (finding.rule, finding.element, finding.line) == ("dmn-unexpected-element", "d", 2)
        assert "<rule>" in finding.zh
        assert "<decision>" in finding.en

    @pytest.mark.parametrize(
        ("part", "rule"),
        [
            ('<decision id="d"/>', "dmn-missing-name"),
            ('<inputData id="i"/>', "dmn-missing-name"),
            (input_data("a") + decision("b").replace("d_b", "i_a"), "dmn-duplicate-id"),
            (decision("d", "<context><contextEntry/></context>"), "dmn-missing-expression"),
            (decision("d", "<conditional/>"), "dmn-missing-expression"),
            (
                decision("d", f"<invocation>{literal('f')}<binding/></invocation>"),
                "dmn-binding-without-parameter",
            ),
            (decision("a") + decision("a").replace("d_a", "d_b"), "dmn-duplicate-name"),
            (
                decision(
                    "d",
                    '<functionDefinition><formalParameter name="a"/><formalParameter name="a"/>'
                    "</functionDefinition>",
                ),
                "dmn-duplicate-name",
            ),
            (decision("d", inputs=["i"]).replace(' href="#i"', ""), "dmn-empty-reference"),
        ],
    )
    def test_a_missing_part_is_named(self, part: str, rule: str) -> None:
        assert set(rules_of(part)) == {rule}

    def test_everything_that_is_wrong_is_said_at_once(self) -> None:
        found = rules_of(
            decision("a", "<list><rule/></list>"),
            '<decision id="b"/>',
            decision("c", table(["x"], ["y"], ["1 => 2 | 3"])),
        )

        assert found == ["dmn-missing-name", "dmn-rule-length"]


class TestLanguage:
    """FEEL is the only expression language."""

    @pytest.mark.parametrize("language", ["groovy", "javascript", "juel", "http://x"])
    def test_another_one_is_refused_by_name(self, language: str) -> None:
        logic = (
            f'<literalExpression expressionLanguage="{language}"><text>1</text></literalExpression>'
        )

        (finding,) = findings(decision("d", logic))

        assert finding.rule == "dmn-expression-language"
        assert language in finding.zh

    @pytest.mark.parametrize("language", ["feel", "FEEL", "http://www.omg.org/spec/FEEL/20140401"])
    def test_feel_may_be_named(self, language: str) -> None:
        logic = (
            f'<literalExpression expressionLanguage="{language}"><text>1</text></literalExpression>'
        )

        assert read(decision("d", logic)).evaluate("d", {}).value == 1

    def test_a_cell_in_another_language_is_refused(self) -> None:
        logic = table(["x"], ["y"], ["1 => 2"]).replace(
            "<inputEntry>", '<inputEntry expressionLanguage="juel">'
        )

        assert rules_of(decision("d", logic)) == ["dmn-expression-language"]


class TestTables:
    """A table whose parts do not fit together is refused."""

    @pytest.mark.parametrize(
        ("logic", "rule"),
        [
            (table(["x"], ["y"], ["1 => 2"], policy="BOGUS"), "dmn-unknown-value"),
            (table(["x"], ["y"], ["1 | 2 => 2"]), "dmn-rule-length"),
            (table(["x"], ["y"], ["1 => 2 | 3"]), "dmn-rule-length"),
            (table(["x"], [], []), "dmn-table-without-output"),
            (
                table(["x"], ["y"], ["1 => 2"], aggregation="SUM"),
                "dmn-aggregation-without-collect",
            ),
            (
                table(["x"], ["y", "z"], ["1 => 2 | 3"], policy="COLLECT", aggregation="SUM"),
                "dmn-aggregation-of-several",
            ),
            (
                table(["x"], ["y"], ["1 => 2"], policy="COLLECT", aggregation="AVG"),
                "dmn-unknown-value",
            ),
            (table(["x"], ["y"], ["1 => 2"], policy="PRIORITY"), "dmn-priority-without-values"),
            (table([""], ["y"], ["1 => 2"]), "dmn-input-without-expression"),
            (table(["x"], ["y"], ["1 => )"]), "dmn-feel"),
            (table(["x"], ["y"], ["< < => 1"]), "dmn-feel"),
            (table(["x +"], ["y"], ["1 => 1"]), "dmn-feel"),
            (table(["x"], ["y"], ["1 => 1"], types={"x": "tNichts"}), "dmn-unknown-type"),
            (table(["x"], ["y"], ["1 => 1"], types={"y": "tNichts"}), "dmn-unknown-type"),
            (
                table(
                    ["x"], ["y"], ["1 => 1"], policy="OUTPUT ORDER", allowed_outputs={"y": "< <"}
                ),
                "dmn-feel",
            ),
        ],
    )
    def test_it_says_which_part(self, logic: str, rule: str) -> None:
        assert set(rules_of(decision("d", logic))) == {rule}

    def test_outputs_need_names_of_their_own(self) -> None:
        assert rules_of(decision("d", table(["x"], ["y", "y"], ["1 => 2 | 3"]))) == [
            "dmn-output-name",
            "dmn-output-name",
        ]

    def test_counting_is_for_several_outputs_too(self) -> None:
        logic = table(["x"], ["y", "z"], ["1 => 2 | 3"], policy="COLLECT", aggregation="COUNT")

        assert read(decision("d", logic)).evaluate("d", {"x": 1}).value == 1

    def test_an_empty_cell_lets_everything_through_and_an_empty_output_is_null(self) -> None:
        logic = table(["x"], ["y"], ["1 => 2"]).replace("<text>1</text>", "<text/>")
        emptied = logic.replace("<text>2</text>", "<text/>").replace("r1", "r2")
        model = read(decision("d", logic), decision("e", emptied))

        assert model.evaluate("d", {"x": 7}).value == 2
        assert model.evaluate("e", {"x": 7}).value is None

    def test_line_and_column_lead_to_the_mistake(self) -> None:
        logic = table(["x"], ["y"], ["1 => 2"]).replace("<text>2</text>", "<text>\n\n 1 + )</text>")

        (finding,) = findings(decision("d", logic))

        assert finding.line == 4
        assert finding.element == "r1"
        assert "1 + )" in finding.en

    def test_a_long_expression_is_shown_shortened(self) -> None:
        (finding,) = findings(decision("d", literal("1 + " * 40)))

        assert "…" in finding.en


class TestHostileFiles:
    """What is uploaded reaches neither Python nor files, and costs no more than its bound."""

    @pytest.mark.parametrize(
        "text",
        [
            '__import__("os").system("id")',
            "().__class__.__mro__",
            "x.__class__.__init__.__globals__",
            'open("/etc/passwd")',
        ],
    )
    def test_names_of_python_give_nothing(self, text: str) -> None:
        outcome = read(decision("d", literal(text)), lenient=True).evaluate("d", {"x": "text"})

        assert outcome.value is None
        assert outcome.warnings != ()

    def test_deep_nesting_is_refused(self) -> None:
        logic = "<list>" * 200 + "</list>" * 200

        assert rules_of(decision("d", logic)) == ["depth"]


class TestMutilatedFiles:
    """Whatever a file lacks, it is refused or runs; nothing else comes out."""

    KIT = sorted((Path(__file__).parent / "kit").rglob("*.dmn"))

    @pytest.mark.parametrize("file", KIT, ids=lambda file: str(file.stem))
    @pytest.mark.parametrize("injury", ["drop", "empty", "strip", "double"])
    def test_every_element_may_be_hurt(self, file: Path, injury: str) -> None:
        whole = etree.fromstring(file.read_bytes())
        count = sum(1 for _ in whole.iter(etree.Element)) - 1
        refused = 0
        for index in range(count):
            root = deepcopy(whole)
            element = list(root.iter(etree.Element))[index + 1]
            owner = element.getparent()
            assert owner is not None
            if injury == "drop":
                owner.remove(element)
            elif injury == "empty":
                element[:] = []
                element.text = ""
            elif injury == "strip":
                for name in list(element.attrib):
                    del element.attrib[name]
            else:
                element.addnext(deepcopy(element))
            try:
                model = read_decisions(etree.tostring(root), name="t.dmn")
            except DecisionRefused:
                refused += 1
            else:
                for identity in model.decisions:
                    assert model.evaluate(identity, {}).decision == identity
        assert 0 < refused < count
