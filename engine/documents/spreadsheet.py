"""Tables as .xlsx, written row by row; what a cell holds is text, never a formula."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

import xlsxwriter

Cell = str | int | date | None

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What makes a spreadsheet read a cell as a formula, here or once it was saved as CSV."""

LONGEST_CELL = 32_000
"""Characters; a cell of .xlsx holds 32,767."""

MOST_ROWS = 1_000_000
"""Rows below the head; a sheet of .xlsx has 1,048,576."""


def harmless(text: str) -> str:
    """Return a text that no spreadsheet reads as a formula: such a one begins with '.

    Source: OWASP, CSV injection.
    """
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text


def spreadsheet(
    name: str, head: Sequence[tuple[str, int]], rows: Iterable[Sequence[Cell]], *, made_at: datetime
) -> bytes:
    """Return a workbook of one sheet.

    Args:
        name: Of the sheet; up to 31 characters.
        head: The title and width, in characters, of each column.
        rows: Cells in the order of the columns; read one at a time.
        made_at: Written into the file as its creation.

    Raises:
        ValueError: There are more rows than a sheet holds.
    """
    file = io.BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(file, options) as book:
        book.set_properties({"title": name, "created": made_at.replace(tzinfo=None)})
        titled = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        plain = book.add_format({"valign": "top", "text_wrap": True})
        dated = book.add_format({"valign": "top", "num_format": "yyyy-mm-dd", "align": "left"})
        sheet = book.add_worksheet(name[:31])
        sheet.freeze_panes(1, 1)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        for column, (title, width) in enumerate(head):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, harmless(title), titled)
        for number, row in enumerate(rows, start=1):
            if number > MOST_ROWS:
                raise ValueError(f"a sheet holds {MOST_ROWS} rows")
            for column, cell in enumerate(row):
                _write(sheet, number, column, cell, plain, dated)
    return file.getvalue()


def _write(  # noqa: PLR0917 -- a cell and where it stands
    sheet: Any, row: int, column: int, cell: Cell, plain: Any, dated: Any
) -> None:
    if cell is None:
        sheet.write_blank(row, column, None, plain)
    elif isinstance(cell, str):
        sheet.write_string(row, column, harmless(cell)[:LONGEST_CELL], plain)
    elif isinstance(cell, int):
        sheet.write_number(row, column, cell, plain)
    else:
        sheet.write_datetime(row, column, cell, dated)
