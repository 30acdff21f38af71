"""Every operation of the interface, by area."""

from __future__ import annotations

from web.api import (
    of_administration,
    of_cases,
    of_design,
    of_oneself,
    of_reception,
    of_settings,
    of_supervision,
    of_work,
)
from web.api.operations import Operation

OPERATIONS: tuple[Operation, ...] = (
    *of_work.OPERATIONS,
    *of_cases.OPERATIONS,
    *of_oneself.OPERATIONS,
    *of_reception.OPERATIONS,
    *of_design.OPERATIONS,
    *of_administration.OPERATIONS,
    *of_settings.OPERATIONS,
    *of_supervision.OPERATIONS,
)
