"""The acts: what the property `act` of an element may say, and what then happens."""

from __future__ import annotations

from engine.commands.acts.act import Act

ACTS: dict[str, Act] = {}
"""By the value of the property `act`; an element without one only stores its answers."""

__all__ = ["ACTS", "Act"]
