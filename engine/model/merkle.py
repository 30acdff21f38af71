"""One digest over many: a Merkle tree as RFC 6962 §2.1 defines it.

A leaf is hashed with the byte 0 before it and an inner node with the byte 1, so that a
node can never be passed off as a leaf. A tree of n leaves is split at the largest power
of two below n.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.model.digests import SHA256, raw_digest

if TYPE_CHECKING:
    from collections.abc import Sequence

LEAF, NODE = b"\x00", b"\x01"


def root_of(leaves: Sequence[bytes], algorithm: str = SHA256) -> bytes:
    """Return the root over `leaves`, 32 bytes; that of no leaves is the digest of nothing.

    Takes as many hashes as there are leaves, twice.
    """
    if not leaves:
        return raw_digest(b"", algorithm)
    level = [raw_digest(LEAF + leaf, algorithm) for leaf in leaves]
    while len(level) > 1:
        paired = [
            raw_digest(NODE + left + right, algorithm)
            for left, right in zip(level[::2], level[1::2], strict=False)
        ]
        # An odd node moves up as it is: the same tree as RFC 6962's, built from below.
        level = [*paired, *level[len(paired) * 2 :]]
    return level[0]


def path_to(leaves: Sequence[bytes], index: int, algorithm: str = SHA256) -> tuple[bytes, ...]:
    """Return the audit path of a leaf: the neighbours on its way to the root, from below.

    Args:
        leaves: All of them.
        index: Which, from 0.
        algorithm: One of `ALGORITHMS`.

    Raises:
        IndexError: There is no such leaf.
    """
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    level = [raw_digest(LEAF + leaf, algorithm) for leaf in leaves]
    path: list[bytes] = []
    while len(level) > 1:
        neighbour = index ^ 1
        if neighbour < len(level):
            path.append(level[neighbour])
        paired = [
            raw_digest(NODE + left + right, algorithm)
            for left, right in zip(level[::2], level[1::2], strict=False)
        ]
        level = [*paired, *level[len(paired) * 2 :]]
        index //= 2
    return tuple(path)


def root_by(
    leaf: bytes, index: int, size: int, path: Sequence[bytes], algorithm: str = SHA256
) -> bytes:
    """Return the root that `path` leads to from a leaf; equal to the tree's if it is in it.

    Args:
        leaf: Its content.
        index: Its place, from 0, below `size`.
        size: How many leaves the tree has.
        path: As `path_to` gives it.
        algorithm: One of `ALGORITHMS`.

    Raises:
        ValueError: The path is too short or too long for the place.
    """
    if not 0 <= index < size:
        raise ValueError("the leaf is outside of the tree")
    found = raw_digest(LEAF + leaf, algorithm)
    rest = list(path)
    while size > 1:
        if index ^ 1 < size:
            if not rest:
                raise ValueError("the path is too short")
            beside = rest.pop(0)
            pair = beside + found if index % 2 else found + beside
            found = raw_digest(NODE + pair, algorithm)
        index //= 2
        size = (size + 1) // 2
    if rest:
        raise ValueError("the path is too long")
    return found
