"""场景中的办理操作：转办、委派、驳回、撤回、跳转、加签、挂起、抄送等 (docs/scenarios.md)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from engine.publishing.scenarios import ScenarioRefused, Theatre, run_one
from engine.publishing.scenarios.operating import OPERATIONS
from engine.publishing.scenarios.step_reading import read_steps
from engine.publishing.scenarios.steps import Operate
from engine.publishing.scenarios.verbs import VERBS
from tests.engine.publishing.small import CAST, DO, LAST, OPEN, SCENARIO, small

DOCUMENT = Path(__file__).parents[4] / "docs" / "scenarios.md"
NAMES = {"甲", "乙", "丙"}
CLAIM = "- {claim: ut_step, by: 甲}"
TAKEN = LAST.replace("by: 甲", "by: 乙")
WITH_ADMIN = CAST.replace(
    "  己: {unit: 机关}", "  己: {unit: 机关}\n  管理员: {unit: 机关, roles: [platform_admin]}"
)

WITH_INTAKE = CAST.replace(
    "  己: {unit: 机关}", "  己: {unit: 机关}\n  受理: {unit: 机关, roles: [intake_clerk, clerk]}"
)


def said(*steps: str, **options: Any) -> list[str]:
    """Play these steps and return what went otherwise, as place and sentence."""
    folder = small(*steps, **options)
    return [f"{one.place} {one.en}" for one in run_one(folder, SCENARIO, Theatre(folder)).failures]


def read(step: dict[str, Any]) -> Operate:
    [found] = read_steps({}, "p/scenarios", NAMES, [step], file="p/scenarios/s.yaml")
    assert isinstance(found, Operate)
    return found


@pytest.mark.slow
class TestHandingOver:
    """转办、委派、交回、收回、分派、提醒：与页面同一命令，同样受理由和资格的约束。"""

    def test_work_that_was_transferred_is_the_others(self) -> None:
        steps = (CLAIM, "- {transfer: ut_step, by: 甲, to: 乙, reasons: 请假}")
        taken = DO.replace("by: 甲", "by: 甲, refused: item.taken")
        assert said(OPEN, *steps, taken, TAKEN) == []

    def test_it_goes_to_nobody_without_the_role(self) -> None:
        step = "- {transfer: ut_step, by: 甲, to: 丙, reasons: 请假, refused: handing}"
        assert said(OPEN, CLAIM, step) == []

    def test_reasons_are_given(self) -> None:
        step = "- {transfer: ut_step, by: 甲, to: 乙, refused: reasons.missing}"
        assert said(OPEN, CLAIM, step) == []

    def test_what_was_delegated_comes_back(self) -> None:
        delegate = "- {delegate: ut_step, by: 甲, to: 乙, reasons: 请代为核对}"
        back = "- {hand_back: ut_step, by: 乙, note: 已核对}"
        recall = "- {recall: ut_step, by: 甲, reasons: 自行办理}"
        assert said(OPEN, CLAIM, delegate, back, delegate, recall, LAST) == []

    def test_only_who_leads_assigns(self) -> None:
        step = "- {assign: ut_step, by: 丙, to: 乙, refused: not}"
        assert said(OPEN, step) == []

    def test_whoever_holds_it_is_reminded(self) -> None:
        assert said(OPEN, CLAIM, "- {remind: ut_step, by: 乙}") == []

    def test_who_leaves_hands_over_everything(self) -> None:
        depart = "- {depart: 甲, by: 管理员, to: 乙, reasons: 调离}"
        assert said(OPEN, CLAIM, depart, TAKEN, cast=WITH_ADMIN) == []
        refused = "- {depart: 甲, by: 乙, to: 乙, reasons: 调离, refused: not}"
        assert said(OPEN, CLAIM, refused, cast=WITH_ADMIN) == []

    def test_a_deputy_acts_within_the_days(self) -> None:
        deputy = "- {substitute: 乙, by: 甲, from: 2026-03-03, to: 2026-03-05, reasons: 出差}"
        early = DO.replace("by: 甲", "by: 乙, refused: item.taken")
        assert said(OPEN, CLAIM, deputy, early, "- {at: 2026-03-04}", TAKEN) == []


@pytest.mark.slow
class TestMoving:
    """驳回、撤回、跳转：只能去程序准许的步骤。"""

    def test_there_is_nothing_before_the_first_step(self) -> None:
        step = "- {send_back: ut_step, by: 甲, to: ut_step, reasons: 补正, refused: moving.nowhere}"
        assert said(OPEN, CLAIM, step) == []

    def test_nothing_is_taken_back_once_the_case_is_closed(self) -> None:
        assert said(OPEN, LAST, "- {take_back: ut_step, by: 甲, refused: take_back.acted}") == []

    def test_nothing_is_taken_back_that_was_not_done(self) -> None:
        [told] = said(OPEN, "- {take_back: ut_step, by: 乙}")
        assert "was not done by 乙" in told

    def test_a_jump_needs_the_right(self) -> None:
        step = "- {jump: ut_step, by: 甲, to: ut_step, reasons: 试, refused: jump}"
        assert said(OPEN, step) == []


@pytest.mark.slow
class TestSigning:
    """加签、签署、减签；会签人由持有人增减。"""

    def test_a_signature_is_asked_for_and_given(self) -> None:
        ask = "- {countersign: ut_step, by: 甲, person: 乙, place: before, reasons: 请核}"
        early = LAST.replace("by: 甲", "by: 甲, refused: sign")
        sign = "- {sign: ut_step, by: 乙, opinion: 同意}"
        assert said(OPEN, CLAIM, ask, early, sign, LAST) == []

    def test_it_is_signed_with_the_password_only(self) -> None:
        ask = "- {countersign: ut_step, by: 甲, person: 乙, place: before, reasons: 请核}"
        sign = "- {sign: ut_step, by: 乙, signed: false, refused: sign}"
        assert said(OPEN, CLAIM, ask, sign) == []

    def test_it_is_dropped(self) -> None:
        ask = "- {countersign: ut_step, by: 甲, person: 乙, place: before, reasons: 请核}"
        drop = "- {drop_signature: ut_step, by: 甲, person: 乙, reasons: 不再需要}"
        assert said(OPEN, CLAIM, ask, drop, LAST) == []

    def test_who_was_not_asked_signs_nothing(self) -> None:
        [told] = said(OPEN, CLAIM, "- {sign: ut_step, by: 乙}")
        assert "was not put before 乙" in told

    def test_a_step_of_one_takes_no_other_signer(self) -> None:
        add = "- {add_signer: ut_step, by: 甲, person: 乙, reasons: 会签, refused: signing}"
        assert said(OPEN, CLAIM, add) == []
        [told] = said(OPEN, CLAIM, "- {remove_signer: ut_step, by: 甲, person: 乙, reasons: 会签}")
        assert "has no instance for" in told


@pytest.mark.slow
class TestTheCase:
    """挂起与恢复、撤销、唤醒、并案、抄送、批注、签收。"""

    def test_a_copy_is_sent_and_receipted(self) -> None:
        copy = "- {copy: [乙], by: 甲, note: 请阅}"
        assert said(OPEN, CLAIM, copy, "- {receipt: copy, by: 乙}") == []
        [told] = said(OPEN, "- {receipt: copy, by: 乙}")
        assert "waits for nothing of 乙" in told
        [late] = said(OPEN, "- {receipt: escalation, by: 乙}")
        assert "waits for nothing of 乙" in late

    def test_a_comment_is_for_who_sees_the_case(self) -> None:
        assert said(OPEN, CLAIM, "- {comment: 请注意时限, by: 甲}") == []
        mention = "- {comment: 请注意时限, by: 甲, mentions: [乙], refused: comment.may_not_see}"
        assert said(OPEN, CLAIM, mention) == []

    def test_a_clue_is_merged_by_who_may(self) -> None:
        later = OPEN.replace("open: loop", "open: loop, case: later")
        merge = "- {merge: case, in: later, by: 甲, reasons: 同一事项"
        other = "- {at: 2026-03-03}"
        assert said(OPEN, other, later, merge + ", refused: case.not_allowed}") == []
        taken = merge.replace("by: 甲", "by: 受理") + "}"
        after = "- {then: {case: {closed: true}}, in: later}"
        assert said(OPEN, other, later, taken, after, cast=WITH_INTAKE) == []

    def test_a_closed_matter_is_taken_up_again(self) -> None:
        wake = "- {wake: 发现新证据, by: 甲, answers: {summary: 新}, named: 新案}"
        after = "- {then: {open: [ut_step]}, in: 新案}"
        assert said(OPEN, LAST, wake, after) == []
        early = "- {wake: 发现新证据, by: 甲, answers: {summary: 新}, refused: wake.not_closed}"
        assert said(OPEN, early) == []

    def test_it_stands_still_only_where_the_law_lets_it(self) -> None:
        suspend = "- {suspend: 等待司法结论, by: 甲, decided_by: 乙, refused: suspension.no_clock}"
        assert said(OPEN, suspend) == []
        assert said(OPEN, "- {resume: 已有结论, by: 甲, refused: suspen}") == []

    def test_it_is_withdrawn_by_a_second_person(self) -> None:
        withdraw = "- {withdraw: 重复登记, by: 甲, decided_by: 甲, refused: withdraw}"
        assert said(OPEN, withdraw) == []


class TestReading:
    """写错的，指明是哪一步、错在哪里。"""

    def test_each_verb_has_what_it_does_and_its_line_in_the_document(self) -> None:
        assert set(VERBS) == set(OPERATIONS)
        told = set(re.findall(r"`([a-z_]+): ", DOCUMENT.read_text("utf-8")))
        assert set(VERBS) <= told

    def test_the_values_are_read(self) -> None:
        step = read({"transfer": "ut_x", "by": "甲", "to": "乙", "reasons": "请假"})
        assert (step.verb, step.on, step.given["to"]) == ("transfer", "ut_x", "乙")

    @pytest.mark.parametrize(
        ("step", "told"),
        [
            ({"transfer": "ut_x", "by": "甲"}, "to"),
            ({"transfer": "ut_x", "by": "甲", "to": "丁"}, "丁"),
            ({"countersign": "ut_x", "by": "甲", "person": "乙", "place": "above"}, "before"),
            ({"copy": ["丁"], "by": "甲"}, "丁"),
            ({"substitute": "乙", "by": "甲", "to": "2026-03-05"}, "from"),
            ({"jump": "ut_x", "by": "甲", "to": "ut_y", "where": "x"}, "where"),
        ],
    )
    def test_what_is_missing_or_unknown_is_said(self, step: dict[str, Any], told: str) -> None:
        with pytest.raises(ScenarioRefused) as refused:
            read(step)
        assert told in str(refused.value)
