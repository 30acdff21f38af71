"""SUP-002：越权尝试——拒绝、留痕、生成偏差；只有已生效的越权行为，经督办专员确认，才中止该分支。"""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from engine.commands.claim_work import claim_work
from engine.commands.complete_work import complete_work
from engine.commands.organise import add_authority, add_person, give_post
from engine.commands.oversee import (
    confirm_overreach,
    lift_stop,
    report_overreach,
    settle_deviation,
)
from engine.desk import system_actor
from engine.desk.views.deviations import deviations
from engine.errors import NotAllowed, NotFound, Refusal
from engine.store.tables import AuthorityRow, CaseRow, Deviation, InboxRow, Notice, WorkItemRow
from tests.engine.boardroom import INQUIRY, Boardroom


@pytest.fixture
def watched(room: Boardroom) -> Boardroom:
    """The boardroom with 保护员 and 外人 as supervision officers."""
    for name in ("保护员", "外人"):
        room.give(
            "system",
            give_post,
            room.people[name],
            "supervision_officer",
            valid_from=date(2020, 1, 1),
        )
    return room


def attempt(room: Boardroom) -> Deviation:
    """Let a board member try the inquiry, which is the verifiers'; return the finding."""
    item = room.item(room.open(), "ut_inquire")
    with pytest.raises(NotAllowed):
        room.give("监事甲", claim_work, item.id)
    found: Deviation = room.one(sa.select(Deviation))
    return found


def reported(room: Boardroom) -> tuple[CaseRow, Deviation]:
    """Report the inquiry, which is done; the board has to decide now."""
    case = room.inquired()
    item = room.item(case, "ut_inquire")
    return case, room.give("保护员", report_overreach, item.id, reasons="任职已终止。")


def found(room: Boardroom, row: Deviation) -> Deviation:
    newest: Deviation = room.one(sa.select(Deviation).where(Deviation.id == row.id))
    return newest


class TestAttempts:
    """越权尝试被拒绝，进入工作痕迹，并报督办专员（SUP-002、SUP-005、SUP-006）。"""

    def test_a_refused_attempt_is_a_finding_and_stops_nothing(self, watched: Boardroom) -> None:
        row = attempt(watched)
        case = watched.one(sa.select(CaseRow))

        assert (row.kind, row.command, row.message) == ("attempt", "claim_work", "item.not_yours")
        assert row.person_id == watched.people["监事甲"]
        assert row.case_id == case.id
        assert "refused" in watched.facts(case)
        assert "deviation_raised" in watched.facts(case)
        assert watched.told("保护员") == ["deviation.raised"]
        watched.do("承办甲", case, "ut_inquire", **INQUIRY)  # the branch goes on
        assert watched.breaches() == []

    def test_the_same_again_counts_on_the_open_finding(self, watched: Boardroom) -> None:
        row = attempt(watched)
        item = watched.item(watched.one(sa.select(CaseRow)), "ut_inquire")
        with pytest.raises(NotAllowed):
            watched.give("监事甲", claim_work, item.id)

        assert found(watched, row).times == 2
        assert watched.told("保护员") == ["deviation.raised"]

    def test_a_refusal_for_another_reason_is_none(self, watched: Boardroom) -> None:
        case = watched.open()
        item = watched.claim("承办甲", case, "ut_inquire")
        with pytest.raises(Refusal, match=r"answers\.refused"):
            watched.give("承办甲", complete_work, item.id, {})

        assert watched.all(sa.select(Deviation)) == []

    def test_an_attempt_at_the_platform_is_one_too(self, watched: Boardroom) -> None:
        with pytest.raises(NotAllowed):
            watched.give("承办甲", give_post, "x", "verifier", valid_from=date(2026, 3, 1))

        assert watched.one(sa.select(Deviation)).case_id is None

    def test_a_missed_deadline_is_one_by_itself(self, watched: Boardroom) -> None:
        watched.open()
        watched.at(2026, 3, 10)  # 15 working days from 9 February end on 9 March
        row = watched.one(sa.select(Deviation).where(Deviation.kind == "late"))

        assert (row.command, row.message, row.params) == (
            "yellow",
            "deviation.yellow",
            {"title": "调查"},
        )


class TestSettling:
    """督办专员知悉或不予认定，须写理由；涉及本人的由他人处理。"""

    @pytest.mark.parametrize(("dismissed", "state"), [(False, "acknowledged"), (True, "dismissed")])
    def test_it_is_settled_once_with_reasons(
        self, watched: Boardroom, *, dismissed: bool, state: str
    ) -> None:
        row = attempt(watched)
        given = {"dismissed": dismissed, "reasons": "误点。"}
        watched.give("保护员", settle_deviation, row.id, **given)

        assert found(watched, row).state == state
        assert watched.last(None, "deviation_settled")["reasons"] == "误点。"
        with pytest.raises(Refusal, match=r"deviation\.settled"):
            watched.give("保护员", settle_deviation, row.id, **given)

    def test_only_a_supervision_officer_with_reasons(self, watched: Boardroom) -> None:
        row = attempt(watched)
        with pytest.raises(NotAllowed, match=r"deviation\.not_supervision"):
            watched.give("主席", settle_deviation, row.id, dismissed=True, reasons="误。")
        with pytest.raises(Refusal, match=r"reasons\.missing"):
            watched.give("保护员", settle_deviation, row.id, dismissed=True, reasons="")
        with pytest.raises(NotFound):
            watched.give("保护员", settle_deviation, "none", dismissed=True, reasons="误。")

    def test_ones_own_is_another_officers(self, watched: Boardroom) -> None:
        item = watched.item(watched.open(), "ut_inquire")
        with pytest.raises(NotAllowed):
            watched.give("保护员", claim_work, item.id)
        row = watched.one(sa.select(Deviation))
        assert watched.told("保护员") == []  # the other officer is told
        assert watched.told("外人") == ["deviation.raised"]
        with pytest.raises(Refusal, match=r"deviation\.own"):
            watched.give("保护员", settle_deviation, row.id, dismissed=True, reasons="误。")
        watched.give("外人", settle_deviation, row.id, dismissed=False, reasons="已提醒。")


class TestStoppingABranch:
    """已生效的越权：报告不中止，确认才中止；其后的环节停办，上报，解除后继续。"""

    def test_the_report_alone_stops_nothing(self, watched: Boardroom) -> None:
        case, row = reported(watched)
        assert row.kind == "effective"
        assert watched.item(case, "ut_decide").holds == []
        watched.move(case)

    def test_confirmed_what_follows_is_held_and_leaves_the_inboxes(
        self, watched: Boardroom
    ) -> None:
        case, row = reported(watched)
        watched.give("外人", confirm_overreach, row.id, reasons="属实。")
        item = watched.item(case, "ut_decide")

        assert item.holds == ["stopped"]
        assert found(watched, row).held == [item.id]
        assert watched.all(sa.select(InboxRow).where(InboxRow.work_item_id == item.id)) == []
        entry = watched.last(case, "branch_stopped")
        assert entry["status"] == "aborted_by_watch"
        assert "branch.stopped" in watched.told("主席")

    def test_nobody_completes_a_stopped_step(self, watched: Boardroom) -> None:
        case = watched.decided()
        row = watched.give(
            "保护员",
            report_overreach,
            watched.item(case, "ut_inquire").id,
            reasons="任职已终止。",
        )
        watched.claim("承办甲", case, "ut_draft")
        watched.give("外人", confirm_overreach, row.id, reasons="属实。")
        with pytest.raises(Refusal, match=r"branch\.stopped"):
            watched.do("承办甲", case, "ut_draft", letter_reasons="推诿扯皮。")
        watched.give("保护员", lift_stop, row.id, reasons="已补正。")
        assert "branch.released" in watched.told("承办甲")
        watched.do("承办甲", case, "ut_draft", letter_reasons="推诿扯皮。")

    def test_lifted_the_body_decides_on(self, watched: Boardroom) -> None:
        case, row = reported(watched)
        watched.give("外人", confirm_overreach, row.id, reasons="属实。")
        watched.give("外人", lift_stop, row.id, reasons="已补正。")

        assert watched.item(case, "ut_decide").holds == []
        watched.decided(case)
        with pytest.raises(Refusal, match=r"deviation\.not_stopped"):
            watched.give("外人", lift_stop, row.id, reasons="再解除。")

    def test_two_stops_are_lifted_one_by_one(self, watched: Boardroom) -> None:
        case = watched.decided()
        rows = [
            watched.give("保护员", report_overreach, watched.item(case, step).id, reasons="越权。")
            for step in ("ut_inquire", "ut_decide")
        ]
        for row in rows:
            if row.person_id != watched.people["外人"]:
                watched.give("外人", confirm_overreach, row.id, reasons="属实。")
        watched.give("外人", lift_stop, rows[0].id, reasons="已补正。")
        assert watched.item(case, "ut_draft").holds == ["stopped"]
        watched.give("外人", lift_stop, rows[1].id, reasons="已补正。")
        assert watched.item(case, "ut_draft").holds == []

    def test_it_is_reported_to_the_authority_above(self, watched: Boardroom) -> None:
        above: AuthorityRow = watched.office.give(
            system_actor(""), add_authority, "above", name="上级机关", short_name="上级"
        )
        system = system_actor(above.id)
        officer = watched.office.give(system, add_person, "上级督办")
        watched.office.give(
            system,
            give_post,
            officer.id,
            "supervision_officer",
            valid_from=date(2020, 1, 1),
        )
        with watched.office.database.begin() as session:
            session.get_one(AuthorityRow, watched.authority_id).parent_id = above.id
        case, row = reported(watched)
        watched.give("外人", confirm_overreach, row.id, reasons="属实。")

        assert watched.last(case, "branch_stopped")["reported_to"] == [officer.id]
        notice = watched.one(sa.select(Notice).where(Notice.person_id == officer.id))
        assert notice.key == "branch.stopped"

    def test_an_attempt_is_not_confirmed(self, watched: Boardroom) -> None:
        row = attempt(watched)
        with pytest.raises(Refusal, match=r"deviation\.not_effective"):
            watched.give("保护员", confirm_overreach, row.id, reasons="属实。")

    def test_what_is_not_done_is_not_reported_and_nothing_twice(self, watched: Boardroom) -> None:
        case = watched.open()
        with pytest.raises(Refusal, match=r"deviation\.not_done"):
            watched.give(
                "保护员", report_overreach, watched.item(case, "ut_inquire").id, reasons="越权。"
            )
        other, _ = reported(watched)
        with pytest.raises(Refusal, match=r"deviation\.reported"):
            watched.give(
                "保护员", report_overreach, watched.item(other, "ut_inquire").id, reasons="越权。"
            )
        with pytest.raises(NotAllowed, match=r"deviation\.not_supervision"):
            watched.give(
                "主席", report_overreach, watched.item(case, "ut_inquire").id, reasons="越权。"
            )


class TestTheList:
    """偏差清单：督办专员看得到谁、何案、何事、几次、如何处理。"""

    def test_it_names_who_what_and_where(self, watched: Boardroom) -> None:
        attempt(watched)
        lines = watched.office.ask(watched.actor("保护员"), deviations)

        assert [(one.person, one.case_number, one.row.message) for one in lines] == [
            ("监事甲", "某集问〔2026〕1号", "item.not_yours")
        ]

    def test_a_reporter_is_not_named(self, watched: Boardroom) -> None:
        case = watched.open(reporter_id=watched.people["举报人"])
        item = watched.item(case, "ut_inquire")
        with pytest.raises((NotAllowed, NotFound)):
            watched.give("举报人", claim_work, item.id)
        lines = watched.office.ask(watched.actor("外人"), deviations)

        assert all(one.person != "举报人" for one in lines)

    def test_others_do_not_see_it(self, watched: Boardroom) -> None:
        with pytest.raises(NotAllowed, match=r"deviation\.not_supervision"):
            watched.office.ask(watched.actor("主席"), deviations)

    def test_settled_ones_are_shown_when_asked_for(self, watched: Boardroom) -> None:
        row = attempt(watched)
        watched.give("保护员", settle_deviation, row.id, dismissed=True, reasons="误点。")
        officer = watched.actor("保护员")

        assert watched.office.ask(officer, deviations) == ()
        assert len(watched.office.ask(officer, deviations, is_settled=True)) == 1


def test_a_step_of_another_branch_goes_on(watched: Boardroom) -> None:
    """What lies before an act, or beside it, does not follow from it."""
    case = watched.decided()
    row = watched.give(
        "保护员", report_overreach, watched.item(case, "ut_decide").id, reasons="越权。"
    )
    with watched.office.database.begin() as session:
        inquiry = session.scalars(
            sa.select(WorkItemRow).where(WorkItemRow.element == "ut_inquire")
        ).one()
        inquiry.state, inquiry.completed_by = "open", None
    watched.give("外人", confirm_overreach, row.id, reasons="属实。")
    assert watched.item(case, "ut_inquire").holds == []
