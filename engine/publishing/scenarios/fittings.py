"""What stands on a stage in place of the real: files in memory, one proof for alike documents."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from engine.documents.typeset import Typesetter

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from pathlib import Path


class MemoryFiles:
    """Bytes by their digest, for as long as a scenario plays; see `engine.ports.Files`."""

    def __init__(self, held: Mapping[str, bytes] | None = None) -> None:
        """Hold what is given, by digest; nothing if nothing is."""
        self._held: dict[str, bytes] = dict(held or {})
        self._aside: dict[str, bytes] = {}

    def put(self, content: bytes) -> str:
        """Keep `content` and return its SHA-256."""
        digest = hashlib.sha256(content).hexdigest()
        self._held[digest] = content
        return digest

    def get(self, digest: str) -> bytes:
        """Return the bytes of `digest`.

        Raises:
            KeyError: There are none.
        """
        return self._held[digest] if digest in self._held else self._aside[digest]

    def drop(self, digest: str) -> None:
        """Forget the bytes of `digest`, if there are any."""
        self._held.pop(digest, None)

    def set_aside(self, digest: str) -> None:
        """Put the bytes of `digest` aside, if there are any."""
        if digest in self._held:
            self._aside[digest] = self._held.pop(digest)

    def put_back(self, digest: str) -> None:
        """Let what was set aside be relied on again, if it is still there."""
        if digest in self._aside:
            self._held[digest] = self._aside.pop(digest)

    def drop_aside(self, digest: str) -> None:
        """Forget what was set aside, if there is any."""
        self._aside.pop(digest, None)

    def all(self) -> dict[str, bytes]:
        """Return everything held, by digest."""
        return dict(self._held)


class Proofs(Typesetter):
    """Typesets each template once for each shape of its data, and keeps that proof.

    What can break a template is which of its data are there and of what kind, not
    their words; so a hundred scenarios do not typeset the same letter a hundred times.
    """

    def __init__(self, fonts: Sequence[Path] = ()) -> None:
        """Look for fonts in the folders `fonts` beside those of the system."""
        super().__init__(fonts)
        self._proofs: dict[str, bytes] = {}

    def pdf(
        self,
        files: Mapping[str, bytes],
        template: str,
        data: Mapping[str, object],
        at: datetime,
    ) -> bytes:
        """Return a proof of `template` with data of this shape.

        Raises:
            TemplateFault: It does not compile.
        """
        key = f"{template} {_shape(data)}"
        if key not in self._proofs:
            self._proofs[key] = super().pdf(files, template, data, at)
        return self._proofs[key]


def _shape(value: object) -> object:
    """Return what is there of a value, without its words."""
    if isinstance(value, dict):
        return {str(key): _shape(part) for key, part in value.items()}
    if isinstance(value, list):
        return sorted({repr(_shape(part)) for part in value})
    return type(value).__name__ if value not in (None, "") else None
