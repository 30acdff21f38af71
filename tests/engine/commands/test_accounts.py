"""登录名由本机关管理员管理；平台自身可管全部。"""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from engine.commands.accounts import (
    accounts_in,
    actor_of,
    authorities_in,
    lock_account,
    set_password,
    unlock_account,
)
from engine.commands.log_in import LogInRefused, log_in, visitor_of
from engine.commands.organise import open_account
from engine.commands.passwords import hash_password
from engine.desk import SYSTEM, Actor, Desk
from engine.errors import NotAllowed, NotFound
from engine.store.tables import Account
from tests.engine.commands.conftest import Town

EVERYWHERE = Actor(SYSTEM, "")
PASSWORD = "a long password"


@pytest.fixture
def account(town: Town) -> str:
    """A log-in of 监事甲."""
    hashed = hash_password(PASSWORD)
    town.give("system", open_account, town.people["监事甲"], "jia", password_hash=hashed)
    return "jia"


def _let_in(town: Town, password: str = PASSWORD) -> bool:
    return not isinstance(log_in(town.office, "jia", password, hours=8), LogInRefused)


class TestAccounts:
    """锁定、解锁、重设口令，都记录在案。"""

    def test_a_locked_one_lets_nobody_in(self, town: Town, account: str) -> None:
        town.give("system", lock_account, account)
        assert not _let_in(town)
        town.give("system", unlock_account, account)
        assert _let_in(town)

    def test_another_password_ends_open_sessions(self, town: Town, account: str) -> None:
        entered = log_in(town.office, account, PASSWORD, hours=8)
        assert not isinstance(entered, LogInRefused)
        town.give("system", set_password, account, hash_password("another long one"))

        assert visitor_of(town.office, entered.token, hours=8) is None
        assert not _let_in(town)
        assert _let_in(town, "another long one")

    def test_are_listed_with_their_people(self, town: Town, account: str) -> None:
        (line,) = town.give("system", accounts_in)

        assert (line.name, line.person, line.has_password, line.is_active) == (
            "jia",
            "监事甲",
            True,
            True,
        )
        assert [one.key for one in town.office.ask(EVERYWHERE, authorities_in)] == ["group"]

    def test_nobody_else_may(self, town: Town, account: str) -> None:
        for query in (accounts_in, authorities_in):
            with pytest.raises(NotAllowed):
                town.office.ask(town.actor("监事甲"), query)
        with pytest.raises(NotAllowed):
            town.give("监事甲", lock_account, account)
        with pytest.raises(NotAllowed):
            town.give("监事甲", set_password, account, "x")

    def test_an_administrator_of_another_authority_finds_none(
        self, town: Town, account: str
    ) -> None:
        stranger = Actor("nobody", "another", is_admin=True)
        with pytest.raises(NotFound):
            town.office.give(stranger, _locked, account)

    def test_the_machine_acts_as_a_person_of_it(self, town: Town, account: str) -> None:
        actor = town.office.ask(EVERYWHERE, actor_of, account)
        assert actor.person_id == town.people["监事甲"]
        administrator = Actor("x", town.authority_id, is_admin=True)
        with pytest.raises(NotAllowed):
            town.office.ask(administrator, actor_of, account)
        town.give("system", lock_account, account)
        for name in (account, "nobody"):
            with pytest.raises(NotFound):
                town.office.ask(EVERYWHERE, actor_of, name)


def _locked(desk: Desk, name: str) -> None:
    lock_account(desk, name)
    assert not desk.session.scalar(sa.select(Account.is_active).where(Account.name == name))
