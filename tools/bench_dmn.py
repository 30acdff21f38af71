"""Times a decision table of 30 rules and 5 inputs against the same rules as Python's `if`s.

Prints figures and asserts nothing about time: machines differ. Issue 3 aims at no more than 10
times the chain (`bench_dmn_chain.py`) for an evaluation, about 150 µs, and 30 ms for compiling. The
chain's cost hangs on what it compares first, decimals or texts, since most rules fail there; the
table's does not. Both are shown. The table's evaluation includes its record: which rules matched,
what was read, what was warned of.
"""

import statistics
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench_dmn_chain import numbers_first, texts_first

from bpmn.dmn import read_decisions

SEVERITIES = ("轻微", "较轻", "一般", "较重", "严重", "特别严重")
HARMS = ("无", "较小", "较大", "重大", "特大")
NUMBERS_FIRST = ("times", "delay", "severity", "harm", "confessed")
TEXTS_FIRST = ("severity", "harm", "times", "delay", "confessed")
GIVEN = {
    "severity": "较重",
    "harm": "较大",
    "times": Decimal(2),
    "delay": Decimal(59),
    "confessed": False,
}
EXPECTED = "T17"

Rule = tuple[dict[str, str], str]


def rules() -> list[Rule]:
    """Return 30 rules: the cell of each input, and the tier; `bench_dmn_chain.py` has them too."""
    found: list[Rule] = []
    for number, (severity, harm) in enumerate(
        (severity, harm) for severity in SEVERITIES for harm in HARMS
    ):
        cells = {
            "severity": f'"{severity}"',
            "harm": f'"{harm}"',
            "times": f"&gt;= {number % 3}",
            "delay": f"[0..{30 * (1 + number % 4)})",
            "confessed": ("true", "-", "false")[number % 3],
        }
        found.append((cells, f"T{number}"))
    return found


def model(order: tuple[str, ...]) -> bytes:
    """Return the rules as a decision file, the inputs in this order."""
    inputs = "".join(
        f"<input><inputExpression><text>{name}</text></inputExpression></input>" for name in order
    )
    rows = "".join(
        "<rule>"
        + "".join(f"<inputEntry><text>{cells[name]}</text></inputEntry>" for name in order)
        + f'<outputEntry><text>"{tier}"</text></outputEntry></rule>'
        for cells, tier in rules()
    )
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" id="b" name="b" '
        f'namespace="urn:bench"><decision id="tier" name="tier"><decisionTable>{inputs}'
        f'<output name="tier"/>{rows}</decisionTable></decision></definitions>'
    ).encode()


def timed(action: Callable[[], object], times: int) -> float:
    """Return the median of five measurements of an action, in microseconds."""
    found = []
    for _ in range(5):
        start = time.perf_counter()
        for _ in range(times):
            action()
        found.append((time.perf_counter() - start) / times * 1e6)
    return statistics.median(found)


def main() -> None:
    """Print the figures."""
    for title, order, decide in (
        ("numbers first", NUMBERS_FIRST, numbers_first),
        ("texts first", TEXTS_FIRST, texts_first),
    ):
        content = model(order)
        start = time.perf_counter()
        read = read_decisions(content, name=f"{title}.dmn")
        compiled = (time.perf_counter() - start) * 1e3
        outcome = read.evaluate("tier", GIVEN)
        if outcome.value != EXPECTED or decide(GIVEN) != EXPECTED:
            raise SystemExit(f"they disagree: {outcome.value!r}, {decide(GIVEN)!r}, {EXPECTED!r}")
        table = timed(lambda read=read: read.evaluate("tier", GIVEN), 2_000)
        plain = timed(lambda decide=decide: decide(GIVEN), 20_000)
        print(
            f"{title}: compiled in {compiled:.1f} ms; an evaluation {table:.1f} µs; "
            f"the chain of ifs {plain:.1f} µs ({table / plain:.1f} times)"
        )


if __name__ == "__main__":
    main()
