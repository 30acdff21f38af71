"""Log in by the office's own identity provider (OpenID Connect)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from engine.commands.log_in import LoggedIn, LogInRefused, open_session
from engine.commands.one_time_codes import is_asked_at_log_in
from engine.desk import Actor, Desk, Fact
from engine.store.tables import Account, Identity, PersonRow

if TYPE_CHECKING:
    from engine.desk import Office

REFUSED, UNKNOWN = "log_in.elsewhere_refused", "log_in.elsewhere_unknown"
TAKEN, CODE = "log_in.elsewhere_taken", "log_in.elsewhere_code"


def log_in_elsewhere(
    office: Office, issuer: str, subject: str, name: str, *, hours: int
) -> LoggedIn | LogInRefused:
    """Open a session for whom the identity provider has vouched.

    The first time, the log-in of that name is bound to the provider's own, unchanging
    name of the person; afterwards only that person opens it, whatever the provider
    calls them. Nobody gets a log-in by this: an administrator opens it.

    Args:
        office: Where.
        issuer: The provider's address, as its token says.
        subject: The token's ``sub``.
        name: The claim that is a log-in's name here; may be empty.
        hours: After how long without a look the session ends.
    """
    if not issuer or not subject:
        return LogInRefused(REFUSED)
    with office.database.reading() as session:
        bound = session.get(Identity, (issuer, subject))
        query = sa.select(Account).where(Account.name == name)
        account = session.get(Account, bound.account_id) if bound else session.scalar(query)
        person = session.get(PersonRow, account.person_id) if account else None
    if account is None or person is None:
        return LogInRefused(UNKNOWN)
    actor = Actor(person.id, person.authority_id, account.id, account.is_admin)
    return office.give(actor, _enter, issuer, subject, hours)


def _enter(desk: Desk, issuer: str, subject: str, hours: int) -> LoggedIn | LogInRefused:
    account = desk.session.get_one(Account, desk.actor.account_id, with_for_update=True)
    refused = _refusal(desk, account, issuer, subject)
    if refused:
        desk.record(None, Fact.LOG_IN_FAILED, account=account.name, locked=False)
        return LogInRefused(refused)
    if desk.session.get(Identity, (issuer, subject)) is None:
        desk.session.add(
            Identity(issuer=issuer, subject=subject, account_id=account.id, linked_at=desk.now())
        )
        desk.record(None, Fact.IDENTITY_LINKED, account=account.name, issuer=issuer)
    return open_session(desk, hours)


def _refusal(desk: Desk, account: Account, issuer: str, subject: str) -> str:
    """Return why the log-in is not opened; empty where it is."""
    bound = desk.session.scalar(sa.select(Identity).where(Identity.account_id == account.id))
    if bound is not None and (bound.issuer, bound.subject) != (issuer, subject):
        return TAKEN
    if not account.is_active:
        return UNKNOWN
    if is_asked_at_log_in(desk, account.id):
        return CODE  # what the person asked for here, the provider does not ask
    return ""
