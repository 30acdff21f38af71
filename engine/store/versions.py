"""Versions of procedures as they stand in the tables."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.errors import NotFound
from engine.store.tables import ProcedureFile, VersionRow


@dataclass(frozen=True, slots=True)
class VersionFiles:
    """A version with every byte it consists of.

    Attributes:
        manifest: `files` (path relative to ``processes/`` to SHA-256), `parameters`, `switches`.
        files: Bytes by the manifest's paths.
    """

    procedure: str
    number: int
    manifest: Mapping[str, Any]
    files: Mapping[str, bytes] = field(repr=False)


def read_version(session: Session, version_id: str) -> VersionFiles:
    """Return a version with its files.

    Raises:
        NotFound: There is no such version.
    """
    row = session.get(VersionRow, version_id)
    if row is None:
        raise NotFound(version_id)
    paths = cast("Mapping[str, str]", row.manifest["files"])
    contents = {
        one.digest: one.content
        for one in session.scalars(
            sa.select(ProcedureFile).where(ProcedureFile.digest.in_(set(paths.values())))
        )
    }
    return VersionFiles(
        procedure=row.procedure,
        number=row.number,
        manifest=row.manifest,
        files={path: contents[digest] for path, digest in paths.items()},
    )


def newest_versions(
    session: Session, authority_id: str, *, tried: Collection[str] = ()
) -> dict[str, str]:
    """Return the id of the newest approved version of each procedure of an authority.

    Args:
        session: Reads.
        authority_id: Whose.
        tried: Procedures that may have nothing but a draft, in which cases are rehearsed; of
            those the newest draft is meant where nothing is approved.
    """
    is_approved = VersionRow.approved_at.is_not(None)
    rows = session.execute(
        sa.select(VersionRow.procedure, VersionRow.id)
        .where(
            VersionRow.authority_id == authority_id,
            sa.or_(is_approved, VersionRow.procedure.in_(set(tried))),
        )
        .order_by(VersionRow.procedure, sa.case((is_approved, 1), else_=0), VersionRow.number)
    )
    return {row.procedure: row.id for row in rows}


def version_in_force(
    session: Session, authority_id: str, procedure: str, day: date
) -> VersionRow | None:
    """Return the published version that binds a case opened on `day`, or None.

    Source: design.md §4: "latest" binds when the case opens.
    """
    return session.scalar(
        sa.select(VersionRow)
        .where(
            VersionRow.authority_id == authority_id,
            VersionRow.procedure == procedure,
            VersionRow.state == "published",
            sa.or_(VersionRow.effective_on.is_(None), VersionRow.effective_on <= day),
        )
        .order_by(VersionRow.number.desc())
        .limit(1)
    )
