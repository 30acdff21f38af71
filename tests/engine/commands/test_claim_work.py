"""领取与退回任务。"""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from engine.commands.claim_work import claim_work
from engine.commands.complete_work import complete_work
from engine.commands.release_work import release_work
from engine.errors import AlreadyTaken, NotAllowed, NotFound, Recused, Refusal
from engine.store.tables import AuditEntry, InboxRow, PostRow, RelationRow
from tests.engine.commands.conftest import Town


def inboxes(town: Town, item_id: str) -> list[str]:
    return sorted(town.all(sa.select(InboxRow.principal).where(InboxRow.work_item_id == item_id)))


class TestTwoPeopleAndOneTask:
    """同一任务两人争领：一人得之，另一人知道是谁、何时。"""

    def test_the_first_has_it_and_the_others_lose_it_from_their_inboxes(self, town: Town) -> None:
        case = town.open()
        item = town.claim("初核甲", case, "ut_verify")

        assert item.claimed_by == town.people["初核甲"]
        assert inboxes(town, item.id) == [f"p:{town.people['初核甲']}"]

    def test_the_second_is_told_who_and_when(self, town: Town) -> None:
        case = town.open()
        town.at(2026, 2, 9, 9, 30)
        item = town.claim("初核甲", case, "ut_verify")

        with pytest.raises(AlreadyTaken) as refused:
            town.give("初核乙", claim_work, item.id)

        assert refused.value.message_id == "item.taken"
        assert refused.value.params["by"] == "初核甲"
        assert refused.value.params["at"] == "2026-02-09 09:30"

    def test_the_refusal_is_on_the_record_of_the_case(self, town: Town) -> None:
        case = town.open()
        item = town.claim("初核甲", case, "ut_verify")
        with pytest.raises(AlreadyTaken):
            town.give("初核乙", claim_work, item.id)

        entry = town.one(sa.select(AuditEntry).where(AuditEntry.fact == "refused"))

        assert entry.case_id == case.id
        assert entry.details["message"] == "item.taken"

    def test_claiming_again_what_one_has_changes_nothing(self, town: Town) -> None:
        case = town.open()
        first = town.claim("初核甲", case, "ut_verify")

        again = town.claim("初核甲", case, "ut_verify")

        assert again.claimed_at == first.claimed_at

    def test_what_is_done_is_told_with_who_did_it(self, town: Town) -> None:
        case = town.open()
        item = town.do("初核甲", case, "ut_verify", established=True, findings="查明")

        with pytest.raises(AlreadyTaken) as refused:
            town.give("初核乙", complete_work, item.id, {})

        assert refused.value.message_id == "item.done"
        assert refused.value.params["by"] == "初核甲"

    def test_what_was_withdrawn_cannot_be_claimed(self, town: Town) -> None:
        case = town.open()
        item = town.item(case, "ut_verify")
        with town.office.database.begin() as session:
            session.merge(item).state = "withdrawn"

        with pytest.raises(Refusal, match=r"item\.withdrawn"):
            town.give("初核甲", claim_work, item.id)


class TestWhoMayTakeIt:
    """任务按岗位角色分派，岗位须在任；无权者拒绝，不相干者不知有此案。"""

    def test_another_office_of_the_procedure_sees_it_but_may_not(self, town: Town) -> None:
        case = town.open()

        with pytest.raises(NotAllowed, match=r"item\.not_yours"):
            town.claim("监事甲", case, "ut_verify")

    def test_to_an_outsider_there_is_no_such_task(self, town: Town) -> None:
        case = town.open()

        with pytest.raises(NotFound):
            town.claim("外人", case, "ut_verify")

    def test_an_unknown_task_is_not_found(self, town: Town) -> None:
        with pytest.raises(NotFound):
            town.give("初核甲", claim_work, "none")

    def test_a_post_that_ended_yesterday_gives_no_right_today(self, town: Town) -> None:
        case = town.open()
        with town.office.database.begin() as session:
            session.execute(
                sa.update(PostRow)
                .where(PostRow.person_id == town.people["初核甲"])
                .values(valid_to=date(2026, 2, 8))
            )

        with pytest.raises(NotFound):
            town.claim("初核甲", case, "ut_verify")

    def test_a_post_that_ends_after_the_claim_bars_from_completing(self, town: Town) -> None:
        case = town.open()
        item = town.claim("初核甲", case, "ut_verify")
        with town.office.database.begin() as session:
            session.execute(
                sa.update(PostRow)
                .where(PostRow.person_id == town.people["初核甲"])
                .values(valid_to=date(2026, 2, 8))
            )

        with pytest.raises(NotAllowed, match=r"item\.not_yours"):
            town.give("初核甲", complete_work, item.id, {"established": False})


class TestConflicts:
    """与被调查人同单位、有亲属或上下级关系的，应当回避（S0篇1§14；SUP-017）。"""

    def test_a_verifier_of_the_subjects_unit_may_not_claim(self, town: Town) -> None:
        case = town.open()

        with pytest.raises(Recused, match=r"conflict\.same_unit"):
            town.claim("初核丙", case, "ut_verify")

    def test_a_former_superior_may_not_claim(self, town: Town) -> None:
        case = town.open()
        with town.office.database.begin() as session:
            session.add(
                RelationRow(
                    authority_id=town.authority_id,
                    person_id=town.people["陈某"],
                    other_id=town.people["初核甲"],
                    kind="superior",
                )
            )

        with pytest.raises(Recused, match=r"conflict\.relation"):
            town.claim("初核甲", case, "ut_verify")


class TestReleasing:
    """退回任务：重新进入众人的待办。"""

    def test_a_released_task_is_offered_to_all_again(self, town: Town) -> None:
        case = town.open()
        item = town.claim("初核甲", case, "ut_verify")

        town.give("初核甲", release_work, item.id, reasons="出差")

        assert inboxes(town, item.id) == [f"r:{town.authority_id}:verifier"]
        assert town.claim("初核乙", case, "ut_verify").claimed_by == town.people["初核乙"]

    def test_nobody_releases_what_another_has(self, town: Town) -> None:
        case = town.open()
        item = town.claim("初核甲", case, "ut_verify")

        with pytest.raises(AlreadyTaken):
            town.give("初核乙", release_work, item.id)

    def test_what_nobody_has_cannot_be_released(self, town: Town) -> None:
        case = town.open()

        with pytest.raises(Refusal, match=r"item\.not_claimed"):
            town.give("初核甲", release_work, town.item(case, "ut_verify").id)
