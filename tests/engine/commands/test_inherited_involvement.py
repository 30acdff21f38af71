"""谁调查的案件，谁不得复查由它派生的案件（procedures C11、C25；S0篇1§14）。"""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from engine.commands.open_case import open_case
from engine.errors import Recused
from engine.store.tables import CaseRow
from tests.bpmn.diagrams import a_process, bpmn, chain, end, node, properties, start
from tests.engine.commands.conftest import Town
from tests.engine.commands.kin import carry, publish, service, task


def generation(town: Town, procedure: str, child: str) -> None:
    """Publish a procedure whose first step investigates, and which then opens a child."""
    steps = (
        start(),
        node(
            "userTask",
            "ut_look",
            properties(involves="investigation"),
            name="ut_look",
            camunda_candidateGroups="verifier",
        ),
        service("st_open", "wenze.open-case", procedure=child),
        end(),
        chain("s", "ut_look", "st_open", "e"),
    )
    publish(town, procedure, bpmn(a_process(*steps, process=procedure)), opens=[child])


def reviewed(town: Town) -> None:
    """Publish the last child: a step that keeps out whoever investigated."""
    steps = (
        start(),
        task("ut_review", excludes="investigation"),
        end(),
        chain("s", "ut_review", "e"),
    )
    publish(town, "reviewed", bpmn(a_process(*steps, process="reviewed")))


def newest(town: Town, procedure: str) -> CaseRow:
    case: CaseRow = town.one(sa.select(CaseRow).where(CaseRow.procedure == procedure))
    return case


class TestChildren:
    """参加过母案调查的人，不得参加子案的复查。"""

    @pytest.fixture
    def child(self, town: Town) -> CaseRow:
        """A case whose parent 初核甲 investigated, and whose grandparent 初核乙."""
        reviewed(town)
        generation(town, "second", "reviewed")
        generation(town, "first", "second")
        first = town.give("受理甲", open_case, "first", {})
        town.do("初核乙", first, "ut_look")
        carry(town)
        town.do("初核甲", newest(town, "second"), "ut_look")
        carry(town)
        return newest(town, "reviewed")

    @pytest.mark.parametrize("investigator", ["初核甲", "初核乙"])
    def test_whoever_investigated_the_parent_or_its_parent_is_kept_out(
        self, town: Town, child: CaseRow, investigator: str
    ) -> None:
        with pytest.raises(Recused, match="involvement"):
            town.claim(investigator, child, "ut_review")

    def test_somebody_else_may_take_it(self, town: Town, child: CaseRow) -> None:
        assert town.claim("初核丙", child, "ut_review").claimed_by == town.people["初核丙"]
