"""What the record of a case shows, as a condition: lists and figures ask for the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import sqlalchemy as sa

from engine.store.tables import (
    Card,
    CaseRow,
    DeadlineRow,
    DecisionRow,
    Deviation,
    ExtensionRequest,
    SanctionRow,
)

YELLOW, RED, MEASURE, EXTENSION, APPEAL, DEVIATION, DONE = (
    "yellow",
    "red",
    "measure",
    "extension",
    "appeal",
    "deviation",
    "done",
)
APPEALED = "appeal"
"""The kind of a decision on an appeal."""


def showing(trace: str, of: str = "") -> sa.ColumnElement[bool]:
    """Return the condition that a case's record shows something.

    Args:
        trace: One of `TRACES`.
        of: Which: the key of a deadline (cards, `done`), a measure, the state of a request for
            more time, the outcome of an appeal, the kind of a deviation; "" for any.
    """
    return sa.exists().where(TRACES[trace](of))


def _card(colour: str) -> Callable[[str], sa.ColumnElement[bool]]:
    def given(of: str) -> sa.ColumnElement[bool]:
        card = sa.and_(Card.case_id == CaseRow.id, Card.colour == colour)
        return sa.and_(card, Card.reason == of) if of else card

    return given


def _measure(of: str) -> sa.ColumnElement[bool]:
    row = SanctionRow.case_id == CaseRow.id
    return sa.and_(row, SanctionRow.measure == of) if of else row


def _extension(of: str) -> sa.ColumnElement[bool]:
    row = ExtensionRequest.case_id == CaseRow.id
    return sa.and_(row, ExtensionRequest.state == of) if of else row


def _appeal(of: str) -> sa.ColumnElement[bool]:
    row = sa.and_(DecisionRow.case_id == CaseRow.id, DecisionRow.kind == APPEALED)
    return sa.and_(row, DecisionRow.outcome == of) if of else row


def _deviation(of: str) -> sa.ColumnElement[bool]:
    row = Deviation.case_id == CaseRow.id
    return sa.and_(row, Deviation.kind == of) if of else row


def _done(of: str) -> sa.ColumnElement[bool]:
    row = sa.and_(DeadlineRow.case_id == CaseRow.id, DeadlineRow.state == "met")
    return sa.and_(row, DeadlineRow.key == of) if of else row


TRACES: Mapping[str, Callable[[str], sa.ColumnElement[bool]]] = MappingProxyType(
    {
        YELLOW: _card(YELLOW),
        RED: _card(RED),
        MEASURE: _measure,
        EXTENSION: _extension,
        APPEAL: _appeal,
        DEVIATION: _deviation,
        DONE: _done,
    }
)
