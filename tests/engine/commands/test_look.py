"""查看保密内容、文书、附件：有权、有理由、留痕 (SUP-014, SUP-016)."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from engine.commands.add_attachment import add_attachment
from engine.commands.look import (
    open_attachment,
    open_document,
    reveal,
    seal_looks,
)
from engine.commands.recuse import declare_interest
from engine.desk.reasons import ReasonMissing
from engine.desk.views import case_view
from engine.desk.views.requests import masked
from engine.errors import NotAllowed, NotFound, Recused
from engine.store.access import verify_access
from engine.store.tables import AccessEntry, CaseRow, Participant, WorkItemRow
from engine.vault import VaultFault
from scheduler import Clockwork
from tests.engine.boardroom import INQUIRY, Boardroom

REASON = "核对举报人陈述"


def looks(room: Boardroom) -> list[tuple[str, str, str]]:
    rows = room.all(sa.select(AccessEntry).order_by(AccessEntry.id))
    return [(row.what, row.person_id, row.reason) for row in rows]


def reference(room: Boardroom, case: CaseRow, name: str) -> str:
    """Return the id behind a confidential answer of the case."""
    from engine.store.tables import VaultField  # noqa: PLC0415 -- used here only

    query = sa.select(VaultField).where(VaultField.case_id == case.id, VaultField.field == name)
    found: str = room.one(query).id
    return found


def as_participant(room: Boardroom, case: CaseRow, name: str, role: str) -> None:
    with room.office.database.begin() as session:
        session.add(
            Participant(
                authority_id=case.authority_id,
                case_id=case.id,
                person_id=room.people[name],
                role=role,
                since_at=room.clock.now(),
            )
        )


def part_of(room: Boardroom, case: CaseRow, role: str) -> str:
    query = sa.select(Participant).where(Participant.case_id == case.id, Participant.role == role)
    found: str = room.one(query).id
    return found


def confidential(room: Boardroom, case: CaseRow) -> str:
    """Return the inquiry's item, marked confidential as P01 marks its investigation."""
    item_id = room.item(case, "ut_inquire").id
    with room.office.database.begin() as session:
        item = session.get_one(WorkItemRow, item_id)
        item.properties = {**item.properties, "confidential": "true"}
    return item_id


def listed(room: Boardroom, case: CaseRow, name: str) -> list[tuple[str, bool]]:
    """Return the attachments that the case's page lists, and whether they open."""
    view = room.office.ask(room.actor(name), case_view, case.id)
    return [(row.id, row.id in view.openable) for row in view.attachments]


def attached(room: Boardroom, case: CaseRow, by: str = "承办甲", **given: Any) -> str:
    row = room.give(by, add_attachment, case.id, "笔录.txt", "笔录".encode(), **given)
    found: str = row.id
    return found


class TestRevealing:
    """举报人身份仅 intake_clerk 与保护专员可见；查看须理由并留痕。"""

    def test_the_intake_clerk_sees_the_reporter_with_a_reason(self, room: Boardroom) -> None:
        case = room.open(reporter_name="钱某")
        found = room.give(
            "受理员", reveal, case.id, reference(room, case, "reporter_name"), reason=f" {REASON} "
        )
        assert found == "钱某"
        assert looks(room) == [("field", room.people["受理员"], REASON)]

    def test_who_handles_the_case_does_not(self, room: Boardroom) -> None:
        case = room.open(reporter_name="钱某")
        room.claim("承办甲", case, "ut_inquire")
        with pytest.raises(NotAllowed):
            room.give(
                "承办甲", reveal, case.id, reference(room, case, "reporter_name"), reason=REASON
            )
        assert looks(room) == []

    def test_a_handler_sees_what_a_form_keeps_confidential(self, room: Boardroom) -> None:
        case = room.inquired(witness="王某")
        found = room.give(
            "承办甲", reveal, case.id, reference(room, case, "witness"), reason=REASON
        )
        assert found == "王某"

    def test_a_reason_of_four_characters_is_needed(self, room: Boardroom) -> None:
        case = room.open(reporter_name="钱某")
        with pytest.raises(ReasonMissing) as refused:
            room.give(
                "受理员", reveal, case.id, reference(room, case, "reporter_name"), reason=" 看看 "
            )
        assert refused.value.params == {"shortest": 4}

    def test_a_reason_has_400_characters_at_most(self, room: Boardroom) -> None:
        case = room.open(reporter_name="钱某")
        name = reference(room, case, "reporter_name")
        with pytest.raises(ReasonMissing):
            room.give("受理员", reveal, case.id, name, reason="看" * 401)
        assert room.give("受理员", reveal, case.id, name, reason="看" * 400) == "钱某"

    def test_a_clerk_who_is_the_subject_does_not_learn_who_reported(self, room: Boardroom) -> None:
        case = room.open(reporter_name="钱某")
        as_participant(room, case, "受理员", "subject")
        with pytest.raises(NotAllowed):
            room.give(
                "受理员", reveal, case.id, reference(room, case, "reporter_name"), reason=REASON
            )
        assert looks(room) == []

    def test_a_reporter_of_the_register_is_named_for_a_reason_alone(self, room: Boardroom) -> None:
        case = room.open()
        as_participant(room, case, "举报人", "reporter")
        (line,) = room.office.ask(room.actor("受理员"), masked, case.id)
        assert (line.field, line.may_reveal) == ("reporter", True)
        with pytest.raises(ReasonMissing):
            room.give("受理员", reveal, case.id, line.reference, reason="看")
        assert room.give("保护员", reveal, case.id, line.reference, reason=REASON) == "举报人"
        room.claim("承办甲", case, "ut_inquire")
        with pytest.raises(NotAllowed):
            room.give("承办甲", reveal, case.id, line.reference, reason=REASON)
        assert looks(room) == [("field", room.people["保护员"], REASON)]

    def test_other_parts_of_a_case_are_no_secret_to_be_looked_at(self, room: Boardroom) -> None:
        case = room.open()
        with pytest.raises(NotFound):
            room.give("受理员", reveal, case.id, part_of(room, case, "subject"), reason=REASON)

    def test_strangers_other_cases_and_made_up_ids_are_not_found(self, room: Boardroom) -> None:
        case, other = room.open(reporter_name="钱某"), room.open()
        with pytest.raises(NotFound):
            room.give(
                "外人", reveal, case.id, reference(room, case, "reporter_name"), reason=REASON
            )
        with pytest.raises((NotFound, VaultFault)):
            room.give(
                "受理员", reveal, other.id, reference(room, case, "reporter_name"), reason=REASON
            )
        with pytest.raises(NotFound):
            room.give("受理员", reveal, "none", "none", reason=REASON)


class TestDocuments:
    """草稿归办理人员看；送达的文书，受送达人可看。"""

    def test_a_served_one_is_for_whom_it_was_served_on(self, room: Boardroom) -> None:
        case = room.served()
        row, content = room.give("陈某", open_document, room.document(case).id)
        assert (row.title, content[:5]) == ("问责决定书", b"%PDF-")
        assert room.give("陈某", open_document, row.id, kind="docx")[1][:2] == b"PK"
        assert looks(room)[0] == ("document", room.people["陈某"], "")

    def test_the_reporter_does_not_see_what_was_served_on_the_subject(
        self, room: Boardroom
    ) -> None:
        case = room.served()
        as_participant(room, case, "举报人", "reporter")
        with pytest.raises(NotFound):
            room.give("举报人", open_document, room.document(case).id)

    def test_a_draft_is_for_handlers_only(self, room: Boardroom) -> None:
        case = room.prepared()
        document = room.document(case).id
        room.give("承办甲", open_document, document)
        for who in ("陈某", "外人"):
            with pytest.raises(NotFound):
                room.give(who, open_document, document)
        with pytest.raises(NotAllowed):
            room.give("受理员", open_document, document)

    def test_an_officer_sees_a_served_one(self, room: Boardroom) -> None:
        case = room.served()
        assert room.give("受理员", open_document, room.document(case).id)[0].state == "served"

    def test_who_is_recused_sees_none(self, room: Boardroom) -> None:
        case = room.served()
        room.give("承办甲", declare_interest, case.id, reasons="同学。")
        with pytest.raises(Recused):
            room.give("承办甲", open_document, room.document(case).id)

    def test_what_has_no_bytes_yet_or_is_not_there_is_not_found(self, room: Boardroom) -> None:
        case = room.drafted()
        for document in (room.document(case).id, "none"):
            with pytest.raises(NotFound):
                room.give("承办甲", open_document, document)


class TestAttachments:
    """案卷附件限办理人员；自己提交的，自己可看。"""

    def test_handlers_see_them_and_each_look_is_recorded(self, room: Boardroom) -> None:
        case = room.open()
        room.claim("承办甲", case, "ut_inquire")
        attachment = attached(room, case)
        row, content = room.give("承办甲", open_attachment, attachment)
        assert (row.name, content.decode()) == ("笔录.txt", "笔录")
        assert looks(room) == [("attachment", room.people["承办甲"], "")]

    def test_others_do_not_not_even_a_candidate_of_the_subject_s_unit(
        self, room: Boardroom
    ) -> None:
        case = room.open()
        attachment = attached(room, case)
        with pytest.raises(NotAllowed):
            room.give("受理员", open_attachment, attachment)
        with pytest.raises(Recused):
            room.give("承办丙", open_attachment, attachment)
        for who, which in (("外人", attachment), ("承办甲", "none")):
            with pytest.raises(NotFound):
                room.give(who, open_attachment, which)

    def test_what_a_participant_added_the_participant_sees(self, room: Boardroom) -> None:
        case = room.served()
        attachment = attached(room, case, by="陈某")
        assert room.give("陈某", open_attachment, attachment)[1].decode() == "笔录"

    def test_evidence_is_opened_by_the_investigation_alone(self, room: Boardroom) -> None:
        """调查阶段案卷对调查组外不可见 (SUP-016)."""
        case = room.open()
        room.claim("承办甲", case, "ut_inquire")
        attachment = attached(room, case, work_item_id=confidential(room, case))
        as_participant(room, case, "监事甲", "investigator")
        assert room.give("监事甲", open_attachment, attachment)[1].decode() == "笔录"
        assert room.give("承办甲", open_attachment, attachment)[1].decode() == "笔录"
        with pytest.raises(NotAllowed):
            room.give("承办乙", open_attachment, attachment)
        assert listed(room, case, "承办甲") == [(attachment, False)]
        assert listed(room, case, "监事甲") == [(attachment, True)]
        assert listed(room, case, "主席") == []

    def test_a_defence_is_for_who_reviews_or_has_the_step(self, room: Boardroom) -> None:
        """申诉、申辩材料访问权限限复查组 (SUP-068)."""
        case = room.open()
        attachment = attached(room, case, by="陈某")
        assert listed(room, case, "承办甲") == [(attachment, True)]
        room.do("承办甲", case, "ut_inquire", **INQUIRY)
        with pytest.raises(NotAllowed):
            room.give("承办甲", open_attachment, attachment)
        assert listed(room, case, "承办甲") == [(attachment, False)]
        assert room.give("主席", open_attachment, attachment)[1].decode() == "笔录"


class TestSealing:
    """The clock seals the looks noted since it last kept the record."""

    def test_what_was_noted_is_sealed(self, room: Boardroom) -> None:
        case = room.served()
        room.give("陈某", open_document, room.document(case).id)
        Clockwork(room.office, {}).keep()
        assert [row.batch for row in room.all(sa.select(AccessEntry))] == [1]
        assert room.give("system", seal_looks) == 0
        with room.office.database.reading() as session:
            assert list(verify_access(session)) == []
