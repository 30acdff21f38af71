"""Reads the rehearsal's people and stories from their files."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from engine.publishing.scenarios import Cast, Page, cast_in, read_steps

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from engine.model.calendars import WorkingCalendar
    from engine.publishing.folders import Folder
    from engine.publishing.scenarios.steps import AnyStep

HERE = Path(__file__).parent
WHEN = re.compile(r"(-\d{1,3}) (\d{2}):(\d{2})")


@dataclass(frozen=True, slots=True)
class Town:
    """An authority of the rehearsal.

    Attributes:
        accounts: The log-in of each person, by the person's name.
        admins: Those who administer the platform of the authority.
        designer: Who drafts versions.
        approver: Who approves them.
        procedures: The ids of those that it works by; None for all.
    """

    key: str
    cast: Cast
    accounts: Mapping[str, str]
    admins: frozenset[str]
    designer: str
    approver: str
    procedures: frozenset[str] | None = None

    def works_by(self, procedure: str) -> bool:
        """Return whether the authority has the procedure."""
        return self.procedures is None or procedure in self.procedures


@dataclass(frozen=True, slots=True)
class Chapter:
    """Steps of one case that are taken at one moment of the past.

    Attributes:
        days: How many working days before today; 1 or more.
        at: The civil time of that day.
        case: The case's label.
        names: Who takes the place of whom in the parts that it uses.
        data: The steps as they are written.
    """

    days: int
    at: time
    case: str
    names: Mapping[str, str]
    data: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Stories:
    """The cases of one authority under one procedure; chapters in the order of time."""

    authority: str
    procedure: str
    chapters: tuple[Chapter, ...]


def read_people(path: Path = HERE / "people.yaml") -> tuple[str, tuple[Town, ...]]:
    """Return the password that all log-ins share, and the authorities."""
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    towns = tuple(
        Town(
            key=one["key"],
            cast=cast_in(Page(path.name, "", one["cast"])),
            accounts=one["accounts"],
            admins=frozenset(one["admins"]),
            designer=one["designer"],
            approver=one["approver"],
            procedures=frozenset(one["procedures"]) if "procedures" in one else None,
        )
        for one in data["authorities"]
    )
    return str(data["password"]), towns


def read_stories(path: Path = HERE / "stories.yaml") -> tuple[Stories, ...]:
    """Return the stories, those of each authority in the order of time."""
    return tuple(
        Stories(
            one["authority"],
            one["procedure"],
            tuple(
                sorted(
                    (
                        chapter
                        for story in one["stories"]
                        for chapter in _chapters(story, one["names"])
                    ),
                    key=lambda chapter: (-chapter.days, chapter.at),
                )
            ),
        )
        for one in yaml.safe_load(path.read_text(encoding="utf-8"))
    )


def told(
    stories: Stories, folder: Folder, town: Town, calendar: WorkingCalendar, today: date
) -> Iterator[tuple[datetime, tuple[AnyStep, ...]]]:
    """Yield the civil moments of an authority's stories, each with its steps, in order.

    Args:
        stories: Of the authority.
        folder: The procedure, whose parts they use.
        town: Whose people act.
        calendar: Of the authority.
        today: From which days are counted back.
    """
    people = {person.name for person in town.cast.people}
    renamed: dict[str, Mapping[str, bytes]] = {}
    for chapter in stories.chapters:
        day, left = today, chapter.days
        while left:
            day -= timedelta(days=1)
            left -= calendar.is_workday(day)
        if chapter.case not in renamed:
            renamed[chapter.case] = {
                path: _renamed(content, chapter.names)
                for path, content in folder.scenarios.items()
                if "/parts/" in path
            }
        moment = datetime.combine(day, chapter.at)
        steps = read_steps(
            renamed[chapter.case],
            f"{folder.home}/scenarios",
            people,
            [{"at": moment}, *chapter.data],
            file=f"stories.yaml {chapter.case}",
        )
        yield moment, tuple(replace(step, case=chapter.case) for step in steps)


def _chapters(story: Mapping[str, Any], names: Mapping[str, str]) -> list[Chapter]:
    """Return a story cut at its moments."""
    names = {**names, **story.get("names", {})}
    chapters: list[Chapter] = []
    for step in story["steps"]:
        if "at" in step:
            when = WHEN.fullmatch(str(step["at"]))
            if when is None or when[1] == "-0":
                raise ValueError(f"{story['title']}: at is written like -3 09:40, not {step['at']}")
            at = time(int(when[2]), int(when[3]))
            chapters.append(Chapter(-int(when[1]), at, story["title"], names, ()))
        else:
            last = chapters.pop()
            chapters.append(replace(last, data=(*last.data, step)))
    return chapters


def _renamed(content: bytes, names: Mapping[str, str]) -> bytes:
    """Return a part with other people in it."""
    renamed = _rename(yaml.safe_load(content), names)
    return yaml.safe_dump(renamed, allow_unicode=True).encode()


def _rename(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {_rename(key, names): _rename(one, names) for key, one in value.items()}
    if isinstance(value, list):
        return [_rename(one, names) for one in value]
    return names.get(value, value) if isinstance(value, str) else value
