"""被问责人、举报人看自己的事项。"""

from __future__ import annotations

from datetime import date

import pytest

from engine.commands.complete_work import complete_work
from engine.commands.file import file
from engine.desk.views import own_case, own_cases
from engine.errors import NotFound
from engine.store.tables import Notice
from tests.engine.commands.conftest import Town
from tests.engine.commands.test_views import ask, report


class TestOnesOwnMatter:
    """被问责人、举报人只看本人的告知、文书、递交；调查阶段不知情（SUP-016）。"""

    def test_the_subject_does_not_know_before_being_told(self, town: Town) -> None:
        case = town.open()

        assert ask(town, "陈某", own_cases) == []
        with pytest.raises(NotFound):
            ask(town, "陈某", own_case, case.id)

    def test_once_told_the_subject_sees_until_when_to_appeal(self, town: Town) -> None:
        case = town.open()
        town.do("初核甲", case, "ut_verify", established=True, findings="查明")
        town.at(2026, 4, 8)
        town.give(
            "监事甲", complete_work, town.item(case, "ut_serve").id, {"received_on": "2026-04-08"}
        )
        with town.office.database.begin() as session:
            session.add(
                Notice(
                    authority_id=town.authority_id,
                    case_id=case.id,
                    person_id=town.people["陈某"],
                    key="served",
                    text={"zh": "决定书已送达。"},
                    sent_at=town.clock.now(),
                )
            )

        view = ask(town, "陈某", own_case, case.id)
        by_key = {one.rule.key: one for one in view.filings}

        assert by_key["appeal"].last_day == date(2026, 4, 29)
        assert view.role == "subject"
        assert view.stage is not None
        assert [row[0] for row in ask(town, "陈某", own_cases)] == [case.id]
        town.give("陈某", file, case.id, "appeal", {"request": "请求撤销"})
        assert [one.filing for one in ask(town, "陈某", own_case, case.id).filed] == ["appeal"]

    def test_a_reporter_follows_the_matter_from_the_start(self, town: Town) -> None:
        case = town.open(reporter_id=None)
        report(town, case)

        assert [row[2] for row in ask(town, "举报人", own_cases)] == ["reporter"]
        assert ask(town, "举报人", own_case, case.id).documents == ()
