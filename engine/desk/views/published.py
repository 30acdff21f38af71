"""Versions of procedures as administrators and designers see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

import sqlalchemy as sa
import yaml

import bpmn
from engine.desk.desk import Desk
from engine.desk.holders import names_of
from engine.desk.trials import TRIAL
from engine.errors import EngineError, NotAllowed, NotFound
from engine.model.texts import Text, text_of
from engine.store.tables import CaseRow, ProcedureFile, VersionRow
from engine.store.versions import version_in_force
from engine.workflow import LoadedVersion
from engine.workflow.yaml_text import read_yaml

DESIGNERS = frozenset({"platform_admin", "process_designer"})
SOURCE = "SUP-051"
RULES = "procedure.yaml"
MOST_CASES = 100


@dataclass(frozen=True, slots=True)
class ProcedureLine:
    """A procedure with the version in force, its newest draft, and how many cases run.

    Attributes:
        current: Published and in effect today, the newest of those; None before.
        draft: The newest version, where it is still a draft; else None.
    """

    procedure: str
    title: Text
    current: VersionRow | None
    draft: VersionRow | None
    newest: VersionRow
    running: int


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file that differs from the version before: ``added``, ``changed`` or ``removed``."""

    path: str
    kind: str


@dataclass(frozen=True, slots=True)
class VersionView:
    """A version for its page.

    Attributes:
        loaded: None where it cannot be loaded; then its report says why.
        diagrams: Process ids with the paths of their diagrams.
        before: The number of the version it is compared with; 0 for none.
        versions: Every version of the procedure, the newest first.
        names: Of who drafted and approved, by id.
        running: How many cases are open in it.
        cases: The oldest of them, up to 100.
        has_run: A case runs or ran in it: it is never deleted.
    """

    row: VersionRow
    title: Text
    loaded: LoadedVersion | None
    diagrams: tuple[tuple[str, str], ...]
    changes: tuple[FileChange, ...]
    before: int
    versions: tuple[VersionRow, ...]
    names: Mapping[str, str]
    running: int
    cases: tuple[CaseRow, ...]
    has_run: bool


def procedures(desk: Desk) -> tuple[ProcedureLine, ...]:
    """Return the authority's procedures by id.

    Raises:
        NotAllowed: The actor neither designs procedures nor administers the platform.
    """
    must_design(desk)
    rows: dict[str, list[VersionRow]] = {}
    for row in desk.session.scalars(
        sa.select(VersionRow)
        .where(VersionRow.authority_id == desk.actor.authority_id, VersionRow.state != TRIAL)
        .order_by(VersionRow.procedure, VersionRow.number.desc())
    ):
        rows.setdefault(row.procedure, []).append(row)
    today = desk.today()
    lines = []
    for procedure, versions in rows.items():
        current = next(
            (
                one
                for one in versions
                if one.state == "published"
                and (one.effective_on is None or one.effective_on <= today)
            ),
            None,
        )
        newest = versions[0]
        lines.append(
            ProcedureLine(
                procedure=procedure,
                title=title_of(desk, current or newest),
                current=current,
                draft=newest if newest.state == "draft" else None,
                newest=newest,
                running=_running(desk, [one.id for one in versions]),
            )
        )
    return tuple(lines)


def version_view(desk: Desk, version_id: str) -> VersionView:
    """Return a version.

    Raises:
        NotAllowed: As `procedures` says.
        NotFound: There is none at the actor's authority.
    """
    row = own_version(desk, version_id)
    versions = tuple(
        desk.session.scalars(
            sa.select(VersionRow)
            .where(
                VersionRow.authority_id == row.authority_id,
                VersionRow.procedure == row.procedure,
                VersionRow.state != TRIAL,
            )
            .order_by(VersionRow.number.desc())
        )
    )
    before = next((one for one in versions if one.number < row.number), None)
    loaded = _loaded(desk, row)
    people = [one for one in (row.drafted_by, row.approved_by, row.deletion_by) if one]
    return VersionView(
        row=row,
        title=title_of(desk, row),
        loaded=loaded,
        diagrams=tuple(_diagrams(row)),
        changes=_changes(before, row) if before is not None else (),
        before=before.number if before is not None else 0,
        versions=versions,
        names=names_of(desk, people),
        running=_running(desk, [row.id]),
        cases=tuple(
            desk.session.scalars(
                sa.select(CaseRow)
                .where(CaseRow.version_id == row.id, CaseRow.closed_at.is_(None))
                .order_by(CaseRow.opened_at, CaseRow.id)
                .limit(MOST_CASES)
            )
        ),
        has_run=row.has_been_left
        or desk.session.scalar(sa.select(CaseRow.id).where(CaseRow.version_id == row.id).limit(1))
        is not None,
    )


def diagram_of(desk: Desk, version_id: str, path: str) -> bytes:
    """Return a diagram of a version as it was drawn.

    Raises:
        NotAllowed, NotFound: As `version_view` says, or it has no such diagram.
    """
    row = own_version(desk, version_id)
    if not path.endswith(".bpmn"):
        raise NotFound(path)
    return _file(desk, row, path)


def guide_of(desk: Desk, key: str) -> tuple[VersionRow, Text, str]:
    """Return a version, its title, and its page for case officers as it was written; "" for none.

    Whoever works at the authority may read that of a published version.

    Args:
        key: Id of a version, or of a procedure for its version in force.

    Raises:
        NotFound: There is no such version at the authority.
        NotAllowed: It is a draft, and the actor does not design procedures.
    """
    row = desk.session.get(VersionRow, key) or version_in_force(
        desk.session, desk.actor.authority_id, key, desk.today()
    )
    if row is None or row.authority_id != desk.actor.authority_id:
        raise NotFound(key)
    if row.approved_at is None:
        must_design(desk)
    try:
        text = _file(desk, row, f"{row.procedure}/README.md").decode("utf-8", "replace")
    except NotFound:
        text = ""
    return row, title_of(desk, row), text


def own_version(desk: Desk, version_id: str) -> VersionRow:
    """Return a version of the actor's authority.

    Raises:
        NotAllowed: The actor neither designs procedures nor administers the platform.
        NotFound: There is none.
    """
    must_design(desk)
    row = desk.session.get(VersionRow, version_id)
    if row is None or row.authority_id != desk.actor.authority_id:
        raise NotFound(version_id)
    return row


def must_design(desk: Desk) -> None:
    """Check that the actor designs procedures or administers the platform.

    Raises:
        NotAllowed: It is somebody else. Source: SUP-051; matrix of rights.
    """
    if not desk.actor.is_admin and desk.roles_held().isdisjoint(DESIGNERS):
        raise NotAllowed("version.not_allowed", rule=SOURCE)


def title_of(desk: Desk, row: VersionRow) -> Text:
    """Return what a version calls its procedure; its id where the file does not say."""
    try:
        return _title_in(_file(desk, row, f"{row.procedure}/{RULES}"))
    except (NotFound, yaml.YAMLError, KeyError, TypeError, ValueError):
        return Text(row.procedure)


@lru_cache(maxsize=256)
def _title_in(rules: bytes) -> Text:
    """Return the title in a `procedure.yaml`; reading one takes a hundredth of a second."""
    stated: Any = read_yaml(rules)
    return text_of(stated["title"])


def _loaded(desk: Desk, row: VersionRow) -> LoadedVersion | None:
    try:
        return desk.office.versions.get(desk.session, row.id)
    except (EngineError, bpmn.DiagramRefused, ValueError):
        return None


def _file(desk: Desk, row: VersionRow, path: str) -> bytes:
    digest = _files(row).get(path)
    found = desk.session.get(ProcedureFile, digest) if digest else None
    if found is None:
        raise NotFound(path)
    return found.content


def _files(row: VersionRow) -> Mapping[str, str]:
    return cast("Mapping[str, str]", row.manifest.get("files") or {})


def _diagrams(row: VersionRow) -> list[tuple[str, str]]:
    """Return the procedure's own diagrams first, then the shared ones, by name."""
    paths = [path for path in _files(row) if path.endswith(".bpmn")]
    paths.sort(key=lambda path: (path.startswith("shared/"), path))
    return [(path.rpartition("/")[2].removesuffix(".bpmn"), path) for path in paths]


def _changes(before: VersionRow, row: VersionRow) -> tuple[FileChange, ...]:
    old, new = _every(before), _every(row)
    kinds = {
        path: "added" if path not in old else "removed" if path not in new else "changed"
        for path in sorted(old.keys() | new.keys())
        if old.get(path) != new.get(path)
    }
    return tuple(FileChange(path, kind) for path, kind in kinds.items())


def _every(row: VersionRow) -> dict[str, Any]:
    """Return digests and values by name: files, scenarios, parameters, switches."""
    every: dict[str, Any] = {}
    for part in ("files", "scenarios"):
        every |= cast("Mapping[str, Any]", row.manifest.get(part) or {})
    for part in ("parameters", "switches"):
        values = cast("Mapping[str, Any]", row.manifest.get(part) or {})
        every |= {f"{part}: {key}": value for key, value in values.items()}
    return every


def _running(desk: Desk, version_ids: list[str]) -> int:
    count = desk.session.scalar(
        sa.select(sa.func.count())
        .select_from(CaseRow)
        .where(CaseRow.version_id.in_(version_ids), CaseRow.closed_at.is_(None))
    )
    return count or 0
