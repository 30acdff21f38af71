"""Rehearsals of versions that nobody has approved: nothing of them goes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.errors import Refusal

if TYPE_CHECKING:
    from engine.store.tables import CaseRow

TRIAL = "trial"
"""The state of a version that is only rehearsed, and the series of its cases' numbers."""


class OnlyRehearsed(Refusal):
    """The case rehearses a version that nobody has approved."""


def must_be_real(case: CaseRow) -> None:
    """Refuse what would have an effect outside of a rehearsal.

    Raises:
        OnlyRehearsed: The case is one. Source: SUP-051, proposed.
    """
    if case.is_trial:
        raise OnlyRehearsed("trial.no_effect", rule="SUP-051", case=case.number)
