"""A plugin that writes down which rules of decision tables the tests of a run made match.

    pytest -p tests.procedures.lit --lit rules.json tests/procedures/test_tables_p01.py

Nothing is replaced: what `DecisionModel.evaluate` gives is handed on as it is.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from bpmn.dmn import DecisionModel, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest

_lit: set[tuple[str, str, int]] = set()
_evaluate = DecisionModel.evaluate


def _rules(outcome: Outcome) -> Iterator[tuple[str, int]]:
    for one in outcome.matched:
        yield one.decision, one.index
    for needed in outcome.required:
        yield from _rules(needed)


def _noted(self: DecisionModel, *args: object, **more: object) -> Outcome:
    outcome = _evaluate(self, *args, **more)  # type: ignore[arg-type]
    _lit.update((self.namespace, *rule) for rule in _rules(outcome))
    return outcome


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--lit`: where the rules are written."""
    parser.addoption("--lit", type=Path, required=True)


def pytest_configure() -> None:
    """Begin to write down."""
    DecisionModel.evaluate = _noted  # type: ignore[method-assign]


def pytest_unconfigure(config: pytest.Config) -> None:
    """Write the rules: namespace, decision, number of the rule."""
    DecisionModel.evaluate = _evaluate  # type: ignore[method-assign]
    config.getoption("lit").write_text(json.dumps(sorted(_lit)), encoding="utf-8")
