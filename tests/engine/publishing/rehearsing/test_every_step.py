"""演练中能办的每一种动作，录下来都是场景的步骤，照着重演全部通过 (issue 7)."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import yaml

from engine.commands.substitute import end_substitution, set_substitution
from engine.desk import Actor, Desk
from engine.desk.facts import Fact
from engine.publishing.folders import Folder
from engine.publishing.rehearsing import Rehearsal, begin_rehearsal, written
from engine.publishing.rehearsing.answers import INVENTED, Names, scenario_answers
from engine.publishing.rehearsing.following import (
    ELSEWHERE,
    FALLING_DUE,
    FOLLOWING,
    NO_STEP,
    NOT_RECORDED,
    OF_PERSONS,
    WITHOUT_EFFECT,
)
from engine.publishing.rehearsing.writing import WRITERS
from engine.publishing.scenarios import read_scenario
from engine.publishing.scenarios.reading import Scenario
from engine.publishing.scenarios.verbs import VERBS
from engine.store.tables import Substitution
from engine.workflow import Form
from tests.engine.publishing.rehearsing.board import CAST, SCENARIO, board, signed_by_many
from tests.engine.publishing.rehearsing.test_rehearsing import (
    SHIPPED,
    replayed,
    steps_of,
    taken,
)

VERB = re.compile(r"`([a-z_]+):")
DOCUMENT = Path(__file__).parents[4] / "docs" / "scenarios.md"
CLUE = "answers: {channel: CA1, facts: 停产, subject_id: 陈某}"
OPEN = f"{{open: board, by: 受理员, channel: CA1, subject: 陈某, {CLUE}}}"
FOUND = "answers: {facts_found: 停产五日, allowed_measures: [dismiss]}"
INQUIRE = f"{{do: ut_inquire, by: 承办甲, {FOUND}}}"
DEPUTY = """{substitute: 承办乙, by: 承办甲, from: '2026-03-03', to: '2026-03-05',
  procedure: board, reasons: 出差}"""
DRAFT = "{do: ut_draft, by: 承办乙, answers: {letter_reasons: 推诿}}"
CLAIM = "{claim: ut_inquire, by: 承办甲}"
ASK = "{countersign: ut_inquire, by: 承办甲, person: 承办乙, place: %s, reasons: 请核}"
SERVED = "way: in_person, received_on: =today, received_by: 陈某"
RULED = "decided_by: 主席, granted: true, decision_reasons: 同意"
LATER = "{at: '2026-03-05 10:00'}"

STORIES: dict[str, tuple[str, ...]] = {
    "转办、委派、交回、收回、退领、分派、提醒": (
        OPEN,
        CLAIM,
        "{transfer: ut_inquire, by: 承办甲, to: 承办乙, reasons: 请假}",
        "{delegate: ut_inquire, by: 承办乙, to: 承办甲, reasons: 请代为核对}",
        "{hand_back: ut_inquire, by: 承办甲, note: 已核对}",
        "{delegate: ut_inquire, by: 承办乙, to: 承办甲, reasons: 再核对}",
        "{recall: ut_inquire, by: 承办乙, reasons: 自行办理}",
        "{release: ut_inquire, by: 承办乙}",
        "{assign: ut_inquire, by: 承办乙, to: 承办甲}",
        "{remind: ut_inquire, by: 承办乙}",
        INQUIRE,
    ),
    "驳回、撤回、跳转": (
        OPEN,
        INQUIRE,
        DRAFT,
        "{take_back: ut_draft, by: 承办乙}",
        DRAFT,
        "{send_back: ut_issue, by: 主席, to: ut_draft, reasons: 事实不清}",
        DRAFT,
        "{send_back: ut_issue, by: 主席, to: ut_inquire, reasons: 事实不清, straight: true}",
        INQUIRE,
        LATER,
        "{jump: ut_issue, by: 主席, to: ut_draft, reasons: 重新拟稿}",
    ),
    "前加签、减签": (
        OPEN,
        CLAIM,
        ASK % "before",
        "{sign: ut_inquire, by: 承办乙, agrees: true, opinion: 属实}",
        "{countersign: ut_inquire, by: 承办甲, person: 主席, place: before, reasons: 请阅}",
        "{drop_signature: ut_inquire, by: 承办甲, person: 主席, reasons: 不再需要}",
        INQUIRE,
    ),
    "并加签：不同意的退回，重新提交再签": (
        OPEN,
        CLAIM,
        ASK % "beside",
        INQUIRE,
        "{sign: ut_inquire, by: 承办乙, agrees: false, opinion: 日数不对}",
        LATER,
        INQUIRE,
        "{at: '2026-03-06 09:30'}",
        "{sign: ut_inquire, by: 承办乙, agrees: true}",
        DRAFT,
    ),
    "后加签：等待签署时也能录": (
        OPEN,
        CLAIM,
        ASK % "after",
        INQUIRE,
    ),
    "后加签减去的，办结随即生效": (
        OPEN,
        CLAIM,
        ASK % "after",
        INQUIRE,
        "{drop_signature: ut_inquire, by: 承办甲, person: 承办乙, reasons: 不再需要}",
        DRAFT,
    ),
    "当场批准挂起，恢复": (
        OPEN,
        f"{{suspend: 等待司法结论, by: 承办甲, {RULED}}}",
        LATER,
        "{resume: 已有结论, by: 主席}",
        INQUIRE,
    ),
    "隔日裁决的，各是一步": (
        OPEN,
        "{suspend: 等待司法结论, by: 承办甲}",
        "{extend: DL-B-1, by: 承办甲, reasons: 情况复杂}",
        "{recuse: 承办乙, by: 承办乙, reasons: 与对象相识}",
        LATER,
        "{rule: suspend, by: 主席, granted: false, reasons: 不必等待}",
        "{rule: extend, of: DL-B-1, by: 主席, granted: true, reasons: 准予延长}",
        "{rule: recuse, of: 承办乙, by: 主席, granted: true, reasons: 应当回避}",
        INQUIRE,
    ),
    "撤销与唤醒": (
        OPEN,
        "{withdraw: 重复登记, by: 受理员}",
        LATER,
        "{rule: withdraw, by: 主席, granted: true, reasons: 同意撤销}",
        f"{{wake: 发现新证据, by: 受理员, {CLUE}, named: woken}}",
        f"{{do: ut_inquire, by: 承办甲, {FOUND}, case: woken}}",
    ),
    "当场批准撤销": (
        OPEN,
        f"{{withdraw: 重复登记, by: 受理员, {RULED}}}",
    ),
    "并案": (
        OPEN,
        LATER,
        OPEN.replace("}}", "}, case: case2}"),
        "{merge: case, by: 受理员, reasons: 同一事项, case: case2}",
        INQUIRE,
    ),
    "抄送、已阅、批注": (
        OPEN,
        "{comment: 请注意时限, by: 承办甲, mentions: [承办乙], files: [时限表.xlsx]}",
        CLAIM,
        "{copy: [承办乙, 主席], by: 承办甲, note: 请阅}",
        "{receipt: copy, by: 承办乙}",
        INQUIRE,
    ),
    "逐级督办的签收": (
        OPEN,
        "{at: '2026-04-01 09:00'}",
        "{receipt: escalation, by: 受理员}",
        "{receipt: escalation, by: 主席}",
    ),
    "催办": (
        OPEN,
        "{at: '2026-04-01 09:00'}",
        "{dun: ut_inquire, by: 监事甲, reasons: 逾期未办}",
    ),
    "代理": (
        OPEN,
        "{at: '2026-03-02 10:00'}",
        CLAIM,
        DEPUTY,
        "{at: '2026-03-04 09:00'}",
        INQUIRE.replace("承办甲", "承办乙"),
    ),
    "离职转办": (
        OPEN,
        CLAIM,
        "{depart: 承办甲, by: 管理员, to: 承办乙, reasons: 调离}",
        INQUIRE.replace("承办甲", "承办乙"),
    ),
    "更正": (
        OPEN,
        INQUIRE,
        DRAFT,
        "{do: ut_issue, by: 主席, answers: {}}",
        f"{{do: ut_serve, by: 承办甲, answers: {{{SERVED}, witnesses: []}}}}",
        "{correct: letter, by: 承办甲, wrong: 停产五日, right: 停产六日, reasons: 笔误}",
        LATER,
        "{issue_correction: letter, by: 主席}",
        f"{{serve_correction: letter, by: 承办乙, answers: {{{SERVED}}}}}",
    ),
    "评优、任命的查询": (
        OPEN,
        "{award: 陈某, by: 人事, year: 2026, expect: granted}",
        "{appoint: 陈某, by: 人事, post: 厂长, equal: true, 'on': '2026-09-01', expect: granted}",
    ),
    "附件": (
        OPEN.replace("陈某}}", "陈某, papers: [举报信.pdf, 照片.jpg]}}"),
        INQUIRE.replace("[dismiss]", "[dismiss], papers: [笔录.docx, 录音.mp3, 录像.mp4]"),
    ),
}
"""What is done in each, as the recording must write it."""


def rehearsed(
    home: Path, folder: Folder, *steps: str, cast: str = CAST
) -> tuple[Folder, Scenario, Rehearsal]:
    """Take steps in a rehearsal."""
    lines = ["id: SC", "title: 一段办理", "given: {clock: 2026-03-02 09:00}", "steps:"]
    text = "\n".join((*lines, *(f"- {one}" for one in steps)))
    scenarios = {"board/scenarios/cast.yaml": cast.encode(), SCENARIO: text.encode()}
    whole = Folder(folder.procedure, folder.files, scenarios, folder.opens)
    scenario = read_scenario(whole.scenarios, SCENARIO)
    found = begin_rehearsal(home / "r", "r1", whole, scenario, 1)
    taken(found, scenario)
    return whole, scenario, found


def recorded(
    home: Path, folder: Folder, *steps: str, cast: str = CAST
) -> tuple[list[dict[str, Any]], list[str]]:
    """Take steps in a rehearsal; return what is recorded, and what went otherwise in replaying."""
    whole, scenario, found = rehearsed(home, folder, *steps, cast=cast)
    steps_written = steps_of(found)
    found.close()
    return steps_written, list(replayed(whole, scenario, steps_written))


def told(found: Rehearsal) -> tuple[str, ...]:
    """Return the facts of which the designer is told that there is no step for them."""
    done = found.office.ask(
        found.platform, written, found.procedure, found.people, found.began, found.zone
    )
    found.close()
    return done.unsaid


def _substitution(desk: Desk) -> str:
    return desk.session.scalars(sa.select(Substitution.id)).one()


def verbs_in(*steps: str) -> set[str]:
    """Return the kinds of the steps that are written."""
    return {next(iter(yaml.safe_load(one))) for one in steps}


@pytest.mark.slow
class TestEachKindOfStep:
    """办了什么，录成什么，重演通过。"""

    @pytest.mark.parametrize("story", STORIES)
    def test_it_is_written_as_it_was_taken_and_passes(self, tmp_path: Path, story: str) -> None:
        found, failures = recorded(tmp_path, board(), *STORIES[story])

        assert found[:-1] == [yaml.safe_load(one) for one in STORIES[story]]
        assert failures == []

    def test_those_who_sign_are_added_and_removed(self, tmp_path: Path) -> None:
        steps = (
            OPEN.replace("陈某}}", "陈某, signers: [承办甲, 承办乙]}}"),
            CLAIM,
            "{add_signer: ut_inquire, by: 承办甲, person: 主席, reasons: 请一并会签}",
            "{remove_signer: ut_inquire, by: 承办甲, person: 主席, reasons: 不再需要}",
            "{do: ut_inquire, by: 承办乙, answers: {agrees: true, reasons: 同意}}",
            "{do: ut_inquire, by: 承办甲, answers: {agrees: true, reasons: 同意}}",
        )

        found, failures = recorded(tmp_path, signed_by_many(board()), *steps)

        assert found[:-1] == [yaml.safe_load(one) for one in steps]
        assert failures == []

    def test_taking_work_that_one_completes_is_not_written(self, tmp_path: Path) -> None:
        steps = (OPEN, LATER, CLAIM, "{at: '2026-03-05 11:00'}", INQUIRE)

        found, failures = recorded(tmp_path, board(), *steps)

        assert found[1:-1] == [{"at": "2026-03-05 11:00"}, yaml.safe_load(INQUIRE)]
        assert failures == []

    def test_of_two_moves_of_the_clock_the_later_says_it_all(self, tmp_path: Path) -> None:
        award = "{award: 陈某, by: 人事, year: 2026, expect: granted}"
        steps = (OPEN, LATER, CLAIM, "{at: '2026-03-05 11:00'}", award, INQUIRE)

        found, failures = recorded(tmp_path, board(), *steps)

        assert found[1:-1] == [
            {"at": "2026-03-05 11:00"},
            yaml.safe_load(award),
            yaml.safe_load(INQUIRE),
        ]
        assert failures == []


@pytest.mark.slow
class TestWhatHasNoStep:
    """场景说不出的，告诉设计者，不默默略去。"""

    def test_a_deputy_whom_an_administrator_set_is_told(self, tmp_path: Path) -> None:
        *_, found = rehearsed(tmp_path, board(), OPEN)
        admin = Actor(found.people["管理员"], found.authority_id, is_admin=True)

        found.office.give(
            admin,
            set_substitution,
            found.people["承办乙"],
            valid_from=date(2026, 3, 3),
            valid_to=date(2026, 3, 5),
            reasons="住院",
            person_id=found.people["承办甲"],
        )

        assert told(found) == (Fact.SUBSTITUTION_SET,)

    def test_a_deputy_whose_days_are_cut_short_is_told(self, tmp_path: Path) -> None:
        *_, found = rehearsed(tmp_path, board(), OPEN, DEPUTY)
        clerk = Actor(found.people["承办甲"], found.authority_id)
        deputy = found.office.ask(found.platform, _substitution)

        found.office.give(clerk, end_substitution, deputy)

        assert told(found) == (Fact.SUBSTITUTION_ENDED,)


class TestAnswers:
    """答案照场景的写法：保密的不写出，附件写名，数写成数。"""

    FORM = Form(
        "board:clue",
        {
            "type": "default",
            "components": [{"type": "filepicker", "key": "papers", "label": "附件"}],
        },
    )

    @pytest.mark.parametrize(
        ("given", "said"),
        [
            ({"papers": {"$vault": "x"}}, {"papers": [f"{INVENTED}.pdf"]}),
            ({"papers": ["a1", "b.pdf"]}, {"papers": ["笔录.pdf", "b.pdf"]}),
            ({"papers": []}, {}),
            ({"count": Decimal("3.0"), "share": Decimal("0.5")}, {"count": 3, "share": 0.5}),
        ],
    )
    def test_they_are_said_as_a_scenario_says_them(
        self, given: dict[str, Any], said: dict[str, Any]
    ) -> None:
        names = Names({}, {"a1": "笔录.pdf"})
        assert scenario_answers(given, self.FORM, names, "2026-03-02") == said


class TestNothingIsForgotten:
    """每种步骤、每种事实，或者写出，或者自行随之发生，或者说明为何不写。"""

    def test_each_kind_of_step_is_recorded_or_says_why_not(self) -> None:
        table = DOCUMENT.read_text("utf-8").split("## All steps")[1].split("## All expect")[0]
        rows = [line.split(" | ")[0] for line in table.splitlines() if line.startswith("| ")]
        known = {verb for row in rows for verb in VERB.findall(row)}
        shown = {verb for *_, verbs in SHIPPED for verb in verbs} | {"add_signer", "remove_signer"}
        shown |= {"program", "report_overreach", "finding"}  # in test_programs_and_oversight
        stories = {verb for steps in STORIES.values() for verb in verbs_in(*steps)}

        assert known - shown - stories - set(NOT_RECORDED) == set()
        assert set(VERBS) <= known

    def test_each_kind_of_fact_has_one_place(self) -> None:
        places = (set(WRITERS), FOLLOWING, WITHOUT_EFFECT, set(NO_STEP), ELSEWHERE)

        found = [fact for place in places for fact in place]

        assert set(Fact) - set(found) == set()
        assert len(found) == len(set(found))
        assert FALLING_DUE <= FOLLOWING
        assert set(WRITERS) | set(NO_STEP) >= OF_PERSONS
