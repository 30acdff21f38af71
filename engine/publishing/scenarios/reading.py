"""From the YAML of a scenario to its typed steps; every mistake is told with its place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from engine.model.texts import Text, text_of
from engine.publishing.scenarios.cast import Cast, EarlierSanction, earlier_sanctions, read_cast
from engine.publishing.scenarios.mistakes import Page, parsed
from engine.publishing.scenarios.step_reading import steps_in
from engine.publishing.scenarios.steps import AnyStep

if TYPE_CHECKING:
    from collections.abc import Mapping

STANDARD = ("", "standard", "cast")


@dataclass(frozen=True, slots=True)
class Scenario:
    """A scenario, ready to be played.

    Attributes:
        source: The provision it tries.
        begins: Civil time of the authority, without a zone.
        earlier: Sanctions of before, besides those of the cast.
        parameters: Values that differ from the procedure's.
        switches: Likewise.
    """

    id: str
    title: Text
    source: str
    file: str
    begins: datetime
    cast: Cast
    earlier: tuple[EarlierSanction, ...]
    parameters: Mapping[str, Any]
    switches: Mapping[str, bool]
    steps: tuple[AnyStep, ...]


def scenario_paths(files: Mapping[str, bytes]) -> list[str]:
    """Return the paths of the scenarios among a folder's files; casts and parts left out."""
    return sorted(
        path
        for path, content in files.items()
        if path.endswith(".yaml")
        and path.rpartition("/")[0].endswith("/scenarios")
        and b"\nsteps:" in b"\n" + content.replace(b"\r\n", b"\n")
    )


def read_scenario(files: Mapping[str, bytes], path: str) -> Scenario:
    """Return the scenario that a file states.

    Args:
        files: Of the folder: the scenario, its cast and its parts.
        path: The scenario's.

    Raises:
        ScenarioRefused: With every mistake, its file, its place and what to do.
    """
    top = Page(path, "", {}).inside("", parsed(files, path))
    top.only(("id", "title", "source", "given", "steps"))
    given = top.mapping("given")
    given.only(("clock", "cast", "earlier_sanctions", "parameters", "switches"))
    begins = given.moment("clock")
    folder = path.rpartition("/")[0]
    name = given.text("cast")
    cast = read_cast(files, f"{folder}/{'cast' if name in STANDARD else name}.yaml")
    names = {person.name for person in cast.people}
    steps = steps_in(top, top.data.get("steps"), files, folder, names)
    earlier = earlier_sanctions(given, names)
    switches = given.mapping("switches")
    turned = {key: switches.flag(key, default=False) for key in switches.data}
    title = _title(top)
    identity = top.text("id", needed=True)
    if not steps:
        top.note("没有步骤 steps，请补上。", "There are no steps; add them.")
    top.refuse()
    assert begins is not None  # noqa: S101 -- `refuse` has raised otherwise
    return Scenario(
        id=identity,
        title=title,
        source=top.text("source"),
        file=path,
        begins=begins,
        cast=cast,
        earlier=earlier,
        parameters=dict(given.mapping("parameters").data),
        switches=turned,
        steps=steps,
    )


def _title(top: Page) -> Text:
    try:
        return text_of(top.data.get("title"))
    except ValueError:
        top.note("title 应写成文字或 {zh, en}。", "title must be a text or {zh, en}.")
        return Text("—")
