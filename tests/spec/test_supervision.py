"""监督规则对照：spec/supervision.md 的每一条，或有测试守住，或写明由哪个流程、哪项事项带来。"""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
RULES: dict[str, dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("supervision.toml").read_text("utf-8")
)
COUNT = 72
COMING = re.compile(r"\b(P\d\d|C\d\d|issue \d)\b")


def classes_of(path: Path) -> dict[str, ast.ClassDef]:
    tree = ast.parse(path.read_text("utf-8"))
    return {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}


def proofs_in(node: ast.AST) -> list[str]:
    return [
        one.name
        for one in ast.walk(node)
        if isinstance(one, ast.FunctionDef) and one.name.startswith("test_")
    ]


class TestTheTable:
    """No rule is forgotten, and none is said to be held by a test that is not there."""

    def test_it_has_every_rule(self) -> None:
        assert list(RULES) == [f"SUP-{number:03}" for number in range(1, COUNT + 1)]

    @pytest.mark.parametrize("rule", RULES)
    def test_a_rule_is_held_or_brought(self, rule: str) -> None:
        entry = RULES[rule]
        assert set(entry) in ({"held"}, {"brought_by"})
        if "brought_by" in entry:
            assert COMING.search(entry["brought_by"])
            return
        assert entry["held"]
        for named in entry["held"]:
            name, _, holder = named.partition("::")
            path = ROOT / name
            assert path.is_file(), named
            if path.suffix == ".py":
                found = classes_of(path)
                assert not holder or holder in found, named
                tree = found[holder] if holder else ast.parse(path.read_text("utf-8"))
                assert proofs_in(tree), named
            else:
                assert (path.suffix, holder, path.parent.name) == (".yaml", "", "scenarios")
