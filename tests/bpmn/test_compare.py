"""两个版本的流程图之间改了什么，逐项说全；版式不算。"""

import itertools
from pathlib import Path

import pytest

from bpmn.compare import Change, Kind, compare
from bpmn.reading import read_diagram

FILE = Path(__file__).parent / "reading" / "case.bpmn"
MIWG = Path(__file__).parents[3] / "shared" / "data" / "bpmn-miwg"


def changed(*edits: tuple[str, str]) -> list[Change]:
    """Return what differs from the file once each text of `edits` is replaced."""
    text = FILE.read_text(encoding="utf-8")
    new = text
    for before, after in edits:
        assert before in new
        new = new.replace(before, after)
    return compare(read_diagram(text.encode(), name="old"), read_diagram(new.encode(), name="new"))


def one(*edits: tuple[str, str]) -> tuple[str, str, str | None, str | None]:
    (change,) = changed(*edits)
    assert change.kind is Kind.CHANGED
    return change.element, change.what, change.before, change.after


class TestNothingIsSaidOfLayout:
    """Where a shape lies, how the file is written and by which tool says nothing about the law."""

    def test_a_diagram_does_not_differ_from_itself(self) -> None:
        assert changed() == []

    @pytest.mark.parametrize(
        "edit",
        [
            ("\n    ", "\n          "),
            (' id="definitions"', ' id="renamed" exporter="Camunda Modeler" exporterVersion="5"'),
            ("<!-- every kind", "<!-- nearly every kind"),
            ('xmlns:t="', 'xmlns:unused="https://wenze.example/u" xmlns:t="'),
            (
                "</definitions>",
                (
                    '<BPMNDiagram xmlns="http://www.omg.org/spec/BPMN/20100524/DI" id="d">'
                    '<BPMNPlane id="plane" /></BPMNDiagram>'
                    "</definitions>"
                ),
            ),
            ("<loopCondition>", '<loopCondition id="tools_own">'),
        ],
    )
    def test_indentation_tool_comments_prefixes_and_shapes_are_left_out(
        self, edit: tuple[str, str]
    ) -> None:
        assert changed(edit) == []


class TestEveryPartCounts:
    """A change of any part is told with what stood there before and after."""

    @pytest.mark.parametrize(
        ("edit", "told"),
        [
            (
                ("score &lt; 60", "score &lt; 50"),
                ("f_again", "conditionExpression", "score < 60", "score < 50"),
            ),
            (
                ('value="S0篇1§8"', 'value="S0篇1§9"'),
                ("interview", "property article/value", "S0篇1§8", "S0篇1§9"),
            ),
            (('name="谈话"', 'name="约谈"'), ("interview", "name", "谈话", "约谈")),
            (
                ('camunda:formRef="interview"', 'camunda:formRef="talk"'),
                ("interview", "camunda:formRef", "interview", "talk"),
            ),
            (("第二条", "第三条"), ("procedure", "documentation[2]", "第二条", "第三条")),
            (('default="f_call"', ""), ("grave", "default", "f_call", None)),
            (
                ('<errorEventDefinition errorRef="Error_Lost" ', "<errorEventDefinition "),
                ("end", "errorEventDefinition/errorRef", "Error_Lost", None),
            ),
            (
                ('source="case" target="case"', 'source="matter" target="case"'),
                ("appeal", "in case/source", "case", "matter"),
            ),
            (
                ("${subject}", "${person}"),
                ("interview", "inputParameter who", "${subject}", "${person}"),
            ),
            (
                ('loopMaximum="5"', 'loopMaximum="6"'),
                ("ask_again", "standardLoopCharacteristics/loopMaximum", "5", "6"),
            ),
            (
                ('name="clue_arrived"', 'name="clue"'),
                ("Message_Clue", "name", "clue_arrived", "clue"),
            ),
            (
                ("P15D", "P30D"),
                ("Timer_Shared", "timeDuration", "P15D", "P30D"),
            ),
            (('name="告知"', 'name="通知"'), ("notice", "name", "告知", "通知")),
            (('name="案卷"', 'name="卷宗"'), ("file_shown", "name", "案卷", "卷宗")),
            (
                (
                    'targetNamespace="https://wenze.example/tests"',
                    'targetNamespace="https://wenze.example/else"',
                ),
                (
                    "",
                    "targetNamespace",
                    "https://wenze.example/tests",
                    "https://wenze.example/else",
                ),
            ),
        ],
    )
    def test_a_changed_part_is_told_by_its_path(
        self, edit: tuple[str, str], told: tuple[str, str, str | None, str | None]
    ) -> None:
        assert one(edit) == told

    def test_a_node_moved_to_another_lane_is_told_by_its_lane(self) -> None:
        edit = (
            "<flowNodeRef>investigate</flowNodeRef></lane>",
            "<flowNodeRef>investigate</flowNodeRef><flowNodeRef>appeal</flowNodeRef></lane>",
        )

        assert one(edit) == ("appeal", "lane", None, "lane_team")

    def test_an_event_that_loses_its_trigger_is_told(self) -> None:
        edit = ('<messageEventDefinition messageRef="t:Message_Clue" />', "")

        assert one(edit) == ("start", "messageEventDefinition/messageRef", "t:Message_Clue", None)

    def test_an_empty_part_that_appears_is_told(self) -> None:
        edit = (
            '<endEvent id="noted" />',
            '<endEvent id="noted"><terminateEventDefinition id="t1" /></endEvent>',
        )

        assert one(edit) == ("noted", "terminateEventDefinition", None, "")

    def test_an_extension_of_another_tool_is_compared_whole(self) -> None:
        extension = '<endEvent id="noted"><extensionElements><t:hint x="1">a<t:b/>c</t:hint>'
        close = "</extensionElements></endEvent>"
        ((element, what, before, after),) = [one(('<endEvent id="noted" />', extension + close))]

        assert (element, what, before) == ("noted", "{https://wenze.example/tests}hint", None)
        assert after == (
            "<{https://wenze.example/tests}hint x='1'>a<{https://wenze.example/tests}b></>c</>"
        )

    def test_the_order_in_which_a_gateway_looks_at_its_flows_is_told(self) -> None:
        call = '    <sequenceFlow id="f_call" sourceRef="grave" targetRef="appeal" />\n'
        start = '    <sequenceFlow id="f_investigate"'

        told = one((call, ""), (start, call + start))

        assert told == ("grave", "order of flows", "f_again f_call", "f_call f_again")


class TestWhatCameAndWent:
    """What came, went or became something else is told once, by its id."""

    def test_an_added_node_and_its_flow_are_told_once_each(self) -> None:
        edit = (
            '<endEvent id="noted" />',
            (
                '<endEvent id="noted" /><task id="note" name="记录" />'
                '<sequenceFlow id="f_note" sourceRef="obstruction" targetRef="note" />'
            ),
        )

        assert [(c.kind, c.element, c.type, c.after) for c in changed(edit)] == [
            (Kind.ADDED, "note", "task", "记录"),
            (Kind.ADDED, "f_note", "sequenceFlow", ""),
        ]

    def test_a_removed_node_is_told_with_its_name(self) -> None:
        edit = ('<task id="undo" isForCompensation="true" />', "")

        assert changed(edit) == [Change(Kind.REMOVED, "undo", "task", "", "", None)]

    def test_a_node_that_becomes_another_kind_of_node_is_changed(self) -> None:
        edit = (
            '<task id="undo" isForCompensation="true" />',
            '<manualTask id="undo" isForCompensation="true" />',
        )

        assert changed(edit) == [
            Change(Kind.CHANGED, "undo", "manualTask", "type", "task", "manualTask")
        ]

    def test_a_node_that_moves_into_a_sub_process_changes_its_scope(self) -> None:
        undo = '    <task id="undo" isForCompensation="true" />\n'

        told = one((undo, ""), ('      <endEvent id="noted" />', undo + '<endEvent id="noted" />'))

        assert told == ("undo", "scope", "procedure", "obstructed")


@pytest.mark.skipif(not MIWG.is_dir(), reason="shared/data/bpmn-miwg is not here")
def test_every_reference_file_equals_itself_and_differs_from_each_other() -> None:
    diagrams = [read_diagram(f.read_bytes(), name=f.name) for f in sorted(MIWG.glob("*.bpmn"))]

    assert all(compare(diagram, diagram) == [] for diagram in diagrams)
    assert all(compare(a, b) for a, b in itertools.pairwise(diagrams))
