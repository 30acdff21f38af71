"""What helps to draw a procedure: where one begins, what is offered, what changed."""

from __future__ import annotations

from engine.publishing.drawing.beginnings import (
    copied,
    empty_folder,
    from_diagram,
    own_files,
    title_in,
)
from engine.publishing.drawing.editing import YamlEditRefused, with_value, without
from engine.publishing.drawing.offering import element_templates
from engine.publishing.drawing.packing import zipped

__all__ = [
    "YamlEditRefused",
    "copied",
    "element_templates",
    "empty_folder",
    "from_diagram",
    "own_files",
    "title_in",
    "with_value",
    "without",
    "zipped",
]
