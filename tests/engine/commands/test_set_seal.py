"""印章图片：由管理员上传，只盖在待签发的文书上；图片不是电子签章，电子签章由接口提供。"""

from __future__ import annotations

import io
import struct
import zlib

import pypdf
import pytest

from engine.commands.set_seal import PNG, own_seal, seal_of, set_seal
from engine.errors import NotAllowed, Refusal
from tests.engine.boardroom import Boardroom


def picture() -> bytes:
    """Return a PNG of one red point, written by hand (ISO/IEC 15948)."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    points = zlib.compress(b"\0\xe6\x00\x12")
    return PNG + chunk(b"IHDR", head) + chunk(b"IDAT", points) + chunk(b"IEND", b"")


class Sealing:
    """A provider of electronic seals that marks what it was given."""

    def seal(self, pdf: bytes, *, authority_id: str, title: str) -> bytes:
        return pdf + f"%sealed {title}".encode()


def pdf_of(room: Boardroom) -> bytes:
    return room.office.files.get(room.document(room.prepared()).pdf)


def sealed_with_picture(room: Boardroom, content: bytes) -> bool:
    """Return whether the template was given the picture, by what the test's template draws."""
    return bool(pypdf.PdfReader(io.BytesIO(content)).pages[0].images)


class TestThePicture:
    """只认 PNG，不超过 500 KB；新的代替旧的。"""

    def test_the_newest_counts(self, room: Boardroom) -> None:
        assert room.office.ask(room.actor("管理员"), own_seal) is None
        room.give("管理员", set_seal, PNG)
        room.give("管理员", set_seal, picture())
        assert room.office.ask(room.actor("管理员"), own_seal) == picture()
        assert room.office.ask(room.actor("system"), seal_of, "another") is None

    @pytest.mark.parametrize("content", [b"", b"GIF89a", PNG + b"x" * 500_000])
    def test_what_is_no_such_picture_is_refused(self, room: Boardroom, content: bytes) -> None:
        with pytest.raises(Refusal, match=r"seal\.type"):
            room.give("管理员", set_seal, content)

    def test_only_an_administrator_sets_or_sees_it_here(self, room: Boardroom) -> None:
        with pytest.raises(NotAllowed):
            room.give("主席", set_seal, picture())
        with pytest.raises(NotAllowed):
            room.office.ask(room.actor("主席"), own_seal)


class TestOnDocuments:
    """待签发的文书加盖印章图片；草稿不盖。"""

    def test_what_is_to_be_signed_shows_it(self, room: Boardroom) -> None:
        room.give("管理员", set_seal, picture())
        assert sealed_with_picture(room, pdf_of(room))

    def test_without_a_picture_nothing_is_shown(self, room: Boardroom) -> None:
        assert not sealed_with_picture(room, pdf_of(room))

    def test_a_provider_of_electronic_seals_is_asked_for_what_is_to_be_signed(
        self, room: Boardroom
    ) -> None:
        room.office.seals = Sealing()
        assert pdf_of(room).endswith("%sealed 问责决定书".encode())
