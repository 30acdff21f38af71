"""Tokens of programs: made with scopes and an end, shown once, checked, revoked."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from engine.desk import Actor, Desk, Fact, Office
from engine.errors import NotFound, Refusal
from engine.model.periods import expires_at
from engine.model.scopes import Scope
from engine.store.prepared import Prepared
from engine.store.tables import Account, ApiToken, PersonRow

if TYPE_CHECKING:
    from collections.abc import Collection

PREFIX = "wz_"
BYTES = 32
LONGEST_NAME = 60
MOST = 50
USED_EVERY = timedelta(minutes=5)
LONGEST = timedelta(days=366)
SOURCE = "SUP-040"


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token that was just made.

    Attributes:
        id: Of its row.
        secret: What the program sends; shown this once and kept nowhere.
        expires_at: From when on it is refused.
    """

    id: str
    secret: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class TokenLine:
    """One token, as its owner and the administrators see it.

    Attributes:
        id: Of its row.
        name: What its owner calls it.
        account: The log-in it acts for.
        person: That log-in's person.
        scopes: What it may be used for.
        is_over: Expired or revoked.
    """

    id: str
    name: str
    account: str
    person: str
    scopes: tuple[str, ...]
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None
    is_over: bool


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who is behind a token.

    Attributes:
        actor: Who acts; an administrator only where the token has the scope ``admin``.
        name: The person's name.
        account: The log-in's name.
        language: zh or en.
        token_id: Of the token's row.
        scopes: What it may be used for.
    """

    actor: Actor
    name: str
    account: str
    language: str
    token_id: str
    scopes: frozenset[Scope]


class _Owned(NamedTuple):
    """A token that counts, with whose it is; what `_BEARER` asks for, in its order."""

    token_id: str
    scopes: list[str]
    used_at: datetime | None
    account_id: str
    account: str
    language: str
    is_admin: bool
    person_id: str
    name: str
    authority_id: str


_BEARER = Prepared(
    sa.select(
        ApiToken.id,
        ApiToken.scopes,
        ApiToken.used_at,
        Account.id,
        Account.name,
        Account.language,
        Account.is_admin,
        PersonRow.id,
        PersonRow.name,
        PersonRow.authority_id,
    )
    .join(Account, Account.id == ApiToken.account_id)
    .join(PersonRow, PersonRow.id == Account.person_id)
    .where(
        ApiToken.digest == sa.bindparam("digest"),
        ApiToken.revoked_at.is_(None),
        ApiToken.expires_at > sa.bindparam("now"),
        Account.is_active,
    )
)


def create_token(
    desk: Desk, name: str, scopes: Collection[str], *, expires_on: date, account_name: str = ""
) -> NewToken:
    """Make a token for one's own log-in, or as administrator for a technical one.

    A technical log-in is one without a password: nobody can enter by it but a program.

    Args:
        desk: Of one who has signed.
        name: What it is for, 1 to 60 characters.
        scopes: One or more of `Scope`.
        expires_on: The last day on which it counts; from today to 366 days from now.
        account_name: The technical log-in; empty for one's own.

    Raises:
        NotAllowed: For another's log-in, and the actor is no administrator.
        NotFound: There is no such log-in at the authority.
        Refusal: The password was not entered again, the name, scopes or day do not do, the
            log-in has a password, or it has 50 tokens that still count.

    Source: SUP-040 (用户密码动态管理); proposed.
    """
    if not desk.actor.has_signed:
        raise Refusal("signature.missing", rule=SOURCE)
    account = _account(desk, account_name)
    wanted = _scopes(scopes)
    if not 1 <= len(name.strip()) <= LONGEST_NAME:
        raise Refusal("token.name", longest=LONGEST_NAME)
    if not desk.today() <= expires_on <= desk.today() + LONGEST:
        raise Refusal("token.day", days=LONGEST.days)
    count = sa.select(sa.func.count()).select_from(ApiToken)
    if (desk.session.scalar(count.where(*_counting(desk, account.id))) or 0) >= MOST:
        raise Refusal("token.too_many", most=MOST)
    secret = PREFIX + secrets.token_urlsafe(BYTES)
    row = ApiToken(
        authority_id=desk.actor.authority_id,
        account_id=account.id,
        name=name.strip(),
        digest=_digest(secret),
        scopes=[scope.value for scope in wanted],
        made_by=desk.actor.person_id,
        made_at=desk.now(),
        expires_at=expires_at(expires_on, desk.calendar()),
    )
    desk.session.add(row)
    desk.record(
        None,
        Fact.TOKEN_CREATED,
        token=row.id,
        account=account.name,
        name=row.name,
        scopes=row.scopes,
        expires_on=expires_on.isoformat(),
    )
    return NewToken(row.id, secret, row.expires_at)


def revoke_token(desk: Desk, token_id: str) -> None:
    """End a token at once: one's own, or as administrator any of the authority.

    Raises:
        NotFound: There is no such token, or it is another's.
        Refusal: It was revoked before.
    """
    row = desk.session.get(ApiToken, token_id, with_for_update=True)
    own = row is not None and row.account_id == desk.actor.account_id
    if row is None or not (own or _administers(desk, row.authority_id)):
        raise NotFound(token_id)
    if row.revoked_at is not None:
        raise Refusal("token.revoked", name=row.name)
    row.revoked_at = desk.now()
    account = desk.session.get_one(Account, row.account_id)
    desk.record(None, Fact.TOKEN_REVOKED, token=row.id, account=account.name, name=row.name)


def tokens(desk: Desk, *, of_all: bool = False) -> tuple[TokenLine, ...]:
    """Return the actor's tokens, newest first; as administrator all of the authority.

    Raises:
        NotAllowed: `of_all`, and the actor is no administrator.
    """
    query = (
        sa.select(ApiToken, Account.name, PersonRow.name)
        .join(Account, Account.id == ApiToken.account_id)
        .join(PersonRow, PersonRow.id == Account.person_id)
        .order_by(ApiToken.made_at.desc(), ApiToken.id.desc())
    )
    if of_all:
        desk.require_admin()
        query = query.where(ApiToken.authority_id == desk.actor.authority_id)
    else:
        query = query.where(ApiToken.account_id == desk.actor.account_id)
    now = desk.now()
    return tuple(
        TokenLine(
            id=row.id,
            name=row.name,
            account=account,
            person=person,
            scopes=tuple(row.scopes),
            made_at=row.made_at,
            expires_at=row.expires_at,
            used_at=row.used_at,
            revoked_at=row.revoked_at,
            is_over=row.revoked_at is not None or row.expires_at <= now,
        )
        for row, account, person in desk.session.execute(query)
    )


def bearer_of(office: Office, secret: str, *, account: str = "") -> Bearer | None:
    """Return who is behind a token that a program sent; None for nobody.

    Args:
        office: Where.
        secret: As it was sent.
        account: The log-in that HTTP Basic named beside it; it must be the token's.
    """
    if not secret.startswith(PREFIX):
        return None
    now = office.clock.now()
    known = {"digest": _digest(secret), "now": now}
    found = [_Owned(*row) for row in office.database.asked(_BEARER, known)]
    if not found or account not in {"", found[0].account}:
        return None
    owned = found[0]
    if owned.used_at is None or now - owned.used_at >= USED_EVERY:
        with office.database.begin() as session:
            used = sa.update(ApiToken).where(ApiToken.id == owned.token_id).values(used_at=now)
            session.execute(used)
    scopes = frozenset(Scope(scope) for scope in owned.scopes)
    is_admin = owned.is_admin and Scope.ADMIN in scopes
    actor = Actor(owned.person_id, owned.authority_id, owned.account_id, is_admin)
    return Bearer(actor, owned.name, owned.account, owned.language, owned.token_id, scopes)


def _account(desk: Desk, name: str) -> Account:
    if not name:
        own = desk.session.get(Account, desk.actor.account_id)
        if own is None:
            raise NotFound(desk.actor.account_id)
        return own
    desk.require_admin()
    account = desk.session.scalar(sa.select(Account).where(Account.name == name))
    person = desk.session.get(PersonRow, account.person_id) if account is not None else None
    if account is None or person is None or person.authority_id != desk.actor.authority_id:
        raise NotFound(name)
    if account.password and account.id != desk.actor.account_id:
        raise Refusal("token.not_technical", account=name, rule=SOURCE)
    return account


def _scopes(scopes: Collection[str]) -> list[Scope]:
    known = {scope.value for scope in Scope}
    if not scopes or not set(scopes) <= known:
        raise Refusal("token.scopes", scopes=sorted(known))
    return [scope for scope in Scope if scope.value in scopes]


def _counting(desk: Desk, account_id: str) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        ApiToken.account_id == account_id,
        ApiToken.revoked_at.is_(None),
        ApiToken.expires_at > desk.now(),
    )


def _administers(desk: Desk, authority_id: str) -> bool:
    return desk.actor.is_admin and desk.actor.authority_id == authority_id


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
