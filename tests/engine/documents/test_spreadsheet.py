"""台账文件：单元格只是文字，不是公式（OWASP，CSV 注入）。"""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, date, datetime

import pytest

from engine.documents.spreadsheet import LONGEST_CELL, Cell, harmless, spreadsheet

AT = datetime(2026, 3, 2, 1, tzinfo=UTC)


def sheet(rows: list[list[Cell]]) -> str:
    content = spreadsheet("台账", [("案号", 20), ("=列", 10)], rows, made_at=AT)
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return book.read("xl/worksheets/sheet1.xml").decode()


class TestHarmless:
    """以 = + - @ 制表符、回车、换行开头的，前面加一个撇号。"""

    @pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n"])
    def test_what_begins_like_a_formula_does_so_no_more(self, sign: str) -> None:
        assert harmless(f"{sign}1+1") == f"'{sign}1+1"

    @pytest.mark.parametrize("text", ["某司问〔2026〕1号", "1=1", "", "'x"])
    def test_anything_else_stays_as_it_is(self, text: str) -> None:
        assert harmless(text) == text


class TestTheSheet:
    """逐行写出；首行、首列固定，横向打印。"""

    def test_holds_texts_days_numbers_and_gaps_and_no_formula(self) -> None:
        said = sheet([["=1+1", date(2026, 3, 2)], [3, None], ["http://x", "@a"]])
        assert "'=1+1" in said
        assert "'@a" in said
        assert "'=列" in said
        assert "<f>" not in said
        assert "<v>46083</v>" in said  # 2 March 2026, days since 30 December 1899
        assert "hyperlink" not in said

    def test_a_text_that_is_too_long_is_cut(self) -> None:
        said = sheet([["长" * 40_000, ""]])
        assert said.count("长") == LONGEST_CELL

    def test_more_rows_than_a_sheet_holds_are_refused(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("engine.documents.spreadsheet.MOST_ROWS", 1)
        with pytest.raises(ValueError, match="holds 1 rows"):
            sheet([["a", "b"], ["c", "d"]])
