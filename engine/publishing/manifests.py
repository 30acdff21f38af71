"""The manifest that publishing freezes: the digest of everything a version consists of."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from engine.workflow.manifests import digest_of_manifest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.publishing.folders import Folder


def manifest_of(
    folder: Folder,
    *,
    parameters: Mapping[str, object] | None = None,
    switches: Mapping[str, object] | None = None,
) -> dict[str, object]:
    """Return the manifest of a folder with the values in force.

    Args:
        folder: The procedure, shared folders included.
        parameters: Values that differ from those of ``procedure.yaml``.
        switches: Likewise.

    Returns:
        `files` (path to SHA-256), `scenarios` (likewise), `parameters`, `switches`.
    """
    return {
        "files": {path: sha256(content) for path, content in sorted(folder.files.items())},
        "scenarios": {path: sha256(content) for path, content in sorted(folder.scenarios.items())},
        "parameters": dict(parameters or {}),
        "switches": dict(switches or {}),
    }


def sha256(content: bytes) -> str:
    """Return the SHA-256 of `content`, as hex."""
    return hashlib.sha256(content).hexdigest()


__all__ = ["digest_of_manifest", "manifest_of", "sha256"]
