"""Every event at every position where it runs, with its two paths."""

from collections.abc import Iterator

from bpmn.lint.executable import Position
from tests.bpmn.cells.proving import Proof
from tests.bpmn.diagrams import (
    ERROR,
    ESCALATION,
    MESSAGE,
    SIGNAL,
    TERMINATE,
    boundary,
    chain,
    condition,
    diagram,
    end,
    flow,
    handler,
    node,
    start,
    timer,
    user,
)

Cell = tuple[str, Position]

CANCEL, COMPENSATE, LINK = (
    "<cancelEventDefinition/>",
    "<compensateEventDefinition/>",
    '<linkEventDefinition name="L"/>',
)
DEFINITIONS = {
    "none": "",
    "message": MESSAGE,
    "timer": timer("PT1H"),
    "signal": SIGNAL,
    "conditional": condition("c"),
    "error": ERROR,
    "escalation": ESCALATION,
    "cancel": CANCEL,
    "compensate": COMPENSATE,
    "link": LINK,
    "terminate": TERMINATE,
    "multiple": MESSAGE + SIGNAL,
    "parallelMultiple": MESSAGE + SIGNAL,
}
# What brings each event that comes from outside.
BRINGS = {
    "message": "!msg",
    "timer": "@x",
    "signal": "~sig",
    "conditional": "%c=yes",
    "multiple": "~sig",
    "parallelMultiple": "!msg ~sig",
}
# What comes near each and does not bring it: another name, or a part of what is needed.
MISSES = {
    "message": "~sig",
    "timer": "~sig",
    "signal": "~other",
    "conditional": "%c=no",
    "multiple": "~other",
    "parallelMultiple": "~sig",
}
THROWN = {
    "message": ("message msg",),
    "signal": ("signal sig",),
    "multiple": ("message msg", "signal sig"),
}


def proofs() -> dict[Cell, Proof]:
    """Return the proof of every cell that runs."""
    found: dict[Cell, Proof] = {}
    for each in (_starts, _handlers, _catches, _throws, _boundaries, _ends):
        found.update(each())
    return found


def _x(tag: str, kind: str, **attributes: str) -> str:
    if kind == "parallelMultiple":
        attributes["parallelMultiple"] = "true"
    return node(tag, "x", DEFINITIONS[kind], **attributes)


def _starts() -> Iterator[tuple[Cell, Proof]]:
    """The element begins an instance; a plain start beside it begins another way."""
    ways = chain("x", "a", "e")
    for kind in ("message", "timer", "signal", "conditional", "multiple", "parallelMultiple"):
        file = diagram(
            _x("startEvent", kind), start(), user("a", "b"), end(), ways, chain("s", "b", "e")
        )
        message, at = ("msg", None) if kind == "message" else (None, "x")
        yield (kind, Position.START), Proof(file, "", "a", "", "b", message=message, at=at)
    file = diagram(
        start("x"), start("s", MESSAGE), user("a", "b"), end(), ways, chain("s", "b", "e")
    )
    yield ("none", Position.START), Proof(file, "", "a", "", "b", spared_message="msg")
    inside = node("subProcess", "sub", start("x") + user("a") + end("e1") + chain("x", "a", "e1"))
    file = diagram(start(), user("w"), inside, end(), chain("s", "w", "sub", "e"))
    yield ("none", Position.SUBPROCESS_START), Proof(file, "w", "a", "", "w")


def _handlers() -> Iterator[tuple[Cell, Proof]]:
    """Event sub-processes: in the process, which waits at w; an inner one for compensation."""
    for interrupts in (True, False):
        position = (
            Position.EVENT_SUBPROCESS if interrupts else Position.EVENT_SUBPROCESS_NON_INTERRUPTING
        )
        rest = "" if interrupts else "w "
        gone = frozenset({"w"} if interrupts else ())
        for kind, brings in BRINGS.items():
            file = diagram(
                start(), user("w"), end(), _handler(kind, interrupts=interrupts),
                chain("s", "w", "e"),
            )  # fmt: skip
            word = brings.replace("@x", "@h")  # a timer of an event sub-process goes by its id
            yield (
                (kind, position),
                Proof(file, word, f"{rest}a", MISSES[kind] + " w", ".", cancelled=gone),
            )
        file = diagram(
            start(), user("w"), _fork("t", "v"), node("intermediateThrowEvent", "t", ESCALATION),
            user("v"), end(), _handler("escalation", interrupts=interrupts), chain("s", "w", "g"),
            chain("t", "v", "e"),
        )  # fmt: skip
        then = "a" if interrupts else "v a"
        yield ("escalation", position), Proof(file, "w:go=yes", then, "w:go=no", "v")
    file = diagram(start(), user("w"), end(), _handler("error"), chain("s", "w", "e"))
    yield (
        ("error", Position.EVENT_SUBPROCESS),
        Proof(file, "#w", "a", "w", ".", cancelled=frozenset({"w"})),
    )
    inner = start("s1") + user("w") + end("e1") + _handler("compensate") + chain("s1", "w", "e1")
    file = diagram(
        start(), node("subProcess", "sub", inner), user("v"), _fork("t", "e"),
        node("intermediateThrowEvent", "t", COMPENSATE), end(), chain("s", "sub", "v", "g"),
        chain("t", "e"),
    )  # fmt: skip
    yield (
        ("compensate", Position.EVENT_SUBPROCESS),
        Proof(file, "w v:go=yes", "a", "w v:go=no", "."),
    )


def _handler(kind: str, *, interrupts: bool = True) -> str:
    inner = user("a") + end("he") + chain("x", "a", "he")
    text = handler("h", DEFINITIONS[kind], inner, interrupts=interrupts).replace("h_s", "x")
    if kind == "parallelMultiple":
        text = text.replace('id="x"', 'id="x" parallelMultiple="true"')
    return text


def _fork(yes: str, no: str) -> str:
    """Return a gateway g that goes on to `yes` where `go` holds, else to `no`."""
    return node("exclusiveGateway", "g", default=f"g__{no}") + flow("g", yes, "go") + chain("g", no)


def _catches() -> Iterator[tuple[Cell, Proof]]:
    """A token waits at x; what misses leaves it waiting."""
    for kind, word in BRINGS.items():
        file = diagram(
            start(), _x("intermediateCatchEvent", kind), user("a"), end(),
            chain("s", "x", "a", "e"),
        )  # fmt: skip
        yield (kind, Position.CATCH), Proof(file, word, "a", MISSES[kind], "…")
    for position, thrower, catcher in (
        (Position.CATCH, "l", "x"),
        (Position.THROW, "x", "l"),
    ):
        file = diagram(
            start(), user("w"), _fork(thrower, "e"), user("a"), end(),
            node("intermediateThrowEvent", thrower, LINK),
            node("intermediateCatchEvent", catcher, LINK), chain("s", "w", "g"),
            chain(catcher, "a", "e"),
        )  # fmt: skip
        yield ("link", position), Proof(file, "w:go=yes", "a", "w:go=no", ".")


def _throws() -> Iterator[tuple[Cell, Proof]]:
    """A token that comes to x throws and goes on."""
    for kind in ("none", "message", "signal", "multiple"):
        file = diagram(
            start(), user("w"), _fork("x", "e"), _x("intermediateThrowEvent", kind), user("a"),
            end(), chain("s", "w", "g"), chain("x", "a", "e"),
        )  # fmt: skip
        yield (
            (kind, Position.THROW),
            Proof(file, "w:go=yes", "a", "w:go=no", ".", THROWN.get(kind, ())),
        )
    inner = (
        start("s1") + user("w") + _fork("x", "e1") + _x("intermediateThrowEvent", "escalation")
        + user("a") + end("e1") + chain("s1", "w", "g") + chain("x", "a", "e1")
    )  # fmt: skip
    yield (
        ("escalation", Position.THROW),
        Proof(_caught(inner, ESCALATION, interrupts=False), "w:go=yes", "a told", "w:go=no", "z"),
    )
    file = diagram(
        start(), user("w"), *_undone("w"), _fork("x", "e"), user("a"), end(),
        _x("intermediateThrowEvent", "compensate"), chain("s", "w", "g"), chain("x", "a", "e"),
    )  # fmt: skip
    yield ("compensate", Position.THROW), Proof(file, "w:go=yes undo", "a", "w:go=no", ".")


def _caught(
    inner: str, definition: str, *, interrupts: bool = True, tag: str = "subProcess"
) -> bytes:
    """Return a scope `sub` with a boundary event that leads to `told`; else `z` follows."""
    return diagram(
        start(), node(tag, "sub", inner), boundary("b", "sub", definition, interrupts=interrupts),
        user("told", "z"), end(), end("e2"), chain("s", "sub", "z", "e"), chain("b", "told", "e2"),
    )  # fmt: skip


def _undone(host: str, event: str = "undoing") -> tuple[str, ...]:
    """Return a compensation event at `host` and the work `undo` that it leads to."""
    return (
        boundary(event, host, COMPENSATE),
        node("userTask", "undo", isForCompensation="true"),
        f'<association id="joined" sourceRef="{event}" targetRef="undo"/>',
    )


def _boundaries() -> Iterator[tuple[Cell, Proof]]:
    """x stands at the border of t; where t is done first, x is no longer waited for."""
    for interrupts in (True, False):
        position = Position.BOUNDARY if interrupts else Position.BOUNDARY_NON_INTERRUPTING
        cancels = "true" if interrupts else "false"
        gone = frozenset({"t"} if interrupts else ())
        for kind, word in BRINGS.items():
            file = diagram(
                start(), user("t", "z", "a"), end(), end("e2"), chain("s", "t", "z", "e"),
                _x("boundaryEvent", kind, attachedToRef="t", cancelActivity=cancels),
                chain("x", "a", "e2"),
            )  # fmt: skip
            then = "a" if interrupts else "t a"
            missed = MISSES[kind] + " t"
            yield (kind, position), Proof(file, word, then, missed, "z", cancelled=gone)
        inner = (
            start("s1") + user("w") + _fork("t", "v") + user("v") + end("e1")
            + node("intermediateThrowEvent", "t", ESCALATION) + chain("s1", "w", "g")
            + chain("t", "v", "e1")
        )  # fmt: skip
        file = _caught(inner, ESCALATION, interrupts=interrupts).replace(b'"b"', b'"x"')
        then = "told" if interrupts else "v told"
        yield ("escalation", position), Proof(file, "w:go=yes", then, "w:go=no", "v")
    file = diagram(
        start(), user("t", "z", "a"), end(), end("e2"), chain("s", "t", "z", "e"),
        _x("boundaryEvent", "error", attachedToRef="t"), chain("x", "a", "e2"),
    )  # fmt: skip
    yield (
        ("error", Position.BOUNDARY),
        Proof(file, "#t", "a", "t", "z", cancelled=frozenset({"t"})),
    )
    inner = (
        start("s1") + user("w") + _fork("c", "e1") + end("c", CANCEL) + end("e1")
        + chain("s1", "w", "g")
    )  # fmt: skip
    file = _caught(inner, CANCEL, tag="transaction").replace(b'"b"', b'"x"')
    yield ("cancel", Position.BOUNDARY), Proof(file, "w:go=yes", "told", "w:go=no", "z")
    file = diagram(
        start(), user("t"), *_undone("t", "x"), user("w"), _fork("c", "e"), end(),
        end("c", COMPENSATE), chain("s", "t", "w", "g"),
    )  # fmt: skip
    yield (
        ("compensate", Position.BOUNDARY),
        Proof(file, "t w:go=yes", "undo", "t w:go=no", ".", mark="undo"),
    )


def _ends() -> Iterator[tuple[Cell, Proof]]:
    """A token that comes to x throws and is over."""
    for kind in ("none", "message", "signal", "multiple"):
        file = diagram(
            start(), user("w"), _fork("x", "e"), _x("endEvent", kind), end(), chain("s", "w", "g")
        )
        yield (
            (kind, Position.END),
            Proof(file, "w:go=yes", ".", "w:go=no", ".", THROWN.get(kind, ())),
        )
    for kind, definition, tag in (
        ("error", ERROR, "subProcess"),
        ("escalation", ESCALATION, "subProcess"),
        ("cancel", CANCEL, "transaction"),
    ):
        inner = (
            start("s1") + user("w") + _fork("x", "e1") + _x("endEvent", kind) + end("e1")
            + chain("s1", "w", "g")
        )  # fmt: skip
        file = _caught(inner, definition, tag=tag)
        yield (kind, Position.END), Proof(file, "w:go=yes", "told", "w:go=no", "z")
    file = diagram(
        start(), user("w"), *_undone("w"), _fork("x", "e"), end(), _x("endEvent", "compensate"),
        chain("s", "w", "g"),
    )  # fmt: skip
    yield ("compensate", Position.END), Proof(file, "w:go=yes undo", ".", "w:go=no", ".")
    file = diagram(
        start(), node("parallelGateway", "f"), user("w", "p"), _fork("x", "e"), end(),
        _x("endEvent", "terminate"), chain("s", "f", "w", "g"), chain("f", "p", "e"),
    )  # fmt: skip
    yield (
        ("terminate", Position.END),
        Proof(file, "w:go=yes", ".", "w:go=no", "p", cancelled=frozenset({"p"})),
    )
