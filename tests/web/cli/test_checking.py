"""`wenze check`、`wenze lint`：流程设计员得到的每句话都说明在哪里、怎么改。"""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from tests.engine.publishing.small import LOOP, OPEN, scenario
from tests.web.cli.conftest import Wenze

KIT = Path(__file__).parents[2] / "bpmn" / "dmn" / "kit"


class TestCheck:
    """检查一个文件夹、一个放流程的文件夹，或 processes/*。"""

    def test_of_what_is_sound(self, wenze: Wenze, processes: Path) -> None:
        result = wenze("check", processes / "loop")

        assert result.exit_code == 0
        assert "✓ loop: 0 errors" in result.output
        assert "1 of 1 scenarios passed" in result.output
        assert result.output.endswith("All passed.\n")

    def test_of_processes_checks_each_shared_folder_by_itself(
        self, wenze: Wenze, processes: Path
    ) -> None:
        result = wenze("check", *sorted(processes.iterdir()))

        assert "✓ loop" in result.output
        assert "✓ alone" in result.output

    def test_of_several_at_once_tells_each_in_its_order(
        self, wenze: Wenze, processes: Path
    ) -> None:
        (processes / "shared/alone/procedure.yaml").write_text("id: alone", "utf-8")
        folders = (processes / "shared", processes / "loop")
        at_once, in_turn = (wenze("check", "-j", jobs, *folders) for jobs in (2, 1))

        assert at_once.output == in_turn.output
        assert at_once.output.index("✗ alone") < at_once.output.index("✓ loop")
        assert at_once.exit_code == in_turn.exit_code == 1

    def test_quiet_lists_only_what_is_wrong(self, wenze: Wenze, processes: Path) -> None:
        assert wenze("check", "-q", processes / "loop").output == "All passed.\n"

    def test_of_a_flaw_tells_file_line_rule_and_remedy(self, wenze: Wenze, processes: Path) -> None:
        rules = processes / "loop/procedure.yaml"
        rules.write_text(rules.read_text("utf-8").replace("办理: clerk", "办理: nobody"), "utf-8")
        result = wenze("check", processes / "loop")

        assert result.exit_code == 1
        assert "[error procedure-rules]" in result.output
        assert "there is no role nobody" in result.output
        assert result.output.endswith("1 folders did not pass.\n")

    def test_in_chinese(self, wenze: Wenze, processes: Path) -> None:
        result = wenze("check", processes / "loop", lang="zh")

        assert "场景 1/1 通过" in result.output

    def test_of_a_scenario_that_fails_tells_its_step(self, wenze: Wenze, processes: Path) -> None:
        (processes / "loop/scenarios/one.yaml").write_bytes(
            scenario(OPEN, "- {then: {case: {closed: true}}}")
        )
        result = wenze("check", processes / "loop")

        assert result.exit_code == 1
        assert "loop/scenarios/one.yaml 2 (then: case) case.closed" in result.output

    def test_of_what_is_no_procedure(self, wenze: Wenze, processes: Path) -> None:
        (processes / "loop/x.exe").write_text("", "utf-8")

        assert "not a kind of file" in wenze("check", processes / "loop").output

    def test_of_a_hostile_diagram(self, wenze: Wenze, processes: Path) -> None:
        (processes / "loop/loop.bpmn").write_text("<!DOCTYPE a [<!ENTITY b 'c'>]><a/>", "utf-8")
        result = wenze("check", processes / "loop")

        assert result.exit_code == 1
        assert "loop.bpmn" in result.output


class TestLint:
    """检查流程图文件。"""

    def test_of_a_sound_diagram(self, wenze: Wenze) -> None:
        result = wenze("lint", LOOP / "loop.bpmn")

        assert (result.exit_code, result.output) == (0, "Nothing is wrong.\n")

    def test_of_a_wrong_one_as_json(self, wenze: Wenze, tmp_path: Path) -> None:
        text = (LOOP / "loop.bpmn").read_text("utf-8").replace(' default="f4"', "")
        (tmp_path / "a.bpmn").write_text(text, "utf-8")
        result = wenze("lint", "--json", tmp_path / "a.bpmn")

        assert result.exit_code == 1
        assert {one["rule"] for one in orjson.loads(result.output)} == {"gateway-without-default"}
        assert "f4" in wenze("lint", tmp_path / "a.bpmn").output

    def test_of_tables_and_what_cannot_be_read(self, wenze: Wenze, tmp_path: Path) -> None:
        table = next(KIT.rglob("*.dmn"))
        (tmp_path / "b.bpmn").write_text("<x/>", "utf-8")

        assert wenze("lint", table).exit_code == 0
        assert wenze("lint", table, tmp_path / "b.bpmn").exit_code == 1


class TestMeasuring:
    """兼容性测试集与计时。"""

    @pytest.mark.parametrize("more", [(), ("--level", "2"), ("--failures",)])
    def test_the_kit(self, wenze: Wenze, more: tuple[str, ...]) -> None:
        result = wenze("dmn-tck", KIT, *more)

        assert result.exit_code == 0
        assert result.output.rpartition("passed ")[2].strip()

    def test_a_kit_with_a_failure(self, wenze: Wenze, tmp_path: Path) -> None:
        source = next(KIT.rglob("*-test-*.xml")).parent
        place = tmp_path / "compliance-level-2" / source.name
        place.mkdir(parents=True)
        for file in source.iterdir():
            text = file.read_text("utf-8")
            (place / file.name).write_text(
                text.replace("</value>", "9</value>") if file.suffix == ".xml" else text, "utf-8"
            )
        result = wenze("dmn-tck", tmp_path, "--failures")

        assert result.exit_code == 1
        assert "expected" in result.output

    @pytest.mark.slow
    def test_the_bench(self, wenze: Wenze) -> None:
        result = wenze("bench", "--completed", 2, "--rounds", 2)

        assert "ratio" in result.output
        assert "1000 tasks:" in result.output
