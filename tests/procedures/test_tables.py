"""每一张随平台提供的决策表：没有未声明的缺口，没有命中策略不允许的重叠。"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bpmn.dmn import Analysis, analyse, read_decisions, table_view

PROCESSES = Path(__file__).parents[2] / "processes"
FILES = {str(path.relative_to(PROCESSES)): path.read_bytes() for path in PROCESSES.rglob("*.dmn")}


def _analysed(name: str) -> dict[str, Analysis]:
    others = {other: content for other, content in FILES.items() if other != name}
    model = read_decisions(FILES[name], name=name, imports=others)
    return {
        decision.id: analyse(model, decision.id)
        for decision in model.decisions.values()
        if table_view(decision) is not None
    }


def _declared(name: str) -> set[str]:
    rules = yaml.safe_load((PROCESSES / name).with_name("procedure.yaml").read_text("utf-8"))
    return {gap["table"] for gap in rules.get("gaps") or ()}


def test_there_are_tables() -> None:
    assert len(FILES) >= 7


@pytest.mark.parametrize("name", sorted(FILES))
class TestEveryTable:
    """发布前检查：查全，不重叠，缺口或者补上，或者在 procedure.yaml 的 gaps 中说明理由。"""

    def test_is_searched_whole(self, name: str) -> None:
        assert [key for key, found in _analysed(name).items() if not found.is_complete] == []

    def test_has_no_overlap(self, name: str) -> None:
        assert {
            key: found.overlaps for key, found in _analysed(name).items() if found.overlaps
        } == {}

    def test_has_no_gap_that_is_not_declared(self, name: str) -> None:
        gaps = {key for key, found in _analysed(name).items() if found.gaps}

        assert gaps <= _declared(name)


@pytest.mark.parametrize("folder", sorted({str(Path(name).parent) for name in FILES}))
def test_a_gap_that_is_declared_is_one(folder: str) -> None:
    names = [name for name in FILES if str(Path(name).parent) == folder]
    gaps = {key for name in names for key, found in _analysed(name).items() if found.gaps}

    assert _declared(names[0]) - gaps == set()
