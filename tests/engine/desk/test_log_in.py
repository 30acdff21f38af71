from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher

from engine.clock import SetClock
from engine.commands.log_in import (
    LoggedIn,
    LogInRefused,
    accounts_of,
    log_in,
    log_in_as,
    log_out,
    visitor_of,
)
from engine.commands.organise import (
    AlreadyThere,
    PostDatesWrong,
    add_authority,
    add_person,
    add_unit,
    end_post,
    give_post,
    open_account,
    relate,
)
from engine.commands.passwords import PasswordTooWeak, hash_password, password_fits
from engine.desk import SYSTEM, Actor, Office, open_office
from engine.errors import NotAllowed, NotFound
from engine.store.tables import Account, AuditEntry, AuthorityRow
from engine.vault import Vault

MONDAY = datetime(2026, 3, 2, 1, tzinfo=UTC)
PASSWORD = "correct horse"


@pytest.fixture(scope="module")
def hashed() -> str:
    return hash_password(PASSWORD)


@pytest.fixture
def clock() -> SetClock:
    return SetClock(MONDAY)


def an_office(tmp_path: Path, clock: SetClock, birth: str) -> Office:
    vault = Vault({"k": b"k" * 32}, "k")
    return open_office("sqlite://", tmp_path, vault, birth=birth, clock=clock)


@pytest.fixture
def office(tmp_path: Path, clock: SetClock, hashed: str) -> Iterator[Office]:
    office = an_office(tmp_path, clock, "real")
    authority = office.give(
        Actor(SYSTEM, ""), add_authority, "board", name="某公司监事会", short_name="某"
    )
    system = Actor(SYSTEM, authority.id)
    person = office.give(system, add_person, "林某")
    office.give(system, open_account, person.id, "lin", password_hash=hashed)
    yield office
    office.database.close()


def facts(office: Office) -> list[str]:
    with office.database.reading() as session:
        return list(session.scalars(sa.select(AuditEntry.fact).order_by(AuditEntry.sequence)))


class TestPasswords:
    """Passwords are kept as argon2id hashes of RFC 9106."""

    def test_by_the_profile_for_low_memory(self, real_hasher: PasswordHasher) -> None:
        assert real_hasher.hash(PASSWORD).startswith("$argon2id$v=19$m=65536,t=3,p=4$")

    def test_only_the_password_itself_fits(self, hashed: str) -> None:
        assert hashed.startswith("$argon2id$")
        assert password_fits(hashed, PASSWORD)
        assert not password_fits(hashed, PASSWORD + "!")

    def test_no_password_fits_an_empty_or_broken_hash(self) -> None:
        assert not password_fits("", PASSWORD)
        assert not password_fits("$argon2id$broken", PASSWORD)

    @pytest.mark.parametrize("password", ["short", "x" * 201])
    def test_too_short_and_too_long_ones_are_refused(self, password: str) -> None:
        with pytest.raises(PasswordTooWeak):
            hash_password(password)


class TestLoggingIn:
    """Who knows the password gets a session; the cookie holds a token, the database its digest."""

    def test_a_session_opens_and_says_who_it_is(self, office: Office) -> None:
        opened = log_in(office, "lin", PASSWORD, hours=8)
        assert isinstance(opened, LoggedIn)
        visitor = visitor_of(office, opened.token, hours=8)
        assert visitor is not None
        assert (visitor.name, visitor.account, visitor.actor) == ("林某", "lin", opened.actor)
        assert facts(office)[-1] == "logged_in"

    def test_a_wrong_password_and_an_unknown_name_are_told_alike(self, office: Office) -> None:
        assert log_in(office, "lin", "wrong", hours=8) == LogInRefused("log_in.wrong")
        assert log_in(office, "nobody", PASSWORD, hours=8) == LogInRefused("log_in.wrong")
        assert facts(office)[-1] == "log_in_failed"

    def test_after_five_failures_the_account_is_closed_for_a_quarter_of_an_hour(
        self, office: Office, clock: SetClock
    ) -> None:
        for _ in range(5):
            log_in(office, "lin", "wrong", hours=8)
        until = MONDAY + timedelta(minutes=15)
        assert log_in(office, "lin", PASSWORD, hours=8) == LogInRefused("log_in.locked", until)
        clock.move_to(until)
        assert isinstance(log_in(office, "lin", PASSWORD, hours=8), LoggedIn)

    def test_a_closed_account_lets_nobody_in(self, office: Office) -> None:
        opened = log_in(office, "lin", PASSWORD, hours=8)
        assert isinstance(opened, LoggedIn)
        with office.database.begin() as session:
            session.execute(sa.update(Account).values(is_active=False))
        assert log_in(office, "lin", PASSWORD, hours=8) == LogInRefused("log_in.wrong")
        assert visitor_of(office, opened.token, hours=8) is None


class TestSessions:
    """A session ends after idle hours, when one logs out, and never before it is used."""

    def test_a_look_keeps_it_open_and_idleness_ends_it(
        self, office: Office, clock: SetClock
    ) -> None:
        opened = log_in(office, "lin", PASSWORD, hours=8)
        assert isinstance(opened, LoggedIn)
        clock.move_to(MONDAY + timedelta(hours=7))
        assert visitor_of(office, opened.token, hours=8) is not None
        clock.move_to(MONDAY + timedelta(hours=14, minutes=59))
        assert visitor_of(office, opened.token, hours=8) is not None
        clock.move_to(MONDAY + timedelta(hours=23))
        assert visitor_of(office, opened.token, hours=8) is None

    def test_logging_out_ends_it(self, office: Office) -> None:
        opened = log_in(office, "lin", PASSWORD, hours=8)
        assert isinstance(opened, LoggedIn)
        office.give(opened.actor, log_out, opened.token)
        assert visitor_of(office, opened.token, hours=8) is None
        assert facts(office)[-1] == "logged_out"

    def test_a_made_up_token_is_nobody(self, office: Office) -> None:
        assert visitor_of(office, "made-up", hours=8) is None


class TestLoggingInAsAnother:
    """A rehearsal lists its people; a real database does not know the way."""

    def test_it_is_refused_in_a_real_database(self, office: Office) -> None:
        with office.database.reading() as session:
            account = session.scalars(sa.select(Account.id)).one()
        with pytest.raises(NotAllowed):
            log_in_as(office, account, hours=8)

    def test_it_opens_a_session_in_a_rehearsal(self, tmp_path: Path, clock: SetClock) -> None:
        office = an_office(tmp_path, clock, "rehearsal")
        authority = office.give(Actor(SYSTEM, ""), add_authority, "a", name="甲", short_name="甲")
        system = Actor(SYSTEM, authority.id)
        person = office.give(system, add_person, "孙某")
        account = office.give(system, open_account, person.id, "sun", is_admin=True)
        assert [row[1].name for row in office.ask(system, accounts_of)] == ["孙某"]
        opened = log_in_as(office, account.id, hours=8)
        assert opened.actor.is_admin
        with pytest.raises(NotFound):
            log_in_as(office, "nobody", hours=8)
        office.database.close()


class TestOrganising:
    """An administrator sets up units, persons, posts and log-ins; everybody else may not."""

    def test_posts_have_dates_that_make_sense(self, office: Office) -> None:
        with office.database.reading() as session:
            account = session.scalars(sa.select(Account)).one()
            authority = session.scalars(sa.select(AuthorityRow.id)).one()
        admin = Actor(account.person_id, authority, account.id, is_admin=True)
        day = MONDAY.date()
        unit = office.give(admin, add_unit, "一车间")
        below = office.give(admin, add_unit, "甲班", parent_id=unit.id)
        person = office.give(admin, add_person, "孙某", unit_id=below.id)
        post = office.give(admin, give_post, person.id, "verifier", valid_from=day)
        assert post.unit_id == below.id
        with pytest.raises(PostDatesWrong):
            office.give(admin, end_post, post.id, last_day=day - timedelta(days=1))
        with pytest.raises(PostDatesWrong):
            office.give(
                admin,
                give_post,
                person.id,
                "verifier",
                valid_from=day,
                valid_to=day - timedelta(days=1),
            )
        assert office.give(admin, end_post, post.id, last_day=day).valid_to == day
        office.give(admin, relate, person.id, account.person_id, kind="kin")
        with pytest.raises(AlreadyThere):
            office.give(admin, open_account, person.id, "lin")
        with pytest.raises(AlreadyThere):
            office.give(Actor(SYSTEM, ""), add_authority, "board", name="x", short_name="x")
        with pytest.raises(NotAllowed):  # an administrator governs one authority, and adds none
            office.give(admin, add_authority, "other", name="x", short_name="x")
        with pytest.raises(NotFound):
            office.give(Actor(SYSTEM, "elsewhere"), give_post, person.id, "x", valid_from=day)
        with pytest.raises(NotAllowed):
            office.give(Actor(account.person_id, authority), add_unit, "二车间")
        assert "refused" in facts(office)

    def test_a_database_is_born_real_or_rehearsal(self, tmp_path: Path, clock: SetClock) -> None:
        with pytest.raises(ValueError, match="born"):
            an_office(tmp_path, clock, "play")
