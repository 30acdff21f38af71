"""Delete a version in which no case ever ran: asked for by one, done by a second person.

A version in which a case runs or ran stays: years later somebody will ask by what it was decided.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from engine.commands.publish_version import APPROVERS, SOURCE, must_hold
from engine.desk import Desk, Fact
from engine.desk.settings import reasons_stated
from engine.errors import NotAllowed, Refusal
from engine.store.tables import CaseRow, ProcedureDraft, ProcedureFile, VersionRow

DELETABLE = frozenset({"draft", "declined", "retired"})
"""A published one is taken out of use first, so that no case is opened in it meanwhile."""


class StaysForever(Refusal):
    """The version cannot be deleted; the parameters say why."""


def ask_deletion(desk: Desk, version_id: str, *, reasons: str) -> VersionRow:
    """Ask that a version be deleted in which no case ever ran; a second person decides.

    Args:
        desk: Of an administrator (`platform_admin`).
        version_id: A draft, one that was declined, or one that was taken out of use.
        reasons: Why, in up to 500 characters.

    Raises:
        NotAllowed: The actor does not administer procedures.
        NotFound: There is no such version at the authority.
        StaysForever: It is in use, or a case runs or ran in it, or it is asked for already.
        Refusal: The reasons are missing or too long.

    Source: issue 7, Versions; proposed.
    """
    version = _deletable(desk, version_id)
    if version.deletion_by is not None:
        raise StaysForever("version.deletion_asked", rule=SOURCE, version=version.number)
    version.deletion_by, version.deletion_reasons = desk.actor.person_id, reasons_stated(reasons)
    desk.record(
        None,
        Fact.VERSION_DELETION_ASKED,
        procedure=version.procedure,
        version=version.number,
        digest=version.digest,
        reasons=version.deletion_reasons,
    )
    return version


def decide_deletion(desk: Desk, version_id: str, *, granted: bool, reasons: str = "") -> None:
    """Delete the version, with the files that no other one has, or leave it; a second person does.

    Its number and digest stay on the record; a later version may bear the number again.

    Args:
        desk: Of an administrator (`platform_admin`) who has not asked for it.
        version_id: The version.
        granted: Whether it is deleted.
        reasons: Why not; needed where it is left.

    Raises:
        NotAllowed: The actor may not, or asked for it.
        NotFound: There is no such version at the authority.
        StaysForever: As `ask_deletion` says, or nobody has asked for it.
        Refusal: It is left without reasons.
    """
    version = _deletable(desk, version_id)
    if version.deletion_by is None:
        raise StaysForever("version.deletion_not_asked", rule=SOURCE, version=version.number)
    if version.deletion_by == desk.actor.person_id:
        raise NotAllowed("version.deletion_own", rule=SOURCE, version=version.number)
    named = {
        "procedure": version.procedure,
        "version": version.number,
        "digest": version.digest,
    }
    if not granted:
        stated = reasons_stated(reasons)
        version.deletion_by, version.deletion_reasons = None, ""
        desk.record(None, Fact.VERSION_DELETION_REFUSED, **named, reasons=stated)
        return
    desk.record(None, Fact.VERSION_DELETED, **named, reasons=version.deletion_reasons)
    desk.session.execute(
        sa.update(ProcedureDraft)
        .where(ProcedureDraft.version_id == version.id)
        .values(version_id=None)
    )
    mine = _files(version)
    desk.session.delete(version)
    desk.session.flush()
    _drop_files(desk, mine)
    desk.on_commit.append(lambda: desk.office.versions.forget(version_id))


def _deletable(desk: Desk, version_id: str) -> VersionRow:
    must_hold(desk, APPROVERS)
    version = desk.own(VersionRow, version_id, lock=True)
    if version.state not in DELETABLE:
        raise StaysForever("version.in_use", rule=SOURCE, version=version.number)
    cases = desk.session.scalar(
        sa.select(sa.func.count()).select_from(CaseRow).where(CaseRow.version_id == version.id)
    )
    if cases or version.has_been_left:
        raise StaysForever("version.has_run", rule=SOURCE, version=version.number, cases=cases or 0)
    return version


def _files(version: VersionRow) -> set[str]:
    parts: list[Any] = [version.manifest.get(part) or {} for part in ("files", "scenarios")]
    return {str(digest) for part in parts for digest in part.values()}


def _drop_files(desk: Desk, digests: set[str]) -> None:
    """Take out the files that no version names any more."""
    left = set(digests)
    for version in desk.session.scalars(sa.select(VersionRow)):
        left -= _files(version)
    desk.session.execute(sa.delete(ProcedureFile).where(ProcedureFile.digest.in_(left)))
