"""What goes into a step and what comes out of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from bpmn import dmn, feel

BEIJING = ZoneInfo("Asia/Shanghai")


def _nothing() -> Mapping[str, Any]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Element:
    """A node of a process, as it was drawn.

    Attributes:
        type: The local name of its BPMN element, such as 'userTask'.
        lane: The innermost named lane, or "".
        properties: `camunda:property`, value by name, as written.
        camunda: The extension attributes, value by local name, as written.
        called_element: The process that a call activity calls, or "".
    """

    id: str
    process: str
    type: str
    name: str
    lane: str
    documentation: str
    properties: Mapping[str, str]
    camunda: Mapping[str, str]
    called_element: str


@dataclass(frozen=True, slots=True)
class Beginning:
    """A start event of the process.

    Attributes:
        element: Its id.
        kind: 'none', or what it waits for: 'message', 'timer', 'signal' or 'conditional'.
        name: The name of the message or signal, or "".
        text: The timer's literal, expression or `deadline("KEY")`, or the condition, or "".
    """

    element: str
    kind: str
    name: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class World:
    """What a run is told about the world outside; it looks at nothing else.

    Attributes:
        now: The clock; it answers with an aware instant.
        functions: Host functions beside FEEL's own, such as `deadline` and `workdays`.
        zone: The civil time in which dates and months of timers are counted.
        called: Variables to put into the scope of a process that is called, given the call
            activity; what the diagram maps in by name goes before them.
    """

    now: Callable[[], datetime]
    functions: Mapping[str, Any] = field(default_factory=_nothing)
    zone: ZoneInfo = BEIJING
    called: Callable[[Element], Mapping[str, object]] | None = None


class ItemKind(StrEnum):
    """Who an item waits for."""

    USER = "user"
    MANUAL = "manual"
    EXTERNAL = "external"


@dataclass(frozen=True, slots=True)
class Item:
    """A task that waits for somebody.

    Attributes:
        id: Stable over reloads; unique in its instance.
        priority: As it was drawn, evaluated; None where nothing was.
        topic: The topic of an external task.
        properties: Evaluated when the item opened; those of the enclosing call activities
            are inherited, the inner one wins.
        callers: The ids of the enclosing call activities, outermost first.
        loop: Which of how many, counted from 1, in a multi-instance activity.
    """

    id: str
    process: str
    element: str
    name: str
    lane: str
    kind: ItemKind
    candidate_groups: tuple[str, ...] = ()
    candidate_users: tuple[str, ...] = ()
    assignee: str | None = None
    form_ref: str | None = None
    priority: str | None = None
    topic: str | None = None
    properties: Mapping[str, str] = field(default_factory=_nothing)
    callers: tuple[str, ...] = ()
    loop: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Timer:
    """A timer that began to wait; its instant is for the caller to keep.

    Attributes:
        deadline: The key of a deadline, when the expression is `deadline("KEY")` alone.
        due_at: Aware, UTC; None when `deadline` says it.
        repeat: The ISO 8601 cycle as evaluated, or None. Each turn arms a new timer.
    """

    id: str
    process: str
    element: str
    deadline: str | None
    due_at: datetime | None
    repeat: str | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """Where a message flow leads.

    Attributes:
        participant: The pool's id; "" where the process has none.
        process: Its process, or "" where the pool is closed.
        element: The node in it, or "" where the flow ends at the pool.
    """

    participant: str
    process: str
    element: str


@dataclass(frozen=True, slots=True)
class Thrown:
    """A message or a signal that left the instance.

    Attributes:
        kind: 'message' or 'signal'. A signal was also delivered within the instance.
        payload: Only what the diagram maps explicitly.
        correlation: The business key that the diagram maps, or None.
        targets: Where the message flows lead that are drawn from the element.
    """

    kind: str
    name: str
    payload: Mapping[str, object]
    process: str
    element: str
    correlation: str | None = None
    targets: tuple[Target, ...] = ()


@dataclass(frozen=True, slots=True)
class Awaited:
    """A message or a signal that the instance waits for.

    Attributes:
        correlation: What a message must be correlated by, as the property `correlation` of the
            element gives it now; None where it names none, "" where it gives none yet.
    """

    kind: str
    name: str
    process: str
    element: str
    correlation: str | None = None


@dataclass(frozen=True, slots=True)
class DecisionMade:
    """A decision that a business rule task took.

    Attributes:
        file: The decision file, as the version names it.
        digest: SHA-256 of the file, hexadecimal: the version of the table.
        inputs: What was read of the variables, by name, and no more.
        matched: The rules that matched, of the decision and of those that it needed.
        results: What the decisions gave that it needed, by id.
        output: The value that went into the result variable.
        warnings: What gave null on the way; lines are those of the file.
    """

    process: str
    element: str
    decision: str
    file: str
    digest: str
    inputs: Mapping[str, object]
    matched: tuple[dmn.MatchedRule, ...]
    results: Mapping[str, object]
    output: object
    warnings: tuple[feel.Warned, ...]


@dataclass(frozen=True, slots=True)
class ExpressionWarned:
    """An expression of the diagram of which something gave null by a semantic error.

    Attributes:
        text: The expression, as it was written.
        warnings: What gave null; lines and columns are those of the expression.
    """

    process: str
    element: str
    text: str
    warnings: tuple[feel.Warned, ...]


class Held(StrEnum):
    """At which moment something failed: there it is tried again."""

    ENTERING = "entering"  # a token came to a node and could not begin
    ACTING = "acting"  # what the node does, or the choice of the way on
    WORKING = "working"  # somebody's work ended in an error that nothing catches


class TraceEvent(StrEnum):
    """What happened to an element."""

    ENTERED = "entered"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    FIRED = "fired"
    TAKEN = "taken"


@dataclass(frozen=True, slots=True)
class Trace:
    """One thing that happened in a step.

    Attributes:
        element: The id of a node, or of a flow that was taken.
        token: The id of the token; that of the item where the element is one.
        callers: The ids of the enclosing call activities, outermost first.
        properties: The element's properties with the values that begin with `=` evaluated at
            this moment. An activity that runs several times has them once, as a whole.
        variables: What was visible at this moment; only for elements that have properties.
    """

    process: str
    element: str
    event: TraceEvent
    token: str = ""
    callers: tuple[str, ...] = ()
    properties: Mapping[str, str] = field(default_factory=_nothing)
    variables: Mapping[str, object] = field(default_factory=_nothing)


@dataclass(frozen=True, slots=True)
class Incident:
    """Something in the diagram or its data that failed.

    Attributes:
        zh: What, where and why, in Chinese.
        en: The same in English.
        id: By which it is tried again, while the instance keeps it; "" where nothing is kept.
        at: When it happened; aware. None where nothing is kept.
        retries: How often the platform may still try again by itself.
        held: What failed, while the instance keeps it.
    """

    process: str
    element: str
    zh: str
    en: str
    id: str = ""
    at: datetime | None = None
    retries: int = 0
    held: Held | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """The outcome of one step: the instance has run until it waits, or is over.

    Attributes:
        state: The first byte is the version of the format; never holds the definition.
        awaited: All that is waited for after the step.
        trace: In order.
        ended: The ids of the end events that the process reached in its life, once it is over;
            empty while it lives. It is over without an end event when its last token ended at
            an element without outgoing flow: then the id of that element stands here.
        incidents: What failed and is held where it stands, while all else went on; only with
            `keep_incidents`.
        settled: The ids of the incidents that are over: tried again, or withdrawn.
        warned: Expressions of which something gave null, each once; at most 100.
        variables: The process's own scope after the step.
    """

    state: bytes
    opened: tuple[Item, ...]
    withdrawn: tuple[str, ...]
    armed: tuple[Timer, ...]
    disarmed: tuple[str, ...]
    thrown: tuple[Thrown, ...]
    awaited: tuple[Awaited, ...]
    decisions: tuple[DecisionMade, ...]
    trace: tuple[Trace, ...]
    ended: tuple[str, ...]
    incidents: tuple[Incident, ...]
    settled: tuple[str, ...]
    warned: tuple[ExpressionWarned, ...]
    variables: Mapping[str, object]
