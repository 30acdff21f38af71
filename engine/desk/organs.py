"""Recusal of an organ (机关回避): which organ another one stands in for, in one case."""

from __future__ import annotations

from collections.abc import Mapping

from engine.store.tables import CaseRow

REPLACED = "organ_replaced"
"""The variable of a case: the role that stands in, by that of the organ that was recused."""


def replaced_organs(case: CaseRow) -> Mapping[str, str]:
    """Return the role that stands in for each organ recused in `case`, by the organ's role.

    Source: S3 L51 (机关回避); that the superior organ designates another: procedures C03, proposed.
    """
    stated = case.variables.get(REPLACED)
    return {str(key): str(one) for key, one in stated.items()} if isinstance(stated, dict) else {}


def organ_for(case: CaseRow, role_key: str) -> str:
    """Return the role to which the work of `role_key` falls in `case`: its own, or who stands in.

    Where who stands in was recused too, it falls to the one designated after that.
    """
    replaced = replaced_organs(case)
    seen = {role_key}
    while (found := replaced.get(role_key, role_key)) not in seen:
        seen.add(found)
        role_key = found
    return role_key
