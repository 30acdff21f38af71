"""文书：拟稿、签发、送达 (procedures §6, C08, C09): complete, numbered, signed, proved."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from docx import Document
from pypdf import PdfReader

from engine.commands.complete_work import complete_work
from engine.commands.prepare_papers import prepare_papers, preview, typeset
from engine.desk.papers import DocumentIncomplete, draft, open_draft, prepare
from engine.errors import Fault, NotAllowed, Refusal
from engine.store.outbox import Job, claim_jobs
from engine.store.tables import CaseRow, DocumentRow, NumberAllotted, ServiceRow
from scheduler.jobs import drain
from tests.engine.boardroom import Boardroom

FACTS = {"facts_found": "事实", "letter_reasons": "理由", "measures": [], "witness": ""}


def pdf_text(room: Boardroom, row: DocumentRow) -> str:
    page = PdfReader(io.BytesIO(room.office.files.get(row.pdf))).pages[0]
    return page.extract_text().replace(" ", "")  # the reader parts digits from characters


def issue(room: Boardroom, case: CaseRow, *, has_signed: bool = True) -> Any:
    actor = room.actor("主席", has_signed=has_signed)
    return room.office.give(actor, complete_work, room.item(case, "ut_issue").id, {})


class TestDrafting:
    """拟稿时编入表单所填；缺任一必备内容的，指明缺什么。"""

    def test_the_draft_takes_what_the_form_adds(self, room: Boardroom) -> None:
        case = room.drafted()
        row = room.document(case)
        assert (row.state, row.number, row.title) == ("draft", None, "问责决定书")
        assert row.data["facts"] == "停产五日。"
        assert row.data["reasons"] == "推诿扯皮。"
        assert row.data["head"] == "某公司监事会"
        assert "document_drafted" in room.facts(case)

    def test_what_is_missing_is_named(self, room: Boardroom) -> None:
        case = room.decided()
        with pytest.raises(Refusal) as refused:
            room.do("承办甲", case, "ut_draft", letter_reasons="")
        assert refused.value.message_id == "document.incomplete"
        assert refused.value.params["missing"] == ["reasons"]
        assert room.all(sa.select(DocumentRow)) == []

    def test_a_confidential_value_is_never_in_a_paper(self, room: Boardroom) -> None:
        case = room.drafted(room.decided(room.inquired(witness="王某")))
        assert room.document(case).data["witness"] == "〔保密〕"

    def test_hidden_values_are_hidden_inside_lists_and_contexts_too(self, room: Boardroom) -> None:
        case = room.inquired()
        secret = {"$vault": "01900000-0000-7000-8000-000000000000"}

        def drafted(desk: Any) -> dict[str, object]:
            variables = {**FACTS, "measures": [{"by": secret, "n": 1}]}
            return draft(desk, case, "note", variables).data

        assert room.give("承办甲", drafted)["measures"] == [{"by": "〔保密〕", "n": 1}]

    def test_a_document_that_the_procedure_does_not_have_is_a_fault(self, room: Boardroom) -> None:
        case = room.inquired()
        with pytest.raises(Fault, match="no document ghost"):
            room.give("承办甲", lambda desk: draft(desk, case, "ghost", {}))

    def test_a_preview_is_made_by_a_job(self, room: Boardroom) -> None:
        case = room.drafted()
        assert room.document(case).pdf == ""
        assert drain(room.office, {"preview": preview}) == 1
        row = room.document(case)
        assert "停产五日" in pdf_text(room, row)
        word = Document(io.BytesIO(room.office.files.get(row.docx)))
        assert [one.text for one in word.paragraphs] == ["问责决定书：停产五日。"]

    def test_a_preview_of_what_is_gone_or_made_is_not_made_again(self, room: Boardroom) -> None:
        case = room.drafted()
        drain(room.office, {"preview": preview})
        made = room.document(case).pdf
        typeset(room.office, room.authority_id, room.document(case).id)
        preview(room.office, Job("j", "preview", "k", {"document": "none"}, 1))
        assert room.document(case).pdf == made

    def test_a_changed_draft_gets_a_new_picture_and_an_unchanged_one_keeps_its_own(
        self, room: Boardroom
    ) -> None:
        case = room.inquired()
        again = lambda desk: draft(desk, case, "note", FACTS)  # noqa: E731 -- a command of two words
        room.give("承办甲", again)
        drain(room.office, {"preview": preview})
        made = room.document(case, "note").pdf
        room.give("承办甲", again)
        assert room.document(case, "note").pdf == made
        assert room.document(case, "note").docx == ""  # this one has no editable form
        changed = {**FACTS, "facts_found": "另一事实"}
        room.give("承办甲", lambda desk: draft(desk, case, "note", changed))
        assert room.document(case, "note").pdf == ""
        assert len(claim_jobs(room.office.database, room.clock.now(), 9)) == 0


class TestPreparing:
    """签发前：内容齐备、编号、定日、成文。"""

    def test_it_is_numbered_dated_and_typeset(self, room: Boardroom) -> None:
        case = room.prepared()
        row = room.document(case)
        assert (row.state, row.number) == ("prepared", "某集问决〔2026〕1号")
        assert row.issued_on == date(2026, 2, 9)
        assert "某集问决〔2026〕1号" in pdf_text(room, row)
        assert room.last(case, "number_allotted")["number"] == "某集问决〔2026〕1号"

    def test_prepared_twice_a_day_it_keeps_its_bytes_and_its_number(self, room: Boardroom) -> None:
        case = room.prepared()
        before = room.document(case)
        room.prepared(case)
        after = room.document(case)
        assert (after.pdf, after.number) == (before.pdf, before.number)

    def test_on_another_day_it_bears_that_day_and_the_same_number(self, room: Boardroom) -> None:
        case = room.prepared()
        room.at(2026, 2, 10)
        room.prepared(case)
        row = room.document(case)
        assert (row.number, row.issued_on) == ("某集问决〔2026〕1号", date(2026, 2, 10))
        assert "2026-02-10" in pdf_text(room, row)

    def test_in_another_year_it_bears_a_number_of_that_year(self, room: Boardroom) -> None:
        case = room.prepared()
        room.at(2027, 1, 4)
        room.prepared(case)
        assert room.document(case).number == "某集问决〔2027〕1号"
        states = {
            row.text: row.state
            for row in room.all(
                sa.select(NumberAllotted).where(NumberAllotted.series == "decision")
            )
        }
        assert states == {"某集问决〔2026〕1号": "empty", "某集问决〔2027〕1号": "allotted"}

    def test_an_incomplete_one_is_not_prepared(self, room: Boardroom) -> None:
        case = room.inquired()

        def incomplete(desk: Any) -> None:
            prepare(desk, case, draft(desk, case, "letter", {**FACTS, "letter_reasons": ""}))

        with pytest.raises(DocumentIncomplete) as refused:
            room.give("承办甲", incomplete)
        assert refused.value.params["missing"] == ["reasons"]

    def test_a_document_without_a_series_has_no_number(self, room: Boardroom) -> None:
        case = room.inquired()
        room.give("承办甲", lambda desk: prepare(desk, case, draft(desk, case, "note", FACTS)))
        assert room.document(case, "note").number is None

    def test_bytes_of_another_day_are_not_kept(self, room: Boardroom) -> None:
        """The day changed while typst was at work: what it made shows yesterday."""
        case = room.inquired()
        prepared = lambda desk: prepare(desk, case, draft(desk, case, "note", FACTS))  # noqa: E731
        room.give("承办甲", prepared)
        typesetter = room.office.typesetter

        class Slow:
            def pdf(self, *given: Any) -> bytes:
                made = typesetter.pdf(*given)
                room.at(2026, 2, 10)
                room.give("承办甲", prepared)
                return made

        room.office.typesetter = Slow()  # type: ignore[assignment]
        typeset(room.office, room.authority_id, room.document(case, "note").id)
        room.office.typesetter = typesetter
        assert room.document(case, "note").pdf == ""
        typeset(room.office, room.authority_id, room.document(case, "note").id)
        assert "2026-02-10" in pdf_text(room, room.document(case, "note"))

    def test_an_item_that_is_done_prepares_nothing_and_others_may_not(
        self, room: Boardroom
    ) -> None:
        case = room.drafted()
        item = room.item(case, "ut_issue").id
        with pytest.raises(NotAllowed):
            prepare_papers(room.office, room.actor("监事甲"), item)
        issued = room.issued(case)
        assert prepare_papers(room.office, room.actor("主席"), item) is None
        assert room.document(issued).state == "issued"

    def test_a_step_that_drafts_brings_its_draft_up_to_date(self, room: Boardroom) -> None:
        case = room.decided()
        item = room.item(case, "ut_draft").id
        document = prepare_papers(room.office, room.actor("承办甲"), item)
        row = room.document(case)
        assert (row.id, row.state, row.number) == (document, "draft", None)
        assert "停产五日" in pdf_text(room, row)


class TestIssuing:
    """签发须本人再次输入口令；签发的是已存的正式文本，记其摘要。"""

    def test_the_stored_bytes_are_issued_and_their_digest_recorded(self, room: Boardroom) -> None:
        case = room.issued()
        row = room.document(case)
        assert (row.state, row.issued_by) == ("issued", room.people["主席"])
        said = room.last(case, "document_issued")
        assert (said["pdf"], said["docx"]) == (f"sha256:{row.pdf}", f"sha256:{row.docx}")
        number = room.one(sa.select(NumberAllotted).where(NumberAllotted.series == "decision"))
        assert (number.state, number.used_for) == ("used", row.id)
        issued = room.case(case).variables["issued"]
        assert isinstance(issued, dict)
        assert issued["number"] == "某集问决〔2026〕1号"

    def test_it_must_be_signed_for(self, room: Boardroom) -> None:
        case = room.prepared()
        with pytest.raises(Refusal) as refused:
            issue(room, case, has_signed=False)
        assert refused.value.message_id == "signature.missing"

    def test_it_must_be_prepared_today(self, room: Boardroom) -> None:
        case = room.drafted()
        with pytest.raises(Refusal) as refused:
            issue(room, case)
        assert refused.value.message_id == "document.not_prepared"
        room.prepared(case)
        room.at(2026, 2, 10)
        with pytest.raises(Refusal) as stale:
            issue(room, case)
        assert stale.value.message_id == "document.not_prepared"

    def test_what_is_issued_is_no_draft_any_more(self, room: Boardroom) -> None:
        case = room.issued()
        find = lambda desk: open_draft(desk, case, "letter")  # noqa: E731
        assert room.office.ask(room.actor("主席"), find) is None
        typeset(room.office, room.authority_id, room.document(case).id)
        assert room.document(case).state == "issued"


class TestServing:
    """登记送达方式、时间、签收人；拒收的须两名见证人；期限自送达之日起算。"""

    def test_the_service_is_recorded_and_the_person_told(self, room: Boardroom) -> None:
        case = room.served()
        row = room.one(sa.select(ServiceRow))
        assert (row.way, row.received_by, row.addressee) == ("in_person", "陈某", "陈某")
        assert row.person_id == room.people["陈某"]
        assert room.document(case).state == "served"
        assert "document.served" in room.told("陈某")
        # Received on Monday 9 February 2026: fifteen working days end on Friday 6 March.
        assert room.deadline(case, "DL-B-6").last_day == date(2026, 3, 6)
        assert room.last(case, "document_served")["received_on"] == "2026-02-09"

    def test_what_was_refused_is_left_before_two_witnesses(self, room: Boardroom) -> None:
        witnesses = [{"name": "甲某"}, {"name": "乙某"}]
        room.served(refused=True, received_by="", witnesses=witnesses)
        row = room.one(sa.select(ServiceRow))
        assert (row.way, row.witnesses) == ("left", ["甲某", "乙某"])

    @pytest.mark.parametrize(
        ("answers", "said"),
        [
            ({"received_on": "2026-02-10"}, "service.in_future"),
            ({"received_on": "2026-02-08"}, "service.before_issue"),
            ({"received_on": None}, "service.day_missing"),
            ({"received_by": ""}, "service.unsigned"),
            ({"way": "pigeon"}, "service.way_unknown"),
            ({"refused": True, "witnesses": [{"name": "甲某"}]}, "service.witnesses_missing"),
            ({"refused": True, "witnesses": None}, "service.witnesses_missing"),
        ],
    )
    def test_what_its_entries_do_not_prove_is_refused(
        self, room: Boardroom, answers: dict[str, Any], said: str
    ) -> None:
        case = room.issued()
        with pytest.raises(Refusal) as refused:
            room.served(case, **answers)
        assert refused.value.message_id == said
        assert room.all(sa.select(ServiceRow)) == []

    def test_what_is_not_issued_is_not_served(self, room: Boardroom) -> None:
        case = room.issued()
        with room.office.database.begin() as session:
            session.execute(sa.update(DocumentRow).values(state="draft"))
        with pytest.raises(Refusal) as refused:
            room.served(case)
        assert refused.value.message_id == "document.not_issued"

    def test_without_a_subject_nobody_is_told(self, room: Boardroom) -> None:
        case = room.open(subject_id=None)
        room.do("承办甲", case, "ut_inquire", facts_found="x", allowed_measures=["talk_admonish"])
        room.served(room.issued(room.drafted(room.decided(case, measures=["talk_admonish"]))))
        row = room.one(sa.select(ServiceRow))
        assert (row.person_id, row.addressee) == (None, "")
