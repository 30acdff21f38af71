"""机关回避：上级机关决定，批准的指定其他机关承办（S3 L51【改革】；平台补充）。"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from engine.commands.acts import ACTS
from engine.desk import Desk, Right
from engine.desk.advance import set_variables
from engine.desk.organs import REPLACED, organ_for
from engine.errors import NotAllowed, NotFound, Refusal
from engine.model.procedures import ProcedureFault, procedure_rules
from engine.store.tables import AuditEntry, CaseRow, InboxRow, PostRow, Recusal, WorkItemRow
from tests.engine.commands.conftest import Town

ACT = ACTS["designate_organ"]
GRANTED = {"organ_granted": True, "organ_reasons": "存在部门利益"}


def designating(desk: Desk, case_id: str, organ: str, answers: dict[str, Any]) -> None:
    """Do what completing the step means, without a diagram around it."""
    case = desk.case(case_id, may=Right.SEE)
    set_variables(desk, case, {"recused_organ": organ})
    item = desk.session.scalars(
        sa.select(WorkItemRow).where(WorkItemRow.case_id == case_id).limit(1)
    ).one()
    ACT.check(desk, case, item, answers)
    ACT.apply(desk, case, item, answers)


def designate(
    town: Town, case: CaseRow, designated: str, *, organ: str = "verifier", by: str = "受理甲"
) -> None:
    town.give(by, designating, case.id, organ, {**GRANTED, "designated": designated})


class TestAnotherOrganStandsIn:
    """批准的，由上级指定机关承办；原机关不再接触案卷。"""

    def test_its_people_take_what_was_offered_to_the_first(self, town: Town) -> None:
        case = town.open()
        item = town.item(case, "ut_verify")
        designate(town, case, "supervisory_board")

        listed = town.all(sa.select(InboxRow.principal).where(InboxRow.work_item_id == item.id))
        assert listed == [f"r:{town.authority_id}:supervisory_board"]
        assert town.claim("监事甲", case, "ut_verify").state == "claimed"

    def test_to_the_first_one_there_is_no_such_case_any_more(self, town: Town) -> None:
        case = town.open()
        designate(town, case, "supervisory_board")

        with pytest.raises(NotFound):
            town.claim("初核甲", case, "ut_verify")

    def test_other_cases_of_the_organ_go_on(self, town: Town) -> None:
        case, other = town.open(), town.open()
        designate(town, case, "supervisory_board")

        assert town.claim("初核甲", other, "ut_verify").state == "claimed"

    def test_who_handled_it_is_barred_and_the_work_is_looked_at_again(self, town: Town) -> None:
        case = town.open()
        town.claim("初核甲", case, "ut_verify")
        designate(town, case, "supervisory_board")

        [barred] = town.all(sa.select(Recusal).where(Recusal.case_id == case.id))
        assert (barred.person_id, barred.kind, barred.state) == (
            town.people["初核甲"],
            "organ",
            "granted",
        )
        assert town.item(case, "ut_verify").state == "open"

    def test_whoever_stands_in_may_be_recused_in_turn(self, town: Town) -> None:
        case = town.open()
        designate(town, case, "supervisory_board")
        designate(town, case, "intake_clerk", organ="supervisory_board", by="受理甲")

        assert organ_for(town.case(case), "verifier") == "intake_clerk"
        assert town.claim("受理甲", case, "ut_verify").state == "claimed"

    def test_the_record_says_which_organ_stands_in_for_which(self, town: Town) -> None:
        case = town.open()
        designate(town, case, "supervisory_board")

        entry = town.one(sa.select(AuditEntry).where(AuditEntry.fact == "organ_replaced"))
        assert entry.details == {"organ": "verifier", "designated": "supervisory_board"}

    def test_a_circle_ends_where_it_began(self, town: Town) -> None:
        case = town.case(town.open())
        case.variables = {REPLACED: {"a": "b", "b": "a"}}

        assert organ_for(case, "a") == "b"


class TestWhatIsRefused:
    """本机关不决定自己的回避；不能指定本机关、已回避的机关、案外的人或者没有人的机关。"""

    def test_an_organ_does_not_decide_on_itself(self, town: Town) -> None:
        with pytest.raises(NotAllowed) as refused:
            designate(town, town.open(), "supervisory_board", by="初核甲")

        assert refused.value.message_id == "organ.own"
        assert refused.value.params["organ"] == "相关部门"

    @pytest.mark.parametrize("granted", [True, False])
    def test_either_way_reasons_are_given(self, town: Town, *, granted: bool) -> None:
        answers = {"organ_granted": granted, "designated": "supervisory_board"}
        with pytest.raises(Refusal, match=r"reasons\.missing"):
            town.give("受理甲", designating, town.open().id, "verifier", answers)

    @pytest.mark.parametrize("designated", ["verifier", "subject", "manager", "unknown", ""])
    def test_only_another_organ_of_the_procedure_is_fit(self, town: Town, designated: str) -> None:
        with pytest.raises(Refusal, match=r"organ\.unfit"):
            designate(town, town.open(), designated)

    def test_not_one_that_was_recused_before(self, town: Town) -> None:
        case = town.open()
        designate(town, case, "supervisory_board")

        with pytest.raises(Refusal, match=r"organ\.unfit"):
            designate(town, case, "verifier", organ="supervisory_board")

    def test_not_one_that_has_nobody(self, town: Town) -> None:
        case = town.open()
        with town.office.database.begin() as session:
            session.execute(
                sa.update(PostRow)
                .where(PostRow.role == "supervisory_board")
                .values(valid_to=date(2026, 1, 31))
            )
        with pytest.raises(Refusal, match=r"organ\.nobody"):
            designate(town, case, "supervisory_board")

    def test_an_unknown_organ_is_told_by_its_key(self, town: Town) -> None:
        with pytest.raises(Refusal) as refused:
            designate(town, town.open(), "", organ="nowhere")

        assert refused.value.params["organ"] == "nowhere"

    def test_rejected_nothing_changes(self, town: Town) -> None:
        case = town.open()
        answers = {"organ_granted": False, "organ_reasons": "没有证据"}
        town.give("受理甲", designating, case.id, "verifier", answers)

        assert REPLACED not in town.case(case).variables
        assert town.claim("初核甲", case, "ut_verify").state == "claimed"


RULES: dict[str, Any] = {
    "id": "p",
    "kind": "procedure",
    "title": "流程",
    "summary": "流程",
    "law": [{"id": "S3", "title": "汇编"}],
    "process": "p",
    "start": {"message": "m", "form": "f", "roles": ["clerk"]},
    "roles": {"clerk": {"title": "岗", "scope": "authority"}},
    "filings": {
        "organ_recusal": {
            "title": "申请机关回避",
            "message": "asked",
            "form": "f",
            "by": ["clerk"],
            "switch": "reform.organ_recusal",
        }
    },
}


class TestTheSwitch:
    """改革的申请有自己的开关；没有登记的开关不成立。"""

    def test_a_filing_names_a_switch_of_the_procedure(self) -> None:
        with pytest.raises(ProcedureFault) as fault:
            procedure_rules(RULES)
        assert [one.path for one in fault.value.flaws] == ["filings.organ_recusal.switch"]

        switch = {"default": False, "title": "机关回避", "source": "S3 L51"}
        rules = procedure_rules({**RULES, "switches": {"reform.organ_recusal": switch}})
        assert rules.filings["organ_recusal"].switch == "reform.organ_recusal"
