"""各类任务办结的含义：组成调查组、提出建议、核实申辩、归档、报批。"""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from engine.commands.acts import ACTS
from engine.commands.complete_work import complete_work
from engine.commands.file import file
from engine.errors import Fault, NotAllowed, NotFound, Recused, Refusal, StepFault
from engine.store.record import verify
from engine.store.tables import (
    AuditEntry,
    CaseRow,
    DecisionRow,
    Incident,
    Motion,
    Participant,
    Proposal,
    RelationRow,
)
from tests.engine.commands.conftest import Town


@pytest.fixture
def case(town: Town) -> CaseRow:
    """A case in which every kind of act waits."""
    opened = town.open()
    town.give("初核甲", file, opened.id, "acts", {"request": "x"})
    return opened


class TestNamingATeam:
    """调查组至少两人，组长在内；有利害关系的不得列入（S0篇1§7、§14）。"""

    def team(self, town: Town, case: CaseRow, *names: str, lead: str = "") -> None:
        answers: dict[str, Any] = {"members": [town.people[name] for name in names]}
        if lead:
            answers["lead"] = town.people[lead]
        town.do("初核甲", case, "ut_team", **answers)

    def test_members_and_lead_become_participants(self, town: Town, case: CaseRow) -> None:
        self.team(town, case, "初核甲", "初核乙", lead="初核乙")

        parts = town.all(sa.select(Participant).where(Participant.case_id == case.id))
        assert sorted((part.role, part.person_id) for part in parts if part.role != "subject") == [
            ("investigation_lead", town.people["初核乙"]),
            *sorted(("investigator", town.people[name]) for name in ("初核甲", "初核乙")),
        ]
        team: Any = town.case(case).variables["team"]
        assert [one["lead"] for one in team] == [False, True]

    def test_they_are_offered_what_waited_for_their_role(self, town: Town, case: CaseRow) -> None:
        with pytest.raises(NotAllowed):
            town.claim("初核乙", case, "ut_interview")

        self.team(town, case, "初核甲", "初核乙")

        assert town.claim("初核乙", case, "ut_interview").state == "claimed"

    def test_one_alone_is_no_team(self, town: Town, case: CaseRow) -> None:
        with pytest.raises(Refusal, match=r"team\.too_small"):
            self.team(town, case, "初核甲")

    def test_the_lead_is_one_of_them(self, town: Town, case: CaseRow) -> None:
        with pytest.raises(Refusal, match=r"team\.lead_not_member"):
            self.team(town, case, "初核甲", "初核乙", lead="初核丙")

    def test_nobody_of_the_subjects_unit(self, town: Town, case: CaseRow) -> None:
        with pytest.raises(Recused) as refused:
            self.team(town, case, "初核甲", "初核丙")

        assert refused.value.params == {"name": "初核丙", "kind": "same_unit"}

    def test_nobody_with_a_relation_to_the_subject(self, town: Town, case: CaseRow) -> None:
        with town.office.database.begin() as session:
            session.add(
                RelationRow(
                    authority_id=town.authority_id,
                    person_id=town.people["初核乙"],
                    other_id=town.people["陈某"],
                    kind="kin",
                )
            )

        with pytest.raises(Recused, match=r"team\.conflict"):
            self.team(town, case, "初核甲", "初核乙")


class TestProposing:
    """不得因申辩从重（S0篇1§7；SUP-019；SC-013）。"""

    def propose(self, town: Town, case: CaseRow, when: str, **answers: Any) -> None:
        town.do("初核甲", case, f"ut_{when}", **answers)

    def test_proposals_are_numbered_in_the_case(self, town: Town, case: CaseRow) -> None:
        self.propose(town, case, "before", tier="T2", measures=["dismiss"])
        self.propose(town, case, "after", tier="T1", measures=["talk_admonish"])

        rows = town.all(sa.select(Proposal).order_by(Proposal.number))
        assert [(row.number, row.moment, row.tier, row.measures) for row in rows] == [
            (1, "before_defence", "T2", ["dismiss"]),
            (2, "after_defence", "T1", ["talk_admonish"]),
        ]

    def test_heavier_after_the_defence_is_refused(self, town: Town, case: CaseRow) -> None:
        self.propose(town, case, "before", tier="T1", measures=["talk_admonish"])

        with pytest.raises(Refusal, match=r"proposal\.heavier_after_defence") as refused:
            self.propose(town, case, "after", tier="T2", measures=["talk_admonish"])

        assert refused.value.rule == "S0篇1§7"

    def test_with_a_numbered_new_fact_it_is_allowed(self, town: Town, case: CaseRow) -> None:
        self.propose(town, case, "before", tier="T1", measures=["talk_admonish"])
        self.propose(town, case, "after", tier="T2", measures=["dismiss"], new_fact="新事实1号")

        assert town.case(case).variables["proposal_number"] == 2


class TestRecordingADefence:
    """申辩逐条核实；成立的采纳，不采纳的写明理由（S0篇1§7）。"""

    def test_what_is_not_adopted_needs_reasons(self, town: Town, case: CaseRow) -> None:
        points = [{"point": "一", "adopted": True}, {"point": "二", "adopted": False}]

        with pytest.raises(Refusal, match=r"defence\.reasons_missing") as refused:
            town.do("初核甲", case, "ut_defence", points=points)

        assert refused.value.params["points"] == [2]

    def test_a_defence_has_points(self, town: Town, case: CaseRow) -> None:
        with pytest.raises(Refusal, match=r"defence\.no_points"):
            town.do("初核甲", case, "ut_defence", points=[])

    def test_the_case_knows_whether_anything_was_adopted(self, town: Town, case: CaseRow) -> None:
        points = [{"point": "二", "adopted": False, "reasons": "与证据不符"}]
        town.do("初核甲", case, "ut_defence", points=points)

        assert town.case(case).variables["defence_adopted"] is False


class TestArchiving:
    """归档清单不齐不得归档（SUP-026）。"""

    def test_what_is_missing_is_named(self, town: Town, case: CaseRow) -> None:
        for ticked, missing in ((["clue"], "决定"), (None, "线索、决定")):
            with pytest.raises(Refusal, match=r"archive\.incomplete") as refused:
                town.do("初核甲", case, "ut_archive", checklist=ticked)
            assert refused.value.params["missing"] == missing

    def test_a_list_that_is_not_shown_is_not_asked_for(self, town: Town, case: CaseRow) -> None:
        town.do("初核甲", case, "ut_archive", checklist=["clue", "decision"])

        assert town.item(case, "ut_archive").state == "done"


class TestApproving:
    """报批由他人批准；不批准须写理由（S0篇1§4；SC-018）。"""

    def test_not_approving_needs_reasons(self, town: Town, case: CaseRow) -> None:
        with pytest.raises(Refusal, match=r"approval\.reasons_missing"):
            town.do("初核甲", case, "ut_approve", approved=False)
        town.do("初核甲", case, "ut_approve", approved=False, reasons="程序不合")

    def test_nobody_approves_the_decision_that_he_put(self, town: Town, case: CaseRow) -> None:
        with town.office.database.begin() as session:
            motion = Motion(
                authority_id=town.authority_id,
                case_id=case.id,
                work_item_id=town.item(case, "ut_before").id,
                number=1,
                answers={},
                members=[],
                put_by=town.people["初核甲"],
                put_at=town.clock.now(),
            )
            session.add(motion)
            session.flush()
            session.add(
                DecisionRow(
                    authority_id=town.authority_id,
                    case_id=case.id,
                    kind="original",
                    organ="supervisory_board",
                    outcome="sanction",
                    reasons="属实",
                    tally={},
                    made_on=town.clock.now().date(),
                    made_at=town.clock.now(),
                    motion_id=motion.id,
                    approvers=["verifier"],
                )
            )

        with pytest.raises(Refusal, match=r"approval\.own"):
            town.do("初核甲", case, "ut_approve", approved=True)
        town.do("初核乙", case, "ut_approve", approved=True)
        decision: DecisionRow = town.one(sa.select(DecisionRow))
        assert decision.approved_by == ["verifier"]


class TestOtherSteps:
    """没有特别含义的任务只存答复；图有错时案件停在原处，进入故障清单。"""

    def test_a_receipt_is_only_kept(self, town: Town, case: CaseRow) -> None:
        town.do("初核甲", case, "ut_receipt", approved=True)

        assert town.item(case, "ut_receipt").state == "done"

    def test_an_act_that_nobody_knows_is_the_platforms_fault(
        self, town: Town, case: CaseRow
    ) -> None:
        with pytest.raises(Fault, match="no_such_act"):
            town.do("初核甲", case, "ut_unknown")

    def test_a_step_that_fails_leaves_the_case_as_it_was(self, town: Town, case: CaseRow) -> None:
        for _ in range(2):
            with pytest.raises(StepFault):
                town.do("初核甲", case, "ut_broken")

        assert town.item(case, "ut_broken").state == "open"
        (incident,) = town.all(sa.select(Incident).where(Incident.kind == "step"))
        assert incident.element == "gw_broken"
        assert "默认流" in incident.reason["zh"]
        with town.office.database.reading() as session:
            assert list(verify(session)) == []

    def test_a_role_that_nobody_holds_raises_an_incident(self, town: Town, case: CaseRow) -> None:
        incident = town.one(
            sa.select(Incident).where(Incident.kind == "nobody", Incident.element == "ut_nobody")
        )

        assert incident.reason["zh"] == "“无人”没有可办理的人：角色“ghost”无人担任。"
        assert town.all(sa.select(AuditEntry).where(AuditEntry.fact == "incident_raised"))

    def test_what_waits_for_a_worker_is_no_task_for_people(self, town: Town, case: CaseRow) -> None:
        item = town.item(case, "st_outside")

        assert (item.kind, item.topic) == ("external", "outside")
        with pytest.raises(NotAllowed, match=r"item\.not_yours"):
            town.give("初核甲", complete_work, item.id, {})

    def test_a_member_that_is_no_person_is_not_found(self, town: Town, case: CaseRow) -> None:
        def name(desk: Any) -> None:
            ACTS["name_team"].check(
                desk,
                desk.session.get_one(CaseRow, case.id),
                desk.session.merge(town.item(case, "ut_team")),
                {"members": ["none", town.people["初核甲"]]},
            )

        with pytest.raises(NotFound):
            town.give("初核甲", name)
