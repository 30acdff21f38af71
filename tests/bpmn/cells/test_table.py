"""docs/bpmn.md 中的表由测试生成，与代码一致。"""

import pytest

from bpmn.lint.executable import EVENTS, Position
from tests.bpmn.cells import events
from tests.bpmn.cells.proving import Proof
from tools import bpmn_table


class TestTheTable:
    """The table in the documentation is what the proofs give."""

    def test_the_file_is_up_to_date(self) -> None:
        text = bpmn_table.DOCUMENT.read_text("utf-8")

        assert bpmn_table.BEGIN in text
        assert bpmn_table.written(text) == text

    def test_it_has_a_row_for_each_event_and_a_column_for_each_position(self) -> None:
        rows = [line for line in bpmn_table.table().splitlines() if line.startswith("| ")]

        assert len([r for r in rows if r.count("|") == len(Position) + 2]) == 1 + len(
            {kind for kind, _ in EVENTS}
        )

    def test_a_proof_that_does_not_hold_stops_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        cell = ("message", Position.CATCH)
        proofs = events.proofs()
        wrong = Proof(proofs[cell].file, "!msg", "b", "", "…")
        monkeypatch.setattr(events, "proofs", lambda: {**proofs, cell: wrong})

        with pytest.raises(bpmn_table.Unproved, match="does not hold"):
            bpmn_table.table()

    def test_what_is_neither_proved_nor_refused_stops_it(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        proofs = events.proofs()
        del proofs["message", Position.CATCH]
        monkeypatch.setattr(events, "proofs", lambda: proofs)

        with pytest.raises(bpmn_table.Unproved, match="neither"):
            bpmn_table.table()
