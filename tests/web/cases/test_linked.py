"""关联案件、移送与抄告、催办：在案件页上看得到，只看得到有权看的。"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from engine.commands.open_case import open_case
from engine.store.tables import CaseRow, Dunning, LinkedCase, Transfer
from tests.bpmn.diagrams import a_process, bpmn, chain, end, start
from tests.engine.commands.kin import carry, publish, reread, service, task
from tests.office import PASSWORD, Town
from tests.web.reading import words

PAPER = b'#let data = json("data.json")\n= #data.title\n'


def family(town: Town, child_role: str = "intake_clerk") -> CaseRow:
    """Open a mother whose one child is worked on by `child_role`."""
    body = (
        start(),
        service("st_open", "wenze.open-case", procedure="daughter", relation="joint"),
        service("st_wait", "wenze.await-children"),
        task("ut_decide", "intake_clerk"),
        end(),
        chain("s", "st_open", "st_wait", "ut_decide", "e"),
    )
    publish(town, "mother", bpmn(a_process(*body, process="mother")), variables={"children": []})
    child = (start(), task("ut_look", child_role), end(), chain("s", "ut_look", "e"))
    roles = {child_role: {"title": "办理岗"}, "reception": {"title": "登记"}}
    publish(
        town,
        "daughter",
        bpmn(a_process(*child, process="daughter")),
        roles=roles,
        start={"form": "start", "roles": ["reception"]},
        variables={"parent": None},
    )
    case: CaseRow = town.give("冯某", open_case, "mother", {})
    return case


class TestLinkedCases:
    """母案与子案互链；无权查看的案件只显示其关系与状态。"""

    def test_a_child_that_is_asked_for_is_on_the_page_at_once(self, town: Town) -> None:
        page = words(town.visit("冯某").get(f"/cases/{family(town).id}"))

        assert "关联案件" in page
        assert "连带问责" in page
        assert "正在立案" in page

    def test_parent_and_child_lead_to_each_other(self, town: Town) -> None:
        case = family(town)
        carry(town)
        with town.office.database.reading() as session:
            child = session.scalars(sa.select(LinkedCase.child_id)).one()
        browser = town.visit("冯某")

        there = browser.get(f"/cases/{case.id}")
        back = browser.get(f"/cases/{child}")

        assert f'href="/cases/{child}"' in there.text
        assert reread(town, child).number in words(there)
        assert f'href="/cases/{case.id}"' in back.text
        assert "母案" in words(back)
        timeline = words(browser.get(f"/cases/{case.id}/timeline"))
        assert "已立案（连带问责）" in timeline
        assert "派生案件（连带问责）" in timeline

    def test_who_may_not_see_the_child_sees_only_how_it_stands(self, town: Town) -> None:
        case = family(town, "nobody_here")
        carry(town)
        with town.office.database.reading() as session:
            child = session.scalars(sa.select(LinkedCase.child_id)).one()

        page = town.visit("冯某").get(f"/cases/{case.id}")

        assert child not in page.text
        assert reread(town, child).number not in words(page)
        assert "已登记" in words(page)

    def test_a_closed_child_says_so(self, town: Town) -> None:
        case = family(town)
        carry(town)
        with town.office.database.begin() as session:
            session.execute(sa.update(LinkedCase).values(state="closed"))

        assert "已结案" in words(town.visit("冯某").get(f"/cases/{case.id}"))


class TestTransfers:
    """移送给谁、何时、回执如何。"""

    @pytest.mark.parametrize(
        ("state", "kind", "said"),
        [
            ("sent", "judicial", "待回执"),
            ("received", "copy", "已签收"),
            ("returned", "other", "已退回"),
        ],
    )
    def test_they_stand_on_the_page(self, town: Town, state: str, kind: str, said: str) -> None:
        case = town.open()
        with town.office.database.begin() as session:
            session.add(
                Transfer(
                    authority_id=town.authority_id,
                    case_id=case.id,
                    kind=kind,
                    organ="市人民检察院",
                    sent_on=date(2026, 3, 5),
                    sent_by=town.people["冯某"],
                    sent_at=town.clock.now(),
                    state=state,
                    received_on=date(2026, 3, 6) if state != "sent" else None,
                    reasons="不属管辖" if state == "returned" else "",
                )
            )

        page = words(town.visit("冯某").get(f"/cases/{case.id}"))

        assert "移送与抄告" in page
        assert "市人民检察院" in page
        assert said in page
        assert ("不属管辖" in page) == (state == "returned")


def overdue(town: Town, *, paper: bool = False, **more: Any) -> tuple[CaseRow, str]:
    """Open a task that 冯某 may dun, and let its day pass."""
    body = (start(), task("ut_do", "intake_clerk", deadline="DL-DT-1"), end())
    notice = {
        "title": "催办通知书",
        "template": "documents/notice.typ",
        "data": {"count": "=dunning.count"},
    }
    publish(
        town,
        "task",
        bpmn(a_process(*body, chain("s", "ut_do", "e"), process="task")),
        files={"documents/notice.typ": PAPER} if paper else {},
        documents={"notice": notice} if paper else {},
        start={"form": "start", "roles": ["intake_clerk"], "fact": "assigned"},
        variables={"dunning": None},
        **more,
        dunning={
            "by": ["intake_clerk"],
            "source": "S2 L80",
            **({"document": "notice"} if paper else {}),
        },
        deadlines={
            "DL-DT-1": {
                "title": "完成",
                "value": 1,
                "unit": "days",
                "starts": "assigned",
                "ends": "done",
                "proposed": True,
            }
        },
    )
    case: CaseRow = town.give("冯某", open_case, "task", {})
    return case, town.item(case, "ut_do").id


class TestDunning:
    """逾期的事项旁有“催办”；发出后计数，不许超过两次。"""

    def test_before_the_last_day_there_is_no_button(self, town: Town) -> None:
        case, item = overdue(town)
        browser = town.visit("冯某")

        assert "催办" not in words(browser.get(f"/cases/{case.id}"))
        answer = browser.get(f"/cases/{case.id}/dunning/{item}", follow_redirects=True)
        assert "尚未逾期" in words(answer)

    def test_a_notice_is_sent_and_counted(self, town: Town) -> None:
        case, item = overdue(town)
        town.at(2026, 4, 20)
        browser = town.visit("冯某")
        address = f"/cases/{case.id}/dunning/{item}"
        assert f'href="{address}"' in browser.get(f"/cases/{case.id}").text
        assert "最多催办 2 次" in words(browser.get(address))

        answer = browser.post(address, data={"reasons": ""}, follow_redirects=True)
        assert "理由" in words(answer)
        for _each in range(2):
            answer = browser.post(address, data={"reasons": "请办。"}, follow_redirects=True)
        assert "已催办 2 次" in words(answer)
        assert f'href="{address}"' not in answer.text
        answer = browser.post(address, data={"reasons": "请办。"}, follow_redirects=True)
        assert "禁止再次催办" in words(answer)
        assert "第 2 次催办" in words(browser.get(f"/cases/{case.id}/timeline"))

    def test_its_paper_is_signed_for(self, town: Town) -> None:
        case, item = overdue(town, paper=True)
        town.at(2026, 4, 20)
        browser = town.visit("冯某")
        address = f"/cases/{case.id}/dunning/{item}"
        assert "签发口令" in words(browser.get(address))

        given = {"reasons": "请办。", "password": "wrong"}
        assert "口令不对" in words(browser.post(address, data=given, follow_redirects=True))
        given["password"] = PASSWORD
        answer = browser.post(address, data=given, follow_redirects=True)

        assert "催办已发出" in words(answer)
        with town.office.database.reading() as session:
            assert session.scalars(sa.select(Dunning.document_id)).one() is not None

    def test_to_others_there_is_no_such_page(self, town: Town) -> None:
        case, item = overdue(town)
        town.at(2026, 4, 20)

        assert town.visit("蒋某").get(f"/cases/{case.id}/dunning/{item}").status_code == 404
        assert town.visit("冯某").get(f"/cases/{case.id}/dunning/nothing").status_code == 404


class TestTheLadder:
    """逾期逐级升级；本级人员在期限页签收，签收记入时间线。"""

    def test_the_level_acknowledges_it_on_the_deadlines_page(self, town: Town) -> None:
        case, _ = overdue(town, ladder={"levels": ["intake_clerk"], "proposed": True})
        town.at(2026, 4, 20)
        browser = town.visit("冯某")
        page = browser.get(f"/cases/{case.id}/deadlines")
        assert "待签收" in words(page)
        address = page.text.partition(f'action="/cases/{case.id}/escalations/')[2].split('"')[0]

        url = f"/cases/{case.id}/escalations/{address}"
        answer = browser.post(url, follow_redirects=True)
        assert "已签收，并记入案件记录" in words(answer)
        assert "冯某已签收" in words(answer)
        assert "escalations/" not in answer.text
        assert "已经签收" in words(browser.post(url, follow_redirects=True))
        timeline = words(browser.get(f"/cases/{case.id}/timeline"))
        assert "“完成”逾期，升级督办至受理岗" in timeline
        assert "签收“完成”的督办" in timeline
