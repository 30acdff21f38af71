"""Two offices to look at: one in which nothing has happened yet, one in which much has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import sqlalchemy as sa

from engine.commands.batches import KIND, run_batch, start_batch
from engine.commands.claim_work import claim_work
from engine.commands.comment_case import comment_case
from engine.commands.copies import send_copies
from engine.commands.countersign import ask_signature
from engine.commands.depart import begin_departure
from engine.commands.drafts import begin_draft
from engine.commands.exports import order_case_file
from engine.commands.grant_supervision import grant_supervision, place_authority
from engine.commands.interference import record_interference
from engine.commands.organise import add_person, give_post, open_account
from engine.commands.own_notes import follow_up, tag_case, watch_case
from engine.commands.reports import hand_in_report
from engine.commands.save_draft import save_draft
from engine.commands.saved_filters import save_filter
from engine.commands.substitute import set_substitution
from engine.commands.supervise_below import ask_below, look_below
from engine.desk import Desk, system_actor
from engine.errors import NotAllowed
from engine.publishing.drawing import own_files
from engine.publishing.folders import read_folder
from engine.store.tables import (
    Batch,
    CaseRow,
    Departure,
    DocumentRow,
    PersonRow,
    Report,
    UnitRow,
    VersionRow,
)
from scheduler.jobs import drain
from tests.browser.gallery.pages import SUBJECT
from tests.office import P01, PROCESSES, Town, build_template, copy_of
from tests.web import walking

LONG_NAME = "阿卜杜热合曼·买买提依明·艾尼瓦尔江·努尔麦麦提·吐尔逊古丽·帕尔哈提江·伊布拉音"
LONG_UNIT = "集团公司第二生产运营事业部大型设备检修维护与安全环保技术保障中心第一检修车间"
LONG_TITLE = (
    "关于第二生产运营事业部在年度大修期间多次推诿扯皮致全厂停产五日并造成重大经济损失的问题线索"
)
ABOVE = "上督"
"""The supervision officer of the authority above."""
ROWS = 60
"""More cases than a page of any list holds."""


@dataclass(frozen=True)
class Place:
    """An office, who sits in it, and what its pages are about.

    Attributes:
        named: What stands for the names in braces of a path.
        people: What stands for a name of `pages` in the log-in list.
    """

    town: Town
    named: dict[str, str]
    people: dict[str, str]


def empty_place(home: Path) -> Place:
    """Return the office of P01 on its first morning."""
    town = _office(home)
    return Place(town, {}, {SUBJECT: "陈某"})


def full_place(home: Path) -> Place:
    """Return the office of P01 after three weeks, with names as long as they come."""
    town = _office(home)
    meeting = walking.to_meeting(town)
    served = walking.to_service(town)
    investigated = walking.to_notice(town)
    case = _accompanied(town)
    paper = town.one(
        sa.select(DocumentRow).where(
            DocumentRow.case_id == served.id, DocumentRow.key == "decision-letter"
        )
    )
    folder = read_folder(PROCESSES / P01)
    draft = town.give(
        "丁某",
        begin_draft,
        P01,
        title=LONG_TITLE[:60],
        files=own_files(folder),
        origin=f"copy:{P01}",
    )
    export = town.give("郑某", order_case_file, served.id, "file_pdf", reason="报送上级审阅。")
    town.office.give(
        system_actor(town.authority_id),
        hand_in_report,
        "二车间主任在大修中推诿扯皮，致全厂停产五日。" * 20,
        contact={"name": LONG_NAME},
        truthful=True,
    )
    for _each in range(ROWS):
        town.open()
    with town.office.database.begin() as session:
        session.execute(sa.update(CaseRow).values(title=LONG_TITLE))
        session.execute(sa.update(UnitRow).where(UnitRow.name == "二车间").values(name=LONG_UNIT))
        session.execute(
            sa.update(PersonRow).where(PersonRow.id == town.people["陈某"]).values(name=LONG_NAME)
        )
    drain(town.office, {KIND: run_batch})
    town.at(2026, 3, 20)
    _watched(town, case)
    named = {
        "served": served.id,
        "investigated": investigated.id,
        "case": case.id,
        "verification": town.item(case, "ut_verify").id,
        "meeting": town.item(meeting, "ut_decide").id,
        "subject": town.people["陈某"],
        "decision": paper.id,
        "draft": draft.id,
        "export": export.id,
        "report": town.one(sa.select(Report)).id,
        "fresh": town.open().id,
        "batch": town.one(sa.select(Batch)).id,
        "departure": town.one(sa.select(Departure)).id,
        "version": town.one(sa.select(VersionRow)).id,
        "unit": town.one(sa.select(UnitRow).where(UnitRow.name == LONG_UNIT)).id,
    }
    return Place(town, named, {SUBJECT: LONG_NAME})


def _office(home: Path) -> Town:
    for name in ("built", "copy"):
        (home / name).mkdir()
    town = copy_of(build_template(home / "built"), home / "copy")
    town.office.give(system_actor(""), place_authority, "group", above="other")
    town.people[ABOVE] = town.office.give(system_actor(town.other_authority_id), _officer_above)
    return town


def _officer_above(desk: Desk) -> str:
    person = add_person(desk, ABOVE, title="督办专员")
    give_post(desk, person.id, "supervision_officer", valid_from=date(2020, 1, 1))
    open_account(desk, person.id, "above")
    return person.id


def _watched(town: Town, case: CaseRow) -> None:
    """Let the authority above watch over the cases, look at one, and ask about it."""
    today = town.clock.now().date()
    days = {"valid_from": today, "valid_to": date(2026, 12, 31)}
    town.give("方某", grant_supervision, [P01], **days, reasons="按层层负责的要求接受督办。" * 6)
    town.give(ABOVE, look_below, case.id, reason="核实督办事项的进展" * 8)
    asked = {
        "text": "请说明核实进展、下一步安排和预计办结日期。" * 12,
        "answer_by": date(2026, 3, 27),
    }
    town.give(ABOVE, ask_below, case.id, **asked)


def _accompanied(town: Town) -> CaseRow:
    """Return a case in verification with everything that may hang on it."""
    case = walking.to_verification(town)
    item = town.claim("吕某", case, "ut_verify")
    today = town.clock.now().date()
    others = [walking.to_verification(town) for _each in range(3)]
    town.give("吕某", save_draft, item.id, {"verification": {"facts": "大修中推诿。" * 30}})
    town.give("吕某", ask_signature, item.id, town.people["秦某"], place="before", reasons="请核。")
    town.give("吕某", comment_case, case.id, "请核对日期。" * 40, mentions=[town.people["秦某"]])
    town.give("秦某", send_copies, case.id, [town.people["吕某"]], note="请阅。")
    town.give("吕某", watch_case, case.id, watched=True)
    town.give("吕某", tag_case, case.id, ["重点", "停产", "需要在三月底以前办结并向上级机关报告"])
    town.give("吕某", follow_up, case.id, today, what="问进展" * 20)
    town.give("吕某", save_filter, "三月底前必须办结的红牌", {"lamp": "red"}, role="verifier")
    said = {"who": LONG_NAME, "whom": "吕某", "what": "要求从轻" * 40, "happened_on": today}
    town.give("吕某", record_interference, **said)
    items = [town.item(other, "ut_verify").id for other in others]
    town.give("吕某", start_batch, "claim", items, {})
    deputy = town.people["秦某"]
    town.give("吕某", set_substitution, deputy, valid_from=today, valid_to=today, reasons="外出。")
    town.give("方某", begin_departure, town.people["孙某"], deputy, reasons="调离。")
    try:
        town.give("韩某", claim_work, town.item(town.open(), "ut_screen").id)
    except NotAllowed:
        return case  # what supervision is told of
    raise AssertionError("a member of the board took a clerk's step")
