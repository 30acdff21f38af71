"""重建检索索引：由记录重新生成，分批、可中断、不影响使用；与随办随记的一致。"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from engine.clock import SetClock
from engine.commands.rebuild_search import Rebuilt, rebuild_search, searchable
from engine.desk import system_actor
from engine.desk.views.search import search
from engine.errors import NotAllowed
from engine.store.tables import AuditEntry, CaseRow, PersonRow, SearchEntry
from tests.engine.boardroom import MONDAY, Boardroom, boardroom_in, office_at, settle
from tests.postgres import fresh_database

PLATFORM = system_actor("")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def town(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Boardroom]:
    """The boardroom, on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        yield request.getfixturevalue("room")
        return
    with fresh_database() as address:
        clock = SetClock(MONDAY)
        office = office_at(address, tmp_path, clock)
        settle(office)
        yield boardroom_in(office, clock)
        office.database.close()


def kept(town: Boardroom) -> set[tuple[Any, ...]]:
    """Return what the index holds; its own numbers and people's dates mean nothing."""
    with town.office.database.reading() as session:
        return {
            (one.kind, one.ref, one.case_id, one.authority_id, one.words, one.body)
            for one in session.scalars(sa.select(SearchEntry))
        }


def rebuild(town: Boardroom, *, most: int = 500) -> list[Rebuilt]:
    """Rebuild all of it; return what each batch said."""
    said = [town.office.give(PLATFORM, rebuild_search, most=most)]
    while not said[-1].is_over:
        now = said[-1]
        said.append(town.office.give(PLATFORM, rebuild_search, now.kind, now.after, most=most))
    return said


class TestRebuilding:
    """重建的与办理中随时记入的，一条不多、一条不少。"""

    def test_what_was_lost_is_there_again(self, town: Boardroom) -> None:
        case = town.open()
        before = kept(town)
        assert before
        with town.office.database.begin() as session:
            session.execute(sa.delete(SearchEntry))
        assert kept(town) == set()
        said = rebuild(town, most=2)
        assert kept(town) == before
        assert [one.kind for one in said][-1] == "document"
        assert sum(one.count for one in said) == town.office.ask(PLATFORM, searchable)
        found = town.office.ask(town.actor("受理员"), search, case.number)
        assert [one.hit.ref for one in found.hits if one.hit.kind == "case"] == [case.id]

    def test_rebuilt_twice_it_is_the_same(self, town: Boardroom) -> None:
        town.open()
        before = kept(town)
        rebuild(town)
        rebuild(town, most=1)
        assert kept(town) == before

    def test_what_is_gone_is_found_no_more(self, town: Boardroom) -> None:
        gone = SearchEntry(
            authority_id=town.authority_id, kind="case", ref="gone", words="没有了", at=MONDAY
        )
        with town.office.database.begin() as session:
            session.add(gone)
        rebuild(town)
        assert all(ref != "gone" for _kind, ref, *_rest in kept(town))

    def test_a_name_that_was_written_wrongly_is_found_as_it_is(self, town: Boardroom) -> None:
        town.open()
        with town.office.database.begin() as session:
            person = session.scalars(sa.select(PersonRow).order_by(PersonRow.id)).first()
            assert person is not None
            person.name = "欧阳某某"
        rebuild(town)
        assert any("欧阳某某" in words for _k, _r, _c, _a, words, _b in kept(town))

    def test_rehearsed_cases_are_not_found(self, town: Boardroom) -> None:
        case = town.open()
        with town.office.database.begin() as session:
            session.get_one(CaseRow, case.id).is_trial = True
        rebuild(town)
        assert {one for one in kept(town) if one[2] == case.id} == set()

    def test_it_goes_on_from_where_it_stood(self, town: Boardroom) -> None:
        town.open()
        before = kept(town)
        first = town.office.give(PLATFORM, rebuild_search, most=2)
        assert (first.kind, first.count, first.is_over) == ("person", 2, False)
        rest = town.office.give(PLATFORM, rebuild_search, first.kind, first.after)
        assert rest.kind == "case"
        assert kept(town) == before


class TestWho:
    """只有管机器的人从命令行重建；完成后记入平台记录。"""

    def test_no_person_does_it(self, room: Boardroom) -> None:
        with pytest.raises(NotAllowed):
            room.give("管理员", rebuild_search)

    def test_it_is_on_the_record_once_it_is_over(self, room: Boardroom) -> None:
        rebuild(room)
        with room.office.database.reading() as session:
            facts = session.scalars(sa.select(AuditEntry.fact)).all()
        assert [str(one) for one in facts].count("search_rebuilt") == 1

    def test_there_is_no_other_kind(self, room: Boardroom) -> None:
        with pytest.raises(ValueError, match="not in"):
            room.office.give(PLATFORM, rebuild_search, "report")
