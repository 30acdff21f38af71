"""移送须回执，退回须理由；报告与决定发出的同时抄告监察机关（S2 L54；SUP-027、SUP-028）。"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from engine.commands.complete_work import complete_work
from engine.commands.open_case import open_case
from engine.commands.prepare_papers import prepare_papers
from engine.errors import Refusal
from engine.store.tables import AuditEntry, Card, CaseRow, DocumentRow, Notice, Transfer
from tests.bpmn.diagrams import a_process, bpmn, chain, end, start
from tests.engine.commands.conftest import Town
from tests.engine.commands.kin import field, publish, reread, service, task

PAPER = '#let data = json("data.json")\n= #data.title\n'
LETTER = {
    "letter": {
        "title": "移送书",
        "template": "documents/letter.typ",
        "required": ["facts"],
        "data": {"facts": "=facts"},
    }
}
TRANSFER = [field("organ"), field("materials", "textarea"), field("sent_on", "textfield")]
RECEIPT = [
    field("received_on"),
    field("received_by"),
    field("receipt_number"),
    field("accepted", "checkbox"),
    field("reasons"),
]


def with_form(drawn: str, form: str) -> str:
    return drawn.replace(
        "camunda:candidateGroups", f'camunda:formRef="{form}" camunda:candidateGroups', 1
    )


def moved(town: Town, *, issues: bool = False, kind: str = "judicial") -> CaseRow:
    """Open a case that issues a letter (where it does), transfers and waits for the receipt."""
    names = ["ut_issue"] if issues else []
    document = {"document": "letter"} if issues else {}
    body = (
        start(),
        task("ut_issue", act="issue_document", document="letter") if issues else "",
        with_form(
            task("ut_transfer", act="transfer", kind=kind, fact="sent", **document), "transfer"
        ),
        with_form(
            task("ut_receipt", act="record_receipt", deadline="DL-TR-1", fact="receipted"),
            "receipt",
        ),
        task("ut_after"),
        end(),
        chain("s", *names, "ut_transfer", "ut_receipt", "ut_after", "e"),
    )
    publish(
        town,
        "moving",
        bpmn(a_process(*body, process="moving")),
        forms={"start": [field("facts")], "transfer": TRANSFER, "receipt": RECEIPT},
        files={"documents/letter.typ": PAPER.encode()},
        documents=LETTER,
        variables={"facts": "x"},
        deadlines={
            "DL-TR-1": {
                "title": "移送回执",
                "value": 3,
                "unit": "working_days",
                "starts": "sent",
                "ends": "receipted",
                "on_expiry": [{"do": "yellow_card", "tell": "supervisory_board"}],
                "source": "S2 L54",
            }
        },
    )
    case: CaseRow = town.give("受理甲", open_case, "moving", {"facts": "挪用"})
    return case


def transfers(town: Town) -> list[Transfer]:
    return town.all(sa.select(Transfer).order_by(Transfer.sent_at, Transfer.id))


class TestTransfer:
    """移送书连同材料送有权处理的机关。"""

    def test_it_is_kept_and_waits_for_its_receipt(self, town: Town) -> None:
        case = moved(town)
        town.do("初核甲", case, "ut_transfer", organ="市人民检察院", materials="卷宗一册")

        (row,) = transfers(town)
        assert (row.kind, row.organ, row.state, row.sent_on) == (
            "judicial",
            "市人民检察院",
            "sent",
            date(2026, 2, 9),
        )
        found: Any = reread(town, case.id).variables["transfer"]
        assert (found["id"], found["organ"]) == (row.id, "市人民检察院")

    def test_without_its_receipt_in_time_a_card_is_given_and_carried_up(self, town: Town) -> None:
        """2 月 9 日移送，三个工作日至 12 日；13 日黄牌，告知监事会（SUP-028）。"""
        case = moved(town)
        town.do("初核甲", case, "ut_transfer", organ="检察院")
        town.at(2026, 2, 13)

        (card,) = town.all(sa.select(Card))
        assert card.given_on == date(2026, 2, 13)
        told = town.all(sa.select(Notice.person_id).where(Notice.key == "deadline.yellow"))
        assert {town.people["监事甲"], town.people["监事乙"]} <= set(told)

    def test_to_nobody_it_is_refused(self, town: Town) -> None:
        case = moved(town)

        with pytest.raises(Refusal, match="no_organ"):
            town.do("初核甲", case, "ut_transfer", organ="  ")

    def test_dated_ahead_it_is_refused(self, town: Town) -> None:
        case = moved(town)

        with pytest.raises(Refusal, match="future"):
            town.do("初核甲", case, "ut_transfer", organ="检察院", sent_on="2026-02-10")

    def test_without_its_issued_letter_it_is_refused(self, town: Town) -> None:
        case = moved(town, issues=True)
        signing = replace(town.actor("初核甲"), has_signed=True)
        item = town.item(case, "ut_issue").id
        prepare_papers(town.office, signing, item)
        town.office.give(signing, complete_work, item, {})
        with town.office.database.begin() as session:
            paper = session.scalars(sa.select(DocumentRow)).one()
            paper.state = "draft"

        with pytest.raises(Refusal, match="not_issued"):
            town.do("初核甲", case, "ut_transfer", organ="检察院")

        with town.office.database.begin() as session:
            session.get_one(DocumentRow, paper.id).state = "issued"
        assert prepare_papers(town.office, signing, town.item(case, "ut_transfer").id) is None
        town.do("初核甲", case, "ut_transfer", organ="检察院")
        assert transfers(town)[0].document_id == paper.id
        assert len(town.all(sa.select(DocumentRow))) == 1  # nothing was drafted anew


class TestReceipt:
    """签收，或者说明理由退回。"""

    def test_the_receiving_organ_took_it(self, town: Town) -> None:
        case = moved(town)
        town.do("初核甲", case, "ut_transfer", organ="检察院")
        town.at(2026, 2, 11)
        town.do(
            "初核甲",
            case,
            "ut_receipt",
            received_on="2026-02-10",
            received_by="张检察官",
            receipt_number="检收3号",
        )

        (row,) = transfers(town)
        assert (row.state, row.received_on, row.received_by, row.receipt_number) == (
            "received",
            date(2026, 2, 10),
            "张检察官",
            "检收3号",
        )
        found: Any = reread(town, case.id).variables["receipt"]
        assert found == {"transfer": row.id, "received_on": "2026-02-10", "accepted": True}
        assert town.deadline(case, "DL-TR-1").state == "met"

    def test_it_is_sent_back_with_reasons(self, town: Town) -> None:
        case = moved(town)
        town.do("初核甲", case, "ut_transfer", organ="检察院")
        with pytest.raises(Refusal, match="reasons"):
            town.do("初核甲", case, "ut_receipt", accepted=False)

        town.do("初核甲", case, "ut_receipt", accepted=False, reasons="不属本院管辖。")

        (row,) = transfers(town)
        assert (row.state, row.reasons) == ("returned", "不属本院管辖。")

    @pytest.mark.parametrize(
        ("day", "message"), [("2026-02-08", "receipt_before"), ("2026-02-10", "future")]
    )
    def test_its_day_is_looked_at(self, town: Town, day: str, message: str) -> None:
        case = moved(town)
        town.do("初核甲", case, "ut_transfer", organ="检察院")

        with pytest.raises(Refusal, match=message):
            town.do("初核甲", case, "ut_receipt", received_on=day)

    def test_where_nothing_waits_for_one_the_answers_are_only_kept(self, town: Town) -> None:
        case = moved(town)
        town.do("初核甲", case, "ut_transfer", organ="检察院")
        with town.office.database.begin() as session:
            session.execute(sa.update(Transfer).values(state="received"))

        town.do("初核甲", case, "ut_receipt", received_by="某")

        assert "receipt" not in reread(town, case.id).variables
        assert town.open_elements(case) == ["ut_after"]

    def test_a_receipt_of_another_kind_leaves_it_waiting(self, town: Town) -> None:
        case = moved(town)
        town.do("初核甲", case, "ut_transfer", organ="检察院")
        with town.office.database.begin() as session:
            item = session.merge(town.item(case, "ut_receipt"))
            item.properties = {**item.properties, "kind": "copy"}

        town.do("初核甲", case, "ut_receipt")

        assert transfers(town)[0].state == "sent"


def copied(town: Town, **properties: str) -> CaseRow:
    """Open a case that issues a letter and copies it, behind one another."""
    body = (
        start(),
        task("ut_issue", act="issue_document", document="letter"),
        service("st_copy", "wenze.copy", **properties),
        task("ut_after"),
        end(),
        chain("s", "ut_issue", "st_copy", "ut_after", "e"),
    )
    publish(
        town,
        "copying",
        bpmn(a_process(*body, process="copying")),
        forms={"start": [field("facts")]},
        files={"documents/letter.typ": PAPER.encode()},
        documents=LETTER,
        notices={"copied": {"title": "抄告", "text": "案件{case_number}已抄告。"}},
        variables={"facts": "x"},
    )
    case: CaseRow = town.give("受理甲", open_case, "copying", {"facts": "挪用"})
    return case


def issue(town: Town, case: CaseRow) -> None:
    signing = replace(town.actor("初核甲"), has_signed=True)
    item = town.item(case, "ut_issue").id
    prepare_papers(town.office, signing, item)
    town.office.give(signing, complete_work, item, {})


class TestCopy:
    """抄告与签发同一事务；抄告谁、何时，记录在案。"""

    def test_it_goes_out_in_the_transaction_of_the_issue(self, town: Town) -> None:
        case = copied(town, to="supervisory_board", document="letter")
        issue(town, case)

        (row,) = transfers(town)
        paper = town.one(sa.select(DocumentRow))
        assert (row.kind, row.organ, row.document_id) == ("copy", "监事会", paper.id)
        assert set(row.told) == {town.people["监事甲"], town.people["监事乙"]}
        told = town.all(sa.select(Notice).where(Notice.key == "matter.copied"))
        assert len(told) == 2
        assert "移送书" in str(told[0].text["zh"])
        entries = town.all(sa.select(AuditEntry).where(AuditEntry.case_id == case.id))
        at = {one.fact: one.recorded_at for one in entries}
        assert at["matter_copied"] == at["document_issued"]

    def test_a_copy_that_fails_takes_the_issue_back(self, town: Town) -> None:
        case = copied(town, to="supervisory_board", document="another")
        with pytest.raises(Refusal, match="not_issued"):
            issue(town, case)

        assert town.one(sa.select(DocumentRow)).state == "prepared"
        assert transfers(town) == []

    def test_by_the_procedures_own_notice_and_to_an_organ_outside(self, town: Town) -> None:
        case = copied(town, to="supervisory_board", organ="市监察局", notice="copied")
        issue(town, case)

        (row,) = transfers(town)
        assert (row.organ, row.document_id) == ("市监察局", None)
        assert len(town.all(sa.select(Notice).where(Notice.key == "copied"))) == 2

    def test_to_nobody_it_is_refused(self, town: Town) -> None:
        case = copied(town)

        with pytest.raises(Refusal, match="no_organ"):
            issue(town, case)
