"""Where drafts begin: nothing, another procedure, a diagram, a few questions."""

from __future__ import annotations

from pathlib import Path

import pytest

import bpmn
from bpmn import Severity
from engine.publishing.checks import check_folder, look_over
from engine.publishing.drawing import (
    copied,
    element_templates,
    empty_folder,
    from_diagram,
    own_files,
    title_in,
    zipped,
)
from engine.publishing.drawing.coverage import Coverage, passed_in
from engine.publishing.drawing.wizard import QUESTIONS, usual_procedure
from engine.publishing.folders import FolderRefused, assembled, read_folder, read_zip
from engine.workflow.versions import rules_in
from tests.office import PROCESSES

SHARED = Path(PROCESSES) / "shared"
SMALL = "supervision-copy-transfer"


class TestFromNothing:
    """Only the registration is drawn; what is wrong is that nothing follows it."""

    def test_its_rules_and_forms_are_sound(self) -> None:
        files = empty_folder("city-head", '市长“问责” <&"')
        rules = {one.rule for one in look_over(assembled("city-head", files, SHARED))}
        assert rules <= {"dead-end", "missing-end", "incomplete-task"}
        assert title_in(files, "") == '市长“问责” <&"'

    def test_the_title_falls_back_where_the_rules_do_not_say(self) -> None:
        for text in (b"", b"[", b"title: 1", b"id: x", b"\xff"):
            assert title_in({"procedure.yaml": text}, "x") == "x"

    def test_without_rules_it_is_no_folder(self) -> None:
        with pytest.raises(FolderRefused):
            assembled("x", {}, SHARED)


class TestFromAnother:
    """A copy is the same procedure under another id."""

    def test_every_shipped_one_can_be_copied_without_an_error(self) -> None:
        folder = read_folder(Path(PROCESSES) / SMALL)
        files = copied(own_files(folder), SMALL, "my-copy")
        found = look_over(assembled("my-copy", files, SHARED))
        assert [one.zh for one in found if one.severity is Severity.ERROR] == []
        assert "my-copy.bpmn" in files

    def test_ids_that_only_contain_it_stay(self) -> None:
        files = {"a.md": b"copy copy-two my-copy (copy)", "copy.docx": b"copy"}
        assert copied(files, "copy", "new") == {
            "a.md": b"new copy-two my-copy (new)",
            "new.docx": b"copy",
        }

    def test_an_exported_folder_is_the_one_that_was_packed(self) -> None:
        folder = read_folder(Path(PROCESSES) / SMALL)
        packed = zipped(SMALL, own_files(folder))
        assert packed == zipped(SMALL, own_files(folder))
        assert read_zip(packed, SHARED) == folder


class TestFromADiagram:
    """The first process that is meant to run gets the procedure's id."""

    def test_it_stands_in_a_folder_of_its_own(self) -> None:
        content = (Path(PROCESSES) / SMALL / f"{SMALL}.bpmn").read_bytes()
        files = from_diagram("drawn-elsewhere", "别处所画", content)
        diagram = bpmn.read_diagram(files["drawn-elsewhere.bpmn"], name="x")
        assert [str(one) for one in diagram.processes] == ["drawn-elsewhere"]

    def test_without_a_process_it_is_refused(self) -> None:
        text = (
            '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
            'id="d" targetNamespace="x" />'
        )
        with pytest.raises(FolderRefused):
            from_diagram("x", "x", text.encode())


class TestTheUsualShape:
    """A few questions give an ordinary folder that passes its checks, scenarios included."""

    @pytest.mark.parametrize("answers", [(True,) * 4, (False,) * 4], ids=["all", "none"])
    def test_it_passes_and_its_scenarios_take_every_flow(self, answers: tuple[bool, ...]) -> None:
        files = usual_procedure("city-head", "市长问责", dict(zip(QUESTIONS, answers, strict=True)))
        coverage = Coverage()
        report = check_folder(assembled("city-head", files, SHARED), watch=coverage.note)
        assert report.findings == ()
        assert report.passed
        diagram = bpmn.read_diagram(files["city-head.bpmn"], name="x")
        assert passed_in(diagram, coverage.as_json()).never == ()

    @pytest.mark.parametrize(("given", "kept"), [(30, 30), (0, 15), (1000, 15)])
    def test_the_days_of_the_investigation_are_as_asked_within_bounds(
        self, given: int, kept: int
    ) -> None:
        rules = rules_in(usual_procedure("city-head", "x", {}, given)["procedure.yaml"])
        (investigation,) = rules.deadlines.values()
        assert (str(investigation.key), investigation.period.value) == ("DL-CH-1", kept)

    def test_stages_are_those_that_were_asked_for(self) -> None:
        for answers in ((True, False, False, True), (False, True, True, False)):
            chosen = dict(zip(QUESTIONS, answers, strict=True))
            rules = rules_in(usual_procedure("city-head", "x", chosen)["procedure.yaml"])
            assert len(rules.stages) == 3 + 2


class TestCoverage:
    """Flows are told apart by whether a scenario took them."""

    def test_what_nothing_took_is_named(self) -> None:
        files = usual_procedure("city-head", "x", {"verification": True})
        diagram = bpmn.read_diagram(files["city-head.bpmn"], name="x")
        ways = passed_in(diagram, {"city-head": ["f_start_case__ut_verification", "gone"]})
        assert ways.taken == ("f_start_case__ut_verification",)
        assert "f_gw_established__end_not_established" in ways.never


class TestTemplates:
    """The modeller offers the procedure's own parts, in the reader's language."""

    def test_a_deadline_is_bound_by_its_key_and_never_by_days(self) -> None:
        files = usual_procedure("city-head", "x", {})
        found = {one["id"]: one for one in element_templates(files)}
        one = found["wenze.task.DL-CH-1"]
        bound = {each["binding"]["name"]: each["value"] for each in one["properties"]}
        assert bound["deadline"] == "DL-CH-1"
        assert bound["fact"] == "investigation_reported"
        assert "15" not in str(one["properties"])

    def test_roles_forms_papers_tables_and_calls_are_offered(self) -> None:
        folder = read_folder(Path(PROCESSES) / "reappointment-approval")
        called = rules_in((SHARED / "clue-intake" / "procedure.yaml").read_bytes())
        shared = {"clue-intake": called}
        found = {
            one["id"]: one
            for one in element_templates(own_files(folder), shared=shared, language="en")
        }
        assert found["wenze.task"]["name"] == "Task"
        assert "wenze.table.DT-RE-1" in found
        assert found["wenze.call.clue-intake"]["elementType"] == {"value": "bpmn:CallActivity"}
        assert any(key.startswith("wenze.issue.") for key in found)

    def test_broken_rules_and_tables_offer_nothing_of_theirs(self) -> None:
        assert element_templates({"procedure.yaml": b"["}) == []
        assert element_templates({}) == []
        files = {**usual_procedure("city-head", "x", {}), "a.dmn": b"<broken"}
        assert not any("table" in one["id"] for one in element_templates(files))
