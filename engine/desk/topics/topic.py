"""Service tasks that the engine carries out by itself, in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import bpmn
from engine.desk.desk import Desk
from engine.store.tables import CaseRow


class Topic(Protocol):
    """What the engine does for a service task of one topic."""

    def __call__(
        self, desk: Desk, case: CaseRow, item: bpmn.Item, variables: Mapping[str, Any]
    ) -> Mapping[str, Any] | None:
        """Do it, record it, and return the variables that the diagram gets.

        None means that it waits: a row stands for the item until `advance.wake` asks again.

        Args:
            desk: Of the command.
            case: Locked.
            item: The service task; its properties are evaluated.
            variables: What it sees, the innermost scope first.

        Raises:
            Refusal: It cannot be done; the whole command is refused.
        """
        ...
