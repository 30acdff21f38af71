"""人员影响期：评优、任命的拦截、答复和留痕 (SUP-023, SUP-025, SUP-044; C18–C20)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from engine.commands.decide import decide
from engine.commands.file import file
from engine.commands.organise import describe_person, give_post
from engine.commands.request_personnel import request_appointment, request_award
from engine.desk.views.standing import standing_card, standings
from engine.errors import NotAllowed, NotFound, Refusal
from engine.store.tables import CaseRow, PersonnelRequest, PersonRow, SanctionRow
from tests.engine.boardroom import Boardroom


@pytest.fixture
def office(room: Boardroom) -> Boardroom:
    """The boardroom with somebody in personnel and one who supervises."""
    for name, role in (("承办乙", "personnel_dept"), ("外人", "supervision_officer")):
        room.give("管理员", give_post, room.people[name], role, valid_from=date(2020, 1, 1))
    return room


@pytest.fixture
def case(office: Boardroom) -> CaseRow:
    """陈某 is barred from awards of 2026 by a decision of Monday 9 February 2026."""
    return office.decided()


def award(office: Boardroom, year: int, by: str = "承办乙") -> PersonnelRequest:
    row: PersonnelRequest = office.give(by, request_award, office.people["陈某"], year)
    return row


def bar_post(office: Boardroom, **changed: Any) -> None:
    given: dict[str, Any] = {
        "authority_id": office.authority_id,
        "person_id": office.people["陈某"],
        "measure": "dismiss",
        "effect": "bars_equal_post",
        "decided_on": date(2026, 2, 9),
        "effective_on": date(2026, 2, 9),
        "until": date(2027, 2, 9),
        "source": "S3 L59§10",
    }
    with office.office.database.begin() as session:
        session.add(SanctionRow(**{**given, **changed}))


class TestAwards:
    """受问责者当年评优评先申请自动拦截并说明依据；期满自动解除。"""

    def test_of_the_year_it_is_blocked_with_measure_case_source_and_last_day(
        self, office: Boardroom, case: CaseRow
    ) -> None:
        row = award(office, 2026)

        assert (row.answer, row.free_on) == ("blocked", date(2027, 1, 1))
        (ground,) = row.grounds
        assert ground == {
            "kind": "bars_awards",
            "measure": "cancel_merit",
            "zh": "取消评优",
            "en": "取消评优",
            "until": "2026-12-31",
            "source": "S0篇1§4",
            "case": case.number,
        }
        said = office.last(None, "award_requested")
        assert (said["answer"], said["year"]) == ("blocked", 2026)

    def test_of_another_year_it_is_not(self, office: Boardroom, case: CaseRow) -> None:
        assert award(office, 2025).answer == "granted"
        office.at(2027, 1, 4)
        row = award(office, 2027)
        assert (row.answer, row.grounds, row.free_on) == ("granted", [], None)

    def test_a_year_that_is_none_is_refused(self, office: Boardroom) -> None:
        with pytest.raises(Refusal) as refused:
            award(office, 26)
        assert refused.value.message_id == "register.year"

    def test_only_personnel_asks_and_only_of_its_own_authority(self, office: Boardroom) -> None:
        for name in ("管理员", "外人", "承办甲"):
            with pytest.raises(NotAllowed):
                award(office, 2026, by=name)
        with pytest.raises(NotFound):
            office.give("承办乙", request_award, "nobody", 2026)


class TestAppointments:
    """一年内不得担任与原任职务相当的领导职务；其他任命不拦。"""

    def ask(self, office: Boardroom, on: date, *, equal: bool = True, post: str = "副处长") -> Any:
        return office.give(
            "承办乙", request_appointment, office.people["陈某"], post, equal=equal, on=on
        )

    def test_an_equal_post_is_blocked_to_the_last_day(self, office: Boardroom) -> None:
        bar_post(office)
        assert self.ask(office, date(2027, 2, 9)).answer == "blocked"
        assert self.ask(office, date(2027, 2, 10)).answer == "granted"
        assert self.ask(office, date(2026, 6, 1), equal=False).answer == "granted"
        assert office.last(None, "appointment_requested")["equal"] is False

    def test_the_post_has_a_name(self, office: Boardroom) -> None:
        with pytest.raises(Refusal) as refused:
            self.ask(office, date(2026, 6, 1), post=" ")
        assert refused.value.message_id == "register.post_missing"


class TestRestoring:
    """撤销决定后恢复名誉：影响期一并解除，登记更正。"""

    def test_a_revoked_decision_bars_nothing_and_stays_visible_as_revoked(
        self, office: Boardroom, case: CaseRow
    ) -> None:
        case = office.served(office.issued(office.prepared(office.drafted(case))))
        office.give("陈某", file, case.id, "appeal", {"request": "请求撤销。"})
        motion = office.move(case, element="ut_review", appeal_result="revoked", measures=[])
        office.vote(motion, 主席="agree", 监事甲="agree", 监事乙="agree")
        office.give("主席", decide, motion.id)

        assert award(office, 2026).answer == "granted"
        card = office.office.ask(office.actor("承办乙"), standing_card, office.people["陈某"])
        assert {line.row.state for line in card.sanctions} == {"revoked"}
        assert card.restrictions == ()


class TestRegister:
    """人员影响期一览：组织人事、督办可看，管理员不看。"""

    def test_it_shows_who_is_barred_and_until_when(self, office: Boardroom, case: CaseRow) -> None:
        bar_post(office, effect="warning_record", measure="yellow_card", source="")
        page = office.office.ask(office.actor("外人"), standings)

        (line,) = page.lines
        assert (line.name, line.sanctions, line.warnings) == ("陈某", 3, 1)
        assert set(line.kinds) == {"bars_awards", "warning_record"}
        assert line.until == date(2027, 2, 9)

    def test_pages_and_search(self, office: Boardroom, case: CaseRow) -> None:
        reader = office.actor("承办乙")
        first = office.office.ask(reader, standings, everybody=True, limit=1)
        second = office.office.ask(reader, standings, everybody=True, limit=1, after=first.after)
        assert first.lines[0].name < second.lines[0].name
        found = office.office.ask(reader, standings, search="陈")
        assert [line.name for line in found.lines] == ["陈某"]
        assert found.after == ""

    def test_a_card_shows_requests_and_who_may_ask(self, office: Boardroom, case: CaseRow) -> None:
        award(office, 2026)
        asking = office.office.ask(office.actor("承办乙"), standing_card, office.people["陈某"])
        looking = office.office.ask(office.actor("外人"), standing_card, office.people["陈某"])
        assert [(row.answer, name) for row, name in asking.requests] == [("blocked", "承办乙")]
        assert (asking.may_ask, looking.may_ask) == (True, False)
        assert asking.unit == "二车间"

    def test_others_do_not_read_it(self, office: Boardroom) -> None:
        for name in ("管理员", "承办甲"):
            with pytest.raises(NotAllowed):
                office.office.ask(office.actor(name), standings)


class TestLifelongAccountability:
    """终身问责：离岗、退休、调动后仍可立案。"""

    @pytest.mark.parametrize("status", ["left", "retired", "moved"])
    def test_a_case_is_opened_on_who_is_no_longer_in_service(
        self, office: Boardroom, status: str
    ) -> None:
        office.give(
            "管理员", describe_person, office.people["陈某"], level="section", status=status
        )
        case = office.open()
        subject: Any = case.variables["subject"]
        assert (subject["status"], subject["level"]) == (status, "section")
        person: PersonRow = office.one(sa.select(PersonRow).where(PersonRow.name == "陈某"))
        assert (person.level, person.status) == ("section", status)

    def test_a_status_that_is_none_is_refused(self, office: Boardroom) -> None:
        with pytest.raises(Refusal) as refused:
            office.give("管理员", describe_person, office.people["陈某"], level="", status="gone")
        assert refused.value.message_id == "person.status_unknown"
