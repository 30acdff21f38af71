"""草稿，在 PostgreSQL 上：同时保存同一文件，只有一人成功。"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from engine.commands.drafts import begin_draft, save_draft_file
from engine.desk import Actor
from engine.desk.views.drafting import draft_files, drafts, revisions
from engine.errors import ConcurrentChange, Refusal
from tests.engine.commands.conftest import Town

pytestmark = pytest.mark.postgres
FILES = {"procedure.yaml": b"id: small", "small.bpmn": b"<one/>"}


class TestTwoAtOnce:
    """Exactly one begins a draft of a procedure, exactly one saves over a revision."""

    def test_one_begins_and_one_saves(self, town_on_postgresql: Town) -> None:
        town = town_on_postgresql
        admin = town.actor("初核甲")
        actor = Actor(admin.person_id, admin.authority_id, is_admin=True)

        def begin(_number: int) -> str:
            try:
                row = town.office.give(
                    actor, begin_draft, "small", title="小流程", files=FILES, origin="empty"
                )
            except Refusal as refusal:
                return refusal.message_id
            return str(row.state)

        with ThreadPoolExecutor(4) as pool:
            assert sorted(pool.map(begin, range(4))) == ["draft", *["draft.exists"] * 3]
        (line,) = town.office.ask(actor, drafts)

        def save(number: int) -> str:
            content = f"<n{number}/>".encode()
            try:
                town.office.give(
                    actor, save_draft_file, line.row.id, "small.bpmn", content, number=1
                )
            except ConcurrentChange as refusal:
                return refusal.message_id
            return "saved"

        with ThreadPoolExecutor(4) as pool:
            assert sorted(pool.map(save, range(4))) == [*["draft.changed"] * 3, "saved"]
        assert [
            one.number for one in town.office.ask(actor, revisions, line.row.id, "small.bpmn")
        ] == [2, 1]
        _row, files = town.office.ask(actor, draft_files, line.row.id)
        assert files["small.bpmn"].startswith(b"<n")
