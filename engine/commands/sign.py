"""Sign: enter one's password again for one command."""

from __future__ import annotations

from dataclasses import replace

from engine.commands.passwords import password_fits
from engine.desk import REHEARSAL, Actor, Desk, Office
from engine.errors import Refusal
from engine.store.tables import Account


class SignatureWrong(Refusal):
    """The password that was entered again is not the actor's."""


def signed(office: Office, actor: Actor, password: str) -> Actor:
    """Return the actor as one who has signed, for the one command that follows.

    In a rehearsal an account without a password signs without one: nothing there
    takes effect.

    Raises:
        SignatureWrong: The password is another; the attempt is on the record.
    """
    with office.database.reading() as session:
        account = session.get(Account, actor.account_id)
    hashed = account.password if account is not None else ""
    if office.kind == REHEARSAL and account is not None and not hashed:
        return replace(actor, has_signed=True)
    if not password_fits(hashed, password):
        office.give(actor, refuse_signature)
    return replace(actor, has_signed=True)


def refuse_signature(desk: Desk) -> None:
    """Refuse, so that the attempt is recorded.

    Raises:
        SignatureWrong: Always.
    """
    raise SignatureWrong("signature.wrong", person=desk.actor.person_id)
