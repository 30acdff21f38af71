"""Digests that carry the name of their algorithm, so that a record outlives one."""

from __future__ import annotations

import hashlib

SHA256 = "sha256"
SM3 = "sm3"
ALGORITHMS = (SHA256, SM3)
"""SHA-256 (FIPS 180-4) and SM3 (GB/T 32905-2016); both give 32 bytes."""


def raw_digest(content: bytes, algorithm: str) -> bytes:
    """Return the 32 bytes of `content`'s digest.

    Raises:
        ValueError: `algorithm` is none of `ALGORITHMS`.
    """
    if algorithm not in ALGORITHMS:
        raise ValueError(f"no digest algorithm {algorithm!r}")
    return hashlib.new(algorithm, content).digest()


def digest(content: bytes, algorithm: str = SHA256) -> str:
    """Return the digest of `content` as ``algorithm:hex``.

    Raises:
        ValueError: `algorithm` is none of `ALGORITHMS`.
    """
    return f"{algorithm}:{raw_digest(content, algorithm).hex()}"


def algorithm_of(named: str) -> str:
    """Return which algorithm made a digest; the default where its name is unknown.

    A digest whose name was altered is then simply not the one expected.
    """
    name = named.partition(":")[0]
    return name if name in ALGORITHMS else SHA256
