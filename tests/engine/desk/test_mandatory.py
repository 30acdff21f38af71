"""必经环节不得越过：图上还有哪些必经环节在前面（procedures §0.9）。"""

from __future__ import annotations

from pathlib import Path

import pytest

import bpmn
from engine.desk.mandatory import after_mapping, steps_ahead
from engine.publishing.folders import read_folder

PROCESSES = Path(__file__).parents[3] / "processes"


@pytest.fixture(scope="module")
def definition() -> bpmn.Definition:
    """企业领导干部问责，连同它调用的公共子流程。"""
    files = read_folder(PROCESSES / "corporate-accountability").files
    drawn = {path: one for path, one in files.items() if path.endswith((".bpmn", ".dmn"))}
    return bpmn.compile_definition(drawn, "corporate-accountability")


class TestStepsAhead:
    """所在之处、其后各路、所调用的流程中的必经环节，都还在前面。"""

    def test_at_the_decision_to_start_all_five_lie_ahead(self, definition: bpmn.Definition) -> None:
        assert steps_ahead(definition, "ut_start_decision", ()) == {
            "investigation",
            "defence",
            "collective_decision",
            "notice_of_rights",
            "service",
        }

    def test_within_the_investigation_what_comes_after_the_call_counts_too(
        self, definition: bpmn.Definition
    ) -> None:
        ahead = steps_ahead(definition, "ut_plan", ("ca_invest",))

        assert {"investigation", "collective_decision", "service"} <= ahead

    def test_at_the_service_the_investigation_lies_behind(
        self, definition: bpmn.Definition
    ) -> None:
        ahead = steps_ahead(definition, "ut_serve", ("ca_serve",))

        assert {"service", "notice_of_rights"} <= ahead
        assert not {"investigation", "defence"} & ahead

    def test_an_element_that_is_not_there_has_nothing_ahead(
        self, definition: bpmn.Definition
    ) -> None:
        assert steps_ahead(definition, "nowhere", ()) == frozenset()


class TestMapping:
    def test_what_is_not_mapped_keeps_its_id(self) -> None:
        assert after_mapping(("a", "b"), {"b": "c"}) == ("a", "c")
