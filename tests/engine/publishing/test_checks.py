"""流程文件夹不合格的，逐处指明文件、位置和改法；合格的才能发布。"""

from __future__ import annotations

from dataclasses import replace

import orjson
import pytest

from bpmn import Finding, Severity
from engine.publishing.checks import check_folder
from engine.publishing.checks.documents import sample_variables
from engine.publishing.folders import Folder
from engine.publishing.manifests import digest_of_manifest, manifest_of
from engine.store.versions import VersionFiles
from engine.workflow import load_version
from tests.engine.publishing.small import (
    DIAGRAM,
    LAST,
    OPEN,
    RULES,
    SCENARIO,
    STEP,
    changed,
    small,
    with_file,
)

TABLE = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="http://w">
  <decision id="DT" name="定级">
    <variable name="DT" typeRef="string"/>
    <decisionTable id="t" hitPolicy="UNIQUE">
      <input id="i"><inputExpression typeRef="boolean"><text>grave</text></inputExpression></input>
      <output id="o" name="tier" typeRef="string"/>
      <rule id="r1"><inputEntry><text>true</text></inputEntry><outputEntry><text>"T2"</text></outputEntry></rule>
      RULE
    </decisionTable>
  </decision>
</definitions>
"""  # noqa: E501 -- XML
SECOND = (
    '<rule id="r2"><inputEntry><text>{}</text></inputEntry>'
    '<outputEntry><text>"T1"</text></outputEntry></rule>'
)
DOCUMENT = """documents:
  letter:
    title: 函
    template: documents/letter.typ
    required: [finding, seen]
    data: {finding: "=finding", seen: "=seen", case_number: "=case.number", reasons: "=reasons"}
outcomes:"""
LETTER = """#let d = json("data.json")
#d.finding #d.seen.join("、") #d.case_number
#if d.reasons != none [#d.reasons]
"""


def _errors(folder: Folder) -> list[Finding]:
    report = check_folder(folder)
    assert report.passed == (not report.errors and all(one.passed for one in report.scenarios))
    return list(report.errors)


def _said(folder: Folder) -> list[tuple[str, str, str]]:
    return [(one.rule, one.file, one.element) for one in _errors(folder)]


class TestASoundFolder:
    """规则、表单、流程图、决策表、文书、场景都合格。"""

    def test_passes_and_says_of_which_manifest(self) -> None:
        folder = small()
        report = check_folder(folder)

        assert report.passed
        assert report.digest == digest_of_manifest(manifest_of(folder))
        assert [one.id for one in report.scenarios] == ["SC"]

    def test_its_report_is_json_for_the_version(self) -> None:
        report = check_folder(small()).as_json()

        assert orjson.loads(orjson.dumps(report))["passed"] is True
        assert set(report) == {"digest", "passed", "findings", "tables", "scenarios"}

    def test_each_scenario_is_told_when_it_is_done(self) -> None:
        told: list[str] = []
        check_folder(small(), report=lambda one: told.append(one.id))

        assert told == ["SC"]

    def test_another_value_is_another_manifest(self) -> None:
        folder = small()

        assert check_folder(folder, parameters={"a": 1}).digest != check_folder(folder).digest


class TestWhatRefusesAFolder:
    """任何一处错误都不能发布。"""

    @pytest.mark.parametrize(
        ("path", "old", "new", "rule", "element"),
        [
            (RULES, "kind: procedure", "kind: play", "procedure-schema", "kind"),
            (RULES, "id: loop", "id: other", "procedure-rules", "id"),
            (RULES, "办理: clerk", "办理: nobody", "procedure-rules", "lanes.办理"),
            (STEP, '"components": [', '"components": {', "form", ""),
            (STEP, '"type": "number"', '"type": "iframe"', "form", "people"),
            (STEP, '"key": "people"', '"key": "again"', "form", "again"),
            (STEP, "=severity !=", "=severity !!=", "form", "reasons"),
            (DIAGRAM, 'formRef="step"', 'formRef="stop"', "task-without-form", "ut_step"),
            (DIAGRAM, 'value="DL-LP-1"', 'value="DL-LP-9"', "deadline-unknown", "ut_step"),
            (DIAGRAM, 'name="办理">', 'name="不明">', "lane-without-role", "lane_clerk"),
            (DIAGRAM, 'default="f4"', "", "gateway-without-default", "f4"),
        ],
    )
    def test_is_told_with_its_file_and_place(
        self, path: str, old: str, new: str, rule: str, element: str
    ) -> None:
        said = _said(changed(small(), path, old, new))

        assert (rule, path, element) in said

    def test_a_flaw_of_the_rules_is_told_with_its_line(self) -> None:
        (flaw,) = _errors(changed(small(), RULES, "办理: clerk", "办理: nobody"))

        lines = small().files[RULES].decode().splitlines()
        assert lines[flaw.line - 1] == "lanes: {办理: clerk}"

    def test_a_diagram_that_cannot_be_read(self) -> None:
        folder = with_file(small(), DIAGRAM, "<!DOCTYPE x []><x/>")

        assert {one.file for one in _errors(folder)} == {DIAGRAM}

    def test_a_folder_without_scenarios(self) -> None:
        assert _said(replace(small(), scenarios={})) == [("scenario-missing", "loop/scenarios", "")]

    def test_a_scenario_that_fails(self) -> None:
        report = check_folder(small(OPEN, LAST, "- {then: {case: {closed: false}}}"))

        assert (report.errors, report.passed) == ((), False)
        assert report.scenarios[0].failures[0].place == "3"

    def test_a_scenario_that_cannot_be_read(self) -> None:
        report = check_folder(small("- {dance: 甲}"))

        assert not report.passed
        assert report.scenarios[0].failures[0].file == SCENARIO

    def test_a_version_that_cannot_be_loaded(self) -> None:
        """两个流程文件中有同名流程。"""
        folder = small()
        folder = with_file(folder, "loop/again.bpmn", folder.files[DIAGRAM].decode())

        assert "duplicate-id" in {one.rule for one in _errors(folder)}


class TestTables:
    """决策表有未声明的空缺或与命中策略相抵触的重叠，不能发布。"""

    def _with(self, rule: str) -> Folder:
        return with_file(small(), "loop/grading.dmn", TABLE.replace("RULE", rule))

    def test_a_complete_table_passes(self) -> None:
        report = check_folder(self._with(SECOND.format("false")))

        assert report.passed
        (table,) = report.tables
        assert (table.decision, table.rules, table.gaps, table.overlaps) == ("DT", 2, 0, 0)
        assert table.is_certain

    def test_a_gap_is_told_with_an_example(self) -> None:
        (gap,) = _errors(self._with(""))

        assert (gap.rule, gap.element) == ("table-gap", "DT")
        assert "grave = false" in gap.en

    def test_a_gap_that_is_declared_with_its_reason_passes(self) -> None:
        declared = "gaps: [{table: DT, reason: 不严重的不定级, proposed: true}]\noutcomes:"
        folder = changed(self._with(""), RULES, "outcomes:", declared)

        report = check_folder(folder)
        assert [one.rule for one in report.errors] == []
        assert report.tables[0].declared

    def test_an_overlap_is_told_with_both_rules(self) -> None:
        (overlap,) = _errors(self._with(SECOND.format("-")))

        assert overlap.rule == "table-overlap"
        assert overlap.en.startswith("Rules 1 and 2")

    def test_a_table_that_cannot_be_read(self) -> None:
        errors = _errors(with_file(small(), "loop/grading.dmn", "<x/>"))

        assert {one.file for one in errors} == {"loop/grading.dmn"}


class TestDocuments:
    """文书模板须能用必填项排版，也能用全部内容排版。"""

    def _with(self, letter: str = LETTER, document: str = DOCUMENT) -> Folder:
        folder = changed(small(), RULES, "outcomes:", document)
        return with_file(folder, "loop/documents/letter.typ", letter)

    def test_a_template_that_compiles_passes(self) -> None:
        assert _errors(self._with()) == []

    def test_a_template_that_needs_more_than_is_required(self) -> None:
        (error,) = _errors(
            self._with(LETTER.replace("#if d.reasons != none [#d.reasons]", "#d.reasons.len()"))
        )

        assert (error.rule, error.element) == ("document", "documents.letter")
        assert "only what is required" in error.en

    def test_a_template_that_is_not_there(self) -> None:
        folder = changed(small(), RULES, "outcomes:", DOCUMENT)

        assert "documents/letter.typ" in _errors(folder)[0].en

    def test_a_required_field_that_no_data_give(self) -> None:
        folder = self._with(
            document=DOCUMENT.replace("[finding, seen]", "[finding, seen, grounds]")
        )

        assert "grounds is not among its data" in _errors(folder)[0].en

    def test_data_that_are_no_feel(self) -> None:
        folder = self._with(document=DOCUMENT.replace('"=reasons"', '"=reasons +"'))

        assert _errors(folder)[0].element == "documents.letter.data.reasons"

    def test_an_import_that_is_not_part_of_the_version(self) -> None:
        folder = self._with('#import "../../shared/layout/gb9704.typ": official\n' + LETTER)

        (error, *_) = _errors(folder)
        assert error.rule == "file-missing"
        assert "Name layout under uses" in error.en

    def test_an_editable_template_is_filled_too(self) -> None:
        document = DOCUMENT.replace("required:", "docx: documents/letter.docx\n    required:")
        folder = with_file(self._with(document=document), "loop/documents/letter.docx", "no zip")

        assert "docx" in _errors(folder)[0].en


class TestASharedFolder:
    """公共子流程单独检查：由调用它的流程提供的，不在此处要求。"""

    def test_needs_no_scenarios_and_no_deadlines_of_its_own(self) -> None:
        folder = changed(small(), RULES, "kind: procedure", "kind: shared")
        folder = changed(folder, DIAGRAM, 'value="DL-LP-1"', 'value="DL-LP-9"')
        report = check_folder(replace(folder, scenarios={}))

        assert report.passed
        assert report.scenarios == ()

    def test_is_held_to_its_forms(self) -> None:
        folder = changed(small(), RULES, "kind: procedure", "kind: shared")
        folder = changed(folder, DIAGRAM, 'formRef="step"', 'formRef="stop"')

        assert _said(replace(folder, scenarios={})) == [("task-without-form", DIAGRAM, "ut_step")]

    def test_warnings_do_not_refuse(self) -> None:
        report = check_folder(small())

        assert all(one.severity is Severity.WARNING for one in report.findings)


class TestSamples:
    """试排文书用的示例值，取自全部表单：各就其位，各合其型。"""

    def test_follow_the_forms(self) -> None:
        source = VersionFiles("loop", 1, manifest_of(small()), _with_groups().files)
        sample = sample_variables(load_version("v", source))

        assert sample["severity"] == "minor"
        assert sample["seen"] == ["records", "exhibits"]
        assert (sample["again"], sample["people"]) == (True, 1)
        assert sample["plan"] == {
            "on": "2026-01-05",
            "rows": [{"who": "示例", "of": {"at": "示例"}}],
        }
        assert sample["case"]["number"] == "示例"


GROUPS = """{"type": "group", "path": "plan", "components": [
  {"type": "datetime", "key": "on"},
  {"type": "dynamiclist", "path": "rows", "components": [
    {"type": "textfield", "key": "who"},
    {"type": "group", "path": "of", "components": [{"type": "textfield", "key": "at"}]}]}]},"""


def _with_groups() -> Folder:
    return changed(small(), STEP, '"components": [', f'"components": [{GROUPS}')
