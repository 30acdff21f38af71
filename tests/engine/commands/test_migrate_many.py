"""批量迁移：先试迁，再提请，另一管理员决定；后台逐件进行，有结果，可停，断了接着办。"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from engine.commands import migrate_many as module
from engine.commands.batches import KIND, do_batch_item, run_batch, stop_batch
from engine.commands.migrate_many import decide_migrations, propose_migrations, try_migrations
from engine.commands.organise import open_account
from engine.desk.views.accompanying import batch_view
from engine.errors import NotAllowed, Refusal
from engine.store.tables import Batch, CaseRow, VersionRow
from scheduler.jobs import drain
from tests.engine.boardroom import Boardroom, published
from tests.engine.commands.test_migrate_case import RENAMED, edited, first_of, shortened

WORKERS = {KIND: run_batch}
WHY = "制度修订。"
ANOTHER = edited(**{"相关部门: verifier": "相关部门: investigator"})


@pytest.fixture
def room(room: Boardroom) -> Boardroom:
    """The boardroom with a second administrator."""
    second = room.give("system", open_account, room.people["设计员"], "second", is_admin=True)
    room.accounts["设计员"] = second.id
    return room


def by_the_other(room: Boardroom, command: Any, **given: Any) -> Any:
    return room.office.give(replace(room.actor("设计员"), is_admin=True), command, **given)


def results(room: Boardroom, by: str, batch: Batch) -> list[tuple[str, str]]:
    view = room.office.ask(room.actor(by), batch_view, batch.id)
    return [(one.state, one.message) for one in view.items]


def versions(room: Boardroom) -> set[str]:
    return set(room.all(sa.select(CaseRow.version_id)))


class TestATrial:
    """试迁：逐件看能否迁移，什么也不改。"""

    def test_each_case_has_its_result_and_none_is_changed(self, room: Boardroom) -> None:
        cases = [room.open(), room.open()]
        room.claim("承办甲", cases[0], "ut_inquire")
        old, new = first_of(room), published(room, shortened)

        without = room.give("管理员", try_migrations, old.id, new.id, {})
        drain(room.office, WORKERS)
        fits = room.give("管理员", try_migrations, old.id, new.id, RENAMED)
        drain(room.office, WORKERS)

        assert results(room, "管理员", without) == [("refused", "migration.obstacles")] * 2
        view = room.office.ask(room.actor("管理员"), batch_view, without.id)
        assert "ut_inquire" in str(view.items[0].params["elements"])
        assert results(room, "管理员", fits) == [("done", "")] * 2
        assert versions(room) == {old.id}
        assert "migration_proposed" not in room.facts(cases[0])

    def test_versions_must_fit_each_other(self, room: Boardroom) -> None:
        room.open()
        old = first_of(room)

        with pytest.raises(Refusal) as refused:
            room.give("管理员", try_migrations, old.id, old.id, {})
        assert refused.value.message_id == "migration.other_version"

    def test_there_must_be_a_case_and_not_too_many(
        self, room: Boardroom, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        old, new = (
            first_of(room),
            published(room, ANOTHER),
        )
        with pytest.raises(Refusal) as refused:
            room.give("管理员", try_migrations, old.id, new.id, {})
        assert refused.value.message_id == "migration.how_many"

        room.open()
        monkeypatch.setattr(module, "MOST", 0)
        with pytest.raises(Refusal):
            room.give("管理员", try_migrations, old.id, new.id, {})


class TestProposingAndDeciding:
    """两名管理员：一人提请，另一人决定；一件受阻不影响其余。"""

    def test_all_cases_go_over(self, room: Boardroom) -> None:
        cases = [room.open() for _ in range(3)]
        old, new = (
            first_of(room),
            published(room, ANOTHER),
        )
        asked = room.give("管理员", propose_migrations, old.id, new.id, {}, reasons=WHY)
        drain(room.office, WORKERS)
        assert results(room, "管理员", asked) == [("done", "")] * 3
        assert versions(room) == {old.id}

        decided = by_the_other(room, decide_migrations, granted=True, reasons="同意。")
        drain(room.office, WORKERS)

        assert results(room, "设计员", decided) == [("done", "")] * 3
        assert versions(room) == {new.id}
        assert all("case_migrated" in room.facts(case) for case in cases)
        assert room.breaches() == []

    def test_one_that_is_proposed_already_is_refused_by_itself(self, room: Boardroom) -> None:
        room.open()
        old, new = (
            first_of(room),
            published(room, ANOTHER),
        )
        room.give("管理员", propose_migrations, old.id, new.id, {}, reasons=WHY)
        batch = room.give("管理员", propose_migrations, old.id, new.id, {}, reasons=WHY)
        drain(room.office, WORKERS)

        assert results(room, "管理员", batch) == [("refused", "migration.asked")]

    def test_who_proposed_them_has_nothing_to_decide(self, room: Boardroom) -> None:
        room.open()
        old, new = (
            first_of(room),
            published(room, ANOTHER),
        )
        room.give("管理员", propose_migrations, old.id, new.id, {}, reasons=WHY)
        drain(room.office, WORKERS)

        with pytest.raises(Refusal) as refused:
            room.give("管理员", decide_migrations, granted=True, reasons="同意。")
        assert refused.value.message_id == "migration.how_many"

    def test_reasons_are_stated(self, room: Boardroom) -> None:
        room.open()
        old, new = (
            first_of(room),
            published(room, ANOTHER),
        )
        with pytest.raises(Refusal):
            room.give("管理员", propose_migrations, old.id, new.id, {}, reasons=" ")
        with pytest.raises(Refusal):
            by_the_other(room, decide_migrations, granted=True, reasons="")

    def test_only_administrators_order_it(self, room: Boardroom) -> None:
        room.open()
        old, new = (
            first_of(room),
            published(room, ANOTHER),
        )
        with pytest.raises(NotAllowed):
            room.give("承办甲", try_migrations, old.id, new.id, {})
        with pytest.raises(NotAllowed):
            room.give("承办甲", decide_migrations, granted=True, reasons="同意。")


class TestStoppingAndGoingOn:
    """停止后已办的保留，其余不动；进程被杀，从下一件接着办。"""

    def test_stopped_it_leaves_the_rest(self, room: Boardroom) -> None:
        cases = [room.open(), room.open()]
        old, new = (
            first_of(room),
            published(room, ANOTHER),
        )
        batch = room.give("管理员", propose_migrations, old.id, new.id, {}, reasons=WHY)
        room.give("管理员", do_batch_item, batch.id, 1)
        room.give("管理员", stop_batch, batch.id)
        drain(room.office, WORKERS)

        assert [one[0] for one in results(room, "管理员", batch)] == ["done", "todo"]
        assert "migration_proposed" in room.facts(cases[0])
        assert "migration_proposed" not in room.facts(cases[1])

    def test_a_worker_that_died_after_one_case_is_followed_by_another(
        self, room: Boardroom
    ) -> None:
        cases = [room.open() for _ in range(3)]
        old, new = (
            first_of(room),
            published(room, ANOTHER),
        )
        batch = room.give("管理员", propose_migrations, old.id, new.id, {}, reasons=WHY)
        room.give("管理员", do_batch_item, batch.id, 1)  # then the process was killed
        drain(room.office, WORKERS)

        assert [one[0] for one in results(room, "管理员", batch)] == ["done"] * 3
        assert [room.facts(case).count("migration_proposed") for case in cases] == [1, 1, 1]
        assert {row.state for row in room.all(sa.select(VersionRow))} == {"published"}
