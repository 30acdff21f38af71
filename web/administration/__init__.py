"""What an administrator sees and sets: late work, calendar, people, procedures, records."""

from web.administration import (
    counting,
    deciding,
    handing,
    moves,
    notifying,
    operations,
    overview,
    procedures,
    records,
    register,
    rehearsal,
    retirement,
    rosters,
    seals,
    settings,
    supervising,
    years,
)
from web.administration.area import pages

__all__ = [
    "counting",
    "deciding",
    "handing",
    "moves",
    "notifying",
    "operations",
    "overview",
    "pages",
    "procedures",
    "records",
    "register",
    "rehearsal",
    "retirement",
    "rosters",
    "seals",
    "settings",
    "supervising",
    "years",
]
