"""Figures of an authority for a period, counted from the traces of its cases alone (统计).

No figure is stored or can be typed in. Each carries the parts of the ledger's address that list
exactly its cases, so that it can be followed to them (SUP-060).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from engine.model.periods import Period
from engine.model.texts import Text

APPEAL_PENDING = "appeal_pending"


@dataclass(frozen=True, slots=True)
class Figure:
    """How many cases something is true of.

    Attributes:
        cases: The parts of the ledger's address that lists them.
        key: What it is about: a procedure, a measure, an outcome; "" where that is plain.
        title: Of `key`, where the procedures have one.
    """

    count: int
    cases: Mapping[str, str]
    key: str = ""
    title: Text | None = None


@dataclass(frozen=True, slots=True)
class Flow:
    """Cases registered and closed in the period, and those that run now.

    Attributes:
        key: The procedure, or the first day of the month as ``2026-03-01``.
        running: None for a month.
    """

    key: str
    title: Text | None
    opened: Figure
    closed: Figure
    running: Figure | None


@dataclass(frozen=True, slots=True)
class Lateness:
    """How often a deadline of a procedure passed without being met."""

    procedure: str
    key: str
    title: Text | None
    yellow: Figure
    red: Figure


@dataclass(frozen=True, slots=True)
class Duration:
    """How long a stage took, from the day that began its deadline to the day that met it.

    Attributes:
        tenths: Mean of calendar days, in tenths of a day.
        allowed: The procedure's period now.
    """

    procedure: str
    key: str
    title: Text | None
    tenths: int
    allowed: Period | None
    done: Figure


@dataclass(frozen=True, slots=True)
class Informed:
    """How many of those who instructed or proposed were told, and have read it (SUP-058)."""

    told: int
    read: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """The figures of a period.

    What happened is counted for the cases that were registered in the period; closed ones are
    counted by the day on which they closed, running ones as they stand now.

    Attributes:
        since, until: Both included.
        titles: Of the procedures, by id.
        measures: By measure, as imposed; one that was revoked later is among them.
        appeals: Pending ones first, with the key ``appeal_pending``; then by outcome.
        extensions: By state of the request.
        deviations: By kind.
    """

    since: date
    until: date
    opened: Figure
    closed: Figure
    running: Figure
    titles: Mapping[str, Text]
    by_procedure: tuple[Flow, ...]
    by_month: tuple[Flow, ...]
    measures: tuple[Figure, ...]
    yellow: Figure
    red: Figure
    late: tuple[Lateness, ...]
    durations: tuple[Duration, ...]
    extensions: tuple[Figure, ...]
    appeals: tuple[Figure, ...]
    deviations: tuple[Figure, ...]
    informed: Informed
