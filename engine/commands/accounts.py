"""Log-ins as their administrators see them: list, set a password, lock, unlock, give rights."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from engine.desk import Actor, Desk, Fact
from engine.desk.organisation import HOW, account_state, end_sessions, note_account, put_account
from engine.desk.settings import SOURCE
from engine.errors import NotAllowed, NotFound, Refusal
from engine.store.tables import Account, AuthorityRow, Identity, PersonRow


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One log-in.

    Attributes:
        authority: The key of the authority.
        name: What is typed.
        person: The person's name.
        title: The person's title.
        has_password: Whether it can log in by password.
        is_active: False for one that is locked by an administrator.
        locked_until: Set after repeated failures.
    """

    authority: str
    name: str
    person: str
    title: str
    is_admin: bool
    has_password: bool
    is_active: bool
    locked_until: datetime | None


def accounts_in(desk: Desk) -> list[AccountLine]:
    """Return the log-ins of the actor's authority, or of all for the platform itself.

    Raises:
        NotAllowed: The actor is no administrator.
    """
    desk.require_admin()
    query = (
        sa.select(Account, PersonRow, AuthorityRow.key)
        .join(PersonRow, PersonRow.id == Account.person_id)
        .join(AuthorityRow, AuthorityRow.id == PersonRow.authority_id)
        .order_by(AuthorityRow.key, Account.id)
    )
    if desk.actor.authority_id:
        query = query.where(PersonRow.authority_id == desk.actor.authority_id)
    return [
        AccountLine(
            authority=key,
            name=account.name,
            person=person.name,
            title=person.title,
            is_admin=account.is_admin,
            has_password=bool(account.password),
            is_active=account.is_active,
            locked_until=account.locked_until,
        )
        for account, person, key in desk.session.execute(query)
    ]


def authorities_in(desk: Desk) -> list[AuthorityRow]:
    """Return every authority, for the platform itself.

    Raises:
        NotAllowed: Somebody else asks.
    """
    if not desk.actor.is_system:
        raise NotAllowed("platform.not_admin")
    return list(desk.session.scalars(sa.select(AuthorityRow).order_by(AuthorityRow.key)))


def actor_of(desk: Desk, name: str) -> Actor:
    """Return the person of a log-in as an actor, for who runs the machine.

    Raises:
        NotFound: There is no such log-in, or it is locked.
        NotAllowed: Somebody other than the platform asks.
    """
    account = _account(desk, name)
    if not desk.actor.is_system:
        raise NotAllowed("platform.not_admin")
    if not account.is_active:
        raise NotFound(name)
    person = desk.session.get_one(PersonRow, account.person_id)
    return Actor(person.id, person.authority_id, account.id, account.is_admin)


def set_password(desk: Desk, name: str, password_hash: str, *, reasons: str = "") -> None:
    """Give a log-in another password; its open sessions end.

    The history of settings says that it was done, and nothing of the password.

    Args:
        desk: Of an administrator.
        name: Of the log-in.
        password_hash: Of `hash_password`.
        reasons: Why, in up to 500 characters; may be empty.

    Raises:
        NotFound: There is no such log-in at the authority.
        NotAllowed: The actor is no administrator.
        Refusal: The reasons are too long.
    """
    account = _account(desk, name)
    account.password = password_hash
    account.failures, account.locked_until = 0, None
    end_sessions(desk, account)
    desk.record(None, Fact.ACCOUNT_CHANGED, account=name, what="password")
    _note_deed(desk, account, "password", reasons)


def lock_account(desk: Desk, name: str, *, reasons: str = "") -> None:
    """Let nobody in by a log-in any more; its open sessions end.

    Raises:
        NotFound, NotAllowed: As `set_password` says.
        Refusal: It is the actor's own, or the reasons are too long.
    """
    account = _account(desk, name)
    put_account(desk, account, is_active=False, is_admin=account.is_admin, reasons=reasons)
    desk.record(None, Fact.ACCOUNT_CHANGED, account=name, what="locked")


def unlock_account(desk: Desk, name: str, *, reasons: str = "") -> None:
    """Let a locked log-in in again, however it was locked.

    Raises:
        NotFound, NotAllowed, Refusal: As `set_password` says.
    """
    account = _account(desk, name)
    account.failures, account.locked_until = 0, None
    put_account(desk, account, is_active=True, is_admin=account.is_admin, reasons=reasons)
    desk.record(None, Fact.ACCOUNT_CHANGED, account=name, what="unlocked")


def set_rights(desk: Desk, name: str, *, is_admin: bool, reasons: str = "") -> None:
    """Let a log-in administer the platform of the authority, or no longer.

    It holds from the next request on; open sessions go on with what is left.

    Args:
        desk: Of an administrator.
        name: Of the log-in.
        is_admin: Whether it is to administer.
        reasons: Why, in up to 500 characters; may be empty.

    Raises:
        NotFound, NotAllowed: As `set_password` says.
        Refusal: It is the actor's own and would lose its rights, or the reasons are too long.
    """
    account = _account(desk, name)
    if put_account(desk, account, is_active=account.is_active, is_admin=is_admin, reasons=reasons):
        desk.record(None, Fact.ACCOUNT_CHANGED, account=name, admin=is_admin)


def restore_account(
    desk: Desk, name: str, *, is_active: bool, is_admin: bool, reasons: str
) -> None:
    """Let a log-in stand as it did before a change of it.

    Raises:
        NotFound, NotAllowed: As `set_password` says.
        Refusal: It stands so already, it is the actor's own and would lose something, or the
            reasons are too long.
    """
    account = _account(desk, name)
    if not put_account(desk, account, is_active=is_active, is_admin=is_admin, reasons=reasons):
        raise Refusal("setting.same", rule=SOURCE)
    desk.record(None, Fact.ACCOUNT_CHANGED, account=name, active=is_active, admin=is_admin)


def unlink_identity(desk: Desk, name: str, *, reasons: str = "") -> bool:
    """Forget who a log-in is at the identity provider; return whether it was bound.

    The next one whom the provider calls by this name is bound anew.

    Raises:
        NotFound, NotAllowed, Refusal: As `set_password` says.
    """
    bound_account = _account(desk, name)
    bound = desk.session.scalar(sa.select(Identity).where(Identity.account_id == bound_account.id))
    if bound is None:
        return False
    desk.session.delete(bound)
    desk.record(None, Fact.IDENTITY_UNLINKED, account=name)
    _note_deed(desk, bound_account, "identity", reasons)
    return True


def _account(desk: Desk, name: str) -> Account:
    desk.require_admin()
    found = desk.session.execute(
        sa.select(Account, PersonRow.authority_id)
        .join(PersonRow, PersonRow.id == Account.person_id)
        .where(Account.name == name)
        .with_for_update()
    ).first()
    if found is None or desk.actor.authority_id not in {"", found.authority_id}:
        raise NotFound(name)
    account: Account = found[0]
    return account


def _note_deed(desk: Desk, account: Account, how: str, reasons: str) -> None:
    """Keep that something was done to a log-in which no earlier state can bring back."""
    state = account_state(account)
    note_account(desk, account, old=state, new={**state, HOW: how}, reasons=reasons)
