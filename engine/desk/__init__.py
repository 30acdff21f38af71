"""One command, one transaction, one record."""

from __future__ import annotations

from engine.desk.desk import SYSTEM, Actor, Desk, system_actor
from engine.desk.facts import Fact
from engine.desk.furnishing import REAL, REHEARSAL, open_office
from engine.desk.office import Hook, Office
from engine.desk.rights import RIGHTS, Relation, Right, permits
from engine.desk.standing import Standing, principals_on, standing_of

__all__ = [
    "REAL",
    "REHEARSAL",
    "RIGHTS",
    "SYSTEM",
    "Actor",
    "Desk",
    "Fact",
    "Hook",
    "Office",
    "Relation",
    "Right",
    "Standing",
    "open_office",
    "permits",
    "principals_on",
    "standing_of",
    "system_actor",
]
