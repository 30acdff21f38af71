"""Lists of the organisation as CSV or xlsx, hostile until checked; the page to import them."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import date, timedelta
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from flask import request, url_for

from engine.commands.import_roster import RosterLine, import_roster, roster_changes
from engine.desk import Desk
from engine.errors import NotAllowed, Refusal
from web.acting import then
from web.administration.area import page, pages
from web.failures import say
from web.texts import gettext as _
from web.visiting import ask
from web.wording import full_day_text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

MEGABYTES = 2
UNPACKED = 20_000_000
COLUMNS = {
    "unit": "unit",
    "单位": "unit",
    "name": "name",
    "姓名": "name",
    "title": "title",
    "职务": "title",
    "role": "role",
    "角色": "role",
    "from": "valid_from",
    "任职日期": "valid_from",
    "to": "valid_to",
    "截止日期": "valid_to",
}
EPOCH = date(1899, 12, 30)
"""Day 0 of a spreadsheet's serial days (ISO/IEC 29500-1 §18.17.4.1)."""
LARGEST_SERIAL = 80_000
CELL = re.compile(r"([A-Z]{1,3})\d+")
SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"


@pages.get("/people/import", endpoint="roster")
def roster() -> str:
    """Ask for a list."""
    ask(Desk.require_admin)
    return _page()


@pages.post("/people/import")
def roster_act() -> Any:
    """Show what a list would change; take it in once that was confirmed."""
    ask(Desk.require_admin)
    try:
        if request.form.get("action") == "confirm":
            text = request.form.get("list", "")
            return then(
                url_for("administration.people"),
                _("名单已导入。"),
                import_roster,
                lines_of(read_csv(text.encode())),
            )
        sent = request.files.get("file")
        rows = read_rows(sent.read(MEGABYTES * 1_000_000 + 1) if sent is not None else b"")
        return _page(rows, ask(roster_changes, lines_of(rows)))
    except NotAllowed:
        raise
    except Refusal as refusal:
        return _page(refused=say(refusal)), 409


def read_rows(content: bytes) -> list[list[str]]:
    """Return the rows of a CSV or xlsx file as texts.

    Raises:
        Refusal: It is too large, or neither.
    """
    if len(content) > MEGABYTES * 1_000_000:
        raise Refusal("roster.too_large", megabytes=MEGABYTES)
    return read_xlsx(content) if content.startswith(b"PK") else read_csv(content)


def read_csv(content: bytes) -> list[list[str]]:
    """Return the rows of a CSV file in UTF-8, or as Chinese spreadsheets write it, GB 18030.

    Raises:
        Refusal: It is in neither.
    """
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
            return [row for row in csv.reader(io.StringIO(text)) if any(row)]
        except (UnicodeDecodeError, csv.Error):
            continue
    raise Refusal("roster.unreadable")


def read_xlsx(content: bytes) -> list[list[str]]:
    """Return the rows of the first sheet of a workbook as texts.

    Raises:
        Refusal: It is none, grows beyond 20 MB, or holds a document type.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            names = set(book.namelist())
            strings = _strings(_tree(book, STRINGS)) if STRINGS in names else []
            return [row for row in _rows(_tree(book, SHEET), strings) if any(row)]
    except (zipfile.BadZipFile, KeyError, ET.ParseError, ValueError, IndexError) as error:
        raise Refusal("roster.unreadable") from error


def lines_of(rows: list[list[str]]) -> list[RosterLine]:
    """Return rows as lines of a list; the first names the columns, in any order.

    Raises:
        Refusal: There is no column of names, or a date is none.
    """
    columns = [COLUMNS.get(one.strip().lower(), "") for one in rows[0]] if rows else []
    if "name" not in columns:
        raise Refusal("roster.unreadable")
    lines = []
    for number, row in enumerate(rows[1:], 1):
        told = {name: one.strip() for name, one in zip(columns, row, strict=False) if name}
        unit = "/".join(one.strip() for one in told.get("unit", "").split("/") if one.strip())
        lines.append(
            RosterLine(
                number,
                unit,
                told.get("name", ""),
                told.get("title", ""),
                told.get("role", ""),
                _day(told.get("valid_from", ""), number),
                _day(told.get("valid_to", ""), number),
            )
        )
    return lines


def _day(text: str, line: int) -> date | None:
    if not text:
        return None
    try:
        if text.isdecimal() and text.isascii() and int(text) <= LARGEST_SERIAL:
            return EPOCH + timedelta(days=int(text))
        return date.fromisoformat(text)
    except ValueError:
        raise Refusal("roster.no_day", line=line, text=text[:40]) from None


def _tree(book: zipfile.ZipFile, name: str) -> ET.Element:
    if book.getinfo(name).file_size > UNPACKED:
        raise ValueError(name)
    content = book.read(name)
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content or b"\x00" in content:
        raise ValueError(name)  # UTF-16 has zeros, and could hide a document type
    return ET.fromstring(content)  # noqa: S314 -- no document type, no entities


def _strings(tree: ET.Element) -> list[str]:
    return [_texts(one) for one in tree.iterfind("{*}si")]


def _texts(within: ET.Element) -> str:
    return "".join(text.text or "" for text in within.iterfind(".//{*}t"))


def _rows(tree: ET.Element, strings: list[str]) -> Iterable[list[str]]:
    for row in tree.iterfind(".//{*}row"):
        cells: dict[int, str] = {}
        for cell in row.iterfind("{*}c"):
            place = CELL.fullmatch(cell.get("r", ""))
            column = _column(place[1]) if place else len(cells)
            cells[column] = _value(cell, strings)
        yield [cells.get(one, "") for one in range(min(max(cells, default=-1) + 1, 50))]


def _value(cell: ET.Element, strings: list[str]) -> str:
    if cell.get("t") == "inlineStr":
        return _texts(cell)
    text = cell.findtext("{*}v") or ""
    return strings[int(text)] if cell.get("t") == "s" and text else text


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _page(
    rows: list[list[str]] | None = None, changes: Iterable[Any] = (), refused: str = ""
) -> str:
    written = io.StringIO()
    csv.writer(written).writerows(rows or [])
    kinds = {"unit": _("增加单位"), "person": _("增加人员"), "post": _("任职"), "end": _("免职")}
    return page(
        "roster",
        "people",
        text=written.getvalue(),
        count=len(rows) - 1 if rows else 0,
        changes=[
            {
                "line": one.line,
                "kind": kinds[one.kind],
                "what": one.what,
                "day": full_day_text(one.day) if one.day else "",
            }
            for one in changes
        ],
        refused=refused,
    )
