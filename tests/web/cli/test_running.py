"""`wenze run`：不用数据库试运行流程图。

Exit 0 ended, 2 refused, 3 waiting, 4 incident; the trace is an element and an event a line.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.bpmn.diagrams import (
    MESSAGE,
    chain,
    diagram,
    end,
    flow,
    node,
    start,
    timer,
    user,
)
from tests.web.cli.conftest import Wenze

CHOICE = diagram(
    start(), user("a"), node("exclusiveGateway", "g", default="g__e"), user("b"), end(),
    chain("s", "a", "g"), flow("g", "b", "x > 1.5"), chain("g", "e"), chain("b", "e"),
)  # fmt: skip


@pytest.fixture
def drawn(tmp_path: Path) -> Path:
    """A diagram with a choice."""
    path = tmp_path / "choice.bpmn"
    path.write_bytes(CHOICE)
    return path


def write(folder: Path, content: bytes) -> Path:
    path = folder / "drawn.bpmn"
    path.write_bytes(content)
    return path


class TestTrace:
    """What happened is printed in order, then the variables."""

    def test_it_ends_with_the_trace_and_the_variables(self, wenze: Wenze, drawn: Path) -> None:
        result = wenze("run", drawn, "--trace", "--inputs", '{"x": 1}')

        assert result.exit_code == 0
        lines = result.stdout.splitlines()
        assert lines[:4] == ["s entered", "s completed", "s__a taken", "a entered"]
        assert lines[-2] == "e completed"
        assert json.loads(lines[-1]) == {"x": 1}
        assert "It ended." in result.stderr

    def test_without_trace_only_the_variables_are_printed(self, wenze: Wenze, drawn: Path) -> None:
        result = wenze("run", drawn, "--inputs", '{"x": 2.5}')

        assert json.loads(result.stdout) == {"x": "2.5"}

    def test_it_is_said_in_chinese_too(self, wenze: Wenze, drawn: Path) -> None:
        assert "已结束" in wenze("run", drawn, "--inputs", '{"x": 1}', lang="zh").stderr

    def test_variables_of_several_processes_go_by_their_ids(
        self, wenze: Wenze, tmp_path: Path
    ) -> None:
        for name in ("P", "Q"):
            file = diagram(start(), end(), chain("s", "e"), process=name)
            (tmp_path / f"{name}.bpmn").write_bytes(file)
        result = wenze("run", tmp_path / "P.bpmn", tmp_path / "Q.bpmn")

        assert result.stdout == "P {}\nQ {}\n"
        one = wenze("run", tmp_path / "P.bpmn", tmp_path / "Q.bpmn", "--process", "Q")
        assert one.stdout == "{}\n"

    def test_every_kind_of_value_is_shown(self, wenze: Wenze, tmp_path: Path) -> None:
        outputs = "".join(
            f'<camunda:outputParameter name="{name}">={text}</camunda:outputParameter>'
            for name, text in {
                "n": "2 * 3",
                "day": 'date("2026-03-02")',
                "length": 'duration("P1D")',
                "months": 'duration("P2M")',
            }.items()
        )
        inner = (
            f"<extensionElements><camunda:inputOutput>{outputs}</camunda:inputOutput>"
            "</extensionElements>"
        )
        file = diagram(start(), node("userTask", "a", inner), end(), chain("s", "a", "e"))
        result = wenze("run", write(tmp_path, file))

        assert json.loads(result.stdout) == {
            "n": 6,
            "day": "2026-03-02",
            "length": "1 day, 0:00:00",
            "months": "P2M",
        }


class TestEndings:
    """The exit code says how it came out."""

    def test_3_where_it_waits_and_where(self, wenze: Wenze, tmp_path: Path) -> None:
        wait = node("intermediateCatchEvent", "w", MESSAGE)
        path = write(tmp_path, diagram(start(), wait, end(), chain("s", "w", "e")))
        result = wenze("run", path)

        assert result.exit_code == 3
        assert "It waits at w" in result.stderr

    def test_4_where_something_failed_and_why(self, wenze: Wenze, drawn: Path) -> None:
        result = wenze("run", drawn)

        assert result.exit_code == 4
        assert "x > 1.5" in result.stderr

    def test_2_where_it_is_refused_and_by_which_rule(self, wenze: Wenze, tmp_path: Path) -> None:
        path = write(
            tmp_path, diagram(start(), node("scriptTask", "x"), end(), chain("s", "x", "e"))
        )
        result = wenze("run", path)

        assert result.exit_code == 2
        assert "not-executable" in result.stderr

    @pytest.mark.parametrize(
        ("options", "said"),
        [
            (("--inputs", "{"), "no JSON"),
            (("--inputs", "[1]"), "JSON object"),
            (("--clock", "noon"), "no instant"),
            (("--process", "Q"), "'Q'"),
        ],
    )
    def test_2_where_it_was_asked_wrongly(
        self, wenze: Wenze, drawn: Path, options: tuple[str, str], said: str
    ) -> None:
        result = wenze("run", drawn, *options)

        assert result.exit_code == 2
        assert said in result.stderr


class TestAsking:
    """With --complete ask each work item is asked for."""

    def test_what_is_typed_is_its_result(self, wenze: Wenze, drawn: Path) -> None:
        result = wenze("run", drawn, "--complete", "ask", typed='nonsense\n[1]\n{"x": 3}\n{}\n')

        assert result.exit_code == 0
        assert json.loads(result.stdout.splitlines()[-1]) == {"x": 3}

    def test_a_dash_leaves_it_undone(self, wenze: Wenze, drawn: Path) -> None:
        result = wenze("run", drawn, "--complete", "ask", typed="-\n")

        assert result.exit_code == 3
        assert "It waits at a" in result.stderr


class TestClock:
    """The clock begins where it is told to, and moves by timers only."""

    @pytest.mark.parametrize("text", ["2026-03-02T09:00", "2026-03-02T01:00+00:00"])
    def test_it_begins_at_the_instant_given_in_beijing_or_with_its_offset(
        self, wenze: Wenze, tmp_path: Path, text: str
    ) -> None:
        wait = node("intermediateCatchEvent", "w", timer("2026-03-02T09:30:00+08:00", "timeDate"))
        path = write(tmp_path, diagram(start(), wait, end(), chain("s", "w", "e")))
        result = wenze("run", path, "--clock", text, "--trace")

        assert result.exit_code == 0
        assert "w fired" in result.stdout

    def test_what_is_assumed_of_a_deadline_is_said(self, wenze: Wenze, tmp_path: Path) -> None:
        wait = node("intermediateCatchEvent", "w", timer('deadline("DL-1")'))
        path = write(tmp_path, diagram(start(), wait, end(), chain("s", "w", "e")))

        assert 'assumed: w ← deadline("DL-1") = P30D' in wenze("run", path).stdout


class TestStub:
    """With --stub a mere drawing is played, and what was supplied is said."""

    def test_a_drawing_is_given_what_it_lacks(self, wenze: Wenze, tmp_path: Path) -> None:
        file = diagram(
            start(), node("serviceTask", "a"), end(), chain("s", "a", "e"), executable=False
        )
        path = write(tmp_path, file)

        assert wenze("run", path).exit_code == 2
        result = wenze("run", path, "--stub")
        assert result.exit_code == 0
        assert "supplied: P isExecutable = true" in result.stdout
        assert "supplied: a topic = stub:a" in result.stdout
        assert path.read_bytes() == file


def test_lint_prints_file_line_element_rule_and_message(wenze: Wenze, tmp_path: Path) -> None:
    """`wenze lint` prints one line a finding and ends with 1 where one is an error."""
    path = write(tmp_path, diagram(start(), node("scriptTask", "x"), end(), chain("s", "x", "e")))
    result = wenze("lint", path)

    assert result.exit_code == 1
    assert result.output.splitlines()[0].startswith(f"{path}:1 x not-executable x: a scriptTask")
    told_zh = wenze("lint", path, lang="zh").output
    assert told_zh.startswith(f"{path}:1 x not-executable x：脚本任务")
