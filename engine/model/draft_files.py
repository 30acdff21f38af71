"""What a procedure's folder may hold: names, kinds and sizes of its files."""

from __future__ import annotations

import re

NAME = re.compile(r"[a-z][a-z0-9-]{0,79}")
"""What a procedure may be called: its folder and its process id."""

KINDS = (".yaml", ".bpmn", ".dmn", ".form", ".typ", ".docx", ".md", ".svg")
FILE_LIMIT = 5_000_000
FOLDER_LIMIT = 50_000_000
FILES_LIMIT = 2_000
PATH_LIMIT = 200
DEPTH_LIMIT = 4

_PART = re.compile(r"[\w\-][\w.\-]*")


def is_file_path(path: str) -> bool:
    """Whether a path may name a file of a draft: below its folder, of a known kind.

    Args:
        path: From the folder, with ``/`` between; hostile.
    """
    parts = path.split("/")
    return (
        len(path) <= PATH_LIMIT
        and len(parts) <= DEPTH_LIMIT
        and path.endswith(KINDS)
        and all(_PART.fullmatch(part) for part in parts)
    )


def is_procedure_name(name: str) -> bool:
    """Whether a procedure may be called so; ``shared`` is where shared folders stand."""
    return bool(NAME.fullmatch(name)) and name != "shared"
