"""访问令牌：本人为自己的账号建立，须再次输入口令；只显示一次，有范围、有期限，可随时撤销。"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from engine.commands.accounts import lock_account
from engine.commands.organise import open_account
from engine.commands.tokens import NewToken, bearer_of, create_token, revoke_token, tokens
from engine.errors import NotAllowed, NotFound, Refusal
from engine.model.scopes import Scope
from engine.store.tables import ApiToken, AuditEntry
from tests.engine.boardroom import Boardroom

WHO = "主席"
DAY = date(2026, 3, 31)


def make(room: Boardroom, who: str = WHO, **given: Any) -> NewToken:
    asked: dict[str, Any] = {"name": "报表", "scopes": ["read", "work"], "expires_on": DAY}
    actor = room.actor(who, has_signed=True)
    token: NewToken = room.office.give(actor, create_token, **{**asked, **given})
    return token


class TestMaking:
    """建立令牌须再次输入口令，写明用途、范围和最后有效日；平台只存摘要。"""

    def test_the_database_holds_only_its_digest(self, room: Boardroom) -> None:
        token = make(room)
        row = room.one(sa.select(ApiToken))
        assert token.secret.startswith("wz_")
        assert token.secret not in repr(token)
        assert token.secret not in {row.digest, row.name, *row.scopes}
        entries = room.all(sa.select(AuditEntry).where(AuditEntry.fact == "token_created"))
        assert [entry.details["scopes"] for entry in entries] == [["read", "work"]]
        assert token.secret not in str(entries[0].details)

    def test_it_counts_to_the_end_of_its_last_civil_day(self, room: Boardroom) -> None:
        assert make(room).expires_at.isoformat() == "2026-03-31T16:00:00+00:00"

    def test_without_the_password_there_is_none(self, room: Boardroom) -> None:
        with pytest.raises(Refusal, match=r"signature\.missing"):
            room.give(WHO, create_token, "报表", ["read"], expires_on=DAY)

    @pytest.mark.parametrize(
        ("given", "why"),
        [
            ({"name": " "}, "token.name"),
            ({"name": "长" * 61}, "token.name"),
            ({"scopes": []}, "token.scopes"),
            ({"scopes": ["read", "everything"]}, "token.scopes"),
            ({"expires_on": date(2026, 2, 1)}, "token.day"),
            ({"expires_on": date(2027, 6, 1)}, "token.day"),
        ],
    )
    def test_what_does_not_do_is_refused(
        self, room: Boardroom, given: dict[str, Any], why: str
    ) -> None:
        with pytest.raises(Refusal, match=why):
            make(room, **given)

    def test_a_log_in_has_at_most_fifty(self, room: Boardroom) -> None:
        for _ in range(50):
            make(room)
        with pytest.raises(Refusal, match=r"token\.too_many"):
            make(room)

    def test_who_has_no_log_in_makes_none(self, room: Boardroom) -> None:
        nobody = replace(room.actor(WHO, has_signed=True), account_id="")
        with pytest.raises(NotFound):
            room.office.give(nobody, create_token, "报表", ["read"], expires_on=DAY)


class TestTechnicalLogIns:
    """管理员可为没有口令的技术账号建令牌；有口令的账号属于本人，他人不得代建。"""

    def test_an_administrator_makes_one_for_a_program(self, room: Boardroom) -> None:
        room.give("管理员", open_account, room.people["外人"], "robot")
        token = make(room, "管理员", account_name="robot")
        bearer = bearer_of(room.office, token.secret, account="robot")
        assert bearer is not None
        assert bearer.actor.person_id == room.people["外人"]
        lines = room.office.ask(room.actor("管理员"), tokens, of_all=True)
        assert [line.account for line in lines] == ["robot"]

    def test_nobody_makes_one_for_a_person(self, room: Boardroom) -> None:
        with pytest.raises(Refusal, match=r"token\.not_technical"):
            make(room, "管理员", account_name="u4")

    def test_who_is_no_administrator_makes_none_for_others(self, room: Boardroom) -> None:
        with pytest.raises(NotAllowed):
            make(room, account_name="u1")

    def test_there_must_be_such_a_log_in(self, room: Boardroom) -> None:
        with pytest.raises(NotFound):
            make(room, "管理员", account_name="nobody")


class TestUsing:
    """令牌只在有效期内、在所选范围内代表本人；没有“管理”范围的，不是管理员。"""

    def test_it_acts_for_its_person(self, room: Boardroom) -> None:
        bearer = bearer_of(room.office, make(room).secret)
        assert bearer is not None
        assert bearer.actor == room.actor(WHO)
        assert bearer.scopes == {Scope.READ, Scope.WORK}
        assert bearer.name == WHO

    def test_an_administrators_token_administers_only_with_the_scope(self, room: Boardroom) -> None:
        plain = bearer_of(room.office, make(room, "管理员").secret)
        full = bearer_of(room.office, make(room, "管理员", scopes=["admin"]).secret)
        assert plain is not None
        assert full is not None
        assert (plain.actor.is_admin, full.actor.is_admin) == (False, True)

    def test_its_use_is_noted_to_within_five_minutes(self, room: Boardroom) -> None:
        secret = make(room).secret
        first = room.clock.now()
        bearer_of(room.office, secret)
        room.clock.move_to(first + timedelta(minutes=4))
        bearer_of(room.office, secret)
        assert room.one(sa.select(ApiToken)).used_at == first
        room.clock.move_to(first + timedelta(minutes=5))
        bearer_of(room.office, secret)
        assert room.one(sa.select(ApiToken)).used_at == room.clock.now()

    def test_expired_it_is_nobodys(self, room: Boardroom) -> None:
        token = make(room)
        room.clock.move_to(token.expires_at - timedelta(seconds=1))
        assert bearer_of(room.office, token.secret) is not None
        room.clock.move_to(token.expires_at)
        assert bearer_of(room.office, token.secret) is None
        assert [line.is_over for line in room.office.ask(room.actor(WHO), tokens)] == [True]

    @pytest.mark.parametrize("sent", ["", "wz_", "wz_wrong", "Bearer"])
    def test_what_is_no_token_is_nobodys(self, room: Boardroom, sent: str) -> None:
        make(room)
        assert bearer_of(room.office, sent) is None

    def test_the_log_in_named_beside_it_must_be_its_own(self, room: Boardroom) -> None:
        assert bearer_of(room.office, make(room).secret, account="u1") is None

    def test_a_locked_log_in_has_no_tokens(self, room: Boardroom) -> None:
        token = make(room)
        name = room.office.ask(room.actor(WHO), tokens)[0].account
        room.give("管理员", lock_account, name)
        assert bearer_of(room.office, token.secret) is None


class TestRevoking:
    """本人随时可以撤销；管理员可以撤销本机关的任何令牌；撤销即时生效。"""

    @pytest.mark.parametrize("who", [WHO, "管理员"])
    def test_revoked_it_is_nobodys(self, room: Boardroom, who: str) -> None:
        token = make(room)
        room.give(who, revoke_token, token.id)
        assert bearer_of(room.office, token.secret) is None
        with pytest.raises(Refusal, match=r"token\.revoked"):
            room.give(who, revoke_token, token.id)

    def test_nobody_revokes_anothers(self, room: Boardroom) -> None:
        with pytest.raises(NotFound):
            room.give("承办甲", revoke_token, make(room).id)
        with pytest.raises(NotFound):
            room.give(WHO, revoke_token, "none")

    def test_nobody_lists_anothers(self, room: Boardroom) -> None:
        make(room)
        assert room.office.ask(room.actor("承办甲"), tokens) == ()
        with pytest.raises(NotAllowed):
            room.office.ask(room.actor("承办甲"), tokens, of_all=True)
