"""Matters of one's own, as programs read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.desk import Desk
from engine.desk.views.own import own_cases
from engine.desk.views.own_matter import own_matter
from engine.model.texts import Text
from engine.store.tables import (
    DecisionRow,
    DocumentRow,
)
from web.api.reading.cases import Filing


@dataclass(frozen=True, slots=True)
class OwnMatterOfMine:
    """A matter of one's own, as subject or reporter.

    Attributes:
        role: ``subject`` or ``reporter``.
        documents: Those that reached the reader.
    """

    case_id: str
    number: str
    role: str
    stage: Text | None
    documents: tuple[DocumentRow, ...]
    decisions: tuple[DecisionRow, ...]
    filings: tuple[Filing, ...]


@dataclass(frozen=True, slots=True)
class OwnLine:
    """A matter of one's own in the list."""

    case_id: str
    number: str
    role: str
    opened_at: datetime


def own_one(desk: Desk, case_id: str) -> OwnMatterOfMine:
    """Return a matter of one's own: what was served and decided, what may be filed.

    Raises:
        NotFound, Recused, NotAllowed: As `own_matter` says.
    """
    view = own_matter(desk, case_id)
    return OwnMatterOfMine(
        case_id=view.own.row.id,
        number=view.own.row.number,
        role=view.own.role,
        stage=view.own.stage,
        documents=tuple(row for row, _service in view.own.documents),
        decisions=view.decisions,
        filings=tuple(Filing(one.rule.key, one.rule.title) for one in view.rights),
    )


def own_all(desk: Desk) -> list[OwnLine]:
    """Return the cases in which the person is subject or reporter."""
    return [OwnLine(*line) for line in own_cases(desk)]
