"""The cast of scenarios: an authority with its units, people, posts and relations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engine.commands.organise import SERVING, STATUSES
from engine.model.conflicts import RelationKind
from engine.publishing.scenarios.mistakes import Page, parsed

if TYPE_CHECKING:
    from collections.abc import Mapping

LONG_AGO = date(2000, 1, 1)
"""Since when a post is held whose beginning does not matter."""


@dataclass(frozen=True, slots=True)
class CastPost:
    """A post; `until` is its last day, or None."""

    role: str
    unit: str
    title: str
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class CastPerson:
    """A person; the name is the key by which scenarios mean the person."""

    name: str
    unit: str
    title: str
    posts: tuple[CastPost, ...]
    level: str = ""
    status: str = SERVING


@dataclass(frozen=True, slots=True)
class CastRelation:
    """A relation between two people, such as superior."""

    person: str
    other: str
    kind: str
    note: str


@dataclass(frozen=True, slots=True)
class EarlierSanction:
    """A sanction of before the scenario."""

    person: str
    decided_on: date
    measures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody whom scenarios name.

    Attributes:
        name: Of the authority.
        short: Its short name, as numbers show it.
        zone: Its civil time.
        units: Name to the name of the unit above, or "".
    """

    name: str
    short: str
    zone: ZoneInfo
    units: Mapping[str, str]
    people: tuple[CastPerson, ...]
    relations: tuple[CastRelation, ...]
    earlier: tuple[EarlierSanction, ...]


def read_cast(files: Mapping[str, bytes], path: str) -> Cast:
    """Return the cast that a file of a folder states.

    Raises:
        ScenarioRefused: With everything that is wrong in it.
    """
    return cast_in(Page(path, "", {}).inside("", parsed(files, path)))


def cast_in(top: Page) -> Cast:
    """Return the cast that a page states.

    Raises:
        ScenarioRefused: With everything that is wrong in it.
    """
    top.only(("authority", "units", "people", "relations", "earlier_sanctions"))
    authority = top.mapping("authority")
    units = top.mapping("units")
    above = {name: str(upper or "") for name, upper in units.data.items()}
    for name, upper in above.items():
        if upper and upper not in above:
            units.note(
                f"单位“{name}”的上级“{upper}”不在 units 中。",
                f"The unit {upper!r} above {name!r} is not among the units.",
            )
    people = top.mapping("people")
    persons = tuple(_person(people, name, above) for name in people.data)
    names = {person.name for person in persons}
    cast = Cast(
        name=authority.text("name", needed=True),
        short=authority.text("short", needed=True),
        zone=_zone(authority),
        units=above,
        people=persons,
        relations=tuple(_relation(page, names) for page in top.pages("relations")),
        earlier=earlier_sanctions(top, names),
    )
    top.refuse()
    return cast


def earlier_sanctions(top: Page, names: set[str]) -> tuple[EarlierSanction, ...]:
    """Return the earlier sanctions that a cast or a scenario's `given` lists."""
    found = []
    for page in top.pages("earlier_sanctions"):
        page.only(("person", "decided_on", "measures"))
        found.append(
            EarlierSanction(
                known(page, "person", names),
                page.day("decided_on") or LONG_AGO,
                page.texts("measures"),
            )
        )
        if page.data.get("decided_on") is None:
            page.note("缺少 decided_on，请补上。", "decided_on is missing; add it.")
    return tuple(found)


def known(page: Page, key: str, names: set[str], *, needed: bool = True) -> str:
    """Return the name under `key`, and note one that is not in the cast."""
    name = page.text(key, needed=needed)
    if name and name not in names:
        page.note(
            f"“{name}”不在演练人员（cast）中，请登记或改正姓名。",
            f"{name!r} is not in the cast; add the person or correct the name.",
        )
    return name


def _zone(authority: Page) -> ZoneInfo:
    name = authority.text("zone") or "Asia/Shanghai"
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        authority.note(f"没有时区“{name}”。", f"There is no time zone {name!r}.")
        return ZoneInfo("Asia/Shanghai")


def _person(people: Page, name: str, units: Mapping[str, str]) -> CastPerson:
    page = people.mapping(name)
    page.only(("unit", "title", "roles", "posts", "level", "status"))
    status = page.text("status") or SERVING
    if status not in STATUSES:
        page.note(
            f"没有状态“{status}”；可用：{'、'.join(STATUSES)}。",
            f"There is no status {status!r}; known: {', '.join(STATUSES)}.",
        )
    unit = _unit(page, units)
    posts = [CastPost(role, unit, "", LONG_AGO, None) for role in page.texts("roles")]
    for post in page.pages("posts"):
        post.only(("role", "unit", "title", "from", "to"))
        posts.append(
            CastPost(
                post.text("role", needed=True),
                _unit(post, units) or unit,
                post.text("title"),
                post.day("from") or LONG_AGO,
                post.day("to"),
            )
        )
    return CastPerson(name, unit, page.text("title"), tuple(posts), page.text("level"), status)


def _unit(page: Page, units: Mapping[str, str]) -> str:
    unit = page.text("unit")
    if unit and unit not in units:
        page.note(f"单位“{unit}”不在 units 中。", f"The unit {unit!r} is not among the units.")
        return ""
    return unit


def _relation(page: Page, names: set[str]) -> CastRelation:
    page.only(("person", "other", "kind", "note"))
    kind = page.text("kind", needed=True)
    kinds = [one.value for one in RelationKind]
    if kind and kind not in kinds:
        page.note(
            f"没有关系“{kind}”；可用：{'、'.join(kinds)}。",
            f"There is no relation {kind!r}; known: {', '.join(kinds)}.",
        )
    return CastRelation(
        known(page, "person", names), known(page, "other", names), kind, page.text("note")
    )
