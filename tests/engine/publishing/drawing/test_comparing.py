"""What changed: diagrams by element, tables row by row, the rest line by line."""

from __future__ import annotations

from pathlib import Path

from engine.publishing.drawing.comparing import Kind, Line, differences
from engine.publishing.drawing.wizard import usual_procedure
from tests.office import PROCESSES

FILES = usual_procedure("city-head", "市长问责", {"verification": True})
DIAGRAM = "city-head.bpmn"
TABLE = next((Path(PROCESSES) / "reappointment-approval").glob("*.dmn")).read_bytes()


class TestFiles:
    """A file came, went, or changed; what is the same is not told."""

    def test_the_same_folder_has_no_differences(self) -> None:
        assert differences(FILES, dict(FILES)) == ()

    def test_what_came_and_what_went(self) -> None:
        found = differences({"a.md": b"1", "b.md": b"1"}, {"b.md": b"1", "c.md": b"1"})
        assert [(one.path, one.kind) for one in found] == [
            ("a.md", Kind.REMOVED),
            ("c.md", Kind.ADDED),
        ]

    def test_texts_are_told_line_by_line(self) -> None:
        (one,) = differences({"a.md": b"same\nold\n"}, {"a.md": b"same\nnew\n"})
        assert one.lines == (
            Line(Kind.SAME, "…"),
            Line(Kind.SAME, "same"),
            Line(Kind.REMOVED, "old"),
            Line(Kind.ADDED, "new"),
        )

    def test_bytes_that_are_no_text_only_differ(self) -> None:
        (one,) = differences({"a.docx": b"1"}, {"a.docx": b"2"})
        assert (one.kind, one.lines) == (Kind.CHANGED, ())


class TestDiagrams:
    """Every difference of meaning by element; layout is left out."""

    def test_a_name_that_changed_is_told_with_its_element(self) -> None:
        new = {DIAGRAM: FILES[DIAGRAM].replace("调查".encode(), "查证".encode())}
        (one,) = differences({DIAGRAM: FILES[DIAGRAM]}, new)
        (change,) = one.elements
        told = (change.element, change.what, change.before, change.after)
        assert told == ("ut_investigation", "name", "调查", "查证")

    def test_moving_a_shape_is_layout_only(self) -> None:
        new = {DIAGRAM: FILES[DIAGRAM].replace(b'y="142"', b'y="143"')}
        (one,) = differences({DIAGRAM: FILES[DIAGRAM]}, new)
        assert one.is_layout_only

    def test_what_cannot_be_read_is_compared_as_text(self) -> None:
        (one,) = differences({DIAGRAM: FILES[DIAGRAM]}, {DIAGRAM: b"<broken"})
        assert Line(Kind.ADDED, "<broken") in one.lines


class TestTables:
    """Rules are compared row by row."""

    def test_a_changed_cell_names_its_rule_with_both_rows(self) -> None:
        text = TABLE.decode()
        start = text.index("<outputEntry")
        cell = text[text.index("<text>", start) + 6 : text.index("</text>", start)]
        at = text.index("<text>", start) + 6
        changed = text[:at] + '"改后"' + text[at + len(cell) :]
        (one,) = differences({"t.dmn": TABLE}, {"t.dmn": changed.encode()})
        (row,) = one.rows
        assert row.kind is Kind.CHANGED
        assert '"改后"' in row.after
        assert set(row.before) ^ set(row.after)

    def test_rules_that_come_and_go(self) -> None:
        text = TABLE.decode()
        start = text.index("<rule")
        end = text.index("</rule>", start) + len("</rule>")
        shorter = (text[:start] + text[end:]).encode()
        (gone,) = differences({"t.dmn": TABLE}, {"t.dmn": shorter})
        assert [one.kind for one in gone.rows] == [Kind.REMOVED]
        (came,) = differences({"t.dmn": shorter}, {"t.dmn": TABLE})
        assert [one.kind for one in came.rows] == [Kind.ADDED]

    def test_heads_that_change_are_told_as_text_beside(self) -> None:
        changed = TABLE.replace(b'hitPolicy="FIRST"', b'hitPolicy="UNIQUE"').replace(
            b'hitPolicy="UNIQUE"', b'hitPolicy="PRIORITY"', 1
        )
        (one,) = differences({"t.dmn": TABLE}, {"t.dmn": changed})
        assert any("PRIORITY" in line.text for line in one.lines)
