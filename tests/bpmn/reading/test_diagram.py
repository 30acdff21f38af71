"""A diagram is read as it was drawn; its bytes stay as they are."""

from hashlib import sha256
from pathlib import Path

import pytest

from bpmn.findings import DiagramRefused
from bpmn.reading import Diagram, Node, Process, read_diagram

FILE = Path(__file__).parent / "case.bpmn"
MIWG = Path(__file__).parents[4] / "shared" / "data" / "bpmn-miwg"


@pytest.fixture(scope="module")
def diagram() -> Diagram:
    return read_diagram(FILE.read_bytes(), name="case.bpmn")


@pytest.fixture(scope="module")
def process(diagram: Diagram) -> Process:
    return diagram.processes["procedure"]


class TestTheFile:
    """The original is kept byte for byte, with its digest."""

    def test_the_bytes_are_those_that_were_given(self, diagram: Diagram) -> None:
        assert diagram.content == FILE.read_bytes()
        assert diagram.digest == sha256(FILE.read_bytes()).hexdigest()

    def test_what_is_declared_is_known_by_id(self, diagram: Diagram) -> None:
        assert diagram.messages["Message_Clue"].name == "clue_arrived"
        assert diagram.signals["Signal_Stop"].name == "stop"
        assert diagram.errors["Error_Lost"].code == "LOST"
        assert diagram.escalations["Escalation_Late"].code == "LATE"

    def test_pools_and_message_flows_are_read_without_their_prefix(self, diagram: Diagram) -> None:
        whole = diagram.collaboration

        assert whole is not None
        assert [(p.name, p.process) for p in whole.participants] == [
            ("机关", "procedure"),
            ("当事人", ""),
        ]
        assert [(f.source, f.target) for f in whole.message_flows] == [("investigate", "subject")]

    def test_a_file_without_pools_has_no_collaboration(self) -> None:
        content = FILE.read_bytes()
        begin, end = content.index(b"<collaboration"), content.index(b"<process")

        assert read_diagram(content[:begin] + content[end:], name="x").collaboration is None


class TestTheProcess:
    """A process knows its nodes and flows in document order, over all its scopes."""

    def test_nodes_stand_in_document_order_with_line_scope_and_kind(self, process: Process) -> None:
        shown = [(n.id, n.type, n.scope, n.line) for n in process.nodes.values()]

        assert shown[:4] == [
            ("start", "startEvent", "procedure", 33),
            ("investigate", "subProcess", "procedure", 34),
            ("begin", "startEvent", "investigate", 35),
            ("interview", "userTask", "investigate", 36),
        ]
        assert len(shown) == 14

    def test_scopes_hold_their_own_nodes(self, process: Process) -> None:
        assert process.scopes() == ("procedure", "investigate", "obstructed")
        assert [n.id for n in process.children("investigate")] == [
            "begin",
            "interview",
            "done",
            "late",
        ]

    def test_documentation_marks_and_properties_are_read(self, process: Process) -> None:
        assert process.is_executable is True
        assert process.documentation == "第一条\n第二条"
        assert dict(process.properties) == {"stage": "intake"}
        assert dict(process.camunda) == {"versionTag": "1"}
        assert process.extensions == ("executionListener",)

    def test_a_flow_knows_its_condition_its_language_and_whether_it_is_the_default(
        self, process: Process
    ) -> None:
        again, call = process.flows["f_again"], process.flows["f_call"]

        assert (again.condition, again.is_default) == ("score < 60", False)
        assert again.language == "https://www.omg.org/spec/DMN/20191111/FEEL/"
        assert (call.condition, call.is_default, call.scope) == (None, True, "procedure")

    def test_data_objects_are_known(self, process: Process) -> None:
        assert [(d.id, d.type, d.name) for d in process.data.values()] == [
            ("file", "dataObject", ""),
            ("file_shown", "dataObjectReference", "案卷"),
        ]

    @pytest.mark.parametrize(("mark", "means"), [(b"", None), (b' isExecutable="0"', False)])
    def test_an_absent_mark_is_told_from_a_negative_one(self, mark: bytes, means: object) -> None:
        content = FILE.read_bytes().replace(b' isExecutable="true"', mark)

        assert read_diagram(content, name="x").processes["procedure"].is_executable is means


class TestLanes:
    """A node is in the innermost lane that has a name, its own or that of what holds it."""

    @pytest.mark.parametrize(
        ("node", "lane"),
        [("investigate", "调查组"), ("grave", "机关"), ("interview", "调查组"), ("late", "调查组")],
    )
    def test_the_innermost_named_lane_counts(self, diagram: Diagram, node: str, lane: str) -> None:
        assert diagram.lanes[node] == lane

    def test_a_node_outside_every_lane_has_none(self, diagram: Diagram, process: Process) -> None:
        assert "appeal" not in diagram.lanes
        assert process.nodes["appeal"].lane == ""

    def test_a_lane_lists_its_own_members(self, process: Process) -> None:
        assert [(lane.id, lane.members) for lane in process.lanes] == [
            ("lane_organ", ("investigate", "grave")),
            ("lane_team", ("investigate",)),
            ("lane_unnamed", ("grave",)),
        ]


class TestANode:
    """A node carries what BPMN and the extensions say about it."""

    @pytest.fixture
    def interview(self, process: Process) -> Node:
        return process.nodes["interview"]

    def test_it_knows_its_flows_and_boundary_events(
        self, process: Process, interview: Node
    ) -> None:
        assert (interview.incoming, interview.outgoing) == (("f_interview",), ("f_done",))
        assert [b.id for b in process.boundary_events("interview")] == ["late"]

    def test_comments_in_texts_are_passed_over(self, interview: Node) -> None:
        assert interview.documentation == "谈话须两人。"

    def test_camunda_attributes_and_properties_are_plain_names(self, interview: Node) -> None:
        assert dict(interview.camunda) == {
            "candidateGroups": "investigator",
            "formRef": "interview",
        }
        assert dict(interview.properties) == {"article": "S0篇1§8", "note": ""}
        assert interview.attributes["name"] == "谈话"
        assert interview.extensions == ("formData",)

    def test_parameters_are_texts_lists_maps_or_scripts(self, interview: Node) -> None:
        who, both = interview.input_parameters
        found, ran = interview.output_parameters

        assert (who.name, who.kind, who.text) == ("who", "text", "${subject}")
        assert (both.kind, both.children) == ("list", (("", "甲"), ("", "乙")))
        assert (found.kind, found.children) == ("map", (("a", "1"),))
        assert (ran.kind, ran.text) == ("script", "")

    def test_a_boundary_event_knows_its_host_and_a_shared_definition(
        self, process: Process
    ) -> None:
        late = process.nodes["late"]

        assert (late.attached_to, late.cancel_activity) == ("interview", False)
        assert [(d.timer, d.text) for d in late.event_definitions] == [("timeDuration", "P15D")]

    def test_event_definitions_name_what_they_refer_to(self, process: Process) -> None:
        (clue,) = process.nodes["start"].event_definitions
        (blocked,) = process.nodes["obstruction"].event_definitions
        (lost,) = process.nodes["end"].event_definitions

        assert (clue.kind, clue.ref) == ("message", "Message_Clue")
        assert (blocked.kind, blocked.text) == ("conditional", "blocked")
        assert (lost.kind, lost.ref, dict(lost.camunda)) == (
            "error",
            "Error_Lost",
            {"errorCodeVariable": "code"},
        )

    def test_a_call_activity_knows_what_goes_in_and_out(self, process: Process) -> None:
        appeal = process.nodes["appeal"]

        assert appeal.called_element == "appeal-review"
        assert [(m.source, m.target, m.business_key, m.local) for m in appeal.ins] == [
            ("case", "case", "", True),
            ("", "", "=case.id", False),
        ]
        assert [(m.variables, m.expression, m.target) for m in appeal.outs] == [
            ("all", "", ""),
            ("", "= a + 1", "b"),
        ]

    def test_loops_are_told_apart(self, process: Process) -> None:
        several = process.nodes["interview"].loop
        parallel = process.nodes["appeal"].loop
        standard = process.nodes["ask_again"].loop

        assert several is not None
        assert parallel is not None
        assert standard is not None
        assert (several.kind, several.collection, several.element_variable, several.completion) == (
            "sequential",
            "people",
            "person",
            "nrOfCompletedInstances = 2",
        )
        assert (parallel.kind, parallel.cardinality, parallel.collection) == (
            "parallel",
            "3",
            "file",
        )
        assert parallel.element_variable == "item"
        assert (standard.kind, standard.test_before, standard.maximum, standard.condition) == (
            "standard",
            True,
            5,
            "more",
        )

    def test_event_sub_processes_and_compensation_are_known(self, process: Process) -> None:
        assert process.nodes["obstructed"].is_event_subprocess
        assert not process.nodes["investigate"].is_event_subprocess
        assert process.nodes["undo"].is_compensation
        assert process.nodes["grave"].default == "f_call"


class TestWhatIsNoBpmn:
    """What is not BPMN 2.0 is refused with element and line."""

    def test_another_root_is_refused(self) -> None:
        with pytest.raises(DiagramRefused) as caught:
            read_diagram(b'<svg id="picture"/>', name="picture.bpmn")

        (finding,) = caught.value.findings
        assert (finding.rule, finding.element, finding.line) == ("not-bpmn", "picture", 1)

    def test_a_root_without_an_id_is_told_by_its_line(self) -> None:
        with pytest.raises(DiagramRefused) as caught:
            read_diagram(b"<svg/>", name="picture.bpmn")

        (finding,) = caught.value.findings
        assert (finding.element, finding.line) == ("", 1)

    def test_what_the_schema_does_not_allow_is_refused_where_it_stands(self) -> None:
        content = FILE.read_bytes().replace(b'loopMaximum="5"', b'loopMaximum="many"')

        with pytest.raises(DiagramRefused) as caught:
            read_diagram(content, name="x")

        finding = caught.value.findings[0]
        assert (finding.rule, finding.element, finding.line) == ("bpmn-schema", "ask_again", 75)
        assert "loopMaximum" in finding.en

    def test_a_prefix_that_only_the_faulty_part_declares_costs_the_id_and_not_the_line(
        self,
    ) -> None:
        content = FILE.read_bytes().replace(
            b'<task id="undo" isForCompensation="true" />',
            b'<b:task xmlns:b="http://www.omg.org/spec/BPMN/20100524/MODEL" id="undo" wrong="1" />',
        )

        with pytest.raises(DiagramRefused) as caught:
            read_diagram(content, name="x")

        (finding,) = caught.value.findings
        assert (finding.rule, finding.line) == ("bpmn-schema", 82)
        assert "wrong" in finding.en

    @pytest.mark.parametrize(
        ("identity", "around", "line"),
        [("procedure", "", 14), ("undo", "procedure", 82), ("f_call", "procedure", 89)],
    )
    def test_what_has_no_id_is_refused_though_the_schema_asks_for_none(
        self, identity: str, around: str, line: int
    ) -> None:
        content = FILE.read_bytes().replace(f' id="{identity}"'.encode(), b"", 1)

        with pytest.raises(DiagramRefused) as caught:
            read_diagram(content, name="x")

        (finding,) = caught.value.findings
        assert (finding.rule, finding.element, finding.line) == (
            "missing-id",
            around or "definitions",
            line,
        )

    def test_more_elements_than_anybody_draws_are_refused(self) -> None:
        undo = b'<task id="undo" isForCompensation="true" />'

        def read(count: int) -> None:
            tasks = b"".join(b'<task id="t%d" />' % n for n in range(count))
            read_diagram(FILE.read_bytes().replace(undo, undo + tasks), name="x")

        read(4000)
        with pytest.raises(DiagramRefused, match="at most 5000 are accepted"):
            read(5000)

    def test_an_id_that_is_used_twice_is_refused(self) -> None:
        content = FILE.read_bytes().replace(b'id="undo"', b'id="grave"')

        with pytest.raises(DiagramRefused) as caught:
            read_diagram(content, name="x")

        assert caught.value.findings[0].rule == "bpmn-schema"


@pytest.mark.skipif(not MIWG.is_dir(), reason="shared/data/bpmn-miwg is not here")
class TestReferenceFilesOfOthers:
    """Every reference diagram of the BPMN MIWG is read."""

    def test_all_twenty_one_are_read_with_their_nodes(self) -> None:
        nodes = {
            file.stem: len(list(read_diagram(file.read_bytes(), name=file.name).nodes()))
            for file in MIWG.glob("*.bpmn")
        }

        assert len(nodes) == 21
        assert min(nodes.values()) == nodes["A.1.0"] == 5
