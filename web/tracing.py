"""Traces by OpenTelemetry (extra ``otel``): requests, commands, queries, jobs, statements.

A span bears a name of ours: a route, a command, a kind of job, a verb with its table. No
address as it was called, no id, no parameter, no text of an error: nothing about people.
"""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, g, request

from engine.store.tracing import trace_statements
from web.settings import SettingsRefused
from web.visiting import office

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.desk import Office
    from engine.ports import Note
    from web.settings import Settings

SERVICE = "wenze"
MISSING = (
    "设置了 otel_endpoint，但没有安装 OpenTelemetry；请安装 wenze[otel]，或删去该设置 / "
    "otel_endpoint is set and OpenTelemetry is not installed; install wenze[otel], or unset it"
)


class Telemetry:
    """Gives spans to a provider of OpenTelemetry's."""

    def __init__(self, provider: Any) -> None:
        """Give them to `provider`, a `TracerProvider`."""
        self._tracer = provider.get_tracer(SERVICE)

    @contextmanager
    def span(self, kind: str, name: str) -> Iterator[Note]:
        """Follow what happens within; of an error only its class is kept."""
        from opentelemetry.trace import StatusCode  # noqa: PLC0415 -- an extra

        with self._tracer.start_as_current_span(
            f"{kind} {name}",
            attributes={"wenze.kind": kind},
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            try:
                yield span.set_attribute
            except BaseException as error:
                span.set_attribute("error.type", type(error).__name__)
                span.set_status(StatusCode.ERROR)
                raise


def follow(office: Office, provider: Any) -> None:
    """Let everything that `office` does be followed by a provider of OpenTelemetry's."""
    tracer = Telemetry(provider)
    office.tracer = tracer
    trace_statements(office.database, tracer)


def follow_as_set(office: Office, settings: Settings) -> None:
    """Follow where the settings name a collector; nothing otherwise.

    Raises:
        SettingsRefused: They do, and OpenTelemetry is not installed.
    """
    if not settings.otel_endpoint:
        return
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415
            OTLPSpanExporter,
        )
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415
    except ImportError as missing:
        raise SettingsRefused(MISSING) from missing
    provider = TracerProvider(resource=Resource.create({"service.name": SERVICE}))
    exporter = OTLPSpanExporter(endpoint=settings.otel_endpoint)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    follow(office, provider)


def follow_requests(app: Flask) -> None:
    """Follow each request of `app` while its office is followed."""

    def begin() -> None:
        tracer = office().tracer
        if tracer is None:
            return
        route = request.url_rule.rule if request.url_rule is not None else "unknown"
        g.wenze_spans = ExitStack()
        g.wenze_note = g.wenze_spans.enter_context(
            tracer.span("request", f"{request.method} {route}")
        )
        g.wenze_note("http.request.method", request.method)
        g.wenze_note("http.route", route)

    def end(response: Response) -> Response:
        if "wenze_note" in g:
            g.wenze_note("http.response.status_code", response.status_code)
        return response

    def close(_error: BaseException | None) -> None:
        if "wenze_spans" in g:
            g.wenze_spans.close()

    app.before_request(begin)
    app.after_request(end)
    app.teardown_request(close)
