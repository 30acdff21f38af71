"""One command, one transaction, one record."""

from __future__ import annotations

from engine.desk.desk import SYSTEM, Actor, Desk, system_actor
from engine.desk.facts import Fact
from engine.desk.office import Hook, Office
from engine.desk.rights import RIGHTS, Relation, Right, permits
from engine.desk.standing import Standing, principals_on, standing_of

__all__ = [
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
    "permits",
    "principals_on",
    "standing_of",
    "system_actor",
]
