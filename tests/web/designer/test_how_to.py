"""docs/how-to-add-a-procedure.md, done as it says: Chongqing's P36 from P01, without Python."""

from __future__ import annotations

import io
import time
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from engine.desk.views.drafting import draft_view
from engine.publishing.drawing import own_files
from engine.publishing.folders import read_folder
from tests.office import PROCESSES, Town
from tests.web.designer.conftest import DESIGNER
from tests.web.designer.test_drafts import begin, checked, files_of, save
from tests.web.designer.test_rules_and_tables import rules_of, write

if TYPE_CHECKING:
    from flask.testing import FlaskClient

P36 = "chongqing-head-accountability"
CHANNELS = (
    "公民举报",
    "新闻曝光",
    "工作考核结果",
    "司法机关提出问责建议",
    "相关行政单位提出问责建议",
)
TITLE = "政府部门行政首长问责"


@pytest.fixture
def draft(town: Town, designer: FlaskClient) -> str:
    source = "shipped:corporate-accountability"
    return begin(town, designer, way="copy", source=source, procedure=P36, title=TITLE)


def remove(client: FlaskClient, draft: str, section: str, key: str, number: int) -> None:
    form = {"section": section, "key": key, "number": str(number), "action": "remove"}
    assert client.post(f"/designer/{draft}/rules", data=form).status_code == 302


class TestChongqing:
    """P36: seven kinds of situations, seven measures, no periods of its own."""

    @pytest.mark.slow
    @pytest.mark.timeout(300)
    def test_what_the_text_says_is_written_at_the_pages_of_the_rules(
        self, town: Town, designer: FlaskClient, draft: str
    ) -> None:
        old = rules_of(town, draft)
        number = 1
        for key in old["channels"]:
            remove(designer, draft, "channels", key, number)
            number += 1
        for place, channel in enumerate(CHANNELS, start=1):
            given = {"title": channel, "source": "S3 L75"}
            assert "已写入" in write(designer, draft, "channels", f"CQ{place}", number, **given)
            number += 1
        for one in old["measures"]:
            remove(designer, draft, "measures", one["code"], number)
            number += 1
        shipped: list[dict[str, Any]] = yaml.safe_load(
            (PROCESSES / P36 / "procedure.yaml").read_text("utf-8")
        )["measures"]
        for one in shipped:
            effect = one.get("effect") or {}
            told = write(
                designer,
                draft,
                "measures",
                one["code"],
                number,
                title=one["title"]["zh"],
                title__en=one["title"]["en"],
                approval=one["approval"],
                source=one["source"],
                effect__kind=effect.get("kind", ""),
                effect__until=effect.get("until", ""),
            )
            assert "已写入" in told
            number += 1

        found = rules_of(town, draft)

        assert [one["title"]["zh"] for one in found["channels"].values()] == list(CHANNELS)
        assert found["measures"] == shipped

    @pytest.mark.slow
    @pytest.mark.timeout(300)
    def test_the_shipped_folder_is_what_comes_of_the_draft(
        self, town: Town, designer: FlaskClient, draft: str
    ) -> None:
        shipped = own_files(read_folder(PROCESSES / P36))
        now = files_of(town, draft)
        for path in set(now) - set(shipped):
            designer.post(f"/designer/{draft}/remove", data={"path": path, "number": "1"})
        for path, content in sorted(shipped.items()):
            if now.get(path) == content:
                continue
            if path.endswith(".docx"):
                sent = {"folder": "documents/", "file": (io.BytesIO(content), path.split("/")[1])}
                designer.post(
                    f"/designer/{draft}/files", data=sent, content_type="multipart/form-data"
                )
            else:
                told = save(designer, draft, path, content.decode(), 1 if path in now else 0)
                assert told.status_code == 200, (path, told.text)

        checked(town, designer, draft)
        while "data-check-over" not in designer.get(f"/designer/{draft}/check").text:
            time.sleep(0.2)
        assert town.ask(DESIGNER, draft_view, draft).row.state == "checked"
        page = designer.post(f"/designer/{draft}/submit", follow_redirects=True).text
        assert "已送审为第 1 版" in page
        exported = designer.get(f"/designer/{draft}/export.zip").data
        with zipfile.ZipFile(io.BytesIO(exported)) as archive:
            names = {one.removeprefix(f"{P36}/") for one in archive.namelist()}
        assert names == set(shipped)
