"""A decision model: decisions that can be evaluated, with everything that they need."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from hashlib import sha256
from typing import Generic, TypeVar

from bpmn.dmn.compiling.compiler import merge_parts
from bpmn.dmn.compiling.models import CompiledModels
from bpmn.dmn.evaluation import Outcome
from bpmn.dmn.graph import Graph, link
from bpmn.dmn.item_types import Types
from bpmn.dmn.nodes import Decision, DecisionId, DecisionService, InputData, KnowledgeModel
from bpmn.dmn.reading import read_files
from bpmn.dmn.refusals import Findings
from bpmn.dmn.session import session_of
from bpmn.feel import PLAIN, Environment
from bpmn.feel.compiler.free import Parts
from bpmn.reading.markup import MAX_BYTES

Named = TypeVar("Named", Decision, DecisionService, KnowledgeModel)


class UnknownDecision(LookupError):
    """The model has no decision, or no service, of that id or name."""


class ById(Mapping[str, Named], Generic[Named]):
    """Elements by id, in the file's order; a name finds its element as well."""

    def __init__(self, elements: Mapping[str, Named]) -> None:
        self._by_id: Mapping[str, Named] = elements
        self._by_name: Mapping[str, Named] = {
            element.name: element for element in elements.values()
        }

    def __getitem__(self, key: str) -> Named:
        found = self._by_id.get(key) or self._by_name.get(key)
        if found is None:
            raise KeyError(key)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_id)

    def __len__(self) -> int:
        return len(self._by_id)


def read_decisions(
    content: bytes,
    *,
    name: str,
    imports: Mapping[str, bytes] | None = None,
    lenient: bool = False,
    limit: int = MAX_BYTES,
) -> "DecisionModel":
    """Return the decision model in a file of DMN 1.1 to 1.5, checked and compiled.

    The same bytes give the same model, which may be shared between threads.

    Args:
        content: The bytes as they were uploaded.
        name: The name by which findings call the file.
        imports: Files that this one imports, directly or not, by their names.
        lenient: Whether an expression that is no FEEL, or a function outside FEEL, gives null with
            a warning when it is reached, instead of refusing the file. Only the kit asks for it.
        limit: The greatest size of a file, in bytes.

    Raises:
        DecisionRefused: The file would not run as it is drawn; it says all that is wrong.
    """
    given = tuple(sorted((imports or {}).items()))
    return _read(content, name, given, lenient, limit)


@lru_cache(maxsize=128)
def _read(
    content: bytes,
    name: str,
    imports: tuple[tuple[str, bytes], ...],
    lenient: bool,  # noqa: FBT001 - a part of the key
    limit: int,
) -> "DecisionModel":
    files = read_files(content, name, dict(imports), limit=limit)
    findings = Findings(name)
    graph = link(files, findings)
    findings.refuse()
    model = DecisionModel(
        graph, files[0].namespace, findings, source=(name, content), lenient=lenient
    )
    findings.refuse()
    return model


class DecisionModel:
    """The decisions and services of one file.

    Attributes:
        file: The name by which the file was read.
        digest: SHA-256 of its bytes, hexadecimal: which version of the tables this is.
        name: The file's own name for the model.
        namespace: The namespace of its elements.
        decisions: By id, in the file's order; looked up by name as well.
        services: Decision services, likewise.
        knowledge: Business knowledge models, likewise.
        imports: Whether it imports other files.
        inputs: The input data of the file and of the files it imports, in order.
    """

    def __init__(
        self,
        graph: Graph,
        namespace: str,
        findings: Findings,
        *,
        source: tuple[str, bytes],
        lenient: bool,
    ) -> None:
        self.file, content = source
        self.digest = sha256(content).hexdigest()
        self.namespace = namespace
        self.name = graph.files[namespace].name
        own = graph.files[namespace].elements
        self.decisions: ById[Decision] = ById(
            {one.id: one for one in own if isinstance(one, Decision)}
        )
        self.services: ById[DecisionService] = ById(
            {one.id: one for one in own if isinstance(one, DecisionService)}
        )
        self.knowledge: ById[KnowledgeModel] = ById(
            {one.id: one for one in own if isinstance(one, KnowledgeModel)}
        )
        elements = graph.elements.values()
        self.inputs = tuple(one for one in elements if isinstance(one, InputData))
        self.imports = len(graph.files) > 1
        self._declared = frozenset(element.name for element in elements)
        self._models = CompiledModels(graph, namespace, findings, lenient=lenient)

    def types(self) -> Types:
        """Return the types that this file may name."""
        return self._models.types(self.namespace)

    def free_names(self, decision_id: str) -> frozenset[str]:
        """Return names that a decision, or one it needs, reads and the file does not explain.

        They are taken from the inputs: a linter can hold them against the variables of a process.

        Raises:
            UnknownDecision: There is no such decision.
        """
        decision = self.decisions.get(decision_id)
        if decision is None:
            raise UnknownDecision(decision_id)
        order = self._models[self.namespace, decision.id].order
        return frozenset(name for key in order for name in self._models[key].free)

    def parts(self, decision_id: str) -> Parts:
        """Return the names that a decision, or one it needs, reads, with the components read.

        `report.severity` reads one component of `report`; None means all of it. Whoever records
        why a decision fell records these and no more.

        Raises:
            UnknownDecision: There is no such decision.
        """
        decision = self.decisions.get(decision_id)
        if decision is None:
            raise UnknownDecision(decision_id)
        found: dict[str, frozenset[str] | None] = {}
        for key in self._models[self.namespace, decision.id].order:
            merge_parts(found, self._models[key].parts)
        return found

    def evaluate(
        self, decision_id: str, inputs: Mapping[str, object], env: Environment = PLAIN
    ) -> Outcome:
        """Return what a decision gives for these inputs, and why.

        Args:
            decision_id: Id or name of the decision.
            inputs: Values of the input data by name, and of whatever else expressions read. Input
                data of an imported file may be given as `{namespace}name` where its bare name is
                taken.
            env: Clock, zone, functions and bounds.

        Raises:
            UnknownDecision: There is no such decision.
            LimitExceeded: The evaluation went over its bounds.
        """
        decision = self.decisions.get(decision_id)
        if decision is None:
            raise UnknownDecision(decision_id)
        session = session_of(self._models, inputs, self._declared, env)
        return session.outcome((self.namespace, decision.id))

    def evaluate_service(
        self, service_id: str, inputs: Mapping[str, object], env: Environment = PLAIN
    ) -> Outcome:
        """Return what a decision service gives: its only output, or a context of its outputs.

        Args:
            service_id: Id or name of the service.
            inputs: Values of its input data and input decisions, by name.
            env: Clock, zone, functions and bounds.

        Raises:
            UnknownDecision: There is no such service.
            LimitExceeded: The evaluation went over its bounds.
        """
        service = self.services.get(service_id)
        if service is None:
            raise UnknownDecision(service_id)
        session = session_of(self._models, inputs, self._declared, env)
        for reference in (*service.input_data, *service.input_decisions):
            name = self._models.graph.elements[reference.key].name
            session.give(reference.key, session.given.get(name))
        value = session.serve((self.namespace, service.id), service)
        return Outcome(
            decision=DecisionId(service.id),
            value=value,
            rows=({service.variable.name: value},),
            matched=tuple(session.run.matched),
            inputs=dict(session.given),
            warnings=tuple(session.run.warnings),
            required=tuple(session.outcomes[one.key] for one in service.outputs),
        )

    def call(
        self, knowledge_id: str, arguments: Mapping[str, object], env: Environment = PLAIN
    ) -> Outcome:
        """Return what a business knowledge model gives for these arguments, by name.

        Args:
            knowledge_id: Id or name of the business knowledge model.
            arguments: Values of its parameters; one that is missing is null.
            env: Clock, zone, functions and bounds.

        Raises:
            UnknownDecision: There is no such model.
            LimitExceeded: The evaluation went over its bounds.
        """
        model = self.knowledge.get(knowledge_id)
        if model is None:
            raise UnknownDecision(knowledge_id)
        session = session_of(self._models, arguments, self._declared, env)
        value = session.call((self.namespace, model.id), model)
        return Outcome(
            decision=DecisionId(model.id),
            value=value,
            rows=({model.variable.name: value},),
            matched=tuple(session.run.matched),
            inputs=dict(session.given),
            warnings=tuple(session.run.warnings),
            required=(),
        )
