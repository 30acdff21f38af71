"""两名管理员同时更改一人，或一人调入、一人撤销单位：依次生效，谁也不被覆盖（PostgreSQL）。"""

from __future__ import annotations

from functools import partial

import pytest
import sqlalchemy as sa

from engine.commands.move_person import move_person
from engine.commands.organise import add_unit
from engine.commands.units import UnitInUse, close_unit
from engine.errors import Refusal
from engine.model.settings import Area
from engine.store.tables import PersonRow, SettingChange, UnitRow
from tests.engine.boardroom import Boardroom
from tests.engine.interleaving import meet
from tests.engine.races import BOTH_ORDERS, in_turn, shared

__all__ = ["shared"]

pytestmark = pytest.mark.postgres


class TestTwoAdministrators:
    """后一人等前一人办完，更改前的单位是前一人改成的单位。"""

    def test_the_second_waits_and_its_old_unit_is_the_first_s_new_one(
        self, shared: Boardroom
    ) -> None:
        places = [shared.give("管理员", add_unit, name).id for name in ("三车间", "四车间")]
        first, second = (
            partial(
                shared.give, "管理员", move_person, shared.people["陈某"], unit_id=one, title=""
            )
            for one in places
        )

        met = meet(shared.office, first, second)

        assert met.second_waited
        assert isinstance(met.second, PersonRow)
        changes = shared.all(
            sa.select(SettingChange)
            .where(SettingChange.area == Area.PERSON)
            .order_by(SettingChange.number)
        )
        assert [(one.old["belongs"], one.new["belongs"]) for one in changes] == [
            ("二车间", "三车间"),
            ("三车间", "四车间"),
        ]
        assert shared.breaches() == []


class TestMovedWhileClosed:
    """调入与撤销同时：有人的单位不撤销，撤销的单位不进人。"""

    @BOTH_ORDERS
    def test_nobody_is_left_in_a_closed_unit(
        self,
        shared: Boardroom,
        turned: bool,  # noqa: FBT001
    ) -> None:
        unit = shared.give("管理员", add_unit, "三车间").id
        met = in_turn(
            shared,
            turned,
            partial(
                shared.give, "管理员", move_person, shared.people["陈某"], unit_id=unit, title=""
            ),
            partial(shared.give, "管理员", close_unit, unit),
        )

        assert met.second_waited
        if turned:
            assert isinstance(met.first, Refusal)
            assert met.first.message_id == "unit.closed"
            assert isinstance(met.second, UnitRow)
        else:
            assert isinstance(met.first, PersonRow)
            assert isinstance(met.second, UnitInUse)
        assert shared.breaches() == []
