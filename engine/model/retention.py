"""How long the closed cases of a procedure stay in the daily tables, as its folder says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.model.sections import Section

LONGEST = 100
"""Years; as the platform's own setting has it."""


@dataclass(frozen=True, slots=True)
class Retention:
    """For how long after its end a case is kept, at least.

    Attributes:
        years: 1 to 100, from the instant at which the case was closed.
        source: The provision; empty where the texts are silent and the folder says `proposed`.
    """

    years: int
    source: str = ""


def retention_of(top: Section, *, is_shared: bool) -> Retention | None:
    """Return what a `procedure.yaml` says of it; None where it says nothing.

    Args:
        top: The whole file. What does not fit is noted there, never raised.
        is_shared: Whether it is a shared folder's, by which no case runs.

    Source: none of the texts sets a period for the file of a case (S3 L59§19 has the measure
        entered in the personal file, and S3 L27 ends no accountability); proposed.
    """
    if not top.has("retention"):
        return None
    if is_shared:
        top.note(
            "retention",
            "公共流程不单独立案，年限写在调用它的流程中",
            "no case runs by a shared folder; say it in the procedures that call it",
        )
    part = top.section("retention")
    part.must_have_source()
    years = part.number("years")
    if years > LONGEST:
        part.note("years", f"最多 {LONGEST} 年", f"at most {LONGEST} years")
    return Retention(min(years, LONGEST), part.word("source", ""))
