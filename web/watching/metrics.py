"""Metrics in the text format of Prometheus, of one process or of all on a node."""

from __future__ import annotations

import os
from time import perf_counter
from typing import TYPE_CHECKING

from flask import g, request
from prometheus_client import REGISTRY, CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from engine.store.pulse import pulse_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask, Response
    from prometheus_client.metrics_core import Metric

    from engine.desk import Office

SHARED_FOLDER = "PROMETHEUS_MULTIPROC_DIR"

REQUESTS = Histogram(
    "wenze_request_seconds",
    "How long requests took, by the name of the page; never by its address.",
    ("page", "method", "status"),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)


class PulseCollector(Collector):
    """Feels the pulse of the database when somebody asks for metrics."""

    def __init__(self, office: Office) -> None:
        """Ask `office`."""
        self._office = office

    def collect(self) -> Iterator[Metric]:
        """Give each number of the pulse as a gauge; what was never measured is left out."""
        with self._office.database.reading() as session:
            pulse = pulse_of(session, self._office.clock.now())
        for name, text in _GAUGES.items():
            value = getattr(pulse, name)
            if value is not None:
                yield GaugeMetricFamily(f"wenze_{name}", text, value)


_GAUGES = {
    "due": "Timers and marks that fell due and have not fired.",
    "due_lag": "Seconds since the oldest of them fell due.",
    "jobs": "Side effects that may run and have not.",
    "jobs_lag": "Seconds since the oldest of them might have run.",
    "jobs_dead": "Side effects that were given up.",
    "incidents": "Open incidents.",
    "cases": "Open cases.",
    "yellow": "Running deadlines near their end.",
    "red": "Running deadlines past their end.",
    "check_age": "Seconds since chains of the record were last verified.",
    "breaches": "Places of the record that did not hold then.",
    "anchor_age": "Seconds since the last anchor of the record.",
    "years_missing": "Authorities without this year's holidays.",
}


def measure(app: Flask) -> None:
    """Time every request of `app`."""
    app.before_request(_begin)
    app.after_request(_end)


def metrics_of(office: Office) -> bytes:
    """Return the metrics: of all processes of the node where they share a folder."""
    registry = CollectorRegistry()
    registry.register(PulseCollector(office))
    text = generate_latest(registry)
    if os.environ.get(SHARED_FOLDER):
        shared = CollectorRegistry()
        MultiProcessCollector(shared)  # type: ignore[no-untyped-call]
        return text + generate_latest(shared)
    return text + generate_latest(REGISTRY)


def _begin() -> None:
    g.began = perf_counter()


def _end(response: Response) -> Response:
    began = g.get("began")
    if began is not None:
        page = request.endpoint or "none"
        seconds = perf_counter() - began
        REQUESTS.labels(page, request.method, response.status_code).observe(seconds)
    return response
