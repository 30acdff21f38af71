"""A decision file that wants harm gets null, one of our own errors, or a refusal: nothing else."""

import builtins
import os
import random
import socket
import subprocess
from html import escape
from typing import Any, NoReturn

import pytest

from bpmn.dmn import DecisionRefused, analyse, read_decisions
from bpmn.feel import Environment, LimitExceeded, Limits
from tests.bpmn.dmn.drawing import decision, definitions, literal, read, table
from tests.bpmn.feel.test_bounds import BOMBS, PIECES

FEW = Environment(limits=Limits(steps=5_000, list_length=500, string_length=2_000))
OUTSIDE = ((builtins, "open"), (os, "system"), (subprocess, "Popen"), (socket, "socket"))
PLACES = ("input", "cell", "output", "allowed", "default", "literal")


def _file(place: str, source: str) -> bytes:
    """Return a table with `source` at one of the places where a file holds FEEL."""
    if place == "literal":
        return definitions(decision("d", literal(source)))
    made = table(
        ["SOURCE" if place == "input" else "x"],
        ["y"],
        ["CELL => OUT", "- => 2"],
        policy="COLLECT",
        allowed_inputs={"x": "ALLOWED"} if place == "allowed" else None,
        defaults={"y": "DEFAULT"} if place == "default" else None,
    )
    wanted = {"input": "SOURCE", "cell": "CELL", "output": "OUT", "allowed": "ALLOWED"}
    made = made.replace(wanted.get(place, "DEFAULT"), escape(source))
    for mark, harmless in (("SOURCE", "x"), ("CELL", "-"), ("OUT", "1")):
        made = made.replace(mark, harmless)
    return definitions(decision("d", made))


class TestBombs:
    """Wherever FEEL stands in a file, it has the same bounds."""

    @pytest.mark.parametrize("name", sorted(BOMBS))
    @pytest.mark.parametrize("place", ["output", "literal"])
    def test_a_bomb_is_an_error_and_not_a_hang(self, name: str, place: str) -> None:
        model = read_decisions(_file(place, BOMBS[name]), name="t.dmn")

        with pytest.raises(LimitExceeded):
            model.evaluate("d", {"x": 1}, FEW)

    @pytest.mark.parametrize("place", PLACES)
    def test_it_has_them_at_each_place(self, place: str) -> None:
        bomb = BOMBS["iteration"]
        source = f"? in ({bomb})" if place == "allowed" else bomb
        content = _file(place, source)
        if place == "default":
            content = content.replace(b"<text>-</text>", b"<text>5</text>")
        model = read_decisions(content, name="t.dmn")

        with pytest.raises(LimitExceeded):
            model.evaluate("d", {"x": 1}, FEW)

    def test_the_analysis_runs_no_cell(self) -> None:
        model = read_decisions(_file("cell", BOMBS["iteration"]), name="t.dmn")

        assert not analyse(model, "d").is_complete


class TestNoPython:
    """Python's names mean nothing in a cell, and nothing leaves the process."""

    @pytest.mark.parametrize(
        "source",
        [
            '__import__("os").system("id") = ?', 'open("/etc/passwd") = ?', "?.__class__ = x",
            "x.__class__.__mro__[0] = ?", 'eval("1") = ?', '"".__class__ = ?',
        ],
    )  # fmt: skip
    def test_a_cell_that_names_them_matches_nothing(self, source: str) -> None:
        model = read(decision("d", table(["x"], ["y"], ["CELL => 1"]).replace("CELL", source)))

        assert model.evaluate("d", {"x": "a"}, FEW).value is None


@pytest.fixture
def sealed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let any touch of files, processes or the network fail the test."""

    def touched(*_args: Any, **_kwargs: Any) -> NoReturn:
        raise SystemExit("a decision file reached outside")

    for module, name in OUTSIDE:
        monkeypatch.setattr(module, name, touched)


@pytest.mark.usefixtures("sealed")
class TestFuzz:
    """Thousands of random cells: a value, null, a refusal, or a bound; never anything else."""

    @pytest.mark.parametrize("seed", range(12))
    def test_no_other_error_ever_comes_out(self, seed: int) -> None:
        chance = random.Random(seed)  # noqa: S311 - a seeded sequence of inputs, no secret
        ran = refused = 0
        for _ in range(200):
            source = " ".join(chance.choices(PIECES, k=chance.randint(1, 10)))
            source = source.replace("\x00", "").replace("\ud800", "")
            try:
                model = read_decisions(_file(chance.choice(PLACES), source), name="t.dmn")
            except DecisionRefused as error:
                refused += 1
                assert error.findings  # noqa: PT017 - either outcome is good, no other is
                continue
            for value in (5, "a", None, [1, {"b": "c"}]):
                try:
                    outcome = model.evaluate("d", {"x": value, "a": [1], "上限": 10}, FEW)
                    assert outcome.decision == "d_d"
                except LimitExceeded:
                    continue
            analyse(model, "d")
            ran += 1

        assert ran > 0
        assert refused > 0
