"""The rules that the cases of a list were opened under."""

from __future__ import annotations

from collections.abc import Collection

from engine.desk.desk import Desk
from engine.model.procedure_rules import ProcedureRules


def rules_of(desk: Desk, versions: Collection[str]) -> dict[str, ProcedureRules]:
    """Return the rules of versions by their id; for titles that a list shows."""
    return {one: desk.office.versions.get(desk.session, one).rules for one in versions}
