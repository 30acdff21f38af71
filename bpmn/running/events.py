"""Events: catching, throwing, ending."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bpmn import feel
from bpmn.running.firing import deliver, raise_error, raise_escalation
from bpmn.running.formulas import Formula
from bpmn.running.levels import Run
from bpmn.running.mapping import Bound, close_inputs, open_inputs
from bpmn.running.nodes import Node, cancel, scope_of
from bpmn.running.step import Target, Thrown
from bpmn.running.tokens import WAITING, Token, put
from bpmn.running.triggers import listen
from bpmn.running.waits import Role, WaitKind


@dataclass(frozen=True, slots=True)
class Passed:
    """A `camunda:in` or `camunda:out`, or an output parameter of an event.

    Attributes:
        source: The variable read, or "".
        formula: The expression read instead, or None.
        target: The variable written; "" where all pass.
        everything: All visible variables pass.
        local: Only the innermost scope is read.
    """

    source: str
    formula: Formula | None
    target: str
    everything: bool = False
    local: bool = False

    def read(
        self, run: Run, scope: str, extra: dict[str, object] | None = None
    ) -> dict[str, object]:
        """Return what passes, under the names by which it arrives."""
        if self.formula is not None:
            return {self.target: self.formula.stored(run, scope, extra)}
        seen = dict(run.scopes.own(scope)) if self.local else run.scopes.visible(scope)
        seen.update(extra or {})
        return seen if self.everything else {self.target: seen.get(self.source)}


class Catching(Node):
    """An event that something must happen for.

    Attributes:
        result: The variable that takes the whole payload of a message, or "".
        received: What is mapped out of the payload.
        inputs: Those of an intermediate event, which its timer or condition may read.
        outputs: They see the payload and the inputs.
    """

    result = ""
    received: tuple[Passed, ...] = ()
    inputs: tuple[Bound, ...] = ()
    outputs: tuple[Bound, ...] = ()

    def enter(self, run: Run, task: Token) -> bool:
        """Wait, unless it has fired already."""
        if task.internal_data.pop("fired", False):
            return True
        open_inputs(run, task, self.inputs)
        if not self.triggers:
            self.receive(run, scope_of(task), {})
            return True
        listen(run, task, Role.CATCH, self, scope_of(task))
        put(task, WAITING)
        return False

    def leave(self, run: Run, task: Token) -> None:
        """Close the token's own scope."""
        super().leave(run, task)
        close_inputs(run, task, ())

    def receive(self, run: Run, scope: str, payload: Mapping[str, object]) -> None:
        """Write what came with the event to the variables that the diagram names for it."""
        extra = dict(payload)
        if self.outputs:
            values = {each.name: each.value(run, scope, extra) for each in self.outputs}
            outer = run.scopes.get(scope).parent if self.inputs else None
            run.scopes.write(outer or scope, values)
        for passed in self.received:
            run.scopes.write(scope, passed.read(run, scope, extra))
        if self.result:
            run.scopes.write(scope, {self.result: extra})
        for trigger in self.triggers:
            if trigger.code_variable and "code" in extra:
                run.scopes.write(scope, {trigger.code_variable: extra["code"]})
            if trigger.message_variable and "message" in extra:
                run.scopes.write(scope, {trigger.message_variable: extra["message"]})


@dataclass(frozen=True, slots=True)
class Throw:
    """One event definition of a throwing event.

    Attributes:
        kind: As `EventDefinition.kind`.
        name: The name of a message or signal; the code of an error or escalation.
    """

    kind: str
    name: str


class Throwing(Node):
    """An intermediate throw or an end event.

    Attributes:
        carried: What its message or signal carries.
        key: The business key that its message is correlated by, or None.
        inputs, outputs: Its parameters; a message or signal carries the inputs.
        targets: Where its message flows lead.
    """

    thrown: tuple[Throw, ...] = ()
    carried: tuple[Passed, ...] = ()
    key: Formula | None = None
    inputs: tuple[Bound, ...] = ()
    outputs: tuple[Bound, ...] = ()
    targets: tuple[Target, ...] = ()

    def enter(self, run: Run, task: Token) -> bool:
        """Open the token's own scope."""
        open_inputs(run, task, self.inputs)
        return True

    def act(self, run: Run, task: Token) -> None:
        """Let messages and signals leave; all else waits until the token is complete."""
        local = [each.name for each in self.inputs]
        for throw in self.thrown:
            if throw.kind in ("message", "signal"):
                payload = publish(run, task, throw.kind, throw.name, local)
                task.internal_data.setdefault("thrown", {})[throw.name] = payload

    def leave(self, run: Run, task: Token) -> None:
        """Map the outputs."""
        super().leave(run, task)
        close_inputs(run, task, self.outputs)

    def throw(self, run: Run, task: Token) -> None:
        """Throw what acts on the instance itself: signals, escalations, errors, the end."""
        for throw in self.thrown:
            match throw.kind:
                case "signal":
                    payload = task.internal_data["thrown"][throw.name]
                    deliver(run, WaitKind.SIGNAL, throw.name, payload)
                case "escalation":
                    raise_escalation(run, task, throw.name)
                case "error":
                    raise_error(run, task, throw.name, "", at_host=False)
                case "terminate":
                    for token in reversed(list(task.workflow.tokens())):
                        cancel(run, token)


def publish(run: Run, task: Token, kind: str, name: str, local: Iterable[str]) -> dict[str, object]:
    """Note what leaves the instance, with what is mapped explicitly; return the payload."""
    node = task.task_spec
    scope = scope_of(task)
    payload: dict[str, object] = {}
    own = run.scopes.own(scope)
    payload.update({key: own[key] for key in local if key in own})
    for passed in getattr(node, "carried", ()):
        payload.update(passed.read(run, scope))
    key: Formula | None = getattr(node, "key", None)
    named = node.properties.get("correlation")
    correlation = key.value(run, scope) if key is not None else None
    if key is None and named is not None:
        correlation = named.shown(run, scope) or None
    run.journal.thrown.append(
        Thrown(
            kind,
            name,
            payload,
            node.element.process,
            node.element.id,
            correlation
            if correlation is None or isinstance(correlation, str)
            else feel.to_text(correlation),
            getattr(node, "targets", ()),
        )
    )
    return payload
