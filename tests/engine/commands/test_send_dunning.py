"""两次催办仍未完成的移送监察，禁止第三次催办（S2 L80；SUP-011；SC-101 至 SC-103）。"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from engine.commands.open_case import open_case
from engine.commands.send_dunning import prepare_dunning, send_dunning
from engine.errors import NotAllowed, NotFound, Refusal
from engine.store.tables import AuditEntry, CaseRow, DeadlineRow, DocumentRow, Dunning, Notice
from tests.bpmn.diagrams import a_process, boundary, bpmn, chain, end, flow, node, start, timer
from tests.engine.commands.conftest import Town
from tests.engine.commands.kin import field, publish, reread, task

ROOTS = '<message id="M" name="dunned"/>'
PAPER = """
#set page(width: 60mm, height: 40mm)
#let data = json("data.json")
= #data.title
"""


def supervised(town: Town, *, paper: bool = False, **more: Any) -> CaseRow:
    """Open a task of 10 April 2026: due that day, dunned by the board, then transferred."""
    body = (
        start(),
        task("ut_do", deadline="DL-DT-1"),
        boundary("ev_over", "ut_do", timer('deadline("DL-DT-3")', "timeDate")),
        task("ut_transfer", "supervisory_board"),
        end(),
        end("e2"),
        chain("s", "ut_do", "e"),
        flow("ev_over", "ut_transfer"),
        flow("ut_transfer", "e2"),
        node(
            "subProcess",
            "sp",
            node(
                "startEvent",
                "sp_s",
                '<messageEventDefinition messageRef="M"/>',
                isInterrupting="false",
            )
            + task("ut_note", "supervisory_board")
            + end("sp_e")
            + chain("sp_s", "ut_note", "sp_e"),
            triggeredByEvent="true",
        ),
    )
    dunning: dict[str, Any] = {"by": ["supervisory_board"], "source": "S2 L80"}
    if paper:
        dunning["document"] = "notice"
        more["documents"] = {
            "notice": {
                "title": "催办通知书",
                "template": "documents/notice.typ",
                "number": {"series": "dun", "rule": "{authority_short}督催〔{year}〕{n}号"},
                "required": ["count", "reasons"],
                "data": {"count": "=dunning.count", "reasons": "=dunning.reasons"},
            }
        }
    publish(
        town,
        "task",
        bpmn(a_process(*body, process="task"), roots=ROOTS),
        forms={"start": [field("facts")]},
        files={"documents/notice.typ": PAPER.encode()} if paper else {},
        start={"form": "start", "roles": ["intake_clerk"], "fact": "assigned"},
        variables={"dunning": None},
        dunning=dunning,
        parameters={"dunning.interval": {"value": 5, "unit": "working_days", "proposed": True}},
        deadlines={
            "DL-DT-1": {
                "title": "完成",
                "value": 10,
                "unit": "days",
                "starts": "assigned",
                "ends": "done",
                "proposed": True,
            },
            "DL-DT-3": {
                "title": "第二次催办",
                "value": 5,
                "unit": "working_days",
                "starts": "dunned_2",
                "ends": "done",
                "on_expiry": [],
                "proposed": True,
            },
        },
        **more,
    )
    town.at(2026, 3, 31)
    case: CaseRow = town.give("受理甲", open_case, "task", {})
    assert town.deadline(case, "DL-DT-1").last_day == date(2026, 4, 10)
    return case


def dun(town: Town, case: CaseRow, by: str = "监事甲", reasons: str = "请于期内完成。") -> Dunning:
    row: Dunning = town.give(by, send_dunning, town.item(case, "ut_do").id, reasons=reasons)
    return row


class TestTwice:
    """第一次 04-13，至 04-20；第二次 04-21，至 04-28；04-29 移送（SC-101）。"""

    def test_sc_101_two_notices_then_it_is_transferred(self, town: Town) -> None:
        case = supervised(town)
        town.at(2026, 4, 13)
        first = dun(town, case)
        assert (first.number, first.last_day) == (1, date(2026, 4, 20))
        assert reread(town, case.id).variables["dunning"]["count"] == 1  # type: ignore[index]

        town.at(2026, 4, 21)
        second = dun(town, case)
        assert (second.number, second.last_day) == (2, date(2026, 4, 28))
        assert town.deadline(case, "DL-DT-3").last_day == date(2026, 4, 28)

        town.at(2026, 4, 28, 23, 59)
        assert "ut_transfer" not in town.open_elements(case)
        town.at(2026, 4, 29, 0, 0)
        assert "ut_transfer" in town.open_elements(case)
        assert "ut_do" not in town.open_elements(case)

    def test_sc_103_a_third_is_forbidden(self, town: Town) -> None:
        case = supervised(town)
        for day in (13, 21):
            town.at(2026, 4, day)
            dun(town, case)

        with pytest.raises(Refusal, match="exhausted") as refused:
            dun(town, case)

        assert refused.value.params["most"] == 2
        assert refused.value.rule == "S2 L80"
        facts = town.all(sa.select(AuditEntry.fact).where(AuditEntry.case_id == case.id))
        assert facts.count("dunned") == 2

    def test_what_is_told_and_what_diagrams_act_on(self, town: Town) -> None:
        case = supervised(town)
        town.at(2026, 4, 13)
        dun(town, case)

        told = town.all(sa.select(Notice).where(Notice.key == "dunning.sent"))
        assert {one.person_id for one in told} == {
            town.people[name] for name in ("初核甲", "初核乙", "初核丙")
        }
        assert "现第1次催办" in str(told[0].text["zh"])
        assert "ut_note" in town.open_elements(case)  # by the message `dunned`
        stated = town.all(
            sa.select(AuditEntry.details).where(
                AuditEntry.case_id == case.id, AuditEntry.fact == "fact_stated"
            )
        )
        assert [one["name"] for one in stated] == ["assigned", "dunned", "dunned_1"]

    def test_sc_102_what_was_done_is_dunned_no_more(self, town: Town) -> None:
        case = supervised(town)
        town.at(2026, 4, 13)
        dun(town, case)
        item = town.item(case, "ut_do")
        town.do("初核甲", case, "ut_do")
        town.at(2026, 4, 21)

        with pytest.raises(Refusal, match="item_over"):
            town.give("监事甲", send_dunning, item.id, reasons="再催。")
        assert town.all(sa.select(DeadlineRow).where(DeadlineRow.key == "DL-DT-3")) == []


class TestWhatIsRefused:
    """未逾期不得催办；上一次期满前不得再催；须有职权，须写明理由。"""

    def test_before_the_last_day_is_over(self, town: Town) -> None:
        case = supervised(town)
        town.at(2026, 4, 10, 23, 59)

        with pytest.raises(Refusal, match="not_due"):
            dun(town, case)

    def test_while_the_notice_before_gives_time(self, town: Town) -> None:
        case = supervised(town)
        town.at(2026, 4, 13)
        dun(town, case)
        town.at(2026, 4, 20, 23, 59)

        with pytest.raises(Refusal, match="too_soon"):
            dun(town, case)

    def test_by_somebody_who_does_the_work(self, town: Town) -> None:
        case = supervised(town)
        town.at(2026, 4, 13)

        with pytest.raises(NotAllowed):
            dun(town, case, by="初核甲")
        with pytest.raises(NotFound):
            dun(town, case, by="外人")

    def test_without_reasons(self, town: Town) -> None:
        case = supervised(town)
        town.at(2026, 4, 13)

        with pytest.raises(Refusal, match="reasons"):
            dun(town, case, reasons="  ")

    def test_in_a_procedure_that_knows_none(self, town: Town) -> None:
        case = town.open()

        with pytest.raises(Refusal, match=r"dunning\.none"):
            town.give("监事甲", send_dunning, town.item(case, "ut_verify").id, reasons="x")

    def test_twice_at_once_is_one(self, town: Town) -> None:
        """两人同时催办：后到的一个被拒绝，因为前一次的时间还没有到。"""
        case = supervised(town)
        town.at(2026, 4, 13)
        dun(town, case)

        with pytest.raises(Refusal, match="too_soon"):
            dun(town, case, by="监事乙")
        assert len(town.all(sa.select(Dunning))) == 1

    def test_a_fault_before_the_commit_sends_nothing(self, town: Town) -> None:
        case = supervised(town)
        town.at(2026, 4, 13)

        def die(moment: str, command: str) -> None:
            if (moment, command) == ("before_commit", "send_dunning"):
                raise ConnectionError

        town.office.hook = die
        with pytest.raises(ConnectionError):
            dun(town, case)
        town.office.hook = None

        assert town.all(sa.select(Dunning)) == []
        assert dun(town, case).number == 1


class TestThePaper:
    """催办通知书编号、签发，存其摘要。"""

    def test_it_is_prepared_then_issued_with_the_notice(self, town: Town) -> None:
        case = supervised(town, paper=True)
        town.at(2026, 4, 13)
        item = town.item(case, "ut_do").id
        signing = replace(town.actor("监事甲"), has_signed=True)

        with pytest.raises(Refusal, match="not_prepared"):
            town.office.give(signing, send_dunning, item, reasons="请办。")
        assert prepare_dunning(town.office, signing, item, reasons="请办。") is not None
        with pytest.raises(Refusal, match="signature"):
            dun(town, case)
        row = town.office.give(signing, send_dunning, item, reasons="请办。")

        paper = town.one(sa.select(DocumentRow).where(DocumentRow.case_id == case.id))
        assert (paper.state, paper.number, row.document_id) == (
            "issued",
            "某集督催〔2026〕1号",
            paper.id,
        )
        assert paper.data == {"count": 1, "reasons": "请办。"}

    def test_where_there_is_none_nothing_is_prepared(self, town: Town) -> None:
        case = supervised(town)
        town.at(2026, 4, 13)

        item = town.item(case, "ut_do").id
        assert prepare_dunning(town.office, town.actor("监事甲"), item, reasons="x") is None


class TestAsAStep:
    """流程图也可以把催办画成一个任务（act: dun）。"""

    def step(self, town: Town) -> CaseRow:
        form = node(
            "userTask",
            "ut_dun",
            '<extensionElements><camunda:properties><camunda:property name="act" value="dun"/>'
            '<camunda:property name="of" value="ut_do"/></camunda:properties></extensionElements>',
            name="催办",
            camunda_candidateGroups="supervisory_board",
            camunda_formRef="dun",
        )
        body = (
            start(),
            node("parallelGateway", "g"),
            task("ut_do", deadline="DL-DT-1"),
            form,
            end(),
            end("e2"),
            chain("s", "g", "ut_do", "e"),
            chain("g", "ut_dun", "e2"),
        )
        publish(
            town,
            "step",
            bpmn(a_process(*body, process="step")),
            forms={"start": [], "dun": [field("reasons")]},
            start={"form": "start", "roles": ["intake_clerk"], "fact": "assigned"},
            variables={"dunning": None},
            deadlines={
                "DL-DT-1": {
                    "title": "完成",
                    "value": 10,
                    "unit": "days",
                    "starts": "assigned",
                    "ends": "done",
                    "proposed": True,
                }
            },
        )
        case: CaseRow = town.give("受理甲", open_case, "step", {})
        return case

    def test_who_has_the_step_sends_the_notice(self, town: Town) -> None:
        case = self.step(town)
        town.at(2026, 2, 25)

        town.do("监事甲", case, "ut_dun", reasons="请办。")

        assert town.one(sa.select(Dunning)).number == 1
        assert reread(town, case.id).variables["dunning"]["last_day"] is None  # type: ignore[index]

    def test_it_is_refused_while_the_work_is_not_late_or_done(self, town: Town) -> None:
        case = self.step(town)
        with pytest.raises(Refusal, match="not_due"):
            town.do("监事甲", case, "ut_dun", reasons="请办。")

        town.do("初核甲", case, "ut_do")

        with pytest.raises(Refusal, match="item_over"):
            town.do("监事甲", case, "ut_dun", reasons="请办。")
