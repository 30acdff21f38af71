"""立案登记：线索到达，编号、计时、分派。"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from engine.commands.open_case import open_case
from engine.errors import Fault, NotAllowed, NotFound, Refusal
from engine.model.identifiers import RoleKey
from engine.store.numbering import mark_empty, mark_used
from engine.store.tables import CaseRow, FactRow, Notice, NumberAllotted, Participant, VersionRow
from engine.workflow import versions
from tests.engine.commands.conftest import Town


class TestRegistering:
    """受理岗登记线索；初核期限自登记起算（S0篇1§7；DL-CA-1）。"""

    def test_the_first_case_of_2026_gets_number_1(self, town: Town) -> None:
        assert town.open().number == "某集问〔2026〕1号"
        assert town.open().number == "某集问〔2026〕2号"

    def test_the_verifiers_get_the_first_step(self, town: Town) -> None:
        case = town.open()

        item = town.item(case, "ut_verify")
        assert item.state == "open"
        assert item.candidates == [f"r:{town.authority_id}:verifier"]
        assert town.case(case).status == "verifying"

    def test_sc_023_registered_mon_9_february_verified_by_sat_28_february(self, town: Town) -> None:
        case = town.open()

        assert town.deadline(case, "DL-T-1").last_day == date(2026, 2, 28)

    def test_received_on_fri_6_february_counts_from_that_day(self, town: Town) -> None:
        case = town.open(happened_on="2026-02-06")

        assert town.deadline(case, "DL-T-1").last_day == date(2026, 2, 27)
        assert town.one(sa.select(FactRow)).happened_on == date(2026, 2, 6)

    def test_the_subject_is_described_for_diagram_and_papers(self, town: Town) -> None:
        case = town.open()

        assert town.case(case).variables["subject"] == {
            "id": town.people["陈某"],
            "name": "陈某",
            "unit": "一车间",
            "post": "",
            "level": "",
            "status": "serving",
        }
        assert case.title == "小程序：陈某"

    def test_without_a_known_person_the_case_is_about_the_matter(self, town: Town) -> None:
        case = town.open(subject_id="")

        assert case.title == "小程序"
        assert town.case(case).variables["subject"] is None
        assert not town.all(sa.select(Participant).where(Participant.case_id == case.id))

    def test_a_reporter_of_the_register_is_told_the_number(self, town: Town) -> None:
        town.give(
            "受理甲",
            open_case,
            "tiny",
            {"channel": "CA1", "facts": "x"},
            reporter_id=town.people["举报人"],
            title="仓库失火",
        )

        notice = town.one(sa.select(Notice))
        assert notice.person_id == town.people["举报人"]
        assert notice.text["zh"] == "您反映的线索已登记，编号为某集问〔2026〕1号。"


class TestWhatIsRefused:
    """登记不合规矩的，说明缘由。"""

    def refused(self, town: Town, by: str = "受理甲", **more: Any) -> None:
        given = {"channel": "CA1", "facts": "x"} | more.pop("answers", {})
        town.give(by, open_case, more.pop("procedure", "tiny"), given, **more)

    def test_only_the_intake_registers(self, town: Town) -> None:
        with pytest.raises(NotAllowed, match=r"case\.may_not_register"):
            self.refused(town, by="初核甲")

    def test_a_procedure_that_is_not_in_force_is_not_found(self, town: Town) -> None:
        with pytest.raises(NotFound):
            self.refused(town, procedure="unknown")

    def test_a_version_that_takes_effect_tomorrow_does_not_bind_today(self, town: Town) -> None:
        with town.office.database.begin() as session:
            session.scalars(sa.select(VersionRow)).one().effective_on = date(2026, 2, 10)

        with pytest.raises(NotFound):
            self.refused(town)
        town.at(2026, 2, 10)
        self.refused(town)

    def test_an_unknown_person_is_not_found(self, town: Town) -> None:
        with pytest.raises(NotFound):
            self.refused(town, subject_id="none")

    def test_channel_and_secrecy_are_those_of_the_procedure(self, town: Town) -> None:
        with pytest.raises(Refusal, match=r"case\.channel_unknown"):
            self.refused(town, channel="CA9")
        with pytest.raises(Refusal, match=r"case\.secrecy_unknown"):
            self.refused(town, secrecy="cosmic")

    def test_a_day_that_lies_ahead_is_refused(self, town: Town) -> None:
        with pytest.raises(Refusal, match=r"fact\.in_future"):
            self.refused(town, answers={"happened_on": "2026-02-10"})

    def test_a_refused_registration_uses_no_number(self, town: Town) -> None:
        with pytest.raises(Refusal):
            self.refused(town, answers={"happened_on": "2026-02-10"})

        assert town.open().number == "某集问〔2026〕1号"


class TestReportersWhoRegister:
    """流程允许时，举报人本人可以在线登记，即为本案举报人。"""

    def test_the_reporter_is_a_participant(
        self, town: Town, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        let_reporters_in(town, monkeypatch, roles=("intake_clerk", "reporter"))

        case: CaseRow = town.give("外人", open_case, "tiny", {"channel": "CA1", "facts": "x"})

        part = town.one(sa.select(Participant).where(Participant.case_id == case.id))
        assert (part.person_id, part.role) == (town.people["外人"], "reporter")

    def test_what_says_nothing_about_its_start_cannot_be_opened(
        self, town: Town, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        let_reporters_in(town, monkeypatch, roles=None)

        with pytest.raises(Fault, match="start"):
            town.give("受理甲", open_case, "tiny", {})

    def test_without_a_number_rule_the_id_is_the_number(
        self, town: Town, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        let_reporters_in(town, monkeypatch, roles=("intake_clerk",), number=None)

        case = town.open()
        assert case.number == case.id


class TestNumbers:
    """每一办理机关、流程、年度各一序列；未用的号记为空号。"""

    def test_a_number_not_used_is_recorded_as_empty(self, town: Town) -> None:
        case = town.open()
        with town.office.database.begin() as session:
            assert mark_empty(session, town.authority_id, case.number)
            assert not mark_empty(session, town.authority_id, case.number)
            assert not mark_empty(session, town.authority_id, "none")

        assert town.one(sa.select(NumberAllotted)).state == "empty"

    def test_what_a_number_is_used_for_is_recorded(self, town: Town) -> None:
        case = town.open()
        with town.office.database.begin() as session:
            mark_used(session, town.authority_id, case.number, "document")

        row = town.one(sa.select(NumberAllotted))
        assert (row.state, row.used_for) == ("used", "document")


def let_reporters_in(
    town: Town,
    monkeypatch: pytest.MonkeyPatch,
    *,
    roles: tuple[str, ...] | None,
    **changed: Any,
) -> None:
    """Publish the tiny procedure with another start."""
    with town.office.database.reading() as session:
        row = session.scalars(sa.select(VersionRow)).one()
        loaded = town.office.versions.get(session, row.id)
    start = loaded.rules.start
    assert start is not None
    other = None if roles is None else replace(start, roles=tuple(map(RoleKey, roles)))
    rules = replace(loaded.rules, start=other, **changed)
    shelf = versions.VersionLibrary(lambda _session, _id: None)  # type: ignore[arg-type,return-value]
    monkeypatch.setattr(shelf, "get", lambda _session, _id: replace(loaded, rules=rules))
    monkeypatch.setattr(town.office, "versions", shelf)
