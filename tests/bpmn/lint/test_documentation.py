"""每条规则都写在 docs/lint.md 里。"""

import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
DOCUMENTED = set(
    re.findall(r"^\| `([a-z-]+)` \|", (ROOT / "docs" / "lint.md").read_text("utf-8"), re.MULTILINE)
)


def rules_in(folder: str) -> set[str]:
    named = re.compile(r'^[A-Z]+ = "([a-z]+(?:-[a-z]+)*)"$', re.MULTILINE)
    files = (ROOT / "bpmn" / "lint" / folder).glob("*.py")
    return {rule for file in files for rule in named.findall(file.read_text("utf-8"))}


def test_every_rule_is_documented_and_every_documented_rule_exists() -> None:
    reading = {"size", "doctype", "xml", "depth", "not-bpmn", "bpmn-schema", "missing-id"}

    assert rules_in("rules") | rules_in("procedure") | reading == DOCUMENTED
