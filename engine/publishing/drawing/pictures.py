"""The picture of a diagram, as the modeller drew it: kept beside it in the folder, always cleaned.

It is a browser's word, so it is cleaned when it is saved and again when it is shown: a folder may
come from elsewhere. It changes no rule; differences between folders leave it out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import bpmn

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

DIAGRAM, PICTURE = ".bpmn", ".svg"


def picture_path(path: str) -> str:
    """Return where the picture of a diagram stands: `a.svg` beside `a.bpmn`."""
    return path.removesuffix(DIAGRAM) + PICTURE


def is_picture(path: str, files: Container[str]) -> bool:
    """Return whether a file is the picture of a diagram among `files`."""
    return path.endswith(PICTURE) and path.removesuffix(PICTURE) + DIAGRAM in files


def cleaned_picture(diagram: bytes, picture: bytes) -> bytes | None:
    """Return a picture with nothing but shapes and texts; None where it cannot be made safe.

    Args:
        diagram: Whose; a shape keeps its element's id only where the diagram has it.
        picture: SVG as it was sent; hostile.
    """
    try:
        drawn = bpmn.read_diagram(diagram, name="diagram")
        return bpmn.clean_svg(picture, ids={str(one.id) for one in drawn.nodes()})
    except bpmn.DiagramRefused:
        return None


def picture_in(files: Mapping[str, bytes], path: str) -> str:
    """Return the cleaned picture of a diagram; "" where there is none that is safe."""
    picture = files.get(picture_path(path))
    if picture is None or path not in files:
        return ""
    cleaned = cleaned_picture(files[path], picture)
    return cleaned.decode() if cleaned is not None else ""
