"""One-time codes (TOTP, RFC 6238) of one's own account: enrolled, checked, each used once."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

import pyotp
import sqlalchemy as sa

from engine.desk import Desk, Fact
from engine.errors import NotFound, Refusal
from engine.store.tables import Account, OneTimeSecret, PersonRow
from engine.vault import Reference

ISSUER = "问责流程平台"
DIGITS = 6
SECONDS = 30
FIELD = "one_time_secret"
SOURCE = "SUP-040"


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What a device needs once to give codes; shown to its owner and never again.

    Attributes:
        secret: Base32.
        uri: ``otpauth://…``, for the square that a telephone reads.
    """

    secret: str = field(repr=False)
    uri: str = field(repr=False)


def begin_enrolment(desk: Desk) -> Enrolment:
    """Give the actor's account a new secret, which counts once a code has proved it.

    An unconfirmed one is replaced. The secret lies in the vault under the account.

    Raises:
        NotFound: The actor has no log-in.
        Refusal: Codes are in use already, or the password was not entered again.

    Source: RFC 6238; SUP-040 (用户密码动态管理); proposed.
    """
    account = _own_account(desk)
    row = desk.session.get(OneTimeSecret, account.id, with_for_update=True)
    if row is not None and row.confirmed_at is not None:
        raise Refusal("codes.enrolled", rule=SOURCE)
    secret = pyotp.random_base32()
    reference = desk.office.vault.put(
        desk.session,
        authority_id=desk.actor.authority_id,
        case_id=account.id,
        field=FIELD,
        kind=FIELD,
        value=secret,
        at=desk.now(),
    )
    if row is None:
        desk.session.add(
            OneTimeSecret(
                account_id=account.id,
                authority_id=desk.actor.authority_id,
                secret=dict(reference),
                made_at=desk.now(),
            )
        )
    else:
        row.secret, row.made_at = dict(reference), desk.now()
    desk.record(None, Fact.ONE_TIME_CODES_CHANGED, account=account.name, change="begun")
    person = desk.session.get_one(PersonRow, account.person_id)
    uri = pyotp.TOTP(secret).provisioning_uri(
        name=f"{person.name} {account.name}", issuer_name=ISSUER
    )
    return Enrolment(secret, uri)


def confirm_enrolment(desk: Desk, code: str, *, is_for_log_in: bool) -> None:
    """Let one-time codes count, after the first has proved that the device has the secret.

    Args:
        desk: Of the account's owner.
        code: Six digits, as the device shows them.
        is_for_log_in: A code is asked for at the log-in, too.

    Raises:
        Refusal: Nothing was begun, or the code is another.
    """
    account = _own_account(desk)
    row = desk.session.get(OneTimeSecret, account.id, with_for_update=True)
    if row is None or row.confirmed_at is not None:
        raise Refusal("codes.not_begun", rule=SOURCE)
    step = _fitting_step(desk, row, code)
    if step is None:
        raise Refusal("codes.wrong", rule=SOURCE)
    row.confirmed_at, row.last_step, row.is_for_log_in = desk.now(), step, is_for_log_in
    desk.record(
        None,
        Fact.ONE_TIME_CODES_CHANGED,
        account=account.name,
        change="confirmed",
        log_in=is_for_log_in,
    )


def remove_codes(desk: Desk, *, account_name: str = "") -> None:
    """Take one-time codes from an account: one's own when signed, another's as administrator.

    Raises:
        NotAllowed: Another's, and the actor is no administrator.
        NotFound: There is no such account of the authority.
        Refusal: It has none, or the password was not entered again.
    """
    if account_name:
        desk.require_admin()
        account = _account_named(desk, account_name)
    else:
        account = _own_account(desk)
    row = desk.session.get(OneTimeSecret, account.id, with_for_update=True)
    if row is None:
        raise Refusal("codes.none", rule=SOURCE)
    desk.session.delete(row)
    desk.record(None, Fact.ONE_TIME_CODES_CHANGED, account=account.name, change="removed")


def uses_codes(desk: Desk) -> OneTimeSecret | None:
    """Return what the actor's account has, if its codes count."""
    row = desk.session.get(OneTimeSecret, desk.actor.account_id)
    return row if row is not None and row.confirmed_at is not None else None


def code_fits(desk: Desk, account_id: str, code: str) -> bool:
    """Return whether a code is the account's now, and use it up.

    The code before and the one after are taken, too, for clocks that differ; one that
    was used, or is older than the newest used, never again.
    """
    row = desk.session.get(OneTimeSecret, account_id, with_for_update=True)
    if row is None or row.confirmed_at is None:
        return False
    step = _fitting_step(desk, row, code)
    if step is None:
        return False
    row.last_step = step
    return True


def is_asked_at_log_in(desk: Desk, account_id: str) -> bool:
    """Return whether the account's log-in wants a code."""
    row = desk.session.get(OneTimeSecret, account_id)
    return row is not None and row.confirmed_at is not None and row.is_for_log_in


def looks_like_code(text: str) -> bool:
    """Return whether what was entered is a code, not a password: those are longer."""
    return len(text) == DIGITS and text.isascii() and text.isdigit()


def _fitting_step(desk: Desk, row: OneTimeSecret, code: str) -> int | None:
    """Return the newest unused time step, of the three about now, whose code this is."""
    if not looks_like_code(code):
        return None
    secret = desk.office.vault.open(desk.session, cast("Reference", row.secret), row.account_id)
    totp = pyotp.TOTP(str(secret), digits=DIGITS, interval=SECONDS)
    now = _step_of(desk.now())
    fitting = [
        step
        for step in (now - 1, now, now + 1)
        if step > row.last_step and secrets.compare_digest(totp.generate_otp(step), code)
    ]
    return max(fitting, default=None)


def _step_of(instant: datetime) -> int:
    return int(instant.timestamp()) // SECONDS


def _own_account(desk: Desk) -> Account:
    if not desk.actor.has_signed:
        raise Refusal("signature.missing", rule=SOURCE)
    account = desk.session.get(Account, desk.actor.account_id, with_for_update=True)
    if account is None:
        raise NotFound(desk.actor.account_id)
    return account


def _account_named(desk: Desk, name: str) -> Account:
    account = desk.session.scalar(sa.select(Account).where(Account.name == name))
    person = desk.session.get(PersonRow, account.person_id) if account is not None else None
    if account is None or person is None or person.authority_id != desk.actor.authority_id:
        raise NotFound(name)
    return account
