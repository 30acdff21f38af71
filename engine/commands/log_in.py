"""Log in and out: server-side sessions, lock-out, every attempt on the record."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from engine.commands.one_time_codes import code_fits, is_asked_at_log_in
from engine.commands.passwords import password_fits
from engine.desk import REHEARSAL, Actor, Desk, Fact, Office
from engine.desk.settings import setting
from engine.errors import NotAllowed, NotFound
from engine.model.settings import SettingKey
from engine.store.prepared import Prepared
from engine.store.tables import Account, PersonRow, Session

if TYPE_CHECKING:
    from datetime import datetime

SEEN_EVERY = timedelta(minutes=2)
TOKEN_BYTES = 32
_OPEN = Prepared(
    sa.select(
        Session.seen_at,
        Account.id,
        Account.name,
        Account.is_admin,
        Account.language,
        PersonRow.id,
        PersonRow.authority_id,
        PersonRow.name,
    )
    .join(Account, Account.id == Session.account_id)
    .join(PersonRow, PersonRow.id == Account.person_id)
    .where(
        Session.token_digest == sa.bindparam("digest"),
        Session.expires_at > sa.bindparam("now"),
        Account.is_active,
    )
)
"""Who is behind a session that has not ended; every page asks."""


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """An open session.

    Attributes:
        token: What the cookie holds; the database has only its digest.
        actor: Who acts.
    """

    token: str
    actor: Actor


@dataclass(frozen=True, slots=True)
class LogInRefused:
    """Why nobody was let in; `until` only for a locked account."""

    message_id: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is behind a session's cookie.

    Attributes:
        actor: Who acts.
        name: The person's name.
        account: The log-in's name.
        language: zh or en.
    """

    actor: Actor
    name: str
    account: str
    language: str


def log_in(
    office: Office, name: str, password: str, *, hours: int, code: str = ""
) -> LoggedIn | LogInRefused:
    """Check a password and open a session.

    The hash is computed before the transaction begins, so that no lock is held
    meanwhile. After five failures the account is closed for a quarter of an hour, unless
    the authority has set other values (proposed; the texts do not speak of it).

    Args:
        office: Where.
        name: The log-in's name.
        password: As it was typed.
        hours: After how long without a look the session ends.
        code: The one-time code, where the account wants one; a wrong one looks like a
            wrong password.
    """
    with office.database.reading() as session:
        account = session.scalar(sa.select(Account).where(Account.name == name))
        person = session.get(PersonRow, account.person_id) if account else None
    fits = password_fits(account.password if account else "", password)
    if account is None or person is None:
        return LogInRefused("log_in.wrong")
    actor = Actor(person.id, person.authority_id, account.id, account.is_admin)
    return office.give(actor, _note_attempt, account.id, fits=fits, hours=hours, code=code)


def log_in_as(office: Office, account_id: str, *, hours: int) -> LoggedIn:
    """Open a session as any account: in a rehearsal only.

    Raises:
        NotAllowed: This is a real database.
        NotFound: There is no such account.
    """
    if office.kind != REHEARSAL:
        raise NotAllowed("log_in.rehearsal_only")
    with office.database.reading() as session:
        account = session.get(Account, account_id)
        person = session.get(PersonRow, account.person_id) if account else None
    if account is None or person is None:
        raise NotFound(account_id)
    actor = Actor(person.id, person.authority_id, account.id, account.is_admin)
    return office.give(actor, open_session, hours)


def visitor_of(office: Office, token: str, *, hours: int, is_act: bool = True) -> Visitor | None:
    """Return who is behind a cookie's token; None for nobody or a session that ended.

    What a page asks for by itself is no act of the visitor's (`is_act`): it keeps no idle
    session open.
    """
    now, digest = office.clock.now(), _digest(token)
    found = office.database.asked(_OPEN, {"digest": digest, "now": now})
    if not found:
        return None
    ((seen_at, account_id, account, is_admin, language, person_id, authority_id, name),) = found
    if is_act and now - seen_at >= SEEN_EVERY:
        with office.database.begin() as session:
            session.execute(
                sa.update(Session)
                .where(Session.token_digest == digest)
                .values(seen_at=now, expires_at=now + timedelta(hours=hours))
            )
    return Visitor(Actor(person_id, authority_id, account_id, is_admin), name, account, language)


def log_out(desk: Desk, token: str) -> None:
    """End the session of `token`; one that has ended already is no error."""
    desk.session.execute(sa.delete(Session).where(Session.token_digest == _digest(token)))
    desk.record(None, Fact.LOGGED_OUT)


def accounts_of(desk: Desk) -> list[tuple[Account, PersonRow]]:
    """Return every account with its person, for a rehearsal's list; the caller asks which."""
    rows = desk.session.execute(
        sa.select(Account, PersonRow)
        .join(PersonRow, PersonRow.id == Account.person_id)
        .where(Account.is_active)
        .order_by(PersonRow.authority_id, Account.name)
    )
    return [(row[0], row[1]) for row in rows]


def _note_attempt(
    desk: Desk, account_id: str, *, fits: bool, hours: int, code: str
) -> LoggedIn | LogInRefused:
    """Count a failure or open the session, under the account's lock."""
    account = desk.session.get_one(Account, account_id, with_for_update=True)
    now = desk.now()
    if account.locked_until is not None and account.locked_until > now:
        desk.record(None, Fact.LOG_IN_FAILED, account=account.name, locked=True)
        return LogInRefused("log_in.locked", account.locked_until)
    if fits and is_asked_at_log_in(desk, account.id):
        fits = code_fits(desk, account.id, code)
    if not fits or not account.is_active:
        count_failure(desk, account)
        desk.record(None, Fact.LOG_IN_FAILED, account=account.name, locked=False)
        return LogInRefused("log_in.wrong")
    account.failures = 0
    account.locked_until = None
    return open_session(desk, hours)


def count_failure(desk: Desk, account: Account) -> None:
    """Count a wrong password; as many as the authority allows close the account for a while."""
    account.failures += 1
    if account.failures >= setting(desk, SettingKey.ALLOWED_FAILURES):
        account.failures = 0
        minutes = setting(desk, SettingKey.LOCKED_MINUTES)
        account.locked_until = desk.now() + timedelta(minutes=minutes)


def open_session(desk: Desk, hours: int) -> LoggedIn:
    """Open a session for the actor's log-in, who has been recognised."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    now = desk.now()
    desk.session.add(
        Session(
            token_digest=_digest(token),
            account_id=desk.actor.account_id,
            opened_at=now,
            seen_at=now,
            expires_at=now + timedelta(hours=hours),
        )
    )
    desk.record(None, Fact.LOGGED_IN)
    return LoggedIn(token, desk.actor)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
