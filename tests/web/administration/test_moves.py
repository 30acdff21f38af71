"""跳转页：选案件、看流程图、移到另一环节；写明理由，事后可见；谁可以由流程规定。"""

from __future__ import annotations

from datetime import date

import pytest

from engine.commands.change_values import decide_value, propose_value
from engine.commands.publish_version import approve_version
from engine.desk.views.moves import case_moves
from engine.errors import NotAllowed, NotFound
from engine.model.settings import Area
from engine.store.tables import CaseRow, Recusal
from tests.office import P01, Town
from tests.web import walking
from tests.web.administration.changing import folder_with
from tests.web.reading import words

WHY = "查重已完成，直接核实。"


def let_administrators_move(town: Town) -> None:
    """P01 with `jump.by`, which an administrator then sets so that administrators may."""
    stated = "parameters:\n  jump.by: {value: supervisory_chair, proposed: true}\n"
    version = town.draft(folder_with("parameters:\n", stated))
    town.give("方某", approve_version, version.id, effective_on=date(2026, 3, 2))
    by = "supervisory_chair;platform_admin"
    change = town.give("方某", propose_value, Area.PARAMETER, P01, "jump.by", by, reasons="试行")
    town.give("丁某", decide_value, change.id, granted=True)


def verified(town: Town) -> CaseRow:
    """A case that waits for its verification."""
    return walking.to_verification(town)


class TestTheProceduresRule:
    """流程没有规定管理员可以的，管理员看得见、移不动。"""

    def test_the_page_says_who_may(self, town: Town) -> None:
        case = verified(town)
        page = words(town.visit("方某").get(f"/admin/moves?number={case.number}"))

        assert "跳转，您不在其中" in page
        assert "移到" not in page.replace("移到流程图的另一环节", "")

    def test_the_command_refuses_it(self, town: Town) -> None:
        case = verified(town)
        item = town.item(case, "ut_verify")
        answer = town.visit("方某").post(
            f"/admin/moves/{item.id}",
            data={"number": case.number, "to": "ut_triage", "reasons": WHY},
        )

        assert answer.status_code == 403
        assert town.open_elements(case) == ["ut_verify"]


class TestAMove:
    """移动之后：流程图、案件页面、记录都看得见。"""

    def test_it_is_made_with_reasons_and_seen_afterwards(self, town: Town) -> None:
        let_administrators_move(town)
        case = verified(town)
        item = town.item(case, "ut_verify")
        browser = town.visit("方某")
        found = town.ask("方某", case_moves, case.number)
        to = "ca_intake"
        name = found.waiting[0].targets[to]
        page = browser.get(f"/admin/moves?number={case.number}")
        assert f"{P01}.bpmn" in page.text
        assert name in words(page)

        moved = browser.post(
            f"/admin/moves/{item.id}",
            data={"number": case.number, "to": to, "reasons": WHY},
            follow_redirects=True,
        )

        assert "已跳转，记入案件记录。" in words(moved)
        assert WHY in words(moved)
        assert town.open_elements(case) == ["ut_screen"]  # the first step of intake
        trace = words(town.visit("吕某").get(f"/cases/{case.id}"))
        assert f"跳转到“{name}”" in trace
        assert WHY in trace

    def test_without_reasons_it_is_not_made(self, town: Town) -> None:
        let_administrators_move(town)
        case = verified(town)
        item = town.item(case, "ut_verify")
        found = town.ask("方某", case_moves, case.number)
        to = next(iter(found.waiting[0].targets))
        said = town.visit("方某").post(
            f"/admin/moves/{item.id}",
            data={"number": case.number, "to": to, "reasons": " "},
            follow_redirects=True,
        )

        assert "理由" in words(said)
        assert town.open_elements(case) == ["ut_verify"]

    def test_a_case_that_nobody_has_moved_and_none(self, town: Town) -> None:
        case = verified(town)
        browser = town.visit("方某")

        assert "没有跳转过。" in words(browser.get(f"/admin/moves?number={case.number}"))
        assert "选择案件" in words(browser.get("/admin/moves"))
        assert "没有案号为“某司问〔1999〕1号”的案件" in words(
            browser.get("/admin/moves?number=某司问〔1999〕1号")
        )


class TestWhoSeesIt:
    """管理员，限本机关，回避的除外。"""

    def test_others_do_not(self, town: Town) -> None:
        case = verified(town)

        with pytest.raises(NotAllowed):
            town.ask("吕某", case_moves, case.number)
        with pytest.raises(NotFound):
            town.ask("邓某", case_moves, case.number)

    def test_an_administrator_who_is_recused_does_not(self, town: Town) -> None:
        case = verified(town)
        with town.office.database.begin() as session:
            session.add(
                Recusal(
                    authority_id=case.authority_id,
                    case_id=case.id,
                    person_id=town.people["方某"],
                    kind="applied",
                    state="granted",
                    reasons="亲属。",
                    requested_by=town.people["方某"],
                    requested_at=town.clock.now(),
                )
            )
        page = words(town.visit("方某").get(f"/admin/moves?number={case.number}"))

        assert "在办事项" not in page.replace("把在办事项移到", "")
        assert "回避" in page
