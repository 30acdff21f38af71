"""A command that is broken, and what it does when it is given again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.engine.boardroom import Boardroom

Given = Callable[[], Any]


class Broken(BaseException):
    """The process died here: nothing of ours catches it."""


@dataclass(frozen=True)
class Once:
    """A command that happens once: given again it is refused, and nothing more changes."""

    prepare: Callable[[Boardroom], Given]
    command: str
    again: str = "refused"
    """`refused`; `same` where nothing changes; `more` where twice is two, as it should be."""
