"""Liveness, readiness and metrics: for machines, without a word about cases or people."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from prometheus_client import values
from prometheus_client.parser import text_string_to_metric_families
from werkzeug.test import TestResponse

from engine.commands.anchor_record import ALL, note_check
from engine.desk import system_actor
from engine.store.tables import CalendarYear, DueRow, OutboxJob
from engine.vault import RecordKey
from scheduler import Clockwork
from tests.office import Town
from web.app import create_app
from web.keys import Keys
from web.server import WORKERS
from web.settings import Settings
from web.watching.metrics import SHARED_FOLDER

TOKEN = "a token of monitoring"


def ready(town: Town) -> tuple[int, dict[str, Any]]:
    answer = town.app.test_client().get("/readyz")
    return answer.status_code, answer.get_json()


def check(town: Town, name: str) -> tuple[str, Any]:
    found = ready(town)[1]["checks"][name]
    return found["state"], found["value"]


def asked(town: Town, token: str = TOKEN, *, configured: str = TOKEN) -> TestResponse:
    keys = Keys("k1", {"k1": b"k" * 32}, b"only for tests", b"r" * 32)
    app = create_app(town.office, Settings(metrics_token=configured), keys)
    app.testing = True
    return app.test_client().get("/metrics", headers={"Authorization": f"Bearer {token}"})


def gauge(town: Town, name: str) -> float | None:
    for family in text_string_to_metric_families(asked(town).text):
        for sample in family.samples:
            if sample.name == name:
                return sample.value
    return None


class TestHealth:
    """The process lives: the database is not asked."""

    def test_needs_no_log_in_and_no_database(self, town: Town) -> None:
        with unreachable(town):
            answer = town.app.test_client().get("/healthz")
        assert (answer.status_code, answer.text) == (200, "ok\n")


class TestReadiness:
    """A node that cannot serve says so; what a person should look at leaves it serving."""

    def test_a_node_with_database_and_schema_is_ready(self, town: Town) -> None:
        status, told = ready(town)
        assert (status, told["ready"]) == (200, True)
        assert told["checks"]["database"] == {"state": "good", "value": None}
        assert told["checks"]["schema"]["state"] == "good"

    def test_without_its_database_it_is_not(self, town: Town) -> None:
        with unreachable(town):
            status, told = ready(town)
        assert (status, told["ready"]) == (503, False)
        assert told["checks"] == {"database": {"state": "bad", "value": None}}

    def test_an_older_schema_is_not(self, town: Town) -> None:
        with town.office.database.begin() as session:
            session.execute(sa.text("UPDATE alembic_version SET version_num = '0000'"))
        assert ready(town)[0] == 503
        assert check(town, "schema") == ("bad", "0000")

    def test_what_fell_due_and_did_not_fire_is_looked_at(self, town: Town) -> None:
        town.open()
        with town.office.database.begin() as session:
            session.execute(sa.update(DueRow).values(due_at=town.office.clock.now()))
        assert check(town, "timer_lag_seconds") == ("good", 0.0)
        town.clock.move_to(town.clock.now() + timedelta(seconds=61))
        assert check(town, "timer_lag_seconds") == ("look", 61.0)
        assert ready(town)[0] == 200

    def test_jobs_that_wait_or_died_are_looked_at(self, town: Town) -> None:
        job = OutboxJob(kind="preview", key="k", payload={}, not_before=town.clock.now())
        with town.office.database.begin() as session:
            session.add(job)
        town.clock.move_to(town.clock.now() + timedelta(minutes=2))
        assert check(town, "job_lag_seconds") == ("look", 120.0)
        with town.office.database.begin() as session:
            session.execute(sa.update(OutboxJob).values(state="dead"))
        assert check(town, "job_lag_seconds") == ("good", 0.0)
        assert check(town, "jobs_dead") == ("look", 1)

    def test_a_year_without_holidays_is_looked_at(self, town: Town) -> None:
        before = check(town, "calendar_years_missing")[1]
        with town.office.database.begin() as session:
            session.execute(
                sa.delete(CalendarYear).where(CalendarYear.authority_id == town.authority_id)
            )
        assert check(town, "calendar_years_missing") == ("look", before + 1)

    def test_the_record_is_checked_each_day_where_it_is_anchored(self, town: Town) -> None:
        assert "record_check_age_seconds" not in ready(town)[1]["checks"]
        town.office.record_key = RecordKey(b"r" * 32)
        assert check(town, "record_check_age_seconds") == ("look", None)
        Clockwork(town.office, WORKERS).keep()
        assert check(town, "record_check_age_seconds") == ("good", 0.0)
        town.clock.move_to(town.clock.now() + timedelta(days=2, seconds=1))
        assert check(town, "record_check_age_seconds") == ("look", 172_801.0)

    def test_a_breach_found_in_the_night_stays_in_sight(self, town: Town) -> None:
        town.office.record_key = RecordKey(b"r" * 32)
        with town.office.database.begin() as session:
            session.execute(sa.text("DROP TRIGGER audit_entry_no_update"))
            session.execute(sa.text("UPDATE audit_entry SET actor = 'nobody' WHERE sequence = 1"))
        Clockwork(town.office, WORKERS).keep()
        state, count = check(town, "record_breaches")
        assert state == "look"
        assert count >= 1
        town.office.give(system_actor(""), note_check, scope=ALL, streams=1, breaches=0)
        town.clock.move_to(town.clock.now() + timedelta(seconds=1))
        town.office.give(system_actor(""), note_check, scope=ALL, streams=1, breaches=0)
        assert check(town, "record_breaches") == ("good", 0)


class TestMetrics:
    """Numbers for Prometheus, to whoever bears the token."""

    @pytest.mark.parametrize(
        ("token", "configured"), [("", ""), ("x", ""), ("x", TOKEN), ("", TOKEN)]
    )
    def test_nobody_else_learns_that_they_are_there(
        self, town: Town, token: str, configured: str
    ) -> None:
        assert asked(town, token, configured=configured).status_code == 404

    def test_the_pulse_is_told(self, town: Town) -> None:
        town.open()
        assert gauge(town, "wenze_cases") == 1.0
        assert gauge(town, "wenze_red") == 0.0
        assert gauge(town, "wenze_anchor_age") is None

    def test_deadlines_turn_yellow_and_red(self, town: Town) -> None:
        town.open()
        town.at(2026, 3, 31)
        assert gauge(town, "wenze_red") == 1.0
        assert gauge(town, "wenze_yellow") == 0.0

    def test_requests_are_timed_by_page_and_never_by_address(self, town: Town) -> None:
        case = town.open()
        town.visit("冯某").get(f"/cases/{case.id}")
        text = asked(town).text
        assert 'page="cases.show"' in text
        assert case.id not in text

    def test_an_address_that_leads_nowhere_is_counted_without_it(self, town: Town) -> None:
        town.app.test_client().get("/nothing/here")
        text = asked(town).text
        assert 'wenze_request_seconds_count{method="GET",page="none",status="404"}' in text
        assert "nothing/here" not in text

    def test_processes_of_a_node_are_added_up_from_their_folder(
        self, town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "metrics").mkdir()
        monkeypatch.setenv(SHARED_FOLDER, str(tmp_path / "metrics"))
        of_process: Any = values.MultiProcessValue
        for number in (1, 2):
            kind = of_process(process_identifier=lambda number=number: number)
            kind("counter", "done", "done_total", (), (), "Done.").inc(3)
        assert "done_total 6.0" in asked(town).text


@contextmanager
def unreachable(town: Town) -> Iterator[None]:
    """Take the database away."""
    held = town.office.database.engine

    def refuse(*_: object) -> None:
        raise sa.exc.OperationalError("SELECT", {}, OSError("no route"))

    sa.event.listen(held, "begin", refuse)
    try:
        yield
    finally:
        sa.event.remove(held, "begin", refuse)
