"""Bytes on disk by their digest: the `Files` port for one machine."""

from __future__ import annotations

import hashlib
import os
import secrets
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

ASIDE = ".aside"
"""The ending of bytes that were set aside."""


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
        path = self._path(digest)
        for place in (path, _aside(path), path):  # it may be put back between two looks
            try:
                content = place.read_bytes()
                break
            except FileNotFoundError:
                continue
        else:
            raise KeyError(digest)
        if hashlib.sha256(content).hexdigest() != digest:
            raise ValueError(f"the bytes of {digest} were altered")
        return content

    def drop(self, digest: str) -> None:
        """Forget the bytes of `digest`, if there are any."""
        self._path(digest).unlink(missing_ok=True)

    def set_aside(self, digest: str) -> None:
        """Rename the bytes of `digest`, if there are any; see `engine.ports.Files`."""
        path = self._path(digest)
        with suppress(FileNotFoundError):
            path.replace(_aside(path))

    def put_back(self, digest: str) -> None:
        """Rename what was set aside to what it was, if it is still there."""
        path = self._path(digest)
        with suppress(FileNotFoundError):
            _aside(path).replace(path)

    def drop_aside(self, digest: str) -> None:
        """Forget what was set aside, if there is any."""
        _aside(self._path(digest)).unlink(missing_ok=True)

    def _path(self, digest: str) -> Path:
        if len(digest) != hashlib.sha256().digest_size * 2 or not digest.isalnum():
            raise KeyError(digest)
        return self._root / digest[:2] / digest


def _aside(path: Path) -> Path:
    return path.with_name(f"{path.name}{ASIDE}")
