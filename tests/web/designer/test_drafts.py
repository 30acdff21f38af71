"""流程设计：草稿从哪里来，各页写出什么 (SUP-051)."""

from __future__ import annotations

import io
import time
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from engine.desk.views.drafting import draft_files, draft_view, drafts
from engine.publishing.drawing import own_files, zipped
from engine.publishing.folders import read_folder
from tests.office import P01, PROCESSES, Town, answers_of
from tests.web.designer.conftest import DESIGNER

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

COPY = "supervision-copy-transfer"


def begin(town: Town, client: FlaskClient, **given: Any) -> str:
    """Begin a draft on the page; return its id."""
    form = {"way": "empty", "procedure": "new-one", "title": "新流程", **given}
    answer = client.post("/designer/begin", data=form, content_type="multipart/form-data")
    assert answer.status_code == 302
    (line,) = town.ask(DESIGNER, drafts)
    return str(line.row.id)


def files_of(town: Town, draft: str) -> dict[str, bytes]:
    found: dict[str, bytes] = town.ask(DESIGNER, draft_files, draft)[1]
    return found


def refused(client: FlaskClient, **given: Any) -> str:
    form = {"way": "empty", "procedure": "new-one", "title": "新流程", **given}
    answer = client.post(
        "/designer/begin", data=form, content_type="multipart/form-data", follow_redirects=True
    )
    return answer.text


def save(client: FlaskClient, draft: str, path: str, content: str, number: int) -> TestResponse:
    return client.post(
        f"/designer/{draft}/save/{path}", json={"content": content, "revision": number}
    )


def checked(town: Town, client: FlaskClient, draft: str) -> str:
    """Have a draft checked and wait for the result; return the state."""
    assert client.post(f"/designer/{draft}/check").status_code == 302
    for _ in range(600):
        if "data-check-over" in client.get(f"/designer/{draft}/check").text:
            break
        time.sleep(0.05)
    return str(town.ask(DESIGNER, draft_view, draft).row.state)


class TestBeginning:
    """A draft begins from nothing, from another procedure, from a version, or from a file."""

    def test_the_gallery_shows_what_is_there(self, designer: FlaskClient) -> None:
        page = designer.get("/designer").text
        assert "企业领导干部问责" in page
        assert "监督情况抄告与违法违规问题移送" in page
        assert "没有草稿" in page

    def test_from_nothing_only_the_registration_is_drawn(
        self, town: Town, designer: FlaskClient
    ) -> None:
        draft = begin(town, designer)
        assert set(files_of(town, draft)) == {
            "procedure.yaml",
            "new-one.bpmn",
            "forms/start.form",
        }
        page = designer.get(f"/designer/{draft}").text
        assert "new-one.bpmn" in page
        assert "没有发现问题" in page or "问题与改法" in page

    @pytest.mark.slow
    def test_a_copy_of_a_shipped_one_bears_its_own_id_and_has_no_errors(
        self, town: Town, designer: FlaskClient
    ) -> None:
        source = f"shipped:{COPY}"
        draft = begin(town, designer, way="copy", source=source, procedure="my-copy", title="副本")
        files = files_of(town, draft)
        assert "my-copy.bpmn" in files
        assert b"title: {zh: \xe5\x89\xaf\xe6\x9c\xac}" in files["procedure.yaml"]
        assert COPY.encode() not in b"".join(files.values())
        assert "没有发现问题" in designer.get(f"/designer/{draft}").text

    @pytest.mark.slow
    def test_a_version_is_taken_up_as_it_is(self, town: Town, designer: FlaskClient) -> None:
        page = designer.get("/designer").text
        version = page.split("version:")[1].split('"')[0]
        draft = begin(
            town, designer, way="copy", source=f"version:{version}", procedure="", title=""
        )
        assert files_of(town, draft) == own_files(read_folder(PROCESSES / P01))
        again = begin(
            town,
            designer,
            way="copy",
            source=f"draft:{draft}",
            procedure="corporate-accountability",
        )
        assert again == draft  # refused: there is one already

    def test_a_folder_that_was_exported_can_be_imported(
        self, town: Town, designer: FlaskClient
    ) -> None:
        folder = read_folder(PROCESSES / COPY)
        content = zipped(COPY, own_files(folder))
        file = (io.BytesIO(content), "folder.zip")
        draft = begin(town, designer, way="import", procedure="", title="", file=file)
        answer = designer.get(f"/designer/{draft}/export.zip")
        assert answer.data == content
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            assert f"{COPY}/procedure.yaml" in archive.namelist()

    def test_a_diagram_becomes_a_procedure_around_it(
        self, town: Town, designer: FlaskClient
    ) -> None:
        content = (PROCESSES / COPY / f"{COPY}.bpmn").read_bytes()
        file = (io.BytesIO(content), "any.bpmn")
        draft = begin(town, designer, way="import", file=file)
        assert b'<bpmn:process id="new-one"' in files_of(town, draft)["new-one.bpmn"]

    @pytest.mark.parametrize(
        ("given", "said"),
        [
            ({"procedure": "Bad Name"}, "不能用作流程标识"),
            ({"way": "import", "file": (io.BytesIO(b""), "x.exe")}, "不能导入"),
            ({"way": "import", "file": (io.BytesIO(b"no zip"), "x.zip")}, "无法读取压缩包"),
            ({"way": "import", "file": (io.BytesIO(b"<x"), "x.bpmn")}, "x"),
        ],
    )
    def test_what_cannot_be_one_is_said(
        self, designer: FlaskClient, given: dict[str, Any], said: str
    ) -> None:
        assert said in refused(designer, **given)

    def test_of_an_unknown_source_there_is_none(self, designer: FlaskClient) -> None:
        form = {"way": "copy", "source": "shipped:../../etc", "procedure": "x", "title": "x"}
        assert designer.post("/designer/begin", data=form).status_code == 404

    def test_who_draws_nothing_is_not_let_in(self, town: Town) -> None:
        officer = town.visit("冯某")
        assert officer.get("/designer").status_code == 403
        assert officer.post("/designer/begin", data={"way": "empty"}).status_code == 403


class TestEditing:
    """Editors read a file, save it as one works, and get the findings of our own linter."""

    @pytest.mark.parametrize(
        ("path", "script"),
        [
            ("new-one.bpmn", "modeler.zh.js"),
            ("forms/start.form", "form-editor.zh.js"),
            ("table.dmn", "table-editor.js"),
        ],
    )
    def test_each_kind_has_its_editor(
        self, town: Town, designer: FlaskClient, path: str, script: str
    ) -> None:
        draft = begin(town, designer)
        designer.post(f"/designer/{draft}/files", data={"kind": "dmn", "name": "table"})
        page = designer.get(f"/designer/{draft}/edit/{path}")
        assert script in page.text
        block = answers_of(page, "editor")
        assert block["revision"] == 1
        assert designer.get(block["source"]).data == files_of(town, draft)[path]
        assert designer.get(block["source"]).mimetype == "text/plain"

    def test_a_save_answers_with_the_findings_of_the_diagram(
        self, town: Town, designer: FlaskClient
    ) -> None:
        draft = begin(town, designer)
        text = files_of(town, draft)["new-one.bpmn"].decode()
        task = '<bpmn:userTask id="ut_one" name="办理" />\n  </bpmn:process>'
        answer = save(designer, draft, "new-one.bpmn", text.replace("</bpmn:process>", task), 1)
        told = answer.get_json()
        assert told["revision"] == 2
        about = {(one["element"], one["rule"]) for one in told["findings"]}
        assert ("ut_one", "task-without-form") in about

    def test_what_somebody_else_saved_is_not_overwritten(
        self, town: Town, designer: FlaskClient
    ) -> None:
        draft = begin(town, designer)
        assert save(town.visit("方某"), draft, "notes.md", "其一", 0).status_code == 200
        answer = save(designer, draft, "notes.md", "其二", 0)
        assert answer.status_code == 409
        assert "方某" in answer.get_json()["message"]

    def test_what_cannot_be_saved_is_said_and_nonsense_is_refused(
        self, town: Town, designer: FlaskClient
    ) -> None:
        draft = begin(town, designer)
        assert save(designer, draft, "run.py", "", 0).status_code == 422
        bodies: tuple[object, ...] = (
            {"content": 1, "revision": 1},
            {"content": "", "revision": True},
            {"content": "\ud800", "revision": 0},
            [],
        )
        for body in bodies:
            url = f"/designer/{draft}/save/notes.md"
            assert designer.post(url, json=body).status_code == 400

    def test_the_plain_editor_writes_what_the_drawing_one_would(
        self, town: Town, designer: FlaskClient
    ) -> None:
        draft = begin(town, designer)
        page = designer.get(f"/designer/{draft}/edit/new-one.bpmn?plain=1").text
        assert "&lt;bpmn:definitions" in page
        form = {"text": "id: new-one\r\n", "number": "1"}
        page = designer.post(
            f"/designer/{draft}/write/procedure.yaml", data=form, follow_redirects=True
        ).text
        assert files_of(town, draft)["procedure.yaml"] == b"id: new-one\n"
        assert "缺少" in page  # what the schema misses is told beside

    def test_templates_are_made_of_the_drafts_own_parts(
        self, town: Town, designer: FlaskClient
    ) -> None:
        source = f"shipped:{COPY}"
        draft = begin(town, designer, way="copy", source=source, procedure="my-copy")
        templates = designer.get(f"/designer/templates.json?draft={draft}").get_json()
        names = [one["name"] for one in templates]
        assert "移送违法违规问题（期限 DL-CT-2）" in names
        assert any(one["id"] == "wenze.call.clue-intake" for one in templates)
        bound = [
            each["value"]
            for one in templates
            if one["id"] == "wenze.task.DL-CT-2"
            for each in one["properties"]
            if each["binding"]["name"] == "deadline"
        ]
        assert bound == ["DL-CT-2"]

    def test_history_restores_and_a_file_can_be_removed(
        self, town: Town, designer: FlaskClient
    ) -> None:
        draft = begin(town, designer)
        save(designer, draft, "forms/start.form", "{}", 1)
        page = designer.get(f"/designer/{draft}/history/forms/start.form").text
        assert "恢复这一次" in page
        form = {"path": "forms/start.form", "number": "1"}
        designer.post(f"/designer/{draft}/restore", data=form)
        assert files_of(town, draft)["forms/start.form"] != b"{}"
        form = {"path": "forms/start.form", "number": "3"}
        designer.post(f"/designer/{draft}/remove", data=form)
        assert "forms/start.form" not in files_of(town, draft)
        assert designer.get(f"/designer/{draft}/edit/forms/start.form").status_code == 404

    def test_files_are_added_uploaded_and_downloaded(
        self, town: Town, designer: FlaskClient
    ) -> None:
        draft = begin(town, designer)
        designer.post(f"/designer/{draft}/files", data={"kind": "form", "name": "report"})
        assert b'"id": "report"' in files_of(town, draft)["forms/report.form"]
        designer.post(f"/designer/{draft}/files", data={"kind": "note", "name": "README"})
        upload = {"folder": "forms/", "file": (io.BytesIO(b"{}"), "report.form")}
        designer.post(f"/designer/{draft}/files", data=upload, content_type="multipart/form-data")
        assert files_of(town, draft)["forms/report.form"] == b"{}"
        answer = designer.get(f"/designer/{draft}/download/forms/report.form?number=1")
        assert answer.mimetype == "application/octet-stream"
        assert b'"report"' in answer.data

    def test_a_submitted_or_discarded_draft_is_only_read(
        self, town: Town, designer: FlaskClient
    ) -> None:
        draft = begin(town, designer)
        designer.post(f"/designer/{draft}/discard")
        page = designer.get(f"/designer/{draft}/edit/new-one.bpmn").text
        assert "readonly" in page
        assert save(designer, draft, "new-one.bpmn", "", 1).status_code == 422


class TestScenarios:
    """Scenarios are listed, added and written; what is wrong in one is told with its place."""

    def test_one_is_added_with_its_people_and_its_mistakes_are_told(
        self, town: Town, designer: FlaskClient
    ) -> None:
        draft = begin(town, designer)
        url = f"/designer/{draft}/scenarios"
        page = designer.post(url, data={"name": "first"}, follow_redirects=True).text
        assert "open: new-one" in page
        files = files_of(town, draft)
        assert {"scenarios/cast.yaml", "scenarios/first.yaml"} <= set(files)
        assert "登记一件" in designer.get(url).text
        text = files["scenarios/first.yaml"].decode().replace("甲某", "无名")
        save(designer, draft, "scenarios/first.yaml", text, 1)
        assert "写法有误" in designer.get(url).text
        page = designer.post(url, data={"name": "../first"}, follow_redirects=True).text
        assert "不能使用" in page

    def test_the_flows_that_none_takes_are_named(self, town: Town, designer: FlaskClient) -> None:
        given = {"way": "wizard", "verification": "on", "days": "10"}
        draft = begin(town, designer, **given)
        path = "scenarios/not-established.yaml"
        number = {"path": path, "number": "1"}
        designer.post(f"/designer/{draft}/remove", data=number)
        assert checked(town, designer, draft) == "checked"
        page = designer.get(f"/designer/{draft}/scenarios").text
        assert "属实？ → end_not_established" in page or "属实？ → 不属实" in page
        assert "通过" in page
        save(designer, draft, "new-one.bpmn", "<broken", 1)
        page = designer.get(f"/designer/{draft}/scenarios").text
        assert "检查之后草稿有过修改" in page


class TestFromDraftToVersion:
    """检查、送审，由另一人批准；再改的与之逐项比较。"""

    @pytest.mark.slow
    def test_a_checked_draft_is_submitted_and_a_second_person_approves(
        self, town: Town, designer: FlaskClient
    ) -> None:
        source = f"shipped:{COPY}"
        draft = begin(town, designer, way="copy", source=source, procedure="my-copy", title="副本")
        page = designer.post(f"/designer/{draft}/submit", follow_redirects=True).text
        assert "还没有通过检查" in page
        assert checked(town, designer, draft) == "checked"
        page = designer.get(f"/designer/{draft}/scenarios").text
        assert "没有场景走过的流" in page
        answer = designer.post(f"/designer/{draft}/submit", follow_redirects=True)
        assert "已送审为第 1 版" in answer.text
        assert "由您起草，须由另一人批准" in answer.text
        version = answer.request.path.rsplit("/", 1)[-1]
        form = {"effective_on": "2026-03-02"}
        other = town.visit("方某")
        answer = other.post(
            f"/admin/procedures/{version}/approve", data=form, follow_redirects=True
        )
        assert "已批准发布" in answer.text

    def test_what_is_no_folder_is_not_submitted_but_told(
        self, town: Town, designer: FlaskClient
    ) -> None:
        draft = begin(town, designer)
        save(designer, draft, "procedure.yaml", "a: [", 1)
        page = designer.post(f"/designer/{draft}/submit", follow_redirects=True)
        assert page.status_code == 200
        assert "不是有效的 YAML" in page.text

    def test_what_does_not_pass_says_where(self, town: Town, designer: FlaskClient) -> None:
        draft = begin(town, designer)
        assert checked(town, designer, draft) == "draft"
        page = designer.get(f"/designer/{draft}/scenarios").text
        assert "处错误" in page
        assert "至少要有一个" in page

    def test_a_folder_that_uses_what_is_not_there_is_told(
        self, town: Town, designer: FlaskClient
    ) -> None:
        draft = begin(town, designer)
        text = files_of(town, draft)["procedure.yaml"].decode() + "uses: [no-such]\n"
        told = save(designer, draft, "procedure.yaml", text, 1).get_json()
        assert told["findings"] == []
        assert "no-such" in designer.get(f"/designer/{draft}").text
        assert checked(town, designer, draft) == "draft"
        save(designer, draft, "new-one.bpmn", "<broken", 1)
        assert checked(town, designer, draft) == "draft"

    @pytest.mark.slow
    def test_a_draft_is_compared_with_the_version_in_force(
        self, town: Town, designer: FlaskClient
    ) -> None:
        version = designer.get("/designer").text.split("version:")[1].split('"')[0]
        draft = begin(
            town, designer, way="copy", source=f"version:{version}", procedure="", title=""
        )
        assert "没有差别" in designer.get(f"/designer/{draft}/changes").text
        files = files_of(town, draft)
        rules = files["procedure.yaml"].decode().replace("value: 15", "value: 20", 1)
        save(designer, draft, "procedure.yaml", rules, 1)
        page = designer.get(f"/designer/{draft}/changes").text
        assert "<ins>    value: 20</ins>" in page
        assert "<del>    value: 15</del>" in page

    def test_of_a_new_procedure_there_is_nothing_to_compare(
        self, town: Town, designer: FlaskClient
    ) -> None:
        draft = begin(town, designer)
        assert "没有可比的" in designer.get(f"/designer/{draft}/changes").text


def test_the_shipped_procedures_stand_beside_the_package() -> None:
    """The gallery reads them from disk."""
    assert (Path(PROCESSES) / "shared").is_dir()
