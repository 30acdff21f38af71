"""An authority above the boardroom's, and who acts there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from engine.commands.grant_supervision import grant_supervision
from engine.commands.organise import add_person, give_post
from engine.desk import Actor, Desk
from engine.store.tables import Notice, SupervisionGrant
from tests.engine.boardroom import Boardroom

TODAY = date(2026, 2, 9)
"""A Monday."""
WHY = "核实督办事项进展"


@dataclass
class Above:
    """The authority above, with its supervision officer and one who holds another post."""

    room: Boardroom
    authority_id: str
    officer: Actor
    clerk: Actor

    def give(self, command: Any, *args: Any, by: Actor | None = None, **kwargs: Any) -> Any:
        return self.room.office.give(by or self.officer, command, *args, **kwargs)

    def ask(self, query: Any, *args: Any, by: Actor | None = None, **kwargs: Any) -> Any:
        return self.room.office.ask(by or self.officer, query, *args, **kwargs)

    def grant(self, *procedures: str, **given: Any) -> SupervisionGrant:
        usual: dict[str, Any] = {
            "valid_from": TODAY,
            "valid_to": date(2026, 12, 31),
            "reasons": "按层层负责的要求接受上级督办。",
        }
        row: SupervisionGrant = self.room.give(
            "管理员", grant_supervision, procedures or ("board",), **{**usual, **given}
        )
        return row

    def notices(self, actor: Actor) -> list[str]:
        query = sa.select(Notice).where(Notice.person_id == actor.person_id).order_by(Notice.id)
        return [one.key for one in self.room.all(query)]


def person(desk: Desk, name: str, role: str) -> Actor:
    row = add_person(desk, name)
    give_post(desk, row.id, role, valid_from=date(2020, 1, 1))
    return Actor(row.id, desk.actor.authority_id)
