"""The pictures of a version's diagrams, as the modeller drew them: where a page finds them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import url_for

from engine.publishing.drawing.pictures import picture_path

if TYPE_CHECKING:
    from engine.store.tables import VersionRow


def picture_of(row: VersionRow, path: str = "") -> str:
    """Return the address of the picture of a version's diagram; "" where it has none.

    Args:
        row: The version.
        path: Of the diagram in the version's files; its own main one if none is named.
            Diagrams of shared procedures have no picture here.
    """
    own = f"{row.procedure}/"
    main = f"{own}{row.procedure}.bpmn"
    drawn = path or main
    kept = row.manifest.get("files")
    if not drawn.startswith(own) or not isinstance(kept, dict) or picture_path(drawn) not in kept:
        return ""
    other = drawn.removeprefix(own) if drawn != main else None
    return url_for("designer.picture", version_id=row.id, diagram=other)
