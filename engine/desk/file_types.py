"""What may be attached to a case: few types, each known by its own bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

from engine.errors import Refusal

LARGEST = 20_000_000
"""Bytes."""

_MACROS = ("vbaProject.bin", "vbaData.xml", "activeX")


def media_type_of(name: str, content: bytes) -> str:
    """Return the media type of an attachment, by its name and its bytes together.

    Raises:
        Refusal: It is empty, too large, of no allowed type, or not what its name says.
    """
    if not content:
        raise Refusal("attachment.empty", name=name)
    if len(content) > LARGEST:
        raise Refusal("attachment.too_large", name=name, most_mb=LARGEST // 1_000_000)
    extension = name.rpartition(".")[2].lower()
    if extension not in _TYPES:
        raise Refusal("attachment.type", name=name, allowed=", ".join(sorted(_TYPES)))
    media_type, is_one = _TYPES[extension]
    if not is_one(content):
        raise Refusal("attachment.not_what_it_says", name=name, type=extension)
    return media_type


def _begins(*marks: bytes) -> Callable[[bytes], bool]:
    return lambda content: content.startswith(marks)


def _office(folder: str) -> Callable[[bytes], bool]:
    def is_one(content: bytes) -> bool:
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                names = archive.namelist()
        except (zipfile.BadZipFile, ValueError):
            return False
        inside = any(name.startswith(folder) for name in names)
        return inside and not any(mark in name for name in names for mark in _MACROS)

    return is_one


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return "\0" not in text


def _is_mp4(content: bytes) -> bool:
    return content[4:8] == b"ftyp"


_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TYPES: dict[str, tuple[str, Callable[[bytes], bool]]] = {
    "pdf": ("application/pdf", _begins(b"%PDF-")),
    "png": ("image/png", _begins(b"\x89PNG\r\n\x1a\n")),
    "jpg": ("image/jpeg", _begins(b"\xff\xd8\xff")),
    "jpeg": ("image/jpeg", _begins(b"\xff\xd8\xff")),
    "docx": (_WORD, _office("word/")),
    "xlsx": (_SHEET, _office("xl/")),
    "txt": ("text/plain", _is_text),
    "mp3": ("audio/mpeg", _begins(b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2")),
    "mp4": ("video/mp4", _is_mp4),
    "m4a": ("audio/mp4", _is_mp4),
}
