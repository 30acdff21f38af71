"""A draft as a zip, as it can be uploaded again."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The same files give the same bytes, whenever they are packed."""


def zipped(procedure: str, files: Mapping[str, bytes]) -> bytes:
    """Return a zip with one folder, named like the procedure.

    Args:
        procedure: Its id.
        files: Bytes by path below the folder.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in sorted(files.items()):
            archive.writestr(
                zipfile.ZipInfo(f"{procedure}/{path}", EPOCH), content, zipfile.ZIP_DEFLATED
            )
    return buffer.getvalue()
