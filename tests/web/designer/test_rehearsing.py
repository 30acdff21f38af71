"""录制场景：在演练的页面上以各人的身份办一遍，结束时成为通过的场景 (issue 7)."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING, Any

import orjson
import pytest
import yaml

from engine.commands.substitute import set_substitution
from engine.desk import Actor
from engine.publishing.rehearsing import open_rehearsal
from tests.office import Town
from tests.web.designer.test_drafts import begin, files_of, save
from web.forms import FILE_FIELD

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

USUAL = {"way": "wizard", "procedure": "new-one", "title": "新流程", "days": "15"}
CLOCK = "2026-03-02T09:00"


@pytest.fixture
def draft(town: Town, designer: FlaskClient) -> str:
    return begin(town, designer, **USUAL)


def rehearse(client: FlaskClient, draft: str, clock: str = CLOCK) -> str:
    page = client.post(f"/designer/{draft}/rehearsal", data={"clock": clock}, follow_redirects=True)
    return page.text


def inside(draft: str, path: str) -> str:
    return f"/designer/{draft}/rehearsal/pages{path}"


def act_as(client: FlaskClient, draft: str, name: str) -> TestResponse:
    return client.post(f"/designer/{draft}/rehearsal/as", data={"name": name})


def token_in(text: str) -> str:
    return text.split('name="csrf_token" value="')[1].split('"', maxsplit=1)[0]


def send(client: FlaskClient, address: str, answers: dict[str, Any], **more: Any) -> TestResponse:
    """Fill the form of a page of the rehearsal and send it."""
    page = client.get(address)
    assert page.status_code == 200, address
    data = {"answers": orjson.dumps(answers).decode(), "csrf_token": token_in(page.text), **more}
    return client.post(address, data=data)


def register(client: FlaskClient, draft: str) -> None:
    act_as(client, draft, "甲某")
    address = client.get(inside(draft, "/register")).headers["Location"]
    told = send(client, address, {"summary": "反映的问题"}, action="register")
    assert "/register/done/" in told.headers["Location"]


def do(client: FlaskClient, draft: str, name: str, answers: dict[str, Any]) -> None:
    """Do the first open step of somebody's inbox."""
    act_as(client, draft, name)
    inbox = client.get(inside(draft, "/inbox")).text
    found = re.search(r'href="([^"]*/work/[0-9a-f-]+)"', inbox)
    assert found is not None, inbox
    told = send(client, found[1], answers, action="complete")
    assert told.status_code == 302, told.text


def end(client: FlaskClient, draft: str, name: str, **more: str) -> str:
    page = client.post(
        f"/designer/{draft}/rehearsal/end", data={"name": name, **more}, follow_redirects=True
    )
    return page.text


class TestRecording:
    """登记、办理、移动时间：结束录制即成为场景，照着重演通过。"""

    def test_what_is_done_at_the_pages_becomes_a_scenario_that_passes(
        self, town: Town, designer: FlaskClient, draft: str
    ) -> None:
        assert "正在录制场景" in rehearse(designer, draft)
        register(designer, draft)
        do(designer, draft, "丁某", {"facts": "查明的事实", "evidence": "证据目录"})
        designer.post(f"/designer/{draft}/rehearsal/clock", data={"to": "2026-03-04T10:30"})
        assert "2026年3月4日" in designer.get(f"/designer/{draft}/rehearsal").text

        told = end(designer, draft, "recorded", title="调查完毕")

        assert "重新演练一遍，全部通过" in told
        scenario = yaml.safe_load(files_of(town, draft)["scenarios/recorded.yaml"])
        assert scenario["given"] == {"clock": "2026-03-02 09:00", "cast": "standard"}
        opened, done, moved, then = scenario["steps"]
        assert (opened["by"], opened["answers"]) == ("甲某", {"summary": "反映的问题"})
        assert (done["do"], done["by"]) == ("ut_investigation", "丁某")
        assert moved == {"at": "2026-03-04 10:30"}
        assert then["then"]["only_open"] == ["ut_decision"]
        assert then["then"]["case"]["closed"] is False
        assert "录制场景" in designer.get(f"/designer/{draft}/scenarios").text
        assert designer.get(f"/designer/{draft}/rehearsal").status_code == 302

    def test_files_are_recorded_by_their_names_and_work_that_was_given_back_as_well(
        self, town: Town, designer: FlaskClient, draft: str
    ) -> None:
        form = orjson.loads(files_of(town, draft)["forms/start.form"])
        form["components"].append({"type": "filepicker", "key": "papers", "label": "附件"})
        save(designer, draft, "forms/start.form", orjson.dumps(form).decode(), 1)
        rehearse(designer, draft)
        act_as(designer, draft, "甲某")
        address = designer.get(inside(draft, "/register")).headers["Location"]
        upload = (BytesIO(b"%PDF-1.7\n%%EOF\n"), "举报信.pdf")
        answers = {"summary": "反映的问题", "papers": "files::one"}
        send(designer, address, answers, action="register", **{f"{FILE_FIELD}files::one": upload})
        act_as(designer, draft, "丁某")
        inbox = designer.get(inside(draft, "/inbox")).text
        found = re.search(r'href="([^"]*/work/[0-9a-f-]+)"', inbox)
        assert found is not None
        token = {"csrf_token": token_in(designer.get(found[1]).text)}
        assert designer.post(f"{found[1]}/claim", data=token).status_code == 302
        assert send(designer, found[1], {}, action="release").status_code == 302

        assert "重新演练一遍，全部通过" in end(designer, draft, "recorded")

        scenario = yaml.safe_load(files_of(town, draft)["scenarios/recorded.yaml"])
        opened, claimed, released, _then = scenario["steps"]
        assert opened["answers"] == {"summary": "反映的问题", "papers": ["举报信.pdf"]}
        assert (claimed["claim"], claimed["by"]) == ("ut_investigation", "丁某")
        assert released == {"release": "ut_investigation", "by": "丁某"}

    def test_what_scenarios_have_no_step_for_is_told_in_words(
        self, town: Town, designer: FlaskClient, draft: str
    ) -> None:
        rehearse(designer, draft)
        register(designer, draft)
        home = designer.application.extensions["wenze_settings"].home / "rehearsals" / draft
        found = open_rehearsal(home)
        assert found is not None
        admin = Actor(found.people["甲某"], found.authority_id, is_admin=True)
        found.office.give(
            admin,
            set_substitution,
            found.people["甲某"],
            valid_from=date(2026, 3, 3),
            valid_to=date(2026, 3, 4),
            reasons="住院",
            person_id=found.people["丁某"],
        )
        found.close()

        page = designer.get(f"/designer/{draft}/rehearsal").text

        assert "有的动作在场景中没有相应的步骤" in page
        assert "设定代理" in page

    def test_the_pages_of_a_rehearsal_lead_back_to_it_and_stay_within(
        self, designer: FlaskClient, draft: str
    ) -> None:
        rehearse(designer, draft)
        answer = act_as(designer, draft, "甲某")
        assert "Path=" + inside(draft, "") in answer.headers["Set-Cookie"]

        home = designer.get(inside(draft, "/"))

        assert home.headers["Location"].startswith(inside(draft, "/"))
        page = designer.get(home.headers["Location"]).text
        assert "正在录制场景：换人、移动时间、结束录制" in page
        assert f'href="/designer/{draft}/rehearsal"' in page
        back = designer.get(inside(draft, "/language/en?back=/inbox"))
        assert back.headers["Location"] == inside(draft, "/inbox")

    def test_a_form_of_the_rehearsal_without_its_token_is_refused(
        self, designer: FlaskClient, draft: str
    ) -> None:
        rehearse(designer, draft)
        act_as(designer, draft, "甲某")
        designer.application.config["WTF_CSRF_ENABLED"] = True

        assert designer.post(inside(draft, "/register/new-one"), data={}).status_code == 400

    def test_nothing_of_it_is_in_the_office_around_it(
        self, town: Town, designer: FlaskClient, draft: str
    ) -> None:
        rehearse(designer, draft)
        register(designer, draft)

        assert "新流程" not in town.visit("冯某").get("/cases").text

    def test_only_who_designs_may_see_it(
        self, town: Town, designer: FlaskClient, draft: str
    ) -> None:
        rehearse(designer, draft)

        assert town.visit("冯某").get(f"/designer/{draft}/rehearsal").status_code == 403
        assert town.visit("冯某").get(inside(draft, "/inbox")).status_code == 403


class TestWhatIsRefused:
    """不能演练、不能留下的，说明原因，所办的不丢。"""

    def test_a_draft_with_errors_or_without_a_moment_is_not_rehearsed(
        self, town: Town, designer: FlaskClient, draft: str
    ) -> None:
        assert "请写明演练从何时开始" in rehearse(designer, draft, "soon")
        save(designer, draft, "new-one.bpmn", "<broken", 1)
        assert "草稿还有错误" in rehearse(designer, draft)

    def test_a_cast_that_cannot_be_read_is_told(self, designer: FlaskClient, draft: str) -> None:
        save(designer, draft, "scenarios/cast.yaml", "people: 5\n", 1)
        assert "演练人员 scenarios/cast.yaml 有误" in rehearse(designer, draft)

    def test_a_draft_without_a_cast_gets_one(self, town: Town, designer: FlaskClient) -> None:
        bare = begin(town, designer)
        assert "正在录制场景" in rehearse(designer, bare)
        cast = yaml.safe_load(files_of(town, bare)["scenarios/cast.yaml"])
        assert [one["roles"] for one in cast["people"].values() if "roles" in one] == [
            ["intake_clerk"]
        ]

    def test_a_bad_name_a_name_that_is_there_and_an_empty_rehearsal(
        self, designer: FlaskClient, draft: str
    ) -> None:
        rehearse(designer, draft)
        assert "文件名用字母" in end(designer, draft, "a/b")
        assert "已有同名的场景" in end(designer, draft, "sanctioned")
        assert "还没有登记案件" in end(designer, draft, "mine")

    def test_the_clock_does_not_go_back_and_nobody_else_can_be_played(
        self, designer: FlaskClient, draft: str
    ) -> None:
        rehearse(designer, draft)
        to = {"to": "2026-03-01T09:00"}
        page = designer.post(f"/designer/{draft}/rehearsal/clock", data=to, follow_redirects=True)
        assert "时间只能往后移" in page.text
        assert act_as(designer, draft, "无此人").status_code == 404

    def test_without_a_rehearsal_there_are_no_pages(
        self, designer: FlaskClient, draft: str
    ) -> None:
        assert designer.get(inside(draft, "/inbox")).status_code == 404
        moved = designer.post(f"/designer/{draft}/rehearsal/clock", data={"to": CLOCK})
        assert moved.status_code == 404
        assert designer.post(f"/designer/{draft}/rehearsal/end").status_code == 302

    def test_what_no_longer_passes_is_told_and_kept_only_if_asked(
        self, town: Town, designer: FlaskClient, draft: str
    ) -> None:
        rehearse(designer, draft)
        register(designer, draft)
        form = orjson.loads(files_of(town, draft)["forms/start.form"])
        form["components"][0]["key"] = "content"
        save(designer, draft, "forms/start.form", orjson.dumps(form).decode(), 1)

        told = end(designer, draft, "recorded")
        assert "没有通过" in told
        assert "草稿在开始录制之后改过" in told
        assert "scenarios/recorded.yaml" not in files_of(town, draft)

        assert "尚未通过" in end(designer, draft, "recorded", action="keep")
        assert "scenarios/recorded.yaml" in files_of(town, draft)

    def test_it_can_be_given_up(self, town: Town, designer: FlaskClient, draft: str) -> None:
        rehearse(designer, draft)
        register(designer, draft)
        assert "演练已放弃" in end(designer, draft, "", action="discard")
        assert designer.get(f"/designer/{draft}/rehearsal").status_code == 302


class TestManyRehearsals:
    """每个进程只开着几个演练；关了的再问即开。"""

    def test_the_oldest_is_closed_and_opened_again(
        self, designer: FlaskClient, draft: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("web.designer.stage_pages.MOST_OPEN", 1)
        rehearse(designer, draft)
        register(designer, draft)
        other = str(
            designer.post(
                "/designer/begin",
                data={"way": "empty", "procedure": "other-one", "title": "另一流程"},
                content_type="multipart/form-data",
            ).headers["Location"]
        ).rpartition("/")[2]
        rehearse(designer, other)

        assert "ut_investigation" not in designer.get(f"/designer/{other}/rehearsal").text
        assert "反映的问题" in designer.get(f"/designer/{draft}/rehearsal").text
