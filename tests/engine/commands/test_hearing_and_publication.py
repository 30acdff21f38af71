"""陈述申辩会与公开：告知、记录、逐条答复；批准、范围、脱敏、撤下 (C05, C16, C20; SUP-009, 054)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from engine.commands.open_case import open_case
from engine.desk import Desk
from engine.desk.publications import withdraw_publications
from engine.errors import Refusal
from engine.store.tables import CaseRow, Publication
from tests.engine.boardroom import INQUIRY, Boardroom, published

PROPERTIES = "<extensionElements><camunda:properties>{}</camunda:properties></extensionElements>"
STEPS: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("ut_call", "hearing-call", {"act": "call_hearing", "hearing_notice": "3"}),
    ("ut_hearing", "hearing", {"act": "hearing"}),
    ("ut_text", "publication", {}),
    ("ut_allow", "publication-approve", {"act": "approve_publication"}),
    ("ut_publish", "", {"act": "publish", "names": "mask"}),
)
TEXT = {
    "publish": True,
    "scope": "society",
    "title": "关于陈某的通报",
    "text": "陈某，电话13812345678，停产五日。",
    "causes": "管理松懈。",
}


def longer(path: str, text: str) -> str:
    """Put a hearing and a publication behind the inquiry."""
    if path.endswith(".yaml"):
        return text
    drawn, before = "", "ut_inquire"
    for name, form, properties in STEPS:
        stated = "".join(
            f'<camunda:property name="{key}" value="{value}"/>' for key, value in properties.items()
        )
        drawn += (
            f'<sequenceFlow id="f_{name}" sourceRef="{before}" targetRef="{name}"/>'
            f'<userTask id="{name}" name="{name}" camunda:formRef="{form}">'
            f"{PROPERTIES.format(stated)}</userTask>"
        )
        before = name
    flow = '<sequenceFlow id="f2" sourceRef="ut_inquire" targetRef="st_count"/>'
    lane = "<flowNodeRef>ut_inquire</flowNodeRef>"
    nodes = "".join(f"<flowNodeRef>{name}</flowNodeRef>" for name, _, _ in STEPS)
    return text.replace(flow, drawn + flow.replace("ut_inquire", before)).replace(
        lane, lane + nodes
    )


@pytest.fixture
def hall(room: Boardroom) -> Boardroom:
    published(room, longer, date(2026, 2, 9))
    return room


@pytest.fixture
def case(hall: Boardroom) -> CaseRow:
    """Monday 9 February 2026; the hearing has to be called next. 举报人 reported."""
    answers = {"channel": "CA1", "facts": "推诿扯皮", "subject_id": hall.people["陈某"]}
    reporter = hall.people["举报人"]
    opened: CaseRow = hall.give("受理员", open_case, "board", answers, reporter_id=reporter)
    hall.do("承办甲", opened, "ut_inquire", **INQUIRY)
    return opened


def do(hall: Boardroom, case: CaseRow, element: str, **answers: Any) -> Any:
    return hall.do("承办甲", case, element, **answers)


def message(hall: Boardroom, case: CaseRow, element: str, **answers: Any) -> str:
    with pytest.raises(Refusal) as refused:
        do(hall, case, element, **answers)
    return refused.value.message_id


def called(hall: Boardroom, case: CaseRow) -> None:
    do(hall, case, "ut_call", hearing_on="2026-02-12", hearing_place="二楼会议室")


def heard(hall: Boardroom, case: CaseRow) -> None:
    called(hall, case)
    hall.at(2026, 2, 12)
    do(hall, case, "ut_hearing", hearing_held=False, hearing_absence="书面放弃。")


class TestCalling:
    """书面告知时间、地点，至少提前三个工作日。"""

    def test_the_subject_is_told_and_it_is_on_the_record(
        self, hall: Boardroom, case: CaseRow
    ) -> None:
        called(hall, case)
        assert "hearing.called" in hall.told("陈某")
        assert hall.last(case, "hearing_called")["on"] == "2026-02-12"
        hearing: Any = hall.case(case).variables["hearing"]
        assert hearing["place"] == "二楼会议室"

    def test_the_third_working_day_after_monday_is_thursday(
        self, hall: Boardroom, case: CaseRow
    ) -> None:
        place = {"hearing_place": "二楼"}
        early = message(hall, case, "ut_call", hearing_on="2026-02-11", **place)
        assert early == "hearing.too_soon"
        assert message(hall, case, "ut_call", **place) == "hearing.incomplete"
        assert message(hall, case, "ut_call", hearing_on="2026-02-12") == "hearing.incomplete"


class TestHearing:
    """听取陈述申辩并记录在案；成立的采纳，不成立的写理由。"""

    def test_each_point_is_answered(self, hall: Boardroom, case: CaseRow) -> None:
        called(hall, case)
        assert message(hall, case, "ut_hearing", hearing_held=True) == "hearing.ahead"
        hall.at(2026, 2, 12)
        said = {"hearing_held": True, "hearing_statement": "当日在外。"}
        assert message(hall, case, "ut_hearing", hearing_held=True) == "hearing.statement_missing"
        assert message(hall, case, "ut_hearing", **said) == "defence.no_points"
        silent = [{"point": "在外", "adopted": False}]
        assert message(hall, case, "ut_hearing", **said, points=silent) == "defence.reasons_missing"
        do(hall, case, "ut_hearing", **said, points=[{"point": "在外", "adopted": True}])
        assert hall.case(case).variables["defence_adopted"] is True

    def test_one_that_is_not_held_says_why(self, hall: Boardroom, case: CaseRow) -> None:
        called(hall, case)
        hall.at(2026, 2, 12)
        missing = message(hall, case, "ut_hearing", hearing_held=False)
        assert missing == "hearing.absence_missing"
        do(hall, case, "ut_hearing", hearing_held=False, hearing_absence="书面放弃。")


class TestPublishing:
    """批准后在决定的范围内公布，号码遮盖，举报人绝不出现。"""

    def to_publish(self, hall: Boardroom, case: CaseRow, **changed: Any) -> None:
        heard(hall, case)
        do(hall, case, "ut_text", publication={**TEXT, **changed})
        do(hall, case, "ut_allow", publication_approved=True)

    def test_it_is_published_redacted_in_its_scope(self, hall: Boardroom, case: CaseRow) -> None:
        self.to_publish(hall, case)
        do(hall, case, "ut_publish")

        row: Publication = hall.one(sa.select(Publication))
        assert (row.state, row.scope) == ("published", "society")
        assert row.text == "陈某，电话138******78，停产五日。"
        assert row.sections == {"causes": "管理松懈。"}
        assert hall.last(case, "published")["scope"] == "society"

    def test_without_approval_it_is_not(self, hall: Boardroom, case: CaseRow) -> None:
        heard(hall, case)
        do(hall, case, "ut_text", publication=TEXT)
        refused = message(hall, case, "ut_allow", publication_approved=False)
        assert refused == "approval.reasons_missing"
        do(hall, case, "ut_allow", publication_approved=False, publication_reasons="重拟。")
        assert message(hall, case, "ut_publish") == "publication.not_approved"

    @pytest.mark.parametrize(
        ("changed", "expected"),
        [
            ({"scope": "moon"}, "publication.scope_missing"),
            ({"publish": False}, "publication.reasons_missing"),
        ],
    )
    def test_what_cannot_be_published_is_not_approved(
        self, hall: Boardroom, case: CaseRow, changed: dict[str, Any], expected: str
    ) -> None:
        heard(hall, case)
        do(hall, case, "ut_text", publication={**TEXT, **changed})
        assert message(hall, case, "ut_allow", publication_approved=True) == expected

    def test_another_scope_than_the_decisions_is_refused(
        self, hall: Boardroom, case: CaseRow
    ) -> None:
        heard(hall, case)
        do(hall, case, "ut_text", publication=TEXT, decided_scope="unit")
        assert message(hall, case, "ut_allow", publication_approved=True) == "publication.scope"

    def test_an_empty_text_is_refused(self, hall: Boardroom, case: CaseRow) -> None:
        self.to_publish(hall, case, text="", title="通报")
        assert message(hall, case, "ut_publish") == "publication.empty"

    def test_a_reporters_name_never_leaves(self, hall: Boardroom, case: CaseRow) -> None:
        self.to_publish(hall, case, text="据举 报人反映，属实。")
        assert message(hall, case, "ut_publish") == "publication.names_reporter"

    def test_an_approved_silence_is_kept_with_its_reasons(
        self, hall: Boardroom, case: CaseRow
    ) -> None:
        heard(hall, case)
        silent = {"publish": False, "withheld_reasons": "涉密。"}
        do(hall, case, "ut_text", publication=silent)
        do(hall, case, "ut_allow", publication_approved=True)
        row: Publication = hall.one(sa.select(Publication))
        assert (row.state, row.reasons, row.scope) == ("withheld", "涉密。", "")
        assert "publication_withheld" in hall.facts(case)

    def test_when_the_reputation_is_restored_it_is_withdrawn(
        self, hall: Boardroom, case: CaseRow
    ) -> None:
        self.to_publish(hall, case)
        do(hall, case, "ut_publish")

        def withdraw(desk: Desk) -> int:
            return withdraw_publications(desk, desk.session.get_one(CaseRow, case.id), "revoked")

        assert hall.give("system", withdraw) == 1
        row: Publication = hall.one(sa.select(Publication))
        assert (row.state, row.reasons) == ("withdrawn", "revoked")
        assert row.withdrawn_at is not None
        assert hall.give("system", withdraw) == 0
