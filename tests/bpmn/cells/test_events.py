"""每种事件在每个位置：来时做什么，不来时什么也不做，存后再读不变。

The cells of `bpmn.lint.executable.EVENTS`, one by one: BPMN 2.0.2, tables 10.85 to 10.90.
"""

import pytest

from bpmn.lint.executable import EVENTS, Position, Verdict
from tests.bpmn.cells.events import Cell, proofs
from tests.bpmn.cells.proving import Proof, refusals, state_of

PROOFS = proofs()
CELLS = pytest.mark.parametrize(
    "proof", PROOFS.values(), ids=[f"{kind}-{position}" for kind, position in PROOFS]
)


class TestEveryCell:
    """What the table says runs has a proof, and the other way round."""

    def test_every_cell_that_runs_is_proved(self) -> None:
        assert set(PROOFS) == {cell for cell, v in EVENTS.items() if v is Verdict.RUNS}

    @CELLS
    def test_lint_lets_it_pass(self, proof: Proof) -> None:
        assert refusals(proof.file) == set()

    @CELLS
    def test_it_comes_and_does_what_is_drawn(self, proof: Proof) -> None:
        play = proof.play_fired()

        assert proof.came(play)
        assert state_of(play) == proof.then
        assert tuple(f"{kind} {name}" for kind, name, _ in play.thrown) == proof.thrown
        cancelled = {element for element, event in play.trace if event == "cancelled"}
        assert proof.cancelled <= cancelled

    @CELLS
    def test_it_does_not_come_and_nothing_of_it_happens(self, proof: Proof) -> None:
        play = proof.play_spared()

        assert not proof.came(play)
        assert state_of(play) == proof.instead
        assert play.thrown == []

    @CELLS
    def test_what_comes_after_it_goes_on_to_an_end(self, proof: Proof) -> None:
        play = proof.play_fired()
        while play.waiting:
            play.do(play.waiting[0])

        assert play.over
        assert play.timers == {}


class TestWhatIsWithdrawn:
    """Once its host or its scope is over, an event is not waited for any more."""

    @pytest.mark.parametrize(
        "cell",
        [cell for cell in PROOFS if cell[1] not in (Position.START, Position.CATCH)],
        ids=lambda cell: f"{cell[0]}-{cell[1]}",
    )
    def test_at_the_end_of_the_other_path_nothing_is_armed(self, cell: Cell) -> None:
        play = PROOFS[cell].play_spared()
        while play.waiting:
            play.do(play.waiting[0])

        assert play.over
        assert play.timers == {}
        assert play.instance.awaited == ()
