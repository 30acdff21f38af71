"""一案开立另一案：交付的流程写明的都在，演练的机关也都有。"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from engine.publishing.checks.opening import check
from engine.publishing.checks.rules import check as check_rules
from engine.publishing.folders import RULES, read_folder
from web.demo.reading import read_people

PROCESSES = Path(__file__).parents[2] / "processes"
OPENING = sorted(
    path.parent.name
    for path in PROCESSES.glob(f"*/{RULES}")
    if "opens" in yaml.safe_load(path.read_text("utf-8"))
)


def named(procedure: str) -> list[str]:
    rules = yaml.safe_load((PROCESSES / procedure / RULES).read_text("utf-8"))
    return list(rules["opens"])


class TestWhatIsOpened:
    """P09、P15：母案开立的子案，其流程须在同一机关有效。"""

    @pytest.mark.slow  # reads whole folders
    @pytest.mark.parametrize("procedure", OPENING)
    def test_every_procedure_named_stands_beside(self, procedure: str) -> None:
        folder = read_folder(PROCESSES / procedure)

        assert check(folder, check_rules(folder)[1]) == []
        assert {one.procedure for one in folder.opens} == set(named(procedure))

    @pytest.mark.parametrize("procedure", OPENING)
    def test_an_authority_of_the_rehearsal_that_works_by_it_works_by_those_too(
        self, procedure: str
    ) -> None:
        _, towns = read_people()
        working = [town for town in towns if town.works_by(procedure)]

        assert working
        assert [
            (town.key, opened)
            for town in working
            for opened in named(procedure)
            if not town.works_by(opened)
        ] == []
