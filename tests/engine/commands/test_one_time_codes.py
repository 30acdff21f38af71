"""动态口令（RFC 6238）：本人启用，密钥入保密库；可代口令签名，可用于登录；每个只用一次。"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest
import sqlalchemy as sa

from engine.commands.log_in import LoggedIn, LogInRefused, log_in
from engine.commands.one_time_codes import (
    Enrolment,
    begin_enrolment,
    confirm_enrolment,
    remove_codes,
    uses_codes,
)
from engine.commands.sign import SignatureWrong, signed
from engine.errors import NotAllowed, NotFound, Refusal
from engine.store.tables import Account, OneTimeSecret, VaultField
from tests.engine.boardroom import PASSWORD, Boardroom

WHO = "主席"


def begin(room: Boardroom) -> Enrolment:
    enrolment: Enrolment = room.office.give(room.actor(WHO, has_signed=True), begin_enrolment)
    return enrolment


def code_at(room: Boardroom, secret: str, seconds: int = 0) -> str:
    return pyotp.TOTP(secret).at(room.clock.now() + timedelta(seconds=seconds))


def enrolled(room: Boardroom, *, is_for_log_in: bool = False) -> str:
    """Let the chair use codes; return the secret. The next code is half a minute later."""
    secret = begin(room).secret
    owner = room.actor(WHO, has_signed=True)
    room.office.give(owner, confirm_enrolment, code_at(room, secret), is_for_log_in=is_for_log_in)
    room.clock.move_to(room.clock.now() + timedelta(seconds=30))
    return secret


def account_name(room: Boardroom) -> str:
    name: str = room.one(sa.select(Account.name).where(Account.id == room.accounts[WHO]))
    return name


class TestEnrolling:
    """启用须先输入口令；第一个动态口令验证无误才算启用。"""

    def test_the_address_names_the_platform_and_the_account(self, room: Boardroom) -> None:
        uri = pyotp.parse_uri(begin(room).uri)
        assert uri.issuer == "问责流程平台"
        assert uri.name == f"主席 {account_name(room)}"

    def test_the_secret_lies_only_in_the_vault(self, room: Boardroom) -> None:
        secret = begin(room).secret
        row = room.one(sa.select(OneTimeSecret))
        field = room.one(sa.select(VaultField))

        assert row.secret == {"$vault": field.id}
        assert secret.encode() not in field.cipher
        assert secret not in repr(begin(room))

    def test_before_the_first_code_nothing_counts(self, room: Boardroom) -> None:
        secret = begin(room).secret
        assert room.office.ask(room.actor(WHO), uses_codes) is None
        with pytest.raises(SignatureWrong):
            signed(room.office, room.actor(WHO), code_at(room, secret))

    def test_a_wrong_first_code_enrols_nothing(self, room: Boardroom) -> None:
        secret = begin(room).secret
        owner = room.actor(WHO, has_signed=True)
        for wrong in (code_at(room, secret, 3600), "12345", "１２３４５６"):
            with pytest.raises(Refusal, match=r"codes\.wrong"):
                room.office.give(owner, confirm_enrolment, wrong, is_for_log_in=False)
        assert room.office.ask(room.actor(WHO), uses_codes) is None

    def test_begun_anew_the_first_secret_no_longer_counts(self, room: Boardroom) -> None:
        first, second = begin(room).secret, begin(room).secret
        owner = room.actor(WHO, has_signed=True)
        with pytest.raises(Refusal, match=r"codes\.wrong"):
            room.office.give(owner, confirm_enrolment, code_at(room, first), is_for_log_in=False)
        room.office.give(owner, confirm_enrolment, code_at(room, second), is_for_log_in=False)
        assert room.office.ask(room.actor(WHO), uses_codes) is not None

    def test_without_the_password_nothing_is_begun(self, room: Boardroom) -> None:
        with pytest.raises(Refusal, match=r"signature\.missing"):
            room.give(WHO, begin_enrolment)
        with pytest.raises(NotFound):
            nobody = replace(room.actor(WHO, has_signed=True), account_id="none")
            room.office.give(nobody, begin_enrolment)

    def test_what_is_in_use_is_not_begun_or_confirmed_again(self, room: Boardroom) -> None:
        secret = enrolled(room)
        with pytest.raises(Refusal, match=r"codes\.enrolled"):
            begin(room)
        owner = room.actor(WHO, has_signed=True)
        with pytest.raises(Refusal, match=r"codes\.not_begun"):
            room.office.give(owner, confirm_enrolment, code_at(room, secret), is_for_log_in=True)

    def test_each_change_is_on_the_record(self, room: Boardroom) -> None:
        enrolled(room)
        assert room.last(None, "one_time_codes_changed") == {
            "account": account_name(room),
            "change": "confirmed",
            "log_in": False,
        }


class TestSigningWithACode:
    """签名可用动态口令代替口令；用过的、过期的不行；连错五次照样锁定。"""

    def test_the_present_code_signs(self, room: Boardroom) -> None:
        secret = enrolled(room)
        assert signed(room.office, room.actor(WHO), code_at(room, secret)).has_signed

    def test_the_password_still_signs(self, room: Boardroom) -> None:
        enrolled(room)
        assert signed(room.office, room.actor(WHO), PASSWORD).has_signed

    def test_no_code_is_used_twice(self, room: Boardroom) -> None:
        secret = enrolled(room)
        code = code_at(room, secret)
        signed(room.office, room.actor(WHO), code)
        with pytest.raises(SignatureWrong):
            signed(room.office, room.actor(WHO), code)

    def test_a_clock_half_a_minute_off_is_forgiven_and_no_more(self, room: Boardroom) -> None:
        secret = enrolled(room)
        assert signed(room.office, room.actor(WHO), code_at(room, secret, 30)).has_signed
        with pytest.raises(SignatureWrong):
            signed(room.office, room.actor(WHO), code_at(room, secret, 90))

    def test_after_a_newer_code_an_older_one_is_spent(self, room: Boardroom) -> None:
        secret = enrolled(room)
        signed(room.office, room.actor(WHO), code_at(room, secret, 30))
        with pytest.raises(SignatureWrong):
            signed(room.office, room.actor(WHO), code_at(room, secret))

    def test_who_has_none_signs_with_no_code(self, room: Boardroom) -> None:
        with pytest.raises(SignatureWrong):
            signed(room.office, room.actor(WHO), "123456")

    def test_five_wrong_codes_lock_the_account(self, room: Boardroom) -> None:
        secret = enrolled(room)
        for _ in range(5):
            with pytest.raises(SignatureWrong):
                signed(room.office, room.actor(WHO), code_at(room, secret, 3600))
        with pytest.raises(SignatureWrong) as refused:
            signed(room.office, room.actor(WHO), code_at(room, secret))
        assert refused.value.message_id == "signature.locked"


class TestLoggingIn:
    """本人选定的，登录时除口令外还须动态口令；少一样都一样地不让进。"""

    def test_the_code_is_asked_for_beside_the_password(self, room: Boardroom) -> None:
        secret = enrolled(room, is_for_log_in=True)
        name = account_name(room)
        for password, code in ((PASSWORD, ""), (PASSWORD, code_at(room, secret, 3600)), ("", "")):
            refused = log_in(room.office, name, password, hours=8, code=code)
            assert isinstance(refused, LogInRefused)
            assert refused.message_id == "log_in.wrong"
        entered = log_in(room.office, name, PASSWORD, hours=8, code=code_at(room, secret))
        assert isinstance(entered, LoggedIn)

    def test_a_code_does_not_take_the_place_of_the_password(self, room: Boardroom) -> None:
        secret = enrolled(room, is_for_log_in=True)
        code = code_at(room, secret)
        assert isinstance(
            log_in(room.office, account_name(room), code, hours=8, code=code), LogInRefused
        )

    def test_otherwise_the_password_alone_lets_in(self, room: Boardroom) -> None:
        enrolled(room)
        assert isinstance(log_in(room.office, account_name(room), PASSWORD, hours=8), LoggedIn)


class TestRemoving:
    """停用：本人输入口令，或设备丢失时由管理员。"""

    def test_the_owner_removes_them(self, room: Boardroom) -> None:
        secret = enrolled(room)
        owner = room.actor(WHO, has_signed=True)
        room.office.give(owner, remove_codes)
        with pytest.raises(SignatureWrong):
            signed(room.office, room.actor(WHO), code_at(room, secret))
        with pytest.raises(Refusal, match=r"codes\.none"):
            room.office.give(owner, remove_codes)

    def test_an_administrator_removes_anybodys_and_nobody_else(self, room: Boardroom) -> None:
        enrolled(room)
        name = account_name(room)
        with pytest.raises(NotAllowed):
            room.give("承办甲", remove_codes, account_name=name)
        with pytest.raises(NotFound):
            room.give("管理员", remove_codes, account_name="none")
        room.give("管理员", remove_codes, account_name=name)
        assert room.all(sa.select(OneTimeSecret)) == []
