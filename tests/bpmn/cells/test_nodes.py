"""每种活动、网关、循环：走到时做什么，走不到时什么也不做，存后再读不变。

The elements of `bpmn.lint.executable.NODES` and what belongs to them, one by one.
"""

import pytest

from bpmn.lint.executable import (
    COMPENSATION_ACTIVITY,
    INSTANTIATING_GATEWAY,
    LOOPS,
    NODES,
    Verdict,
)
from tests.bpmn.cells.nodes import FLOWS_AND_DATA, proofs
from tests.bpmn.cells.proving import Proof, refusals, state_of

PROOFS = proofs()
CELLS = pytest.mark.parametrize("proof", PROOFS.values(), ids=list(PROOFS))


class TestEveryCell:
    """What the table says runs has a proof, and the other way round."""

    def test_every_cell_that_runs_is_proved(self) -> None:
        runs = {kind for kind, v in NODES.items() if v is Verdict.RUNS}
        runs |= {f"loop {kind}" for kind, v in LOOPS.items() if v is Verdict.RUNS}
        others = {
            "compensation activity": COMPENSATION_ACTIVITY,
            "instantiating gateway": INSTANTIATING_GATEWAY,
        }
        runs |= {name for name, v in others.items() if v is Verdict.RUNS}

        assert set(PROOFS) == runs | FLOWS_AND_DATA

    @CELLS
    def test_lint_lets_it_pass(self, proof: Proof) -> None:
        assert refusals(proof.file, proof.tables) == set()

    @CELLS
    def test_it_comes_and_does_what_is_drawn(self, proof: Proof) -> None:
        play = proof.play_fired()

        assert proof.came(play)
        assert state_of(play) == proof.then
        assert tuple(f"{kind} {name}" for kind, name, _ in play.thrown) == proof.thrown

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
