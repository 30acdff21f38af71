"""任职须落在本机关的单位上：没有的单位，没有的人，都不能任职。"""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from engine.commands.organise import add_person, give_post
from engine.errors import NotFound, Refusal
from engine.store.tables import PersonRow, PostRow
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

    def test_a_title_has_an_end(self, town: Town) -> None:
        person, day = town.people["外人"], date(2026, 3, 1)
        with pytest.raises(Refusal, match=r"person\.title"):
            town.give("system", give_post, person, "verifier", valid_from=day, title="字" * 101)


class TestAddingAPerson:
    """姓名为 1 至 100 字，职务至多 100 字，前后空白不计。"""

    @pytest.mark.parametrize("name", ["", " \n ", "字" * 101])
    def test_a_name_that_is_none_or_without_end_is_refused(self, town: Town, name: str) -> None:
        with pytest.raises(Refusal, match=r"person\.name"):
            town.give("system", add_person, name)

    def test_a_title_without_end_is_refused(self, town: Town) -> None:
        with pytest.raises(Refusal, match=r"person\.title"):
            town.give("system", add_person, "新人", title="字" * 101)

    def test_the_longest_ones_are_kept_without_white_space(self, town: Town) -> None:
        added: PersonRow = town.give(
            "system", add_person, f" {'某' * 100} ", title=f" {'长' * 100}\n"
        )
        assert (added.name, added.title) == ("某" * 100, "长" * 100)
