"""除案件办理外，页面上的其余事项也可由程序办理：导出、更正、来信、登记簿、消息、草稿、运行。"""

from __future__ import annotations

import base64
import io
import zipfile
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from engine.commands.organise import give_post
from engine.commands.reports import hand_in_report
from engine.desk import system_actor
from engine.store.tables import AccessEntry, RecordCheck, Report
from tests.api.conftest import Bring
from tests.office import P01, PASSWORD, PROCESSES, Town
from tests.web import walking

SHARED_TABLES = "grading.dmn"


def base(content: bytes) -> str:
    return base64.b64encode(content).decode()


def zip_of(procedure: str) -> bytes:
    """Return a shipped folder as somebody would upload it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path in sorted((PROCESSES / procedure).rglob("*")):
            if path.is_file():
                name = path.relative_to(PROCESSES).as_posix()
                archive.writestr(name, path.read_bytes())
    return packed.getvalue()


def ok(answer: TestResponse) -> Any:
    """Return what a call that went well answered."""
    assert answer.status_code == 200, answer.text
    return answer.json


class TestTakingOut:
    """台账与案卷的导出：写明理由、可查进度、可停止，只有本人能取。"""

    def test_a_ledger_is_read_in_pages_and_taken_out(self, town: Town, program: Bring) -> None:
        for _number in range(3):
            town.open()
        robot = program("冯某")
        first = ok(robot.get("/ledger?limit=2&sort=oldest"))
        rest = ok(robot.get(f"/ledger?limit=2&sort=oldest&after={first['after']}"))
        assert (len(first["lines"]), len(rest["lines"]), first["total"]) == (2, 1, 3)
        assert ok(robot.get("/ledger/procedures"))[P01]["zh"] == "企业领导干部问责"

        ordered = ok(robot.post("/ledger/exports", {"chosen": {}, "reason": "月度核对台账"}))
        assert ok(robot.get("/exports"))["lines"][0]["id"] == ordered["id"]
        assert ok(robot.get(f"/exports/{ordered['id']}"))["state"] == "running"
        assert robot.get(f"/exports/{ordered['id']}/file").status_code == 409
        assert program("吕某").get(f"/exports/{ordered['id']}").status_code == 404
        assert ok(robot.post(f"/exports/{ordered['id']}/stop"))["state"] == "stopped"


class TestCorrecting:
    """更正：一人拟、另一人签发、再送达；或者放弃。"""

    @pytest.mark.slow
    def test_a_correction_is_drafted_prepared_and_dropped(self, town: Town, program: Bring) -> None:
        case = walking.to_service(town)
        robot = program("冯某")
        papers = ok(robot.get(f"/cases/{case.id}"))["documents"]
        served = next(one for one in papers if one["state"] == "served")
        wrong = {"wrong": "二车间", "right": "一车间", "reasons": "单位名称有误。"}
        made = ok(robot.post(f"/documents/{served['id']}/corrections", wrong))
        found = ok(robot.get(f"/corrections/{made['id']}"))
        assert found["original"]["id"] == served["id"]
        assert robot.post(f"/corrections/{made['id']}/prepare").status_code == 403  # not an issuer
        own = robot.post(f"/corrections/{made['id']}/issue", {"signature": PASSWORD})
        assert own.status_code == 403
        assert program("郑某").post(f"/corrections/{made['id']}/prepare").status_code == 204
        assert robot.post(f"/corrections/{made['id']}/drop").status_code == 204


class TestReportsOfThePublic:
    """来信：每次查看留痕；谁写的，写明理由才看得到；答复、登记或者不予受理。"""

    @pytest.fixture
    def report(self, town: Town) -> Report:
        town.office.give(
            system_actor(town.authority_id),
            hand_in_report,
            "设备部推诿。",
            contact={"name": "郎某"},
            truthful=True,
        )
        found: Report = town.one(sa.select(Report))
        return found

    def test_each_look_is_recorded_and_tells_no_name(
        self, town: Town, program: Bring, report: Report
    ) -> None:
        robot = program("冯某")
        assert [one["id"] for one in ok(robot.get("/reports"))] == [report.id]
        before = len(town.all(sa.select(AccessEntry)))
        answer = robot.get(f"/reports/{report.id}")
        assert ok(answer)["messages"][0]["text"] == "设备部推诿。"
        assert "郎某" not in answer.text
        assert len(town.all(sa.select(AccessEntry))) == before + 1

    def test_who_wrote_it_is_told_for_a_reason_and_never_kept(
        self, town: Town, program: Bring, report: Report
    ) -> None:
        robot = program("冯某")
        path = f"/reports/{report.id}/reporter"
        assert robot.post(path, {"reason": ""}).status_code == 409
        told = robot.post(path, {"reason": "联系来信人核实"}, Idempotency_Key="k")
        assert ok(told) == {"name": "郎某"}
        assert program("吕某").post(path, {"reason": "联系来信人核实"}).status_code == 403

    def test_it_is_answered_and_settled_once(self, program: Bring, report: Report) -> None:
        robot = program("冯某")
        asked = robot.post(f"/reports/{report.id}/question", {"text": "请说明时间。"})
        assert asked.status_code == 204
        assert ok(robot.get(f"/reports/{report.id}"))["messages"][1]["is_question"]
        path = f"/reports/{report.id}/refusal"
        assert robot.post(path, {"reasons": "不属本机关管辖。"}).status_code == 204
        assert robot.post(path, {"reasons": "再一次。"}).status_code == 409

    def test_it_becomes_a_case(self, town: Town, program: Bring, report: Report) -> None:
        answers = town.clue(summary="推诿。")
        body = {"procedure": P01, "answers": answers, "files": {}}
        made = ok(program("冯某").post(f"/reports/{report.id}/case", body))
        assert town.one(sa.select(Report)).case_id == made["id"]


class TestTheRegister:
    """受限登记：查询、评优与任职的请示，答复留痕；一致性看板只给督办。"""

    def test_an_award_is_asked_for(self, town: Town, program: Bring) -> None:

        town.give(
            "方某", give_post, town.people["许某"], "personnel_officer", valid_from=date(2026, 1, 1)
        )
        robot = program("许某")
        person = town.people["陈某"]
        assert ok(robot.get("/standing?everybody=true"))["lines"]
        answer = ok(robot.post(f"/standing/people/{person}/award", {"year": 2026}))
        assert answer["answer"] == "granted"
        assert ok(robot.get(f"/standing/people/{person}"))["requests"][0][0]["year"] == 2026
        assert robot.get("/standing/consistency").status_code == 403
        assert ok(program("苏某").get("/standing/consistency"))["comparisons"] == []


class TestWishes:
    """消息设置：本人定，地址不再显示。"""

    def test_they_are_kept(self, program: Bring) -> None:
        robot = program("吕某")
        wanted = {"wanted": {"assigned": ["mail"]}, "digest": "daily", "quiet_from": "22:00"}
        assert robot.put("/notices/wishes", wanted).status_code == 409
        assert ok(robot.put("/notices/wishes", wanted | {"quiet_to": "07:00"}))["digest"] == "daily"
        found = ok(robot.get("/notices/wishes"))
        assert (found["wanted"], found["quiet_to"]) == ({"assigned": ["mail"]}, "07:00")
        assert robot.post("/notices/addresses/mail/try").status_code == 404


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


class TestRunningThePlatform:
    """运行维护：离职转办、日历、人员名单、印章、记录核验、演练日期，与管理页面同一套命令。"""

    def test_work_of_who_leaves_is_handed_over(self, town: Town, program: Bring) -> None:
        case = town.open()
        [element] = town.open_elements(case)
        town.claim("冯某", case, element)
        robot = program("方某")
        body = {"person_id": town.people["冯某"], "to": town.people["魏某"], "reasons": "调离"}
        made = ok(robot.post("/departures", body))
        assert ok(robot.get("/departures"))[0]["person"] == "冯某"
        whole = ok(robot.get(f"/departures/{made['id']}"))
        assert [one["result"] for one in whole["items"]] == ["waiting"]
        assert ok(robot.post(f"/departures/{made['id']}/stop"))["state"] == "stopped"
        assert program("吕某").get("/departures").status_code == 403

    def test_a_list_of_people_is_tried_then_taken(self, program: Bring) -> None:
        robot = program("方某")
        lines = {"lines": [{"number": 1, "unit": "新部门", "name": "新人"}]}
        assert len(ok(robot.post("/roster/changes", lines))) == 2
        assert ok(robot.post("/roster", lines)) >= 1
        [found] = ok(robot.get("/people?search=新人"))["lines"]
        made = ok(robot.post(f"/people/{found['id']}/accounts", {"name": "robot-1"}))
        assert (made["name"], made["is_admin"], made["is_active"]) == ("robot-1", False, True)

    def test_the_record_is_verified_and_that_is_recorded(self, town: Town, program: Bring) -> None:
        robot = program("方某")
        assert ok(robot.post("/records/verification"))["breaches"] == []
        assert town.one(sa.select(RecordCheck).where(RecordCheck.scope == "all")).breaches == 0
        assert all(one["count"] for one in ok(robot.get("/records/heads")).values())
        assert program("吕某").post("/records/verification").status_code == 403

    def test_the_year_the_seal_and_the_words(self, program: Bring) -> None:
        robot = program("方某")
        assert ok(robot.get("/calendar/2026/national"))
        assert robot.get("/calendar/2090/national").status_code == 409
        assert robot.get("/seal").status_code == 404
        picture = b"\x89PNG\r\n\x1a\n" + b"\0" * 32
        assert robot.post("/seal", {"content": base(picture)}).status_code == 204
        assert robot.get("/seal").data == picture
        before = ok(robot.get("/notice-templates/assigned"))
        assert not before["is_own"]
        words = {"subject": dict(before["subject"]), "body": dict(before["body"])}
        words["subject"]["zh"] = "有新任务"
        assert ok(robot.put("/notice-templates/assigned", words))["number"] == 1
        assert ok(robot.get("/notice-templates/assigned"))["changed_by"] == {"1": "方某"}
        assert ok(robot.get("/running")) == []
        assert ok(robot.get("/health"))["overdue"] == 0

    def test_a_rehearsals_clock_goes_forward_only(self, program: Bring) -> None:
        robot = program("方某")
        assert ok(robot.get("/clock")) == "2026-03-02T01:00:00+00:00"
        moved = ok(robot.post("/clock", {"to": "2026-03-05T01:00:00Z"}))
        assert moved["now"] >= "2026-03-05T01:00:00+00:00"
        assert robot.post("/clock", {"to": "2026-03-04T01:00:00Z"}).status_code == 409
        assert robot.post("/clock", {"to": "2026-03-06T01:00:00"}).status_code == 422
        far = robot.post("/clock", {"to": "9999-12-31T00:00:00Z"})
        assert far.status_code == 409
        assert far.json is not None
        assert far.json["code"] == "clock.far"

    def test_where_cases_run_is_drawn(self, town: Town, program: Bring) -> None:
        case = town.open()
        robot = program("方某")
        load = ok(robot.get(f"/running/{case.version_id}"))
        assert sum(one["waiting"] for one in load["steps"]) == 1
        drawn = robot.get(f"/running/{case.version_id}/diagrams/{P01}")
        assert drawn.data.startswith(b"<?xml")


class TestAStepAndItsHands:
    """一个步骤经过谁手、可以交给谁；合议的，看得到谁到会、谁已表态。"""

    def test_who_holds_it_sees_to_whom_it_may_go(self, town: Town, program: Bring) -> None:
        case = town.open()
        [element] = town.open_elements(case)
        item = town.claim("冯某", case, element)
        robot = program("冯某")
        assert ok(robot.get(f"/work/{item.id}/hands"))["is_held"]
        assert robot.get(f"/work/{item.id}/meeting").status_code == 404
        assert robot.post(f"/work/{item.id}/papers").status_code == 200
        assert robot.post(f"/work/{item.id}/look").status_code == 200
        assert robot.get(f"/work/{item.id}/dunning").status_code in {403, 409}
        paper = robot.post(f"/work/{item.id}/dunning-paper", {"reasons": "请尽快。"})
        assert paper.status_code in {403, 409}

    @pytest.mark.slow
    def test_a_sitting_shows_who_has_spoken(self, town: Town, program: Bring) -> None:
        case = walking.to_meeting(town)
        item = town.item(case, "ut_decide")
        robot = program("郑某")
        before = ok(robot.get(f"/work/{item.id}/meeting"))
        assert before["motion"] is None
        put = robot.post(f"/work/{item.id}/motion", {"answers": walking.motion(town)})
        motion = ok(put)["id"]
        voted = {"vote": "agree", "reasons": "事实清楚。"}
        assert robot.post(f"/motions/{motion}/opinion", voted).status_code == 200
        after = ok(robot.get(f"/work/{item.id}/meeting"))
        assert {one["name"]: one["vote"] for one in after["members"]}["郑某"] == "agree"
        assert after["in_favour"] == 1

    @pytest.mark.slow
    def test_a_case_is_shown_with_all_that_goes_with_it(self, town: Town, program: Bring) -> None:
        case = walking.to_service(town)
        robot = program("冯某")
        for part in ("companions", "readers", "links", "escalations", "duplicates", "mergers"):
            assert robot.get(f"/cases/{case.id}/{part}").status_code == 200, part
        assert robot.get(f"/cases/{case.id}/diagrams/{P01}").mimetype == "application/xml"
        assert robot.get(f"/cases/{case.id}/diagrams/none").status_code == 404
        assert ok(robot.get(f"/cases/{case.id}/wake"))["answers"]["summary"]
        assert "reporter" not in ok(robot.get(f"/cases/{case.id}/wake"))["answers"]

    @pytest.mark.slow
    def test_what_may_be_filed_comes_with_its_form_and_draft(
        self, town: Town, program: Bring
    ) -> None:
        case = walking.to_service(town)
        robot = program("陈某")
        path = f"/cases/{case.id}/filings/appeal"
        keys = [one["key"] for one in ok(robot.get(f"/own/{case.id}"))["filings"]]
        assert keys
        path = f"/cases/{case.id}/filings/{keys[0]}"
        form = ok(robot.get(path))
        assert form["by_oneself"]
        draft = f"/own/{case.id}/filings/{keys[0]}"
        assert robot.put(f"{draft}/draft", {"data": {}}).status_code == 200
        assert ok(robot.get(path))["saved_at"]
        assert robot.post(f"{draft}/discard").status_code == 204
        assert ok(robot.get(path))["saved_at"] is None


class TestWhatIsPublic:
    """向社会公开的，程序也能读；撤下的，与没有一样。"""

    def test_it_is_read_by_everybody(self, program: Bring) -> None:
        robot = program("吕某")
        assert ok(robot.get("/publications"))["lines"] == []
        assert robot.get("/publications/none").status_code == 404
