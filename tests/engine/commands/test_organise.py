"""任职须落在本机关的单位上：没有的单位，没有的人，都不能任职。"""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from engine.commands.organise import give_post
from engine.errors import NotFound
from engine.store.tables import PostRow
from tests.engine.commands.conftest import Town


class TestGivingAPost:
    """管理员任职，写明角色、起止日和单位。"""

    @pytest.mark.parametrize("unit", ["", "none"])
    def test_a_unit_that_there_is_not_is_not_found(self, town: Town, unit: str) -> None:
        before = len(town.all(sa.select(PostRow)))
        with pytest.raises(NotFound):
            town.give(
                "system",
                give_post,
                town.people["外人"],
                "verifier",
                valid_from=date(2026, 3, 1),
                unit_id=unit,
            )
        assert len(town.all(sa.select(PostRow))) == before
