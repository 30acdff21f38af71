"""An authority's figures in words: as rows of a sheet, and as the bars of a chart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from engine.desk.views.figures import APPEAL_PENDING
from web.clocks import period_text
from web.statuses import status_text
from web.texts import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from engine.desk.views.figures import Figure, Statistics
    from engine.documents.spreadsheet import Cell
    from engine.model.texts import Text

WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 600, 220, 34, 22, 190
"""Of a chart, in its own units."""
STEPS = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Bar:
    """Two bars of a month, side by side, and its name below."""

    label: str
    at: float
    width: float
    opened_top: float
    closed_top: float
    opened: int
    closed: int


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of months.

    Attributes:
        lines: Height and number of each horizontal line.
        said: The whole in words, for those who cannot see it.
    """

    bars: tuple[Bar, ...]
    lines: tuple[tuple[float, int], ...]
    said: str


def named(title: Text | None, key: str, language: str) -> str:
    """Return what something is called by its procedure; its key where none says so."""
    return title.say(language) if title is not None else key


def days_text(tenths: int) -> str:
    """Return `13.2` for 132 tenths of a day."""
    return f"{tenths // 10}.{tenths % 10}"


def appeal_text(outcome: str) -> str:
    """Return what came of an appeal."""
    return {
        APPEAL_PENDING: status_text(APPEAL_PENDING),
        "upheld": _("维持"),
        "changed": _("变更"),
        "revoked": _("撤销"),
    }.get(outcome, outcome)


def extension_text(state: str) -> str:
    """Return what came of a request for more time."""
    return {"pending": _("待决定"), "granted": _("批准"), "rejected": _("未批准")}.get(state, state)


def deviation_text(kind: str) -> str:
    """Return what a kind of deviation is called."""
    return {
        "attempt": _("越权尝试，已拒绝"),
        "effective": _("已生效的越权"),
        "late": _("超期"),
    }.get(kind, kind)


def month_text(first: str) -> str:
    """Return `2026年3月` for ``2026-03-01``."""
    day = date.fromisoformat(first)
    return _("%(year)s年%(month)s月", year=day.year, month=day.month)


def figures_head() -> tuple[tuple[str, int], ...]:
    """Return titles and widths of the columns of a sheet of figures."""
    return ((_("类别"), 20), (_("项目"), 48), (_("指标"), 20), (_("数值"), 12))


def figure_rows(found: Statistics, language: str) -> Iterator[Sequence[Cell]]:
    """Yield the figures as rows: what of, which, what is counted, how many."""
    whole = _("合计")
    yield (_("期间"), f"{found.since.isoformat()} – {found.until.isoformat()}", "", None)
    yield (whole, "", _("立案"), found.opened.count)
    yield (whole, "", _("办结"), found.closed.count)
    yield (whole, "", _("在办"), found.running.count)
    yield (whole, "", _("黄牌"), found.yellow.count)
    yield (whole, "", _("红牌"), found.red.count)
    for flow in found.by_procedure:
        title = named(flow.title, flow.key, language)
        yield (_("按流程"), title, _("立案"), flow.opened.count)
        yield (_("按流程"), title, _("办结"), flow.closed.count)
        if flow.running is not None:
            yield (_("按流程"), title, _("在办"), flow.running.count)
    for flow in found.by_month:
        yield (_("按月"), month_text(flow.key), _("立案"), flow.opened.count)
        yield (_("按月"), month_text(flow.key), _("办结"), flow.closed.count)
    yield from _kinds(_("问责方式"), [(named(f.title, f.key, language), f) for f in found.measures])
    for late in found.late:
        step = _step(found, late.procedure, late.title, late.key, language)
        yield (_("超期环节"), step, _("黄牌"), late.yellow.count)
        yield (_("超期环节"), step, _("红牌"), late.red.count)
    for one in found.durations:
        step = _step(found, one.procedure, one.title, one.key, language)
        yield (_("各阶段用时"), step, _("平均日数"), days_text(one.tenths))
        yield (
            _("各阶段用时"),
            step,
            _("规定期限"),
            period_text(one.allowed) if one.allowed else "",
        )
    yield from _kinds(_("延期"), [(extension_text(f.key), f) for f in found.extensions])
    yield from _kinds(_("申诉"), [(appeal_text(f.key), f) for f in found.appeals])
    yield from _kinds(_("偏差"), [(deviation_text(f.key), f) for f in found.deviations])
    yield (_("告知建议人、批示人"), "", _("已告知"), found.informed.told)
    yield (_("告知建议人、批示人"), "", _("已回执"), found.informed.read)


def chart_of(found: Statistics) -> Chart:
    """Return the chart of what was registered and closed by month."""
    flows = found.by_month
    most = max(1, *(max(one.opened.count, one.closed.count) for one in flows))
    step = _step_of(most)
    top = step * -(-most // step)

    def height(count: int) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * count / top, 1)

    room = (WIDTH - LEFT - 10) / len(flows)
    bars = tuple(
        Bar(
            month_text(one.key) if len(flows) == 1 else _month(one.key),
            round(LEFT + 6 + at * room, 1),
            round(room * 0.36, 1),
            height(one.opened.count),
            height(one.closed.count),
            one.opened.count,
            one.closed.count,
        )
        for at, one in enumerate(flows)
    )
    lines = tuple((height(number), number) for number in range(0, top + 1, step))
    said = _("；").join(
        _(
            "%(month)s立案%(opened)s件、办结%(closed)s件",
            month=month_text(one.key),
            opened=one.opened.count,
            closed=one.closed.count,
        )
        for one in flows
    )
    return Chart(bars, lines, said)


def _step_of(most: int) -> int:
    """Return how far apart the lines of a chart are, so that there are five at most."""
    power = 1
    while True:
        for one in STEPS:
            if one * power * 5 >= most:
                return one * power
        power *= 10


def _month(first: str) -> str:
    """Return a month's number, with the year where it begins."""
    day = date.fromisoformat(first)
    return f"{day.year}-1" if day.month == 1 else str(day.month)


def _kinds(what: str, figures: Sequence[tuple[str, Figure]]) -> Iterator[tuple[str, str, str, int]]:
    for title, figure in figures:
        yield (what, title, _("案件数"), figure.count)


def _step(found: Statistics, procedure: str, title: Text | None, key: str, language: str) -> str:
    of = found.titles[procedure].say(language) if procedure in found.titles else procedure
    return f"{of} · {named(title, key, language)}"
