"""画流程，程序也能办：草稿、决策表、文书、版本。"""

from __future__ import annotations

import io
import zipfile

import pytest

from tests.api.answering import base, ok
from tests.api.conftest import Bring
from tests.office import P01, PROCESSES, Town

SHARED_TABLES = "grading.dmn"


def zip_of(procedure: str) -> bytes:
    """Return a shipped folder as somebody would upload it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path in sorted((PROCESSES / procedure).rglob("*")):
            if path.is_file():
                name = path.relative_to(PROCESSES).as_posix()
                archive.writestr(name, path.read_bytes())
    return packed.getvalue()


class TestDrawing:
    """流程草稿：建立、存盘、核对版本、检查、送审，与页面同一套命令。"""

    def test_a_draft_is_begun_drawn_and_discarded(self, program: Bring) -> None:
        robot = program("丁某")
        draft = ok(robot.post("/drafts", {"procedure": "night-watch", "title": "夜班"}))
        path = f"/drafts/{draft['id']}"
        whole = ok(robot.get(path))
        assert whole["row"]["title"] == "夜班"
        assert whole["findings"] == []
        [rules] = [one for one in whole["files"] if one["path"] == "procedure.yaml"]
        content = robot.get(f"{path}/file?path=procedure.yaml").data
        body = {"path": "procedure.yaml", "content": base(content + b"\n"), "number": 0}
        assert robot.put(f"{path}/file", body).status_code == 409
        saved = ok(robot.put(f"{path}/file", body | {"number": rules["number"]}))
        assert saved["size"] == len(content) + 1
        assert ok(robot.get(f"{path}/file/history?path=procedure.yaml"))[0]["number"] >= 1
        assert robot.get(f"{path}/zip").data.startswith(b"PK")
        assert ok(robot.get(f"{path}/changes"))["files"] == []
        assert robot.post(f"{path}/submit").status_code == 409
        assert ok(robot.post(f"{path}/discard"))["state"] == "discarded"
        assert robot.post(f"{path}/check").status_code == 200

    @pytest.mark.slow
    def test_it_begins_with_a_copy_a_zip_a_diagram_or_a_few_answers(
        self, town: Town, program: Bring
    ) -> None:
        robot = program("丁某")
        diagram = (PROCESSES / P01 / f"{P01}.bpmn").read_bytes()
        [version] = ok(robot.get("/procedures"))
        beginnings = [
            {"copy_of": P01},
            {"copy_of": version["current"]["id"]},
            {"folder": base(zip_of(P01))},
            {"diagram": base(diagram)},
            {"stages": ["defence", "appeal"], "days": 20},
        ]
        begun = [
            ok(robot.post("/drafts", {"procedure": f"copy-{place}", **one}))
            for place, one in enumerate(beginnings)
        ]
        assert [one["origin"] for one in begun] == [
            f"copy:{P01}",
            f"copy:{P01}",
            "import",
            "import",
            "wizard",
        ]
        again = robot.post("/drafts", {"procedure": "again", "copy_of": begun[0]["id"]})
        assert ok(again)["origin"] == "copy:copy-0"
        assert robot.post("/drafts", {"procedure": "x-y", "copy_of": "none"}).status_code == 404
        assert robot.post("/drafts", {"procedure": "Nicht So"}).status_code == 409
        assert ok(robot.get("/drafts/shipped"))
        broken = robot.post("/drafts", {"procedure": "bad", "folder": base(b"no zip")})
        assert broken.status_code == 409
        assert broken.json is not None
        assert broken.json["code"] == "api.folder"
        drawn = robot.post("/drafts", {"procedure": "bad", "diagram": base(b"<x/>")})
        assert drawn.json is not None
        assert drawn.json["errors"]

    @pytest.mark.slow
    def test_its_tables_are_tried_and_its_documents_seen(self, program: Bring) -> None:
        robot = program("丁某")
        draft = ok(robot.post("/drafts", {"procedure": "copy-of-it", "copy_of": P01}))
        path = f"/drafts/{draft['id']}"
        found = ok(robot.get(f"{path}/tables?path={SHARED_TABLES}"))
        table = found[0]["decision"]
        given = {"path": SHARED_TABLES, "decision": table, "given": {}}
        assert ok(robot.post(f"{path}/tables/try", given))["decision"] == table
        none = given | {"decision": "none"}
        assert robot.post(f"{path}/tables/try", none).status_code == 404
        assert robot.get(f"{path}/documents/start-decision").data.startswith(b"%PDF")
        assert robot.get(f"{path}/documents/none").status_code == 404
        body = {"path": SHARED_TABLES, "content": base(b"<x/>"), "number": 1}
        assert robot.put(f"{path}/file", body).status_code == 200
        assert robot.get(f"{path}/tables?path={SHARED_TABLES}").status_code == 409

    def test_a_draft_with_broken_rules_shows_no_document(self, program: Bring) -> None:
        robot = program("丁某")
        draft = ok(robot.post("/drafts", {"procedure": "copy-of-it", "copy_of": P01}))
        path = f"/drafts/{draft['id']}"
        body = {"path": "procedure.yaml", "content": base(b"title: {}"), "number": 1}
        assert robot.put(f"{path}/file", body).status_code == 200
        answer = robot.get(f"{path}/documents/start-decision")
        assert answer.status_code == 409
        assert answer.json is not None
        assert answer.json["code"] in {"api.folder", "api.preview"}

    def test_a_version_is_read_compared_and_tried(self, program: Bring) -> None:
        robot = program("丁某")
        [line] = ok(robot.get("/procedures"))
        path = f"/versions/{line['current']['id']}"
        shown = ok(robot.get(path))
        assert shown["report"]["passed"]
        drawn = robot.get(f"{path}/diagram?path={shown['diagrams'][P01]}")
        assert drawn.mimetype == "application/xml"
        assert robot.get(f"{path}/changes").status_code == 404
        [first, *_rest] = ok(robot.get(f"{path}/tables"))
        table = f"{path}/tables/{first['decision']}"
        assert ok(robot.get(table))["rules"]
        assert ok(robot.post(f"{table}/try", {"given": {}}))["decision"] == first["decision"]
        assert ok(robot.get(f"/procedures/{P01}/guide"))["number"] == 1
        assert ok(program("吕某").get("/procedure-schema"))["type"] == "object"
        assert program("吕某").get(path).status_code == 403

    def test_a_folder_that_is_none_says_why_by_file(self, program: Bring) -> None:
        robot = program("丁某")
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("x/procedure.yaml", "title: [")
            archive.writestr("x/x.bpmn", "<x/>")
        answer = robot.post("/procedures", {"folder": base(packed.getvalue())})
        assert answer.status_code in {200, 409}, answer.text
        broken = robot.post("/procedures", {"folder": base(b"")}, Accept_Language="en")
        assert broken.status_code == 409
        assert program("吕某").post("/procedures", {"folder": ""}).status_code == 403
