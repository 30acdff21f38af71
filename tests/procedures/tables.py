"""The decision tables of a procedure's folder, asked one row after another."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bpmn.dmn import DecisionModel, Outcome, read_decisions

PROCESSES = Path(__file__).parents[2] / "processes"


@cache
def _read(path: Path) -> DecisionModel:
    return read_decisions(path.read_bytes(), name=path.name)


@dataclass(frozen=True)
class Tables:
    """The tables of one folder.

    Attributes:
        folder: Below `processes`.
    """

    folder: str

    def model(self, file: str) -> DecisionModel:
        """Return the decisions of a file, which is read once."""
        return _read(PROCESSES / self.folder / file)

    def taken(self, file: str, decision: str, **inputs: Any) -> Outcome:
        """Take a decision; whatever it reads that is not given is null, as an empty field is."""
        model = self.model(file)
        given = {one.name: None for one in model.inputs}
        return model.evaluate(decision, {**given, **inputs})

    def rules(self) -> dict[str, Any]:
        """Return the folder's `procedure.yaml`."""
        path = PROCESSES / self.folder / "procedure.yaml"
        found: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
        return found


def grounds(outcome: Outcome) -> list[str]:
    """Return what the rules that matched cite."""
    return [rule.annotation for rule in outcome.matched]
