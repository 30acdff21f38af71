"""管理页：临期与逾期、受阻、失败的任务、记录校验；只有管理员可见，督办专员可看督办与记录。"""

from __future__ import annotations

import re
from datetime import timedelta

import orjson
import pytest
import sqlalchemy as sa

from engine.store.tables import AuditEntry, DueRow, Incident, OutboxJob, PostRow
from tests.office import Town
from tests.web import walking

GIVEN = {"exit": "here", "procedure": "corporate-accountability", "remark": "受理"}
PAGES = (
    "",
    "/late",
    "/calendar",
    "/people",
    "/procedures",
    "/records",
    "/records/heads.json",
    "/decisions",
)


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page[page.index("<main") :]))


def add(town: Town, row: object) -> None:
    with town.office.database.begin() as session:
        session.add(row)


class TestWhoMayLook:
    """未列明的，一律不许。"""

    @pytest.mark.parametrize("path", PAGES)
    def test_an_officer_may_not(self, town: Town, path: str) -> None:
        assert town.visit("周某").get(f"/admin{path}").status_code == 403

    def test_a_supervision_officer_sees_late_work_and_records(self, town: Town) -> None:
        browser = town.visit("苏某")

        page = browser.get("/admin/late")
        assert page.status_code == 200
        assert 'href="/admin/people"' not in page.text
        assert '<a href="/admin/late">督办</a>' in browser.get("/inbox").text
        assert browser.get("/admin/records").status_code == 200
        assert browser.get("/admin").status_code == 403

    @pytest.mark.parametrize(
        ("path", "data"),
        [
            ("/verify", {}),
            ("/people", {"name": "某人"}),
            ("/units", {"name": "某处"}),
            ("/calendar", {"year": "2027", "action": "confirm"}),
            ("/calendar", {"year": "2027", "days": "", "action": "show"}),
            ("/calendar/day", {"day": "2026-03-10", "kind": "off", "action": "show"}),
            ("/clock", {"to": "2026-03-03T09:00"}),
        ],
    )
    def test_an_officer_changes_nothing(self, town: Town, path: str, data: dict[str, str]) -> None:
        assert town.visit("周某").post(f"/admin{path}", data=data).status_code == 403

    def test_another_authority_sees_none_of_it(self, town: Town) -> None:
        case = town.open()
        browser = town.visit("邓某")

        assert "周某" not in browser.get("/admin/people").text
        found = browser.get("/admin/records", query_string={"case": case.number})
        assert "没有记录" in found.text
        url = f"/admin/people/{town.people['周某']}"
        assert browser.get(url).status_code == 404


class TestLateWork:
    """期限临近或届满的事项列出灯、最后一日和在谁手上（SUP-003）。"""

    def test_a_verification_past_its_last_day_is_listed_with_its_holders(self, town: Town) -> None:
        case = town.open()
        town.do("冯某", case, "ut_screen", intake=GIVEN)
        town.claim("吕某", case, "ut_verify")
        town.at(2026, 3, 17)  # Tuesday, the day after the last one

        text = text_of(town.visit("方某").get("/admin/late").text)

        assert "初步核实" in text
        assert "黄牌" in text
        assert "超 1 个工作日" in text
        assert "吕某" in text
        assert town.visit("苏某").get(f"/cases/{case.id}").status_code == 200
        assert f'href="/cases/{case.id}"' in town.visit("苏某").get("/admin/late").text

    def test_what_has_time_left_is_not_listed(self, town: Town) -> None:
        case = town.open()
        town.do("冯某", case, "ut_screen", intake=GIVEN)

        assert "没有临期或逾期的事项" in town.visit("方某").get("/admin/late").text

    def test_an_address_that_somebody_made_up_is_refused(self, town: Town) -> None:
        assert town.visit("方某").get("/admin/late?after=x").status_code == 400


class TestIncidents:
    """受阻的案件由管理员处理；原因未消除的，不能了结。"""

    @pytest.fixture
    def stopped(self, town: Town) -> str:
        """Nobody verifies any more: the screening's next step finds nobody."""
        with town.office.database.begin() as session:
            session.execute(
                sa.update(PostRow)
                .where(PostRow.role == "verifier")
                .values(valid_to=town.clock.now().date() - timedelta(days=1))
            )
        case = town.open()
        town.do("冯某", case, "ut_screen", intake=GIVEN)
        incident: Incident = town.one(sa.select(Incident))
        return incident.id

    def test_it_says_what_is_wrong(self, town: Town, stopped: str) -> None:
        assert "没有可办理的人" in town.visit("方某").get("/admin").text

    def test_while_nobody_holds_the_post_it_stays(self, town: Town, stopped: str) -> None:
        page = town.visit("方某").post(f"/admin/incidents/{stopped}", follow_redirects=True)

        assert "仍无人可办" in page.text
        assert town.one(sa.select(Incident)).resolved_at is None

    def test_once_somebody_does_it_goes_on(self, town: Town, stopped: str) -> None:
        browser = town.visit("方某")
        browser.post(
            f"/admin/people/{town.people['吕某']}/posts",
            data={"role": "verifier", "valid_from": "2026-03-02"},
        )

        page = browser.post(f"/admin/incidents/{stopped}", follow_redirects=True)

        assert "没有受阻的案件" in page.text
        assert town.one(sa.select(Incident)).resolved_at is not None
        again = browser.post(f"/admin/incidents/{stopped}")
        assert again.status_code == 302

    def test_what_failed_is_tried_at_once_when_a_step_is_repaired(self, town: Town) -> None:
        case = town.open()
        now = town.clock.now()
        incident = Incident(
            authority_id=town.authority_id,
            case_id=case.id,
            element="ut_screen",
            kind="step",
            reason={"zh": "表达式出错", "en": "An expression failed"},
            happened_at=now,
        )
        due = DueRow(
            authority_id=town.authority_id,
            case_id=case.id,
            kind="timer",
            ref="t",
            due_at=now,
            not_before=now + timedelta(hours=1),
            failures=1,
        )
        incident_id, due_id = incident.id, due.id
        add(town, incident)
        add(town, due)

        town.visit("方某").post(f"/admin/incidents/{incident_id}")

        assert town.one(sa.select(DueRow).where(DueRow.id == due_id)).not_before is None
        assert town.one(sa.select(Incident)).resolved_at is not None

    def test_a_right_that_runs_out_is_nobodys_late_work(self, town: Town) -> None:
        walking.to_service(town)
        town.at(2026, 3, 23)  # the last day of the appeal

        text = text_of(town.visit("方某").get("/admin/late").text)

        assert "申诉" not in text

    def test_an_unknown_one_is_not_found(self, town: Town) -> None:
        assert town.visit("方某").post("/admin/incidents/none").status_code == 404


class TestRetrying:
    """到期未能执行的、放弃的后台任务，可立即重试。"""

    def test_a_due_row_that_failed_is_tried_at_once(self, town: Town) -> None:
        case = town.open()
        later = town.clock.now() + timedelta(hours=1)
        due = DueRow(
            authority_id=town.authority_id,
            case_id=case.id,
            kind="remind",
            ref="none",
            due_at=town.clock.now(),
            not_before=later,
            failures=3,
        )
        due_id = due.id
        add(town, due)
        browser = town.visit("方某")
        assert "临期提醒" in browser.get("/admin").text

        browser.post(f"/admin/due/{due_id}")

        assert town.one(sa.select(DueRow).where(DueRow.id == due_id)).not_before is None
        assert browser.post("/admin/due/none").status_code == 404

    def test_a_dead_job_is_done_again_and_its_error_shows_no_text(self, town: Town) -> None:
        job = OutboxJob(
            kind="preview",
            key="preview:1",
            payload={},
            state="dead",
            not_before=town.clock.now(),
            attempts=8,
            last_error="ValueError: 陈某",
        )
        job_id = job.id
        add(town, job)
        browser = town.visit("方某")
        page = browser.get("/admin").text
        assert "文书预览" in page
        assert "ValueError" in page
        assert "陈某" not in page

        browser.post(f"/admin/jobs/{job_id}")

        row = town.one(sa.select(OutboxJob).where(OutboxJob.id == job_id))
        assert (row.state, row.attempts) == ("todo", 0)
        assert browser.post(f"/admin/jobs/{job_id}").status_code == 404


class TestTheRecord:
    """记录逐条成链；改动一处，校验即知。"""

    def test_a_whole_record_verifies(self, town: Town) -> None:
        page = town.visit("方某").post("/admin/verify").text

        assert "审计记录完整" in page

    def test_an_edited_entry_is_found(self, town: Town) -> None:
        town.open()
        with town.office.database.begin() as session:
            for name in session.scalars(
                sa.text("SELECT name FROM sqlite_master WHERE type='trigger'")
            ).all():
                session.execute(sa.text(f"DROP TRIGGER {name}"))
            session.execute(
                sa.update(AuditEntry)
                .where(AuditEntry.fact == "case_opened")
                .values(actor="somebody")
            )

        text = text_of(town.visit("方某").post("/admin/verify").text)

        assert "发现 1 处不一致" in text
        assert "被改动" in text

    def test_the_acts_of_a_day_are_listed(self, town: Town) -> None:
        text = text_of(town.visit("方某").get("/admin/records?day=2026-03-02").text)

        assert "任职 person=冯某；role=intake_clerk；valid_from=2020-01-01" in text

    def test_a_case_is_listed_without_what_its_entries_say(self, town: Town) -> None:
        case = town.open()

        page = town.visit("方某").get("/admin/records", query_string={"case": case.number})

        assert "登记案件" in text_of(page.text)
        assert "channel=" not in page.text

    def test_a_long_day_is_shown_in_parts(self, town: Town) -> None:
        browser = town.visit("方某")
        first = browser.get("/admin/records?day=2026-03-02").text
        following = re.search(r'rel="next" href="([^"]+)"', first)
        assert following is not None

        second = browser.get(following[1].replace("&amp;", "&")).text

        assert re.search(r'data-th="序号">51<', second)

    def test_heads_are_exported(self, town: Town) -> None:
        case = town.open()

        exported = orjson.loads(town.visit("方某").get("/admin/records/heads.json").data)

        other = [stream for stream in exported if town.other_authority_id in stream]
        assert other == []
        count, digest = exported[f"case:{case.id}"]
        assert count > 0
        assert digest.startswith("sha256:")


class TestRehearsal:
    """演练库的日期可向后拨，其间到期的依次发生；不能拨回。"""

    def test_moved_past_a_last_day_a_yellow_card_is_given(self, town: Town) -> None:
        case = town.open()
        town.do("冯某", case, "ut_screen", intake=GIVEN)
        browser = town.visit("方某")

        page = browser.post("/admin/clock", data={"to": "2026-03-17T09:00"}, follow_redirects=True)

        text = text_of(page.text)
        assert "2026年3月17日 周二 09:00" in text
        assert "记牌 1" in text

    @pytest.mark.parametrize(
        ("to", "said"),
        [("2026-03-01T09:00", "不能回到"), ("somewhen", "请填写要拨到的日期和时间")],
    )
    def test_back_or_to_nowhere_it_does_not_go(self, town: Town, to: str, said: str) -> None:
        page = town.visit("方某").post("/admin/clock", data={"to": to}, follow_redirects=True)

        assert said in page.text

    def test_with_nothing_due_it_says_so(self, town: Town) -> None:
        page = town.visit("方某").post(
            "/admin/clock", data={"to": "2026-03-02T10:00"}, follow_redirects=True
        )

        assert "没有到期的事项" in page.text


class TestInEnglish:
    """每一页都可切换为英文。"""

    @pytest.mark.parametrize(
        ("path", "said"),
        [
            ("", "Verify the whole record"),
            ("/late", "Nothing is near its last day or late"),
            ("/calendar", "Change a day"),
            ("/people", "Pool of investigators"),
            ("/procedures", "Upload and check"),
            ("/decisions", "Try decisions"),
            ("/records", "Export the heads"),
            ("/clock", "Move the date"),
        ],
    )
    def test_the_administration_speaks_english(self, town: Town, path: str, said: str) -> None:
        browser = town.visit("方某")
        browser.get("/language/en?back=/admin")

        page = browser.get(f"/admin{path}").text

        assert '<html lang="en"' in page
        assert said in page
