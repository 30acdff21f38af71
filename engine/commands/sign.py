"""Sign: enter one's password again for one command."""

from __future__ import annotations

from dataclasses import replace

from engine.commands.log_in import count_failure
from engine.commands.one_time_codes import code_fits, looks_like_code
from engine.commands.passwords import password_fits
from engine.desk import REHEARSAL, Actor, Desk, Fact, Office
from engine.errors import Refusal
from engine.store.tables import Account


class SignatureWrong(Refusal):
    """The password that was entered again is not the actor's, or the account is closed."""


def signed(office: Office, actor: Actor, password: str) -> Actor:
    """Return the actor as one who has signed, for the one command that follows.

    Six digits are a one-time code, where the account has enrolled; a password is longer.
    Wrong passwords count like those at the log-in: the fifth closes the account for a
    quarter of an hour. In a rehearsal an account without a password signs without one:
    nothing there takes effect.

    Raises:
        SignatureWrong: The password is another, or the account is closed; the attempt is
            on the record.
    """
    with office.database.reading() as session:
        account = session.get(Account, actor.account_id)
    hashed = account.password if account is not None else ""
    if office.kind == REHEARSAL and account is not None and account.is_active and not hashed:
        return replace(actor, has_signed=True)
    code = password if looks_like_code(password) else ""
    fits = not code and password_fits(hashed, password)
    refused = office.give(actor, note_signature, fits=fits, code=code)
    if refused:
        raise SignatureWrong(refused, rule="S3 L59§17")
    return replace(actor, has_signed=True)


def note_signature(desk: Desk, *, fits: bool, code: str = "") -> str:
    """Count a wrong password or code, under the account's lock; return why it is refused, or ""."""
    account = desk.session.get(Account, desk.actor.account_id, with_for_update=True)
    now = desk.now()
    refused = ""
    if account is None or not account.is_active:
        refused = "signature.wrong"
    elif account.locked_until is not None and account.locked_until > now:
        refused = "signature.locked"
    elif not (code_fits(desk, account.id, code) if code else fits):
        count_failure(desk, account)
        refused = "signature.wrong"
    else:
        account.failures = 0
    if refused:
        desk.record(None, Fact.SIGNATURE_REFUSED, account=desk.actor.account_id, message=refused)
    return refused
