"""演练与录制：所办的只从案件的记录写成场景，照着重演必须一样 (issue 7)."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import yaml

from engine.commands.claim_work import claim_work
from engine.desk import Desk
from engine.publishing.folders import Folder, read_folder
from engine.publishing.rehearsing import (
    Rehearsal,
    begin_rehearsal,
    end_rehearsal,
    open_rehearsal,
    rehearsal_id,
    usual_cast,
    written,
)
from engine.publishing.rehearsing.answers import INVENTED
from engine.publishing.scenarios import Stage, Theatre, read_cast, read_scenario, run_one
from engine.publishing.scenarios.finding import find_item
from engine.publishing.scenarios.playing import Run
from engine.publishing.scenarios.reading import Scenario
from engine.publishing.scenarios.steps import Then
from engine.store.tables import CaseRow
from engine.workflow.versions import rules_in

PROCESSES = Path(__file__).parents[4] / "processes"
P36 = "chongqing-head-accountability"
P01 = "corporate-accountability"
P35 = "party-gov-cadre-accountability"
P03 = "leader-group-hearing"
SHIPPED: list[tuple[str, str, set[str]]] = [
    (P36, "SC-138", {"open", "at", "do", "then"}),
    (P36, "appeal-upheld", {"file"}),
    (P36, "approval-refused", set()),
    (P01, "SC-005", set()),
    (P01, "SC-006", {"extend"}),
    (P01, "SC-010", {"recuse"}),
    (P03, "absent-and-recused", {"meet", "vote", "dissent", "minutes", "decide"}),
    (P01, "SC-015", set()),
    (P01, "transfers", set()),
    (P03, "SC-029", set()),
    (P35, "apology", set()),
    (P35, "SC-126", {"award"}),
    ("dunning-transfer", "SC-101", set()),
    ("joint-office-meeting", "one-absent", {"meet"}),
    ("joint-office-meeting", "SC-034", set()),
    ("village-cadre-inaction", "no-action", {"at"}),
    ("one-case-two-investigations", "SC-071", set()),
]
"""Shipped scenarios that are rehearsed, and kinds of steps that each must come to."""


def rehearsed(home: Path, procedure: str, name: str) -> tuple[Folder, Scenario, Rehearsal]:
    """Begin a rehearsal where a shipped scenario begins."""
    folder = read_folder(PROCESSES / procedure)
    scenario = read_scenario(folder.scenarios, f"{procedure}/scenarios/{name}.yaml")
    found = begin_rehearsal(home / "r", "r1", folder, scenario, 7)
    return folder, scenario, found


def taken(found: Rehearsal, scenario: Scenario) -> None:
    """Take the steps of a scenario in a rehearsal, a moment apart."""
    stage = Stage(
        found.office,
        found.clock,
        scenario.cast,
        found.authority_id,
        found.procedure,
        found.people,
    )
    run = Run(stage, True, {})  # noqa: FBT003
    for step in scenario.steps:
        if not isinstance(step, Then):
            found.tick()
            run.take(step)


def steps_of(found: Rehearsal) -> list[dict[str, Any]]:
    """Return what a rehearsal has come to, as it is written into a file and read again."""
    done = found.office.ask(
        found.platform, written, found.procedure, found.people, found.began, found.zone
    )
    assert done.unsaid == ()
    steps: list[dict[str, Any]] = yaml.safe_load(yaml.safe_dump(list(done.steps), sort_keys=False))
    return steps


def replayed(folder: Folder, scenario: Scenario, steps: list[dict[str, Any]]) -> tuple[str, ...]:
    """Play recorded steps anew; return what went otherwise."""
    path = f"{folder.procedure}/scenarios/recorded.yaml"
    given = {
        "clock": f"{scenario.begins:%Y-%m-%d %H:%M}",
        "cast": "standard",
        "parameters": dict(scenario.parameters),
        "switches": dict(scenario.switches),
    }
    text = yaml.safe_dump({"id": "recorded", "title": "录制", "given": given, "steps": steps})
    whole = Folder(
        folder.procedure,
        folder.files,
        {**folder.scenarios, path: text.encode()},
        folder.opens,
    )
    return tuple(one.zh for one in run_one(whole, path, Theatre(whole)).failures)


class TestWhatIsRecorded:
    """登记、办理、表决、提交、时间：都从审计记录写出，照着重演全部通过。"""

    @pytest.mark.slow
    @pytest.mark.parametrize(("procedure", "name", "verbs"), SHIPPED)
    def test_it_passes_at_once(
        self, tmp_path: Path, procedure: str, name: str, verbs: set[str]
    ) -> None:
        folder, scenario, found = rehearsed(tmp_path, procedure, name)
        taken(found, scenario)

        steps = steps_of(found)
        found.close()

        assert verbs <= {next(iter(one)) for one in steps}
        assert replayed(folder, scenario, steps) == ()

    def test_steps_say_who_did_what_and_when(self, tmp_path: Path) -> None:
        folder, scenario, found = rehearsed(tmp_path, P36, "not-established")
        taken(found, scenario)
        found.move_to(datetime(2026, 3, 3, 10, 30))

        opened, screened, verified, moved, then = steps_of(found)
        found.close()

        assert (opened["open"], opened["by"], opened["subject"]) == (P36, "林某", "陈某")
        assert opened["answers"]["received_on"] == "=today"
        assert (screened["do"], screened["by"]) == ("ut_screen", "林某")
        assert (verified["do"], verified["by"]) == ("ut_verify", "赵某")
        assert moved == {"at": "2026-03-03 10:30"}
        assert then["then"]["case"] == {
            "status": "closed",
            "outcome": "not_established",
            "closed": True,
        }
        assert then["then"]["only_open"] == []
        assert then["then"]["cards"] == "none"
        assert then["then"]["deadline"]["DL-CQ-1a"] == {"last_day": "2026-03-16", "state": "met"}
        assert then["then"]["lamp"]["DL-CQ-1a"] == "done"
        assert replayed(folder, scenario, [opened, screened, verified, moved, then]) == ()

    def test_confidential_answers_are_invented(self, tmp_path: Path) -> None:
        _, scenario, found = rehearsed(tmp_path, P36, "not-established")
        taken(found, scenario)

        text = yaml.safe_dump(steps_of(found), allow_unicode=True)
        found.close()

        assert "13800000000" not in text
        assert steps_of_contact(text) == {
            "name": INVENTED,
            "phone": INVENTED,
            "address": INVENTED,
        }

    def test_what_somebody_holds_is_claimed(self, tmp_path: Path) -> None:
        folder, scenario, found = rehearsed(tmp_path, P36, "not-established")
        opening = [one for one in scenario.steps if not isinstance(one, Then)][:1]
        taken(found, Scenario(**{**fields_of(scenario), "steps": tuple(opening)}))
        (case,) = found.office.ask(found.platform, _cases)
        item = found.office.ask(found.platform, find_item, case, "ut_screen", found.people["林某"])
        assert item is not None
        stage = Stage(
            found.office, found.clock, scenario.cast, found.authority_id, P36, found.people
        )
        found.office.give(stage.actor("林某"), claim_work, item[0].id)

        steps = steps_of(found)
        found.close()

        assert {"claim": "ut_screen", "by": "林某"} in steps
        assert replayed(folder, scenario, steps) == ()

    def test_nothing_done_is_nothing_written(self, tmp_path: Path) -> None:
        _, _, found = rehearsed(tmp_path, P36, "not-established")

        done = found.office.ask(
            found.platform, written, found.procedure, found.people, found.began, found.zone
        )
        found.close()

        assert done.is_empty


class TestTheOffice:
    """演练库在自己的文件里，时间只往后，结束即删。"""

    def test_another_process_finds_it_as_it_stands(self, tmp_path: Path) -> None:
        _, _, found = rehearsed(tmp_path, P36, "not-established")
        other = open_rehearsal(tmp_path / "r")
        assert other is not None

        assert found.move_to(datetime(2026, 3, 4, 9)) is True
        other.catch_up()

        assert other.now == datetime(2026, 3, 4, 9)
        assert (other.id, other.revision) == ("r1", 7)
        assert set(other.accounts()) == set(found.people)
        found.close()
        other.close()

    def test_its_clock_does_not_go_back(self, tmp_path: Path) -> None:
        _, _, found = rehearsed(tmp_path, P36, "not-established")

        assert found.move_to(datetime(2026, 3, 2, 8)) is False
        assert found.now == datetime(2026, 3, 2, 9)
        found.close()

    def test_its_end_removes_it(self, tmp_path: Path) -> None:
        _, _, found = rehearsed(tmp_path, P36, "not-established")
        found.close()
        assert rehearsal_id(tmp_path / "r") == "r1"

        end_rehearsal(tmp_path / "r")

        assert rehearsal_id(tmp_path / "r") == ""
        assert open_rehearsal(tmp_path / "r") is None


class TestTheUsualCast:
    """没有演练人员的，每个角色配一人，另有一名当事人。"""

    def test_each_role_of_an_office_is_held(self) -> None:
        rules = rules_in((PROCESSES / P36 / "procedure.yaml").read_bytes())

        cast = read_cast({"scenarios/cast.yaml": usual_cast(rules)}, "scenarios/cast.yaml")

        held = [post.role for one in cast.people for post in one.posts]
        assert len(held) == len(set(held))
        assert {"intake_clerk", "municipal_government", "subject_unit"} <= set(held)
        assert "investigator" not in held
        assert cast.people[-1].posts == ()


def steps_of_contact(text: str) -> dict[str, Any]:
    """Return who reported, as the first step says it."""
    found: dict[str, Any] = yaml.safe_load(text)[0]["answers"]["reporter_contact"]
    return found


def fields_of(scenario: Scenario) -> dict[str, Any]:
    return {name: getattr(scenario, name) for name in Scenario.__dataclass_fields__}


def _cases(desk: Desk) -> list[str]:
    return list(desk.session.scalars(sa.select(CaseRow.id)))
