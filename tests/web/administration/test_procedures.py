"""流程版本：检查报告、第二人批准、施行日期、停用、上传压缩包（SUP-051、SUP-052）。"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from datetime import date
from typing import Any

import orjson
import pytest
import sqlalchemy as sa

from engine.publishing.folders import read_folder
from engine.store.tables import VersionRow
from engine.store.versions import version_in_force
from tests.office import P01, PROCESSES, Town

REPORT: dict[str, Any] = {
    "findings": [
        {
            "severity": "warning",
            "rule": "no-deadline",
            "file": "p.bpmn",
            "element": "ut_propose",
            "line": 96,
            "zh": "没有期限，请加上。",
            "en": "It has no deadline; add one.",
        },
        {
            "severity": "error",
            "rule": "dead-end",
            "file": "p.bpmn",
            "element": "ut_serve",
            "line": 0,
            "zh": "走不到结束。",
            "en": "It reaches no end.",
        },
    ],
    "tables": [
        {
            "file": "g.dmn",
            "decision": "DT-CA-2",
            "rules": 7,
            "gaps": 2,
            "overlaps": 0,
            "declared": True,
            "is_certain": True,
        }
    ],
    "scenarios": [
        {"id": "SC-001", "title": {"zh": "甲", "en": "A"}, "passed": True, "failures": []},
        {
            "id": "SC-006",
            "title": {"zh": "第二次延期被拒", "en": "B"},
            "passed": False,
            "failures": [{"file": "SC-006.yaml", "place": "3", "zh": "获准了", "en": "granted"}],
        },
    ],
}


def draft(town: Town, *, passed: bool, by: str = "丁某") -> VersionRow:
    """Return a second version of P01 as a draft; one parameter differs."""
    folder = read_folder(PROCESSES / P01)
    report = {"passed": passed, **REPORT}
    return town.draft(folder, by, parameters={"repeat.threshold": 3}, report=report)


def current(town: Town, day: date) -> int:
    with town.office.database.reading() as session:
        row = version_in_force(session, town.authority_id, P01, day)
        assert row is not None
        return row.number


class TestTheList:
    """清单列出施行版、草稿、检查结果和在办件数。"""

    def test_the_version_in_force_and_its_cases(self, town: Town) -> None:
        town.open()

        page = town.visit("方某").get("/admin/procedures").text

        assert "企业领导干部问责" in page
        assert re.search(r'data-th="在办">1<', page)

    def test_a_draft_stands_beside_it(self, town: Town) -> None:
        draft(town, passed=False)

        page = town.visit("方某").get("/admin/procedures").text

        assert "第 2 版" in page
        assert "检查未通过" in page

    def test_without_procedures_it_says_how_to_begin(self, town: Town) -> None:
        with town.office.database.begin() as session:
            session.execute(
                sa.delete(VersionRow).where(VersionRow.authority_id == town.authority_id)
            )

        browser = town.visit("方某")
        assert "还没有流程" in browser.get("/admin/procedures").text
        assert "还没有流程版本" in browser.get("/admin/decisions").text


class TestTheGuide:
    """每个流程有一页办案说明，本机关的人都能看；草稿的只给设计员和管理员看。"""

    def test_a_case_officer_reads_that_of_the_version_in_force(self, town: Town) -> None:
        page = town.visit("冯某").get(f"/admin/procedures/{P01}/guide").text

        assert "谁，在什么期限内，做什么" in page
        assert "<b>15 个工作日，经批准可延 5 个</b>" in page

    def test_a_draft_is_for_designers(self, town: Town) -> None:
        row = draft(town, passed=True)

        assert town.visit("冯某").get(f"/admin/procedures/{row.id}/guide").status_code == 403
        assert "第 2 版" in town.visit("丁某").get(f"/admin/procedures/{row.id}/guide").text

    def test_what_is_written_in_it_is_text(self, town: Town) -> None:
        folder = read_folder(PROCESSES / P01)
        readme = b"# x\n\n<script>alert(1)</script>"
        files = {**folder.files, f"{P01}/README.md": readme}
        row = town.draft(replace(folder, files=files))

        page = town.visit("丁某").get(f"/admin/procedures/{row.id}/guide").text

        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
        assert "<script>alert" not in page

    def test_without_one_it_says_so(self, town: Town) -> None:
        folder = read_folder(PROCESSES / P01)
        files = {path: one for path, one in folder.files.items() if not path.endswith(".md")}
        row = town.draft(replace(folder, files=files))

        assert (
            "本流程没有附说明" in town.visit("丁某").get(f"/admin/procedures/{row.id}/guide").text
        )

    def test_an_unknown_one_is_not_found(self, town: Town) -> None:
        assert town.visit("冯某").get("/admin/procedures/nothing/guide").status_code == 404


class TestAVersion:
    """一版一页：检查、场景、决策表、流程图、改了什么。"""

    def test_errors_and_failed_scenarios_come_first(self, town: Town) -> None:
        row = draft(town, passed=False)

        page = town.visit("方某").get(f"/admin/procedures/{row.id}").text

        assert page.index("走不到结束") < page.index("没有期限，请加上")
        assert page.index("SC-006") < page.index("SC-001")
        assert "SC-006.yaml 3：获准了" in page
        assert "2 处缺口，0 处重叠（已说明）" in page

    def test_what_changed_since_the_version_before(self, town: Town) -> None:
        row = draft(town, passed=True)

        page = town.visit("方某").get(f"/admin/procedures/{row.id}").text

        assert "parameters: repeat.threshold" in page
        assert "新增" in page

    def test_its_diagrams_are_shown_as_drawn(self, town: Town) -> None:
        row = draft(town, passed=True)
        browser = town.visit("丁某")
        page = browser.get(f"/admin/procedures/{row.id}?diagram=investigation").text
        source = re.search(r'data-source="([^"]+)"', page)
        assert source is not None

        xml = browser.get(source[1])

        assert xml.mimetype == "application/xml"
        path = PROCESSES / "shared/investigation/investigation.bpmn"
        assert xml.data == path.read_bytes()
        other = f"/admin/procedures/{row.id}/diagrams/{P01}/procedure.yaml"
        assert browser.get(other).status_code == 404
        missing = f"/admin/procedures/{row.id}/diagrams/none.bpmn"
        assert browser.get(missing).status_code == 404

    def test_one_that_does_not_load_still_has_its_report(self, town: Town) -> None:
        folder = read_folder(PROCESSES / P01)
        files = {**folder.files, f"{P01}/{P01}.bpmn": b"<nothing/>"}
        row = town.draft(replace(folder, files=files), report={"passed": False})

        page = town.visit("方某").get(f"/admin/procedures/{row.id}")

        assert page.status_code == 200
        assert "没有场景结果" in page.text
        assert "试算" not in page.text.split("<main")[1].split("决策表")[-1]

    def test_another_authoritys_is_not_found(self, town: Town) -> None:
        row = draft(town, passed=True)

        assert town.visit("邓某").get(f"/admin/procedures/{row.id}").status_code == 404


class TestTheSecondPerson:
    """发布须由起草人以外的人批准；检查未通过的不得发布。"""

    def approve(self, town: Town, by: str, row: VersionRow, day: str = "2026-04-01") -> str:
        page = town.visit(by).post(
            f"/admin/procedures/{row.id}/approve",
            data={"effective_on": day},
            follow_redirects=True,
        )
        return page.text

    def test_approved_it_binds_from_its_day(self, town: Town) -> None:
        row = draft(town, passed=True)

        assert "已批准发布，自 2026年4月1日 起施行" in self.approve(town, "方某", row)

        assert current(town, date(2026, 3, 31)) == 1
        assert current(town, date(2026, 4, 1)) == 2

    def test_not_by_who_drafted_it(self, town: Town) -> None:
        row = draft(town, passed=True)

        page = town.visit("丁某").get(f"/admin/procedures/{row.id}").text
        assert 'aria-disabled="true"' in page
        assert "由您起草，须由另一人批准" in page
        answer = town.visit("丁某").post(
            f"/admin/procedures/{row.id}/approve", data={"effective_on": "2026-04-01"}
        )

        assert answer.status_code == 403

    def test_not_while_a_check_fails(self, town: Town) -> None:
        row = draft(town, passed=False)

        assert "未全部通过，不能发布" in self.approve(town, "方某", row)
        assert current(town, date(2026, 4, 1)) == 1

    def test_without_a_day_it_is_refused(self, town: Town) -> None:
        row = draft(town, passed=True)
        url = f"/admin/procedures/{row.id}/approve"

        assert town.visit("方某").post(url, data={"effective_on": ""}).status_code == 400

    @pytest.mark.parametrize(("typed", "state"), [(P01, "retired"), ("yes", "published")])
    def test_it_is_retired_once_its_name_was_typed(
        self, town: Town, typed: str, state: str
    ) -> None:
        row: VersionRow = town.one(
            sa.select(VersionRow).where(VersionRow.authority_id == town.authority_id)
        )

        town.visit("方某").post(
            f"/admin/procedures/{row.id}/retire", data={"typed": typed, "reasons": "另立新规"}
        )

        now: VersionRow = town.one(sa.select(VersionRow).where(VersionRow.id == row.id))
        assert now.state == state


class TestUploading:
    """上传压缩包：先查，再存为草稿；不合格的说明原因。"""

    def zipped(self, files: dict[str, bytes]) -> dict[str, Any]:
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as archive:
            for path, data in files.items():
                archive.writestr(path, data)
        return {"folder": (io.BytesIO(content.getvalue()), "procedure.zip")}

    def send(self, town: Town, files: dict[str, bytes], *, by: str = "丁某") -> Any:
        return town.visit(by).post(
            "/admin/procedures",
            data=self.zipped(files),
            content_type="multipart/form-data",
            follow_redirects=True,
        )

    def test_a_folder_with_faults_becomes_a_draft_that_says_so(self, town: Town) -> None:
        page = self.send(town, {"mine/procedure.yaml": b"id: mine\n"})

        assert page.status_code == 200
        assert "已存为第 1 版草稿" in page.text
        assert "检查未通过" in page.text
        row: VersionRow = town.one(sa.select(VersionRow).where(VersionRow.procedure == "mine"))
        assert row.state == "draft"
        assert row.drafted_by == town.people["丁某"]

    @pytest.mark.slow
    @pytest.mark.timeout(600)
    def test_the_procedure_in_force_is_checked_whole_and_found_to_be_the_same(
        self, town: Town
    ) -> None:
        folder = PROCESSES / P01
        files = {
            f"{P01}/{path.relative_to(folder)}": path.read_bytes()
            for path in folder.rglob("*")
            if path.is_file()
        }

        page = self.send(town, files)

        assert "与第 1 版相同，没有另存草稿" in page.text
        assert "检查通过" in page.text
        assert "SC-006" in page.text

    def test_no_zip_is_refused_with_a_sentence(self, town: Town) -> None:
        page = town.visit("丁某").post(
            "/admin/procedures",
            data={"folder": (io.BytesIO(b"no zip"), "x.zip")},
            content_type="multipart/form-data",
            follow_redirects=True,
        )

        assert "无法读取压缩包" in page.text

    def test_a_diagram_with_an_entity_is_refused_with_its_place(self, town: Town) -> None:
        hostile = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "y">]><definitions/>'

        page = self.send(town, {"mine/procedure.yaml": b"id: mine\n", "mine/mine.bpmn": hostile})

        assert page.status_code == 409
        assert "流程图未被接受" in page.text
        assert "mine.bpmn" in page.text

    def test_nothing_chosen_says_so(self, town: Town) -> None:
        page = town.visit("丁某").post("/admin/procedures", data={}, follow_redirects=True)

        assert "请选择流程文件夹的压缩包" in page.text

    def test_an_officer_may_not(self, town: Town) -> None:
        assert self.send(town, {"mine/procedure.yaml": b"id: x\n"}, by="周某").status_code == 403

    def test_the_schema_is_there_for_designers(self, town: Town) -> None:
        answer = town.visit("丁某").get("/admin/procedures/schema.json")

        assert orjson.loads(answer.data)["$schema"].startswith("https://json-schema.org/")
