"""How like cases were decided, as programs read it (SUP-030)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.desk import Desk
from engine.desk.views.consistency import consistency_board
from engine.model.consistency import Comparison
from engine.model.texts import Text


@dataclass(frozen=True, slots=True)
class Consistency:
    """Like cases side by side, those that differ most first.

    Attributes:
        procedures: Titles, by procedure.
        measures: Titles, by procedure and measure, with a slash between them.
    """

    comparisons: tuple[Comparison, ...]
    procedures: Mapping[str, Text]
    measures: Mapping[str, Text]


def consistency(desk: Desk, *, procedure: str = "") -> Consistency:
    """Return how like cases were decided, for supervision; persons are not named.

    Args:
        desk: Of a supervision officer.
        procedure: Only of this one, if given.

    Raises:
        NotAllowed: As `consistency_board` says.
    """
    board = consistency_board(desk, procedure=procedure)
    measures = {f"{key}/{measure}": title for (key, measure), title in board.measures.items()}
    return Consistency(board.comparisons, board.procedures, measures)
