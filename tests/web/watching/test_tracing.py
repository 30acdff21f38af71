"""追踪（OpenTelemetry）：看得到做了什么、用了多久，看不到是谁、是哪一件。"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from engine.desk import Office
from engine.errors import NotFound
from engine.store.outbox import Job
from engine.store.tracing import name_of
from scheduler.jobs import drain
from tests.office import Town
from web.office import open_installation
from web.settings import Settings, SettingsRefused
from web.tracing import Telemetry, follow, follow_as_set


@pytest.fixture
def exporter(town: Town) -> Iterator[InMemorySpanExporter]:
    """What the town's office does, as a collector would get it."""
    kept = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(kept))
    follow(town.office, provider)
    yield kept
    provider.shutdown()


def names(kept: InMemorySpanExporter) -> list[str]:
    return [span.name for span in kept.get_finished_spans()]


def span(kept: InMemorySpanExporter, name: str) -> ReadableSpan:
    return next(one for one in kept.get_finished_spans() if one.name == name)


class TestWhatIsFollowed:
    """请求、命令、查询、任务、语句，各为一段，层层相属。"""

    def test_a_request_holds_its_queries_and_their_statements(
        self, town: Town, exporter: InMemorySpanExporter
    ) -> None:
        browser = town.visit("周某")
        exporter.clear()
        browser.get("/inbox")
        whole = span(exporter, "request GET /inbox")
        attributes = dict(whole.attributes or {})
        queries = [one for one in exporter.get_finished_spans() if one.name.startswith("query ")]

        assert attributes["http.route"] == "/inbox"
        assert attributes["http.response.status_code"] == 200
        assert queries
        assert all(one.parent is not None for one in queries)
        assert any(name.startswith("sql SELECT inbox") for name in names(exporter))
        assert {one.context.trace_id for one in queries if one.context} == {
            whole.context.trace_id if whole.context else 0
        }

    def test_a_command_and_its_statements(self, town: Town, exporter: InMemorySpanExporter) -> None:
        town.open()

        assert "command open_case" in names(exporter)
        assert "sql INSERT case_file" in names(exporter)

    def test_a_job(self, town: Town, exporter: InMemorySpanExporter) -> None:
        def carried(office: Office, job: Job) -> None:
            assert (office, job.kind) == (town.office, "preview")

        with town.office.database.begin() as session:
            town.office.jobs.enqueue(session, "preview", "k", {})
        drain(town.office, {"preview": carried})

        assert "job preview" in names(exporter)

    def test_an_address_that_is_none_of_ours_is_not_named(
        self, town: Town, exporter: InMemorySpanExporter
    ) -> None:
        town.app.test_client().get("/陈某/secret")

        assert "request GET unknown" in names(exporter)
        assert not any("secret" in name for name in names(exporter))


class TestNothingPersonal:
    """没有姓名、编号、参数、错误文字。"""

    def test_not_in_a_whole_walk(self, town: Town, exporter: InMemorySpanExporter) -> None:
        case = town.open()
        browser = town.visit("冯某")
        for path in (f"/cases/{case.id}", f"/cases/{case.id}/people", "/search?q=陈某"):
            browser.get(path)
        with pytest.raises(NotFound):
            town.give("冯某", _breaking, "陈某推诿扯皮")
        spans = exporter.get_finished_spans()
        told = " ".join(one.to_json() for one in spans)

        assert len(spans) > 50
        for word in ("陈某", "冯某", "推诿", case.id, case.number, town.people["冯某"]):
            assert word not in told
        broken = span(exporter, "command _breaking")
        assert dict(broken.attributes or {})["error.type"] == "NotFound"
        assert not broken.events
        assert not broken.status.is_ok
        assert broken.status.description is None

    def test_a_statement_that_breaks_off_ends_its_span(
        self, town: Town, exporter: InMemorySpanExporter
    ) -> None:
        with pytest.raises(sa.exc.OperationalError), town.office.database.begin() as session:
            session.execute(sa.text("SELECT secret FROM nowhere"))
        broken = span(exporter, "sql SELECT nowhere")

        assert dict(broken.attributes or {})["error.type"] == "OperationalError"
        assert "secret" not in broken.to_json()

    @pytest.mark.parametrize(
        ("statement", "name"),
        [
            ('SELECT x FROM "case_file" WHERE y = 1', "SELECT case_file"),
            ("INSERT INTO due (a) VALUES (?)", "INSERT due"),
            ("UPDATE due SET a = 'FROM 陈某'", "UPDATE due"),
            ("BEGIN IMMEDIATE", "BEGIN"),
            ("", "?"),
        ],
    )
    def test_a_statement_is_named_by_verb_and_table(self, statement: str, name: str) -> None:
        assert name_of(statement) == name


def _breaking(_desk: object, text: str) -> None:
    raise NotFound(text)


class TestWhenItIsOn:
    """不设置就没有；设置了而没有安装，启动时说明。"""

    def test_nothing_is_followed_unless_set(self, town: Town) -> None:
        follow_as_set(town.office, Settings())

        assert town.office.tracer is None

    def test_a_collector_that_is_set_is_told(self, tmp_path: Path) -> None:
        settings = Settings(home=tmp_path, otel_endpoint="http://127.0.0.1:1/v1/traces")
        office = open_installation(settings)
        office.database.close()

        assert isinstance(office.tracer, Telemetry)

    def test_without_the_extra_it_is_refused_with_what_to_do(
        self, town: Town, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
        with pytest.raises(SettingsRefused, match="wenze\\[otel\\]"):
            follow_as_set(town.office, Settings(otel_endpoint="http://127.0.0.1:1/v1/traces"))

    def test_what_is_no_address_is_refused(self) -> None:
        with pytest.raises(SettingsRefused, match="otel_endpoint"):
            Settings(otel_endpoint="collector:4318")
