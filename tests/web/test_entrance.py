"""The way in: log-in, errors as pages, languages, and who asks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from engine.commands.organise import add_authority, add_person, open_account
from engine.commands.passwords import hash_password
from engine.desk import system_actor
from engine.desk.furnishing import REAL, open_office
from engine.errors import ConcurrentChange, NotAllowed, NotFound, Refusal
from engine.store.tables import Account, Session
from engine.vault import Vault
from tests.applications import KEYS
from tests.office import PASSWORD, START, Town
from web.app import create_app
from web.keys import Keys
from web.settings import Settings
from web.visiting import open_to_all


@pytest.fixture
def client(town: Town) -> FlaskClient:
    return town.app.test_client()


@pytest.fixture
def real(tmp_path: Path) -> Iterator[Flask]:
    """A real office with one log-in, `lin`, and forms that are protected."""
    from engine.clock import SetClock  # noqa: PLC0415 -- this fixture only

    home = tmp_path / "real"
    office = open_office(
        f"sqlite:///{tmp_path}/real.db",
        home,
        Vault({"k1": b"k" * 32}, "k1"),
        birth=REAL,
        clock=SetClock(START),
    )
    authority = office.give(system_actor(""), add_authority, "a", name="某公司", short_name="某")
    system = system_actor(authority.id)
    person = office.give(system, add_person, "林某")
    office.give(system, open_account, person.id, "lin", password_hash=hash_password(PASSWORD))
    yield create_app(
        office, Settings(home=home), Keys("k1", {"k1": b"k" * 32}, b"for tests", b"r" * 32)
    )
    office.database.close()


def name_of(town: Town, person: str) -> str:
    row: Account = town.one(sa.select(Account).where(Account.person_id == town.people[person]))
    return row.name


class TestLoggingIn:
    """Name and password open a session; a wrong one is told no more than that."""

    def test_the_right_ones_lead_to_where_one_wanted_to_go(
        self, town: Town, client: FlaskClient
    ) -> None:
        given = {"name": f" {name_of(town, '冯某')} ", "password": PASSWORD, "back": "/?x=1"}
        answer = client.post("/login", data=given)
        assert (answer.status_code, answer.location) == (302, "/?x=1")
        assert client.get("/login").status_code == 302  # there is no need to any more

    def test_wrong_ones_are_refused_in_the_reader_s_language(
        self, town: Town, client: FlaskClient
    ) -> None:
        given = {"name": name_of(town, "冯某"), "password": "wrong"}
        answer = client.post("/login", data=given)
        assert answer.status_code == 401
        assert "账号或口令不对" in answer.text
        client.get("/language/en?back=/login")
        assert "The name or the password is wrong" in client.post("/login", data=given).text

    def test_a_locked_account_is_told_so(self, town: Town, client: FlaskClient) -> None:
        given = {"name": name_of(town, "冯某"), "password": "wrong"}
        for _ in range(5):
            client.post("/login", data=given)
        assert "已锁定" in client.post("/login", data={**given, "password": PASSWORD}).text

    def test_logging_out_ends_the_session(self, town: Town) -> None:
        browser = town.visit("冯某")
        assert browser.post("/logout").status_code == 302
        assert browser.get("/").location.startswith("/login")

    @pytest.mark.parametrize(
        "back",
        ["https://evil.example/", "//evil.example", "/\\evil.example", "/\t/evil.example", "x", ""],
    )
    def test_nobody_is_sent_elsewhere(self, town: Town, client: FlaskClient, back: str) -> None:
        given = {"name": name_of(town, "冯某"), "password": PASSWORD, "back": back}
        assert client.post("/login", data=given).location == "/"
        assert client.get("/language/en", query_string={"back": back}).location == "/"

    def test_the_chosen_language_stays_through_the_log_in(
        self, town: Town, client: FlaskClient
    ) -> None:
        client.get("/language/en")
        client.post("/login", data={"name": name_of(town, "冯某"), "password": PASSWORD})
        assert 'lang="en' in client.get("/nowhere").text


class TestARehearsal:
    """A list of its people; a real database knows no such way."""

    def test_the_list_is_there_in_a_rehearsal_only(self, client: FlaskClient, real: Flask) -> None:
        assert "冯某" in client.get("/login").text
        assert "林某" not in real.test_client().get("/login").text

    def test_a_real_database_lets_nobody_in_as_another(self, real: Flask) -> None:
        real.config["WTF_CSRF_ENABLED"] = False
        answer = real.test_client().post("/login/as", data={"account": "x"})
        assert answer.status_code == 403
        assert "演练库" in answer.text

    def test_an_account_that_is_not_there_is_not_found(self, client: FlaskClient) -> None:
        assert client.post("/login/as", data={"account": "x"}).status_code == 404


class TestSessions:
    """Server-side: idleness ends them, and a page is never kept by a cache."""

    def test_whoever_is_not_logged_in_is_sent_to_the_log_in_and_back(
        self, client: FlaskClient
    ) -> None:
        assert client.get("/?a=1").location == "/login?back=/?a%3D1"
        assert client.post("/logout").location == "/login"

    def test_a_session_that_was_ended_is_nobody_s(self, town: Town) -> None:
        browser = town.visit("冯某")
        with town.office.database.begin() as session:
            session.execute(
                sa.update(Session).values(expires_at=town.clock.now() - timedelta(seconds=1))
            )
        assert browser.get("/").location.startswith("/login")

    def test_pages_are_not_cached_and_files_of_ours_are_served_to_all(
        self, client: FlaskClient
    ) -> None:
        assert client.get("/login").headers["Cache-Control"] == "no-store"
        assert client.get("/static/none.css").status_code == 404


class TestErrors:
    """Each family of errors has its page, with a sentence and a way on."""

    @pytest.mark.parametrize(
        ("error", "status", "said"),
        [
            (
                Refusal("reasons.missing", rule="S0篇1§14"),
                409,
                "请写明理由后再提交。（《领导干部问责制》第14条）",
            ),
            (ConcurrentChange("row.changed"), 409, "已被他人更改"),
            (NotAllowed("platform.not_admin"), 403, "只有平台管理员"),
            (NotFound("x"), 404, "或您无权查看"),
            (ZeroDivisionError("secret"), 500, "平台出了故障"),
        ],
    )
    def test_every_family(self, town: Town, error: Exception, status: int, said: str) -> None:
        @open_to_all
        def breaks() -> str:
            raise error

        app = create_app(town.office, town.app.extensions["wenze_settings"], KEYS)
        app.config["PROPAGATE_EXCEPTIONS"] = False
        app.add_url_rule("/breaks", view_func=breaks)
        answer = app.test_client().get("/breaks")
        assert (answer.status_code, said in answer.text) == (status, True), answer.text
        assert "secret" not in answer.text

    def test_pages_that_are_not_there_and_ways_that_are_not_open(self, town: Town) -> None:
        browser = town.visit("冯某")
        assert "没有这个页面" in browser.get("/nowhere").text
        assert browser.get("/logout").status_code == 405
        town.app.config["MAX_CONTENT_LENGTH"] = 10
        assert browser.post("/login", data={"name": "x" * 99}).status_code in {302, 413}

    def test_an_expired_form_is_a_page_and_no_fault(self, real: Flask) -> None:
        client = real.test_client()
        assert client.post("/login", data={"name": "lin"}).location == "/login"
        answer = client.post("/login/as", data={"account": "x"})
        assert answer.status_code == 400
        assert "页面已过期" in answer.text
