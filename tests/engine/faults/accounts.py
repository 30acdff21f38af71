"""Faults in accounts: opened, locked, logged in to, with tokens and one-time codes."""

from __future__ import annotations

from datetime import date
from functools import partial

import pyotp

from engine.commands.accounts import lock_account, set_password, set_rights, unlock_account
from engine.commands.log_in import log_in, log_out
from engine.commands.one_time_codes import begin_enrolment, confirm_enrolment, remove_codes
from engine.commands.organise import open_account
from engine.commands.tokens import create_token, revoke_token
from tests.engine.boardroom import PASSWORD, Boardroom
from tests.engine.faults.once import Given, Once


def _account(room: Boardroom) -> Given:
    return partial(room.give, "管理员", open_account, room.people["外人"], "second")


def _lock(room: Boardroom) -> Given:
    return partial(room.give, "管理员", lock_account, "u1")


def _unlock(room: Boardroom) -> Given:
    _lock(room)()
    return partial(room.give, "管理员", unlock_account, "u1")


def _rights(room: Boardroom) -> Given:
    return partial(room.give, "管理员", set_rights, "u1", is_admin=True)


def _password(room: Boardroom) -> Given:
    return partial(room.give, "管理员", set_password, "u1", "$argon2id$another")


def _log_in(room: Boardroom) -> Given:
    return partial(log_in, room.office, "u4", PASSWORD, hours=8)


def _log_out(room: Boardroom) -> Given:
    token = _log_in(room)().token
    return partial(room.give, "主席", log_out, token)


def _token(room: Boardroom) -> Given:
    owner = room.actor("主席", has_signed=True)
    day = date(2026, 12, 31)
    return partial(room.office.give, owner, create_token, "报表", ["read"], expires_on=day)


def _revoke_token(room: Boardroom) -> Given:
    return partial(room.give, "主席", revoke_token, _token(room)().id)


def _enrol(room: Boardroom) -> Given:
    chair = room.actor("主席", has_signed=True)
    return partial(room.office.give, chair, begin_enrolment)


def _enrolled(room: Boardroom) -> Given:
    secret = _enrol(room)().secret
    chair = room.actor("主席", has_signed=True)
    code = pyotp.TOTP(secret).at(room.clock.now())
    return partial(room.office.give, chair, confirm_enrolment, code, is_for_log_in=False)


def _remove_codes(room: Boardroom) -> Given:
    _enrolled(room)()
    return partial(room.office.give, room.actor("主席", has_signed=True), remove_codes)


ACTS = {
    "open_account": Once(_account, "open_account"),
    "lock_account": Once(_lock, "lock_account", "more"),
    "unlock_account": Once(_unlock, "unlock_account", "more"),
    "set_rights": Once(_rights, "set_rights", "same"),
    "set_password": Once(_password, "set_password", "more"),
    "log_in": Once(_log_in, "_note_attempt", "more"),
    "log_out": Once(_log_out, "log_out", "more"),
    "create_token": Once(_token, "create_token", "more"),
    "revoke_token": Once(_revoke_token, "revoke_token"),
    "begin_enrolment": Once(_enrol, "begin_enrolment", "more"),
    "confirm_enrolment": Once(_enrolled, "confirm_enrolment"),
    "remove_codes": Once(_remove_codes, "remove_codes"),
}
