"""The reference diagrams of the BPMN Model Interchange Working Group.

Every one is read and none crashes; with what they lack supplied, they run to their end, but for
those whose drawing says that they cannot: B.2.0 (two joins that never get all their tokens) and
C.3.0 (a task that needs two tokens). `docs/bpmn.md` gives the verdict on each.
"""

import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bpmn import DiagramRefused, read_diagram
from bpmn.findings import Severity
from bpmn.lint import lint
from bpmn.playing import Outcome, play, stub

ROOT = Path(__file__).parents[3]
FOLDER = ROOT.parent / "shared" / "data" / "bpmn-miwg"
NAMES = (
    "A.1.0", "A.2.0", "A.2.1", "A.3.0", "A.4.0", "A.4.1", "B.1.0", "B.2.0", "C.1.0", "C.1.1",
    "C.2.0", "C.3.0", "C.4.0", "C.5.0", "C.6.0", "C.7.0", "C.8.0", "C.8.1", "C.9.0", "C.9.1",
    "C.9.2",
)  # fmt: skip
REFUSED = {"B.2.0": "deadlock", "C.3.0": "not-executable"}
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not FOLDER.is_dir(), reason="shared/data/bpmn-miwg is not there"),
]


def content(name: str) -> bytes:
    return (FOLDER / f"{name}.bpmn").read_bytes()


def documented() -> dict[str, tuple[Counter[str], bool]]:
    """Return the verdicts of docs/bpmn.md: the errors by rule, and whether it ends when played."""
    text = (ROOT / "docs" / "bpmn.md").read_text("utf-8")
    found = {}
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) > 3 and cells[1] in NAMES:
            rules = re.findall(r"`([a-z-]+)`(?: (\d+))?", cells[2])
            counted = Counter({rule: int(number or 1) for rule, number in rules})
            found[cells[1]] = (counted, cells[3].startswith("ended"))
    return found


class TestReading:
    """Every file is read; what lint says of it is what the documentation says."""

    def test_all_files_are_there(self) -> None:
        assert tuple(sorted(path.stem for path in FOLDER.glob("*.bpmn"))) == NAMES
        assert tuple(sorted(documented())) == NAMES

    @pytest.mark.parametrize("name", NAMES)
    def test_it_is_read_and_refused_by_the_rules_that_are_documented(self, name: str) -> None:
        found = lint(read_diagram(content(name), name=f"{name}.bpmn"))
        errors = Counter(f.rule for f in found if f.severity is Severity.ERROR)

        assert errors == documented()[name][0]

    @pytest.mark.parametrize("name", NAMES)
    def test_its_original_is_kept(self, name: str) -> None:
        assert read_diagram(content(name), name=name).content == content(name)


class TestPlaying:
    """Twenty-one files; nineteen run to their end."""

    @pytest.mark.parametrize("name", [name for name in NAMES if name not in REFUSED])
    def test_it_runs_to_its_end(self, name: str) -> None:
        files, told = stub({f"{name}.bpmn": content(name)})
        played = play(files, now=NOON, outside=True)

        assert documented()[name][1]
        assert played.outcome is Outcome.ENDED
        assert told or name == "C.9.1"
        assert any(line.event == "completed" for line in played.trace)

    @pytest.mark.parametrize("name", REFUSED)
    def test_it_is_refused_for_what_is_drawn(self, name: str) -> None:
        files, _ = stub({f"{name}.bpmn": content(name)})

        with pytest.raises(DiagramRefused) as refused:
            play(files, now=NOON, outside=True)
        assert {finding.rule for finding in refused.value.findings} == {REFUSED[name]}
        assert not documented()[name][1]

    def test_files_that_call_each_other_run_together(self) -> None:
        names = ("C.9.0", "C.9.1", "C.9.2")
        files, told = stub({f"{name}.bpmn": content(name) for name in names})
        played = play(files, now=NOON, outside=True)

        assert played.outcome is Outcome.ENDED
        assert "task" not in {each.what for each in told}
