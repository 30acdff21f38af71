"""追溯表：规格的每一行，或者指到办理它的元素、规则、期限、测试，或者写明缺什么。"""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from tools.citations import ROOT, cited_in, folders, read_citation
from tools.traceability import (
    DOCUMENT,
    Book,
    Untraced,
    document,
    is_shipped,
    pointers,
    read_book,
    read_row,
    troubles,
)


@pytest.fixture(scope="module")
def book() -> Book:
    return read_book()


def of_the_law(document: str) -> list[str]:
    """Return the lines of the document but those on supervision and the count of all."""
    return [
        line for line in document.splitlines() if "| SUP-" not in line and " targets: " not in line
    ]


def is_within(part: str, whole: str) -> bool:
    one, other = read_citation(part), read_citation(whole)
    assert one is not None
    assert other is not None
    return one.is_within(other)


class TestTheDocument:
    """docs/traceability.md 由 `python -m tools.traceability` 生成；过时的不能合入。"""

    def test_is_what_the_tool_writes_now(self, book: Book) -> None:
        written, now = DOCUMENT.read_text("utf-8"), document(book)

        assert of_the_law(written) == of_the_law(now), "run `python -m tools.traceability`"

    def test_what_holds_a_requirement_of_supervision_is_still_there(self, book: Book) -> None:
        """Tests come and go more often than articles: those that are named must be there."""
        rows = re.findall(r"\| (SUP-\d+) \| (.*) \|$", DOCUMENT.read_text("utf-8"), re.MULTILINE)

        assert len(rows) > 50
        for requirement, held in rows:
            for pointer in re.findall(r"`([^`]+)`", held):
                path, _, text = pointer.partition("#")
                content = (ROOT / path).read_text("utf-8")
                assert pointer in book.proofs.get(requirement, ()) or requirement in content
                assert text in content

    def test_every_target_of_a_shipped_procedure_is_answered_to_or_has_its_reason(
        self, book: Book
    ) -> None:
        assert troubles(book) == []

    def test_the_shipped_procedures_are_the_folders_that_are_there(self, book: Book) -> None:
        shipped = {"P01", "P03", "P04", "P06", "P09", "P15", "P27", "P28", "P35", "P36", "P42"}

        assert {one for one in book.homes if one.startswith("P")} == shipped
        assert {one for one in book.homes if one.startswith("C")} == {
            f"C{number:02}" for number in range(1, 26)
        }
        assert set(book.homes.values()) <= set(folders())
        assert not any(is_shipped(book, f"P{number:02}") for number in (2, 5, 7, 8, 10, 43))


class TestWhatFails:
    """缺而没有理由、不缺而有理由，都不能生成。"""

    def test_a_target_without_anybody(self, book: Book) -> None:
        title, rows = book.sections[0]
        gone = replace(rows[0], targets=("DL-CA-99",))
        found = troubles(replace(book, sections=((title, (gone,)),)))

        assert found == [f"{title} §1 L11 DL-CA-99: nothing answers to it, and no reason is given"]

    def test_a_reason_for_what_is_there(self, book: Book) -> None:
        title, rows = book.sections[0]
        excused = replace(rows[0], lacks={"P01": "尚未做"})
        broken = replace(book, sections=((title, (excused,)),))

        with pytest.raises(Untraced, match="P01: is there"):
            document(broken)

    def test_a_procedure_that_is_called_unshipped_and_is_there(self, book: Book) -> None:
        broken = replace(book, unshipped=("P01",), sections=book.sections[:1])

        assert any("P01: is shipped after all" in one for one in troubles(broken))

    def test_a_proof_that_is_gone(self, book: Book) -> None:
        row = replace(book.sections[0][1][0], targets=("SUP-999",))
        broken = replace(book, proofs={"SUP-999": ["tests/nowhere.py"]})

        with pytest.raises(Untraced, match="nowhere"):
            pointers(broken, row, "SUP-999")

    def test_a_row_whose_citation_cannot_be_read(self) -> None:
        with pytest.raises(Untraced, match="are no citations"):
            read_row({"place": "§1", "content": "", "targets": [], "cites": ["第一条"]})


class TestCitations:
    """引用写到条、款、项；写到项的算作写到条的。"""

    @pytest.mark.parametrize(
        ("part", "whole"),
        [
            ("S0篇1§7-2", "S0篇1§7"),
            ("S0篇1§6-1（2）：干扰", "S0篇1§6"),
            ("S3 L59§10：取消当年评优", "S3 L59§10"),
            ("S1一 L27", "S1一L25–31"),
            ("S2 L52–54", "S2L54"),
            ("S3 L51（五）", "S3L51(五)"),
        ],
    )
    def test_is_within(self, part: str, whole: str) -> None:
        assert is_within(part, whole)

    @pytest.mark.parametrize(
        ("part", "other"),
        [
            ("S0篇1§10", "S0篇1§1"),
            ("S0篇1§7", "S0篇1§7-2"),
            ("S0篇5§7", "S0篇1§7"),
            ("S1四 L299", "S1一 L299"),
            ("S1一 L45", "S1一L25–31"),
        ],
    )
    def test_is_not_within(self, part: str, other: str) -> None:
        assert not is_within(part, other)

    def test_no_citation_is_none(self) -> None:
        assert read_citation("proposed") is None

    def test_each_rule_of_a_table_and_each_deadline_of_a_folder_is_found(self) -> None:
        keys = {(one.kind, one.key) for one in cited_in("corporate-accountability")}

        assert ("element", "ut_decide") in keys
        assert ("rule", "DT-CA-4 #1") in keys
        assert ("deadline", "DL-CA-3") in keys
        assert ("channel", "CA1") in keys
        assert ("article", "S0篇1§8") in keys
