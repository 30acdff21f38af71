"""上级督办、统计和代为表决在 PostgreSQL 上：与内嵌数据库同一结果。"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.commands.grant_supervision import grant_supervision, place_authority
from engine.commands.organise import add_authority, add_person, give_post
from engine.commands.supervise_below import answer_above, ask_below, list_below, look_below
from engine.desk import Actor, Desk, system_actor
from engine.desk.views.counting import statistics
from engine.desk.views.ledger import ledger_total, read_choice
from engine.desk.views.supervised import asked_from_above, watched_from_above
from engine.desk.views.supervising import below, case_below, cases_below
from tests.engine.boardroom import Boardroom
from tests.engine.commands.test_figures import figures_in, lived
from tests.engine.on_postgresql import boardroom_on_postgresql

pytestmark = pytest.mark.postgres
TODAY, LAST = date(2026, 2, 9), date(2026, 12, 31)


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Boardroom]:
    """The boardroom on PostgreSQL, with a supervision officer."""
    with boardroom_on_postgresql(tmp_path) as room:
        whom = room.people["外人"]
        room.give("管理员", give_post, whom, "supervision_officer", valid_from=date(2026, 1, 1))
        yield room


def officer(desk: Desk) -> Actor:
    row = add_person(desk, "上督")
    give_post(desk, row.id, "supervision_officer", valid_from=date(2020, 1, 1))
    return Actor(row.id, desk.actor.authority_id)


class TestOnPostgresql:
    """One server, the same rules."""

    def test_every_figure_is_its_ledger(self, room: Boardroom) -> None:
        lived(room)
        actor = room.actor("外人")
        found = room.office.ask(actor, statistics, date(2026, 1, 1), LAST)
        assert found.opened.count == 4
        for figure in figures_in(found):
            choice = read_choice(figure.cases)
            assert room.office.ask(actor, ledger_total, choice) == figure.count, figure

    def test_watched_asked_and_answered(self, room: Boardroom) -> None:
        office = room.office
        everywhere = system_actor("")
        row = office.give(everywhere, add_authority, "above", name="上级集团", short_name="上集")
        office.give(everywhere, place_authority, "group", above="above")
        above = office.give(system_actor(row.id), officer)
        days = {"valid_from": TODAY, "valid_to": LAST, "reasons": "层层负责。"}
        room.give("管理员", grant_supervision, ["board"], **days)
        cases = [room.open() for _each in range(3)]

        assert len(office.give(above, list_below)) == 1
        assert [one.name for one in office.ask(above, below)] == ["某集团公司"]
        first = office.ask(above, cases_below, limit=2)
        rest = office.ask(above, cases_below, limit=2, after=first.after)
        assert len(first.lines) + len(rest.lines) == 3
        office.give(above, look_below, cases[0].id, reason="核实督办事项")
        notice = office.give(
            above, ask_below, cases[0].id, text="进展？", answer_by=date(2026, 2, 10)
        )
        room.at(2026, 2, 11)
        assert office.ask(room.actor("承办甲"), asked_from_above)[0].is_late
        room.give("承办甲", answer_above, notice.id, answer="办理中。")
        assert office.ask(above, case_below, cases[0].id).notices[0].answer == "办理中。"
        assert len(office.ask(room.actor("管理员"), watched_from_above).looks) == 2
        assert room.breaches() == []
        with office.database.reading() as session:
            assert session.scalar(sa.text("SELECT count(*) FROM supervision_notice")) == 1
