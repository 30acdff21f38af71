"""演练库的日期可以向后拨；正式库的时间由机器决定。"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.clock import SetClock
from engine.commands.move_clock import NotMovable, move_clock
from engine.commands.organise import add_authority
from engine.desk import REHEARSAL, Office, system_actor
from engine.errors import NotAllowed
from engine.store.tables import Platform
from tests.engine.boardroom import MONDAY, Boardroom, office_at

LATER = MONDAY + timedelta(days=30)


def shift(office: Office) -> int:
    with office.database.reading() as session:
        return session.scalars(sa.select(Platform.shift_seconds)).one()


class TestARehearsal:
    """Its clock goes forward, stays where it was put, and never back."""

    def test_it_is_moved_and_the_database_remembers(self, tmp_path: Path) -> None:
        url = f"sqlite:///{tmp_path}/w.db"
        office = office_at(url, tmp_path, SetClock(MONDAY), REHEARSAL)
        authority = office.give(system_actor(""), add_authority, "a", name="甲", short_name="甲")
        system = system_actor(authority.id)
        office.give(system, move_clock, LATER)
        assert office.clock.now() == LATER
        for instant in (LATER, MONDAY):
            with pytest.raises(NotMovable) as refused:
                office.give(system, move_clock, instant)
            assert refused.value.message_id == "clock.past"
        assert office.clock.now() == LATER
        office.database.close()

        again = office_at(url, tmp_path, SetClock(MONDAY), "real")  # born a rehearsal, it stays one
        assert again.kind == REHEARSAL
        assert LATER <= again.clock.now() <= LATER + timedelta(seconds=1)
        again.database.close()

    def test_of_two_moves_the_database_keeps_the_later(self, tmp_path: Path) -> None:
        office = office_at("sqlite://", tmp_path, SetClock(MONDAY), REHEARSAL)
        authority = office.give(system_actor(""), add_authority, "a", name="甲", short_name="甲")
        with office.database.begin() as session:  # another process has moved it further meanwhile
            session.execute(sa.update(Platform).values(shift_seconds=90 * 86_400))
        office.give(system_actor(authority.id), move_clock, LATER)
        assert shift(office) == 90 * 86_400
        office.database.close()


class TestARealDatabase:
    """Its clock is the machine's; nobody moves it."""

    def test_it_is_not_moved(self, room: Boardroom) -> None:
        with pytest.raises(NotMovable) as refused:
            room.give("管理员", move_clock, LATER)
        assert refused.value.message_id == "clock.real"

    def test_only_an_administrator_asks(self, room: Boardroom) -> None:
        with pytest.raises(NotAllowed):
            room.give("主席", move_clock, LATER)
