"""The digest by which a version's manifest is known."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import orjson


def digest_of_manifest(manifest: Mapping[str, object]) -> str:
    """Return the SHA-256 of the canonical manifest, as hex."""
    return hashlib.sha256(orjson.dumps(manifest, option=orjson.OPT_SORT_KEYS)).hexdigest()
