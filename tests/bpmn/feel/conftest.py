"""What the tests of FEEL evaluate with."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from bpmn.feel import Environment, Warned, compile_expression

Feel = Callable[..., Any]


@pytest.fixture
def env() -> Environment:
    """A clock that stands at 16:30 UTC on Saturday, 21 November 2026: Sunday in Shanghai."""
    return Environment(now=lambda: datetime(2026, 11, 21, 16, 30, tzinfo=UTC))


@pytest.fixture
def feel(env: Environment) -> Feel:
    """Evaluate a source in a scope."""

    def evaluate(source: str, scope: dict[str, object] | None = None) -> Any:
        scope = scope or {}
        return compile_expression(source, names=scope).evaluate(scope, env)

    return evaluate


@pytest.fixture
def warnings_of(env: Environment) -> Callable[..., list[Warned]]:
    """Evaluate a source, which must give null, and return why."""

    def evaluate(source: str, scope: dict[str, object] | None = None) -> list[Warned]:
        found: list[Warned] = []
        scope = scope or {}
        assert compile_expression(source, names=scope).evaluate(scope, env, warnings=found) is None
        return found

    return evaluate
