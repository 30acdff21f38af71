"""A table as a page shows it, with the rows lit that matched."""

import pytest

from bpmn.dmn import TableView, table_view
from bpmn.dmn.nodes import Orientation
from tests.bpmn.dmn.drawing import decision, literal, read, table


def view(logic: str) -> TableView:
    found = table_view(read(decision("d", logic)).decisions["d"])
    assert found is not None
    return found


class TestTableView:
    """Heads and cells as they are written."""

    def test_heads_and_cells(self) -> None:
        found = view(
            table(
                ["points"],
                ["tier"],
                ['> 3 => "重" // 篇1§5', '- => "轻" // 篇1§6'],
                policy="FIRST",
                allowed_inputs={"points": "[0..10]"},
                allowed_outputs={"tier": '"重", "轻"'},
                defaults={"tier": '"轻"'},
                annotations=["依据"],
            )
        )

        assert (found.decision, found.title, found.hit_policy) == ("d_d", "d", "F")
        assert [(one.label, one.expression, one.allowed) for one in found.inputs] == [
            ("points", "points", "[0..10]")
        ]
        assert [(one.label, one.allowed, one.default) for one in found.outputs] == [
            ("tier", '"重", "轻"', '"轻"')
        ]
        assert found.annotations == ("依据",)
        assert [(one.index, one.rule, one.inputs, one.outputs) for one in found.rows] == [
            (1, "r1", ("> 3",), ('"重"',)),
            (2, "r2", ("-",), ('"轻"',)),
        ]
        assert [one.annotations for one in found.rows] == [("篇1§5",), ("篇1§6",)]

    @pytest.mark.parametrize(
        ("aggregation", "sign"),
        [("", "C"), ("SUM", "C+"), ("MIN", "C<"), ("MAX", "C>"), ("COUNT", "C#")],
    )
    def test_the_hit_policy_is_the_standards_sign(self, aggregation: str, sign: str) -> None:
        logic = table(["x"], ["y"], ["1 => 1"], policy="COLLECT", aggregation=aggregation)

        assert view(logic).hit_policy == sign

    @pytest.mark.parametrize("orientation", ["Rule-as-Row", "Rule-as-Column", "CrossTable"])
    def test_the_orientation_changes_nothing_but_the_drawing(self, orientation: str) -> None:
        logic = table(["x"], ["y"], ["1 => 2"]).replace(
            "<decisionTable", f'<decisionTable preferredOrientation="{orientation}"'
        )

        assert view(logic).orientation is Orientation(orientation)
        assert read(decision("d", logic)).evaluate("d", {"x": 1}).value == 2

    def test_descriptions_stand_in_for_annotations(self) -> None:
        logic = table(["x"], ["y"], ["1 => 1", "2 => 2"]).replace(
            '<rule id="r1">', '<rule id="r1"><description>旧例</description>'
        )

        assert [one.annotations for one in view(logic).rows] == [("旧例",), ("",)]

    def test_rows_that_matched_are_lit(self) -> None:
        model = read(decision("d", table(["x"], ["y"], ["1 => 1", "2 => 2"])))
        found = table_view(model.decisions["d"])
        assert found is not None

        lit = found.lit(model.evaluate("d", {"x": 2}).matched)

        assert [row.is_lit for row in lit.rows] == [False, True]
        assert not any(row.is_lit for row in found.rows)

    def test_what_is_no_table_has_no_view(self) -> None:
        assert table_view(read(decision("d", literal("1"))).decisions["d"]) is None
