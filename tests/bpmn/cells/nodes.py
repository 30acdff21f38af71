"""Every activity, gateway and loop that runs, with its two paths."""

from collections.abc import Iterator

from tests.bpmn.cells.proving import Proof
from tests.bpmn.diagrams import (
    MESSAGE,
    MESSAGE2,
    a_process,
    boundary,
    bpmn,
    chain,
    diagram,
    end,
    flow,
    node,
    start,
    user,
)

TABLE = (
    b'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" '
    b'namespace="t"><decision id="D" name="D"><variable name="D"/><literalExpression>'
    b"<text>1</text></literalExpression></decision></definitions>"
)
INNER = start("s1") + user("i") + end("e1") + chain("s1", "i", "e1")

SEQUENTIAL = (
    '<multiInstanceLoopCharacteristics isSequential="{}"><loopCardinality>2</loopCardinality>'
    "</multiInstanceLoopCharacteristics>"
)


def proofs() -> dict[str, Proof]:
    """Return the proof of every element that runs, by its type or its loop."""
    parts = (
        _activities(), _gateways(), _loops(), _behaviours(), _others(), _flows(), _data(),
    )  # fmt: skip
    return {name: proof for part in parts for name, proof in part}


def _on_the_way(x: str, *more: str) -> bytes:
    """Return a diagram in which `go` leads by x to a, and otherwise past both."""
    fork = node("exclusiveGateway", "g", default="g__e") + flow("g", "x", "go") + chain("g", "e")
    return diagram(
        start(), user("w"), fork, x, *more, user("a"), end(), chain("s", "w", "g"),
        chain("x", "a", "e"),
    )  # fmt: skip


def _activities() -> Iterator[tuple[str, Proof]]:
    external = {"camunda_type": "external", "camunda_topic": "t"}
    for tag, attributes in (
        ("task", {}), ("userTask", {}), ("manualTask", {}), ("serviceTask", external),
    ):  # fmt: skip
        file = _on_the_way(node(tag, "x", **attributes))
        yield tag, Proof(file, "w:go=yes x", "a", "w:go=no", ".")
    rule = node("businessRuleTask", "x", camunda_decisionRef="D", camunda_resultVariable="y")
    tables = {"d.dmn": TABLE}
    yield (
        "businessRuleTask",
        Proof(_on_the_way(rule), "w:go=yes", "a", "w:go=no", ".", tables=tables),
    )
    send = _on_the_way(node("sendTask", "x", messageRef="M"))
    yield "sendTask", Proof(send, "w:go=yes", "a", "w:go=no", ".", ("message msg",))
    receive = _on_the_way(node("receiveTask", "x", messageRef="M"))
    yield "receiveTask", Proof(receive, "w:go=yes !msg", "a", "w:go=yes", "…")
    for tag in ("subProcess", "transaction"):
        yield tag, Proof(_on_the_way(node(tag, "x", INNER)), "w:go=yes i", "a", "w:go=yes", "i")
    ad_hoc = node("adHocSubProcess", "x", user("i", "j"))
    yield "adHocSubProcess", Proof(_on_the_way(ad_hoc), "w:go=yes j i", "a", "w:go=yes j", "i")
    called = a_process(INNER, process="Q")
    caller = _on_the_way(node("callActivity", "x", calledElement="Q"))
    file = caller.replace(b"</definitions>", called.encode() + b"</definitions>")
    yield "callActivity", Proof(file, "w:go=yes i", "a", "w:go=yes", "i")


def _split(kind: str, flows: str, *more: str, join: str = "", **attributes: str) -> bytes:
    """Return a diagram in which x splits to a and b, which `join` joins before z."""
    joins = node(join, "j") if join else ""
    last = (
        chain("a", "j", "z", "e") + chain("b", "j") if join else chain("a", "e") + chain("b", "e")
    )
    tasks = user("w", "a", "b", *(["z"] if join else []))
    return diagram(
        start(), tasks, node(kind, "x", **attributes), joins, *more, end(), chain("s", "w", "x"),
        flows, last,
    )  # fmt: skip


def _gateways() -> Iterator[tuple[str, Proof]]:
    both = chain("x", "a") + chain("x", "b")
    choice = flow("x", "a", "go") + chain("x", "b")
    file = _split("exclusiveGateway", choice, default="x__b")
    yield "exclusiveGateway", Proof(file, "w:go=yes", "a", "", "w")
    file = _split("parallelGateway", both, join="parallelGateway")
    yield "parallelGateway", Proof(file, "w b a", "z", "", "w")
    some = flow("x", "a", "go") + flow("x", "b", "not(c)")
    file = _split(
        "inclusiveGateway", some + chain("x", "e"), default="x__e", join="inclusiveGateway"
    )
    yield "inclusiveGateway", Proof(file, "w:go=yes a", "b", "", "w")
    file = diagram(
        start(), node("parallelGateway", "f"), user("a", "b", "z"),
        node("complexGateway", "x", "<activationCondition>activationCount &gt;= 1"
             "</activationCondition>"),
        end(), chain("s", "f", "a", "x", "z", "e"), chain("f", "b", "x"),
    )  # fmt: skip
    yield "complexGateway", Proof(file, "b", "a z", "", "a b")
    events = node("intermediateCatchEvent", "m", MESSAGE) + node(
        "intermediateCatchEvent", "n", MESSAGE2
    )
    file = diagram(
        start(), node("eventBasedGateway", "x"), events, user("a", "b"), end(),
        chain("s", "x", "m", "a", "e"), chain("x", "n", "b", "e"),
    )  # fmt: skip
    yield "eventBasedGateway", Proof(file, "!msg2", "b", "", "…")


def _loops() -> Iterator[tuple[str, Proof]]:
    standard = (
        "<standardLoopCharacteristics><loopCondition>c</loopCondition>"
        "</standardLoopCharacteristics>"
    )
    file = _on_the_way(node("userTask", "x", standard))
    yield "loop standard", Proof(file, "w:go=yes x:c=yes x:c=no", "a", "w:go=no", ".")
    for kind, marked in (("parallel", "false"), ("sequential", "true")):
        file = _on_the_way(node("userTask", "x", SEQUENTIAL.format(marked)))
        yield f"loop {kind}", Proof(file, "w:go=yes x x", "a", "w:go=no", ".")


def _behaviours() -> Iterator[tuple[str, Proof]]:
    """A message leaves as instances are completed."""
    sent = b'<messageEventDefinition id="sent" messageRef="M"/><process'
    second = (
        '<complexBehaviorDefinition id="cb"><condition>nrOfCompletedInstances = 2</condition>'
        f'<event id="ev">{MESSAGE}</event></complexBehaviorDefinition>'
    )
    for behaviour, attribute, inner, times in (
        ("None", 'noneBehaviorEventRef="sent"', "", 2),
        ("One", 'oneBehaviorEventRef="sent"', "", 1),
        ("Complex", "", second, 1),
    ):
        loop = (
            f'<multiInstanceLoopCharacteristics behavior="{behaviour}" {attribute}>'
            f"<loopCardinality>2</loopCardinality>{inner}</multiInstanceLoopCharacteristics>"
        )
        file = _on_the_way(node("userTask", "x", loop)).replace(b"<process", sent, 1)
        thrown = ("message msg",) * times
        yield (
            f"multi-instance behavior {behaviour}",
            Proof(file, "w:go=yes x x", "a", "w:go=no", ".", thrown),
        )


def _others() -> Iterator[tuple[str, Proof]]:
    file = diagram(
        start(), user("w"), boundary("c", "w", "<compensateEventDefinition/>"),
        node("userTask", "x", isForCompensation="true"),
        '<association id="joined" sourceRef="c" targetRef="x"/>', user("v"),
        node("exclusiveGateway", "g", default="g__e"),
        node("intermediateThrowEvent", "t", "<compensateEventDefinition/>"), user("a"), end(),
        chain("s", "w", "v", "g", "e"), flow("g", "t", "go"), chain("t", "a", "e"),
    )  # fmt: skip
    yield "compensation activity", Proof(file, "w v:go=yes x", "a", "w v:go=no", ".")
    events = node("intermediateCatchEvent", "m", MESSAGE) + node(
        "intermediateCatchEvent", "n", MESSAGE2
    )
    file = bpmn(
        a_process(
            node("eventBasedGateway", "x", instantiate="true", eventGatewayType="Exclusive"),
            events, start(), user("a", "b", "w"), end(), chain("x", "m", "a", "e"),
            chain("x", "n", "b", "e"), chain("s", "w", "e"),
        )
    )  # fmt: skip
    yield "instantiating gateway", Proof(file, "", "a", "", "w", message="msg", mark="m")


FLOWS_AND_DATA = frozenset(
    {
        "conditional flow out of an activity",
        "default flow out of an activity",
        "several flows out of an activity",
        "multi-instance behavior None",
        "multi-instance behavior One",
        "multi-instance behavior Complex",
        "start and end without events",
        "data object",
        "data store reference",
    }
)
"""What runs beside nodes and loops; no table of its own says so."""


def _flows() -> Iterator[tuple[str, Proof]]:
    """Flows show by where they lead: a."""
    ways = flow("w", "a", "go") + chain("a", "e") + chain("s", "w")
    file = diagram(
        start(), node("userTask", "w", default="w__e"), user("a"), end(), ways, chain("w", "e")
    )
    yield (
        "conditional flow out of an activity",
        Proof(file, "w:go=yes", "a", "w:go=no", ".", mark="a"),
    )
    ways = flow("w", "b", "go") + chain("w", "a", "e") + chain("s", "w") + chain("b", "e")
    file = diagram(start(), node("userTask", "w", default="w__a"), user("a", "b"), end(), ways)
    yield (
        "default flow out of an activity",
        Proof(file, "w:go=no", "a", "w:go=yes", "b", mark="a"),
    )
    ways = chain("s", "w", "a", "e") + chain("w", "b", "e")
    file = diagram(start(), user("w", "a", "b"), end(), ways)
    yield "several flows out of an activity", Proof(file, "w", "a b", "", "w", mark="b")
    file = diagram(user("w", "a"), chain("w", "a"))
    yield "start and end without events", Proof(file, "w", "a", "", "w", mark="a")


def _data() -> Iterator[tuple[str, Proof]]:
    """The work at w puts out what a condition reads in the object or the store."""
    drawn = {
        "data object": '<dataObject id="o"/><dataObjectReference id="x" name="doc" '
        'dataObjectRef="o"/>',
        "data store reference": '<dataStoreReference id="x" name="doc"/>',
    }
    puts_out = (
        '<ioSpecification><dataOutput id="out" name="made"/><inputSet/><outputSet>'
        "<dataOutputRefs>out</dataOutputRefs></outputSet></ioSpecification>"
        '<dataOutputAssociation id="puts"><sourceRef>out</sourceRef><targetRef>x</targetRef>'
        "</dataOutputAssociation>"
    )
    for name, data in drawn.items():
        file = diagram(
            data, start(), node("userTask", "w", puts_out),
            node("exclusiveGateway", "g", default="g__e"), user("a"), end(), chain("s", "w", "g"),
            flow("g", "a", "doc"), chain("g", "e"), chain("a", "e"),
        )  # fmt: skip
        yield name, Proof(file, "w:made=yes", "a", "w:made=no", ".", mark="a")
