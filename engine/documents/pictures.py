"""Pictures that are put on a page: of a known kind, and no larger than a scan."""

from __future__ import annotations

PICTURES = {"image/png": "png", "image/jpeg": "jpg"}
"""The kinds that are shown, with the ending of their names."""

MOST_PIXELS = 60_000_000
"""A page of A4 scanned at 600 dots an inch has 35 million; a bomb has billions."""

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8"
_MARK = 0xFF
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_SIZED = 24
"""Bytes of a PNG up to the end of its width and height."""


def is_showable(content: bytes) -> bool:
    """Return whether a picture says its size, and is small enough to be unpacked."""
    size = _png(content) if content.startswith(_PNG) else _jpeg(content)
    return size is not None and 0 < size[0] * size[1] <= MOST_PIXELS


def _png(content: bytes) -> tuple[int, int] | None:
    if len(content) < _SIZED or content[12:16] != b"IHDR":
        return None
    return int.from_bytes(content[16:20]), int.from_bytes(content[20:24])


def _jpeg(content: bytes) -> tuple[int, int] | None:
    """Return the size that the first frame header of a JPEG gives."""
    if not content.startswith(_JPEG):
        return None
    at = 2
    while at + 9 <= len(content) and content[at] == _MARK:
        marker = content[at + 1]
        if marker in _FRAMES:
            height = int.from_bytes(content[at + 5 : at + 7])
            return int.from_bytes(content[at + 7 : at + 9]), height
        at += 2 + int.from_bytes(content[at + 2 : at + 4])
    return None
