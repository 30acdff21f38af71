"""人员调动：所属单位和职务的更改，写明理由，列入更改历史，可以恢复；回避和派发按新单位。"""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from engine.commands.claim_work import claim_work
from engine.commands.file import file
from engine.commands.move_person import move_person
from engine.commands.organise import add_person, add_unit, end_post, give_post
from engine.commands.restore_settings import restore_setting
from engine.commands.units import close_unit
from engine.desk import system_actor
from engine.desk.settings import LONGEST_REASON
from engine.desk.views.search import search
from engine.errors import NotAllowed, NotFound, Recused, Refusal
from engine.model.settings import Area
from engine.store.tables import AuditEntry, PersonRow, PostRow, SettingChange, UnitRow
from tests.engine.boardroom import Boardroom
from tests.engine.commands.conftest import Town
from tests.engine.commands.superior import Above

WHY = "干部任免通知〔2026〕5号"


def unit_of(place: Boardroom | Town, name: str) -> str:
    found: str = place.one(sa.select(UnitRow.id).where(UnitRow.name == name))
    return found


def person_of(place: Boardroom | Town, name: str) -> PersonRow:
    found: PersonRow = place.one(sa.select(PersonRow).where(PersonRow.id == place.people[name]))
    return found


def moved(room: Boardroom, name: str, unit: str | None, title: str = "", why: str = "") -> None:
    unit_id = unit_of(room, unit) if unit is not None else None
    room.give("管理员", move_person, room.people[name], unit_id=unit_id, title=title, reasons=why)


def refused(room: Boardroom, name: str, unit: str | None, title: str = "", why: str = "") -> str:
    with pytest.raises(Refusal) as said:
        moved(room, name, unit, title, why)
    return said.value.message_id


def kept(room: Boardroom) -> list[SettingChange]:
    """Return the changes of persons, the first one first."""
    of = sa.select(SettingChange).where(SettingChange.area == Area.PERSON)
    return room.all(of.order_by(SettingChange.changed_at, SettingChange.number))


class TestMoving:
    """管理员更改一人的单位和职务：记录写明原来和现在，更改历史写明理由。"""

    def test_the_record_has_the_old_and_the_new_place(self, room: Boardroom) -> None:
        moved(room, "陈某", "机关", " 副处长 ", WHY)

        person = person_of(room, "陈某")
        assert (person.unit_id, person.title) == (unit_of(room, "机关"), "副处长")
        entries = sa.select(AuditEntry).where(AuditEntry.fact == "person_changed")
        assert room.all(entries.order_by(AuditEntry.sequence))[-1].details == {
            "person": person.id,
            "before": {"title": "", "unit": unit_of(room, "二车间"), "belongs": "二车间"},
            "after": {"title": "副处长", "unit": unit_of(room, "机关"), "belongs": "机关"},
        }

    def test_the_history_has_the_reasons_and_brings_the_old_place_back(
        self, room: Boardroom
    ) -> None:
        moved(room, "陈某", "机关", "副处长", WHY)
        [change] = kept(room)
        assert (change.reasons, change.key) == (WHY, room.people["陈某"])

        room.give("管理员", restore_setting, change.id, reasons="任免有误")

        person = person_of(room, "陈某")
        assert (person.unit_id, person.title) == (unit_of(room, "二车间"), "")
        assert [one.restores for one in kept(room)] == [None, change.id]

    def test_a_unit_closed_meanwhile_is_not_gone_back_to(self, room: Boardroom) -> None:
        old = room.give("管理员", add_unit, "三车间")
        moved(room, "外人", "三车间")
        moved(room, "外人", "机关")
        room.give("管理员", close_unit, old.id)

        with pytest.raises(Refusal, match=r"unit\.closed"):
            room.give("管理员", restore_setting, kept(room)[-1].id, reasons="改回")

    def test_only_the_title_may_change_even_where_the_unit_is_closed(self, room: Boardroom) -> None:
        unit = room.give("管理员", add_unit, "三车间")
        retired = room.give("管理员", add_person, "老某", unit_id=unit.id, status="retired")
        room.give("管理员", close_unit, unit.id)

        told = {"unit_id": unit.id, "title": "原主任"}
        assert room.give("管理员", move_person, retired.id, **told).title == "原主任"

    def test_who_belongs_to_no_unit_any_more_is_not_found_by_the_search(
        self, room: Boardroom
    ) -> None:
        def found() -> list[str]:
            return [
                one.hit.ref for one in room.office.ask(room.actor("管理员"), search, "陈某").hits
            ]

        assert room.people["陈某"] in found()
        moved(room, "陈某", None)
        assert room.people["陈某"] not in found()
        moved(room, "陈某", "机关")
        assert room.people["陈某"] in found()


class TestWhatDoesNotDo:
    """不存在的、别的机关的、已撤销的单位，过长的职务和理由，一概拒绝；只有管理员能办。"""

    def test_a_place_that_is_none(self, room: Boardroom, above: Above) -> None:
        there = system_actor(above.authority_id)
        elsewhere = room.office.give(there, add_unit, "上级机关")
        for unit in ("none", "", elsewhere.id):
            with pytest.raises(NotFound):
                room.give("管理员", move_person, room.people["陈某"], unit_id=unit, title="")
        with pytest.raises(NotFound):
            room.give("管理员", move_person, "none", unit_id=None, title="")
        with pytest.raises(NotFound):
            room.office.give(
                there, move_person, room.people["陈某"], unit_id=elsewhere.id, title=""
            )

    def test_a_closed_unit_and_no_change(self, room: Boardroom) -> None:
        room.give("管理员", close_unit, room.give("管理员", add_unit, "三车间").id)

        assert refused(room, "陈某", "三车间") == "unit.closed"
        assert refused(room, "陈某", "二车间", "  ") == "setting.same"

    def test_titles_and_reasons_have_an_end(self, room: Boardroom) -> None:
        assert refused(room, "陈某", "机关", "字" * 101) == "person.title"
        assert refused(room, "陈某", "机关", "", "字" * (LONGEST_REASON + 1)) == (
            "setting.reason_long"
        )
        moved(room, "陈某", "机关", "字" * 100)
        assert len(person_of(room, "陈某").title) == 100

    def test_nobody_else_moves_people(self, room: Boardroom) -> None:
        with pytest.raises(NotAllowed):
            room.give("主席", move_person, room.people["陈某"], unit_id=None, title="")


class TestWhatFollows:
    """同一单位的回避按新单位认定；已派发的不变，此后派发的按新单位；任职不随之变更。"""

    def test_a_colleague_of_before_may_handle_the_case(self, room: Boardroom) -> None:
        item = room.item(room.open(), "ut_inquire").id
        with pytest.raises(Recused, match=r"conflict\.same_unit"):
            room.give("承办丙", claim_work, item)

        moved(room, "陈某", "机关")

        assert room.give("承办丙", claim_work, item).state == "claimed"

    def test_a_new_colleague_may_not_any_more(self, room: Boardroom) -> None:
        item = room.item(room.open(), "ut_inquire").id
        moved(room, "陈某", "机关")

        with pytest.raises(Recused, match=r"conflict\.same_unit"):
            room.give("承办甲", claim_work, item)

    def test_a_post_that_goes_on_binds_to_the_unit_of_before(self, room: Boardroom) -> None:
        item = room.item(room.open(), "ut_inquire").id
        moved(room, "承办丙", "机关")
        with pytest.raises(Recused, match=r"conflict\.same_unit"):
            room.give("承办丙", claim_work, item)

        post = room.one(sa.select(PostRow).where(PostRow.person_id == room.people["承办丙"]))
        room.give("管理员", end_post, post.id, last_day=date(2026, 2, 8))
        room.give(
            "管理员", give_post, room.people["承办丙"], post.role, valid_from=date(2026, 2, 9)
        )

        assert room.give("承办丙", claim_work, item).state == "claimed"

    def test_offered_work_stays_and_what_is_offered_next_goes_by_the_new_unit(
        self, town: Town
    ) -> None:
        shop, board = unit_of(town, "一车间"), unit_of(town, "监事会")
        before = town.open()
        town.give("初核甲", file, before.id, "acts", {"request": "x"})

        town.give("system", move_person, town.people["陈某"], unit_id=board, title="")
        after = town.open()
        town.give("初核甲", file, after.id, "acts", {"request": "x"})

        assert town.item(before, "ut_manager").candidates == [f"u:{shop}:manager"]
        assert town.item(after, "ut_manager").candidates == [f"u:{board}:manager"]
