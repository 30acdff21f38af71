"""What tests of the scheduler share: the boardroom of the engine's tests."""

from __future__ import annotations

from tests.engine.conftest import built_boardroom, room

__all__ = ["built_boardroom", "room"]
