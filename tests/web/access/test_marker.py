"""举报人姓名只在保密库里：埋一个记号，翻遍页面、搜索、日志、出错页、通知、导出和数据库。"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
import structlog

from engine.commands.look import reveal
from engine.store.exporting import export_record
from engine.store.tables import AccessEntry, CaseRow, Notice, Record
from tests.web.access.people import EMPLOYEE
from tests.web.access.scene import MARKED, Stage
from tests.web.access.table import lines
from web.logs import set_up_logs

REASON = "联系举报人核实"
READERS = (
    ("intake_clerk", "none"),
    ("protection_officer", "none"),
    ("supervision_officer", "none"),
    ("platform_admin", "none"),
    ("supervisory_board", "none"),
    (EMPLOYEE, "participant"),
    (EMPLOYEE, "subject"),
    (EMPLOYEE, "reporter"),
)


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the server writes down while the test runs."""
    before = structlog.get_config()
    written = io.StringIO()
    set_up_logs("debug", file=written)
    yield written
    structlog.configure(**before)


def reference(stage: Stage) -> str:
    return stage.ids["reference"]


class TestTheReportersName:
    """举报人身份字段单独加密存储；导出自动脱敏（SUP-014）。"""

    @pytest.mark.parametrize(("role", "relation"), READERS)
    def test_no_page_shows_it(self, stage: Stage, role: str, relation: str) -> None:
        persona = stage.personas[role, relation]
        client = stage.browser(persona.account_id)
        shown = []
        for line in lines():
            if line.method == "GET":
                answer = stage.ask(client, line, stage.ids_for(line, persona))
                if MARKED.encode() in answer.data:
                    shown.append(line.route)
        assert shown == []

    @pytest.mark.parametrize(
        "address", ["/search?q={}", "/cases?q={}", "/inbox?q={}", "/ledger?q={}", "/public/?q={}"]
    )
    def test_no_search_finds_it(self, stage: Stage, address: str) -> None:
        client = stage.browser(stage.personas["intake_clerk", "handler"].account_id)
        query = sa.select(CaseRow.number).where(CaseRow.id == stage.case_id)
        number = stage.town.one(query)

        page = client.get(address.format(MARKED))

        assert page.status_code == 200
        assert number not in page.text

    def test_no_page_of_the_case_names_a_reporter_of_the_register(self, stage: Stage) -> None:
        for role in ("intake_clerk", "protection_officer", "supervisory_board"):
            client = stage.browser(stage.personas[role, "none"].account_id)
            for tab in ("", "/people", "/timeline", "/documents", "/deadlines"):
                page = client.get(f"/cases/{stage.case_id}{tab}")
                assert page.status_code == 200
                assert f"{EMPLOYEE} reporter" not in page.text, tab

    def test_neither_the_error_page_nor_the_log_tells_it(
        self, stage: Stage, log: io.StringIO
    ) -> None:
        client = stage.browser(stage.personas["intake_clerk", "none"].account_id)

        answer = client.post(
            f"/cases/{stage.case_id}/reveal/{reference(stage)}", data={"reason": REASON}
        )

        assert stage.reached == ["reveal"]  # it broke with the name in its hands
        assert answer.status_code == 500
        assert MARKED not in answer.text
        assert "page.failed" in log.getvalue()
        assert MARKED not in log.getvalue()

    def test_a_look_shows_it_and_goes_on_the_access_record(self, stage: Stage) -> None:
        stage.town.office.hook = None

        found = stage.town.give("冯某", reveal, stage.case_id, reference(stage), reason=REASON)

        assert found == MARKED
        [look] = stage.town.all(sa.select(AccessEntry).where(AccessEntry.reason == REASON))
        assert look.person_id == stage.town.people["冯某"]

    def test_no_notice_and_no_row_outside_of_the_vault_has_it(self, stage: Stage) -> None:
        assert stage.town.all(sa.select(Notice))
        for table in Record.metadata.sorted_tables:
            with stage.town.office.database.reading() as session:
                rows = session.execute(sa.select(table)).all()
            assert MARKED not in repr(rows), table.name

    def test_the_exported_record_does_not_have_it(self, stage: Stage, tmp_path: Path) -> None:
        made = tmp_path / "record.zip"
        with stage.town.office.database.reading() as session:
            assert export_record(session, made) > 0

        with zipfile.ZipFile(made) as archive:
            for name in archive.namelist():
                assert MARKED.encode() not in archive.read(name), name
