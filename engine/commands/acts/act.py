"""What completing a step means for the case, beyond storing the answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from engine.desk import Desk
from engine.store.tables import CaseRow, WorkItemRow


class Act(Protocol):
    """One meaning of completing a work item; an element names it by its property `act`.

    Both methods run in the transaction of the command that completes the item,
    after the answers have passed the form and the actor has passed rights and
    conflicts. An act never advances the diagram: its caller does.
    """

    def check(
        self, desk: Desk, case: CaseRow, item: WorkItemRow, answers: Mapping[str, Any]
    ) -> None:
        """Refuse what the rules of this act do not permit; change nothing.

        Args:
            desk: Of the command.
            case: Locked and authorised.
            item: Claimed by the actor.
            answers: Passed by the form; confidential values are references.

        Raises:
            Refusal: With the sentence that says what is missing.
        """
        ...

    def apply(
        self, desk: Desk, case: CaseRow, item: WorkItemRow, answers: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """Make the change and its record; return the variables that the diagram gets."""
        ...
