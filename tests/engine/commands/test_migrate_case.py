"""在办案件迁移到另一版本：例外，须两人、有理由、留痕（design.md §4）。"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from engine.commands.file import file
from engine.commands.migrate_case import (
    MigrationRefused,
    TrialLine,
    decide_migration,
    migration_trial,
    propose_migration,
)
from engine.commands.organise import open_account
from engine.commands.publish_version import retire_version
from engine.errors import NotAllowed, NotFound, Refusal
from engine.store.tables import CaseRow, DueRow, InboxRow, VersionRow, WorkItemRow
from tests.engine.boardroom import Boardroom, published

RENAMED = {"ut_inquire": "ut_look_into"}


def edited(**changes: str) -> Any:
    """Return an edit of the board's files: each text in place of the one that names it."""

    def edit(_path: str, text: str) -> str:
        for old, new in changes.items():
            text = text.replace(old, new)
        return text

    return edit


def shortened(path: str, text: str) -> str:
    """Let the chair look into the matter instead, under another id, and the case end behind it."""
    if not path.endswith(".bpmn"):
        return text
    return (
        text.replace("ut_inquire", "ut_look_into")
        .replace('name="调查" ', 'name="核查" camunda:candidateGroups="supervisory_chair" ')
        .replace('targetRef="st_count"', 'targetRef="end_closed"')
    )


def first_of(room: Boardroom) -> VersionRow:
    row: VersionRow = room.one(sa.select(VersionRow).where(VersionRow.number == 1))
    return row


@pytest.fixture
def room(room: Boardroom) -> Boardroom:
    """The boardroom with a second administrator."""
    room.give("system", open_account, room.people["设计员"], "second", is_admin=True)
    return room


def proposed(
    room: Boardroom,
    case: CaseRow,
    to: VersionRow,
    mapping: dict[str, str] | None = None,
    by: str = "管理员",
) -> None:
    room.give(by, propose_migration, case.id, to.id, mapping or {}, reasons="制度修订。")


def decided(room: Boardroom, case: CaseRow, by: str = "设计员", **changed: Any) -> None:
    room.give(by, decide_migration, case.id, **{"granted": True, "reasons": "同意。", **changed})


def refusal_of(given: Any) -> MigrationRefused:
    with pytest.raises(MigrationRefused) as refused:
        given()
    return refused.value


class TestTrying:
    """试迁移列出每件在办案件和每一个障碍，不作任何改动。"""

    def trial(
        self, room: Boardroom, to: VersionRow, mapping: dict[str, str], by: str = "管理员"
    ) -> list[TrialLine]:
        lines: list[TrialLine] = room.office.ask(
            room.actor(by), migration_trial, first_of(room).id, to.id, mapping
        )
        return lines

    def test_every_running_case_and_every_obstacle_is_listed(self, room: Boardroom) -> None:
        first, second = room.open(), room.inquired()
        to = published(room, shortened)

        lines = self.trial(room, to, {})

        assert [line.case_id for line in lines] == [first.id, second.id]
        assert lines[0].case_number == first.number
        assert [one.element for one in lines[0].obstacles] == ["ut_inquire"]
        assert lines[1].obstacles == ()

    def test_a_mapping_takes_an_obstacle_away(self, room: Boardroom) -> None:
        room.open()

        assert self.trial(room, published(room, shortened), RENAMED)[0].obstacles == ()

    def test_nothing_is_changed(self, room: Boardroom) -> None:
        case = room.open()
        before, facts = room.case(case), room.facts(case)
        self.trial(room, published(room, shortened), RENAMED)

        assert (room.case(case).version_id, room.case(case).revision) == (
            before.version_id,
            before.revision,
        )
        assert room.facts(case) == facts

    def test_a_case_that_is_over_is_not_listed(self, room: Boardroom) -> None:
        case = room.served()
        room.at(2026, 3, 11)  # fifteen working days after 9 February ended on 4 March at the latest
        assert room.case(case).closed_at is not None

        assert self.trial(room, published(room, shortened), {}) == []

    def test_only_administrators_try(self, room: Boardroom) -> None:
        to = published(room, shortened)
        with pytest.raises(NotAllowed):
            self.trial(room, to, {}, by="承办甲")

    def test_versions_must_be_of_one_procedure_and_two(self, room: Boardroom) -> None:
        refused = refusal_of(lambda: self.trial(room, first_of(room), {}))
        assert refused.message_id == "migration.other_version"
        with pytest.raises(NotFound):
            room.office.ask(
                room.actor("管理员"), migration_trial, first_of(room).id, room.authority_id, {}
            )

    def test_a_mapping_names_what_is_in_the_diagrams(self, room: Boardroom) -> None:
        to = published(room, shortened)
        refused = refusal_of(lambda: self.trial(room, to, {"ut_typo": "ut_look_into", "f1": "f0"}))
        assert refused.message_id == "migration.mapping_unknown"
        assert refused.params["ids"] == ["ut_typo", "f0"]


class TestProposing:
    """由一名管理员提请，写明理由；有障碍的，整体不予迁移。"""

    def test_the_other_administrators_are_told(self, room: Boardroom) -> None:
        case = room.open()
        to = published(room, shortened)
        proposed(room, case, to, RENAMED)

        assert room.told("设计员") == ["migration.asked"]
        assert room.told("管理员") == []
        said = room.last(case, "migration_proposed")
        assert (said["to"], said["number"], said["mapping"]) == (to.id, 2, RENAMED)
        assert said["reasons"] == "制度修订。"
        assert room.case(case).version_id == first_of(room).id

    def test_reasons_are_needed(self, room: Boardroom) -> None:
        case, to = room.open(), published(room, shortened)
        with pytest.raises(Refusal) as refused:
            room.give("管理员", propose_migration, case.id, to.id, RENAMED, reasons=" ")
        assert refused.value.message_id == "reasons.missing"

    def test_one_proposal_at_a_time(self, room: Boardroom) -> None:
        case, to = room.open(), published(room, shortened)
        proposed(room, case, to, RENAMED)
        refused = refusal_of(lambda: proposed(room, case, to, RENAMED, by="设计员"))
        assert refused.message_id == "migration.asked"

    def test_an_element_without_a_target_refuses_the_whole(self, room: Boardroom) -> None:
        case, to = room.open(), published(room, shortened)
        refused = refusal_of(lambda: proposed(room, case, to))
        assert refused.message_id == "migration.obstacles"
        assert refused.params["elements"] == ["ut_inquire"]
        assert "ut_inquire" in refused.obstacles[0].zh
        assert "migration_proposed" not in room.facts(case)

    def test_a_deadline_that_the_new_version_lacks_is_an_obstacle(self, room: Boardroom) -> None:
        case = room.open()
        to = published(room, edited(**{"DL-B-1": "DL-B-11"}))
        refused = refusal_of(lambda: proposed(room, case, to))
        assert [one.element for one in refused.obstacles] == ["DL-B-1"]

    def test_a_version_not_yet_in_effect_or_retired_takes_no_case(self, room: Boardroom) -> None:
        case = room.open()
        to = published(room, shortened, on=date(2026, 3, 1))
        refused = refusal_of(lambda: proposed(room, case, to, RENAMED))
        assert refused.message_id == "migration.not_in_effect"
        room.give("管理员", retire_version, to.id, reasons="有误。")
        refused = refusal_of(lambda: proposed(room, case, to, RENAMED))
        assert refused.message_id == "migration.not_published"

    def test_a_case_that_is_over_is_not_migrated(self, room: Boardroom) -> None:
        case = room.served()
        room.at(2026, 3, 11)
        to = published(room, shortened)
        refused = refusal_of(lambda: proposed(room, case, to))
        assert refused.message_id == "migration.over"

    @pytest.mark.parametrize(("by", "error"), [("承办甲", NotAllowed), ("外人", NotFound)])
    def test_nobody_else_proposes(self, room: Boardroom, by: str, error: type[Exception]) -> None:
        case, to = room.open(), published(room, shortened)
        with pytest.raises(error):
            proposed(room, case, to, RENAMED, by=by)


class TestDeciding:
    """由另一名管理员决定；准许的，案件在新版本中继续办理。"""

    def test_granted_the_case_goes_on_and_ends_in_the_new_version(self, room: Boardroom) -> None:
        case = room.open()
        item, deadline = room.item(case, "ut_inquire"), room.deadline(case, "DL-B-1")
        to = published(room, shortened)
        proposed(room, case, to, RENAMED)
        decided(room, case)

        assert room.case(case).version_id == to.id
        again = room.item(case, "ut_look_into")
        assert (again.id, again.name, again.role) == (item.id, "核查", "supervisory_chair")
        assert [row.principal for row in room.all(sa.select(InboxRow))] == again.candidates
        assert room.deadline(case, "DL-B-1").last_day == deadline.last_day
        with pytest.raises(NotAllowed):
            room.do("承办甲", case, "ut_look_into", facts_found="停产。")

        room.do("副主席", case, "ut_look_into", facts_found="停产。")

        assert room.case(case).outcome == "closed"
        assert room.deadline(case, "DL-B-1").state == "met"
        assert room.breaches() == []

    def test_the_record_names_both_versions_with_their_digests(self, room: Boardroom) -> None:
        case, old = room.open(), first_of(room)
        to = published(room, shortened)
        proposed(room, case, to, RENAMED)
        decided(room, case)

        facts = room.facts(case)
        assert facts.index("migration_decided") < facts.index("case_migrated")
        said = room.last(case, "case_migrated")
        assert (said["from"], said["from_number"], said["from_digest"]) == (old.id, 1, old.digest)
        assert (said["to"], said["to_number"], said["to_digest"]) == (to.id, 2, to.digest)
        item = room.item(case, "ut_look_into")
        assert said["items"] == [{"item": item.id, "before": "ut_inquire", "after": "ut_look_into"}]

    def test_who_has_the_work_keeps_it_while_it_is_theirs(self, room: Boardroom) -> None:
        case = room.open()
        room.claim("承办甲", case, "ut_inquire")
        to = published(room, edited(ut_inquire="ut_look_into"))
        proposed(room, case, to, RENAMED)
        decided(room, case)

        item = room.item(case, "ut_look_into")
        assert (item.state, item.claimed_by) == ("claimed", room.people["承办甲"])
        assert [row.principal for row in room.all(sa.select(InboxRow))] == [
            f"p:{room.people['承办甲']}"
        ]

    def test_work_that_goes_to_others_is_offered_to_them(self, room: Boardroom) -> None:
        case = room.open()
        room.claim("承办甲", case, "ut_inquire")
        to = published(room, shortened)
        proposed(room, case, to, RENAMED)
        decided(room, case)

        item = room.item(case, "ut_look_into")
        assert (item.state, item.claimed_by) == ("open", None)
        assert "work_released" in room.facts(case)

    def test_work_that_nobody_can_take_is_an_incident(self, room: Boardroom) -> None:
        case = room.open()
        to = published(room, edited(**{"相关部门: verifier": "相关部门: investigator"}))
        proposed(room, case, to)
        decided(room, case)

        assert room.last(case, "incident_raised")["kind"] == "nobody"

    def test_stage_and_status_follow_the_element_that_gave_them(self, room: Boardroom) -> None:
        case = room.open()
        to = published(
            room,
            edited(**{'"inquiry"': '"decision"', '"investigating"': '"verifying"'}),
        )
        proposed(room, case, to)
        decided(room, case)

        assert (room.case(case).stage, room.case(case).status) == ("decision", "verifying")

    def test_a_timer_keeps_its_instant(self, room: Boardroom) -> None:
        case = room.served()
        timer = sa.select(DueRow).where(DueRow.kind == "timer", DueRow.state == "armed")
        before = room.one(timer)
        to = published(room, edited(end_closed="end_done"))
        proposed(room, case, to)
        decided(room, case)

        assert (room.one(timer).id, room.one(timer).due_at) == (before.id, before.due_at)
        room.at(2026, 3, 11)
        assert room.case(case).outcome == "closed"

    def test_what_the_engine_carries_out_there_is_done_at_once(self, room: Boardroom) -> None:
        outside = edited(**{"wenze.count-earlier-sanctions": "outside.count"})
        published(room, outside)
        case = room.inquired()
        row = room.item(case, "st_count")
        back = published(room, edited(监事会小程序="监事会程序"))
        proposed(room, case, back)
        decided(room, case)

        assert room.waits_for(case) == ["ut_decide"]
        assert room.one(sa.select(WorkItemRow).where(WorkItemRow.id == row.id)).state == "withdrawn"

    def test_work_for_others_is_described_anew(self, room: Boardroom) -> None:
        published(room, edited(**{"wenze.count-earlier-sanctions": "outside.count"}))
        case = room.inquired()
        proposed(
            room, case, published(room, edited(**{"wenze.count-earlier-sanctions": "outside.sum"}))
        )
        decided(room, case)

        assert room.item(case, "st_count").topic == "outside.sum"

    def test_what_fails_at_once_in_the_new_version_refuses_the_whole(self, room: Boardroom) -> None:
        published(room, edited(**{"wenze.count-earlier-sanctions": "outside.count"}))
        case = room.inquired()
        version = room.case(case).version_id
        condition = "<conditionExpression>never = true</conditionExpression>"
        flow = '<sequenceFlow id="f3" sourceRef="st_count" targetRef="ut_decide"'
        broken = edited(**{f"{flow}/>": f"{flow}>{condition}</sequenceFlow>"})
        proposed(room, case, published(room, broken))

        refused = refusal_of(lambda: decided(room, case))

        assert refused.message_id == "migration.obstacles"
        assert room.case(case).version_id == version
        assert room.waits_for(case) == ["st_count"]
        assert "case_migrated" not in room.facts(case)

    def test_what_stands_in_the_way_by_now_refuses_the_whole(self, room: Boardroom) -> None:
        case = room.served()
        to = published(room, edited(ut_review="ut_look_again"))
        proposed(room, case, to)
        room.give("陈某", file, case.id, "appeal", {"request": "请求。"})

        refused = refusal_of(lambda: decided(room, case))

        assert refused.params["elements"] == ["ut_review"]
        assert room.waits_for(case) == ["ut_review"]

    def test_rejected_the_case_stays_and_may_be_proposed_again(self, room: Boardroom) -> None:
        case, to = room.open(), published(room, shortened)
        proposed(room, case, to, RENAMED)
        decided(room, case, granted=False)

        assert room.case(case).version_id == first_of(room).id
        assert refusal_of(lambda: decided(room, case)).message_id == "migration.none"
        proposed(room, case, to, RENAMED)

    def test_who_proposed_it_does_not_decide(self, room: Boardroom) -> None:
        case, to = room.open(), published(room, shortened)
        proposed(room, case, to, RENAMED)
        with pytest.raises(NotAllowed) as refused:
            decided(room, case, by="管理员")
        assert refused.value.message_id == "migration.own"

    def test_reasons_are_needed_and_the_authority(self, room: Boardroom) -> None:
        case, to = room.open(), published(room, shortened)
        proposed(room, case, to, RENAMED)
        with pytest.raises(Refusal) as refused:
            decided(room, case, reasons="")
        assert refused.value.message_id == "reasons.missing"
        with pytest.raises(NotAllowed):
            decided(room, case, by="主席")


class TestMandatorySteps:
    """必经环节不得越过，迁移也不得（procedures §0.9）。"""

    def test_a_mapping_past_the_investigation_is_refused_as_a_whole(self, room: Boardroom) -> None:
        tagged = {
            'camunda:formRef="inquire"><extensionElements><camunda:properties>': (
                'camunda:formRef="inquire"><extensionElements><camunda:properties>'
                '<camunda:property name="mandatory" value="investigation"/>'
            )
        }
        published(room, edited(**tagged))
        case = room.open()
        later = published(room, edited(**tagged, **{'name="拟稿"': 'name="拟写"'}))

        refused = refusal_of(lambda: proposed(room, case, later, {"ut_inquire": "ut_draft"}))

        assert ("ut_inquire", "investigation") in [
            (one.element, "investigation" if "investigation" in one.en else "")
            for one in refused.obstacles
        ]
