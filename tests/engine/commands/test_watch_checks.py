"""检查的进度和演练的所在写在库里，每个节点看到的一样；同一草稿只有一个检查在跑。"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import sqlalchemy as sa

from engine.commands.drafts import begin_draft
from engine.commands.organise import add_unit
from engine.commands.place_rehearsals import forget_rehearsal, place_rehearsal, rehearsal_place
from engine.commands.restore_settings import restore_setting
from engine.commands.set_seal import PNG, own_seal, remove_seal, set_seal
from engine.commands.units import close_unit, describe_unit
from engine.commands.watch_checks import (
    KEPT,
    SILENT,
    begin_watching,
    goes_on,
    progress_told,
    stop_watching,
    tell_progress,
)
from engine.model.settings import Area
from engine.store.tables import SettingChange, UnitRow
from tests.engine.boardroom import Boardroom

FILES = {"procedure.yaml": b"procedure: small\n"}
NEAR, FAR = "near", "far"
"""Two checks, each begun at a node of its own."""


def draft_of(room: Boardroom, procedure: str = "small") -> str:
    given = {"title": "小流程", "origin": "empty", "files": FILES}
    return str(room.give("设计员", begin_draft, procedure, **given).id)


class TestProgress:
    """说到哪里、停不停、是否被后来的取代，都以库里的一行为准。"""

    def test_what_one_node_tells_another_reads(self, shared: Boardroom) -> None:
        office, draft = shared.office, draft_of(shared)
        assert progress_told(office, draft) is None
        assert begin_watching(office, draft, NEAR, {"total": 0})
        assert tell_progress(office, draft, NEAR, {"total": 3})

        found = progress_told(office, draft)
        assert found is not None
        assert (found.run, found.told, found.is_over) == (NEAR, {"total": 3}, False)

    def test_it_stops_once_somebody_has_said_so(self, shared: Boardroom) -> None:
        office, draft = shared.office, draft_of(shared)
        stop_watching(office, draft)  # nothing runs yet
        assert begin_watching(office, draft, NEAR, {})
        assert goes_on(office, draft, NEAR)
        stop_watching(office, draft)

        assert not goes_on(office, draft, NEAR)
        assert not tell_progress(office, draft, NEAR, {}, is_over=True)
        assert begin_watching(office, draft, FAR, {})
        assert goes_on(office, draft, FAR)

    def test_of_two_nodes_that_begin_at_once_one_may(self, shared: Boardroom) -> None:
        office, draft = shared.office, draft_of(shared)
        with ThreadPoolExecutor(2) as nodes:
            begun = list(nodes.map(lambda run: begin_watching(office, draft, run, {}), (NEAR, FAR)))

        assert sorted(begun) == [False, True]

    def test_after_half_an_hour_of_silence_it_is_over_and_says_no_more(
        self, shared: Boardroom
    ) -> None:
        office, draft = shared.office, draft_of(shared)
        assert begin_watching(office, draft, NEAR, {})
        shared.clock.move_to(shared.clock.now() + SILENT + timedelta(seconds=1))
        found = progress_told(office, draft)
        assert found is not None
        assert found.is_silent

        assert begin_watching(office, draft, FAR, {})
        assert not tell_progress(office, draft, NEAR, {})
        assert not goes_on(office, draft, NEAR)

    def test_that_of_long_ago_goes_with_the_next_one(self, shared: Boardroom) -> None:
        office, old, new = shared.office, draft_of(shared), draft_of(shared, "other")
        assert begin_watching(office, old, NEAR, {})
        tell_progress(office, old, NEAR, {}, is_over=True)
        shared.clock.move_to(shared.clock.now() + KEPT + timedelta(seconds=1))

        assert begin_watching(office, new, FAR, {})
        assert progress_told(office, old) is None


class TestPlaces:
    """演练在哪个节点，谁都问得到。"""

    def test_noted_moved_and_forgotten(self, shared: Boardroom) -> None:
        office, draft = shared.office, draft_of(shared)
        forget_rehearsal(office, draft)
        assert rehearsal_place(office, draft) is None
        place_rehearsal(office, draft, "r1", "a:/home")
        place_rehearsal(office, draft, "r2", "b:/home")

        found = rehearsal_place(office, draft)
        assert found is not None
        assert (found.run, found.place) == ("r2", "b:/home")
        forget_rehearsal(office, draft)
        assert rehearsal_place(office, draft) is None


class TestTheHistory:
    """单位和印章的更改，两种数据库上都记得下、恢复得了。"""

    def test_a_unit_and_a_seal_are_brought_back(self, shared: Boardroom) -> None:
        unit: UnitRow = shared.give("管理员", add_unit, "科")
        shared.give("管理员", describe_unit, unit.id, "处", reasons="更名")
        shared.give("管理员", close_unit, unit.id)
        shared.give("管理员", set_seal, PNG)
        shared.give("管理员", remove_seal)
        changes = shared.all(
            sa.select(SettingChange)
            .where(SettingChange.area.in_([Area.UNIT, Area.SEAL]))
            .order_by(SettingChange.id)
        )
        renamed = next(one for one in changes if one.new.get("name") == "处")
        shared.give("管理员", restore_setting, renamed.id, reasons="仍用旧名")
        shared.give("管理员", restore_setting, changes[-1].id, reasons="仍用")

        row = shared.one(sa.select(UnitRow).where(UnitRow.id == unit.id))
        assert (row.name, row.closed_on) == ("科", None)
        assert shared.office.ask(shared.actor("管理员"), own_seal) == PNG
