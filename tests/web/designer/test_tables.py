"""决策表试算、文书模板、版本比较与回退。"""

from __future__ import annotations

import io
from datetime import date
from typing import TYPE_CHECKING

import pytest

from engine.commands.publish_version import approve_version, draft_version
from engine.desk.views.published import procedures
from engine.publishing.folders import read_folder
from engine.publishing.manifests import digest_of_manifest, manifest_of
from tests.office import P01, PROCESSES, Town
from tests.web.designer.conftest import DESIGNER
from tests.web.designer.test_drafts import begin, files_of, save

if TYPE_CHECKING:
    from flask.testing import FlaskClient
from tests.web.designer.test_rules_and_tables import REAPPOINT


class TestTables:
    """Beside the editor: gaps, overlaps, and what the table gives."""

    def test_gaps_are_shown_and_a_table_is_tried(self, town: Town, designer: FlaskClient) -> None:
        draft = begin(town, designer, way="copy", source=REAPPOINT, procedure="my-copy")
        page = designer.get(f"/designer/{draft}/tables/way.dmn").text
        assert "没有重叠" in page
        name = page.split('name="in.')[1].split('"')[0]
        url = f"/designer/{draft}/tables/way.dmn?table=DT-RE-1"
        page = designer.get(f"{url}&in.{name}=null").text
        assert "结果" in page

    def test_a_table_with_a_gap_and_an_overlap_names_them(
        self, town: Town, designer: FlaskClient
    ) -> None:
        draft = begin(town, designer)
        designer.post(f"/designer/{draft}/files", data={"kind": "dmn", "name": "weight"})
        text = files_of(town, draft)["weight.dmn"].decode()
        gap = text.replace("<text>-</text>", '<text>"a"</text>')
        told = save(designer, draft, "weight.dmn", gap, 1).get_json()
        assert "table-gap" in {one["rule"] for one in told["findings"]}
        assert "input" in designer.get(f"/designer/{draft}/tables/weight.dmn").text
        start, end = text.index("<rule"), text.index("</rule>") + len("</rule>")
        rule = text[start:end].replace("rule_1", "rule_2")
        save(designer, draft, "weight.dmn", text[:end] + rule + text[end:], 2)
        assert "规则 1 与 2" in designer.get(f"/designer/{draft}/tables/weight.dmn").text

    def test_what_is_no_table_is_told(self, town: Town, designer: FlaskClient) -> None:
        draft = begin(town, designer)
        save(designer, draft, "weight.dmn", "<broken", 0)
        assert "不能读取" in designer.get(f"/designer/{draft}/tables/weight.dmn").text


class TestPapers:
    """The fields of a .docx are checked against the paper's data; a PDF shows how it looks."""

    @pytest.mark.slow
    def test_the_fields_of_a_template_are_listed(self, town: Town, designer: FlaskClient) -> None:
        version = designer.get("/designer").text.split("version:")[1].split('"')[0]
        source = f"version:{version}"
        draft = begin(town, designer, way="copy", source=source, procedure="", title="")
        path = next(one for one in files_of(town, draft) if one.endswith(".docx"))
        page = designer.get(f"/designer/{draft}/edit/{path}", follow_redirects=True).text
        assert "模板要填的字段" in page
        assert "文书的 data 中没有" not in page

    def test_what_is_no_docx_is_told_and_another_file_is_none(
        self, town: Town, designer: FlaskClient
    ) -> None:
        draft = begin(town, designer)
        upload = {"folder": "documents/", "file": (io.BytesIO(b"x"), "letter.docx")}
        designer.post(f"/designer/{draft}/files", data=upload, content_type="multipart/form-data")
        page = designer.get(f"/designer/{draft}/document/documents/letter.docx").text
        assert "不是可用的" in page
        assert designer.get(f"/designer/{draft}/document/procedure.yaml").status_code == 404

    def test_a_paper_is_previewed_as_pdf(self, town: Town, designer: FlaskClient) -> None:
        draft = begin(town, designer, way="copy", source=REAPPOINT, procedure="my-copy")
        answer = designer.get(f"/designer/{draft}/preview/approval-form.pdf")
        assert answer.mimetype == "application/pdf"
        assert answer.data.startswith(b"%PDF")
        assert designer.get(f"/designer/{draft}/preview/none.pdf").status_code == 404

    @pytest.mark.parametrize("text", ["", "- a\n", "id: new-one\nkind: procedure\n"])
    def test_where_the_rules_do_not_hold_the_preview_says_so(
        self, town: Town, designer: FlaskClient, text: str
    ) -> None:
        draft = begin(town, designer)
        save(designer, draft, "procedure.yaml", text, 1)
        page = designer.get(f"/designer/{draft}/preview/x.pdf", follow_redirects=True).text
        assert "草稿还有错误" in page

    def test_a_draft_with_errors_has_no_preview(self, town: Town, designer: FlaskClient) -> None:
        draft = begin(town, designer)
        save(designer, draft, "new-one.bpmn", "<broken", 1)
        page = designer.get(f"/designer/{draft}/preview/x.pdf", follow_redirects=True).text
        assert "先按检查结果修改" in page


class TestVersions:
    """Two versions are compared; an earlier one can be drafted anew."""

    @pytest.mark.slow
    def test_the_second_version_is_compared_with_the_first_and_rolled_back(
        self, town: Town, designer: FlaskClient
    ) -> None:
        first = designer.get("/designer").text.split("version:")[1].split('"')[0]
        assert designer.get(f"/designer/compare/{first}").status_code == 404
        second = _second_version(town)
        page = designer.get(f"/designer/compare/{second}").text
        assert "第 2 版与第 1 版比" in page
        assert "<ins>" in page
        url = f"/designer/versions/{first}/roll-back"
        page = designer.post(url, data={"reasons": ""}, follow_redirects=True).text
        assert "请写明理由" in page
        page = designer.post(url, data={"reasons": "有误。"}, follow_redirects=True).text
        assert "已按原内容起草第 3 版" in page
        again = designer.get(f"/designer/compare/{second}?against={first}").text
        assert "第 2 版与第 1 版比" in again


def _second_version(town: Town) -> str:
    """Publish P01 with one text changed, past its checks; return the version's id."""
    folder = read_folder(PROCESSES / P01)
    readme = f"{P01}/README.md"
    files = {**folder.files, readme: folder.files[readme] + b"\nmore\n"}
    changed = type(folder)(folder.procedure, files, folder.scenarios)
    manifest = manifest_of(changed)
    digest = digest_of_manifest(manifest)
    whole = {**files, **folder.scenarios}
    report = {"digest": digest, "passed": True}
    row = town.give(
        DESIGNER, draft_version, P01, manifest=manifest, digest=digest, files=whole, report=report
    )
    town.give("system", approve_version, row.id, effective_on=date(2026, 3, 1))
    (line,) = town.ask(DESIGNER, procedures)
    assert line.newest.id == row.id
    return str(row.id)
