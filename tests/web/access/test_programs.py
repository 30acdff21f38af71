"""程序接口的权限矩阵：每个操作、每个角色、每种与案件的关系，逐一以其令牌实际调用。"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.office import Town
from tests.web.access.document_programs import PATH, document
from tests.web.access.people import ADMIN, RELATIONS, ROLES
from tests.web.access.programs import (
    API,
    BRACES,
    CAMUNDA,
    OF_A_CASE,
    PROGRAM_ROLES,
    Programs,
    bring_programs,
    called,
    operations_of,
)
from tests.web.access.scene import MISSING, Stage

OF_THE_CALLER = frozenset({"copy_id"})
"""Things of a case that belong to the one who asks."""


@pytest.fixture(scope="session")
def programs(stage: Stage) -> Iterator[Programs]:
    """Everybody's program, on the stage of the pages."""
    made = bring_programs(stage)
    yield made
    stage.town.office.hook = None


class TestTheTable:
    """An operation that nobody has thought about is in no table, and fails here."""

    def test_every_operation_has_its_line(self, town: Town) -> None:
        assert {one.name for one in called()} == operations_of(town.app)

    def test_what_differs_from_its_pages_says_why(self) -> None:
        assert [one.name for one in called() if one.is_own and not one.why.endswith(".")] == []

    def test_the_documentation_shows_it(self) -> None:
        told = "python -m tests.web.access.document_programs"
        assert Path(PATH).read_text("utf-8") == document(), told

    def test_who_is_recused_or_the_subject_is_kept_from_the_case(self) -> None:
        kept = [one for one in called() if "{case_id}" in one.rule or "{work_item_id}" in one.rule]
        assert len(kept) >= 70
        for one in kept:
            assert one.roles["recused"] == frozenset(), one.name
            if not one.rule.startswith((f"{API}own/", f"{API}cases/")):
                assert one.roles["subject"] == frozenset(), one.name

    def test_another_authority_is_let_into_no_case(self) -> None:
        for one in called():
            if one.relations == RELATIONS and not OF_THE_CALLER & set(BRACES.findall(one.rule)):
                assert one.roles["other"] <= {ADMIN, "supervision_officer"}, one.name


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("relation", RELATIONS)
@pytest.mark.parametrize("interface", [API, CAMUNDA])
class TestEveryCell:
    """Who is let in on the pages is let in here, and nobody else; what differs, says why."""

    def test_as_the_table_says(self, programs: Programs, interface: str, relation: str) -> None:
        roles = ROLES if interface == API else PROGRAM_ROLES
        wrong, asked = [], 0
        for one in called():
            if not one.rule.startswith(interface) or relation not in one.relations:
                continue
            for role in roles:
                asked += 1
                is_in = programs.lets_in(one, role, relation)
                if is_in != (role in one.roles[relation]):
                    wrong.append((one.name, role, "let in" if is_in else "turned away"))
        assert wrong == []
        assert asked >= 200


@pytest.mark.slow
class TestAnotherAuthority:
    """不同机关数据隔离 (SUP-062): what is another's looks exactly like what is not there."""

    @pytest.mark.parametrize("role", ["intake_clerk", "supervision_officer", ADMIN])
    def test_it_answers_as_if_there_were_nothing(self, programs: Programs, role: str) -> None:
        asked = 0
        for one in called():
            for name in (set(BRACES.findall(one.rule)) & OF_A_CASE) - OF_THE_CALLER:
                there = programs.ask(one, role, "other")
                reached = list(programs.stage.reached)
                missing = programs.ask(one, role, "other", **{name: MISSING})
                assert reached == programs.stage.reached, one.name
                assert there.status_code == missing.status_code, (one.name, there.text)
                asked += 1
        assert asked >= 100
