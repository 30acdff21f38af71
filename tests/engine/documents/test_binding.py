"""案卷装订：封面、目录、页码连续；坏的、加密的、带脚本的，装不坏别的。"""

from __future__ import annotations

import io
import struct
import zlib
from datetime import UTC, datetime
from typing import Any

import pypdf
import pytest
from pypdf.generic import DictionaryObject, NameObject, NumberObject

from engine.documents.binding import PDF, Bound, Leaf, bind
from engine.documents.pictures import is_showable
from engine.documents.typeset import Typesetter

AT = datetime(2026, 3, 2, 1, tzinfo=UTC)
FRONT: dict[str, Any] = {
    "title": "某司问〔2026〕1号 案卷",
    "authority": "某重工集团",
    "facts": [["案号", "某司问〔2026〕1号"]],
    "made": "吕某 2026年3月2日 导出",
    "rehearsal": False,
}
A4, ACROSS = (595, 842), (842, 595)


def paper(*sizes: tuple[int, int], change: Any = None, password: str = "") -> bytes:
    writer = pypdf.PdfWriter()
    for width, height in sizes or (A4,):
        writer.add_blank_page(width, height)
    if change is not None:
        change(writer)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        whole = kind + data
        return struct.pack(">I", len(data)) + whole + struct.pack(">I", zlib.crc32(whole))

    rows = b"".join(b"\0" + b"\xff\xff\xff" * min(width, 8) for _ in range(min(height, 8)))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def bound(*leaves: Leaf) -> tuple[Bound, list[str]]:
    made = bind(Typesetter(), FRONT, leaves, AT)
    pages = pypdf.PdfReader(io.BytesIO(made.content)).pages
    return made, [one.extract_text().replace(" ", "") for one in pages]


class TestBound:
    """页码从封面数到卷末，目录指到每份材料的首页。"""

    def test_the_index_leads_to_the_first_page_of_each_paper(self) -> None:
        made, pages = bound(
            Leaf("决定书", "2026-03-02", content=paper(A4, ACROSS)),
            Leaf("回证", "2026-03-03", "某人签收", content=paper()),
        )
        assert made.pages == len(pages) == 5
        assert "1决定书2026-03-023" in pages[1].replace("\n", "")
        assert "2026-03-035" in pages[1].replace("\n", "")
        assert [f"第{one}页共5页" in page for one, page in enumerate(pages, 1)] == [True] * 5
        outline = pypdf.PdfReader(io.BytesIO(made.content)).outline
        assert [one.title for one in outline] == ["决定书", "回证"]  # type: ignore[union-attr]

    def test_a_turned_page_is_bound_upright(self) -> None:
        made, _ = bound(
            Leaf("扫描件", "2026-03-02", content=paper(change=lambda one: one.pages[0].rotate(90)))
        )
        page = pypdf.PdfReader(io.BytesIO(made.content)).pages[2]
        assert page.rotation == 0
        assert (int(page.mediabox.width), int(page.mediabox.height)) == ACROSS

    def test_a_picture_has_a_page_of_its_own(self) -> None:
        _, pages = bound(Leaf("照片", "2026-03-02", media_type="image/png", content=png(8, 8)))
        assert len(pages) == 3

    def test_a_long_index_counts_its_own_pages(self) -> None:
        leaves = [Leaf(f"材料{n}", "2026-03-02", content=paper()) for n in range(60)]
        _, pages = bound(*leaves)
        front = len(pages) - 60
        assert front > 2
        assert f"1材料02026-03-02{front + 1}" in pages[1].replace("\n", "")


class TestHostile:
    """别人给的文件，先当它是坏的。"""

    @pytest.mark.parametrize(
        "leaf",
        [
            Leaf("坏的", "2026-03-02", content=b"%PDF-1.7 broken"),
            Leaf("加密的", "2026-03-02", content=paper(password="x")),
            Leaf("录音", "2026-03-02", media_type="audio/mpeg", content=b"x"),
            Leaf("只列名的", "2026-03-02"),
            Leaf("炸弹", "2026-03-02", media_type="image/png", content=png(60_000, 60_000)),
            Leaf("假图", "2026-03-02", media_type="image/png", content=png(40, 40)),
        ],
        ids=lambda leaf: leaf.title,
    )
    def test_what_cannot_be_bound_is_named_and_the_rest_is_bound(self, leaf: Leaf) -> None:
        _, pages = bound(leaf, Leaf("决定书", "2026-03-02", content=paper()))
        assert len(pages) == 3
        assert leaf.title in pages[1]
        assert "未装订，见案卷压缩包" in pages[1]

    def test_nothing_that_acts_comes_over(self) -> None:
        def act(writer: pypdf.PdfWriter) -> None:
            script = DictionaryObject(
                {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): NumberObject(1)}
            )
            writer.pages[0][NameObject("/AA")] = DictionaryObject({NameObject("/O"): script})
            writer.root_object[NameObject("/OpenAction")] = script

        made, _ = bound(Leaf("带脚本的", "2026-03-02", content=paper(change=act)))
        read = pypdf.PdfReader(io.BytesIO(made.content))
        assert b"JavaScript" not in made.content
        assert "/OpenAction" not in read.root_object
        assert not any("/AA" in page for page in read.pages)

    def test_too_many_pages_are_left_out(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("engine.documents.binding.MOST_PAGES", 2)
        _, pages = bound(
            Leaf("三页", "2026-03-02", content=paper(A4, A4, A4)),
            Leaf("两页", "2026-03-02", content=paper(A4, A4)),
            Leaf("又一页", "2026-03-02", content=paper()),
        )
        assert len(pages) == 4
        assert pages[1].count("未装订") == 2


class TestPictures:
    """图先看尺寸再打开。"""

    @pytest.mark.parametrize(
        ("content", "fits"),
        [
            (png(100, 100), True),
            (png(60_000, 60_000), False),
            (b"\x89PNG\r\n\x1a\n", False),
            (b"\x89PNG\r\n\x1a\n" + b"x" * 30, False),
            (b"GIF89a", False),
            (b"\xff\xd8\xff\xe0\x00\x04xx\xff\xc0\x00\x0b\x08\x00\x10\x00\x20\x01", True),
            (b"\xff\xd8\xff\xc0\x00\x0b\x08\xff\xff\xff\xff\x01", False),
            (b"\xff\xd8\xff\xe0", False),
            (b"\xff\xd8xxxxxxxxxxxx", False),
        ],
    )
    def test_by_their_first_bytes(self, content: bytes, *, fits: bool) -> None:
        assert is_showable(content) is fits


def test_the_kind_that_is_bound_is_pdf() -> None:
    assert Leaf("x", "").media_type == PDF
