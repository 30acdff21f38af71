"""演练的人员：每一个流程都有一个办理机关，其中每个角色都有人担任。"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from web.demo.reading import Town, read_people

PROCESSES = Path(__file__).parents[2] / "processes"
PROCEDURES = sorted(path.parent.name for path in PROCESSES.glob("*/procedure.yaml"))


def lacking(town: Town, procedure: str) -> set[str]:
    """Return the roles of the authority that nobody in `town` holds."""
    rules = yaml.safe_load((PROCESSES / procedure / "procedure.yaml").read_text("utf-8"))
    roles = {key for key, one in rules["roles"].items() if one["scope"] == "authority"}
    return roles - {post.role for person in town.cast.people for post in person.posts}


class TestEveryProcedure:
    """谁都能在演练中把任何一个流程走一遍。"""

    @pytest.mark.parametrize("procedure", PROCEDURES)
    def test_an_authority_has_people_for_each_of_its_roles(self, procedure: str) -> None:
        _, towns = read_people()

        found = {town.key: lacking(town, procedure) for town in towns if town.works_by(procedure)}

        assert set() in found.values(), found
