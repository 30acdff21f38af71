from hashlib import sha256

from bpmn.reading import Diagram, read_diagram
from bpmn.rewriting import rewrite
from bpmn.running import compile_definition
from tests.bpmn.diagrams import (
    boundary,
    chain,
    diagram,
    end,
    flow,
    node,
    start,
    timer,
    user,
)


def _read(*body: str) -> Diagram:
    return read_diagram(diagram(*body), name="p.bpmn")


def _link(tag: str, key: str, name: str) -> str:
    return node(f"intermediate{tag}Event", key, f'<linkEventDefinition name="{name}"/>')


class TestReservedIds:
    """Ids that SpiffWorkflow keeps for itself are changed, everywhere they are used."""

    DRAWN = (
        '<laneSet id="ls"><lane id="l" name="甲"><flowNodeRef>Root</flowNodeRef></lane></laneSet>',
        node("startEvent", "Start", "<outgoing>f</outgoing>"),
        node("userTask", "Root", "<incoming>f</incoming>", default="Root__End"),
        boundary("b", "Root", timer("P1D")),
        end("End"),
        flow("Start", "Root", key="f"),
        chain("Root", "End"),
        chain("b", "End"),
    )

    def test_are_renamed_with_every_reference(self) -> None:
        rewritten = rewrite(_read(*self.DRAWN))

        process = rewritten.diagram.processes["P"]
        assert set(process.nodes) == {"Start_", "Root_", "End_", "b"}
        assert process.nodes["b"].attached_to == "Root_"
        assert process.nodes["Root_"].lane == "甲"
        assert [(f.source, f.target) for f in process.flows.values()] == [
            ("Start_", "Root_"),
            ("Root_", "End_"),
            ("b", "End_"),
        ]
        assert process.flows["Root__End"].is_default

    def test_are_known_by_their_old_name_outside(self) -> None:
        rewritten = rewrite(_read(*self.DRAWN))

        assert rewritten.original("Start_") == "Start"
        assert rewritten.original("b") == "b"

    def test_do_not_take_an_id_that_is_in_use(self) -> None:
        rewritten = rewrite(_read(start("Start"), user("Start_"), chain("Start", "Start_")))

        assert set(rewritten.diagram.processes["P"].nodes) == {"Start__", "Start_"}

    def test_are_renamed_in_the_picture_too(self) -> None:
        shape = (
            '<bpmndi:BPMNDiagram xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" '
            'xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" id="di">'
            '<bpmndi:BPMNPlane id="pl" bpmnElement="P"><bpmndi:BPMNShape id="sh" '
            'bpmnElement="Start"><dc:Bounds x="0" y="0" width="1" height="1"/>'
            "</bpmndi:BPMNShape></bpmndi:BPMNPlane></bpmndi:BPMNDiagram></definitions>"
        )
        content = diagram(start("Start")).replace(b"</definitions>", shape.encode())

        rewritten = rewrite(read_diagram(content, name="p.bpmn"))

        assert b'bpmnElement="Start_"' in rewritten.diagram.content

    def test_leave_an_ordinary_diagram_as_it_is(self) -> None:
        read = _read(start(), user("a"), chain("s", "a"))

        assert rewrite(read).diagram is read

    def test_leave_the_original_byte_for_byte(self) -> None:
        content = diagram(*self.DRAWN)
        read = read_diagram(content, name="p.bpmn")

        rewrite(read)

        assert read.content == content
        assert set(read.processes["P"].nodes) == {"Start", "Root", "End", "b"}

    def test_leave_the_original_byte_for_byte_in_what_runs(self) -> None:
        written = diagram(*self.DRAWN).replace(b"><", b">\r\n\t<!-- \xe4\xb8\xad -->  <")
        content = b'<?xml version="1.0" encoding="UTF-8"?>\r\n' + written + b"\r\n\r\n"

        definition = compile_definition({"p.bpmn": content}, "P")

        assert definition.elements["P", "Root"].id == "Root"
        assert definition.diagrams["P"].content == content
        assert definition.diagrams["P"].digest == sha256(content).hexdigest()
        assert "Root" in definition.diagrams["P"].processes["P"].nodes


class TestLinks:
    """A pair of link events becomes a flow between two events without type."""

    def test_join_every_throw_to_the_catch_of_its_name(self) -> None:
        rewritten = rewrite(
            _read(_link("Throw", "t1", "L"), _link("Throw", "t2", "L"), _link("Catch", "c", "L"),
                  user("a"), chain("c", "a"))
        )  # fmt: skip

        process = rewritten.diagram.processes["P"]
        assert {(f.source, f.target) for f in process.flows.values()} == {
            ("t1", "c"),
            ("t2", "c"),
            ("c", "a"),
        }
        assert not any(node.event_definitions for node in process.nodes.values())

    def test_join_none_of_another_name_or_another_scope(self) -> None:
        inside = start("is") + _link("Catch", "c2", "L") + chain("is", "c2")
        rewritten = rewrite(
            _read(_link("Throw", "t", "L"), _link("Catch", "c", "M"),
                  node("subProcess", "sub", inside))
        )  # fmt: skip

        process = rewritten.diagram.processes["P"]
        assert {f.source for f in process.flows.values()} == {"is"}
        assert process.nodes["t"].event_definitions[0].kind == "link"

    def test_do_not_take_an_id_that_is_in_use(self) -> None:
        rewritten = rewrite(
            _read(_link("Throw", "t", "L"), _link("Catch", "c", "L"), user("t_link"))
        )

        assert set(rewritten.diagram.processes["P"].flows) == {"t_link_"}
