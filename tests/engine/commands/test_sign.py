"""签发时再次输入口令 (S3 L59§17): one's own password, for one command, with the lock-out."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.clock import SetClock
from engine.commands.log_in import LogInRefused, log_in
from engine.commands.organise import add_authority, add_person, open_account
from engine.commands.sign import SignatureWrong, signed
from engine.desk import REHEARSAL, Actor, system_actor
from engine.store.tables import Account
from tests.engine.boardroom import MONDAY, PASSWORD, Boardroom, office_at


class TestSigning:
    """口令不对的，不得签发；连错五次，账号锁定一刻钟。"""

    def test_the_right_password_signs_and_leaves_no_trace_but_the_act(
        self, room: Boardroom
    ) -> None:
        before = room.facts()
        assert signed(room.office, room.actor("主席"), PASSWORD).has_signed
        assert room.facts() == before

    def test_a_wrong_one_is_on_the_record(self, room: Boardroom) -> None:
        with pytest.raises(SignatureWrong) as refused:
            signed(room.office, room.actor("主席"), "wrong-password")
        assert refused.value.message_id == "signature.wrong"
        assert room.last(None, "signature_refused")["account"] == room.accounts["主席"]

    def test_five_wrong_ones_lock_the_account_for_signing_and_for_logging_in(
        self, room: Boardroom
    ) -> None:
        for _ in range(5):
            with pytest.raises(SignatureWrong):
                signed(room.office, room.actor("主席"), "wrong-password")
        with pytest.raises(SignatureWrong) as refused:
            signed(room.office, room.actor("主席"), PASSWORD)
        assert refused.value.message_id == "signature.locked"
        name = room.one(sa.select(Account).where(Account.id == room.accounts["主席"])).name
        assert isinstance(log_in(room.office, name, PASSWORD, hours=8), LogInRefused)
        room.clock.move_to(MONDAY + timedelta(minutes=15))
        assert signed(room.office, room.actor("主席"), PASSWORD).has_signed

    def test_a_right_one_forgets_the_wrong_ones_before(self, room: Boardroom) -> None:
        for _ in range(2):
            for _ in range(4):
                with pytest.raises(SignatureWrong):
                    signed(room.office, room.actor("主席"), "wrong-password")
            assert signed(room.office, room.actor("主席"), PASSWORD).has_signed

    def test_a_closed_or_missing_account_signs_nothing(self, room: Boardroom) -> None:
        with pytest.raises(SignatureWrong):
            signed(room.office, replace(room.actor("主席"), account_id="none"), PASSWORD)
        with room.office.database.begin() as session:
            session.execute(sa.update(Account).values(is_active=False))
        with pytest.raises(SignatureWrong):
            signed(room.office, room.actor("主席"), PASSWORD)

    @pytest.mark.parametrize(("birth", "signs"), [(REHEARSAL, True), ("real", False)])
    def test_without_a_password_one_signs_in_a_rehearsal_only(
        self, tmp_path: Path, birth: str, *, signs: bool
    ) -> None:
        office = office_at("sqlite://", tmp_path, SetClock(MONDAY), birth)
        authority = office.give(system_actor(""), add_authority, "a", name="甲", short_name="甲")
        system = system_actor(authority.id)
        person = office.give(system, add_person, "孙某")
        account = office.give(system, open_account, person.id, "sun")
        actor = Actor(person.id, authority.id, account.id)
        if signs:
            assert signed(office, actor, "").has_signed
        else:
            with pytest.raises(SignatureWrong):
                signed(office, actor, "")
        office.database.close()
