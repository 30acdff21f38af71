"""Requirements, knowledge, services and imports (DMN 1.5, chapter 6 and 10.4)."""

import pytest

from bpmn.dmn import DecisionRefused, UnknownDecision, read_decisions
from tests.bpmn.dmn.drawing import decision, definitions, input_data, literal, read, table

POINTS = table(["迟报"], ["分"], ["> 0 => 1", "> 5 => 2"], policy="COLLECT", aggregation="SUM")


class TestRequiredDecisions:
    """A decision is evaluated after those that it requires, each once."""

    MODEL = read(
        input_data("迟报", "number"),
        decision("扣分", POINTS, inputs=["i_迟报"], type_ref="number"),
        decision("罚款", literal("扣分 * 50"), requires=["d_扣分"], type_ref="number"),
        decision(
            "通知", literal('string(罚款) + "/" + string(扣分)'), requires=["d_罚款", "d_扣分"]
        ),
    )

    def test_the_chain_is_evaluated(self) -> None:
        assert self.MODEL.evaluate("通知", {"迟报": 6}).value == "150/3"

    def test_the_outcome_holds_those_of_required_decisions(self) -> None:
        outcome = self.MODEL.evaluate("罚款", {"迟报": 6})

        (points,) = outcome.required
        assert points.value == 3
        assert [one.index for one in points.matched] == [1, 2]
        assert points.inputs == {"迟报": 6}
        assert outcome.matched == ()
        assert outcome.inputs == {}

    def test_a_missing_input_is_null_and_noted(self) -> None:
        outcome = self.MODEL.evaluate("罚款", {})

        assert outcome.value is None
        assert "dmn-missing-input" in [one.id for one in outcome.warnings]

    def test_decisions_are_found_by_id_and_by_name(self) -> None:
        assert list(self.MODEL.decisions) == ["d_扣分", "d_罚款", "d_通知"]
        assert len(self.MODEL.decisions) == 3
        assert self.MODEL.decisions["d_扣分"] is self.MODEL.decisions["扣分"]
        assert self.MODEL.evaluate("d_扣分", {"迟报": 1}).value == 1

    def test_an_unknown_decision_is_an_error(self) -> None:
        with pytest.raises(UnknownDecision):
            self.MODEL.evaluate("没有", {})
        with pytest.raises(UnknownDecision):
            self.MODEL.evaluate_service("没有", {})
        with pytest.raises(KeyError):
            self.MODEL.decisions["没有"]

    def test_the_model_has_a_name_and_knows_its_inputs(self) -> None:
        assert (self.MODEL.name, self.MODEL.namespace) == ("试验", "urn:test")
        assert [one.name for one in self.MODEL.inputs] == ["迟报"]


class TestScope:
    """A decision sees what it requires, and inputs that the model does not declare."""

    def test_an_input_that_nothing_declares_can_be_read(self) -> None:
        outcome = read(decision("结果", literal("a + 1"))).evaluate("结果", {"a": 1, "b": 2})

        assert outcome.value == 2
        assert outcome.inputs == {"a": 1}

    def test_a_declared_input_that_is_not_required_cannot(self) -> None:
        model = read(input_data("a"), decision("结果", literal("a")))

        assert model.evaluate("结果", {"a": 1}).value is None

    def test_names_that_the_file_does_not_explain_can_be_asked_for(self) -> None:
        model = read(
            input_data("a"),
            decision("甲", literal("a + b + (for i in c return i)[1]"), inputs=["i_a"]),
            decision("乙", literal("甲 + d"), requires=["d_甲"]),
        )

        assert model.free_names("乙") == {"b", "c", "d"}
        assert model.free_names("甲") == {"b", "c"}
        with pytest.raises(UnknownDecision):
            model.free_names("丙")

    def test_an_element_without_id_goes_by_its_name(self) -> None:
        model = read(f'<decision name="无号">{literal("1")}</decision>')

        assert model.evaluate("无号", {}).decision == "无号"


class TestDecisionWithoutLogic:
    """A decision that somebody else takes: its result is given."""

    def test_the_given_result_counts(self) -> None:
        model = read(decision("会议决定", type_ref="string"))

        assert model.evaluate("会议决定", {"会议决定": "免职"}).value == "免职"

    def test_without_one_it_is_null_and_noted(self) -> None:
        outcome = read(decision("会议决定")).evaluate("会议决定", {})

        assert outcome.value is None
        assert [one.id for one in outcome.warnings] == ["dmn-no-logic"]


def knowledge(name: str, parameters: str, logic: str, knows: str = "") -> str:
    formal = "".join(f'<formalParameter name="{one}"/>' for one in parameters.split())
    edge = (
        f'<knowledgeRequirement><requiredKnowledge href="#{knows}"/></knowledgeRequirement>'
        if knows
        else ""
    )
    return (
        f'<businessKnowledgeModel id="b_{name}" name="{name}"><variable name="{name}"/>'
        f"<encapsulatedLogic>{formal}{logic}</encapsulatedLogic>{edge}</businessKnowledgeModel>"
    )


class TestKnowledge:
    """A business knowledge model is a function that decisions and others of its kind call."""

    def test_it_may_call_another(self) -> None:
        model = read(
            knowledge("翻倍", "a", literal("a * 2")),
            knowledge("四倍", "a", literal("翻倍(翻倍(a))"), knows="b_翻倍"),
            decision("结果", literal("四倍(3)"), knows=["b_四倍"]),
        )

        assert model.evaluate("结果", {}).value == 12

    def test_rules_of_its_table_are_noted_under_its_id(self) -> None:
        model = read(
            knowledge("档次", "points", table(["points"], ["x"], ['> 3 => "重"', '<= 3 => "轻"'])),
            decision("结果", literal("档次(5)"), knows=["b_档次"]),
        )
        outcome = model.evaluate("结果", {})

        assert outcome.value == "重"
        assert [(one.decision, one.index) for one in outcome.matched] == [("b_档次", 1)]

    def test_a_parameter_with_a_dot_hides_no_path_where_it_is_bound(self) -> None:
        bound = (
            f'<invocation>{literal("描述")}<binding><parameter name="人.名"/>'
            f"{literal('人.名')}</binding></invocation>"
        )
        model = read(
            input_data("人"),
            knowledge("描述", "人.名", literal('"他是" + 人.名')),
            decision("结果", bound, inputs=["i_人"], knows=["b_描述"]),
        )

        assert model.evaluate("结果", {"人": {"名": "甲"}}).value == "他是甲"

    def test_a_parameter_with_a_sign_in_its_name_is_known_in_a_call(self) -> None:
        model = read(
            knowledge("描述", "a-b", literal("a-b + 1")),
            decision("结果", literal("描述(a-b: 2)"), knows=["b_描述"]),
        )

        assert model.evaluate("结果", {}).value == 3

    def test_a_type_of_its_variable_is_that_of_its_result(self) -> None:
        typed = knowledge("描述", "a", literal("a")).replace(
            '<variable name="描述"/>', '<variable name="描述" typeRef="number"/>'
        )
        model = read(typed, decision("结果", literal('描述("x")'), knows=["b_描述"]))

        assert model.evaluate("结果", {}).value is None

    def test_it_may_be_called_from_outside(self) -> None:
        logic = table(["points"], ["x"], ['> 3 => "重"', '<= 3 => "轻"'])
        model = read(knowledge("档次", "points", logic), knowledge("双", "a", literal("a * 2")))
        outcome = model.call("档次", {"points": 5})

        assert outcome.value == "重"
        assert [one.index for one in outcome.matched] == [1]
        assert model.call("b_双", {"a": 4}).value == 8
        assert model.call("b_双", {}).value is None
        with pytest.raises(UnknownDecision):
            model.call("没有", {})

    def test_one_without_logic_is_null(self) -> None:
        model = read(
            '<businessKnowledgeModel id="b" name="空"/>',
            decision("结果", literal("空 = null"), knows=["b"]),
        )

        assert model.evaluate("结果", {}).value is True
        assert model.call("空", {}).value is None


def service(name: str, outputs: list[str], data: list[str], decisions: list[str]) -> str:
    parts = [f'<outputDecision href="#{one}"/>' for one in outputs]
    parts += [f'<inputDecision href="#{one}"/>' for one in decisions]
    parts += [f'<inputData href="#{one}"/>' for one in data]
    return f'<decisionService id="s_{name}" name="{name}">{"".join(parts)}</decisionService>'


class TestServices:
    """A decision service: its inputs are given, its output decisions are the result (10.4)."""

    PARTS = (
        input_data("迟报", "number"),
        decision("扣分", POINTS, inputs=["i_迟报"]),
        decision("罚款", literal("扣分 * 50"), requires=["d_扣分"]),
        decision("档", literal('if 扣分 > 2 then "重" else "轻"'), requires=["d_扣分"]),
        service("计罚", ["d_罚款"], ["i_迟报"], []),
        service("按分计罚", ["d_罚款", "d_档"], [], ["d_扣分"]),
    )

    def test_one_output_gives_its_value(self) -> None:
        assert read(*self.PARTS).evaluate_service("计罚", {"迟报": 6}).value == 150

    def test_several_outputs_give_a_context(self) -> None:
        outcome = read(*self.PARTS).evaluate_service("s_按分计罚", {"扣分": 4})

        assert outcome.value == {"罚款": 200, "档": "重"}
        assert len(outcome.required) == 2

    def test_the_result_conforms_to_the_services_type(self) -> None:
        kind = (
            '<itemDefinition name="tText"><functionItem outputTypeRef="string"/></itemDefinition>'
        )
        typed = service("计罚", ["d_罚款"], ["i_迟报"], []).replace(
            'name="计罚">', 'name="计罚"><variable name="计罚" typeRef="tText"/>'
        )
        outcome = read(kind, *self.PARTS[:3], typed).evaluate_service("计罚", {"迟报": 6})

        assert outcome.value is None
        assert "dmn-type" in [one.id for one in outcome.warnings]

    def test_rules_that_matched_inside_are_noted(self) -> None:
        outcome = read(*self.PARTS).evaluate_service("计罚", {"迟报": 6})

        assert outcome.required[0].required[0].matched[0].decision == "d_扣分"

    def test_a_decision_may_call_it_like_a_function(self) -> None:
        model = read(
            *self.PARTS,
            decision(
                "试算", literal("计罚(迟报: 1) + 按分计罚(3).罚款"), knows=["s_计罚", "s_按分计罚"]
            ),
        )

        assert model.evaluate("试算", {}).value == 200

    def test_an_argument_of_another_type_makes_the_result_null(self) -> None:
        model = read(*self.PARTS, decision("试算", literal('计罚("x")'), knows=["s_计罚"]))

        assert model.evaluate("试算", {}).value is None


class TestImports:
    """What another file defines is named with the import's name in front (6.3.3)."""

    OTHER = definitions(
        '<itemDefinition name="tLevel"><typeRef>string</typeRef>'
        f"{literal(chr(34) + '轻' + chr(34), tag='allowedValues')}</itemDefinition>",
        input_data("points", "number"),
        decision("档 次", literal('if points > 3 then "重" else "轻"'), inputs=["i_points"]),
        knowledge("翻倍", "a", literal("a * 2")),
        namespace="urn:other",
    )
    IMPORT = '<import name="旁" namespace="urn:other" importType="https://www.omg.org/spec/DMN/20230324/MODEL/"/>'

    def test_decisions_inputs_and_functions_are_read(self) -> None:
        model = read(
            self.IMPORT,
            decision(
                "结果",
                literal("旁.档 次 + string(旁.翻倍(旁.points))"),
                requires=["urn:other#d_档 次"],
                inputs=["urn:other#i_points"],
                knows=["urn:other#b_翻倍"],
            ),
            imports={"other.dmn": self.OTHER},
        )

        assert model.evaluate("结果", {"points": 4}).value == "重8"
        assert model.evaluate("结果", {"{urn:other}points": 1, "points": 9}).value == "轻2"

    def test_types_are_named_likewise(self) -> None:
        model = read(
            self.IMPORT,
            input_data("x", "旁.tLevel"),
            decision("结果", literal("x instance of 旁.tLevel"), inputs=["i_x"]),
            imports={"other.dmn": self.OTHER},
        )

        assert model.evaluate("结果", {"x": "轻"}).value is True
        assert model.evaluate("结果", {"x": "中"}).value is False

    def test_an_import_without_a_name_brings_everything_in_bare(self) -> None:
        model = read(
            self.IMPORT.replace('name="旁"', 'name=""'),
            decision("结果", literal("翻倍(2)"), knows=["urn:other#b_翻倍"]),
            imports={"other.dmn": self.OTHER},
        )

        assert model.evaluate("结果", {}).value == 4

    def test_of_two_files_with_one_namespace_the_location_tells(self) -> None:
        first, second = (
            definitions(decision("甲", literal(str(number))), namespace="urn:other")
            for number in (1, 2)
        )
        located = self.IMPORT.replace("<import", '<import locationURI="02/a.dmn"')
        model = read(
            located,
            decision("结果", literal("旁.甲"), requires=["urn:other#d_甲"]),
            imports={"01/a.dmn": first, "02/a.dmn": second},
        )

        assert model.evaluate("结果", {}).value == 2

    def test_a_file_that_was_not_given_is_refused(self) -> None:
        with pytest.raises(DecisionRefused) as refused:
            read(self.IMPORT)

        assert [one.rule for one in refused.value.findings] == ["dmn-import-missing"]

    def test_an_element_of_a_file_that_is_not_imported_is_refused(self) -> None:
        with pytest.raises(DecisionRefused) as refused:
            read(
                decision("结果", literal("1"), knows=["urn:other#b_翻倍"]),
                imports={"other.dmn": self.OTHER},
            )

        assert [one.rule for one in refused.value.findings] == ["dmn-unresolved-reference"]


class TestUnsoundGraphs:
    """What is unresolved or circular refuses the file."""

    def test_a_requirement_of_nothing(self) -> None:
        with pytest.raises(DecisionRefused) as refused:
            read(decision("结果", literal("1"), requires=["d_没有"]))

        (finding,) = refused.value.findings
        assert (finding.rule, finding.element) == ("dmn-unresolved-reference", "d_结果")

    def test_a_requirement_of_the_wrong_kind(self) -> None:
        with pytest.raises(DecisionRefused):
            read(input_data("x"), decision("结果", literal("1"), knows=["i_x"]))

    def test_decisions_that_need_each_other(self) -> None:
        with pytest.raises(DecisionRefused) as refused:
            read(
                decision("甲", literal("乙"), requires=["d_乙"]),
                decision("乙", literal("丙"), requires=["d_丙"]),
                decision("丙", literal("甲"), requires=["d_甲"]),
            )

        assert [one.rule for one in refused.value.findings] == ["dmn-circular"]

    def test_knowledge_that_needs_each_other(self) -> None:
        with pytest.raises(DecisionRefused):
            read(
                knowledge("甲", "", literal("1"), knows="b_乙"),
                knowledge("乙", "", literal("1"), knows="b_甲"),
            )

    def test_a_long_chain_is_evaluated_without_recursion(self) -> None:
        parts = [decision("n0", literal("1"))]
        parts += [
            decision(f"n{one}", literal(f"n{one - 1} + 1"), requires=[f"d_n{one - 1}"])
            for one in range(1, 600)
        ]

        assert read(*parts).evaluate("n599", {}).value == 600


class TestVersions:
    """DMN 1.1 to 1.5 (their namespaces)."""

    @pytest.mark.parametrize(
        "version",
        [
            "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
            "http://www.omg.org/spec/DMN/20151101/dmn11.xsd",
            "http://www.omg.org/spec/DMN/20180521/MODEL/",
            "https://www.omg.org/spec/DMN/20191111/MODEL/",
            "https://www.omg.org/spec/DMN/20211108/MODEL/",
            "https://www.omg.org/spec/DMN/20230324/MODEL/",
        ],
    )
    def test_each_is_read(self, version: str) -> None:
        content = definitions(decision("结果", POINTS, type_ref="feel:number"), version=version)
        model = read_decisions(content, name="t.dmn")

        assert model.evaluate("结果", {"迟报": 1}).value == 1

    def test_the_same_bytes_give_the_same_model(self) -> None:
        content = definitions(decision("结果", POINTS))

        assert read_decisions(content, name="t.dmn") is read_decisions(content, name="t.dmn")
