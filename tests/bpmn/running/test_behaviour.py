"""What a multi-instance activity throws as its instances are completed.

Source: OMG BPMN 2.0.2, 10.2.8.2, table 10.29; issue 4 (behaviour events).
"""

import pytest

from bpmn import DiagramRefused
from bpmn.lint import lint
from bpmn.reading import read_diagram
from tests.bpmn.diagrams import (
    ESCALATION,
    SIGNAL,
    a_process,
    boundary,
    bpmn,
    chain,
    end,
    node,
    start,
    user,
)
from tests.bpmn.running.playing import Play

DECLARED = (
    '<message id="M" name="msg"/><signal id="S" name="sig"/>'
    '<escalation id="X" name="esc" escalationCode="X1"/>'
    '<signalEventDefinition id="told" signalRef="S"/>'
    '<messageEventDefinition id="sent" messageRef="M"/>'
    '<escalationEventDefinition id="up" escalationRef="X"/>'
    '<timerEventDefinition id="later"/>'
)


def several(
    attributes: str, inner: str = "", *, sequential: bool = False, border: str = ""
) -> bytes:
    """Return a multi-instance a of three, then z; `border` are events at the border of a."""
    order = "true" if sequential else "false"
    loop = (
        f'<multiInstanceLoopCharacteristics isSequential="{order}" {attributes}>'
        f"<loopCardinality>3</loopCardinality>{inner}</multiInstanceLoopCharacteristics>"
    )
    return bpmn(
        a_process(
            start(), node("userTask", "a", loop), border, user("z"), end(),
            chain("s", "a", "z", "e"),
        ),
        roots=DECLARED,
    )  # fmt: skip


def at_border(definition: str, *, interrupts: bool) -> str:
    return boundary("b", "a", definition, interrupts=interrupts) + user("h") + chain("b", "h")


COMPLEX = (
    '<complexBehaviorDefinition id="cb"><condition>{}</condition>'
    '<event id="ev"><escalationEventDefinition escalationRef="X"/></event>'
    "</complexBehaviorDefinition>"
)


class TestNone:
    """Behavior None throws each time an instance is completed."""

    @pytest.mark.parametrize("sequential", [False, True])
    def test_an_escalation_is_caught_at_the_border_every_time(self, *, sequential: bool) -> None:
        file = several(
            'behavior="None" noneBehaviorEventRef="up"', sequential=sequential,
            border=at_border(ESCALATION, interrupts=False),
        )  # fmt: skip
        play = Play(file)
        for _ in range(3):
            play.do("a")

        assert sorted(play.waiting) == ["h", "h", "h", "z"]

    def test_a_message_leaves_every_time(self) -> None:
        play = Play(several('behavior="None" noneBehaviorEventRef="sent"'))
        for _ in range(3):
            play.do("a")

        assert [name for _, name, _ in play.thrown] == ["msg", "msg", "msg"]
        assert play.waiting == ["z"]

    def test_nothing_is_thrown_before_an_instance_is_completed(self) -> None:
        assert Play(several('behavior="None" noneBehaviorEventRef="sent"')).thrown == []


class TestOne:
    """Behavior One throws when the first instance is completed, and never again."""

    def test_a_signal_is_thrown_once(self) -> None:
        file = several(
            'behavior="One" oneBehaviorEventRef="told"', border=at_border(SIGNAL, interrupts=False)
        )
        play = Play(file)
        play.do("a", 1)
        assert play.waiting == ["a", "a", "h"]
        play.do("a")
        play.do("a")

        assert play.thrown == [("signal", "sig", {})]
        assert sorted(play.waiting) == ["h", "z"]

    @pytest.mark.parametrize("definition", [SIGNAL, ESCALATION], ids=["signal", "escalation"])
    @pytest.mark.parametrize("sequential", [False, True])
    def test_an_interrupting_event_ends_the_activity_with_the_first(
        self, definition: str, *, sequential: bool
    ) -> None:
        thrown = "told" if definition == SIGNAL else "up"
        file = several(
            f'behavior="One" oneBehaviorEventRef="{thrown}"', sequential=sequential,
            border=at_border(definition, interrupts=True),
        )  # fmt: skip
        play = Play(file)
        play.do("a")

        assert play.waiting == ["h"]
        play.do("h")
        assert play.over


class TestComplex:
    """Behavior Complex throws whenever its condition holds as an instance is completed."""

    def test_where_the_condition_holds(self) -> None:
        file = several(
            'behavior="Complex"', COMPLEX.format("nrOfCompletedInstances = 2"),
            border=at_border(ESCALATION, interrupts=False),
        )  # fmt: skip
        play = Play(file)
        play.do("a")
        assert "h" not in play.waiting
        play.do("a")
        assert play.waiting == ["a", "h"]
        play.do("a")

        assert sorted(play.waiting) == ["h", "z"]


class TestAll:
    """Behavior All, the default, throws nothing."""

    @pytest.mark.parametrize("attributes", ["", 'behavior="All" noneBehaviorEventRef="sent"'])
    def test_nothing_is_thrown(self, attributes: str) -> None:
        play = Play(several(attributes))
        for _ in range(3):
            play.do("a")

        assert play.thrown == []
        assert play.waiting == ["z"]


class TestRefused:
    """A behaviour that throws nothing that can be thrown is refused, by lint and by compiling."""

    @pytest.mark.parametrize(
        ("attributes", "inner"),
        [
            ('behavior="None"', ""),
            ('behavior="One" oneBehaviorEventRef="nothing"', ""),
            ('behavior="One" oneBehaviorEventRef="later"', ""),
            ('behavior="Complex"', COMPLEX.replace('<escalationEventDefinition '
             'escalationRef="X"/>', "").format("true")),
        ],
    )  # fmt: skip
    def test_it_names_the_activity(self, attributes: str, inner: str) -> None:
        file = several(attributes, inner)
        found = lint(read_diagram(file, name="p.bpmn"))

        assert [(f.rule, f.element) for f in found] == [("not-executable", "a")]
        with pytest.raises(DiagramRefused, match="behaviour event"):
            Play(file)

    def test_a_condition_that_is_no_feel_is_told(self) -> None:
        file = several('behavior="Complex"', COMPLEX.format("x &gt;"))
        found = lint(read_diagram(file, name="p.bpmn"))

        assert [(f.rule, f.element) for f in found] == [("expression-syntax", "a")]

    def test_a_reference_to_no_signal_is_told(self) -> None:
        file = several('behavior="One" oneBehaviorEventRef="told"').replace(b' signalRef="S"', b"")
        found = lint(read_diagram(file, name="p.bpmn"))

        assert [(f.rule, f.element) for f in found] == [("unresolved-reference", "a")]
