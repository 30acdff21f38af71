"""A second opinion: npm's feelin is asked the same expressions; each difference is explained.

Agreement of two independent readings of the standard says more than either alone. Where they
differ, `second_opinion/differences.toml` says why ours stays. Numbers count as equal within
1e-12 of each other, since feelin computes with floats.
"""

import json
import subprocess
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bpmn.feel import Function, Range, compile_expression, to_text, type_of

HERE = Path(__file__).parent / "second_opinion"
HOME = Path(__file__).parents[3] / ".tools" / "feelin"
NODE = HOME / "node-path"
EXPRESSIONS = (HERE / "expressions.txt").read_text(encoding="utf-8").splitlines()
DIFFERENCES: dict[str, dict[str, Any]] = tomllib.loads(
    (HERE / "differences.toml").read_text(encoding="utf-8")
)
EXPLAINED = [one for group in DIFFERENCES.values() for one in group["expressions"]]
FLOATS = Decimal("1e-12")

Told = list[Any]


def told(value: Any) -> Told:  # noqa: PLR0911 - one branch a kind
    """Return a value of FEEL as `ask.mjs` tells feelin's: its kind, then what it is."""
    match value:
        case None:
            return ["null"]
        case bool():
            return ["boolean", value]
        case Decimal():
            return ["number", str(value)]
        case str():
            return ["string", value]
        case list():
            return ["list", [told(one) for one in value]]
        case dict():
            return ["context", {key: told(one) for key, one in value.items()}]
        case Function():
            return ["function"]
        case Range():
            ends = told(value.start), told(value.end)
            return ["range", value.start_included, *ends, value.end_included]
    kind = type_of(value)
    return ["duration" if "duration" in kind else kind, to_text(value)]


def agree(one: Told, two: Told) -> bool:
    """Return whether both tell the same value."""
    if one[0] != two[0] or len(one) != len(two):
        return False
    match one[0]:
        case "number":
            return _close(Decimal(one[1]), Decimal(two[1]))
        case "list":
            return len(one[1]) == len(two[1]) and all(map(agree, one[1], two[1]))
        case "context":
            return one[1].keys() == two[1].keys() and all(
                agree(part, two[1][key]) for key, part in one[1].items()
            )
        case "range":
            return one[1::3] == two[1::3] and agree(one[2], two[2]) and agree(one[3], two[3])
    return one == two


def _close(one: Decimal, two: Decimal) -> bool:
    return two.is_finite() and abs(one - two) <= abs(one) * FLOATS


@pytest.fixture(scope="module")
def opinions() -> dict[str, tuple[Told, Told]]:
    """What ours and feelin give for each expression."""
    if not NODE.is_file():
        pytest.skip("feelin is not installed below .tools: run `python tools/feelin.py`")
    asked = subprocess.run(  # noqa: S603 - our own script, and the Node that tools/feelin.py found
        [NODE.read_text(encoding="utf-8"), str(HERE / "ask.mjs"), str(HOME)],
        input=json.dumps(EXPRESSIONS),
        capture_output=True,
        text=True,
        check=True,
        timeout=50,
    )
    theirs = json.loads(asked.stdout)
    ours = [told(compile_expression(source).evaluate({})) for source in EXPRESSIONS]
    return dict(zip(EXPRESSIONS, zip(ours, theirs, strict=True), strict=True))


class TestTheList:
    """Enough is asked, nothing twice, and every explanation is of something that is asked."""

    def test_at_least_three_hundred_expressions_are_asked(self) -> None:
        assert len(EXPRESSIONS) >= 300
        assert len(EXPRESSIONS) == len(set(EXPRESSIONS))

    def test_each_difference_is_explained_once_and_is_asked(self) -> None:
        assert len(EXPLAINED) == len(set(EXPLAINED))
        assert set(EXPLAINED) <= set(EXPRESSIONS)
        assert all(group["why"].endswith(".") for group in DIFFERENCES.values())


class TestTheComparison:
    """It tells values apart: otherwise agreement would say nothing."""

    @pytest.mark.parametrize(
        ("ours", "theirs"),
        [
            ("1", "2"), ('"1"', "1"), ("[1, 2]", "[1]"), ("[1]", "[2]"), ("{a: 1}", "{b: 1}"),
            ("{a: 1}", "{a: 2}"), ("[1..2]", "[1..2)"), ("[1..2]", "[1..3]"), ("true", "false"),
            ("null", "false"), ('@"P1D"', '@"P2D"'), ('@"2026-01-01"', '"2026-01-01"'),
        ],
    )  # fmt: skip
    def test_different_values_disagree(self, ours: str, theirs: str) -> None:
        one, two = (told(compile_expression(each).evaluate({})) for each in (ours, theirs))

        assert agree(one, one)
        assert not agree(one, two)

    @pytest.mark.parametrize(("theirs", "same"), [("0.30000000000000004", True), ("0.31", False)])
    def test_floats_agree_within_their_precision(self, theirs: str, *, same: bool) -> None:
        assert agree(["number", "0.3"], ["number", theirs]) is same

    def test_infinity_agrees_with_nothing(self) -> None:
        assert not agree(["number", "1"], ["number", "Infinity"])
        assert not agree(["number", "1"], ["number", "NaN"])


@pytest.mark.slow
class TestTheSecondOpinion:
    """feelin says the same, or it is written down why not."""

    def test_every_difference_is_explained(self, opinions: dict[str, tuple[Told, Told]]) -> None:
        differing = {one: both for one, both in opinions.items() if not agree(*both)}

        assert {one: differing[one] for one in differing if one not in EXPLAINED} == {}

    def test_every_explanation_is_still_needed(
        self, opinions: dict[str, tuple[Told, Told]]
    ) -> None:
        assert [one for one in EXPLAINED if agree(*opinions[one])] == []
