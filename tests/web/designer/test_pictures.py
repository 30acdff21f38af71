"""流程图的图样：随草稿和版本保存，先清洗；不可信的不留，比较时不算改动。"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from engine.publishing.drawing.comparing import differences
from engine.publishing.drawing.pictures import picture_in
from tests.office import Town
from tests.web.designer.test_drafts import begin, checked, files_of

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

GOOD = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><g data-element-id="ut_decision">'
    '<rect x="1" y="1" width="5" height="5"/></g></svg>'
)
EVIL = GOOD.replace("<rect", '<script>alert(1)</script><rect onclick="alert(2)"')


@pytest.fixture
def draft(town: Town, designer: FlaskClient) -> str:
    return begin(town, designer, way="wizard", days="10")


def drawn(client: FlaskClient, town: Town, draft: str, svg: object, number: int) -> TestResponse:
    """Save the diagram with its picture, as the modeller does."""
    text = files_of(town, draft)["new-one.bpmn"].decode()
    body = {"content": text, "svg": svg, "revision": number}
    return client.post(f"/designer/{draft}/save/new-one.bpmn", json=body)


class TestThePicture:
    """建模器画的图样清洗后保存在流程图旁边。"""

    def test_it_is_kept_beside_the_diagram_without_what_acts(
        self, town: Town, designer: FlaskClient, draft: str
    ) -> None:
        assert drawn(designer, town, draft, EVIL, 1).status_code == 200

        kept = files_of(town, draft)["new-one.svg"].decode()

        assert 'data-element-id="ut_decision"' in kept
        assert "script" not in kept
        assert "onclick" not in kept

    def test_the_same_picture_is_no_new_revision_and_another_is(
        self, town: Town, designer: FlaskClient, draft: str
    ) -> None:
        number = drawn(designer, town, draft, GOOD, 1).get_json()["revision"]
        first = files_of(town, draft)["new-one.svg"]
        number = drawn(designer, town, draft, GOOD, number).get_json()["revision"]
        assert files_of(town, draft)["new-one.svg"] == first
        drawn(designer, town, draft, GOOD.replace('"5"', '"6"'), number)
        assert files_of(town, draft)["new-one.svg"] != first

    @pytest.mark.parametrize("svg", ["<svg", "<html/>", 5, ""])
    def test_what_is_no_picture_is_not_kept_and_the_diagram_is(
        self, town: Town, designer: FlaskClient, draft: str, svg: object
    ) -> None:
        assert drawn(designer, town, draft, svg, 1).status_code == 200
        assert "new-one.svg" not in files_of(town, draft)

    def test_it_stands_in_the_page_of_the_coverage_before_any_script_runs(
        self, town: Town, designer: FlaskClient, draft: str
    ) -> None:
        drawn(designer, town, draft, GOOD, 1)
        assert checked(town, designer, draft) == "checked"

        assert (
            '<g data-element-id="ut_decision">' in designer.get(f"/designer/{draft}/scenarios").text
        )

    def test_the_gallery_shows_that_of_a_version(
        self, town: Town, designer: FlaskClient, draft: str
    ) -> None:
        drawn(designer, town, draft, EVIL, 1)
        assert checked(town, designer, draft) == "checked"
        designer.post(f"/designer/{draft}/submit")

        page = designer.get("/designer").text
        address = page.split('<img class="mw-100" src="')[1].split('"')[0]
        answer = designer.get(address)

        assert answer.mimetype == "image/svg+xml"
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert "script" not in answer.text
        assert page.count('<img class="mw-100"') == 1

    def test_the_page_of_a_version_shows_it_with_words_and_the_viewer_beside(
        self, town: Town, designer: FlaskClient, draft: str
    ) -> None:
        drawn(designer, town, draft, EVIL, 1)
        assert checked(town, designer, draft) == "checked"
        version = designer.post(f"/designer/{draft}/submit").headers["Location"]
        page = designer.get(version).text

        address = page.split('aria-label="流程图，可横向滚动"><img src="')[1].split('"')[0]
        assert 'data-element-id="ut_decision"' in designer.get(address).text
        assert "第 1 版的流程图 new-one" in page
        assert 'data-wz-diagram="version"' in page
        other = [one for one in page.split('href="')[1:] if one.startswith(f"{version}?diagram=")]
        for shared in {one.split('"')[0] for one in other if "new-one" not in one.split('"')[0]}:
            assert "可横向滚动" not in designer.get(shared).text
        assert designer.get(f"{address}?diagram=none.bpmn").status_code == 404

    def test_a_version_without_one_is_shown_by_the_viewer_alone(
        self, town: Town, designer: FlaskClient
    ) -> None:
        version = designer.get("/designer").text.split("version:")[1].split('"')[0]
        page = designer.get(f"/admin/procedures/{version}").text

        assert "可横向滚动" not in page
        assert 'data-wz-diagram="version"' in page

    def test_a_version_without_one_has_none(self, town: Town, designer: FlaskClient) -> None:
        version = designer.get("/designer").text.split("version:")[1].split('"')[0]
        assert designer.get(f"/designer/pictures/{version}.svg").status_code == 404


class TestFromElsewhere:
    """文件夹里带来的图样，显示时再清洗；比较两版时不算改动。"""

    def test_a_picture_in_a_folder_is_cleaned_when_it_is_shown(
        self, town: Town, draft: str
    ) -> None:
        files = {**files_of(town, draft), "new-one.svg": EVIL.encode()}

        assert "script" not in picture_in(files, "new-one.bpmn")
        assert picture_in({**files, "new-one.svg": b"<svg"}, "new-one.bpmn") == ""
        assert picture_in(files, "other.bpmn") == ""

    def test_it_is_no_difference_of_its_own(self, town: Town, draft: str) -> None:
        old = files_of(town, draft)
        new = {**old, "new-one.svg": GOOD.encode()}

        assert differences(old, new) == ()
        assert differences(new, old) == ()
        assert [one.path for one in differences(old, {**old, "logo.svg": b"<svg/>"})] == [
            "logo.svg"
        ]
