"""P01 as people do it at their screens; the answers are those of its scenarios."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.filling import fill
from tests.browser.serving import Street
from tests.office import PASSWORD

CHECKS = ["facts", "evidence", "character", "handling", "procedure"]
SIGNED = {"签发口令": PASSWORD}
BOARD = ("郑某", "韩某", "唐某")


@dataclass
class Matter:
    """A case as those who work on it know it.

    Attributes:
        number: Its case number.
        path: Of its page.
        people: The persons of the office by name.
        today: The civil day, as it was set last: `2026-03-02`.
    """

    street: Street
    people: Mapping[str, str]
    number: str
    path: str

    def do(self, name: str, step: str, answers: Mapping[str, Any], **how: Any) -> Page:
        return self.street.do(name, step, self.number, answers, **how)

    def page(self, name: str, tab: str = "", kind: str = "") -> Page:
        return self.street.go(name, self.path + tab, kind)


def move_to(street: Street, moment: datetime) -> None:
    """Let the administrator move the rehearsal's date; what falls due happens."""
    page = street.go("方某", "/admin/clock", "clock")
    page.get_by_label("拨到").fill(f"{moment:%Y-%m-%dT%H:%M}")
    page.get_by_role("button", name="拨动").click()
    expect(page.locator(".wz-note-ok")).to_contain_text("演练日期已拨动")
    expect(page.locator(".wz-rehearsal")).to_contain_text(
        f"{moment.year}年{moment.month}月{moment.day}日"
    )


def register(street: Street, people: Mapping[str, str], **clue: Any) -> Matter:
    """Register a clue at the intake clerk's screen; its number is on the receipt."""
    page = street.go("冯某", "/register/corporate-accountability", "register")
    fill(
        page,
        "clue",
        {
            "channel": "CA4",
            "named": "anonymous",
            "object_kind": "enterprise_cadre",
            "domain": "general_duty",
            "grounds": ["g1"],
            "summary": "生产部部长对停产检修指令未予执行，擅自组织生产。",
            "secrecy": "internal",
            "truthful_told": True,
            **clue,
        },
    )
    page.get_by_role("button", name="登记", exact=True).click()
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_contain_text("已登记：")
    street.look(page, "receipt")
    number = heading.inner_text().removeprefix("已登记：").strip()
    path = page.get_by_role("link", name="打开案件").get_attribute("href")
    assert path is not None
    return Matter(street, people, number, path)


def take_in(case: Matter) -> None:
    """查重、分流：属本机关受理。"""
    case.do(
        "冯某",
        "查重、分流",
        {
            "intake": {
                "exit": "here",
                "procedure": "corporate-accountability",
                "remark": "属本机关受理",
            }
        },
    )


VERIFICATION = {
    "verification": {
        "facts": "指令已下发，当日仍有生产记录。",
        "method": "调阅指令、生产记录，询问当班人员。",
        "evidence": "停产检修指令、生产记录。",
        "established": True,
        "opinion": "反映情况存在。",
        "need_more": False,
    }
}
PROPOSAL = {
    "proposal": {
        "grounds": ["g1"],
        "facts": "指令已下发，当日仍有生产记录。",
        "basis": "第三条第一项。",
        "advice": "建议启动问责程序。",
    }
}


def verify(case: Matter) -> None:
    """初步核实，提出书面启动建议（第七条第一款）。"""
    case.do("秦某", "初步核实", VERIFICATION)
    case.do("秦某", "提出书面启动建议", PROPOSAL)


def start(case: Matter, team: tuple[str, ...]) -> None:
    """监事会决定启动，组成调查组，其首位为组长（第七条第二款）。"""
    reasons = {"start": True, "start_reasons": "反映情况存在，属第三条第一项情形。"}
    case.do("郑某", "决定是否启动", reasons)
    members = [case.people[name] for name in team]
    case.do(
        "郑某",
        "组成调查组",
        {
            "members": members,
            "lead": members[0],
            "team_task": "停产检修指令执行情况",
            "interest_declared": True,
        },
    )


def inquire(case: Matter, by: str, day: str) -> None:
    """调查方案、取证（第八条）。"""
    plan = {"matters": "指令的下发与执行", "steps": "调阅、询问、勘验", "division": "周某负责询问"}
    case.do("周某", "制定调查方案", {"plan": plan})
    case.do(
        by,
        "调查取证",
        {
            "inquiry": {
                "records": [
                    {
                        "person": "当班班长",
                        "on": day,
                        "by": by,
                        "content": "当日接到部长电话继续生产。",
                    }
                ],
                "items": [{"name": "生产记录", "source": "生产部"}],
                "finding": "指令下发后仍组织生产。",
            }
        },
    )


def recuse(case: Matter, whom: str) -> None:
    """被申请人在决定作出前不得接触案卷；准予回避的，换人，期限不重置（第十四条）。"""
    page = case.page("周某", "/recusal", "recusal")
    form = page.locator("form", has=page.get_by_label("被申请人"))
    option = form.locator("option", has_text=whom).get_attribute("value")
    form.get_by_label("被申请人").select_option(option)
    form.get_by_label("理由").fill(f"{whom}系被调查人原下属。")
    form.get_by_role("button", name="提交申请").click()
    page = case.page("郑某", "/people", "people")
    page.get_by_label("决定的理由").fill("查明属实。")
    page.get_by_role("button", name="准予回避").click()
    expect(page.locator(".wz-note-ok")).to_be_visible()


def ask_for_more_time(case: Matter) -> None:
    """情况复杂的，经监事会批准可延长 5 个工作日，一次（第八条）。"""
    page = case.page("周某", "/deadlines", "deadlines")
    page.get_by_role("link", name="申请延期").first.click()
    case.street.look(page, "extension")
    page.get_by_label("理由").fill("情况复杂，尚须勘验。")
    page.get_by_role("button", name="提交申请").click()
    expect(page.locator(".wz-note-ok")).to_be_visible()
    page = case.page("郑某", "/deadlines", "deadlines asked")
    page.get_by_label("决定的理由").fill("情况复杂，同意。")
    page.get_by_role("button", name="批准延期").click()
    expect(page.locator(".wz-note-ok")).to_be_visible()


def hear(case: Matter, day: str) -> None:
    """告知、申辩、逐条核实（第七条第二款）。"""
    case.do(
        "周某",
        "拟制告知书",
        {
            "pre_notice": {
                "facts": "停产检修指令下发后仍组织生产。",
                "reasons": "有令不行、有禁不止。",
                "basis": "第三条第一项、第五条。",
            },
            "tier": "T2",
            "measures": ["circulate"],
        },
        before="生成预览",
    )
    case.do(
        "周某",
        "签发告知书",
        {"issue_confirmed": True},
        button="签发",
        before="生成待签文本",
        more=SIGNED,
    )
    case.do(
        "周某",
        "送达告知书",
        {"way": "direct", "received_on": day, "received_by": "陈某"},
        button="登记送达",
    )
    page = case.street.go("陈某", "/my")
    case.street.look(page, "own matter with defence")
    page.get_by_role("link", name="写").first.click()
    case.street.look(page, "own defence")
    fill(
        page,
        page.locator("[data-wz-form]").get_attribute("data-wz-form") or "",
        {"defence": {"content": "当日未收到书面指令。"}},
    )
    page.get_by_role("button", name="提交").last.click()
    expect(page.locator(".wz-note-ok")).to_contain_text("已收到")
    case.do(
        "周某",
        "逐条核实申辩",
        {
            "points": [
                {"point": "当日未收到书面指令", "adopted": False, "reasons": "签收簿有本人签字"}
            ]
        },
    )


def report(case: Matter) -> None:
    """提交调查报告；回避人员经手的，须已由他人复核（第八条）。"""
    case.do(
        "周某",
        "提交调查报告",
        {
            "report": {
                "facts": "2025年12月8日停产检修指令下发后，仍组织当班生产，造成设备损坏。",
                "conclusion": "反映的情形属实。",
                "recommendation": "建议问责。",
                "evidence": [{"name": "停产检修指令", "proves": "指令已下发并签收"}],
                "defence_verified": "申辩不成立，理由见核实表。",
                "responsibility": "直接责任。",
                "severity": "serious",
                "impact": "large",
                "recusal_reviewed": True,
            },
            "tier": "T2",
            "measures": ["circulate"],
        },
    )


def meet(case: Matter, step: str, motion: Mapping[str, Any]) -> None:
    """集体讨论：议案、逐人表态、形成决定；不能由一人代为形成（第九条）。"""
    street = case.street
    page = street.open_step("郑某", step, case.number)
    fill(page, "motion", motion)
    page.get_by_role("button", name="提交议案").click()
    expect(page.get_by_text("第 1 号议案")).to_be_visible()
    street.look(page, f"motion of {step}")
    for name in BOARD:
        page = street.open_step(name, step, case.number)
        page.get_by_label("同意", exact=True).check()
        page.get_by_label("理由", exact=True).first.fill("事实清楚、证据确凿，同意")
        page.get_by_role("button", name="提交表态").click()
        expect(page.locator(".wz-note-ok")).to_be_visible()
    page = street.open_step("郑某", step, case.number)
    street.look(page, f"meeting over {step}")
    page.get_by_role("button", name="形成决定").click()
    expect(page.locator(".wz-note-ok")).to_be_visible()


def issue(case: Matter) -> None:
    """拟制、签发文书（第十条）。"""
    case.do("韩某", "拟制文书", {"draft_remark": "按纪要拟稿"}, before="生成预览")
    case.do(
        "郑某", "签发", {"issue_confirmed": True}, button="签发", before="生成待签文本", more=SIGNED
    )


def serve(case: Matter, day: str) -> None:
    """送达本人及所在单位（第十条）。"""
    case.do(
        "唐某",
        "送达本人",
        {"way": "direct", "received_on": day, "received_by": "陈某", "rights_told": True},
        button="登记送达",
    )
    unit = {"unit_received_on": day, "unit_received_by": "何某"}
    case.do("唐某", "送达所在单位", unit)


def appeal(case: Matter) -> None:
    """被问责人申诉（第十一条）。"""
    page = case.street.go("陈某", "/my")
    case.street.look(page, "own matter with appeal")
    page.get_by_role("link", name="写").first.click()
    case.street.look(page, "own appeal")
    key = page.locator("[data-wz-form]").get_attribute("data-wz-form") or ""
    fill(page, key, {"appeal": {"request": "变更问责方式", "reasons": "处理过重"}})
    page.get_by_role("button", name="提交").last.click()
    expect(page.locator(".wz-note-ok")).to_contain_text("已收到")


def review(case: Matter) -> None:
    """复查：事实基本清楚、方式不当的，变更（第十二条第二项）。"""
    reviewers = [case.people["韩某"], case.people["唐某"]]
    case.do("郑某", "组成复查组", {"members": reviewers, "lead": reviewers[0]})
    found = {
        "facts": "basic",
        "evidence": "conclusive",
        "measure": "improper",
        "opinion": "经阅卷复查。",
    }
    case.do("韩某", "阅卷、复查", {"review": found})


def archive(case: Matter) -> Page:
    """归档。"""
    return case.do(
        "魏某",
        "归档",
        {
            "checklist": [
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
            ],
            "checklist_appeal": ["appeal", "review"],
            "personnel_file": "D-001",
            "reported": True,
        },
    )
