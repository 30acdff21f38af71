"""`wenze serve`、`wenze demo`：启动、演练数据、停止。"""

from __future__ import annotations

import io
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path

import orjson
import pytest
import sqlalchemy as sa
import structlog
from click.testing import CliRunner

from engine.clock import SetClock
from engine.desk import REHEARSAL, Office
from engine.store.database import open_database
from engine.store.nodes import hold_alone
from engine.store.record import verify
from engine.store.tables import AuthorityRow, Card, CaseRow, VersionRow, WorkItemRow
from tests.postgres import fresh_database
from tests.web.cli.conftest import Wenze
from web.cli import main
from web.demo import DemoRefused, build, log_ins, shared_password
from web.demo.reading import read_people, read_stories
from web.frontend import ASSETS
from web.keys import keys_in
from web.logs import set_up_logs
from web.office import font_folders, open_installation
from web.server import NotServable, Role, listen, parts_of
from web.settings import Settings, read_settings

SHIPPED = Path(__file__).parents[3] / "processes"
FRIDAY = SetClock(datetime(2026, 7, 10, 2, tzinfo=UTC))


@pytest.fixture
def settings(home: Path) -> Settings:
    return Settings(home=home, port=0, sweep_seconds=0.05)


@pytest.fixture
def office(settings: Settings) -> Iterator[Office]:
    opened = open_installation(settings)
    yield opened
    opened.database.close()


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    """A front end that is built, as far as a server can see."""
    place = tmp_path / "dist"
    place.mkdir()
    for name in ASSETS:
        (place / name).touch()
    return place


class TestServing:
    """页面和时钟一同启动，一同停止。"""

    def test_a_front_end_that_is_not_built_is_said(
        self, office: Office, settings: Settings, tmp_path: Path
    ) -> None:
        with pytest.raises(NotServable, match="Run make assets first"):
            listen(office, settings, keys_in(settings.home), dist=tmp_path)

    def test_a_port_that_is_taken_is_said(
        self, office: Office, settings: Settings, dist: Path
    ) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            busy = replace(settings, port=taken.getsockname()[1])
            with pytest.raises(NotServable, match="is taken"):
                listen(office, busy, keys_in(settings.home), dist=dist)

    def test_an_address_that_is_not_this_machines(
        self, office: Office, settings: Settings, dist: Path
    ) -> None:
        elsewhere = replace(settings, host="192.0.2.1")
        with pytest.raises(OSError, match="assign"):
            listen(office, elsewhere, keys_in(settings.home), dist=dist)

    def test_it_answers_until_it_is_told_to_stop(
        self, office: Office, settings: Settings, dist: Path
    ) -> None:
        server = listen(office, settings, keys_in(settings.home), dist=dist)
        answers: list[int] = []

        def visit() -> None:
            host, _, port = server.address.removeprefix("http://").partition(":")
            connection = HTTPConnection(host, int(port), timeout=10)
            connection.request("GET", "/login")
            answers.append(connection.getresponse().status)
            connection.close()
            os.kill(os.getpid(), signal.SIGTERM)

        before = signal.getsignal(signal.SIGTERM)
        visitor = threading.Thread(target=visit)
        visitor.start()
        server.run()
        visitor.join()

        assert answers == [200]
        assert signal.getsignal(signal.SIGTERM) == before

    def test_a_setting_that_is_out_of_bounds(self, wenze: Wenze) -> None:
        result = wenze("serve", "--port", 99_999)

        assert result.exit_code == 2
        assert "65535" in result.output

    def test_fonts_are_looked_for_where_settings_say(self) -> None:
        folders = font_folders(Settings(fonts="/a:/b"))

        assert folders[:2] == [Path("/a"), Path("/b")]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The settings of a rehearsal that was built on the shipped procedure."""
    settings = Settings(home=tmp_path_factory.mktemp("demo") / "home")
    told: list[str] = []
    folders = [SHIPPED / "corporate-accountability"]
    build(settings, folders, tell=lambda _, en: told.append(en), clock=FRIDAY)
    assert told[0] == "Checking corporate-accountability"
    return settings


@pytest.mark.slow
@pytest.mark.timeout(300)  # builds the rehearsal, with all checks of the shipped procedure
class TestDemoData:
    """两个办理机关、人员、流程与示例案件。"""

    @pytest.fixture
    def rehearsal(self, built: Settings) -> Iterator[Office]:
        office = open_installation(built, clock=FRIDAY)
        yield office
        office.database.close()

    def test_is_a_rehearsal_on_its_own_day(self, rehearsal: Office) -> None:
        assert rehearsal.kind == REHEARSAL
        assert rehearsal.clock.now() == FRIDAY.now()

    def test_has_cases_at_different_stages(self, rehearsal: Office) -> None:
        with rehearsal.database.reading() as session:
            stages = session.scalars(sa.select(CaseRow.stage)).all()
            waiting = session.scalars(
                sa.select(WorkItemRow.element).where(WorkItemRow.state == "open")
            ).all()

        assert len(stages) >= 8
        assert {"intake", "start", "investigation", "decision", "appeal"} <= set(stages)
        assert {"ut_screen", "ut_report", "ut_decide"} <= set(waiting)

    def test_one_is_late_and_has_its_yellow_card(self, rehearsal: Office) -> None:
        with rehearsal.database.reading() as session:
            assert session.scalars(sa.select(Card.colour)).all() == ["yellow"]

    def test_each_authority_has_its_own(self, rehearsal: Office) -> None:
        with rehearsal.database.reading() as session:
            rows = session.execute(
                sa.select(AuthorityRow.key, sa.func.count())
                .join(CaseRow, CaseRow.authority_id == AuthorityRow.id)
                .group_by(AuthorityRow.key)
            )
            assert {row[0] for row in rows} == {"group", "transport"}

    def test_versions_were_approved_by_another_person(self, rehearsal: Office) -> None:
        with rehearsal.database.reading() as session:
            versions = session.scalars(sa.select(VersionRow)).all()

        assert len(versions) == 2
        assert all(one.state == "published" for one in versions)
        assert all(one.approved_by not in (None, one.drafted_by) for one in versions)
        assert all(one.report["passed"] for one in versions)

    def test_an_authority_has_only_the_procedures_that_it_works_by(self, rehearsal: Office) -> None:
        with rehearsal.database.reading() as session:
            having = session.scalars(
                sa.select(AuthorityRow.key).join(
                    VersionRow, VersionRow.authority_id == AuthorityRow.id
                )
            ).all()

        assert "group" in having
        assert "puwo" not in having  # the health centre works by cybersecurity-incident alone

    def test_its_record_holds_together(self, rehearsal: Office) -> None:
        with rehearsal.database.reading() as session:
            assert list(verify(session)) == []

    def test_everybody_has_a_log_in(self, rehearsal: Office) -> None:
        _, towns = read_people()

        assert len(log_ins(rehearsal)) == sum(len(town.cast.people) for town in towns)


class TestDemo:
    """一条命令建好，再次运行即用。"""

    def test_is_built_once_and_kept(self, wenze: Wenze, processes: Path, home: Path) -> None:
        first = wenze("demo", "--build-only", "--processes", processes)
        made = (home / "demo" / "wenze.db").stat().st_ino
        second = wenze("demo", "--build-only", "--processes", processes)

        assert first.exit_code == second.exit_code == 0
        assert "Checking loop" in first.output
        assert "Checking loop" not in second.output
        assert shared_password() in second.output
        assert "zhou" in second.output
        assert (home / "demo" / "wenze.db").stat().st_ino == made

    def test_reset_makes_it_anew(self, wenze: Wenze, processes: Path) -> None:
        wenze("demo", "--build-only", "--processes", processes)
        again = wenze("demo", "--build-only", "--processes", processes, "--reset")

        assert "Checking loop" in again.output

    def test_what_does_not_pass_is_not_rehearsed(
        self, wenze: Wenze, processes: Path, home: Path
    ) -> None:
        (processes / "loop/scenarios/one.yaml").unlink()
        result = wenze("demo", "--build-only", "--processes", processes)

        assert result.exit_code == 2
        assert "run wenze check" in result.output
        assert not (home / "demo").exists()

    def test_a_story_that_cannot_be_told_is_said(self, processes: Path, home: Path) -> None:
        folder = (processes / "loop").rename(processes / "corporate-accountability")
        for path in (folder / "procedure.yaml", folder / "loop.bpmn"):
            text = path.read_text("utf-8").replace("id: loop", "id: corporate-accountability")
            text = text.replace("process: loop", "process: corporate-accountability")
            text = text.replace('processRef="loop"', 'processRef="corporate-accountability"')
            text = text.replace('process id="loop"', 'process id="corporate-accountability"')
            path.write_text(text, "utf-8")
        scenario = folder / "scenarios/one.yaml"
        scenario.write_text(scenario.read_text("utf-8").replace("open: loop", "open: "), "utf-8")
        told: list[str] = []
        with pytest.raises(DemoRefused, match=r"stories\.yaml"):
            build(Settings(home=home), [folder], tell=lambda _, en: told.append(en), clock=FRIDAY)

        assert told[-1] == "Working on some cases"

    def test_a_moment_is_written_in_working_days(self, tmp_path: Path) -> None:
        path = tmp_path / "s.yaml"
        path.write_text(
            "- {authority: a, procedure: p, names: {}, stories: [{title: t, steps: [{at: 3}]}]}",
            "utf-8",
        )
        with pytest.raises(ValueError, match="at is written like"):
            read_stories(path)


class TestLogs:
    """日志记下发生了什么，不记是谁。"""

    def test_values_about_people_are_left_out(self) -> None:
        written = io.StringIO()
        set_up_logs("info", file=written)
        try:
            log = structlog.get_logger("x")
            log.info("job.failed", kind="preview", key="k", name="陈某", password="s")
            log.debug("not.told")
            try:
                int("because")
            except ValueError:
                log.exception("due.failed", due="d")
        finally:
            structlog.reset_defaults()
        first, second = (orjson.loads(line) for line in written.getvalue().splitlines())

        assert (first["kind"], first["name"], first["password"]) == ("preview", "[…]", "[…]")
        assert "because" in second["exception"]


class TestTheCommandLine:
    """启动前先看设置：不认识的、不对的，都拒绝并说明。"""

    def test_serve_says_why_it_cannot(self, wenze: Wenze) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            result = wenze("serve", "--port", taken.getsockname()[1])

        assert result.exit_code == 2
        assert "is taken" in result.output or "make assets" in result.output

    def test_a_setting_that_nobody_knows(self, home: Path) -> None:
        environment = {"WENZE_HOME": str(home), "WENZE_NONSENSE": "1"}
        result = CliRunner().invoke(main, ["users", "list"], env=environment)

        assert result.exit_code == 1
        assert "unknown setting nonsense" in result.output

    def test_what_tests_are_told_is_no_setting(self) -> None:
        assert read_settings({"WENZE_TEST_POSTGRES": "postgresql://x"}) == Settings()

    def test_every_command_has_help_in_both_languages(self) -> None:
        for name, command in main.commands.items():
            chinese, slash, english = (command.help or "").partition(" / ")
            assert slash, name
            assert any("\u4e00" <= sign <= "\u9fff" for sign in chinese), name
            assert english[:1].isupper(), name
            for option in command.params:
                told = getattr(option, "help", None)
                assert told is None or " / " in told, f"{name} {option.name}"


class TestNodes:
    """内嵌数据库只供一个进程；PostgreSQL 供多个，各司其职。"""

    def test_a_second_process_on_the_embedded_database_is_refused(
        self, office: Office, settings: Settings, dist: Path
    ) -> None:
        first = hold_alone(office.database)
        with pytest.raises(NotServable, match="Another process serves this embedded database"):
            listen(office, settings, keys_in(settings.home), dist=dist)
        first.release()
        hold_alone(office.database).release()

    def test_a_database_in_memory_is_nobody_elses(self) -> None:
        database = open_database("sqlite://")
        hold_alone(database)
        hold_alone(database).release()
        database.close()

    @pytest.mark.parametrize("role", ["web", "worker", "scheduler"])
    def test_the_embedded_database_has_no_roles(self, wenze: Wenze, role: str) -> None:
        result = wenze("serve", "--role", role)

        assert result.exit_code == 2
        assert f"cannot run {role} alone" in result.output

    @pytest.mark.postgres
    @pytest.mark.parametrize(
        ("role", "parts"),
        [
            (Role.ALL, ["Clockwork", "QueueWorker"]),
            (Role.WEB, []),
            (Role.SCHEDULER, ["Clockwork"]),
            (Role.WORKER, ["QueueWorker"]),
        ],
    )
    def test_a_node_does_its_part(self, home: Path, role: Role, parts: list[str]) -> None:
        with fresh_database() as url:
            settings = Settings(home=home, database=url)
            office = open_installation(settings)
            assert [type(one).__name__ for one in parts_of(office, settings, role)] == parts
            office.database.close()

    @pytest.mark.postgres
    @pytest.mark.slow
    @pytest.mark.parametrize("role", ["worker", "scheduler"])
    def test_a_node_without_pages_works_until_it_is_told_to_stop(
        self, home: Path, role: str
    ) -> None:
        with fresh_database() as url:
            process = subprocess.Popen(  # noqa: S603 -- our own command
                [str(Path(sys.executable).with_name("wenze")), "serve", "--role", role],
                env={
                    **os.environ,
                    "WENZE_HOME": str(home),
                    "WENZE_DATABASE": url,
                    "PYTHONUNBUFFERED": "1",
                },
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            assert process.stdout is not None
            said = ""
            for line in process.stdout:
                said += line
                if "node.started" in line:
                    break
            process.send_signal(signal.SIGTERM)
            rest, _ = process.communicate(timeout=30)

        assert "node.started" in said
        assert "node.stopped" in rest
        assert process.returncode == 0
