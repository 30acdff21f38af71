"""Takes the steps of a scenario at people's screens: each by the page that a person would use."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playwright.sync_api import Locator, Page, expect

from engine.commands.organise import open_account
from engine.commands.passwords import hash_password
from engine.publishing.folders import read_folder
from engine.publishing.scenarios import Theatre, read_scenario
from engine.publishing.scenarios.answering import sent
from engine.publishing.scenarios.finding import filing_form, start_form
from engine.publishing.scenarios.playing import Run
from engine.publishing.scenarios.steps import (
    AnyStep,
    Ballot,
    Decide,
    Dissent,
    Do,
    Filing,
    Meet,
    Minutes,
    Open,
    Recuse,
    Step,
)
from engine.store.database import open_database
from tests.browser.filling import fill
from tests.office import PASSWORD
from web.app import create_app
from web.keys import Keys
from web.settings import Settings

if TYPE_CHECKING:
    from flask import Flask

    from engine.desk import Desk
    from engine.publishing.scenarios import Stage
    from engine.publishing.scenarios.reading import Scenario
    from tests.browser.serving import Street

PROCESSES = Path(__file__).parents[2] / "processes"
JOURNEYS = Path(__file__).parent / "journeys"


@dataclass(frozen=True)
class Hall:
    """An office in which a journey is played, and its pages."""

    stage: Stage
    app: Flask
    scenario: Scenario


def hall(procedure: str, journey: str, home: Path) -> Hall:
    """Build the office of a procedure's scenarios in a file, with a log-in for everybody.

    Args:
        procedure: Id of the procedure whose parts and cast the journey uses.
        journey: Name of a file below `journeys`.
        home: A folder of the test's own.
    """
    folder = read_folder(PROCESSES / procedure)
    path = f"{procedure}/scenarios/{journey}.yaml"
    content = (JOURNEYS / f"{journey}.yaml").read_bytes()
    scenario = read_scenario({**folder.scenarios, path: content}, path)
    fonts = (PROCESSES.parent / ".tools" / "fonts",)
    theatre = Theatre(folder, fonts=fonts)
    stage = theatre.stage(scenario)
    (home / "hall.db").write_bytes(theatre.keep(stage).content)
    stage.office.database.close()
    stage.office.database = open_database(f"sqlite:///{home / 'hall.db'}")
    stage.office.give(stage.platform, _log_ins, stage.people)
    keys = Keys("k1", {"k1": b"k" * 32}, b"only for tests", b"r" * 32)
    app = create_app(stage.office, Settings(home=home, session_hours=24 * 400), keys)
    app.testing = True
    return Hall(stage, app, scenario)


def _log_ins(desk: Desk, people: Mapping[str, str]) -> None:
    hashed = hash_password(PASSWORD)
    for number, person in enumerate(people.values()):
        open_account(desk, person, f"hall-{number}", password_hash=hashed)


@dataclass(slots=True)
class AtScreens(Run):
    """Takes a scenario's steps at screens; the clock and what is expected stay commands.

    Attributes:
        street: The people before the office.
        app: Whose paths.
        kinds: Pages of a step that were looked at already, by the step's element.
    """

    street: Street = field(kw_only=True)
    app: Flask = field(kw_only=True)

    def take(self, step: AnyStep) -> None:
        """Take one step; one that is to be refused is given as a command."""
        act = SCREENS.get(type(step))
        if act is None or step.refused:
            Run.take(self, step)
            return
        try:
            act(self, step)
        except AssertionError as wrong:
            said = self.street.at(step.by).locator(".wz-summary").all_inner_texts()
            raise AssertionError(f"{step.place} {step.words} by {step.by}: {said}") from wrong
        self._carry()

    def path(self, endpoint: str, **values: Any) -> str:
        """Return the path of a page."""
        with self.app.test_request_context():
            return str(self.app.url_for(endpoint, **values))

    def answered(self, step: Do | Ballot) -> tuple[Page, dict[str, Any], str]:
        """Open the page of a step's work item; return it, the answers and the item's id."""
        item, form = self.item(step, step.element)
        page = self.street.go(step.by, self.path("work.show", item_id=item.id), step.element)
        return page, sent(step.answers, form, self.stage.people, self.stage.today), item.id

    def open_meeting(self, by: str, step: Any) -> Page:
        item, _ = self.item(step, step.element)
        return self.street.go(by, self.path("work.show", item_id=item.id))

    def open_case(self, step: Open) -> None:
        """Register a case."""
        procedure = step.procedure or self.stage.procedure
        form = self.stage.office.ask(self.stage.platform, start_form, procedure)
        answers = sent(step.answers, form, self.stage.people, self.stage.today)
        path = self.path("registering.form", procedure=procedure)
        page = self.street.go(step.by, path, f"register {procedure}")
        fill(page, form_on(page), fields_of(form, answers))
        page.get_by_role("button", name="登记", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("已登记：")
        self.street.look(page, "registered")
        href = page.get_by_role("link", name="打开案件").get_attribute("href") or ""
        self.cases[step.case] = href.rpartition("/")[2]

    def do_item(self, step: Do) -> None:
        """Do a step: make its document, fill its form, sign where it asks, submit."""
        page, answers, _ = self.answered(step)
        papers = page.locator("form[action$='/papers'] button")
        if papers.count():
            papers.click()
            expect(page.get_by_text("文书已生成")).to_be_visible()
            self.street.look(page, f"{step.element} prepared")
        if answers and page.locator("[data-wz-form=task]").count():
            fill(page, "task", answers)
        sign_on(page)
        page.locator("button[name=action][value=submit]").click()
        expect(page.locator(".wz-note-ok")).to_contain_text("已提交")

    def vote_at(self, step: Ballot) -> None:
        """Put a motion; each member gives an opinion at the own screen; note who is absent."""
        page, answers, _ = self.answered(step)
        self.street.look(page, f"{step.element} before the motion")
        fill(page, form_on(page), answers)
        page.get_by_role("button", name=re.compile("^提交议案|^提交新议案")).click()
        expect(page.locator(".wz-note-ok")).to_be_visible()
        for voice in step.opinions:
            at = self.open_meeting(voice.person, step)
            self.street.look(at, f"{step.element} ballot")
            at.locator(f"#opinion input[value={voice.vote}]").check()
            if voice.reasons:
                at.locator("#opinion textarea").fill(voice.reasons)
            at.locator("#opinion button").click()
            expect(at.locator(".wz-note-ok")).to_be_visible()
        page = self.open_meeting(step.by, step)
        for name, reasons in step.absent.items():
            person = page.locator(
                "details", has=page.locator(f"input[value='{self.stage.people[name]}']")
            )
            person.locator("summary").click()
            person.locator("input[name=reasons]").fill(reasons)
            person.get_by_role("button", name="记缺席").click()
            expect(page.locator(".wz-note-ok")).to_be_visible()
        self.street.look(page, f"{step.element} after the ballot")
        if step.decides:
            self._form(page)

    def decide_at(self, step: Decide) -> None:
        """Form the decision."""
        page = self.open_meeting(step.by, step)
        self.street.look(page, f"{step.element} with minutes")
        self._form(page)

    def _form(self, page: Page) -> None:
        page.get_by_role("button", name="形成决定").click()
        expect(page.locator(".wz-note-ok")).to_contain_text("决定已形成")

    def meet_at(self, step: Meet) -> None:
        """Call the meeting."""
        page = self.open_meeting(step.by, step)
        self.street.look(page, f"{step.element} to be called")
        card = page.locator("#meeting")
        civil = step.held_at or self.stage.clock.now().astimezone(self.stage.cast.zone)
        card.get_by_label("时间").fill(f"{civil:%Y-%m-%dT%H:%M}")
        card.get_by_label("地点").fill(step.room)
        card.get_by_label("议题").fill(step.agenda)
        for label, name in (("主持人", step.chair), ("记录人", step.recorder)):
            card.get_by_label(label).select_option(self.stage.people[name])
        card.get_by_role("button", name="发出通知").click()
        expect(page.locator(".wz-note-ok")).to_contain_text("会议通知已发出")
        self.street.look(page, f"{step.element} called")

    def dissent_at(self, step: Dissent) -> None:
        """Have one's dissent kept."""
        page = self.open_meeting(step.by, step)
        card = page.locator("#dissent")
        card.locator("summary").click()
        card.locator("textarea").fill(step.reasons)
        card.get_by_role("button", name="记录保留意见").click()
        expect(page.locator(".wz-note-ok")).to_contain_text("保留意见已记录")

    def minutes_at(self, step: Minutes) -> None:
        """Close the ballot; each signs the minutes with the own password."""
        page = self.open_meeting(step.by, step)
        page.locator("#minutes").get_by_role("button", name=re.compile("^结束表决")).click()
        expect(page.locator(".wz-note-ok")).to_contain_text("会议纪要已生成")
        for name in step.signed_by:
            at = self.open_meeting(name, step)
            self.street.look(at, f"{step.element} minutes to be signed")
            sign_on(at)
            at.locator("#minutes").get_by_role("button", name="签字", exact=True).click()
            expect(at.locator(".wz-note-ok")).to_be_visible()

    def file_at(self, step: Filing) -> None:
        """File something: who is outside on the own page, an officer on the case's."""
        case_id = self.case_id(step)
        form = self.stage.office.ask(self.stage.platform, filing_form, case_id, step.key)
        answers = sent(step.answers, form, self.stage.people, self.stage.today)
        self.street.go(step.by, self.path("own.matter", case_id=case_id), "own matter")
        path = self.path("own.write", case_id=case_id, key=step.key)
        page = self.street.go(step.by, path, f"filing {step.key}")
        fill(page, form_on(page), answers)
        page.get_by_role("button", name="提交").last.click()
        expect(page.locator(".wz-note-ok")).to_contain_text("已收到")

    def recuse_at(self, step: Recuse) -> None:
        """Ask on the own page that somebody leave; whoever decides does it on the case's."""
        case_id = self.case_id(step)
        page = self.street.go(step.by, self.path("own.matter", case_id=case_id), "own matter")
        details = page.locator("details", has=page.locator("form[action$='/recusal']"))
        details.locator("summary").first.click()
        details.locator("input[name=name]").fill(step.person)
        details.locator("textarea").fill(step.reasons)
        details.get_by_role("button", name="提交申请").click()
        expect(page.locator(".wz-note-ok")).to_be_visible()
        by = step.ruling.by
        page = self.street.go(by, self.path("cases.people", case_id=case_id), "case people")
        page.get_by_label("决定的理由").fill(step.ruling.reasons or "查明属实。")
        page.get_by_role("button", name="准予回避").click()
        expect(page.locator(".wz-note-ok")).to_be_visible()


def form_on(page: Page) -> str:
    """Return the key of the page's form."""
    return page.locator("[data-wz-form]").first.get_attribute("data-wz-form") or ""


def fields_of(form: Any, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers that the form has a field for; the others are told beside it."""
    known = {str(one.get("key") or one.get("path")).partition(".")[0] for one in form.fields()}
    return {key: value for key, value in answers.items() if key in known}


def sign_on(page: Page) -> None:
    """Enter the password where the page asks for it."""
    password: Locator = page.locator("#f-password")
    if password.count():
        password.fill(PASSWORD)


SCREENS: dict[type[Step], Callable[[AtScreens, Any], None]] = {
    Open: AtScreens.open_case,
    Do: AtScreens.do_item,
    Ballot: AtScreens.vote_at,
    Decide: AtScreens.decide_at,
    Meet: AtScreens.meet_at,
    Dissent: AtScreens.dissent_at,
    Minutes: AtScreens.minutes_at,
    Filing: AtScreens.file_at,
    Recuse: AtScreens.recuse_at,
}
