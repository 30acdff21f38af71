"""What was measured as a table and a plot, and where `docs/performance.md` holds them."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

BEGIN = "<!-- written by wenze bench-office: begin -->"
END = "<!-- written by wenze bench-office: end -->"
AIM_HTTP, AIM_DRAIN, AIM_INBOX, AIM_LATE = 0.25, 0.3, 2.0, 1_500.0
"""Source: the aims for two cores of the office's brief (issue 8)."""
SHOWN = ("bare", "completions", "http", "empty", "starts")
TITLES = {
    "bare": "bare transaction",
    "completions": "completions by the command",
    "http": "completions over HTTP",
    "empty": "requests over HTTP that ask for nothing",
    "starts": "starts",
}


def report(found: Mapping[str, Any]) -> str:
    """Return what `measure` found as Markdown: machine, tables, plot, aims."""
    return "\n".join(
        chain(_machine(found), _rates(found), _timers(found), _nodes(found), _plot(found))
    )


def replaced(text: str, told: str) -> str:
    """Return a page with the part between the two marks replaced.

    Raises:
        ValueError: The page does not have both marks, in their order.
    """
    head, begin, rest = text.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{BEGIN} … {END}")
    return f"{head}{BEGIN}\n{told.strip()}\n{END}{tail}"


def _machine(found: Mapping[str, Any]) -> Iterator[str]:
    machine, plan = found["machine"], found["plan"]
    yield (
        f"Run of {found['ended']}: {machine['cores']} cores ({machine['processor']}) that carried "
        f"the database, the nodes and the clients; PostgreSQL {machine['postgresql']}, Python "
        f"{machine['python']}; load average {found['load_before']:.1f} before, "
        f"{found['load_after']:.1f} after. {plan['cases']:,} open cases beside "
        f"{plan['worked']:,} that were worked on; {plan['seconds']:g} s for each figure."
    )
    yield ""


def _rates(found: Mapping[str, Any]) -> Iterator[str]:
    clients = found["plan"]["clients"]
    yield f"| clients | {' | '.join(map(str, clients))} |"
    yield f"|---{'|---' * len(clients)}|"
    for what in SHOWN:
        rates = _of(found, what)
        speeds = _cells(format(one["rate"], ".0f") for one in rates)
        yield f"| {TITLES[what]}, a second | {speeds} |"
        yield f"| p50 / p95 / p99 ms | {_cells(_spread(one) for one in rates)} |"
    ratios = [
        _ratio(http["rate"], floor["rate"])
        for http, floor in zip(_of(found, "http"), _of(found, "bare"), strict=True)
    ]
    cells = _cells(f"{one:.2f} ({_met(one >= AIM_HTTP)})" for one in ratios)
    yield f"| over HTTP / bare (aim {AIM_HTTP}) | {cells} |"
    yield ""


def _timers(found: Mapping[str, Any]) -> Iterator[str]:
    drain, late = found["scheduler"]["drain"], found["scheduler"]["lateness"]
    claims = found["claims"]["rate"]
    share, slower = (
        _ratio(drain["rate"], claims),
        _ratio(drain["inbox_busy"], drain["inbox_idle"]),
    )
    held = late["fired"] == late["timers"] and late["p99"] < AIM_LATE
    yield "| timers, one node | | aim |"
    yield "|---|---|---|"
    yield (
        f"| {drain['timers']:,} due at once ({drain['fired']:,} fired while measured) | "
        f"{drain['rate']:.0f}/s | |"
    )
    yield (
        f"| bare claims, one client; ratio | {claims:.0f}/s; {share:.2f} | "
        f"≥ {AIM_DRAIN}: {_met(share >= AIM_DRAIN)} |"
    )
    yield (
        f"| inbox page p95, idle and meanwhile | {drain['inbox_idle']:.1f} ms, "
        f"{drain['inbox_busy']:.1f} ms ({slower:.1f} times) | "
        f"< {AIM_INBOX:g} times: {_met(slower < AIM_INBOX)} |"
    )
    yield (
        f"| lateness at {late['a_second']} due a second, p50 / p99 "
        f"({late['fired']:,} of {late['timers']:,} fired) | "
        f"{late['p50']:.0f} / {late['p99']:.0f} ms | p99 < {AIM_LATE:.0f} ms: {_met(held)} |"
    )
    yield ""


def _nodes(found: Mapping[str, Any]) -> Iterator[str]:
    yield "| node | serves after | memory |"
    yield "|---|---|---|"
    for role in ("web", "worker", "scheduler"):
        node = found[role]
        weight = "—" if node["megabytes"] is None else f"{node['megabytes']:.0f} MB"
        yield f"| {role} | {node['start']:.1f} s | {weight} |"
    yield ""


def _plot(found: Mapping[str, Any]) -> Iterator[str]:
    lines = [[one["rate"] for one in _of(found, what)] for what in SHOWN]
    yield "```mermaid"
    yield "xychart-beta"
    yield '  title "Done in a second, by clients (bare, completions, over HTTP, empty, starts)"'
    yield f"  x-axis [{', '.join(map(str, found['plan']['clients']))}]"
    yield f'  y-axis "per second" 0 --> {max(max(lines)) * 1.1:.0f}'
    for line in lines:
        yield f"  line [{', '.join(f'{rate:.0f}' for rate in line)}]"
    yield "```"


def _of(found: Mapping[str, Any], what: str) -> list[Mapping[str, Any]]:
    if what in {"http", "empty"}:
        return list(found["web"]["rates" if what == "http" else "empty"])
    return [found[f"{what} {clients}"] for clients in found["plan"]["clients"]]


def _cells(texts: Iterator[str]) -> str:
    return " | ".join(texts)


def _spread(rate: Mapping[str, Any]) -> str:
    return f"{rate['p50']:.1f} / {rate['p95']:.1f} / {rate['p99']:.1f}"


def _ratio(one: float, other: float) -> float:
    return one / other if other else 0.0


def _met(held: object) -> str:
    return "met" if held else "missed"
