"""流转页：退回、撤回、分派、提醒、跳转，各说明去向和理由。"""

from __future__ import annotations

from tests.office import Town
from tests.web import walking
from tests.web.reading import words


class TestMoving:
    """What the page offers is what the reader may do; what it refuses it says."""

    def test_an_open_step_is_assigned_and_reminded_of(self, town: Town) -> None:
        case = walking.to_verification(town)
        item = town.item(case, "ut_verify")
        page = town.visit("吕某").get(f"/work/{item.id}/move")
        assert "分派给" in words(page)
        assert "何某" not in words(page)  # of the subject's unit

        done = town.visit("吕某").post(
            f"/work/{item.id}/assign",
            data={"assign_to": town.people["秦某"]},
            follow_redirects=True,
        )

        assert "已分派。" in words(done)
        assert town.item(case, "ut_verify").claimed_by == town.people["秦某"]
        reminded = town.visit("吕某").post(f"/work/{item.id}/remind", follow_redirects=True)
        assert "已提醒。" in words(reminded)
        again = town.visit("吕某").post(f"/work/{item.id}/remind", follow_redirects=True)
        assert "您刚提醒过" in words(again)
        timeline = words(town.visit("吕某").get(f"/cases/{case.id}/timeline"))
        assert "分派“" in timeline

    def test_what_was_handed_on_is_taken_back_until_somebody_looks(self, town: Town) -> None:
        case = walking.to_verification(town)
        item = town.item(case, "ut_screen")
        browser = town.visit("冯某")
        assert "撤回重办" in words(browser.get(f"/work/{item.id}/move"))

        following = town.item(case, "ut_verify")
        town.visit("吕某").get(f"/work/{following.id}")

        refused = browser.post(f"/work/{item.id}/take-back", follow_redirects=True)
        assert "不能撤回" in words(refused)

    def test_taken_back_out_of_the_next_called_process(self, town: Town) -> None:
        case = walking.to_verification(town)
        item = town.item(case, "ut_screen")

        done = town.visit("冯某").post(f"/work/{item.id}/take-back", follow_redirects=True)

        assert "已撤回" in words(done)
        assert town.open_elements(case) == ["ut_screen"]

    def test_who_may_do_nothing_is_told_so(self, town: Town) -> None:
        case = walking.to_verification(town)
        item = town.item(case, "ut_screen")
        assert "不能移动这一事项" in words(town.visit("韩某").get(f"/work/{item.id}/move"))
        assert town.visit("蒋某").get(f"/work/{item.id}/move").status_code == 404

    def test_only_the_chair_is_offered_a_jump(self, town: Town) -> None:
        case = walking.to_verification(town)
        item = town.item(case, "ut_verify")
        assert "跳转的理由" in words(town.visit("郑某").get(f"/work/{item.id}/move"))
        assert "跳转的理由" not in words(town.visit("韩某").get(f"/work/{item.id}/move"))
        given = {"jump_to": "nowhere", "jump_reasons": "急"}
        assert town.visit("韩某").post(f"/work/{item.id}/jump", data=given).status_code == 403
        refused = town.visit("郑某").post(
            f"/work/{item.id}/jump", data=given, follow_redirects=True
        )
        assert "请从列出的环节中选择" in words(refused)


class TestSendingBack:
    """退回在各级调用之间也成立：提出启动建议时，可退回初步核实。"""

    def test_across_called_processes_and_in_its_own(self, town: Town) -> None:
        case = walking.to_verification(town)
        verification = {
            "facts": "大修中推诿。",
            "method": "调阅、询问。",
            "evidence": "会议记录。",
            "established": True,
            "opinion": "反映情况存在。",
            "need_more": False,
        }
        town.do("吕某", case, "ut_verify", verification=verification)
        item = town.item(case, "ut_propose")
        page = words(town.visit("吕某").get(f"/work/{item.id}/move"))
        assert "退回到" in page

        refused = town.visit("吕某").post(
            f"/work/{item.id}/return", data={"return_to": "previous"}, follow_redirects=True
        )
        assert "理由" in words(refused)
        done = town.visit("吕某").post(
            f"/work/{item.id}/return",
            data={"return_to": "previous", "return_reasons": "事实不清。"},
            follow_redirects=True,
        )

        assert "已退回" in words(done)
        assert town.open_elements(case) == ["ut_verify"]
        timeline = words(town.visit("吕某").get(f"/cases/{case.id}/timeline?kind=hand"))
        assert "退回到“" in timeline
        assert "事实不清。" in timeline
