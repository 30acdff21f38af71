"""The papers of a case as one PDF: cover, index, papers, page numbers throughout (案卷)."""

from __future__ import annotations

import io
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pypdf
from pypdf.errors import PyPdfError

from engine.documents.pictures import PICTURES, is_showable
from engine.documents.typeset import TemplateFault, Typesetter

LAYOUT = Path(__file__).parent / "layout"
PDF = "application/pdf"
MOST_PAGES = 5_000
"""Pages that are bound; what goes beyond stands in the index and is in the zip."""

BROKEN = (
    PyPdfError,
    TemplateFault,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    OverflowError,
    RecursionError,
    zlib.error,
)
"""What reading a paper that somebody broke on purpose may raise."""

ACTIVE = ("/AA", "/Annots", "/B", "/Metadata", "/PieceInfo")
"""Entries of a page that may act, lead elsewhere or tell what nobody sees."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A paper to be bound.

    Attributes:
        day: As it is written in the index.
        note: A line below its name; why it is not bound, for one.
        content: Its bytes; empty for a paper that is only named.
    """

    title: str
    day: str
    note: str = ""
    media_type: str = PDF
    content: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Bound:
    """The bound file, and how many pages it has."""

    content: bytes = field(repr=False)
    pages: int


def bind(
    typesetter: Typesetter, front: Mapping[str, Any], leaves: Sequence[Leaf], at: datetime
) -> Bound:
    """Return the papers bound together.

    A paper that is no PDF or picture, is locked, broken or too long is named in the index and
    not bound. Nothing that acts (scripts, links, forms) comes over from a paper.

    Args:
        typesetter: Makes cover, index and numbers.
        front: `title`, `authority`, `facts` (pairs), `made` and `rehearsal` for the cover.
        leaves: In their order.
        at: Written into the file; aware.
    """
    papers = [_pages_of(typesetter, leaf, at) for leaf in leaves]
    room = MOST_PAGES
    bound: list[list[pypdf.PageObject]] = []
    for pages in papers:
        fits = len(pages) <= room
        bound.append(pages if fits else [])
        room -= len(pages) if fits else 0
    lengths = [len(pages) for pages in bound]
    first = _front(typesetter, front, leaves, lengths, 0, at)
    before = len(first.pages)
    head = _front(typesetter, front, leaves, lengths, before, at)
    writer = pypdf.PdfWriter()
    for page in head.pages:
        writer.add_page(page)
    for leaf, pages in zip(leaves, bound, strict=True):
        start = len(writer.pages)
        for page in pages:
            writer.add_page(page)
        if pages:
            writer.add_outline_item(title=leaf.title, page_number=start)
    _number(typesetter, writer, at)
    writer.add_metadata({"/Title": str(front["title"]), "/Author": str(front["authority"])})
    file = io.BytesIO()
    writer.write(file)
    return Bound(file.getvalue(), len(writer.pages))


def layout() -> dict[str, bytes]:
    """Return the platform's own templates, by name."""
    return {path.name: path.read_bytes() for path in sorted(LAYOUT.glob("*.typ"))}


def _front(  # noqa: PLR0917 -- a cover and what its index is made from
    typesetter: Typesetter,
    front: Mapping[str, Any],
    leaves: Sequence[Leaf],
    lengths: Sequence[int],
    before: int,
    at: datetime,
) -> pypdf.PdfReader:
    """Typeset cover and index; `before` is how many pages they take themselves."""
    page, papers = before + 1, []
    for number, (leaf, length) in enumerate(zip(leaves, lengths, strict=True), start=1):
        unbound = "" if length or leaf.note else "未装订，见案卷压缩包"
        papers.append(
            {
                "number": number,
                "title": leaf.title,
                "note": leaf.note or unbound,
                "day": leaf.day,
                "page": str(page) if length else "—",
            }
        )
        page += length
    pdf = typesetter.pdf(layout(), "cover.typ", {**front, "papers": papers}, at)
    return pypdf.PdfReader(io.BytesIO(pdf))


def _pages_of(typesetter: Typesetter, leaf: Leaf, at: datetime) -> list[pypdf.PageObject]:
    """Return the pages of a paper; none where it cannot be bound. It may be hostile."""
    content = leaf.content
    if not content:
        return []
    try:
        if leaf.media_type in PICTURES and is_showable(content):
            name = f"picture.{PICTURES[leaf.media_type]}"
            files = {**layout(), name: content}
            content = typesetter.pdf(files, "picture.typ", {"picture": name}, at)
        elif leaf.media_type != PDF:
            return []
        return _cleaned(pypdf.PdfReader(io.BytesIO(content)))
    except BROKEN:
        return []


def _cleaned(reader: pypdf.PdfReader) -> list[pypdf.PageObject]:
    """Return the pages upright, with nothing that acts; whatever is broken in them breaks here."""
    if reader.is_encrypted or len(reader.pages) > MOST_PAGES:
        return []
    writer = pypdf.PdfWriter()
    for page in reader.pages:
        added = writer.add_page(page)
        for entry in ACTIVE:
            added.pop(entry, None)
        if added.rotation:
            added.transfer_rotation_to_content()
        box = added.mediabox
        added.merge_page(pypdf.PageObject.create_blank_page(width=box.width, height=box.height))
    file = io.BytesIO()
    writer.write(file)
    return list(pypdf.PdfReader(file).pages)


def _number(typesetter: Typesetter, writer: pypdf.PdfWriter, at: datetime) -> None:
    whole = len(writer.pages)
    sheets = [
        {
            "width": float(page.mediabox.width),
            "height": float(page.mediabox.height),
            "label": f"第 {number} 页 共 {whole} 页",
        }
        for number, page in enumerate(writer.pages, start=1)
    ]
    pdf = typesetter.pdf(layout(), "numbers.typ", {"pages": sheets}, at)
    labels = pypdf.PdfReader(io.BytesIO(pdf)).pages
    for page, label in zip(writer.pages, labels, strict=True):
        left, bottom = float(page.mediabox.left), float(page.mediabox.bottom)
        page.merge_translated_page(label, left, bottom)
