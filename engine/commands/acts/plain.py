"""An act that means nothing beyond its answers, which are kept like any others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.desk import Desk
from engine.store.tables import CaseRow, WorkItemRow


class Plain:
    """Stores the answers: `record_receipt`."""

    def check(
        self, desk: Desk, case: CaseRow, item: WorkItemRow, answers: Mapping[str, Any]
    ) -> None:
        """Permit whatever the form let pass."""

    def apply(
        self, desk: Desk, case: CaseRow, item: WorkItemRow, answers: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """Give nothing besides the answers."""
        return {}
