"""The DMN Technology Compatibility Kit, and our own models in its format."""

import shutil
from pathlib import Path

import pytest

from bpmn.dmn.tck import kit_lines, run_kit

OURS = Path(__file__).parent / "kit"
SHARED = Path(__file__).parents[4] / "shared" / "data" / "dmn-tck"

needs_kit = pytest.mark.skipif(not SHARED.is_dir(), reason="shared/data/dmn-tck is not here")


class TestOurModels:
    """The starter kit passes whole."""

    def test_every_result_is_as_expected(self) -> None:
        told: list[str] = []
        result = run_kit(OURS, report=told.append)

        assert result.failures == ()
        assert (result.passed, result.total) == (21, 21)
        assert told[0] == "w001-circumstances-to-tier: 5 of 5"

    def test_the_last_line_counts(self) -> None:
        assert list(kit_lines(OURS, level=2)) == ["passed 17 of 17"]


class TestRunner:
    """A result that is not as expected is a failure, and says what was expected and what came."""

    @staticmethod
    def changed(tmp_path: Path, old: str, new: str, *, in_model: bool = False) -> list[str]:
        folder = tmp_path / "compliance-level-2" / "w002-points"
        shutil.copytree(OURS / "compliance-level-2" / "w002-points", folder)
        file = folder / ("w002-points.dmn" if in_model else "w002-points-test-01.xml")
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new), encoding="utf-8")
        return list(kit_lines(tmp_path, failures=True))

    def test_another_number(self, tmp_path: Path) -> None:
        lines = self.changed(tmp_path, ">325<", ">324<")

        assert lines == ["w002-points 002 罚款: expected 324, got 325", "passed 5 of 6"]

    def test_numbers_agree_to_eight_decimals(self, tmp_path: Path) -> None:
        assert self.changed(tmp_path, ">325<", ">325.000000001<")[-1] == "passed 6 of 6"

    @pytest.mark.parametrize(
        "expected",
        [
            '<value xsi:type="xsd:string">325</value>',
            '<value xsi:type="xsd:decimal">many</value>',
            '<value xsi:nil="true"/>',
            '<list><item><value xsi:type="xsd:decimal">325</value></item></list>',
            '<list xsi:nil="true"/>',
            '<component name="a"><value xsi:type="xsd:decimal">325</value></component>',
            '<value xsi:type="xsd:boolean">true</value>',
            '<value xsi:type="xsd:date">2026-04-08</value>',
        ],
    )
    def test_another_kind_of_value(self, tmp_path: Path, expected: str) -> None:
        lines = self.changed(tmp_path, '<value xsi:type="xsd:decimal">325</value>', expected)

        assert lines[-1] == "passed 5 of 6"

    def test_a_decision_that_does_not_exist(self, tmp_path: Path) -> None:
        lines = self.changed(tmp_path, 'resultNode name="罚款"', 'resultNode name="罚金"')

        assert lines[-1] == "passed 3 of 6"
        assert lines[0].endswith("there is no such decision")

    def test_a_model_that_is_refused(self, tmp_path: Path) -> None:
        lines = self.changed(tmp_path, 'hitPolicy="COLLECT"', 'hitPolicy="ALL"', in_model=True)

        assert lines[-1] == "passed 0 of 6"
        assert "dmn-unknown-value" in lines[0]

    def test_an_evaluation_without_end(self, tmp_path: Path) -> None:
        bomb = "count(for a in 1..9999, b in 1..9999 return 1)"
        lines = self.changed(tmp_path, "扣分 * 50", bomb, in_model=True)

        assert lines[-1] == "passed 4 of 6"
        assert "bound" in lines[0]

    def test_test_cases_that_are_no_xml(self, tmp_path: Path) -> None:
        (tmp_path / "x-test-01.xml").write_text("<a>", encoding="utf-8")

        assert list(kit_lines(tmp_path))[-1] == "passed 0 of 1"

    def test_test_cases_without_a_model(self, tmp_path: Path) -> None:
        shutil.copy(
            OURS / "compliance-level-2" / "w002-points" / "w002-points-test-01.xml", tmp_path
        )

        assert run_kit(tmp_path).failures[0].reason == "there is no model"


@needs_kit
@pytest.mark.slow
class TestSharedKit:
    """The kit's models: level 2 whole, level 3 but for external Java functions (docs/dmn.md)."""

    def test_level_2_passes_whole(self) -> None:
        result = run_kit(SHARED, level=2)

        assert result.failures == ()
        assert result.passed == result.total == 126

    def test_level_3_fails_only_where_it_calls_java(self) -> None:
        result = run_kit(SHARED, level=3)

        assert {one.suite for one in result.failures} == {"0076-feel-external-java"}
        assert (result.passed, result.total) == (1305, 1319)
