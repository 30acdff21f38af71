"""Inputs and outputs of activities and events: a scope of the token's own, and what leaves it.

Source: Camunda 7, Input/Output Variable Mapping; OMG BPMN 2.0.2, 10.4.2 for data associations.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from bpmn.running.data import Copied
from bpmn.running.formulas import Text
from bpmn.running.levels import Run
from bpmn.running.nodes import scope_of
from bpmn.running.tokens import Token


@dataclass(frozen=True, slots=True)
class Mapped:
    """A `camunda:inputParameter` or `camunda:outputParameter`.

    Attributes:
        parts: The texts of a list, by position, or of a map, by key; None for a single text.
    """

    name: str
    text: Text | None
    parts: Mapping[str, Text] | None = None
    is_list: bool = False

    def value(self, run: Run, scope: str, extra: dict[str, object] | None = None) -> object:
        """Return the value in `scope`, where `extra` hides what has the same name."""
        if self.parts is None:
            return self.text.stored(run, scope, extra) if self.text is not None else None
        values = {key: text.stored(run, scope, extra) for key, text in self.parts.items()}
        return list(values.values()) if self.is_list else values


Bound: TypeAlias = Mapped | Copied
"""A parameter, or a data association."""


def open_inputs(run: Run, task: Token, inputs: Sequence[Bound]) -> None:
    """Give the token a scope of its own that declares its inputs, where it has any."""
    if not inputs:
        return
    outer = scope_of(task)
    task.internal_data["outer"] = outer
    task.internal_data["scope"] = task.id
    if task.id not in run.scopes:
        run.scopes.open(task.id, outer)
    for mapped in inputs:
        run.scopes.declare(task.id, {mapped.name: mapped.value(run, task.id)})


def close_inputs(run: Run, task: Token, outputs: Iterable[Bound]) -> None:
    """Write the outputs to the scope around, and close the token's own."""
    inner, outer = scope_of(task), task.internal_data.pop("outer", None)
    values = {mapped.name: mapped.value(run, inner) for mapped in outputs}
    if values:
        run.scopes.write(outer if outer is not None else inner, values)
    if outer is not None and task.task_spec.wrapper is None:
        run.scopes.close(task.id)
        task.internal_data["scope"] = outer
