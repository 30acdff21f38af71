"""Builds the rehearsal: two authorities, their people, the procedures, and some cases."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from engine.clock import SetClock, SystemClock
from engine.commands.accounts import accounts_in
from engine.commands.change_calendar import NATIONAL, CalendarWrong, national_days, publish_year
from engine.commands.organise import add_authority, open_account
from engine.commands.passwords import hash_password
from engine.commands.publish_version import approve_version, draft_version
from engine.desk import REHEARSAL, SYSTEM, Actor, Desk, Office, system_actor
from engine.publishing.checks import check_folder
from engine.publishing.folders import read_folder
from engine.publishing.manifests import digest_of_manifest, manifest_of
from engine.publishing.scenarios import ScenarioRefused, Stage, advance, perform, settle
from web.demo.reading import Town, read_people, read_stories, told
from web.office import font_folders, open_installation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from engine.clock import Clock
    from engine.publishing.checks import Report
    from engine.publishing.folders import Folder
    from engine.publishing.scenarios.steps import AnyStep
    from web.settings import Settings

BEFORE = timedelta(days=75)
"""How long before today the rehearsal begins: its oldest case is younger."""


class DemoRefused(Exception):
    """The rehearsal cannot be built; the text says why, in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        """Refuse with a sentence in each language."""
        super().__init__(en)
        self.zh = zh
        self.en = en


@dataclass(frozen=True, slots=True)
class LogIn:
    """One line of the list of log-ins."""

    authority: str
    account: str
    name: str
    title: str


@dataclass(frozen=True, slots=True)
class _Published:
    """A procedure that was checked, with its folder."""

    folder: Folder
    report: Report


def build(
    settings: Settings,
    procedures: Iterable[Path],
    *,
    tell: Callable[[str, str], None],
    clock: Clock | None = None,
) -> None:
    """Build a rehearsal on the empty database of `settings`.

    Args:
        settings: Its home and database.
        procedures: Folders of procedures; each is checked before anything is built.
        tell: Told what is being done, in Chinese and English.
        clock: What tells today; the machine's if none is given.

    Raises:
        DemoRefused: A procedure does not pass its checks, or a story cannot be told.
    """
    now = (clock or SystemClock()).now()
    password, towns = read_people()
    checked = [_checked(path, settings, tell) for path in procedures]
    set_clock = SetClock(now - BEFORE)
    office = open_installation(settings, birth=REHEARSAL, clock=set_clock)
    hashed = hash_password(password)
    stages: dict[str, Stage] = {}
    for town in towns:
        tell(f"设立 {town.cast.name}", f"Setting up {town.cast.name}")
        stages[town.key] = _set_up(office, set_clock, town, hashed)
        for published in checked:
            if town.works_by(published.folder.procedure):
                _publish(stages[town.key], town, published)
    tell("办理示例案件", "Working on some cases")
    folders = {published.folder.procedure: published.folder for published in checked}
    _tell(stages, {town.key: town for town in towns}, folders, now)
    advance(stages[towns[0].key], now)
    office.database.close()


def log_ins(office: Office) -> list[LogIn]:
    """Return every log-in of the rehearsal, by authority."""
    return [
        LogIn(one.authority, one.name, one.person, one.title)
        for one in office.ask(Actor(SYSTEM, ""), accounts_in)
    ]


def shared_password() -> str:
    """Return the password that every log-in of the rehearsal has."""
    return read_people()[0]


def _checked(path: Path, settings: Settings, tell: Callable[[str, str], None]) -> _Published:
    tell(f"检查 {path.name}", f"Checking {path.name}")
    folder = read_folder(path)
    report = check_folder(folder, fonts=font_folders(settings))
    if not report.passed:
        raise DemoRefused(
            f"{path.name} 未通过检查；请运行 wenze check {path}。",
            f"{path.name} does not pass its checks; run wenze check {path}.",
        )
    return _Published(folder, report)


def _set_up(office: Office, clock: SetClock, town: Town, hashed: str) -> Stage:
    cast = town.cast
    authority = office.give(
        system_actor(""),
        add_authority,
        town.key,
        name=cast.name,
        short_name=cast.short,
        zone=cast.zone.key,
    )
    platform = system_actor(authority.id)
    begun = clock.now().year
    for year in range(begun - 1, begun + 2):
        try:
            days = national_days(year)
        except CalendarWrong:
            continue  # not published yet: what is counted in it is provisional
        office.give(platform, publish_year, year, days, source=NATIONAL)
    people = office.give(platform, settle, cast)
    office.give(platform, _open_accounts, town, people, hashed)
    return Stage(office, clock, cast, authority.id, "", people)


def _open_accounts(desk: Desk, town: Town, people: Mapping[str, str], hashed: str) -> None:
    for name, account in town.accounts.items():
        open_account(
            desk, people[name], account, password_hash=hashed, is_admin=name in town.admins
        )


def _publish(stage: Stage, town: Town, published: _Published) -> None:
    """Let the designer draft a version and another person approve it."""
    folder = published.folder
    manifest = manifest_of(folder)
    version = stage.office.give(
        stage.actor(town.designer),
        draft_version,
        folder.procedure,
        manifest=manifest,
        digest=digest_of_manifest(manifest),
        files={**folder.files, **folder.scenarios},
        report=published.report.as_json(),
    )
    stage.office.give(
        stage.actor(town.approver), approve_version, version.id, effective_on=stage.today
    )


def _tell(
    stages: Mapping[str, Stage],
    towns: Mapping[str, Town],
    folders: Mapping[str, Folder],
    now: datetime,
) -> None:
    """Take the steps of all stories in the order of time."""
    moments: list[tuple[datetime, Stage, tuple[AnyStep, ...]]] = []
    for stories in read_stories():
        folder, town = folders.get(stories.procedure), towns[stories.authority]
        if folder is None:
            continue
        stage = replace(stages[town.key], procedure=folder.procedure)
        calendar = stage.office.ask(stage.platform, Desk.calendar)
        today = now.astimezone(town.cast.zone).date()
        try:
            for civil, steps in told(stories, folder, town, calendar, today):
                moments.append((stage.instant(civil), stage, steps))
        except ScenarioRefused as refused:
            one = refused.mistakes[0]
            raise DemoRefused(
                f"示例案件有误：{one.file} {one.step} {one.zh}",
                f"A case is written wrongly: {one.file} {one.step} {one.en}",
            ) from refused
    cases: dict[str, str] = {}
    for _, stage, steps in sorted(moments, key=lambda one: one[0]):
        for failure in perform(steps, stage, carries=False, cases=cases):
            where = f"{failure.file} {failure.place} ({failure.step})"
            raise DemoRefused(
                f"示例案件办不下去：{where}{failure.zh}",
                f"A case cannot be told: {where} {failure.en}",
            )
