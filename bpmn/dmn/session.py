"""One evaluation of a decision with everything that it needs."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bpmn.dmn.compiling.functions import call_function, function_of
from bpmn.dmn.compiling.models import CompiledModels
from bpmn.dmn.evaluation import Evaluation, Outcome, Scope
from bpmn.dmn.graph import Key
from bpmn.dmn.item_types import MISMATCH, Value
from bpmn.dmn.nodes import Decision, DecisionService, InputData, KnowledgeModel, Reference, Table
from bpmn.feel import Environment, Function, Warned, normalise


@dataclass(slots=True)
class Session:
    """The state of one evaluation; each value is found once.

    Attributes:
        models: What can be evaluated.
        run: What is counted and noted.
        given: All inputs, by name.
        free: Those that no element declares; every expression may read them.
        values: Values of input data and decisions, and functions, by key.
        outcomes: Of the decisions that were evaluated.
        noted: What each decision warned of itself.
    """

    models: CompiledModels
    run: Evaluation
    given: Mapping[str, Value]
    free: Scope
    values: dict[Key, Value] = field(default_factory=dict)
    outcomes: dict[Key, Outcome] = field(default_factory=dict)
    noted: dict[Key, tuple[Warned, ...]] = field(default_factory=dict)

    def give(self, key: Key, value: Value) -> Value:
        """Let an element have a value, as its type wants it."""
        check = self.models[key].check
        if check is not None:
            element = self.models.graph.elements[key]
            wanted = element.variable.type_ref or ""
            value = self.run.conform(check, value, element.place, element.name, wanted)
        self.values[key] = value
        return value

    def outcome(self, key: Key) -> Outcome:
        """Return what a decision gives, after everything that it needs."""
        for needed in self.models[key].order:
            if needed not in self.values:
                self._decide(needed)
        return self.outcomes[key]

    def serve(self, key: Key, service: DecisionService) -> Value:
        """Return what a service gives: its only output, or a context of them."""
        elements = self.models.graph.elements
        matched = self.run.matched
        made = {}
        for reference in service.outputs:
            outcome = self.outcome(reference.key)
            made[elements[reference.key].variable.name] = outcome.value
            matched = [*matched, *outcome.matched]
        self.run.matched = matched
        value: Value = next(iter(made.values())) if len(made) == 1 else made
        check = self.models[key].check
        if check is None:
            return value
        wanted = service.variable.type_ref or ""
        return self.run.conform(check, value, service.place, service.name, wanted)

    def call(self, key: Key, model: KnowledgeModel) -> Value:
        """Return what a business knowledge model gives for the given values, by name."""
        function = self._function(key, model)
        if function is None:
            return None
        names = [one.name for one in self.models.parameters(model)]
        return call_function(
            function, {name: self.given.get(name) for name in names}, model.place, self.run
        )

    def _decide(self, key: Key) -> None:
        decision = self.models.graph.elements[key]
        if not isinstance(decision, Decision):
            raise TypeError(decision)
        compiled = self.models[key]
        run = self.run
        run.matched = []
        before = len(run.warnings)
        scope = self.free
        inputs = {name: scope[name] for name in compiled.reads if name in scope}
        if decision.requires or decision.knowledge:
            scope = dict(scope)
            self._fill(scope, key[0], (*decision.requires, *decision.knowledge))
        value = compiled.code(scope, run) if compiled.code else self._handed_over(decision)
        value = self.give(key, value)
        for reference in decision.requires:
            target = self.models.graph.elements[reference.key]
            if isinstance(target, InputData):
                inputs[target.name] = self.values[reference.key]
        if len(run.warnings) > before:
            self.noted[key] = tuple(run.warnings[before:])
        self.outcomes[key] = Outcome(
            decision=decision.id,
            value=value,
            rows=(
                run.rows
                if isinstance(decision.logic, Table)
                else ({decision.variable.name: value},)
            ),
            matched=tuple(run.matched),
            inputs=inputs,
            warnings=self._noted(compiled.order) if self.noted else (),
            required=self._required(decision) if decision.requires else (),
        )

    def _noted(self, order: tuple[Key, ...]) -> tuple[Warned, ...]:
        return tuple(warned for one in order for warned in self.noted.get(one, ()))

    def _required(self, decision: Decision) -> tuple[Outcome, ...]:
        found = self.outcomes
        return tuple(found[one.key] for one in decision.requires if one.key in found)

    def _handed_over(self, decision: Decision) -> Value:
        """Return the value given for a decision without logic: somebody else decides it."""
        if decision.name not in self.given:
            self.run.warn(
                "dmn-no-logic",
                decision.place,
                f"决策“{decision.name}”没有决策逻辑，也没有给出结果，按空值处理。",
                f"The decision {decision.name!r} has no logic, and no result was given for it; "
                "it counts as null.",
            )
        return self.given.get(decision.name)

    def _fill(self, scope: Scope, space: str, found: tuple[Reference, ...]) -> None:
        """Put what an element requires into its scope, imported things under the import's name."""
        graph = self.models.graph
        for reference in found:
            value = self._value(reference.key)
            name = graph.elements[reference.key].variable.name
            prefix = (
                "" if reference.namespace == space else graph.prefixes[space][reference.namespace]
            )
            if prefix:
                scope[prefix] = {**scope.get(prefix, {}), name: value}
            else:
                scope[name] = value

    def _value(self, key: Key) -> Value:
        if key not in self.values:
            match self.models.graph.elements[key]:
                case KnowledgeModel() as model:
                    self.values[key] = self._function(key, model)
                case DecisionService() as service:
                    self.values[key] = self._service(key, service)
                case InputData() as data:
                    self._input(key, data)
                case decision:
                    raise AssertionError(decision)  # decisions are evaluated in order before
        return self.values[key]

    def _input(self, key: Key, data: InputData) -> None:
        qualified = f"{{{key[0]}}}{data.name}"
        chosen = qualified if qualified in self.given else data.name
        if chosen not in self.given:
            self.run.warn(
                "dmn-missing-input",
                data.place,
                f"没有给出输入“{data.name}”，按空值处理。",
                f"The input {data.name!r} was not given; it counts as null.",
            )
        self.give(key, self.given.get(chosen))

    def _function(self, key: Key, model: KnowledgeModel) -> Function | None:
        code = self.models[key].code
        if code is None:
            return None
        scope: Scope = {}
        self._fill(scope, key[0], tuple(one for one in model.knowledge if one.key != key))
        made: Function = code(scope, self.run)
        # It is closed over this scope, and so finds itself there when it calls itself.
        scope[model.variable.name] = made
        return made

    def _service(self, key: Key, service: DecisionService) -> Function:
        references = (*service.input_data, *service.input_decisions)
        names = [one.name for one in self.models.parameters(service)]

        def call(arguments: list[Value]) -> Value:
            inner = Session(self.models, self.run, {}, {})
            for reference, argument in zip(references, arguments, strict=True):
                check = self.models[reference.key].check
                inner.give(reference.key, argument)
                if check is not None and check(argument, self.run.env) is MISMATCH:
                    return None
            return inner.serve(key, service)

        return function_of(service.name, names, call)


def session_of(
    models: CompiledModels, inputs: Mapping[str, object], declared: frozenset[str], env: Environment
) -> Session:
    """Return a new evaluation.

    Args:
        models: What can be evaluated.
        inputs: Values by name, as the host has them.
        declared: Names of elements, which are not free.
        env: Clock, zone, functions and bounds.
    """
    given = {name: normalise(value) for name, value in inputs.items()}
    free = given
    if not declared.isdisjoint(given):
        free = {name: value for name, value in given.items() if name not in declared}
    if models.memberships:
        env = replace(env, types={**env.types, **models.memberships})
    return Session(models, Evaluation(env), given, free)
