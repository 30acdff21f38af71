"""A definition: all files of a version, read, rewritten and built once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from types import MappingProxyType
from typing import Any

from bpmn import dmn
from bpmn.findings import DiagramRefused, Finding, Severity
from bpmn.reading import Diagram, read_diagram
from bpmn.rewriting import Rewritten, rewrite
from bpmn.running.building import build
from bpmn.running.nodes import Plan
from bpmn.running.parts import EARLY
from bpmn.running.state import FORMAT
from bpmn.running.step import Beginning, Element
from bpmn.running.timing import Length, read_length

_CACHED = 256


@dataclass(frozen=True, slots=True)
class Definition:
    """What runs: immutable, shared between threads, never changed by running.

    Attributes:
        key: SHA-256 over the sources and the version of the state's format, hexadecimal.
        elements: By process id and element id, of the process and all that it calls.
        start_messages: The messages that begin the process, in document order.
        beginnings: All start events of the process; who keeps time and signals begins an
            instance at one with `start(…, at=element)`.
        early_for: How long a message that came before it was waited for is kept, by its name, as
            the property `earlyFor` of the catching element says.
        decisions: The decision models of the version, by decision id.
        diagrams: The diagrams of the version by process id, as they were drawn.
    """

    key: str
    process_id: str
    elements: Mapping[tuple[str, str], Element]
    start_messages: tuple[str, ...]
    beginnings: tuple[Beginning, ...]
    early_for: Mapping[str, Length]
    decisions: Mapping[str, Any]
    diagrams: Mapping[str, Diagram]
    plans: Mapping[str, Plan] = field(repr=False)


def compile_definition(files: Mapping[str, bytes], process_id: str) -> Definition:
    """Return the definition of `process_id`; the same sources give the same object.

    Args:
        files: The bytes of every `.bpmn` and `.dmn` of the version by name: the procedure's own
            and the shared ones that it calls. Other files are passed over.
        process_id: The id of the process that a case runs.

    Raises:
        DiagramRefused: A file cannot be read, or something would not run as drawn.
    """
    sources = tuple(
        sorted((name, bytes(c)) for name, c in files.items() if name.endswith((".bpmn", ".dmn")))
    )
    return _compiled(sources, process_id)


@lru_cache(maxsize=_CACHED)
def _compiled(sources: tuple[tuple[str, bytes], ...], process_id: str) -> Definition:
    findings: list[Finding] = []
    rewritten = _read(sources, findings)
    models = _decisions(sources, findings)
    homes = {process for each in rewritten for process in each.diagram.processes}
    if not findings and process_id not in homes:
        findings.append(
            Finding(
                Severity.ERROR,
                "unresolved-reference",
                ", ".join(name for name, _ in sources),
                process_id,
                0,
                f"文件中没有流程“{process_id}”。流程的 id 须与文件夹的 id 一致。",
                f"No file holds the process {process_id!r}. Its id must be the folder's.",
            )
        )
    if findings:
        raise DiagramRefused(findings)
    built = build(rewritten, models, process_id)
    if built.findings:
        raise DiagramRefused(built.findings)
    return Definition(
        key=_key(sources, process_id),
        process_id=process_id,
        elements=MappingProxyType(built.elements),
        start_messages=tuple(built.plans[process_id].messages),
        beginnings=tuple(_beginnings(built.plans[process_id])),
        early_for=MappingProxyType(_early(built.plans)),
        decisions=MappingProxyType(models),
        diagrams=MappingProxyType(
            {process: each.drawn for each in rewritten for process in each.diagram.processes}
        ),
        plans=MappingProxyType(built.plans),
    )


def _early(plans: Mapping[str, Plan]) -> dict[str, Length]:
    """Return the longest time for each message; its text was checked when it was built."""
    found: dict[str, Length] = {}
    for plan in plans.values():
        for node in plan.task_specs.values():
            text = getattr(node, "properties", {}).get(EARLY)
            if text is None:
                continue
            length = read_length(text.text)
            for trigger in node.triggers:
                known = found.get(trigger.name, length)
                found[trigger.name] = max(known, length, key=lambda each: (each.months, each.exact))
    return found


def _beginnings(plan: Plan) -> Iterator[Beginning]:
    for element, name in plan.events.items():
        triggers = plan.task_specs[name].triggers
        if not triggers:
            yield Beginning(element, "none")
        for t in triggers:
            text = t.literal or (t.formula.text if t.formula is not None else "")
            if t.deadline is not None:
                text = f'deadline("{t.deadline}")'
            yield Beginning(element, t.kind, t.name, text)


def _read(sources: tuple[tuple[str, bytes], ...], findings: list[Finding]) -> list[Rewritten]:
    rewritten: list[Rewritten] = []
    homes: dict[str, str] = {}
    for name, content in sources:
        if not name.endswith(".bpmn"):
            continue
        try:
            diagram = read_diagram(content, name=name)
            rewritten.append(rewrite(diagram))
        except DiagramRefused as refused:
            findings.extend(refused.findings)
            continue
        for process in diagram.processes.values():
            if process.id in homes:
                findings.append(
                    Finding(
                        Severity.ERROR,
                        "duplicate-id",
                        name,
                        process.id,
                        process.line,
                        f"流程 id“{process.id}”在 {homes[process.id]} 中已有。请改其中一个。",
                        f"The process id {process.id!r} is in {homes[process.id]} already. "
                        "Rename one of them.",
                    )
                )
            homes[process.id] = name
    return rewritten


def _decisions(
    sources: tuple[tuple[str, bytes], ...], findings: list[Finding]
) -> dict[str, dmn.DecisionModel]:
    models: dict[str, dmn.DecisionModel] = {}
    tables = {name: content for name, content in sources if name.endswith(".dmn")}
    for name, content in tables.items():
        others = {other: text for other, text in tables.items() if other != name}
        try:
            model = dmn.read_decisions(content, name=name, imports=others)
        except dmn.DecisionRefused as refused:
            findings.extend(refused.findings)
            continue
        models.update({decision.id: model for decision in model.decisions.values()})
    return models


def _key(sources: tuple[tuple[str, bytes], ...], process_id: str) -> str:
    digest = sha256(f"{FORMAT}\n{process_id}\n".encode())
    for name, content in sources:
        digest.update(f"{name}\n{sha256(content).hexdigest()}\n".encode())
    return digest.hexdigest()
