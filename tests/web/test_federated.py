"""Log-in by the office's identity provider: a provider on this machine, which can also lie."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from werkzeug.test import TestResponse

from engine.commands.accounts import unlink_identity
from engine.commands.one_time_codes import begin_enrolment, confirm_enrolment
from engine.errors import NotAllowed
from engine.store.tables import Account, AuditEntry, Identity
from tests.listening import HOST, Answer, Asked, answering
from tests.office import Town
from web.app import create_app
from web.keys import Keys
from web.settings import Settings, SettingsRefused, read_settings

KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
STRANGERS = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
CLIENT, SECRET = "wenze", "the client's secret"


@dataclass
class Provider:
    """An identity provider.

    Attributes:
        claims: What the next token says beside what it must.
        key: What signs it.
        asked: What the token endpoint was asked.
        nonce: What the platform sent along, given back in the token.
    """

    issuer: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: KEY)
    asked: dict[str, list[str]] = field(default_factory=dict)
    nonce: str = ""

    def configuration(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "response_types_supported": ["code"],
            "id_token_signing_alg_values_supported": ["RS256"],
        }

    def token(self) -> dict[str, Any]:
        now = 4_000_000_000
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": "u-1",
            "nonce": self.nonce,
            "iat": now - 3_000_000_000,
            "exp": now,
            **self.claims,
        }
        header = {"alg": "RS256", "kid": "one"}
        signed = jwt.encode(header, claims, self.key)
        return {"access_token": "a", "token_type": "Bearer", "id_token": signed}


@pytest.fixture
def provider() -> Iterator[Provider]:
    made = Provider()

    def told(asked: Asked) -> Answer:
        if asked.path == "/token":
            made.asked = parse_qs(asked.content.decode())
            found = made.token()
        elif asked.path == "/jwks":
            found = dict(KeySet([KEY]).as_dict(private=False))
        else:
            found = made.configuration()
        return Answer(json.dumps(found).encode(), headers={"Content-Type": "application/json"})

    with answering(told) as port:
        made.issuer = f"http://{HOST}:{port}"
        yield made


@dataclass
class Door:
    """A browser before the log-in page of an office that has a provider."""

    town: Town
    provider: Provider
    client: FlaskClient
    names: dict[str, str]

    def leave(self, back: str = "") -> dict[str, str]:
        """Be sent to the provider; return what the platform asks it."""
        answer = self.client.get("/login/elsewhere", query_string={"back": back})
        assert answer.status_code == 302
        where = urlsplit(answer.location)
        assert f"{where.scheme}://{where.netloc}" == self.provider.issuer
        asked = {name: values[0] for name, values in parse_qs(where.query).items()}
        self.provider.nonce = asked["nonce"]
        return asked

    def come_back(self, **given: str) -> TestResponse:
        return self.client.get("/login/elsewhere/back", query_string={"code": "c", **given})

    def enter(self, person: str, **claims: Any) -> TestResponse:
        """Log in as the person's log-in, as the provider tells it."""
        self.provider.claims = {"preferred_username": self.names[person], **claims}
        return self.come_back(state=self.leave()["state"])


@pytest.fixture
def door(town: Town, provider: Provider) -> Door:
    settings = Settings(
        oidc_issuer=provider.issuer, oidc_client_id=CLIENT, oidc_client_secret=SECRET
    )
    app = create_app(town.office, settings, Keys("k1", {"k1": b"k" * 32}, b"for tests", b"r" * 32))
    app.testing = True
    rows = town.all(sa.select(Account))
    ids = {person_id: name for name, person_id in town.people.items()}
    names = {ids[row.person_id]: row.name for row in rows if row.person_id in ids}
    return Door(town, provider, app.test_client(), names)


class TestLoggingIn:
    """The provider vouches; an administrator has opened the log-in; both are needed."""

    def test_opens_a_session_and_goes_where_one_wanted_to_be(self, door: Door) -> None:
        door.provider.claims = {"preferred_username": door.names["吕某"]}
        asked = door.leave(back="/notices")
        answer = door.come_back(state=asked["state"])

        assert (answer.status_code, answer.location) == (302, "/notices")
        assert "吕某" in door.client.get("/inbox").text

    def test_asks_with_pkce_state_and_nonce(self, door: Door) -> None:
        asked = door.leave()
        door.provider.claims = {"preferred_username": door.names["吕某"]}
        door.come_back(state=asked["state"])

        assert asked["code_challenge_method"] == "S256"
        assert asked["response_type"] == "code"
        assert len(asked["state"]) >= 16
        assert len(asked["nonce"]) >= 16
        assert len(door.provider.asked["code_verifier"][0]) >= 43
        assert asked["redirect_uri"].endswith("/login/elsewhere/back")

    def test_the_page_offers_it_only_where_there_is_a_provider(self, door: Door) -> None:
        assert "/login/elsewhere" in door.client.get("/login").text
        assert "/login/elsewhere" not in door.town.app.test_client().get("/login").text
        for path in ("/login/elsewhere", "/login/elsewhere/back"):
            assert door.town.app.test_client().get(path).status_code == 404

    def test_whom_nobody_gave_a_log_in_stays_out(self, door: Door) -> None:
        door.provider.claims = {"preferred_username": "somebody"}
        answer = door.come_back(state=door.leave()["state"])

        assert answer.status_code == 401
        assert "没有账号" in answer.text
        assert door.client.get("/inbox").status_code == 302

    def test_a_locked_log_in_stays_shut(self, door: Door) -> None:
        with door.town.office.database.begin() as session:
            session.execute(sa.update(Account).values(is_active=False))

        assert door.enter("吕某").status_code == 401

    def test_a_log_in_that_asks_for_a_code_is_not_opened_without(self, door: Door) -> None:
        signed = replace(door.town.actor("吕某"), has_signed=True)
        begun = door.town.office.give(signed, begin_enrolment)
        code = _code(begun.secret, door.town)
        door.town.office.give(signed, confirm_enrolment, code, is_for_log_in=True)

        answer = door.enter("吕某")

        assert answer.status_code == 401
        assert "动态口令" in answer.text


class TestBinding:
    """The first log-in binds; a name that is given to somebody else opens nothing."""

    def test_the_first_binds_and_is_on_the_record(self, door: Door) -> None:
        door.enter("吕某")

        (bound,) = door.town.all(sa.select(Identity))
        assert (bound.issuer, bound.subject) == (door.provider.issuer, "u-1")
        facts = door.town.all(sa.select(AuditEntry.fact))
        assert facts.count("identity_linked") == 1

    def test_another_of_the_same_name_stays_out(self, door: Door) -> None:
        door.enter("吕某")
        answer = door.enter("吕某", sub="u-2")

        assert answer.status_code == 401
        assert "另一身份" in answer.text

    def test_the_same_person_under_another_name_gets_in(self, door: Door) -> None:
        door.enter("吕某")
        answer = door.enter("秦某", sub="u-1")

        assert answer.status_code == 302
        assert "吕某" in door.client.get("/inbox").text

    def test_an_administrator_unbinds(self, door: Door) -> None:
        door.enter("吕某")
        name = door.names["吕某"]

        with pytest.raises(NotAllowed):
            door.town.give("吕某", unlink_identity, name)
        assert door.town.give("方某", unlink_identity, name) is True
        assert door.town.give("方某", unlink_identity, name) is False
        assert door.enter("吕某", sub="u-2").status_code == 302


class TestLies:
    """What is not signed, not for us, not of now or not of this browser opens nothing."""

    @pytest.mark.parametrize(
        "claims",
        [
            {"iss": "https://elsewhere.example"},
            {"aud": "another"},
            {"nonce": "another"},
            {"exp": 1},
            {"sub": ""},
        ],
        ids=lambda claims: next(iter(claims)),
    )
    def test_a_token_for_something_else(self, door: Door, claims: dict[str, Any]) -> None:
        assert door.enter("吕某", **claims).status_code == 401
        assert door.town.all(sa.select(Identity)) == []

    def test_a_token_that_a_stranger_signed(self, door: Door) -> None:
        door.provider.key = STRANGERS

        assert door.enter("吕某").status_code == 401

    def test_an_answer_that_was_not_asked_for(self, door: Door) -> None:
        door.provider.claims = {"preferred_username": door.names["吕某"]}

        assert door.come_back(state="made up").status_code == 401

    def test_an_answer_is_taken_once(self, door: Door) -> None:
        door.provider.claims = {"preferred_username": door.names["吕某"]}
        state = door.leave()["state"]

        assert door.come_back(state=state).status_code == 302
        door.client.post("/logout")
        assert door.come_back(state=state).status_code == 401

    def test_a_provider_that_says_no(self, door: Door) -> None:
        state = door.leave()["state"]

        assert door.come_back(state=state, error="access_denied", code="").status_code == 401

    def test_a_way_back_to_elsewhere_is_not_taken(self, door: Door) -> None:
        door.provider.claims = {"preferred_username": door.names["吕某"]}
        asked = door.leave(back="https://elsewhere.example/")

        assert door.come_back(state=asked["state"]).location == "/"


class TestAway:
    """A provider that is away is said; passwords go on."""

    def test_is_said(self, town: Town) -> None:
        settings = Settings(
            oidc_issuer="http://127.0.0.1:9", oidc_client_id=CLIENT, oidc_client_secret=SECRET
        )
        keys = Keys("k1", {"k1": b"k" * 32}, b"for tests", b"r" * 32)
        client = create_app(town.office, settings, keys).test_client()
        answer = client.get("/login/elsewhere")

        assert answer.status_code == 502
        assert "暂时无法访问" in answer.text

    def test_an_issuer_without_a_client_is_refused_at_the_start(self) -> None:
        with pytest.raises(SettingsRefused, match="oidc_client_id"):
            read_settings({"WENZE_OIDC_ISSUER": "https://id.example"})


def _code(secret: str, town: Town) -> str:
    import pyotp  # noqa: PLC0415 -- only this test plays the telephone

    return str(pyotp.TOTP(secret).at(town.clock.now()))
