"""期满移出页：列出可移出的案件，一人提出，另一人批准，看进度。"""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from engine.commands.retire import KIND, run_retirement
from engine.store.tables import CaseRow, Retirement
from scheduler.jobs import drain
from tests.office import Town
from tests.web.reading import words

PAGE = "/admin/retirement"
PROPOSER, APPROVER = "方某", "丁某"


def closed(town: Town) -> CaseRow:
    """A case withdrawn in March 2026, ten years and a month ago."""
    case = town.open()
    with town.office.database.begin() as session:
        session.execute(
            sa.text("UPDATE due SET state = 'withdrawn' WHERE case_id = :of"), {"of": case.id}
        )
        session.execute(
            sa.text("UPDATE deadline SET state = 'withdrawn' WHERE case_id = :of"),
            {"of": case.id},
        )
        session.execute(
            sa.text("UPDATE work_item SET state = 'withdrawn' WHERE case_id = :of"),
            {"of": case.id},
        )
        row = session.get_one(CaseRow, case.id)
        row.closed_at, row.status, row.outcome = town.clock.now(), "withdrawn", "withdrawn"
    town.clock.move_to(town.clock.now().replace(year=2036, month=4))
    return case


def said(town: Town, name: str) -> str:
    return words(town.visit(name).get(PAGE))


def post(town: Town, name: str, path: str = PAGE, **form: str) -> str:
    answer = town.visit(name).post(path, data=form, follow_redirects=True)
    assert answer.status_code == 200
    return words(answer)


@pytest.mark.office
class TestThePage:
    """没有期满案件的，说明没有；有的，可提出。"""

    def test_nothing_may_leave_yet(self, town: Town) -> None:
        town.open()

        assert "没有期满可移出的案件" in said(town, PROPOSER)
        assert "没有移出过" in said(town, PROPOSER)

    def test_proposed_by_one_approved_by_another_and_done(self, town: Town) -> None:
        case = closed(town)
        assert case.number in said(town, PROPOSER)
        assert "等另一名管理员批准" in post(town, PROPOSER, reasons="期满。")
        assert "批准这一批" not in said(town, PROPOSER)
        assert "批准这一批" in said(town, APPROVER)
        row = town.one(sa.select(Retirement))
        told = post(town, APPROVER, f"{PAGE}/{row.id}", action="grant", reasons="同意。")
        assert "正在后台逐件移出" in told
        drain(town.office, {KIND: run_retirement})

        assert "1/1" in said(town, PROPOSER)
        assert "已完成" in said(town, PROPOSER)

    def test_the_pages_of_a_case_that_left_are_still_there(self, town: Town) -> None:
        case = closed(town)
        post(town, PROPOSER, reasons="期满。")
        row = town.one(sa.select(Retirement))
        post(town, APPROVER, f"{PAGE}/{row.id}", action="grant", reasons="同意。")
        drain(town.office, {KIND: run_retirement})
        browser = town.visit("冯某")
        page = browser.get(f"/cases/{case.id}")

        assert page.status_code == 200
        assert case.number in page.text
        assert "案件期满移出日常库" in browser.get(f"/cases/{case.id}/timeline").text

    def test_rejected_the_cases_stay(self, town: Town) -> None:
        case = closed(town)
        post(town, PROPOSER, reasons="期满。")
        row = town.one(sa.select(Retirement))
        told = post(town, APPROVER, f"{PAGE}/{row.id}", action="refuse", reasons="缓办。")

        assert "案件留在日常库" in told
        assert case.number in said(town, PROPOSER)
        assert "未批准" in said(town, PROPOSER)

    def test_reasons_are_needed(self, town: Town) -> None:
        closed(town)

        assert "理由" in post(town, PROPOSER, reasons="")
        assert town.all(sa.select(Retirement)) == []
