"""更正：已送达的文书有笔误，另发更正通知，经另一人签发并送达；原文书照存。"""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import pypdf
import pytest
import sqlalchemy as sa

from engine.commands.correct_document import (
    draft_correction,
    drop_correction,
    issue_correction,
    issuers_of,
    keep_correction,
    make_ready,
    prepare_correction,
    serve_correction,
)
from engine.commands.organise import give_post
from engine.desk.views import own_case
from engine.desk.views.corrections import correction_view
from engine.errors import NotAllowed, NotFound
from engine.store.tables import CaseRow, DocumentRow, NumberAllotted, ServiceRow
from tests.engine.boardroom import ZONE, Boardroom, now, refused

SERVED = {"way": "direct", "received_on": "2026-02-09", "received_by": "陈某"}


def draft(room: Boardroom, case: CaseRow, by: str = "承办甲", **changed: str) -> DocumentRow:
    given = {"wrong": "停产五日", "right": "停产三日", "reasons": "笔误。", **changed}
    row: DocumentRow = room.give(by, draft_correction, room.document(case).id, **given)
    return row


def prepared(room: Boardroom, case: CaseRow) -> DocumentRow:
    row = draft(room, case)
    prepare_correction(room.office, room.actor("主席"), row.id)
    return now(room, row)


def issued(room: Boardroom, case: CaseRow) -> DocumentRow:
    row = prepared(room, case)
    room.office.give(room.actor("主席", has_signed=True), issue_correction, row.id)
    return now(room, row)


class TestTheWay:
    """拟稿、生成、签发、送达，各在记录。"""

    def test_from_the_draft_to_the_subject_and_the_original_stays(self, room: Boardroom) -> None:
        case = room.served()
        original = room.document(case)
        last_day = room.deadline(case, "DL-B-6").last_day
        row = issued(room, case)
        assert row.number == "某集更〔2026〕1号"
        room.give("承办乙", serve_correction, row.id, SERVED)
        assert now(room, row).state == "served"
        assert now(room, original) == original
        assert room.deadline(case, "DL-B-6").last_day == last_day
        theirs = room.office.ask(room.actor("陈某"), own_case, case.id).documents
        assert {one.id for one, _ in theirs} == {original.id, row.id}
        page = pypdf.PdfReader(io.BytesIO(room.office.files.get(row.pdf))).pages[0]
        said = page.extract_text().replace(" ", "").replace("\n", "")
        assert "停产五日" in said
        assert "停产三日" in said
        assert "某集问决〔2026〕1号" in said
        assert room.facts(case)[-4:] == [
            "document_drafted",
            "number_allotted",
            "document_issued",
            "document_served",
        ]
        assert room.breaches() == []

    def test_who_is_to_issue_it_is_told(self, room: Boardroom) -> None:
        draft(room, room.served())
        assert room.told("主席")[-1] == "document.corrected"

    def test_it_is_shown_with_its_original(self, room: Boardroom) -> None:
        case = room.served()
        row = draft(room, case)
        actor = room.actor("承办甲")
        found = room.office.ask(actor, correction_view, row.id)
        assert found.original is not None
        assert found.original.id == room.document(case).id
        whole = room.office.ask(actor, correction_view, found.original.id)
        assert [one.id for one in whole.corrections] == [row.id]
        for name, document in (("外人", row.id), ("承办甲", "none")):
            with pytest.raises(NotFound):
                room.office.ask(room.actor(name), correction_view, document)

    def test_prepared_again_it_keeps_its_number_within_the_year(self, room: Boardroom) -> None:
        row = prepared(room, room.served())
        room.at(2026, 2, 10)
        prepare_correction(room.office, room.actor("主席"), row.id)
        assert now(room, row).number == "某集更〔2026〕1号"
        room.clock.move_to(datetime(2027, 1, 4, 9, tzinfo=ZONE))
        room.give("主席", make_ready, row.id)
        assert now(room, row).number == "某集更〔2027〕1号"

    def test_one_that_was_given_up_leaves_an_empty_number(self, room: Boardroom) -> None:
        case = room.served()
        row = prepared(room, case)
        room.give("承办甲", drop_correction, row.id)
        number = room.one(sa.select(NumberAllotted).where(NumberAllotted.series == "correction"))
        assert number.state == "empty"
        again = draft(room, case)
        room.give("承办甲", drop_correction, again.id)
        assert (
            len(room.all(sa.select(DocumentRow).where(DocumentRow.corrects_id.is_not(None)))) == 0
        )


class TestRefused:
    """没送达的不用更正；一人不能又拟又签；没签发的不送。"""

    def test_what_was_not_served(self, room: Boardroom) -> None:
        case = room.issued()
        refused(lambda: draft(room, case), "correction.not_served")

    def test_a_correction_of_a_correction(self, room: Boardroom) -> None:
        case = room.served()
        row = issued(room, case)
        room.give("承办乙", serve_correction, row.id, SERVED)
        refused(
            lambda: room.give(
                "承办甲", draft_correction, row.id, wrong="三", right="四", reasons="误。"
            ),
            "correction.of_correction",
        )

    @pytest.mark.parametrize(
        "changed",
        [{"wrong": " "}, {"right": ""}, {"right": "停产五日"}, {"wrong": "长" * 1001}],
    )
    def test_words_that_are_missing_the_same_or_too_long(
        self, room: Boardroom, changed: dict[str, str]
    ) -> None:
        case = room.served()
        refused(lambda: draft(room, case, **changed), "correction.texts")

    def test_without_reasons(self, room: Boardroom) -> None:
        case = room.served()
        refused(lambda: draft(room, case, reasons=" "), "reasons.missing")

    def test_a_second_while_the_first_waits(self, room: Boardroom) -> None:
        case = room.served()
        draft(room, case)
        refused(lambda: draft(room, case), "correction.pending")

    def test_who_drafted_it_does_not_issue_it(self, room: Boardroom) -> None:
        case = room.served()
        row = draft(room, case, by="主席")
        refused(lambda: room.give("主席", make_ready, row.id), "correction.same_person")

    def test_another_role_does_not_issue_it(self, room: Boardroom) -> None:
        case = room.served()
        assert room.office.ask(
            room.actor("主席"), lambda desk: issuers_of(desk, room.document(case))
        )
        row = draft(room, case)
        refused(lambda: room.give("承办乙", make_ready, row.id), "correction.not_signer")

    def test_unsigned_or_not_prepared_today(self, room: Boardroom) -> None:
        case = room.served()
        row = draft(room, case)
        chair = room.actor("主席", has_signed=True)
        refused(lambda: room.give("主席", issue_correction, row.id), "signature.missing")
        refused(
            lambda: room.office.give(chair, issue_correction, row.id), "correction.not_prepared"
        )
        prepare_correction(room.office, chair, row.id)
        room.at(2026, 2, 10)
        refused(
            lambda: room.office.give(chair, issue_correction, row.id), "correction.not_prepared"
        )

    def test_issued_twice_or_served_before_or_given_up_after(self, room: Boardroom) -> None:
        case = room.served()
        row = prepared(room, case)
        refused(
            lambda: room.give("承办乙", serve_correction, row.id, SERVED), "correction.not_issued"
        )
        chair = room.actor("主席", has_signed=True)
        room.office.give(chair, issue_correction, row.id)
        for again in (
            lambda: room.office.give(chair, issue_correction, row.id),
            lambda: room.give("承办甲", drop_correction, row.id),
        ):
            refused(again, "correction.not_pending")

    def test_a_service_that_is_not_proved(self, room: Boardroom) -> None:
        row = issued(room, room.served())
        early = {**SERVED, "received_on": "2026-02-08"}
        refused(
            lambda: room.give("承办乙", serve_correction, row.id, early), "service.before_issue"
        )
        left = {**SERVED, "refused": True, "witnesses": ["甲"]}
        refused(
            lambda: room.give("承办乙", serve_correction, row.id, left), "service.witnesses_missing"
        )
        assert len(room.all(sa.select(ServiceRow).where(ServiceRow.document_id == row.id))) == 0

    def test_what_was_issued_meanwhile_keeps_its_bytes(self, room: Boardroom) -> None:
        row = issued(room, room.served())
        room.give("system", keep_correction, row.id, {}, "0" * 64)
        assert now(room, row).pdf == row.pdf

    def test_by_the_subject_or_a_stranger_or_of_nothing(self, room: Boardroom) -> None:
        case = room.served()
        with pytest.raises(NotAllowed):
            draft(room, case, by="陈某")
        with pytest.raises(NotFound):
            draft(room, case, by="外人")
        with pytest.raises(NotFound):
            room.give("承办甲", drop_correction, room.document(case).id)
        with pytest.raises(NotFound):
            room.give("承办甲", drop_correction, "none")
        room.give("管理员", give_post, room.people["外人"], "verifier", valid_from=_since())
        with pytest.raises(NotAllowed):
            draft(room, case, by="外人")


def _since() -> Any:
    return datetime(2020, 1, 1, tzinfo=ZONE).date()
