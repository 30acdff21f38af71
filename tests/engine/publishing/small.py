"""A small procedure, a loop of one task, whose files tests change one at a time."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import engine.publishing.bench
from engine.publishing.folders import Folder, read_folder

LOOP = Path(engine.publishing.bench.__file__).parent / "loop"
RULES = "loop/procedure.yaml"
DIAGRAM = "loop/loop.bpmn"
STEP = "loop/forms/step.form"
SCENARIO = "loop/scenarios/one.yaml"

CAST = """
authority: {name: 某公司, short: 某司}
units: {机关: '', 车间: 机关}
people:
  甲: {unit: 机关, title: 办理岗, roles: [clerk]}
  乙:
    unit: 机关
    posts: [{role: clerk, from: 2026-01-01, to: 2026-03-31, unit: 机关, title: 办理岗}]
  丙: {unit: 车间}
  己: {unit: 机关}
relations: [{person: 丙, other: 己, kind: superior, note: 原上级}]
"""
OPEN = "- {open: loop, by: 甲, subject: 丙, answers: {summary: 计时}}"
DO = "- {do: ut_step, by: 甲, answers: {finding: 查明, severity: minor, again: true}}"
LAST = "- {do: ut_step, by: 甲, answers: {finding: 查明, severity: minor, again: false}}"


def scenario(*steps: str, given: str = "", head: str = "id: SC\ntitle: 一个场景") -> bytes:
    """Return a scenario that begins on Monday 2 March 2026, 9 o'clock."""
    lines = [head, f"given: {{clock: 2026-03-02 09:00{given}}}", "steps:", *steps]
    return "\n".join(lines).encode()


def small(
    *steps: str, cast: str = CAST, given: str = "", parts: dict[str, str] | None = None
) -> Folder:
    """Return the loop with one scenario of these steps."""
    folder = read_folder(LOOP)
    scenarios = {
        "loop/scenarios/cast.yaml": cast.encode(),
        SCENARIO: scenario(*(steps or (OPEN, LAST)), given=given),
    }
    for name, text in (parts or {}).items():
        scenarios[f"loop/scenarios/parts/{name}.yaml"] = text.encode()
    return replace(folder, scenarios=scenarios)


def changed(folder: Folder, path: str, old: str, new: str) -> Folder:
    """Return a folder with one text of one file replaced; it must stand there."""
    content = folder.files[path].decode()
    assert old in content, f"{path} does not hold {old!r}"
    return replace(folder, files={**folder.files, path: content.replace(old, new, 1).encode()})


def with_file(folder: Folder, path: str, content: str) -> Folder:
    """Return a folder with one file more."""
    return replace(folder, files={**folder.files, path: content.encode()})
