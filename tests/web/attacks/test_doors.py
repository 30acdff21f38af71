"""会话、跨站请求、路径：每一扇门都关着，直到有人凭自己的凭据打开。"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.http import parse_cookie

from engine.clock import SetClock
from engine.commands.organise import add_authority, add_person, open_account
from engine.commands.passwords import hash_password
from engine.desk import system_actor
from engine.desk.furnishing import REAL, open_office
from engine.store.tables import Session
from engine.vault import Vault
from tests.office import PASSWORD, START, Town
from web.app import create_app
from web.keys import Keys
from web.settings import Settings

OWN_CHECKS = ("/api/", "/engine-rest", "/static/")
"""Programs: they send a token, read no cookie, and so nobody can be made to send for them."""
STAGE = "/rehearsal/pages"
"""The pages of a draft's rehearsal, which are another application with checks of its own."""
SECRETS = ("keys.toml", "wenze.db", "wenze.toml")


@pytest.fixture
def real(tmp_path: Path) -> Iterator[Flask]:
    """A real office behind TLS with one log-in, `lin`."""
    home = tmp_path / "real"
    vault = Vault({"k1": b"k" * 32}, "k1")
    url = f"sqlite:///{tmp_path}/real.db"
    office = open_office(url, home, vault, birth=REAL, clock=SetClock(START))
    authority = office.give(system_actor(""), add_authority, "a", name="某公司", short_name="某")
    system = system_actor(authority.id)
    person = office.give(system, add_person, "林某")
    office.give(system, open_account, person.id, "lin", password_hash=hash_password(PASSWORD))
    settings = Settings(home=home, secure_cookies=True)
    app = create_app(office, settings, Keys("k1", {"k1": b"k" * 32}, b"for tests", b"r" * 32))
    app.testing = True
    yield app
    office.database.close()


def token_of(page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found
    return found[1]


def log_in(client: FlaskClient) -> str:
    """Log in over TLS as a browser does; return the cookie."""
    page = client.get("/login", base_url="https://localhost")
    answer = client.post(
        "/login",
        data={"name": "lin", "password": PASSWORD, "csrf_token": token_of(page.text)},
        base_url="https://localhost",
        headers={"Referer": "https://localhost/login"},
    )
    assert answer.status_code == 302, answer.text
    return answer.headers["Set-Cookie"]


class TestCookies:
    """登录的凭据不可被脚本读取、不随他站的请求发出、不走明文，登录前后不同。"""

    def test_the_cookie_is_for_tls_and_no_script(self, real: Flask) -> None:
        cookie = log_in(real.test_client())

        assert "HttpOnly" in cookie
        assert "Secure" in cookie
        assert "SameSite=Lax" in cookie

    def test_the_one_before_the_log_in_opens_nothing_afterwards(self, real: Flask) -> None:
        """Session fixation: what an attacker planted before the log-in is worth nothing."""
        victim, attacker = real.test_client(), real.test_client()
        page = victim.get("/login", base_url="https://localhost")
        planted = parse_cookie(page.headers["Set-Cookie"])["wenze"]
        log_in(victim)
        attacker.set_cookie("wenze", planted, domain="localhost", secure=True)

        answer = attacker.get("/inbox", base_url="https://localhost")
        assert answer.location.startswith("/login")

    def test_a_cookie_that_somebody_altered_is_nobody_s(self, real: Flask) -> None:
        client = real.test_client()
        cookie = parse_cookie(log_in(client))["wenze"]
        forged = cookie[:-4] + ("AAAA" if cookie[-4:] != "AAAA" else "BBBB")
        client.set_cookie("wenze", forged, domain="localhost", secure=True)

        assert client.get("/inbox", base_url="https://localhost").location.startswith("/login")

    def test_the_database_does_not_hold_what_the_cookie_holds(self, real: Flask) -> None:
        client = real.test_client()
        cookie = parse_cookie(log_in(client))["wenze"]
        with client.session_transaction(base_url="https://localhost") as kept:
            texts = [value for value in kept.values() if isinstance(value, str)]
        with real.extensions["wenze_office"].database.reading() as session:
            rows = [
                str(dict(row)) for row in session.execute(sa.select(Session.__table__)).mappings()
            ]

        assert rows
        assert cookie not in rows[0]
        assert not any(text in rows[0] for text in texts if len(text) > 20)


class TestForgedForms:
    """他站做的表单，一个也不受理。"""

    def test_every_form_asks_for_its_token(self, town: Town) -> None:
        browser, tried = town.visit("方某"), 0
        town.app.config["WTF_CSRF_ENABLED"] = True
        for rule in town.app.url_map.iter_rules():
            changes = {"POST", "PUT", "PATCH", "DELETE"} & set(rule.methods or ())
            if not changes or rule.rule.startswith(OWN_CHECKS) or STAGE in rule.rule:
                continue
            path = re.sub(r"<(?:int|path)?:?[^>]*>", "1", rule.rule)
            for method in changes:
                answer = browser.open(path, method=method, data={"a": "b"})
                tried += 1
                refused = answer.status_code == 400 or answer.location == "/login"
                assert refused, (method, rule.rule, answer.status_code)
                answer.close()

        assert tried > 100

    def test_a_token_of_somebody_else_is_none(self, real: Flask) -> None:
        other = real.test_client().get("/login", base_url="https://localhost")
        client = real.test_client()
        log_in(client)
        answer = client.post(
            "/logout",
            data={"csrf_token": token_of(other.text)},
            base_url="https://localhost",
            headers={"Referer": "https://localhost/"},
        )

        assert answer.status_code == 400

    def test_a_form_that_another_site_sends_is_refused_whatever_its_token(
        self, real: Flask
    ) -> None:
        client = real.test_client()
        page = client.get("/login", base_url="https://localhost")
        answer = client.post(
            "/login",
            data={"name": "lin", "password": PASSWORD, "csrf_token": token_of(page.text)},
            base_url="https://localhost",
            headers={"Referer": "https://evil.example/"},
        )

        assert client.get("/inbox", base_url="https://localhost").location.startswith("/login")
        assert "Set-Cookie" not in answer.headers or answer.location == "/login"


class TestPaths:
    """路径里的上级目录、绝对路径、编码过的斜杠，都取不到站外的文件。"""

    @pytest.mark.parametrize("secret", SECRETS)
    @pytest.mark.parametrize(
        "way",
        [
            "/static/../{}",
            "/static/..%2f..%2f{}",
            "/static/%2e%2e/%2e%2e/{}",
            "/static/....//....//{}",
            "/static//etc/passwd?{}",
            "/static/..\\..\\{}",
            "/static/dist/../../../{}",
            "/static/{}%00.css",
        ],
    )
    def test_nothing_beside_what_is_served(self, town: Town, way: str, secret: str) -> None:
        answer = town.app.test_client().get(way.format(secret), follow_redirects=True)

        assert answer.request.path.startswith(("/login", "/static/"))
        assert answer.status_code == 404 or answer.request.path == "/login"
        assert b"masters" not in answer.data
        answer.close()

    @pytest.mark.parametrize(
        "path", ["../keys.toml", "..%2fkeys.toml", "%2fetc%2fpasswd", "a/../../b"]
    )
    def test_a_draft_s_file_is_one_of_the_draft(self, town: Town, path: str) -> None:
        browser = town.visit("丁某")
        answer = browser.get(f"/designer/00000000-0000-7000-8000-000000000000/files/{path}")

        assert answer.status_code == 404
