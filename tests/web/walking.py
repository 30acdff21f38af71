"""P01 step by step, as its scenarios write it: to the notice, to the decision, to the service."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from engine.commands.complete_work import complete_work
from engine.commands.decide import decide, give_opinion, put_motion
from engine.commands.file import file
from engine.commands.prepare_papers import prepare_papers
from engine.store.tables import CaseRow
from tests.office import Town

BOARD = ("郑某", "韩某", "唐某")
CHECKS = ["facts", "evidence", "character", "handling", "procedure"]


def to_notice(town: Town, **clue: Any) -> CaseRow:
    """Return a case whose subject has just been served the notice of rights, today."""
    today = town.clock.now().date().isoformat()
    case = town.open(**clue)
    town.do(
        "冯某",
        case,
        "ut_screen",
        intake={"exit": "here", "procedure": "corporate-accountability", "remark": "属本机关受理"},
    )
    verify_and_start(town, case)
    members = [town.people["周某"], town.people["林某"]]
    _do(
        town,
        "郑某",
        case,
        "ut_form_team",
        members=members,
        lead=members[0],
        team_task="大修推诿情况",
        interest_declared=True,
    )
    plan = {"matters": "推诿情况", "steps": "调阅、询问", "division": "周某负责"}
    _do(town, "周某", case, "ut_plan", plan=plan)
    _do(
        town,
        "林某",
        case,
        "ut_evidence",
        inquiry={
            "records": [
                {"person": "当班班长", "on": today, "by": town.people["林某"], "content": "推诿。"}
            ],
            "items": [{"name": "会议记录", "source": "二车间"}],
            "finding": "推诿属实。",
        },
    )
    notice = {"facts": "大修中推诿。", "reasons": "推诿扯皮。", "basis": "第三条第四项、第五条。"}
    _do(
        town,
        "周某",
        case,
        "ut_notice",
        pre_notice=notice,
        tier="T1",
        measures=["talk_admonish", "cancel_merit"],
    )
    _do(town, "周某", case, "ut_notice_issue", issue_confirmed=True)
    served = {"way": "direct", "received_on": today, "received_by": "陈某"}
    _do(town, "周某", case, "ut_notice_serve", **served)
    return town.case(case)


def verify_and_start(town: Town, case: CaseRow) -> None:
    """Verify a case that was taken in, propose that it be started, and start it."""
    _do(
        town,
        "吕某",
        case,
        "ut_verify",
        verification={
            "facts": "大修中推诿。",
            "method": "调阅、询问。",
            "evidence": "会议记录。",
            "established": True,
            "opinion": "反映情况存在。",
            "need_more": False,
        },
    )
    proposal = {
        "grounds": ["g4"],
        "facts": "推诿。",
        "basis": "第三条第四项。",
        "advice": "建议启动。",
    }
    _do(town, "吕某", case, "ut_propose", proposal=proposal)
    _do(town, "郑某", case, "ut_start_decision", start=True, start_reasons="反映情况存在。")


def to_verification(town: Town, **clue: Any) -> CaseRow:
    """Return a case that has been taken in and waits for its verification."""
    case = town.open(**clue)
    intake = {"exit": "here", "procedure": "corporate-accountability", "remark": "属本机关受理"}
    town.do("冯某", case, "ut_screen", intake=intake)
    return town.case(case)


def to_meeting(town: Town, **clue: Any) -> CaseRow:
    """Return a case that the board has to decide; no motion has been put."""
    case = to_notice(town, **clue)
    town.give("陈某", file, case.id, "defence", {"defence": {"content": "当日在外出差。"}})
    points = [{"point": "当日在外出差", "adopted": False, "reasons": "考勤记录"}]
    _do(town, "周某", case, "ut_verify_defence", points=points)
    _do(
        town,
        "周某",
        case,
        "ut_report",
        report={
            "facts": "大修中推诿，致停产五日。",
            "conclusion": "反映的情形属实。",
            "recommendation": "建议问责。",
            "evidence": [{"name": "会议记录", "proves": "推诿"}],
            "defence_verified": "申辩不成立。",
            "responsibility": "直接责任。",
            "severity": "minor",
            "impact": "small",
        },
        tier="T1",
        measures=["talk_admonish", "cancel_merit"],
    )
    return town.case(case)


def motion(town: Town) -> dict[str, Any]:
    """Return the answers of a motion that the board may carry."""
    return {
        "kind": "sanction",
        "tier": "T1",
        "measures": ["talk_admonish", "cancel_merit"],
        "effective_on": town.clock.now().date().isoformat(),
        "facts_found": "大修中推诿。",
        "grounds_cited": "第三条、第四条、第五条。",
        "decision_reasons": "推诿扯皮。",
        "checks": CHECKS,
    }


def to_decision(town: Town, **clue: Any) -> CaseRow:
    """Return a case that the board has decided, before its letter is drafted."""
    case = to_meeting(town, **clue)
    put = town.give("郑某", put_motion, town.item(case, "ut_decide").id, motion(town))
    for member in BOARD:
        town.give(member, give_opinion, put.id, vote="agree", reasons="事实清楚，同意")
    town.give("郑某", decide, put.id)
    return town.case(case)


def to_service(town: Town, **clue: Any) -> CaseRow:
    """Return a case whose decision was served on the subject today."""
    case = to_decision(town, **clue)
    _do(town, "韩某", case, "ut_draft", draft_remark="按纪要拟稿")
    _do(town, "郑某", case, "ut_issue", issue_confirmed=True)
    today = town.clock.now().date().isoformat()
    _do(
        town,
        "唐某",
        case,
        "ut_serve",
        way="direct",
        received_on=today,
        received_by="陈某",
        rights_told=True,
    )
    _do(town, "唐某", case, "ut_serve_unit", unit_received_on=today, unit_received_by="何某")
    return town.case(case)


def _do(town: Town, by: str, case: CaseRow, element: str, **answers: Any) -> None:
    """Complete a step as one who has signed, with its papers prepared."""
    item = town.item(case, element)
    if item.properties.get("act") == "issue_document":
        prepare_papers(town.office, town.actor(by), item.id)
    actor = replace(town.actor(by), has_signed=True)
    town.office.give(actor, complete_work, item.id, answers)
