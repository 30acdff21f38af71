"""What the analysis of a table says."""

from collections.abc import Mapping
from dataclasses import dataclass

from bpmn.dmn.item_types import Value


@dataclass(frozen=True, slots=True)
class Gap:
    """Inputs that no rule covers.

    Attributes:
        conditions: For each input that matters, what it is, as a FEEL unary test.
        example: A value for every input, none of them null.
    """

    conditions: Mapping[str, str]
    example: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two rules that match at once, where the hit policy forbids it.

    Attributes:
        rules: Their numbers, from 1, ascending.
        example: A value for every input with which both match.
        agrees: Whether both give the same; under UNIQUE even that is forbidden.
    """

    rules: tuple[int, int]
    example: Mapping[str, Value]
    agrees: bool


@dataclass(frozen=True, slots=True)
class Undecided:
    """A cell that does more than compare with constants; nothing is claimed about its rule.

    Attributes:
        rule: The rule's number, from 1.
        input: The expression of the input.
        text: What stands in the cell.
    """

    rule: int
    input: str
    text: str


@dataclass(frozen=True, slots=True)
class Analysis:
    """What is known of a table.

    Attributes:
        decision: The decision's id.
        is_table: Whether the decision's logic is a table at all; if not, the rest is empty.
        lists_results: Whether the hit policy is R, O or C: a gap then gives an empty list, or 0 for
            C#, which an author may well want; elsewhere it gives null.
        gaps: Inputs that no rule covers; none where every output has a default.
        overlaps: Rules that contradict the hit policy; only under UNIQUE and ANY.
        undecided: Cells that were left out: a gap that is reported is one whatever they mean.
        gave_up: Whether the search for gaps passed its bound, so that there may be more.
    """

    decision: str
    is_table: bool
    lists_results: bool = False
    gaps: tuple[Gap, ...] = ()
    overlaps: tuple[Overlap, ...] = ()
    undecided: tuple[Undecided, ...] = ()
    gave_up: bool = False

    @property
    def is_complete(self) -> bool:
        """Whether everything was decided, so that an empty list means that there is none."""
        return self.is_table and not self.undecided and not self.gave_up
