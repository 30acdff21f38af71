"""重建检索索引：由记录重新生成，分批、可中断、不影响使用；与随办随记的一致。"""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from engine.commands.rebuild_search import Rebuilt, rebuild_search, searchable
from engine.desk import system_actor
from engine.desk.views.search import search
from engine.errors import NotAllowed
from engine.store.tables import AuditEntry, CaseRow, PersonRow, SearchEntry
from tests.engine.boardroom import MONDAY, Boardroom

PLATFORM = system_actor("")


def kept(shared: Boardroom) -> set[tuple[Any, ...]]:
    """Return what the index holds; its own numbers and people's dates mean nothing."""
    with shared.office.database.reading() as session:
        return {
            (one.kind, one.ref, one.case_id, one.authority_id, one.words, one.body)
            for one in session.scalars(sa.select(SearchEntry))
        }


def rebuild(shared: Boardroom, *, most: int = 500) -> list[Rebuilt]:
    """Rebuild all of it; return what each batch said."""
    said = [shared.office.give(PLATFORM, rebuild_search, most=most)]
    while not said[-1].is_over:
        now = said[-1]
        said.append(shared.office.give(PLATFORM, rebuild_search, now.kind, now.after, most=most))
    return said


class TestRebuilding:
    """重建的与办理中随时记入的，一条不多、一条不少。"""

    def test_what_was_lost_is_there_again(self, shared: Boardroom) -> None:
        case = shared.open()
        before = kept(shared)
        assert before
        with shared.office.database.begin() as session:
            session.execute(sa.delete(SearchEntry))
        assert kept(shared) == set()
        said = rebuild(shared, most=2)
        assert kept(shared) == before
        assert [one.kind for one in said][-1] == "document"
        assert sum(one.count for one in said) == shared.office.ask(PLATFORM, searchable)
        found = shared.office.ask(shared.actor("受理员"), search, case.number)
        assert [one.hit.ref for one in found.hits if one.hit.kind == "case"] == [case.id]

    def test_rebuilt_twice_it_is_the_same(self, shared: Boardroom) -> None:
        shared.open()
        before = kept(shared)
        rebuild(shared)
        rebuild(shared, most=1)
        assert kept(shared) == before

    def test_what_is_gone_is_found_no_more(self, shared: Boardroom) -> None:
        gone = SearchEntry(
            authority_id=shared.authority_id, kind="case", ref="gone", words="没有了", at=MONDAY
        )
        with shared.office.database.begin() as session:
            session.add(gone)
        rebuild(shared)
        assert all(ref != "gone" for _kind, ref, *_rest in kept(shared))

    def test_a_name_that_was_written_wrongly_is_found_as_it_is(self, shared: Boardroom) -> None:
        shared.open()
        with shared.office.database.begin() as session:
            person = session.scalars(sa.select(PersonRow).order_by(PersonRow.id)).first()
            assert person is not None
            person.name = "欧阳某某"
        rebuild(shared)
        assert any("欧阳某某" in words for _k, _r, _c, _a, words, _b in kept(shared))

    def test_rehearsed_cases_are_not_found(self, shared: Boardroom) -> None:
        case = shared.open()
        with shared.office.database.begin() as session:
            session.get_one(CaseRow, case.id).is_trial = True
        rebuild(shared)
        assert {one for one in kept(shared) if one[2] == case.id} == set()

    def test_it_goes_on_from_where_it_stood(self, shared: Boardroom) -> None:
        shared.open()
        before = kept(shared)
        first = shared.office.give(PLATFORM, rebuild_search, most=2)
        assert (first.kind, first.count, first.is_over) == ("person", 2, False)
        rest = shared.office.give(PLATFORM, rebuild_search, first.kind, first.after)
        assert rest.kind == "case"
        assert kept(shared) == before


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
