"""试运行的案件：每一页都写明不产生文书效力，打印、接口也一样 (SUP-051)."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from engine.store.tables import CaseRow, WorkItemRow
from tests.office import Town

BANNER = "试运行：不产生文书效力"


def tried(town: Town) -> tuple[str, str]:
    """Make a case a trial; return its id and that of its open step."""
    case = town.open()
    with town.office.database.begin() as session:
        session.execute(sa.update(CaseRow).values(is_trial=True, opened_by=town.people["冯某"]))
    item = town.one(sa.select(WorkItemRow).where(WorkItemRow.case_id == case.id))
    return case.id, item.id


class TestTheBanner:
    """谁看到试运行的案件，都知道它不产生效力。"""

    @pytest.mark.parametrize("tab", ["", "/timeline", "/deadlines", "/documents", "/people"])
    def test_it_is_on_every_tab_of_the_case(self, town: Town, tab: str) -> None:
        case, _ = tried(town)

        assert BANNER in town.visit("冯某").get(f"/cases/{case}{tab}").text

    def test_it_is_on_the_page_of_a_step(self, town: Town) -> None:
        _, item = tried(town)

        assert BANNER in town.visit("冯某").get(f"/work/{item}").text

    def test_a_real_case_has_none(self, town: Town) -> None:
        case = town.open()

        assert BANNER not in town.visit("冯某").get(f"/cases/{case.id}").text
        assert BANNER not in town.visit("冯某").get("/inbox").text

    def test_to_another_authority_nothing_is_told(self, town: Town) -> None:
        case, _ = tried(town)

        assert BANNER not in town.visit("蒋某").get(f"/cases/{case}").text
