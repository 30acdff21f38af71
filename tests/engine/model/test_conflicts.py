"""回避, S0篇1§14, C03, SUP-017."""

from __future__ import annotations

import pytest

from engine.errors import Refusal
from engine.model.conflicts import (
    Conflict,
    ConflictKind,
    ConflictRules,
    Involvement,
    Recusal,
    RecusalState,
    Relation,
    RelationKind,
    conflicts_between,
)
from engine.model.identifiers import PersonId, UnitId
from tests.engine.model.arrangements import day

JIA, YI, CHEN = PersonId("jia"), PersonId("yi"), PersonId("chen")
UNITS = {
    JIA: frozenset({UnitId("board")}),
    YI: frozenset({UnitId("workshop"), UnitId("union")}),
    CHEN: frozenset({UnitId("workshop")}),
}


class TestArticle14:
    """调查人员与被调查人有利害关系、可能影响公正处理的，应当回避。"""

    def test_a_stranger_has_no_conflict(self) -> None:
        assert conflicts_between(JIA, [CHEN], UNITS) == ()

    def test_a_colleague_of_the_subjects_unit_has_one(self) -> None:
        assert conflicts_between(YI, [CHEN], UNITS) == (
            Conflict(ConflictKind.SAME_UNIT, subject=CHEN),
        )

    def test_the_same_unit_may_be_allowed(self) -> None:
        assert conflicts_between(YI, [CHEN], UNITS, rules=ConflictRules(same_unit=False)) == ()

    def test_sc_010_a_former_subordinate_has_one(self) -> None:
        relations = [
            Relation(CHEN, JIA, RelationKind.SUPERIOR),
            Relation(YI, JIA, RelationKind.KIN),
        ]

        assert conflicts_between(JIA, [CHEN], UNITS, relations) == (
            Conflict(ConflictKind.RELATION, "superior", CHEN),
        )

    def test_a_relation_that_does_not_count_is_passed_over(self) -> None:
        relations = [Relation(CHEN, JIA, RelationKind.SUPERIOR)]
        rules = ConflictRules(relations=frozenset({RelationKind.KIN}))

        assert conflicts_between(JIA, [CHEN], UNITS, relations, rules=rules) == ()

    def test_nobody_handles_his_own_case(self) -> None:
        assert conflicts_between(CHEN, [CHEN], UNITS) == (
            Conflict(ConflictKind.SUBJECT, subject=CHEN),
        )

    def test_somebody_of_no_known_unit_has_no_unit_in_common(self) -> None:
        assert conflicts_between(PersonId("new"), [CHEN], UNITS) == ()


class TestEarlierInvolvement:
    """复查组排除原承办人（歧义①，PROPOSED）。"""

    involvement = (Involvement(JIA, "investigation"), Involvement(YI, "verification", decided=True))

    def test_sc_019_who_investigated_does_not_review(self) -> None:
        rules = ConflictRules(excluded_involvement=frozenset({"investigation"}))

        found = conflicts_between(JIA, [CHEN], UNITS, (), self.involvement, rules)

        assert found == (Conflict(ConflictKind.EARLIER_INVOLVEMENT, "investigation"),)

    def test_who_decided_does_not_review(self) -> None:
        rules = ConflictRules(same_unit=False, original_handlers=True)

        found = conflicts_between(YI, [CHEN], UNITS, (), self.involvement, rules)

        assert found == (Conflict(ConflictKind.ORIGINAL_HANDLER),)

    def test_elsewhere_earlier_parts_do_not_matter(self) -> None:
        assert conflicts_between(JIA, [CHEN], UNITS, (), self.involvement) == ()


class TestRecusal:
    """决定前暂停接触案卷；驳回须书面理由，可复核一次。"""

    applied = Recusal(JIA, ConflictKind.APPLIED, CHEN, day("2026-03-09"))

    def test_while_it_is_pending_contact_is_suspended(self) -> None:
        assert self.applied.bars

    def test_granted_it_bars(self) -> None:
        granted = self.applied.decided(granted=True, by=YI, reasons="")

        assert granted.state is RecusalState.GRANTED
        assert granted.bars

    def test_rejected_with_reasons_it_bars_no_more(self) -> None:
        rejected = self.applied.decided(granted=False, by=YI, reasons="无利害关系")

        assert not rejected.bars
        assert rejected.decided_by == YI

    def test_rejected_without_reasons_it_is_refused(self) -> None:
        with pytest.raises(Refusal, match=r"recusal\.reasons_missing"):
            self.applied.decided(granted=False, by=YI, reasons=" ")

    def test_nobody_decides_his_own(self) -> None:
        with pytest.raises(Refusal, match=r"recusal\.own"):
            self.applied.decided(granted=False, by=JIA, reasons="无")

    def test_it_is_decided_once(self) -> None:
        granted = self.applied.decided(granted=True, by=YI, reasons="")

        with pytest.raises(Refusal, match=r"recusal\.decided"):
            granted.decided(granted=False, by=YI, reasons="改")

    def test_a_rejection_is_reviewed_once(self) -> None:
        again = self.applied.decided(granted=False, by=YI, reasons="无").for_review()
        assert again.state is RecusalState.PENDING

        twice = again.decided(granted=False, by=YI, reasons="仍无")

        with pytest.raises(Refusal, match=r"recusal\.no_review"):
            twice.for_review()

    def test_a_pending_application_has_no_review(self) -> None:
        with pytest.raises(Refusal, match=r"recusal\.no_review"):
            self.applied.for_review()
