"""规格的场景和决策表的行：每一个都在，或者写明在哪里、为什么不在。"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from bpmn.dmn import read_decisions, table_view
from tools.traceability import read_book

ROOT = Path(__file__).parents[2]
PROCESSES = ROOT / "processes"
BOOK: dict[str, Any] = yaml.safe_load((ROOT / "docs/specified-scenarios.yaml").read_text("utf-8"))
SHIPPED = {key for key in read_book().homes if key.startswith("P")} | {"平台"}
WRITTEN = {
    found[0]
    for path in PROCESSES.glob("*/scenarios/SC-*.yaml")
    if (found := re.match(r"SC-\d+", path.name))
}

ROWS = {
    "DT-ROUTE": 21,  # 第 22 行“其他”是人工分流：没有规则命中
    "DT-CA-1": 10,
    "DT-CA-2": 7,
    "DT-CA-3": 6,
    "DT-CA-4": 4,
    "DT-CA-5": 7,
    "DT-LG-1": 20,
    "DT-LG-2": 4,
    "DT-LG-2-SIX": 6,
    "DT-LG-3": 2,
    "DT-LG-4": 3,
    "DT-VC-1": 11,
    "DT-VC-2": 2,
    "DT-VC-3": 2,
    "DT-VC-4": 8,
    "DT-SI-1": 5,
    "DT-SI-2": 4,
    "DT-SI-3": 5,
    "DT-OC-1": 5,
    "DT-OC-2": 5,
    "DT-DU-1": 4,
    "DT-PG-1": 7,
    "DT-PG-2": 4,
    "DT-PG-3": 4,
    "DT-PG-4": 5,
    "DT-PG-5": 6,
    "DT-CQ-1": 7,
    "DT-CQ-2": 7,
    "DT-CY-1": 19,
    "DT-CY-2": 4,
    "DT-CY-3": 3,
    "DT-CY-4": 1,
}
"""Rules of each table of spec/decisions.md that is shipped; a row may need more than one rule."""

SWITCHES = {
    "reform.pre_notice": True,  # 只增权利
    "reform.re_appeal": False,
    "reform.decide_in_one_month": False,
    "reform.apology_not_alone": False,
    "reform.extend_scope": False,
    "reform.reporter_reward": False,
    "reform.cppcc_judicial_start": False,
    "reform.start_on_verified_report": False,
    "reform.full_disclosure": False,
    "reform.quantified_thresholds": False,
    "reform.organ_recusal": False,
    "reform.safety_due_process": True,  # 主张，默认开
    "appeal.no_aggravation": True,
    "appeal.exclude_original_handlers": True,
}
"""procedures.md §8 的开关及其默认，限于已交付的流程。"""
OWN = {"reform.discipline_link"}
"""平台另加的：S3 L51（四）处分衔接，改革，默认关。"""


def tables() -> dict[tuple[str, str], tuple[str, int]]:
    """Return (namespace, decision) of every shipped table, with its folder and number of rules."""
    files = {
        str(path.relative_to(PROCESSES)): path.read_bytes() for path in PROCESSES.rglob("*.dmn")
    }
    found = {}
    for name, content in files.items():
        others = {key: one for key, one in files.items() if key != name}
        model = read_decisions(content, name=name, imports=others)
        for decision in model.decisions.values():
            if (view := table_view(decision)) is not None:
                found[model.namespace, str(decision.id)] = (name, len(view.rows))
    return found


class TestScenarios:
    """spec/scenarios.md 的每个编号，已交付流程的都有场景，或者列明由何处验证、为何没有。"""

    @pytest.mark.parametrize("procedure", sorted(SHIPPED))
    def test_each_of_a_shipped_procedure_is_there(self, procedure: str) -> None:
        elsewhere, absent = BOOK["elsewhere"], BOOK["absent"]

        assert [
            one
            for one in BOOK["procedures"][procedure]
            if one not in WRITTEN and one not in elsewhere and one not in absent
        ] == []

    def test_what_is_held_elsewhere_is_held_there(self) -> None:
        for scenario, (path, text) in BOOK["elsewhere"].items():
            assert text in (ROOT / path).read_text("utf-8"), scenario

    def test_nothing_is_called_absent_that_is_written(self) -> None:
        assert WRITTEN & (set(BOOK["absent"]) | set(BOOK["elsewhere"])) == set()
        assert all(BOOK["absent"].values())

    def test_every_written_one_is_of_the_specification(self) -> None:
        specified = {one for ids in BOOK["procedures"].values() for one in ids}

        assert WRITTEN - specified == set()

    def test_a_procedure_of_the_list_that_is_not_shipped_has_no_scenarios(self) -> None:
        later = {key: ids for key, ids in BOOK["procedures"].items() if key not in SHIPPED}

        assert {key for key, ids in later.items() if WRITTEN & set(ids)} == set()


class TestTables:
    """spec/decisions.md 的每一行都是一条规则，每一条规则都有测试使它命中。"""

    @pytest.mark.parametrize(("table", "rows"), ROWS.items())
    def test_a_table_has_the_rules_that_its_rows_need(self, table: str, rows: int) -> None:
        found = {count for (_, name), (path, count) in tables().items() if name == table}

        assert rows in found

    def test_no_shipped_table_of_the_specification_is_left_out(self) -> None:
        specified = re.compile(r"DT-(?:ROUTE|(?:CA|LG|VC|SI|OC|DU|PG|CQ|CY)-\d)")

        assert {name for _, name in tables() if specified.fullmatch(name)} <= set(ROWS)

    @pytest.mark.slow  # a run of its own over the tests of all tables
    def test_each_rule_is_hit_by_a_test(self, tmp_path: Path) -> None:
        record = tmp_path / "rules.json"
        tests = sorted(str(path) for path in Path(__file__).parent.glob("test_tables_*.py"))
        options = [
            "-q",
            "-p",
            "no:randomly",
            "-p",
            "no:cacheprovider",
            "-p",
            "tests.procedures.lit",
        ]
        run = subprocess.run(  # noqa: S603 -- our own tests
            [sys.executable, "-m", "pytest", *options, "--lit", str(record), *tests],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == 0, run.stdout
        lit = {tuple(one) for one in json.loads(record.read_text("utf-8"))}

        assert [
            f"{path} {decision} #{number}"
            for (namespace, decision), (path, count) in tables().items()
            for number in range(1, count + 1)
            if (namespace, decision, number) not in lit
        ] == []


class TestSwitches:
    """procedures.md §8：改革的默认关；只增权利的 reform.pre_notice 和主张的默认开。"""

    @staticmethod
    def _all() -> dict[str, set[bool]]:
        found: dict[str, set[bool]] = {}
        for path in PROCESSES.rglob("procedure.yaml"):
            switches = yaml.safe_load(path.read_text("utf-8")).get("switches") or {}
            for key, one in switches.items():
                found.setdefault(key, set()).add(one["default"])
        return found

    def test_each_is_there_in_its_state(self) -> None:
        there = {key: states for key, states in self._all().items() if key not in OWN}

        assert there == {key: {state} for key, state in SWITCHES.items()}

    def test_what_is_not_of_the_list_is_off(self) -> None:
        assert {key: self._all()[key] for key in OWN} == {key: {False} for key in OWN}
