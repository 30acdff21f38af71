"""What the record keeps of a decision that was taken: enough to say years later why it fell so."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bpmn.dmn.evaluation import MatchedRule, Outcome
from bpmn.dmn.item_types import Value
from bpmn.dmn.model import DecisionModel
from bpmn.feel import Warned


@dataclass(frozen=True, slots=True)
class Consulted:
    """A decision that was taken, with those that it needed.

    Attributes:
        file: The decision file.
        digest: SHA-256 of the file, hexadecimal: its version.
        inputs: By name, what was read and no more: of a context only the components that some
            expression of the decision reads, of an input that none reads nothing.
        matched: The rules that matched, in the order of evaluation; each names its decision.
        results: What the decisions gave that this one needed, by id.
        warnings: What gave null on the way.
    """

    file: str
    digest: str
    inputs: Mapping[str, Value]
    matched: tuple[MatchedRule, ...]
    results: Mapping[str, Value]
    warnings: tuple[Warned, ...]


def consulted(model: DecisionModel, outcome: Outcome) -> Consulted:
    """Return what the record keeps of an outcome that `model` gave."""
    found = {one.decision: one for one in _all(outcome)}
    read = {name: value for one in found.values() for name, value in one.inputs.items()}
    parts = model.parts(outcome.decision)
    return Consulted(
        file=model.file,
        digest=model.digest,
        inputs={
            name: _kept(value, parts.get(name))
            for name, value in read.items()
            if name in parts or model.imports
        },
        matched=tuple(rule for one in found.values() for rule in one.matched),
        results={one.decision: one.value for one in found.values() if one is not outcome},
        warnings=outcome.warnings,
    )


def _all(outcome: Outcome) -> Iterator[Outcome]:
    """Yield an outcome after those that it needed."""
    for one in outcome.required:
        yield from _all(one)
    yield outcome


def _kept(value: Value, parts: frozenset[str] | None) -> Value:
    if parts is None:
        return value
    if isinstance(value, dict):
        return {key: one for key, one in value.items() if key in parts}
    if isinstance(value, list):
        return [_kept(one, parts) for one in value]
    return value
