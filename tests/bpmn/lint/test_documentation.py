"""每条规则都写在 docs/lint.md 里。"""

import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
DOCUMENTED = {
    rule
    for row in re.findall(
        r"^\| ((?:`[a-z-]+`(?:, )?)+) \|",
        (ROOT / "docs" / "lint.md").read_text("utf-8"),
        re.MULTILINE,
    )
    for rule in re.findall(r"[a-z-]+", row)
}


def rules_in(folder: str) -> set[str]:
    named = re.compile(r'^[A-Z]+ = "([a-z]+(?:-[a-z]+)*)"$', re.MULTILINE)
    files = (ROOT / "bpmn" / "lint" / folder).glob("*.py")
    return {rule for file in files for rule in named.findall(file.read_text("utf-8"))}


def rules_of_folders() -> set[str]:
    named = re.compile(
        r'Finding\(\s*Severity\.\w+,\s*"([a-z]+(?:-[a-z]+)*)"|^RULE = "([a-z-]+)"$', re.MULTILINE
    )
    files = (ROOT / "engine" / "publishing").rglob("*.py")
    found = (named.findall(file.read_text("utf-8")) for file in files)
    return {one or other for each in found for one, other in each}


def test_every_rule_is_documented_and_every_documented_rule_exists() -> None:
    reading = {"size", "doctype", "xml", "depth", "not-bpmn", "bpmn-schema", "missing-id"}

    ours = rules_in("rules") | rules_in("procedure") | rules_of_folders()
    assert ours | reading == DOCUMENTED
