"""Bytes on disk by their digest: the `Files` port for one machine."""

from __future__ import annotations

import hashlib
import os
import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class DiskFiles:
    """Keeps bytes below one folder, outside the web root; see `engine.ports.Files`."""

    def __init__(self, root: Path) -> None:
        """Use `root`, which is made where it is missing."""
        self._root = root
        root.mkdir(parents=True, exist_ok=True)

    def put(self, content: bytes) -> str:
        """Store `content` durably and return its SHA-256 as 64 hex digits.

        The bytes are complete on disk before the name appears; storing the same
        bytes twice leaves one file.
        """
        digest = hashlib.sha256(content).hexdigest()
        path = self._path(digest)
        if path.exists():
            return digest
        path.parent.mkdir(exist_ok=True)
        partial = path.with_name(f"{digest}.{secrets.token_hex(8)}.part")
        with partial.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        return digest

    def get(self, digest: str) -> bytes:
        """Return the bytes of `digest`, verified against it.

        Raises:
            KeyError: There are none.
            ValueError: They no longer have this digest.
        """
        try:
            content = self._path(digest).read_bytes()
        except FileNotFoundError as missing:
            raise KeyError(digest) from missing
        if hashlib.sha256(content).hexdigest() != digest:
            raise ValueError(f"the bytes of {digest} were altered")
        return content

    def drop(self, digest: str) -> None:
        """Forget the bytes of `digest`, if there are any."""
        self._path(digest).unlink(missing_ok=True)

    def _path(self, digest: str) -> Path:
        if len(digest) != hashlib.sha256().digest_size * 2 or not digest.isalnum():
            raise KeyError(digest)
        return self._root / digest[:2] / digest
