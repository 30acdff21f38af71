"""办结任务：答复经表单校验，保密内容入保密库，案件随图推进。"""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from engine.commands.complete_work import complete_work
from engine.commands.save_draft import save_draft
from engine.errors import AnswersRefused, Refusal
from engine.store.record import verify
from engine.store.tables import (
    Answers,
    CaseRow,
    DeadlineRow,
    Draft,
    DueRow,
    FactRow,
    InboxRow,
    Notice,
    Participant,
)
from tests.engine.commands.conftest import Town


class TestTheCaseGoesOn:
    """上一环节完成，下一环节才打开（SUP-004）。"""

    def test_established_goes_to_the_board(self, town: Town) -> None:
        case = town.open()
        town.do("初核甲", case, "ut_verify", established=True, findings="查明属实")

        assert town.open_elements(case) == ["ut_serve"]
        assert town.case(case).status == "decided"
        assert town.case(case).stage == "decide"

    def test_not_established_closes_the_case_and_tells_the_reporter(self, town: Town) -> None:
        case = town.open(by="受理甲", facts="无根据", reporter_id=None)
        with town.office.database.begin() as session:
            session.add(
                Participant(
                    authority_id=town.authority_id,
                    case_id=case.id,
                    person_id=town.people["举报人"],
                    role="reporter",
                    since_at=town.clock.now(),
                )
            )

        town.do("初核甲", case, "ut_verify", established=False)

        over = town.case(case)
        assert (over.status, over.outcome) == ("closed", "not_established")
        assert over.closed_at == town.clock.now()
        notice = town.one(sa.select(Notice).where(Notice.key == "not_established"))
        assert notice.person_id == town.people["举报人"]
        assert notice.text["zh"] == "案件某集问〔2026〕1号经初步核实不属实，已了结。"

    def test_completing_ends_the_deadline_that_waits_for_its_fact(self, town: Town) -> None:
        case = town.open()
        town.at(2026, 2, 28, 17)
        town.do("初核甲", case, "ut_verify", established=True, findings="查明")

        row = town.deadline(case, "DL-T-1")
        assert row.state == "met"
        assert row.ended_on == date(2026, 2, 28)
        assert not town.all(sa.select(DueRow).where(DueRow.ref == row.id, DueRow.state == "armed"))

    def test_a_fact_with_a_condition_is_stated_only_where_it_holds(self, town: Town) -> None:
        yes, no = town.open(), town.open()
        town.do("初核甲", yes, "ut_verify", established=True, findings="查明")
        town.do("初核甲", no, "ut_verify", established=False)

        stated = town.all(sa.select(FactRow.case_id).where(FactRow.name == "proposed_start"))
        assert stated == [yes.id]

    def test_the_record_holds_together(self, town: Town) -> None:
        case = town.open()
        town.do("初核甲", case, "ut_verify", established=True, findings="查明")

        with town.office.database.reading() as session:
            assert list(verify(session)) == []


class TestAnswers:
    """表单在服务器上再校验一遍；看不见的字段、未知的键一律不收。"""

    def test_what_is_missing_is_named_by_field(self, town: Town) -> None:
        case = town.open()

        with pytest.raises(AnswersRefused) as refused:
            town.do("初核甲", case, "ut_verify", established=True)

        assert refused.value.errors == {"findings": [("field.required", {})]}
        assert town.open_elements(case) == ["ut_verify"]

    def test_hidden_and_unknown_fields_are_dropped(self, town: Town) -> None:
        case = town.open()
        town.do("初核甲", case, "ut_verify", established=False, findings="不应收", admin=True)

        kept = town.one(sa.select(Answers).where(Answers.form == "verify"))
        assert set(kept.data) == {"established", "$salt"}
        assert "admin" not in town.case(case).variables

    def test_a_confidential_answer_is_only_in_the_vault(self, town: Town) -> None:
        case = town.open(reporter_name="张三丰")
        town.do("初核甲", case, "ut_verify", established=False, witness="李四光")

        row = town.one(
            sa.select(CaseRow).where(CaseRow.id == case.id).options(sa.orm.undefer(CaseRow.state))
        )
        reference = row.variables["reporter_name"]
        with town.office.database.reading() as session:
            opened = town.office.vault.open(session, reference, case.id)
            everything = "".join(
                str(line)
                for table in ("answers", "audit_entry", "case_file", "work_item", "notice")
                for line in session.execute(sa.text(f"SELECT * FROM {table}"))  # noqa: S608
            )

        assert opened == "张三丰"
        assert set(row.variables["witness"]) == {"$vault"}
        assert "张三丰" not in everything
        assert "李四光" not in everything

    def test_a_day_that_lies_ahead_is_refused(self, town: Town) -> None:
        case = town.open()
        town.do("初核甲", case, "ut_verify", established=True, findings="查明")

        with pytest.raises(Refusal, match=r"fact\.in_future"):
            town.do("监事甲", case, "ut_serve", received_on="2026-02-10")


class TestDrafts:
    """暂存：不校验，不含保密内容；办结后不再留存。"""

    def test_a_draft_is_kept_without_what_is_confidential(self, town: Town) -> None:
        case = town.open()
        item = town.item(case, "ut_verify")

        left_out = town.give(
            "初核甲", save_draft, item.id, {"findings": "写了一半", "witness": "李四光", "x": 1}
        )

        draft = town.one(sa.select(Draft))
        assert left_out == ("witness",)
        assert draft.data["findings"] == "写了一半"
        assert "x" not in draft.data
        assert draft.data["witness"] is None

    def test_a_later_draft_replaces_the_earlier(self, town: Town) -> None:
        case = town.open()
        item = town.item(case, "ut_verify")
        town.give("初核甲", save_draft, item.id, {"findings": "一"})
        town.give("初核甲", save_draft, item.id, {"findings": "二"})

        assert [one.data["findings"] for one in town.all(sa.select(Draft))] == ["二"]

    def test_a_draft_too_long_is_refused(self, town: Town) -> None:
        case = town.open()

        with pytest.raises(Refusal, match=r"draft\.too_long"):
            town.give(
                "初核甲",
                save_draft,
                town.item(case, "ut_verify").id,
                {"findings": "长" * 100_000},
            )

    def test_completing_throws_the_draft_away(self, town: Town) -> None:
        case = town.open()
        town.give("初核甲", save_draft, town.item(case, "ut_verify").id, {"findings": "一"})
        town.do("初核甲", case, "ut_verify", established=False)

        assert town.all(sa.select(Draft)) == []


class TestInboxes:
    """待办列出届满日，办结即消失。"""

    def test_the_line_shows_the_expiry_of_the_deadline(self, town: Town) -> None:
        case = town.open()
        item = town.item(case, "ut_verify")
        line = town.one(sa.select(InboxRow).where(InboxRow.work_item_id == item.id))

        assert line.due_at == town.deadline(case, "DL-T-1").expires_at
        assert line.warn_at == town.deadline(case, "DL-T-1").warn_at

    def test_a_completed_task_is_in_no_inbox(self, town: Town) -> None:
        case = town.open()
        item = town.do("初核甲", case, "ut_verify", established=False)

        assert town.all(sa.select(InboxRow).where(InboxRow.work_item_id == item.id)) == []


class TestTheRightToAppeal:
    """申诉期自收到决定之日起15个工作日（S0篇1§11）；以送达之日为准，可后补登记。"""

    def test_received_wed_8_april_runs_until_wed_29_april(self, town: Town) -> None:
        case = town.open()
        town.do("初核甲", case, "ut_verify", established=True, findings="查明")
        town.at(2026, 4, 10)
        item = town.item(case, "ut_serve")
        town.give("监事甲", complete_work, item.id, {"received_on": "2026-04-08"}, proof="送达回证")

        row: DeadlineRow = town.deadline(case, "DL-T-6")
        assert row.event_on == date(2026, 4, 8)
        assert row.last_day == date(2026, 4, 29)
        timer = town.one(sa.select(DueRow).where(DueRow.kind == "timer"))
        assert timer.due_at == row.expires_at
