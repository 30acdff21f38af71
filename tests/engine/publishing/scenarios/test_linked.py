"""场景中的派生案件、按时立案与催办：步骤可以在子案中进行。"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from engine.publishing.folders import Folder, read_folder
from engine.publishing.scenarios import Theatre, run_one
from tests.bpmn.diagrams import a_process, bpmn, chain, end, start
from tests.engine.commands.kin import service, task

CAST = """
authority: {name: 某公司, short: 某司}
units: {机关: ''}
people: {甲: {unit: 机关, roles: [clerk]}, 乙: {unit: 机关, roles: [clerk]}}
"""
RULES = """
id: %(id)s
kind: procedure
title: %(id)s
process: %(id)s
number: {series: case, rule: "%(id)s〔{year}〕{n}号"}
start: {form: start, roles: [clerk], fact: begun%(timer)s}
roles: {clerk: {title: 办理岗}}
variables: {children: [], parent: null, period: null, dunning: null}
dunning: {by: [clerk], proposed: true}
ladder: {levels: [clerk], proposed: true}
deadlines:
  DL-KN-1:
    {title: 办理, value: 10, unit: days, starts: begun, ends: done, proposed: true,
     repeat: {every: {value: 10, unit: days}}}
%(more)s
"""
FORM = '{"type": "default", "id": "start", "schemaVersion": 19, "components": []}'


def kin(home: Path, *steps: str, timer: str = "") -> Folder:
    """Write a mother that opens a daughter, who opens a granddaughter; return the mother."""
    (home / "shared").mkdir()
    family = {"mother": "daughter", "daughter": "granddaughter", "granddaughter": ""}
    for name, child in family.items():
        folder = home / name
        (folder / "forms").mkdir(parents=True)
        more = f"opens: [{child}, {name}, nowhere]" if child else ""
        given = {"id": name, "timer": timer if name == "mother" else "", "more": more}
        (folder / "procedure.yaml").write_text(RULES % given, encoding="utf-8")
        (folder / "forms" / "start.form").write_text(FORM, encoding="utf-8")
        opens = [service("st", "wenze.open-case", procedure=child)] if child else []
        body = (
            start(),
            *opens,
            task("ut_do", "clerk", deadline="DL-KN-1"),
            end(),
            chain("s", *(["st"] if child else []), "ut_do", "e"),
        )
        drawn = bpmn(a_process(*body, process=name))
        (folder / f"{name}.bpmn").write_bytes(drawn)
    scenario = "\n".join(
        ("id: K", "title: 亲属", "given: {clock: 2026-03-02 09:00}", "steps:", *steps)
    )
    read = read_folder(home / "mother")
    scenarios = {
        "mother/scenarios/cast.yaml": CAST.encode(),
        "mother/scenarios/one.yaml": scenario.encode(),
    }
    return replace(read, scenarios=scenarios)


def said(folder: Folder) -> list[str]:
    result = run_one(folder, "mother/scenarios/one.yaml", Theatre(folder))
    return [f"{one.place} {one.en}" for one in result.failures]


class TestChildren:
    """`in: child[1]`、`in: parent` 或流程的名称，指明在哪一件案件里。"""

    def test_steps_act_in_children_and_their_children(self, tmp_path: Path) -> None:
        opening = "{procedure: daughter, relation: related, state: open, subject: none}"
        steps = (
            "- {open: mother, by: 甲}",
            f"- {{then: {{children: [{opening}]}}}}",
            "- {do: ut_do, by: 甲, in: 'child[1]'}",
            "- {then: {children: [{state: closed}], case: {closed: false}}}",
            "- {then: {case: {closed: true, relation: related}}, in: daughter}",
            "- {do: ut_do, by: 甲, in: 'child[1].child[1]'}",
            "- {then: {case: {closed: true}}, in: granddaughter}",
            "- {then: {children: none}, in: granddaughter}",
            "- {do: ut_do, by: 甲}",
        )

        assert said(kin(tmp_path, *steps)) == []

    @pytest.mark.parametrize("where", ["child[2]", "parent", "nothing", "child[1].word"])
    def test_a_case_that_is_not_there_is_said(self, tmp_path: Path, where: str) -> None:
        steps = ("- {open: mother, by: 甲}", f"- {{do: ut_do, by: 甲, in: '{where}'}}")

        assert "is not open yet" in said(kin(tmp_path, *steps))[0]

    def test_a_parent_is_reached_from_its_child(self, tmp_path: Path) -> None:
        steps = (
            "- {open: mother, by: 甲}",
            "- {do: ut_do, by: 甲, in: 'daughter.parent'}",
            "- {then: {case: {closed: true}}}",
        )

        assert said(kin(tmp_path, *steps)) == []

    def test_what_differs_is_said(self, tmp_path: Path) -> None:
        steps = (
            "- {open: mother, by: 甲}",
            "- {then: {children: none, transfers: [{kind: copy}]}}",
        )

        assert len(said(kin(tmp_path, *steps))) == 2
        (tmp_path / "again").mkdir()
        others = "{dunned: {ut_do: 1}, rounds: {DL-KN-1: [met]}, escalated: {DL-KN-1: clerk}}"
        steps = (steps[0], f"- {{then: {others}}}")
        assert len(said(kin(tmp_path / "again", *steps))) == 3


class TestTime:
    """按时立案、催办、重复的期限与升级，也在场景里发生。"""

    def test_the_clock_opens_a_case(self, tmp_path: Path) -> None:
        steps = (
            "- {at: 2026-03-31}",
            "- {do: ut_do, by: 甲, refused: x}",
        )
        folder = kin(tmp_path, *steps, timer=", timer: {every: month}")
        assert "is not open yet" in said(folder)[0]

        opened = (
            "- {at: 2026-04-01 00:00}",
            "- {then: {variables: {period.key: 2026-04}, open: [ut_do]}}",
            "- {do: ut_do, by: 甲}",
        )
        text = folder.scenarios["mother/scenarios/one.yaml"].decode().partition("- ")[0]
        again = text + "\n".join(opened)
        scenarios = {**folder.scenarios, "mother/scenarios/one.yaml": again.encode()}

        assert said(replace(folder, scenarios=scenarios)) == []

    def test_late_work_is_dunned_and_climbs(self, tmp_path: Path) -> None:
        """3 月 2 日起十日：12 日；13 日黄牌，第二轮开始。"""
        steps = (
            "- {open: mother, by: 甲}",
            "- {dun: ut_do, by: 甲, reasons: 请办, refused: not_due}",
            "- {at: 2026-03-13 09:00}",
            "- {then: {rounds: {DL-KN-1: [running, running]}, escalated: {DL-KN-1: clerk}}}",
            "- {at: 2026-03-23 09:00}",
            "- {then: {dunned: {ut_do: 0}}}",
        )

        assert said(kin(tmp_path, *steps)) == []
