"""Carries a case of P01 on from wherever it stands: to a step, or to its end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from engine.commands.complete_work import complete_work
from engine.commands.decide import decide, give_opinion, put_motion
from engine.commands.file import file
from engine.commands.prepare_papers import prepare_papers
from engine.store.tables import CaseRow
from tests.office import Town
from tests.web.walking import BOARD, motion

MOST = 60
"""Turns; a case of P01 has some thirty."""
CHECKLIST = [
    "clue",
    "verification",
    "proposal",
    "start_decision",
    "investigation",
    "defence",
    "report",
    "minutes",
    "decision",
    "receipt",
]


LONG_ENOUGH = timedelta(days=40)
"""Past the end of the period for an appeal."""


class Stuck(Exception):
    """Nothing is open that anybody here knows how to do."""


def carry_on(town: Town, case_id: str, subject: str, *, until: str = "") -> CaseRow:
    """Do what is open, step by step, until this element is open or the case is closed.

    Args:
        town: The office.
        case_id: The case.
        subject: The name of whom it is about.
        until: An element; empty for the end.

    Raises:
        Stuck: It comes to neither.
    """
    case = _case(town, case_id)
    for _ in range(MOST):
        waiting = town.open_elements(case)
        if case.closed_at is not None or (until and until in waiting):
            return case
        known = [one for one in waiting if one in ANSWERS]
        if "ut_decide" in waiting:
            _decide(town, case)
        elif "defence_received" in case.awaited:
            town.give(subject, file, case.id, "defence", {"defence": {"content": "当日在外。"}})
        elif known:
            _do(town, case, known[0], subject)
        elif not waiting:
            later = town.clock.now() + LONG_ENOUGH
            town.at(later.year, later.month, later.day)
        else:
            break
        case = _case(town, case_id)
    raise Stuck(f"{case.number}: {town.open_elements(case)}, awaited {case.awaited}")


def _do(town: Town, case: CaseRow, element: str, subject: str) -> None:
    by, answers = ANSWERS[element]
    today = town.clock.now().date().isoformat()
    values: Mapping[str, Any] = {
        "=today": today,
        "=subject": subject,
        "=team": [town.people["周某"], town.people["林某"]],
        "=lead": town.people["周某"],
        "=林某": town.people["林某"],
    }
    item = town.item(case, element)
    if item.properties.get("act") == "issue_document":
        prepare_papers(town.office, town.actor(by), item.id)
    actor = replace(town.actor(by), has_signed=True)
    town.office.give(actor, complete_work, item.id, _filled(answers, values))


def _filled(stated: Any, values: Mapping[str, Any]) -> Any:
    if isinstance(stated, str):
        return values.get(stated, stated)
    if isinstance(stated, list):
        return [_filled(one, values) for one in stated]
    if isinstance(stated, dict):
        return {key: _filled(one, values) for key, one in stated.items()}
    return stated


def _decide(town: Town, case: CaseRow) -> None:
    put = town.give("郑某", put_motion, town.item(case, "ut_decide").id, motion(town))
    for member in BOARD:
        town.give(member, give_opinion, put.id, vote="agree", reasons="事实清楚，同意")
    town.give("郑某", decide, put.id)


def _case(town: Town, case_id: str) -> CaseRow:
    with town.office.database.reading() as session:
        row = session.get_one(CaseRow, case_id)
        session.expunge(row)
        return row


ANSWERS: Mapping[str, tuple[str, dict[str, Any]]] = {
    "ut_screen": (
        "冯某",
        {
            "intake": {
                "exit": "here",
                "procedure": "corporate-accountability",
                "remark": "属本机关受理",
            }
        },
    ),
    "ut_verify": (
        "吕某",
        {
            "verification": {
                "facts": "大修中推诿。",
                "method": "调阅、询问。",
                "evidence": "会议记录。",
                "established": True,
                "opinion": "反映情况存在。",
                "need_more": False,
            }
        },
    ),
    "ut_propose": (
        "吕某",
        {
            "proposal": {
                "grounds": ["g4"],
                "facts": "推诿。",
                "basis": "第三条第四项。",
                "advice": "建议启动。",
            }
        },
    ),
    "ut_start_decision": ("郑某", {"start": True, "start_reasons": "反映情况存在。"}),
    "ut_form_team": (
        "郑某",
        {
            "members": "=team",
            "lead": "=lead",
            "team_task": "大修推诿情况",
            "interest_declared": True,
        },
    ),
    "ut_plan": (
        "周某",
        {"plan": {"matters": "推诿情况", "steps": "调阅、询问", "division": "周某负责"}},
    ),
    "ut_evidence": (
        "林某",
        {
            "inquiry": {
                "records": [
                    {"person": "当班班长", "on": "=today", "by": "=林某", "content": "推诿。"}
                ],
                "items": [{"name": "会议记录", "source": "二车间"}],
                "finding": "推诿属实。",
            }
        },
    ),
    "ut_notice": (
        "周某",
        {
            "pre_notice": {
                "facts": "大修中推诿。",
                "reasons": "推诿扯皮。",
                "basis": "第三条第四项、第五条。",
            },
            "tier": "T1",
            "measures": ["talk_admonish", "cancel_merit"],
        },
    ),
    "ut_notice_issue": ("周某", {"issue_confirmed": True}),
    "ut_notice_serve": (
        "周某",
        {"way": "direct", "received_on": "=today", "received_by": "=subject"},
    ),
    "ut_verify_defence": (
        "周某",
        {"points": [{"point": "当日在外", "adopted": False, "reasons": "考勤记录"}]},
    ),
    "ut_report": (
        "周某",
        {
            "report": {
                "facts": "大修中推诿，致停产五日。",
                "conclusion": "反映的情形属实。",
                "recommendation": "建议问责。",
                "evidence": [{"name": "会议记录", "proves": "推诿"}],
                "defence_verified": "申辩不成立。",
                "responsibility": "直接责任。",
                "severity": "minor",
                "impact": "small",
            },
            "tier": "T1",
            "measures": ["talk_admonish", "cancel_merit"],
        },
    ),
    "ut_draft": ("韩某", {"draft_remark": "按纪要拟稿"}),
    "ut_issue": ("郑某", {"issue_confirmed": True}),
    "ut_serve": (
        "唐某",
        {
            "way": "direct",
            "received_on": "=today",
            "received_by": "=subject",
            "rights_told": True,
        },
    ),
    "ut_serve_unit": ("唐某", {"unit_received_on": "=today", "unit_received_by": "何某"}),
    "ut_archive": ("魏某", {"checklist": CHECKLIST, "reported": True}),
}
